from . import test_agenda_item
from . import test_decision
from . import test_decision_rule
from . import test_decision_vote
from . import test_outcome
from . import test_vote_screen
from . import test_vote_tour
