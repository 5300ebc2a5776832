from . import partnership_skill_gap
from . import partnership_training_plan
from . import partnership_training_effect_member
from . import partnership_training_effect
from . import partnership_training_report
from . import partnership_training_evaluation
