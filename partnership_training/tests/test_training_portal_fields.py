from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.partnership_management.tests.portal_common import (
    SECRET,
    PortalFieldsCase,
    PortalWalk,
)


@tagged("post_install", "-at_install")
@freeze_time("2025-01-15")
class TestTrainingPortalFields(PortalWalk, PortalFieldsCase):
    """Training shows itself on pages alone: the portal reads no field of it."""

    addon = "partnership_training"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        course = cls.env["partnership.course"].create(
            {"name": "Test course", "partnership_id": cls.partnership.id}
        )
        session = cls.env["partnership.training.session"].create(
            {"course_id": course.id, "state": "open"}
        )
        persons = cls.users.partner_id
        cls.env["calendar.event"].create(
            {
                "training_session_id": session.id,
                "start": "2025-01-20 08:00:00",
                "stop": "2025-01-20 11:00:00",
                "partner_ids": [Command.set(persons.ids)],
            }
        )
        cls.env["partnership.enrolment"].create(
            [
                {"session_id": session.id, "person_id": person.id, "note": SECRET}
                for person in persons
            ]
        )
        cls.env["partnership.training.need"].create(
            {"membership_id": cls.member.id, "course_id": course.id, "origin_text": SECRET}
        )
        cls.env.flush_all()

    def test_memberships_of_training_follow_the_mandate(self):
        """Courses of another partnership are not on offer because of a mandate in this one."""
        representative = self.representative
        self.assertEqual(representative._get_training_memberships(), self.member)
        self.assertEqual(self.own._get_training_memberships(), self.member + self.elsewhere)
        self.assertFalse(self.former._get_training_memberships())
        elsewhere = self.env["partnership.course"].create(
            {"name": "Test elsewhere", "partnership_id": self.other_partnership.id}
        )
        offered = self.env["partnership.course"].search(representative._domain_open_courses())
        self.assertNotIn(elsewhere, offered)
