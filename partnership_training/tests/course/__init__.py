from . import test_course
from . import test_course_rules
from . import test_skill_gap
from . import test_skill_holding
