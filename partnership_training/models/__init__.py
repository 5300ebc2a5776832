from . import course
from . import session
from . import enrolment
from . import certificate
from . import need
from . import evaluation
