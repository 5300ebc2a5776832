from datetime import timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .clock_common import ClockCase, june
from .partnership_import.import_common import ImportCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-10 10:00:00")
class TestClockMeeting(ClockCase, ImportCase):
    """An all-day meeting begins and is over with its day in the partnership."""

    # Moments in UTC around the two midnights of the fifteenth there
    DAYS = {
        "west": (
            "2024-06-15 09:59:00",
            "2024-06-15 10:01:00",
            "2024-06-16 09:59:00",
            "2024-06-16 10:01:00",
        ),
        "east": (
            "2024-06-14 11:59:00",
            "2024-06-14 12:01:00",
            "2024-06-15 11:59:00",
            "2024-06-15 12:01:00",
        ),
    }

    def test_over(self):
        for name, (before, begins, ends, after) in self.DAYS.items():
            meeting = self._create_day(name, 15)
            for moment, has_begun, is_over in (
                (before, False, False),
                (begins, True, False),
                (ends, True, False),
                (after, True, True),
            ):
                with self._at(moment):
                    self.assertIs(meeting._has_begun(), has_begun, (name, moment))
                    self.assertIs(meeting.partnership_is_over, is_over, (name, moment))
                    for value in (True, False):
                        found = meeting.search([("partnership_is_over", "=", value)])
                        self.assertIs(meeting in found, value == is_over, (name, moment))

    def test_sheet_is_closed_on_its_day(self):
        for name, (before, begins, _ends, _after) in self.DAYS.items():
            meeting = self._create_day(name, 15)
            with self._at(before), self.assertRefused("06/15", exception=UserError):
                meeting._close_sheet()
            with self._at(begins):
                meeting._close_sheet()
                self.assertEqual(meeting.partnership_state, "closed")

    def test_sheet_is_closed_from_an_import_on_its_day(self):
        for name, (before, begins, _ends, _after) in self.DAYS.items():
            place, board = self.places[name], self.boards[name]
            member = self._create_member(f"Test import {name}", partnership_id=place.id)
            seat = self._create_seat(member, board)
            self._create_mandate(seat, f"Test guest {name}")
            meeting = self._create_day(name, 15)
            rows = [
                ["Date", "Person", "Organisation"],
                ["2024-06-15", f"Test guest {name}", f"Test import {name}"],
            ]
            here = {"partnership_id": place.id, "body_id": board.id, "unlisted": "absent"}
            with self._at(before):
                wizard = self._import(rows, **here)
                self.assertEqual(wizard.line_ids.state, "refused", name)
                self.assertIn("still to come", wizard.line_ids.message)
                self.assertFalse(wizard.open_event_ids)
            with self._at(begins):
                wizard = self._import(rows, **here)
                self.assertEqual(wizard.line_ids.state, "taken", name)
                self.assertEqual(wizard.open_event_ids, meeting)
                wizard.action_close_sheets()
                self.assertEqual(meeting.partnership_state, "closed")
                self.assertEqual(meeting.attendance_ids.status, "present")

    def test_question_for_a_meeting_far_ahead(self):
        """More than a day before the day begins there."""
        for name, (_before, begins, _ends, _after) in self.DAYS.items():
            meeting = self._create_day(name, 15)
            day_before = fields.Datetime.to_datetime(begins) - relativedelta(days=1)
            with self._at(day_before - timedelta(minutes=2)):
                self.assertTrue(meeting._is_far_ahead())
            with self._at(day_before):
                self.assertFalse(meeting._is_far_ahead())

    def test_meeting_without_partnership(self):
        """It is nobody's day but the user's, in Los Angeles."""
        event = self.env["calendar.event"].create(
            {
                "name": "Test private",
                "allday": True,
                "start_date": june(15),
                "stop_date": june(15),
            }
        )
        for moment, is_over in (("2024-06-16 06:59:00", False), ("2024-06-16 07:01:00", True)):
            with self._at(moment):
                self.assertIs(event.partnership_is_over, is_over)
                found = event.search([("partnership_is_over", "=", True)])
                self.assertIs(event in found, is_over)
