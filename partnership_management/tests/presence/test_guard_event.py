from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...tools.internal import INTERNAL
from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestGuardEvent(PartnershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seats = cls._create_seat(cls._create_member("Test council"))
        cls.seats += cls._create_seat(cls._create_member("Test firm", group=cls.group_economic))
        cls.titular = cls._create_mandate(cls.seats[0], "Test titular").person_id
        cls.meeting = cls._create_meeting(user_id=cls.employee.id)

    def _mark(self, meeting=None):
        meeting = meeting or self.meeting
        meeting._fill_sheet()
        self._rows(meeting)[self.titular].status = "present"

    def test_recorded_event_is_neither_deleted_nor_archived(self):
        self._mark()
        for user in (self.employee, self.facilitator, self.administrator):
            for action in ("unlink", "action_archive"):
                with self.assertRefused("06/03/2024", "recorded", exception=UserError):
                    getattr(self.meeting.with_user(user), action)()
        self.assertEqual(len(self.meeting.attendance_ids), 2)

    def test_mass_delete_from_the_list(self):
        self._mark()
        others = self._create_meeting("2024-06-04 16:00:00")
        others += self.env["calendar.event"].create({"name": "Test plain event"})
        with self.assertRefused("06/03/2024", exception=UserError):
            (others + self.meeting).unlink()
        others.unlink()
        self.assertFalse(others.exists())

    def test_any_kind_of_record_counts(self):
        self.meeting._fill_sheet()
        row = self._rows(self.meeting)[self.titular]
        for values in (
            {"reason": "Test illness"},
            {"check_in": "2024-06-03 16:00:00"},
            {"check_out": "2024-06-03 17:00:00"},
            {"proxy_id": self._create_person("Test proxy").id},
        ):
            row.write(values)
            with self.assertRefused("06/03/2024", exception=UserError):
                self.meeting.unlink()
            row.write(dict.fromkeys(values, False))
        self.meeting._close_sheet()
        with self.assertRefused("06/03/2024", exception=UserError):
            self.meeting.unlink()

    def test_recorded_event_is_not_archived_however_no_is_said(self):
        self._mark()
        for user in (self.employee, self.facilitator):
            for value in (False, 0, None, "", 0.0, []):
                with self.assertRefused("06/03/2024", exception=UserError):
                    self.meeting.with_user(user).write({"active": value})
                with self.assertRefused("06/03/2024", exception=UserError):
                    self.meeting.with_user(user).active = value
        self.assertTrue(self.meeting.active)
        for value in (False, 0, None, ""):
            with self.assertRefused("06/03/2024", exception=UserError):
                self.meeting.with_user(self.facilitator).write({"partnership_body_id": value})

    def test_unmarked_rows_go_with_the_event(self):
        self.meeting._fill_sheet()
        rows = self.meeting.attendance_ids
        self.meeting.with_user(self.employee).unlink()
        self.assertFalse(rows.exists() or self.meeting.exists())

    def test_unmarked_rows_stay_when_the_event_is_not_the_user_s_to_delete(self):
        self.meeting._fill_sheet()
        self.meeting.privacy = "private"
        with self.assertRefused(exception=AccessError):
            self.meeting.with_user(self.stranger).unlink()
        self.assertEqual(len(self.meeting.attendance_ids), 2)

    def test_guest_removed(self):
        self.meeting.partner_ids = self.titular
        self._mark()
        self.meeting.partner_ids = [Command.unlink(self.titular.id)]
        self.assertFalse(self.meeting.attendee_ids)
        self.assertEqual(self._rows(self.meeting)[self.titular].status, "present")

    def test_state_is_the_sheet_s(self):
        """Whoever may write an event makes no meeting count that has no sheet."""
        for user in (self.employee, self.facilitator):
            with self.assertRefused("is not written", exception=UserError):
                self.meeting.with_user(user).partnership_state = "closed"
            with self.assertRefused("is not written", exception=UserError):
                self.env["calendar.event"].with_user(user).create(
                    {"name": "Test closed by hand", "partnership_state": "closed"}
                )
        self.assertEqual(self._create_meeting(partnership_state=False).partnership_state, "planned")
        Event = self.env["calendar.event"].with_user(self.facilitator)
        Event = Event.with_context(default_partnership_state="closed")
        made = Event.create({"name": "Test", "partnership_body_id": self.body.id})
        self.assertEqual(made.partnership_state, "planned")

    def test_recorded_event_stays_with_its_body(self):
        other = self._create_body("Test other body")
        self._mark()
        for vals in ({"partnership_body_id": other.id}, {"partnership_body_id": False}):
            with self.assertRefused("06/03/2024", exception=UserError):
                self.meeting.with_user(self.facilitator).write(vals)
        with self.assertRefused("06/03/2024", exception=UserError):
            self.meeting.write({"partnership_id": False, "partnership_body_id": False})
        self.meeting.write({"partnership_body_id": self.body.id, "name": "Test same body"})

    def test_unmarked_rows_go_when_the_body_changes(self):
        other = self._create_body("Test other body")
        self.meeting._fill_sheet()
        self.meeting.partnership_body_id = other
        self.assertFalse(self.meeting.attendance_ids)
        self.assertEqual(self.meeting.partnership_state, "planned")

    def test_closed_meeting_does_not_move_to_the_future(self):
        self._mark()
        self.meeting._close_sheet("absent")
        with self.assertRefused("06/03/2024", "future", exception=UserError):
            self.meeting.start = "2024-06-20 16:00:00"
        before = self._log(self.meeting)
        self.meeting.start = "2024-06-05 16:00:00"
        self.assertEqual({str(row.date) for row in self.meeting.attendance_ids}, {"2024-06-05"})
        [body] = (self._log(self.meeting) - before).mapped("text")
        self.assertIn("06/03/2024; the meeting has moved to 06/05/2024", body)

    def test_moved_meeting_reads_the_mandates_of_its_new_day(self):
        mandate = self.titular.partnership_mandate_ids
        self._mark()
        self.assertEqual(self._rows(self.meeting)[self.titular].mandate_id, mandate)
        mandate.date_end = "2024-06-04"
        self.meeting.start = "2024-06-05 16:00:00"
        self.assertFalse(self._rows(self.meeting)[self.titular].mandate_id)

    def test_body_and_seat_with_record_stay(self):
        self._mark()
        with self.assertRefused("Test council", exception=UserError):
            self.seats[0].unlink()
        with self.assertRefused("Test council", "06/03/2024", exception=UserError):
            self.seats[0].date_end = "2024-06-01"
        self.seats[0].date_end = "2024-06-03"
        self.assertEqual(self._rows(self.meeting)[self.titular].seat_id, self.seats[0])


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestGuardSync(PartnershipCase):
    """What a synchronisation does is called as its modules call it; they are not installed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        seat = cls._create_seat(cls._create_member("Test council"))
        cls.titular = cls._create_mandate(seat, "Test titular").person_id
        cls.series = cls._create_meeting(
            recurrency=True,
            rrule_type="weekly",
            mon=True,
            interval=1,
            count=4,
            end_type="count",
        ).recurrence_id.calendar_event_ids.sorted("start")
        cls.recurrence = cls.series.recurrence_id
        cls.series[1]._fill_sheet()
        cls.series[1].attendance_ids.status = "present"
        cls.held = cls.series[1]

    def _sync(self, records):
        return records.with_context(partnership_sync=INTERNAL)

    def assertDetached(self, meeting, date="2024-06-10"):
        self.env.invalidate_all()
        self.assertTrue(meeting.active and meeting.partnership_is_local)
        self.assertFalse(meeting.recurrence_id or meeting.recurrency)
        self.assertEqual(str(meeting.partnership_date), date)
        self.assertEqual(meeting.attendance_ids.status, "present")
        self.assertIn("remote calendar", self._log(meeting)[0].text)

    def test_removed_event(self):
        self._sync(self.series).unlink()
        self.assertEqual(self.series.exists(), self.held)
        self.assertDetached(self.held)

    def test_archived_event(self):
        self._sync(self.series).write({"active": False})
        self.assertDetached(self.held)
        self.assertFalse(any((self.series - self.held).mapped("active")))

    def test_removed_single_event(self):
        meeting = self._create_meeting("2024-05-06 16:00:00")
        meeting._fill_sheet()
        meeting.attendance_ids.status = "present"
        self._sync(meeting).unlink()
        self.assertDetached(meeting, "2024-05-06")

    def test_series_moved_by_its_recorded_first_event(self):
        """The remote calendar moves the first event and fills in the others again."""
        first = self.series[0]
        first._fill_sheet()
        first.attendance_ids.status = "present"
        recurrence = self._sync(self.recurrence)
        (recurrence.calendar_event_ids - recurrence.base_event_id).unlink()
        recurrence.base_event_id.write(
            {"start": "2024-06-04 16:00:00", "stop": "2024-06-04 18:00:00", "allday": False}
        )
        self.assertDetached(first, "2024-06-03")
        self.assertDetached(self.held)
        leader = self.recurrence.base_event_id
        self.assertNotEqual(leader, first)
        self.assertEqual(str(leader.partnership_date), "2024-06-04")
        self.assertEqual(leader.partnership_state, "planned")
        self.assertFalse(leader.attendance_ids)

    def test_what_does_not_move_is_taken_over(self):
        self._sync(self.held).write({"name": "Test new name", "start": self.held.start})
        self.assertEqual(self.held.name, "Test new name")
        self.assertEqual(self.held.recurrence_id, self.recurrence)

    def test_closed_single_meeting_is_not_moved(self):
        meeting = self._create_meeting("2024-05-06 16:00:00")
        meeting._fill_sheet()
        meeting.attendance_ids.status = "present"
        meeting._close_sheet()
        self._sync(meeting).write({"start": "2024-07-06 16:00:00", "stop": "2024-07-06 18:00:00"})
        self.assertDetached(meeting, "2024-05-06")

    def test_where_synchronisations_enter(self):
        """The modules' own methods, found by name, run in the context of a synchronisation."""
        seen = []

        def record(records, *_args, **_kwargs):
            seen.append((records._name, records.env.context.get("partnership_sync")))

        entrances = (
            "_cancel",
            "_cancel_microsoft",
            "_sync_google2odoo",
            "_sync_microsoft2odoo",
        )
        for name in entrances:
            for records in (self.series, self.recurrence):
                with patch.object(self._find_theirs(records, name), name, record, create=True):
                    getattr(records, name)()
        self.assertEqual(
            seen, [("calendar.event", INTERNAL), ("calendar.recurrence", INTERNAL)] * len(entrances)
        )

    def _find_theirs(self, records, name):
        """:return: the class whose method comes after ours: of the module that synchronises, or
        where there is none the one of all models"""
        for cls in type(records).__mro__:
            if name in vars(cls) and ".partnership_" not in cls.__module__:
                return cls
        return self.registry["base"]

    def test_kept_meeting_is_not_sent_again(self):
        self._sync(self.series).unlink()

        def records(model, *_args, **_kwargs):
            return self.series.exists() + self._create_meeting("2024-06-25 16:00:00")

        with patch.object(self.registry["base"], "_get_records_to_sync", records, create=True):
            self.assertNotIn(self.held, self.env["calendar.event"]._get_records_to_sync())
