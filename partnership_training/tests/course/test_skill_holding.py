from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..need.need_common import NeedCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestSkillHolding(NeedCase):
    """Who completes a course has its skills."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.next_event.action_cancel_meeting()
        cls.course.skill_ids = cls.skill_chair
        cls.enrolment = cls._create_enrolment(cls.person)
        cls.enrolment.action_confirm()

    def _holding(self):
        return self.env["partnership.skill.holding"].search([("person_id", "=", self.person.id)])

    def test_completing_gives_the_skills(self):
        self._attend(self.past_event, pAnn="present")
        self.assertFalse(self._holding())
        self.session.with_user(self.facilitator).action_done()
        holding = self._holding()
        self.assertEqual((holding.skill_id, holding.origin), (self.skill_chair, "training"))
        self.assertEqual((holding.enrolment_id, holding.date_end), (self.enrolment, False))
        self.assertEqual(holding.date_start, date(2024, 6, 10))
        self.assertEqual(self.person.partnership_skill_ids, self.skill_chair)

    def test_skill_lasts_as_long_as_the_certificate(self):
        self.course.validity_months = 24
        self._attend(self.past_event, pAnn="present")
        self.session.action_done()
        self.assertEqual(self._holding().date_end, date(2026, 6, 10))

    def test_correction_takes_it_back_and_gives_it_again(self):
        need = self._create_need()
        self._attend(self.past_event, pAnn="present")
        self.session.action_done()
        row = self.past_event.attendance_ids
        row.status = "absent"
        self.assertFalse(self._holding())
        self.assertEqual(need.state, "open")
        row.status = "late"
        self.assertEqual(len(self._holding()), 1)
        self.assertEqual(need.state, "trained")

    def test_failed_test_takes_it_back(self):
        self._attend(self.past_event, pAnn="present")
        self.session.action_done()
        self.enrolment.result = "failed"
        self.assertFalse(self._holding())
        self.enrolment.result = "passed"
        self.assertTrue(self._holding())

    def test_session_that_opens_again_takes_it_back(self):
        self._attend(self.past_event, pAnn="present")
        self.session.action_done()
        self.session.action_open()
        self.assertFalse(self._holding())

    def test_skill_from_a_course_is_not_deleted_by_hand(self):
        self._attend(self.past_event, pAnn="present")
        self.session.action_done()
        with self.assertRefused("was completed", exception=UserError):
            self._holding().with_user(self.officer).unlink()
        own = self._hold(self.skill_speak)
        own.with_user(self.facilitator).unlink()

    def test_skill_is_held_by_a_person(self):
        with self.assertRefused("Test firm", "is an organisation"):
            self._hold(self.skill_chair, self.member.partner_id)

    def test_rows_fit_together(self):
        foreign = self.env["partnership.partnership"].create({"name": "Test foreign"})
        body = self._create_body("Test far body", partnership_id=foreign.id)
        with self.assertRefused("Test far body"):
            self._create_wanted(body_id=body.id)
        far = self._create_course("Test far course", partnership_id=foreign.id)
        with self.assertRefused("Test far course"):
            self._create_wanted(course_id=far.id)
        with self.assertRefused("Test far course"):
            self._create_wanted(partnership_id=False, course_id=far.id)
        wanted = self.env["partnership.skill.wanted"].create(
            {"body_id": body.id, "skill_ids": [Command.link(self.skill_chair.id)]}
        )
        self.assertEqual((wanted.partnership_id, wanted.company_id), (foreign, foreign.company_id))
