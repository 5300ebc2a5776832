from . import partnership_skill_gap
from . import partnership_training_plan
