from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.partnership_management.tests.access_common import FieldWalk
from odoo.addons.partnership_management.tests.test_methods import MethodWalk
from odoo.addons.partnership_management.tests.test_system_fields import SystemFieldWalk

from .common import TrainingCase


class TrainingAccessCase(FieldWalk, TrainingCase):
    """A record of every model of training, of the test partnership."""

    addon = "partnership_training"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enrolment = cls._create_enrolment("Test person")
        member = cls._create_member("Test council")
        cls._create_mandate(cls._create_seat(member), cls.trainer)
        cls.env["partnership.pitfall"].create(
            {"membership_id": member.id, "kind": "absent", "date_open": "2024-06-01"}
        )
        cls.enrolment.action_confirm()
        cls.past_event._fill_sheet()
        skill = cls.env["partnership.skill"].create({"name": "Test skill"})
        here = {"partnership_id": cls.partnership.id}
        survey = cls.env["survey.survey"].create({"title": "Test survey"})
        cls.records = {
            "partnership.partnership": cls.partnership,
            "partnership.body": cls.body,
            "partnership.attendance": cls.past_event.attendance_ids,
            "partnership.course": cls.course,
            "partnership.skill": skill,
            "partnership.enrolment": cls.enrolment,
            "partnership.training.session": cls.session,
            "partnership.training.need": cls.env["partnership.training.need"].create(
                {**here, "body_id": cls.body.id}
            ),
            "partnership.skill.holding": cls.env["partnership.skill.holding"].create(
                {**here, "person_id": cls.trainer.id, "skill_id": skill.id}
            ),
            "partnership.skill.wanted": cls.env["partnership.skill.wanted"].create(
                {**here, "skill_ids": [Command.set(skill.ids)]}
            ),
            "partnership.training.budget": cls.env["partnership.training.budget"].create(
                {**here, "year": "2024", "amount": 1}
            ),
            "survey.survey": survey,
            "survey.user_input": cls.env["survey.user_input"].create({"survey_id": survey.id}),
        }

        cls.needed = {"survey.user_input": {"survey_id": survey.id}}

    def _get_record(self, model):
        return self.records.get(model) or super()._get_record(model)


@tagged("post_install", "-at_install")
class TestTrainingMethods(TrainingAccessCase, MethodWalk):
    unfilled = ("partnership.training.effect", "partnership.training.evaluation")


@tagged("post_install", "-at_install")
class TestTrainingSystemFields(TrainingAccessCase, SystemFieldWalk):
    pass
