from . import partnership_composition_report
from . import partnership_body_share
from . import partnership_participation_report
from . import partnership_meeting_report
from . import partnership_representation_report
from . import partnership_appropriation_report
from . import partnership_turnover_report
