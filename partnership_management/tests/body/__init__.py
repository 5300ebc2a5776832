from . import test_body
from . import test_mandate
from . import test_renew
from . import test_seat
