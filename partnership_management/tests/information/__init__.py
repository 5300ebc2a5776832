from . import test_briefing
from . import test_briefing_merge
from . import test_briefing_page
from . import test_briefing_send
from . import test_briefing_sent
from . import test_handover
from . import test_minutes
