from . import test_pitfall
from . import test_pitfall_alert
from . import test_pitfall_history
from . import test_pitfall_mechanism
from . import test_pitfall_security
from . import test_pitfall_two_at_once
