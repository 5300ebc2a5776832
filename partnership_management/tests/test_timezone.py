from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestTimezone(PartnershipCase):
    """A partnership in Auckland, whose facilitator sits in Los Angeles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partnership.tz = "Pacific/Auckland"
        cls.facilitator.tz = "America/Los_Angeles"
        cls.seat = cls._create_seat(cls._create_member("Test council"))
        cls.may = cls._create_mandate(cls.seat, "Test may", date_end="2024-05-31").person_id
        cls.june = cls._create_mandate(cls.seat, "Test june", date_start="2024-06-01").person_id

    def _expected(self, meeting):
        person = meeting._get_expected()[meeting.id][0]["person_id"]
        return self.env["res.partner"].browse(person)

    def test_titular_of_the_day_in_the_partnership(self):
        for start, date, person in (
            ("2024-05-31 11:59:00", "2024-05-31", self.may),
            ("2024-05-31 12:00:00", "2024-06-01", self.june),
            ("2024-05-31 23:30:00", "2024-06-01", self.june),
        ):
            meeting = self._create_meeting(start, user_id=self.facilitator.id)
            meeting = meeting.with_user(self.facilitator)
            self.assertEqual(str(meeting.partnership_date), date)
            self.assertEqual(self._expected(meeting), person)
            meeting._fill_sheet()
            self.assertEqual(meeting.attendance_ids.person_id, person)
            self.assertEqual(str(meeting.attendance_ids.date), date)
            meeting.action_update_guests()
            self.assertEqual(meeting.partner_ids, person)

    def test_all_day_by_its_date(self):
        for date, person in (("2024-05-31", self.may), ("2024-06-01", self.june)):
            meeting = (
                self.env["calendar.event"]
                .with_user(self.facilitator)
                .create(
                    {
                        "name": "Test whole day",
                        "partnership_body_id": self.body.id,
                        "allday": True,
                        "start": date,
                        "stop": date,
                        "start_date": date,
                        "stop_date": date,
                    }
                )
            )
            self.assertEqual(str(meeting.partnership_date), date)
            self.assertEqual(self._expected(meeting), person)
            self.assertEqual(meeting.partner_ids, person | self.facilitator.partner_id)

    def test_all_day_meeting_is_closed_on_its_day_there(self):
        meeting = self.env["calendar.event"].create(
            {
                "name": "Test whole day",
                "partnership_body_id": self.body.id,
                "allday": True,
                "start_date": "2024-06-16",
                "stop_date": "2024-06-16",
            }
        )
        self.assertEqual(str(meeting.partnership_date), "2024-06-16")
        with freeze_time("2024-06-15 11:59:00"), self.assertRefused("06/16", exception=UserError):
            meeting._close_sheet()
        with freeze_time("2024-06-15 12:01:00"):
            meeting._close_sheet()

    def test_clocks_change(self):
        """On 6 April 2024 at 14:00 UTC Auckland went from 13 to 12 hours ahead."""
        for start, date in (
            ("2024-04-06 10:59:00", "2024-04-06"),
            ("2024-04-06 11:00:00", "2024-04-07"),
            ("2024-04-07 11:59:00", "2024-04-07"),
            ("2024-04-07 12:00:00", "2024-04-08"),
        ):
            meeting = self._create_meeting(start, stop="2024-04-08 18:00:00")
            self.assertEqual(str(meeting.partnership_date), date, start)

    def test_series_across_the_change_of_clocks(self):
        meeting = self._create_meeting(
            "2024-03-27 11:30:00",
            stop="2024-03-27 12:30:00",
            recurrency=True,
            rrule_type="weekly",
            thu=True,
            interval=1,
            count=4,
            end_type="count",
            event_tz="Pacific/Auckland",
        )
        series = meeting.recurrence_id.calendar_event_ids.sorted("start")
        self.assertEqual(
            [str(event.partnership_date) for event in series],
            ["2024-03-28", "2024-04-04", "2024-04-11", "2024-04-18"],
        )

    def test_moving_a_partnership_moves_the_dates_of_its_meetings_and_rows(self):
        meeting = self._create_meeting("2024-05-31 23:30:00")
        meeting._fill_sheet()
        row = meeting.attendance_ids
        row.status = "present"
        meeting._close_sheet()
        self.assertEqual(row.mandate_id.person_id, self.june)
        self.partnership.tz = "America/Los_Angeles"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(str(meeting.partnership_date), "2024-05-31")
        self.assertEqual((str(row.date), row.status), ("2024-05-31", "present"))
        self.assertFalse(row.mandate_id, "no mandate of june was valid on 31 May")
        line = self.env["partnership.participation.report"].search([("event_id", "=", meeting.id)])
        self.assertEqual((str(line.date), line.outcome), ("2024-05-31", "unmandated"))
        self.assertEqual(self._expected(meeting), self.may)

    def test_a_user_elsewhere_changes_no_date(self):
        meeting = self._create_meeting("2024-05-31 23:30:00", user_id=self.facilitator.id)
        meeting._fill_sheet()
        meeting.attendance_ids.status = "present"
        before = meeting.message_ids
        meeting.with_user(self.facilitator).with_context(tz="America/Los_Angeles").write(
            {"start": "2024-06-01 00:30:00", "stop": "2024-06-01 01:30:00"}
        )
        self.assertEqual(str(meeting.partnership_date), "2024-06-01")
        self.assertEqual(meeting.message_ids, before, "the same day there: nothing to log")
