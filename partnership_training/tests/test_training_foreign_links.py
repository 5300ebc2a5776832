from odoo.tests import tagged

from odoo.addons.partnership_management.tests.test_foreign_links import ForeignLinkWalk

from .test_training_system_fields import TrainingAccessCase


@tagged("post_install", "-at_install")
class TestTrainingForeignLinks(TrainingAccessCase, ForeignLinkWalk):
    pass
