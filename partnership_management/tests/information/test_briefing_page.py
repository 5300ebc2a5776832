from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .briefing_common import BriefingCase


@tagged("post_install", "-at_install")
class TestBriefingPage(BriefingCase, HttpCase):
    """The page as readers see it. The server has its own clock, so days are those of today,
    where the partnership is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls.env["ir.attachment"].create({"name": "plan.txt", "raw": b"Test plan"})
        cls.briefing = cls._create_briefing(
            readers=[(cls.ann, cls.council), (cls.ann, cls.firm), (cls.bert, cls.firm)],
            ask_relay=True,
            user_id=cls.facilitator.id,
            attachment_ids=[Command.link(cls.file.id)],
        )
        cls.other = cls._create_briefing(
            name="Test secret", readers=[(cls.bert, cls.firm)], body="<p>Test secret text</p>"
        )
        cls.other_file = cls.env["ir.attachment"].create(
            {"name": "b.txt", "raw": b"b", "res_model": cls.other._name, "res_id": cls.other.id}
        )
        cls.other.attachment_ids = cls.other_file
        (cls.briefing + cls.other).action_send()
        cls.council_receipt, cls.firm_receipt = cls.briefing.receipt_ids.filtered(
            lambda receipt: receipt.person_id == cls.ann
        ).sorted("membership_id")
        cls.bert_receipt = cls.briefing.receipt_ids - cls.council_receipt - cls.firm_receipt
        cls.url = cls._get_url(cls.council_receipt)
        cls.today = cls.briefing._get_today()

    @classmethod
    def _get_url(cls, receipt, token=None):
        return f"/partnership/briefing/{receipt.id}/{token or receipt.sudo().access_token}"

    def _post(self, url, **data):
        token = self._csrf()
        return self.url_open(url, data={"csrf_token": token, **data})

    def _csrf(self):
        text = self.url_open(self.url).text
        return text.partition('csrf_token: "')[2].partition('"')[0]

    def test_reader_without_account(self):
        page = self.url_open(self.url)
        self.assertEqual(page.status_code, 200)
        for word in ("Test briefing", "Test news", "plan.txt", "Ann Test", "Test council"):
            self.assertIn(word, page.text)
        self.assertNotIn("Test secret", page.text)
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertIn("no-store", page.headers["Cache-Control"])

    def test_looking_changes_nothing(self):
        self.url_open(self.url)
        self.url_open(f"{self.url}/file/{self.file.id}")
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(f"{self.url}/read").status_code, 405)
            self.assertEqual(self.url_open(f"{self.url}/relay").status_code, 405)
        self.assertFalse(any(self.briefing.receipt_ids.mapped("date_read")))

    def test_read_and_passed_on(self):
        page = self._post(f"{self.url}/read")
        self.assertIn("Thank you", page.text)
        self.assertTrue(self.council_receipt.date_read)
        self.assertTrue(self.firm_receipt.date_read, "the same person read it for the firm")
        self.assertFalse(self.bert_receipt.date_read)
        self.assertFalse(self.council_receipt.told_by_id)
        page = self._post(f"{self.url}/relay", evidence="Told the council", date=str(self.today))
        self.assertIn("Passed on", page.text)
        self.assertEqual(self.council_receipt.relay_evidence, "Told the council")
        self.assertFalse(self.firm_receipt.date_relayed, "each organisation by itself")

    def test_reading_again_keeps_the_first_day(self):
        self.briefing.receipt_ids.date_read = self.council_receipt.date_sent.date()
        before = self.council_receipt.date_read
        self._post(f"{self.url}/read")
        self.assertEqual(self.council_receipt.date_read, before)

    def test_passing_on_needs_evidence_and_a_day(self):
        self._post(f"{self.url}/read")
        for values, word in (
            ({"evidence": "  ", "date": str(self.today)}, "Say how"),
            ({"evidence": "Test <b>told</b>", "date": "2999-01-01"}, "is not a day"),
            ({"evidence": "Test told", "date": "nonsense"}, "on which day"),
        ):
            with self.subTest(word):
                page = self._post(f"{self.url}/relay", **values)
                self.assertEqual(page.status_code, 200)
                self.assertIn(word, page.text)
                self.assertNotIn("<b>told</b>", page.text)
        self.assertFalse(self.council_receipt.date_relayed)

    def test_not_asked_to_pass_on(self):
        url = self._get_url(self.other.receipt_ids)
        with mute_logger("odoo.http"):
            page = self._post(f"{url}/relay", evidence="Test told", date=str(self.today))
        self.assertEqual(page.status_code, 404)
        self.assertFalse(self.other.receipt_ids.date_relayed)

    def test_passing_on_a_second_time_changes_nothing(self):
        for evidence in ("First", "Second"):
            self._post(f"{self.url}/relay", evidence=evidence, date=str(self.today))
        self.assertEqual(self.council_receipt.relay_evidence, "First")

    @mute_logger("odoo.http")
    def test_post_without_csrf(self):
        page = self.url_open(f"{self.url}/read", data={"x": "y"})
        self.assertEqual(page.status_code, 400)
        self.assertFalse(self.council_receipt.date_read)

    def test_wrong_tokens(self):
        foreign = self.bert_receipt.sudo().access_token
        draft = self._create_briefing(readers=[(self.ann, self.council)])
        for url in (
            self._get_url(self.council_receipt, foreign),
            self._get_url(self.other.receipt_ids, self.council_receipt.sudo().access_token),
            self._get_url(self.council_receipt, "é"),
            self._get_url(self.council_receipt, "False"),
            self._get_url(draft.receipt_ids, "False"),
            "/partnership/briefing/999999999/x",
        ):
            with self.subTest(url):
                page = self.url_open(url)
                self.assertEqual(page.status_code, 404)
                self.assertNotIn("Test", page.text.partition("<main")[2])
                self.assertEqual(self._post(f"{url}/read").status_code, 404)
        self.assertFalse(any((self.briefing + self.other).receipt_ids.mapped("date_read")))

    def test_expired_and_withdrawn(self):
        self.council_receipt.sudo().date_expiry = "2024-01-01"
        self.briefing.flush_recordset()
        page = self.url_open(self.url)
        self.assertEqual(page.status_code, 403)
        self.assertIn("facilitator@test.example", page.text)
        self.assertNotIn("Test news", page.text)
        self.assertEqual(self._post(f"{self.url}/read").status_code, 403)
        self.other.action_cancel()
        page = self.url_open(self._get_url(self.other.receipt_ids))
        self.assertEqual(page.status_code, 403)
        self.assertIn("withdrawn", page.text)
        self.assertNotIn("secret text", page.text)

    def test_files(self):
        page = self.url_open(f"{self.url}/file/{self.file.id}")
        self.assertEqual(page.content, b"Test plan")
        self.assertIn("attachment", page.headers["Content-Disposition"])
        with mute_logger("odoo.http"):
            for url in (
                f"{self.url}/file/{self.other_file.id}",
                f"{self._get_url(self.council_receipt, 'x')}/file/{self.file.id}",
                f"/web/content/{self.file.id}",
            ):
                with self.subTest(url):
                    self.assertEqual(self.url_open(url).status_code, 404)

    def test_logged_in_stranger_sees_the_same(self):
        self.authenticate("test_portal", "test_portal")
        self.assertIn("Test news", self.url_open(self.url).text)
        with mute_logger("odoo.http"):
            page = self.url_open(f"/web/content/{self.file.id}")
        self.assertEqual(page.status_code, 404)

    def test_page_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.ann.lang = "fr_FR"
        self.env["res.lang"].search([("code", "=", "fr_FR")]).date_format = "%d~%m~%Y"
        self.assertIn(self.today.strftime("%d~%m~%Y"), self.url_open(self.url).text)


@tagged("post_install", "-at_install")
class TestBriefingToken(BriefingCase):
    def test_token_of_nothing(self):
        receipt = self._create_briefing(readers=[(self.ann, self.council)]).receipt_ids
        for token in (False, "", None, "False"):
            self.assertFalse(receipt.sudo()._is_token(token))

    @freeze_time("2024-06-15 23:30:00")
    def test_day_is_that_of_the_partnership(self):
        """It is the 16th in Brussels."""
        briefing = self._create_briefing(readers=[(self.ann, self.council)])
        briefing.action_send()
        self.assertEqual(str(briefing.date_sent), "2024-06-16")
        briefing.receipt_ids._confirm_read()
        self.assertEqual(str(briefing.receipt_ids.date_read), "2024-06-16")
