from . import test_effect
from . import test_need_merge
from . import test_need_raise
from . import test_need_state
from . import test_need_survey
from . import test_need_two_at_once
from . import test_walk
