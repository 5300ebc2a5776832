from io import BytesIO

from freezegun import freeze_time
from lxml import html
from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged

from odoo.addons.mail.tests.common import MailCase

from .candidate_common import CandidateCase

REPORT = "partnership_management.partnership_candidate_letter"
SECRETS = ("Test secret", "Test inside", "Test how", "Test reason")


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestCandidateLetter(CandidateCase, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.actor = cls._create_organisation("Test beekeepers")
        cls.contact = cls._create_person("Ann Test", parent=cls.actor)
        cls.candidate = cls._create_candidate(
            cls.actor,
            contact_id=cls.contact.id,
            user_id=cls.facilitator.id,
            description="<p>Test secret</p>",
            decision_event_id=cls._create_meeting().id,
            decision_note="Test how the board came to it",
        )

    def _read(self, candidates, user=None):
        """:return: the text of the letters, as the user prints them"""
        report = self.env["ir.actions.report"].with_user(user or self.facilitator)
        content, _format = report._render_qweb_html(REPORT, candidates.ids)
        return " ".join(html.fromstring(content).text_content().split())

    def _compose(self, candidates, user=None):
        action = candidates.with_user(user or self.facilitator).action_send_letter()
        Composer = self.env[action["res_model"]].with_user(user or self.facilitator)
        form = Form(Composer.with_context(**action["context"]))
        return form.save()

    # A test run makes pages of HTML of what are PDF files otherwise
    def _send(self, candidates, user=None):
        with self.mock_mail_gateway():
            self._compose(candidates, user).action_send_mail()
        self.flush_tracking()

    def test_admission(self):
        self.candidate.action_admit()
        self.candidate.letter_note = "Test see you on Monday"
        text = self._read(self.candidate)
        for words in (
            "Ann Test",
            "Welcome as a member of Test partnership",
            "On 3 June 2024 the body that decides (Test board) admitted Test beekeepers",
            "Test associations",
            "Test see you on Monday",
            "15 June 2024",
        ):
            self.assertIn(words, text)
        for words in SECRETS:
            self.assertNotIn(words, text)

    def test_refusal_tells_nothing_that_is_internal(self):
        self.candidate.review_date = "2024-06-20"
        self._refuse(self.candidate, "Test inside")
        text = self._read(self.candidate)
        self.assertIn("Your application to Test partnership", text)
        self.assertIn(
            "On 3 June 2024 the body that decides (Test board) looked at your application", text
        )
        for words in SECRETS:
            self.assertNotIn(words, text)
        self.reason.letter_text = "Test no seat is free"
        self.assertIn("Test no seat is free", self._read(self.candidate))
        self._send(self.candidate)
        mail = " ".join(self._mails[0]["body"].split())
        for words in SECRETS:
            self.assertNotIn(words, mail)

    def test_informal_welcome(self):
        self.candidate.target_form = "informal"
        self.candidate.action_admit()
        text = self._read(self.candidate)
        self.assertIn("as a guest; on 12 December 2024", text)
        self.assertNotIn("as a member", text)

    def test_decision_to_come_is_not_told(self):
        self.candidate.decision_date = "2024-07-01"
        self.candidate.action_admit()
        text = self._read(self.candidate)
        self.assertNotIn("the body that decides", text)
        self.assertIn("is admitted as a member", text)

    def test_language_of_the_recipient(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.contact.lang = "fr_FR"
        self.candidate.action_admit()
        self.assertIn("15 juin 2024", self._read(self.candidate))

    def test_letter_goes_out_and_its_date_is_kept(self):
        self.candidate.action_admit()
        self.assertFalse(self.candidate.letter_date)
        self._send(self.candidate)
        self.assertEqual(str(self.candidate.letter_date), "2024-06-15")
        self.assertSentEmail(self.facilitator.partner_id, self.contact)
        message = self.candidate.message_ids.filtered("attachment_ids")
        self.assertEqual(message.attachment_ids.name, "Admission - Test beekeepers.html")
        self.assertEqual(message.attachment_ids.res_id, self.candidate.id)

    def test_nothing_goes_out_before_send_is_pressed(self):
        with self.mock_mail_gateway():
            self.candidate.action_admit()
            self._compose(self.candidate)
        self.assertNotSentEmail()
        self.assertFalse(self.candidate.letter_date)

    def test_note_of_the_team_is_no_letter(self):
        self.candidate.action_admit()
        self._comment(self.candidate, "Test note")
        self.assertFalse(self.candidate.letter_date)

    def test_day_is_that_of_the_partnership(self):
        self.partnership.tz = "Pacific/Auckland"
        self.candidate.action_admit()
        with freeze_time("2024-06-15 13:00:00"):
            self._send(self.candidate)
        self.assertEqual(str(self.candidate.letter_date), "2024-06-16")

    def test_in_bulk(self):
        candidates = self._create_candidates(5, user_id=self.facilitator.id)
        for number, candidate in enumerate(candidates):
            candidate.email = f"actor{number}@test.example"
        self._refuse(candidates)
        self._send(candidates)
        self.assertEqual({str(day) for day in candidates.mapped("letter_date")}, {"2024-06-15"})
        for candidate in candidates:
            self.assertSentEmail(
                self.facilitator.partner_id,
                candidate.partner_id,
                attachments_info=[{"name": f"Reply to the application - {candidate.name}.html"}],
            )

    def test_letter_goes_out_once(self):
        other = self._create_candidate("Test choir", email="choir@test.example")
        (other + self.candidate).action_admit()
        self._send(self.candidate)
        action = (other + self.candidate).action_send_letter()
        self.assertEqual(action["context"]["default_res_ids"], other.ids)
        with self.assertRefused("Test beekeepers", "has gone out", exception=UserError):
            self.candidate.action_send_letter()
        self.candidate.letter_date = False
        self.assertTrue(self.candidate.action_send_letter())

    def test_in_bulk_some_without_address(self):
        other = self._create_candidate("Test choir")
        (other + self.candidate).action_admit()
        action = (other + self.candidate).action_send_letter()
        self.assertIn("Test choir", action["params"]["message"])
        self.assertNotIn("Test beekeepers", action["params"]["message"])
        composer = action["params"]["next"]["context"]
        self.assertEqual(composer["default_res_ids"], self.candidate.ids)
        with self.assertRefused("Test choir", "Print the letter", exception=UserError):
            other.action_send_letter()
        self.assertIn("Test choir", self._read(other))

    def test_recipient(self):
        self.actor.email = "bees@test.example"
        self.assertEqual(self.candidate._get_letter_recipient(), self.contact)
        self.contact.email = False
        self.assertEqual(self.candidate._get_letter_recipient(), self.actor)
        self.actor.email = False
        self.assertEqual(self.candidate._get_letter_recipient(), self.contact)
        self.candidate.contact_id = False
        self.assertEqual(self.candidate._get_letter_recipient(), self.actor)

    def test_undecided_or_mixed_cards_have_no_letter(self):
        other = self._create_candidate("Test choir")
        with self.assertRefused("on which it is decided", exception=UserError):
            self.candidate.action_send_letter()
        self.candidate.action_admit()
        self._refuse(other)
        with self.assertRefused("cards of one kind", exception=UserError):
            (self.candidate + other).action_send_letter()

    def test_another_outcome_is_another_letter(self):
        self._refuse(self.candidate)
        self._send(self.candidate)
        self.candidate.action_reopen()
        self.assertFalse(self.candidate.letter_date)
        self.candidate.action_admit()
        self.assertFalse(self.candidate.letter_date)

    def test_foreign_users(self):
        self.candidate.action_admit()
        for user in (self.stranger, self.employee, self.portal_user):
            with self.assertRaises(AccessError):
                self.candidate.with_user(user).action_send_letter()
            with self.assertRaises(AccessError):
                self._read(self.candidate, user)


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestCandidateLetterPdf(CandidateCase, HttpCase):
    def test_one_page_for_each(self):
        candidates = self._create_candidates(2)
        candidates.action_admit()
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, _format = report._render_qweb_pdf(REPORT, candidates.ids)
        pages = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
        self.assertEqual(len(pages), 2)
        for page, candidate in zip(pages, candidates, strict=True):
            self.assertIn(candidate.name, page)
