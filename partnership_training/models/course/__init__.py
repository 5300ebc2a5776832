from . import partnership_skill
from . import partnership_course
from . import partnership_skill_wanted
