from . import partnership_dimension
from . import partnership_dimension_value
from . import partnership_profile_line
from . import partnership_trait
from . import partnership_partnership
from . import partnership_membership
from . import partnership_body
from . import res_partner
