from . import briefing
from . import check_in
from . import invitation
from . import vote
from . import invitation_interest
