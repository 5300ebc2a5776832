from . import partnership_stage
from . import partnership_stage_criterion
from . import partnership_stage_check
from . import partnership_stage_history
from . import partnership_partnership
