from . import partnership_relation
from . import partnership_membership
from . import partnership_partnership
