from . import partnership_training_session
from . import partnership_training_budget
from . import partnership_training_session_calendar
from . import calendar_event
from . import partnership_partnership
from . import partnership_course
