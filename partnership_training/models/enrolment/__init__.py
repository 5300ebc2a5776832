from . import partnership_enrolment
from . import partnership_training_session_seats
from . import partnership_enrolment_seat
from . import partnership_training_session
from . import res_partner
from . import partnership_attendance
from . import partnership_course
