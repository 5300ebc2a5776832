from . import base_partner_merge
from . import partnership_training_enrol
