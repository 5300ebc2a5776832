from . import partnership_training_need
from . import partnership_partnership
from . import partnership_training_session
from . import partnership_course
from . import survey_survey
from . import survey_user_input
from . import partnership_enrolment
from . import res_partner
