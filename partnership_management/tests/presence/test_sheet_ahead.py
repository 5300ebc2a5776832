from freezegun import freeze_time

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-03 12:00:00")
class TestSheetAhead(PartnershipCase):
    """The sheet of a meeting that is not near is opened on purpose, and can be taken back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seat = cls._create_seat(cls._create_member("Test council"))
        cls.ann = cls._create_mandate(cls.seat, "Test Ann").person_id
        cls.meeting = cls._create_meeting("2024-10-03 16:00:00").with_user(cls.facilitator)

    def _open_ahead(self):
        """Answer the question as the web client does."""
        with self.assertRaises(RedirectWarning) as question, self.cr.savepoint():
            self.meeting.action_open_sheet()
        _message, action, _button, context = question.exception.args
        action = self.env["ir.actions.server"].with_user(self.facilitator).browse(action)
        return action.with_context(**context).run()

    def test_asked_when_it_is_not_near(self):
        with self.assertRefused("10/03/2024", "Take the Sheet Back", exception=RedirectWarning):
            self.meeting.action_open_sheet()
        self.assertEqual(self.meeting.partnership_state, "planned")
        self.assertFalse(self.meeting.attendance_ids)
        action = self._open_ahead()
        self.assertEqual(action["tag"], "partnership_attendance_sheet")
        self.assertEqual(self.meeting.partnership_state, "open")
        self.assertEqual(self.meeting.action_open_sheet()["tag"], action["tag"], "asked once")

    def test_near_is_a_day(self):
        for start in ("2024-06-04 12:00:00", "2024-06-03 13:00:00", "2024-05-06 16:00:00"):
            meeting = self._create_meeting(start).with_user(self.facilitator)
            meeting.action_open_sheet()
            self.assertEqual(meeting.partnership_state, "open", start)
        far = self._create_meeting("2024-06-04 12:01:00").with_user(self.facilitator)
        with self.assertRaises(RedirectWarning):
            far.action_open_sheet()

    def test_others_are_not_asked(self):
        with self.assertRaises(AccessError):
            self.meeting.with_user(self.stranger).action_open_sheet()
        self._open_ahead()
        with self.assertRaises(AccessError):
            self.meeting.with_user(self.stranger).action_take_back_sheet()

    def test_taken_back_while_nothing_is_recorded(self):
        self._open_ahead()
        row = self.meeting.attendance_ids
        self.assertEqual(row.person_id, self.ann)
        row.status = "present"
        with self.assertRefused("Test Ann", "stays open", exception=UserError):
            self.meeting.action_take_back_sheet()
        row.status = "not_recorded"
        self.meeting.action_take_back_sheet()
        self.assertEqual(self.meeting.partnership_state, "planned")
        self.assertFalse(self.meeting.attendance_ids)

    def test_address_of_the_screen_does_not_open(self):
        self._open_ahead()
        self.meeting.action_take_back_sheet()
        self.assertFalse(self.meeting.attendance_sheet_open()["rows"])
        self.assertEqual(self.meeting.partnership_state, "planned")

    def test_apologies_stay(self):
        self._open_ahead()
        self.meeting.attendance_ids.write({"status": "excused", "reason": "Test harvest"})
        self.meeting.action_take_back_sheet()
        self.assertEqual(self.meeting.partnership_state, "planned")
        self.assertEqual(self.meeting.attendance_ids.reason, "Test harvest")

    def test_closed_sheet_stays_closed(self):
        meeting = self._create_meeting("2024-06-03 08:00:00").with_user(self.facilitator)
        meeting._close_sheet("absent")
        meeting.action_take_back_sheet()
        self.assertEqual(meeting.partnership_state, "closed")
