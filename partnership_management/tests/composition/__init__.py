from . import test_composition
from . import test_composition_share
from . import test_composition_table
from . import test_composition_tour
from . import test_composition_wave
from . import test_profile
from . import test_trait
from . import test_trait_merge
