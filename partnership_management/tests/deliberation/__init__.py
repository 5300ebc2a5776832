from . import test_agenda_item
from . import test_decision
from . import test_decision_rule
from . import test_decision_vote
from . import test_interest
from . import test_interest_declaration
from . import test_interest_link
from . import test_outcome
