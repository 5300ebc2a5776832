from . import test_relation
from . import test_relation_change
from . import test_relation_merge
from . import test_relation_network
