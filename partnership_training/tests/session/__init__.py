from . import test_plan
from . import test_session
from . import test_training_guest
from . import test_training_sheet
