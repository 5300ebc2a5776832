from . import partnership_attendance
from . import partnership_attendance_record
from . import calendar_event
from . import calendar_event_screen
from . import ir_websocket
