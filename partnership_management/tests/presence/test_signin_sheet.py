from io import BytesIO

from freezegun import freeze_time
from lxml import html
from pypdf import PdfReader

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..common import PartnershipCase

REPORT = "partnership_management.calendar_event_sign_in_sheet"


@tagged("post_install", "-at_install")
class TestSignInSheet(PartnershipCase, HttpCase):
    @classmethod
    @freeze_time("2024-06-15")
    def setUpClass(cls):
        super().setUpClass()
        cls.resident = cls._create_person("Test resident")
        cls.seats = (
            cls._create_seat(cls._create_member("Test beta council"))
            + cls._create_seat(cls._create_member("Test alpha firm"))
            + cls._create_seat(cls._create_member(cls.resident))
        )
        cls._create_mandate(cls.seats[0], "Test titular", office="chair")
        cls._create_mandate(cls.seats[0], "Test alternate", "alternate")
        cls.meeting = cls._create_meeting(location="Test town hall")

    def _render(self, meetings, user=None):
        report = self.env["ir.actions.report"].with_user(user or self.facilitator)
        content, _format = report._render_qweb_html(REPORT, meetings.ids)
        return html.fromstring(content)

    def _lines(self, page):
        cells = [
            [" ".join(cell.text_content().split()) for cell in line.xpath("./td")]
            for line in page.xpath(".//table[contains(@class, 'o_sign_in_sheet')]/tbody/tr")
        ]
        return [line for line in cells if any(line)]

    def test_lists_who_is_expected(self):
        page = self._render(self.meeting)
        self.assertEqual(
            self._lines(page),
            [
                ["Test alpha firm", "", "Vacant", ""],
                ["Test beta council", "Test titular", "Titular, Chair", ""],
                ["Test resident", "Test resident", "Member", ""],
            ],
        )
        text = " ".join(page.text_content().split())
        for words in ("Test board", "Test partnership", "Test town hall", "June 3, 2024"):
            self.assertIn(words, text)
        self.assertIn("6:00", text, "16:00 UTC is 18:00 in Brussels")
        self.assertEqual(len(page.xpath("//thead")), 1)

    def test_is_of_the_day_of_the_meeting(self):
        self.seats[1].date_end = "2024-06-02"
        self.seats[0].mandate_ids.filtered(
            lambda mandate: mandate.kind == "titular"
        ).date_end = "2024-06-02"
        lines = self._lines(self._render(self.meeting))
        self.assertEqual(
            [line[:3] for line in lines],
            [
                ["Test beta council", "Test alternate", "Alternate"],
                ["Test resident", "Test resident", "Member"],
            ],
        )

    def test_printing_opens_no_sheet(self):
        self._render(self.meeting)
        self.assertEqual(self.meeting.partnership_state, "planned")
        self.assertFalse(self.meeting.attendance_ids)

    def test_many_meetings_at_once(self):
        other = self._create_meeting("2024-07-01 16:00:00")
        page = self._render(self.meeting + other)
        self.assertEqual(len(page.xpath("//table[contains(@class, 'o_sign_in_sheet')]")), 2)
        self.assertEqual(len(self._lines(page)), 6)

    def test_many_meetings_cost_as_few_queries_as_one(self):
        meetings = self.meeting
        for day in range(1, 5):
            meetings += self._create_meeting(f"2024-07-0{day} 16:00:00")

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records._get_sign_in_lines()
            return self.env.cr.sql_log_count - before

        self.assertEqual(count(meetings), count(self.meeting))

    def test_strangers_cannot_print(self):
        for user in (self.stranger, self.employee):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._render(self.meeting, user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.meeting.with_user(user).action_print_sign_in_sheet()

    def test_button_prints_the_meeting(self):
        action = self.meeting.with_user(self.facilitator).action_print_sign_in_sheet()
        self.assertEqual(action["type"], "ir.actions.report")
        self.assertEqual(action["context"]["active_ids"], self.meeting.ids)

    def test_pdf_repeats_its_heading_on_each_page(self):
        for number in range(40):
            self._create_seat(self._create_member(f"Test member {number:02}"))
        self.env.flush_all()
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, kind = report._render_qweb_pdf(REPORT, self.meeting.ids)
        self.assertEqual(kind, "pdf")
        pages = PdfReader(BytesIO(content)).pages
        pages = [" ".join(page.extract_text().split()) for page in pages]
        self.assertGreater(len(pages), 1)
        for page in pages:
            self.assertIn("Signature", page)
        whole = " ".join(pages)
        for name in ("Test beta council", "Test titular", "Test member 39"):
            self.assertIn(name, whole)
