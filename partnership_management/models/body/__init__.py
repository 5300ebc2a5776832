from . import partnership_body
from . import partnership_seat
from . import partnership_mandate
