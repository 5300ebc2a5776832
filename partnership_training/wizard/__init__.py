from . import base_partner_merge
from . import base_partner_merge_need
from . import partnership_training_enrol
from . import partnership_training_need_close
from . import partnership_training_need_enrol
from . import partnership_training_move
from . import partnership_training_repeat
from . import partnership_training_plan_session
