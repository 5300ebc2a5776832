from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.bus.models.ir_websocket import IrWebsocket

from .check_in_common import CheckInCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-03 16:05:00")
class TestSheetLive(CheckInCase):
    """A check-in, or a tap on another tablet, shows on every screen that has the sheet open."""

    def _follow(self, user, *channels):
        """:return: the channels that ``user`` gets, of those asked for"""
        channels = channels or (f"partnership_sheet_{self.meeting.id}",)
        with patch.object(IrWebsocket, "_build_bus_channel_list", lambda self, channels: channels):
            built = self.env["ir.websocket"].with_user(user)._build_bus_channel_list(list(channels))
        return [
            each for each in built if isinstance(each, tuple) and each[1] == "partnership_sheet"
        ]

    def _count_told(self):
        self.env.cr.precommit.run()
        told = self.env["bus.bus"].sudo().search([("message", "like", "partnership_sheet")])
        self.assertFalse(told.filtered(lambda each: "Test titular" in each.message))
        return len(told)

    def test_team_follows_its_sheets(self):
        for user in (self.facilitator, self.officer, self.administrator):
            with self.subTest(user=user.login):
                self.assertEqual(self._follow(user), [(self.meeting, "partnership_sheet")])

    def test_nobody_else_does(self):
        public = self.env.ref("base.public_user")
        for user in (self.stranger, self.employee, self.portal_user, public):
            with self.subTest(user=user.login):
                self.assertEqual(self._follow(user), [])

    def test_names_that_are_no_channel(self):
        lunch = self.env["calendar.event"].create(
            {"name": "Test lunch", "start": "2024-06-03 12:00", "stop": "2024-06-03 13:00"}
        )
        names = [
            f"partnership_sheet_{each}"
            for each in ("", "x", "0", "-1", "99999999999999999999", "999999999", lunch.id)
        ]
        self.assertEqual(self._follow(self.facilitator, *names, "partnership_sheet"), [])

    def test_check_in_is_told(self):
        before = self._count_told()
        self.meeting._check_in(self.titular.id, [self.council.partner_id.id])
        self.assertEqual(self._count_told(), before + 1)

    def test_taps_are_told(self):
        meeting = self.meeting.with_user(self.facilitator)
        meeting.attendance_sheet_open()
        rows = meeting.attendance_ids
        before = self._count_told()
        meeting.attendance_sheet_mark([[rows[:1].ids, {"status": "present"}]])
        meeting.attendance_sheet_mark_rest("absent")
        self.assertEqual(self._count_told(), before + 2)
        meeting.attendance_sheet_read()
        self.assertEqual(self._count_told(), before + 2, "reading tells nobody")

    def test_sheet_shows_who_came_by_phone(self):
        self.meeting._check_in(self.titular.id, [self.council.partner_id.id])
        sheet = self.meeting.with_user(self.facilitator).attendance_sheet_read()
        [line] = [line for line in sheet["rows"] if line["status"] == "present"]
        self.assertEqual(line["check_in"], "2024-06-03 16:05:00")
        self.assertEqual(sheet["meeting"]["zone"], "Europe/Brussels", "where it is 18:05")

    def test_code_on_the_screen_is_the_teams(self):
        code = self.meeting.with_user(self.facilitator).attendance_sheet_code()
        self.assertIn(self.meeting._get_check_in_token(), code["url"])
        for user in (self.stranger, self.employee, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.meeting.with_user(user).attendance_sheet_code()

    def test_taking_back_takes_the_check_in_back(self):
        """Somebody chose the wrong name: nothing of it stays, and undo restores it."""
        self.meeting._check_in(self.titular.id, [self.council.partner_id.id])
        row = self._rows(self.meeting)[self.titular]
        meeting = self.meeting.with_user(self.facilitator)
        meeting.attendance_sheet_mark([[row.ids, {"status": "not_recorded"}]])
        self.assertFalse(row.check_in)
        self.assertFalse(row._filtered_recorded())
        values = {"status": "present", "check_in": "2024-06-03 16:05:00"}
        meeting.attendance_sheet_mark([[row.ids, values]])
        self.assertTrue(row.check_in)

    def test_substitute_by_phone_leaves_who_is_there(self):
        """The titular checked in while the tablet still showed it as unmarked."""
        meeting = self.meeting.with_user(self.facilitator)
        meeting.attendance_sheet_open()
        row = self._rows(self.meeting)[self.titular]
        self.meeting._check_in(self.titular.id, [self.council.partner_id.id])
        meeting.attendance_sheet_came_instead(row.id, self.alternate.id)
        self.assertEqual(row.status, "present")
        self.assertEqual(self._status(self.alternate), {"Test council": "present"})
