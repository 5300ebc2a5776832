from . import partnership_skill_gap
