from . import test_course
from . import test_session
from . import test_enrolment
from . import test_overbooking
from . import test_training_sheet
from . import test_training_security
from . import test_training_merge
from . import test_training_tour
