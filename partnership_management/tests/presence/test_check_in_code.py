from unittest.mock import patch

from freezegun import freeze_time
from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import PartnershipCase

REPORT = "partnership_management.calendar_event_sign_in_sheet"


@tagged("post_install", "-at_install")
@freeze_time("2024-06-03 15:30:00")
class TestCheckInCode(PartnershipCase):
    """The code of a meeting: of one meeting only, renewable, and on the printed sheet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meeting = cls._create_meeting()

    def _find(self, token):
        return self.env["calendar.event"].with_user(self.employee)._find_by_check_in_token(token)

    def _print(self, meeting=None):
        report = self.env["ir.actions.report"].with_user(self.facilitator)
        content, _format = report._render_qweb_html(REPORT, (meeting or self.meeting).ids)
        return html.fromstring(content)

    def test_a_code_finds_its_meeting(self):
        token = self.meeting._get_check_in_token()
        self.assertEqual(self._find(token), self.meeting)
        self.assertEqual(token, self.meeting.with_user(self.facilitator)._get_check_in_token())

    def test_each_meeting_has_its_own(self):
        other = self._create_meeting("2024-06-04 16:00:00")
        signature = self.meeting._get_check_in_token().partition("-")[2]
        self.assertFalse(self._find(f"{other.id}-{signature}"))

    def test_forged_codes_find_nothing(self):
        token = self.meeting._get_check_in_token()
        event_id, _dash, signature = token.partition("-")
        for forged in (
            "",
            "-",
            event_id,
            f"{event_id}-",
            signature,
            token.upper() if token != token.upper() else f"{token}0",
            token[:-1],
            f"{token}0",
            f" {token}",
            f"{token}\n",
            f"0{token}",
            f"9999999999999999999-{signature}",
            f"999999999-{signature}",
            f"{event_id}-{'0' * len(signature)}",
            f"{event_id}-{'é' * len(signature)}",
            "1;DROP-x",
        ):
            with self.subTest(forged=forged):
                self.assertFalse(self._find(forged))

    def test_no_meeting_of_a_partnership_has_a_door(self):
        private = self.env["calendar.event"].create(
            {"name": "Test lunch", "start": "2024-06-03 12:00", "stop": "2024-06-03 13:00"}
        )
        self.assertFalse(self._find(private._get_check_in_token()))
        with self.assertRefused("Test lunch", exception=UserError):
            private.action_renew_check_in()
        self.meeting.active = False
        self.assertFalse(self._find(self.meeting._get_check_in_token()))

    def test_new_code_ends_the_old_one(self):
        old = self.meeting._get_check_in_token()
        self.meeting.with_user(self.facilitator).action_renew_check_in()
        self.assertFalse(self._find(old))
        self.assertEqual(self._find(self.meeting._get_check_in_token()), self.meeting)
        self.assertIn("New check-in code", self._log(self.meeting)[0].text)
        self.assertEqual(self.meeting.copy().partnership_check_in_number, 0)

    def test_only_the_team_renews_it(self):
        for user in (self.stranger, self.employee, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.meeting.with_user(user).action_renew_check_in()
        self.assertEqual(self.meeting.partnership_check_in_number, 0)

    def test_sheet_on_paper_has_the_code(self):
        page = self._print()
        [image] = page.xpath("//img[@alt='Check-in code']/@src")
        self.assertTrue(image.startswith("data:image/png;base64,"))
        self.assertIn(self.meeting._get_check_in_token(), page.text_content())
        self.assertIn("scan the code", page.text_content())

    def test_sheet_prints_where_nothing_can_be_drawn(self):
        with patch.object(
            self.registry["ir.actions.report"], "barcode", side_effect=ImportError("no backend")
        ):
            page = self._print()
        self.assertFalse(page.xpath("//img[@alt='Check-in code']"))
        self.assertIn(self.meeting._get_check_in_token(), page.text_content())
        self.assertIn("open this address", page.text_content())

    def test_no_code_on_a_sheet_that_takes_none(self):
        self.meeting.sudo().partnership_state = "closed"
        page = self._print()
        self.assertNotIn("/partnership/check-in/", page.text_content())
