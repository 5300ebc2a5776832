from . import test_membership
from . import test_sheet
