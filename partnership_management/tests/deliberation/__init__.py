from . import test_agenda_item
from . import test_carried_out
from . import test_decision
from . import test_decision_rule
from . import test_decision_vote
from . import test_outcome
