from . import test_enrol_rules
from . import test_enrolment
from . import test_notice
from . import test_overbooking
from . import test_portal
