from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TrainingCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestTrainingMerge(TrainingCase):
    """Two contacts that are one person are enrolled once, and their presence stays."""

    def _merge(self, source, into):
        with mute_logger("odoo.addons.base.models.base_partner_merge"):
            self.env["base.partner.merge.automatic.wizard"]._merge((source + into).ids, into)
        self.env.flush_all()
        self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.env.invalidate_all()

    def test_two_enrolments_in_a_session_become_one(self):
        first, second, third = self._create_enrolments(3)
        (first + second + third).action_confirm()
        self._attend(self.past_event, p2="present")
        self._merge(second.person_id, first.person_id)
        kept = self.session.enrolment_ids - third
        self.assertEqual(len(kept), 1)
        self.assertEqual((kept.state, kept.hours_attended), ("confirmed", 3.0))
        self.assertEqual(third.state, "confirmed", "a seat fell free")
        rows = self.past_event.attendance_ids
        self.assertEqual((rows.status, rows.enrolment_id), ("present", kept))
        self.assertIn("merged", kept.message_ids[0].body)

    @freeze_time("2024-06-25")
    def test_certificate_and_what_renews_it_stay(self):
        first, second = enrolments = self._create_enrolments(2)
        enrolments.action_confirm()
        for event in (self.past_event, self.next_event):
            self._attend(event, p1="present", p2="present")
        self.session.action_done()
        second.action_issue_certificates()
        renewal = self._create_enrolment(second.person_id, False, course_id=self.course.id)
        renewal.renews_id = second
        self._merge(second.person_id, first.person_id)
        kept = self.session.enrolment_ids
        self.assertEqual(kept, second, "the link on its paper stays good")
        self.assertEqual(kept.certificate_state, "valid")
        self.assertEqual(renewal.renews_id, kept)

    @freeze_time("2024-06-25")
    def test_two_certificates_become_one(self):
        first, second = enrolments = self._create_enrolments(2)
        enrolments.action_confirm()
        for event in (self.past_event, self.next_event):
            self._attend(event, p1="present", p2="present")
        self.session.action_done()
        enrolments.action_issue_certificates()
        number = second.certificate_number
        renewal = self._create_enrolment(second.person_id, False, course_id=self.course.id)
        renewal.renews_id = second
        self._merge(second.person_id, first.person_id)
        self.assertEqual(self.session.enrolment_ids, first)
        self.assertEqual(renewal.renews_id, first)
        self.assertIn(number, "".join(first.message_ids.mapped("body")))

    def test_two_that_ask_become_one(self):
        first, second = (
            self._create_enrolment(f"Test asking {number}", False, course_id=self.course.id)
            for number in (1, 2)
        )
        person = first.person_id
        self._merge(second.person_id, person)
        self.assertEqual(self.course.demand_count, 1)
        self.assertEqual(self.course.enrolment_ids.person_id, person)

    def test_other_enrolments_go_to_the_one_who_stays(self):
        first, second = self._create_enrolments(2)
        other = self._create_session()
        second.session_id = other
        person = first.person_id
        self._merge(second.person_id, person)
        self.assertEqual(other.enrolment_ids.person_id, person)
        self.assertEqual(self.session.enrolment_ids.person_id, person)

    def test_person_does_not_become_an_organisation(self):
        enrolment = self._create_enrolment("Test person")
        firm = self._create_organisation("Test firm")
        with self.assertRefused("Test person", "Test firm", exception=UserError):
            self._merge(enrolment.person_id, firm)
