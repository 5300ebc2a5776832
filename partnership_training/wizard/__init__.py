from . import partnership_training_enrol
