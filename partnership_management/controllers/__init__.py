from . import briefing
from . import check_in
from . import invitation
from . import invitation_interest
