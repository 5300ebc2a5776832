from . import briefing
from . import check_in
from . import invitation
