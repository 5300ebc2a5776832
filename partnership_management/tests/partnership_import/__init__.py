from . import test_import_attendance
from . import test_import_file
from . import test_import_load
from . import test_import_members
from . import test_import_refused
from . import test_import_tour
from . import test_import_two_at_once
from . import test_import_who
