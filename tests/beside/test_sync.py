"""Recorded meetings where calendars are synchronised, by the modules' own code."""

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.google_calendar.utils.google_event import GoogleEvent
from odoo.addons.microsoft_calendar.utils.microsoft_event import MicrosoftEvent
from odoo.addons.partnership_management.tests.common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestSync(PartnershipCase):
    """Nothing is sent: nobody has an account."""

    def _hold(self, meeting):
        meeting._fill_sheet()
        meeting.attendance_ids.status = "present"

    def setUp(self):
        super().setUp()
        seat = self._create_seat(self._create_member("Test council"))
        self._create_mandate(seat, "Test titular")
        self.single = self._create_meeting("2024-05-06 16:00:00")
        self.series = self._create_meeting(
            recurrency=True, rrule_type="weekly", mon=True, count=3
        ).recurrence_id
        self.events = self.series.calendar_event_ids.sorted("start")
        self.held = self.events[1]
        self._hold(self.single)
        self._hold(self.held)

    def assertStays(self, meeting, remote):
        self.env.invalidate_all()
        self.assertTrue(meeting.exists() and meeting.active)
        self.assertEqual(meeting.attendance_ids.status, "present")
        self.assertFalse(meeting[remote] or meeting.recurrence_id)
        self.assertTrue(meeting.partnership_is_local)
        self.assertIn("remote calendar", self._log(meeting)[0].text)

    def _receive_from_google(self, model, *values):
        received = GoogleEvent(values)
        received.clear_type_ambiguity(self.env)
        self.env[model]._sync_google2odoo(received)

    def test_google_removes_a_meeting(self):
        self.single.write({"google_id": "testsingle", "need_sync": False})
        self._receive_from_google("calendar.event", {"id": "testsingle", "status": "cancelled"})
        self.assertStays(self.single, "google_id")

    def test_google_removes_a_series(self):
        self.series.write({"google_id": "testseries", "need_sync": False})
        self.events.write({"need_sync": False})
        self._receive_from_google(
            "calendar.recurrence",
            {"id": "testseries", "status": "cancelled", "recurrence": ["RRULE:FREQ=WEEKLY"]},
        )
        self.assertStays(self.held, "google_id")
        self.assertEqual(self.events.exists().filtered("active"), self.held)

    def test_outlook_removes_a_meeting(self):
        self._receive_from_outlook(self.single)
        self.assertStays(self.single, "microsoft_id")

    def test_outlook_removes_a_series(self):
        self._receive_from_outlook(self.series)
        self.assertStays(self.held, "microsoft_id")
        self.assertEqual(self.events.exists().filtered("active"), self.held)

    def _receive_from_outlook(self, removed):
        removed.write({"microsoft_id": "testid", "need_sync_m": False})
        received = MicrosoftEvent([{"id": "testid", "@removed": {"reason": "deleted"}}])
        self.env["calendar.event"]._sync_microsoft2odoo(received)

    def test_an_edit_that_moves_nothing_is_sent(self):
        """The series is written in place, and the remote calendar is told of it."""
        self.series.need_sync = False
        self.events[0].write({"recurrence_update": "all_events", "location": "Test hall"})
        self.assertEqual(self.series.exists().calendar_event_ids, self.events)
        self.assertEqual(set(self.events.mapped("location")), {"Test hall"})
        self.assertTrue(self.series.need_sync)
        self.assertEqual(self.held.attendance_ids.status, "present")

    def test_a_series_without_presence_is_made_anew(self):
        """As Odoo does it beside a synchronisation, where nothing is lost by it."""
        self.held.attendance_ids.status = "not_recorded"
        self.held.attendance_ids.unlink()
        self.events[0].write({"recurrence_update": "all_events", "location": "Test hall"})
        self.assertFalse(self.series.exists())
