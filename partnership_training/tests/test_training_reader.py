from odoo.tests import tagged

from odoo.addons.partnership_management.tests.test_reader import ReaderWalk

from .common import TrainingCase


@tagged("post_install", "-at_install")
class TestTrainingReader(TrainingCase, ReaderWalk):
    addon = "partnership_training"
