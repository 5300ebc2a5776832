from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestGuardSeries(PartnershipCase):
    """Six meetings on Mondays from 3 June 2024; presence is recorded at the second."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seat = cls._create_seat(cls._create_member("Test council"))
        cls.titular = cls._create_mandate(cls.seat, "Test titular").person_id
        cls.first = cls._create_meeting(
            name="Test series",
            user_id=cls.employee.id,
            recurrency=True,
            rrule_type="weekly",
            mon=True,
            interval=1,
            count=6,
            end_type="count",
            event_tz="Europe/Brussels",
        )
        cls.series = cls.first.recurrence_id.calendar_event_ids.sorted("start")
        cls.second = cls.series[1]
        cls._mark(cls.second)

    @classmethod
    def _mark(cls, meeting, status="present"):
        meeting._fill_sheet()
        meeting.attendance_ids.status = status

    def assertKept(self, *meetings):
        self.env.invalidate_all()
        for meeting in meetings or self.second:
            self.assertTrue(meeting.active)
            self.assertEqual(meeting.attendance_ids.mapped("status"), ["present"])

    def assertSeriesRefused(self, *words):
        words = words or ("1 meeting of this series has presence recorded", "Test series")
        return self.assertRefused(
            *words, "06/10/2024", "This and following", "first one not held", exception=UserError
        )

    def test_occurrences_do_not_copy_the_state(self):
        self.assertEqual(len(self.series), 6)
        self.assertEqual(self.series.partnership_body_id, self.body)
        self.assertEqual(
            self.series.mapped("partnership_state"), ["planned", "open"] + ["planned"] * 4
        )
        self.assertEqual(
            [str(meeting.partnership_date) for meeting in self.series[:3]],
            ["2024-06-03", "2024-06-10", "2024-06-17"],
        )

    def test_state_of_a_closed_first_meeting_is_not_copied(self):
        meeting = self._create_meeting("2024-05-06 16:00:00")
        self._mark(meeting)
        meeting._close_sheet()
        meeting.write(
            {
                "recurrency": True,
                "rrule_type": "weekly",
                "mon": True,
                "interval": 1,
                "count": 3,
                "end_type": "count",
            }
        )
        series = meeting.recurrence_id.calendar_event_ids.sorted("start")
        self.assertEqual(series.mapped("partnership_state"), ["closed", "planned", "planned"])
        self.assertFalse(series[1:].attendance_ids)
        self.assertKept(meeting)

    def test_edit_all_dates(self):
        for meeting in self.series[0] + self.second + self.series[3]:
            with self.assertSeriesRefused():
                meeting.write({"recurrence_update": "all_events", "start": "2024-06-04 16:00:00"})
            with self.assertSeriesRefused():
                meeting.write({"recurrence_update": "all_events", "stop": "2024-06-04 19:00:00"})
        with self.assertSeriesRefused():
            self.first.write({"recurrence_update": "all_events", "allday": True})
        self.assertKept()

    def test_edit_all_counts_the_recorded_meetings(self):
        self._mark(self.first)
        with self.assertRefused(
            "2 meetings of this series have presence recorded", "06/03/2024", exception=UserError
        ):
            self.series[4].write(
                {"recurrence_update": "all_events", "start": "2024-07-02 16:00:00"}
            )

    def test_edit_all_pattern(self):
        with self.assertSeriesRefused():
            self.first.write({"recurrence_update": "all_events", "count": 3})
        with self.assertSeriesRefused():
            self.first.write({"recurrence_update": "all_events", "mon": False, "tue": True})

    def test_edit_all_recorded_is_the_first(self):
        """Editing all moves the first event in place: its rows would speak of another day."""
        self._mark(self.first)
        self.second.attendance_ids.status = "not_recorded"
        with self.assertRefused("06/03/2024", exception=UserError):
            self.first.write({"recurrence_update": "all_events", "start": "2024-06-04 16:00:00"})
        self.assertKept(self.first)

    def test_edit_all_what_does_not_move(self):
        self.first.write({"recurrence_update": "all_events", "name": "Test other name"})
        self.assertEqual(set(self.series.mapped("name")), {"Test other name"})
        self.assertKept()

    def test_edit_all_to_another_body(self):
        other = self._create_body("Test other body")
        with self.assertRefused("06/10/2024", exception=UserError):
            self.first.write({"recurrence_update": "all_events", "partnership_body_id": other.id})

    def test_edit_following_from_before(self):
        for vals in ({"start": "2024-06-04 16:00:00"}, {"count": 2}):
            with self.assertSeriesRefused():
                self.series[0].write({"recurrence_update": "future_events", **vals})
        self._mark(self.series[3])
        with self.assertRefused("06/24/2024", exception=UserError):
            self.series[2].write({"recurrence_update": "future_events", "name": "Test name"})
        self.assertKept(self.second, self.series[3])

    def test_edit_following_from_the_recorded_one(self):
        with self.assertSeriesRefused():
            self.second.write(
                {"recurrence_update": "future_events", "start": "2024-06-11 16:00:00"}
            )
        self.assertKept()

    def test_edit_following_from_the_first_not_held(self):
        self.series[2].write({"recurrence_update": "future_events", "start": "2024-06-18 16:00:00"})
        self.assertKept()
        self.assertEqual(str(self.second.partnership_date), "2024-06-10")
        later = self.series[2].recurrence_id.calendar_event_ids.sorted("start")
        self.assertEqual(
            [str(meeting.partnership_date) for meeting in later],
            ["2024-06-18", "2024-06-25", "2024-07-02", "2024-07-09"],
        )
        self.assertEqual(set(later.mapped("partnership_state")), {"planned"})

    def test_shorten_following(self):
        self._mark(self.series[4])
        with self.assertRefused("07/01/2024", exception=UserError):
            self.series[2].write({"recurrence_update": "future_events", "count": 1})
        self.assertKept(self.second, self.series[4])

    def test_end_the_series(self):
        for setting in ("all_events", "future_events"):
            for value in (False, 0, None, ""):
                with self.assertSeriesRefused():
                    self.first.write({"recurrence_update": setting, "recurrency": value})
        self.series[2].write({"recurrence_update": "future_events", "recurrency": False})
        self.assertKept()
        self.assertFalse(self.series[3].exists())

    def test_end_the_series_at_the_recorded_one(self):
        self.second.write({"recurrence_update": "future_events", "recurrency": False})
        self.assertKept()

    def test_this_event_moves_and_is_logged(self):
        move = {"recurrence_update": "self_only", "start": "2024-06-12 16:00:00"}
        with self.assertRefused("only the team", exception=AccessError):
            self.second.with_user(self.employee).write(move)
        self.second.with_user(self.facilitator).write(move)
        self.assertKept()
        self.assertEqual(str(self.second.partnership_date), "2024-06-12")
        self.assertEqual(str(self.second.attendance_ids.date), "2024-06-12")
        [log] = [body for body in self._log(self.second).mapped("text") if "moved" in body]
        self.assertIn("06/10/2024", log)
        self.assertIn("06/12/2024", log)

    def test_mass_actions(self):
        for setting in ("all_events", "future_events"):
            with self.assertSeriesRefused():
                self.first.action_mass_deletion(setting)
            with self.assertSeriesRefused():
                self.first.action_mass_archive(setting)
        for action in (self.second.unlink, self.second.action_archive):
            with self.assertSeriesRefused():
                action()
        with self.assertSeriesRefused():
            self.second.action_mass_archive("self_only")
        self.assertKept()
        self.series[2].action_mass_deletion("future_events")
        self.assertEqual(self.series.exists(), self.series[:2])
        self.assertKept()

    def test_delete_wizard(self):
        for deletion in ("one", "next", "all"):
            wizard = (
                self.env["calendar.popover.delete.wizard"]
                .with_user(self.employee)
                .with_context(default_recurrence=deletion)
                .create({"calendar_event_id": self.second.id})
            )
            with self.assertSeriesRefused():
                wizard.action_delete()
        self.assertKept()

    def test_delete_through_the_series(self):
        with self.assertSeriesRefused():
            self.first.recurrence_id.write({"calendar_event_ids": [Command.delete(self.second.id)]})
        recurrence = self.first.recurrence_id
        recurrence.unlink()
        self.assertKept()

    def test_making_it_a_series_does_not_archive_it(self):
        """The first event of a new series is archived when it does not fit the pattern."""
        meeting = self._create_meeting("2024-05-06 16:00:00")
        self._mark(meeting)
        with self.assertRefused("05/06/2024", exception=UserError):
            meeting.write(
                {
                    "recurrency": True,
                    "rrule_type": "weekly",
                    "wed": True,
                    "interval": 1,
                    "count": 3,
                    "end_type": "count",
                }
            )
        self.assertKept(meeting)

    def test_series_without_presence_is_edited_freely(self):
        self.second.attendance_ids.status = "not_recorded"
        self.first.write({"recurrence_update": "all_events", "start": "2024-06-04 16:00:00"})
        self.assertEqual(str(self.first.partnership_date), "2024-06-04")
        self.assertFalse(self.second.active)
        self.assertEqual(len(self.first.recurrence_id.calendar_event_ids), 6)
