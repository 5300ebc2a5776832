from . import partnership_body
from . import partnership_seat
from . import partnership_mandate
from . import partnership_partnership
from . import partnership_membership
from . import res_users
from . import res_partner
