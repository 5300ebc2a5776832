from . import partnership_pitfall
from . import partnership_pitfall_find
from . import partnership_membership
from . import partnership_partnership
from . import mail_activity_plan
