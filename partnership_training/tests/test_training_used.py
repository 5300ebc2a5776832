from odoo.tests import tagged

from odoo.addons.partnership_management.tests.test_used import UsedWalk

from .test_training_system_fields import TrainingAccessCase


@tagged("post_install", "-at_install")
class TestTrainingUsed(UsedWalk, TrainingAccessCase):
    def _get_values(self, model):
        values = {
            "partnership.course": {"partnership_id": self.partnership.id},
            "partnership.training.session": {"course_id": self.course.id},
            "partnership.enrolment": {"course_id": self.course.id},
            "survey.survey": {"title": "Test x"},
        }.get(model, {})
        if model == "partnership.enrolment":
            values["person_id"] = self._create_person("Test x").id
        return {**super()._get_values(model), **values}
