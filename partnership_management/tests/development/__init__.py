from . import test_stage
from . import test_stage_tour
from . import test_stage_two_at_once
