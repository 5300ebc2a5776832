from . import partnership_enrolment
from . import partnership_training_session
from . import partnership_skill_holding
