from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..sent_common import SentCase
from .candidate_common import CandidateCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestCandidateLetterSent(CandidateCase, SentCase):
    """What became of the letters that went out by e-mail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.candidates = cls._create_candidates(3, user_id=cls.facilitator.id)
        for number, candidate in enumerate(cls.candidates):
            candidate.email = f"actor{number}@test.example"
        cls.candidates.action_admit()
        cls.candidate = cls.candidates[0]

    def _send(self, candidates, *failing):
        action = candidates.with_user(self.facilitator).action_send_letter()
        Composer = self.env[action["res_model"]].with_user(self.facilitator)
        composer = Form(Composer.with_context(**action["context"])).save()
        with self._mails_leave(*failing):
            composer.action_send_mail()
            self._run_queue()
        self.env.flush_all()
        self.env.invalidate_all()

    def test_one_letter(self):
        self._send(self.candidate)
        self.assertEqual(self.candidate.mail_state, "sent")
        with self.assertRefused("has gone out", exception=UserError):
            self.candidate.action_send_letter()

    def test_one_letter_that_fails(self):
        self._send(self.candidate, self.candidate.partner_id)
        self.assertEqual(
            (self.candidate.mail_state, self.candidate.mail_failure),
            ("failed", "Test mailbox is full"),
        )
        due = [("id", "in", self.candidates.ids), ("mail_state", "=", "failed")]
        self.assertEqual(self.candidates.search(due), self.candidate)
        self._send(self.candidate)
        self.assertEqual(self.candidate.mail_state, "sent")
        self._come_back(self.candidate)
        self.assertEqual(self.candidate.mail_state, "failed")

    def test_letters_in_bulk_of_which_one_fails(self):
        lost = self.candidates[1]
        self._send(self.candidates, lost.partner_id)
        self.assertEqual(self.candidates.mapped("mail_state"), ["sent", "failed", "sent"])
        action = self.candidates.action_send_letter()
        self.assertEqual(action["context"]["default_res_ids"], lost.ids)
        self._send(self.candidates)
        self.assertEqual([mail["smtp_to_list"] for mail in self.emails], [[lost.email]])
        self.assertEqual(self.candidates.mapped("mail_state"), ["sent"] * 3)

    def test_letter_that_is_posted_instead(self):
        self._send(self.candidate, self.candidate.partner_id)
        self.candidate.with_user(self.facilitator).letter_date = "2024-06-14"
        self.assertFalse(self.candidate.mail_state)
        with self.assertRefused("has gone out", exception=UserError):
            self.candidate.action_send_letter()

    def test_state_is_the_teams(self):
        self._send(self.candidate, self.candidate.partner_id)
        for user in (self.stranger, self.employee, self.portal_user):
            with self.assertRaises(AccessError):
                self.candidate.with_user(user).read(["mail_state"])
            with self.assertRaises(AccessError):
                self.candidate.with_user(user).letter_date = False
        self.assertEqual(self.candidate.mail_state, "failed")
