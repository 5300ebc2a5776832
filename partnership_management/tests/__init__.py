from . import test_membership
from . import test_sheet
from . import test_record_batch
from . import test_spelling
from . import test_report
from . import test_access
