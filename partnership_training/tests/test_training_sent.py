from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.partnership_management.tests.sent_common import SentCase

from .common import TrainingCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-01 10:00:00")
class TestTrainingSent(TrainingCase, SentCase):
    """What became of the e-mails about a session: two have a seat, the third waits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enrolments = cls._create_enrolments(3)
        cls.first, cls.second, cls.third = cls.enrolments
        for number, enrolment in enumerate(cls.enrolments, 1):
            enrolment.person_id.email = f"person{number}@test.example"
        cls.enrolments.action_confirm()
        cls.session = cls.session.with_user(cls.facilitator)

    def _leave(self, action, *failing):
        with self._mails_leave(*failing):
            action()
            self._run_queue()
        self.env.flush_all()
        self.env.invalidate_all()

    def _tell(self, sessions=None):
        """From the dialog, as it comes up."""
        action = (sessions or self.session).action_open_tell()
        return self._wizard(action).create({}).action_send()

    def _get_addresses(self):
        return sorted(address for mail in self.emails for address in mail["smtp_to_list"])

    def _wizard(self, action):
        Wizard = self.env[action["res_model"]].with_user(self.facilitator)
        return Wizard.with_context(**action["context"])

    def test_told_once_it_left(self):
        self._tell()
        self.assertEqual(set(self.enrolments.mapped("mail_state")), {"waiting"})
        with self.assertRefused("not sent twice", exception=UserError):
            self._tell()
        self._leave(self.env.flush_all)
        self.assertEqual(len(self.emails), 3)
        self.assertEqual(set(self.enrolments.mapped("mail_state")), {"sent"})
        self.assertFalse(self.session.failed_text)

    def test_one_fails(self):
        self._leave(self._tell, self.second.person_id)
        self.assertEqual(self.enrolments.mapped("mail_state"), ["sent", "failed", "sent"])
        self.assertEqual(self.session.failed_text, "Test person 2 (Test mailbox is full)")
        failed = [("session_id", "=", self.session.id), ("mail_state", "=", "failed")]
        self.assertEqual(self.enrolments.search(failed), self.second)
        self._leave(self._tell)
        self.assertEqual(self._get_addresses(), ["person2@test.example"])
        self.assertFalse(self.session.failed_text)

    def test_corrected_address(self):
        self.first.person_id.email = "test@person@example"
        self._leave(self._tell)
        self.first.person_id.email = "person1@test.example"
        self._leave(self._tell)
        self.assertEqual(self._get_addresses(), ["person1@test.example"])

    def test_mail_that_comes_back(self):
        self._leave(self._tell)
        self._come_back(self.third)
        self.env.invalidate_all()
        self.assertIn("Test person 3", self.session.failed_text)

    def test_dialog(self):
        self.third.person_id.email = False
        with Form(self._wizard(self.session.action_open_tell())) as form:
            self.assertEqual(
                sorted(form.recipient_ids.ids), sorted((self.first + self.second).person_id.ids)
            )
            self.assertEqual(form.unreachable_ids.ids, self.third.person_id.ids)
            for text in ("person1@test.example", "Confirmed", "Not told yet", "no e-mail address"):
                self.assertIn(text, form.recipients)
            self.assertIn("You have a seat", form.subject)
            self.assertIn("10 June 2024", form.preview)
        self._leave(form.record.action_send)
        self.assertEqual(self._get_addresses(), ["person1@test.example", "person2@test.example"])
        wizard = self._wizard(self.session.action_open_tell()).create({})
        self.assertFalse(wizard.recipient_ids)
        wizard.recipient_ids = self.first.person_id
        self._leave(wizard.action_send)
        self.assertEqual(self._get_addresses(), ["person1@test.example"])

    def test_invitations_of_a_session(self):
        """To both events, which are still to come, from one dialog."""
        action = self.session.action_open_invite()
        wizard = self._wizard(action).create({})
        self.assertEqual(wizard.event_ids, self.session.event_ids)
        self.assertEqual(wizard.recipient_ids, (self.first + self.second).person_id + self.trainer)
        self.assertIn("06/20/2024", wizard.recipients)
        self._leave(wizard.action_send, self.trainer)
        self.assertEqual(len(self.emails), 4)
        self.assertEqual(self.session.failed_text, "Test trainer (Test mailbox is full)")
        wizard = self._wizard(self.session.action_open_invite()).create({})
        self.assertEqual(wizard.recipient_ids, self.trainer)
        self._leave(wizard.action_send)
        self.assertFalse(self.session.failed_text)
        with self.assertRefused("nobody to write to", exception=UserError):
            self._wizard(self.session.action_open_invite()).create({}).action_send()

    def test_certificates(self):
        self.first.sudo().certificate_number = "Test 1"
        self.first.sudo().certificate_date = "2024-06-01"
        action = self.first.with_user(self.facilitator).action_send_certificates()
        composer = Form(self._wizard(action)).save()
        self._leave(composer.action_send_mail, self.first.person_id)
        self.assertEqual(self.first.mail_state, "failed")
        composer = Form(self._wizard(action)).save()
        self._leave(composer.action_send_mail)
        self.assertEqual(self.first.mail_state, "sent")

    def test_certificates_in_bulk(self):
        both = self.first + self.second
        for enrolment in both.sudo():
            enrolment.write(
                {
                    "certificate_number": f"Test {enrolment.id}",
                    "certificate_date": "2024-06-01",
                }
            )
        action = both.with_user(self.facilitator).action_send_certificates()
        composer = Form(self._wizard(action)).save()
        self._leave(composer.action_send_mail, self.second.person_id)
        self.assertEqual(both.mapped("mail_state"), ["sent", "failed"])

    def test_states_are_the_teams(self):
        self._leave(self._tell, self.second.person_id)
        for user in (self.stranger, self.employee, self.portal_user):
            with self.assertRaises(AccessError):
                self.second.with_user(user).read(["mail_state"])
            with self.assertRaises(AccessError):
                self.session.with_user(user).read(["failed_text"])
            with self.assertRaises(AccessError):
                self.session.with_user(user).action_open_tell()
            with self.assertRaises(AccessError):
                self.session.with_user(user).action_open_invite()
            Wizard = self.env["partnership.training.tell"].with_user(user)
            with self.assertRaises(AccessError):
                Wizard.create({"enrolment_ids": self.enrolments.ids})

    def test_texts_without_a_query_for_each(self):
        sessions = self.session
        for number in range(4):
            session = self._create_session(seats_max=2)
            self._create_event("2024-06-20 08:00:00", session)
            enrolment = self._create_enrolment(f"Test other {number}", session)
            enrolment.person_id.email = f"other{number}@test.example"
            enrolment.action_confirm()
            sessions += session.with_user(self.facilitator)
        failing = sessions.enrolment_ids.person_id
        self._leave(lambda: self._tell(sessions), *failing)
        self.assertTrue(all(sessions.mapped("failed_text")))
        counts = []
        for records in (sessions[1:2], sessions[1:]):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            records.mapped("failed_text")
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(len(set(counts)), 1, counts)
