from freezegun import freeze_time

from odoo.tests import tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestRecordBatch(PartnershipCase):
    """Presence written for many at once goes where it goes when written one by one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Attendance = cls.env["partnership.attendance"]
        cls.council = cls._create_member("Test council")
        cls.firm = cls._create_member("Test firm")
        cls.seats = cls._create_seat(cls.council) + cls._create_seat(cls.council)
        cls.firm_seat = cls._create_seat(cls.firm)
        cls.titular = cls._create_mandate(cls.seats[0], "Test first").person_id
        cls.second = cls._create_mandate(cls.seats[1], "Test second").person_id
        cls.guest = cls._create_person("Test guest")
        cls.meeting = cls._create_meeting()

    def _known(self, person, organisation=None, event=None, **values):
        return {
            "event_id": event or self.meeting,
            "person_id": person,
            "organisation_id": organisation,
            **values,
        }

    def test_seat_of_the_mandate_goes_first(self):
        council, firm = self.council.partner_id, self.firm.partner_id
        rows = self.Attendance._record_batch(
            [
                self._known(self.second, council, status="present"),
                self._known(self.guest, firm, status="late"),
                self._known(self.guest, status="present"),
                self._known(self.titular, council, status="absent", reason="Test illness"),
            ]
        )
        self.assertEqual(
            [row.seat_id for row in rows],
            [self.seats[1], self.firm_seat, self.env["partnership.seat"], self.seats[0]],
        )
        self.assertEqual(rows[1].membership_id, self.firm)
        self.assertEqual([row.status for row in rows], ["present", "late", "present", "absent"])
        self.assertEqual(rows[0].mandate_id.person_id, self.second)

    def test_same_row_twice(self):
        first, other, second = self.Attendance._record_batch(
            [
                self._known(self.guest, status="absent"),
                self._known(self.guest, self.firm.partner_id, status="present"),
                self._known(self.guest, status="present", mode="remote"),
            ]
        )
        self.assertEqual(first, second)
        self.assertNotEqual(first, other)
        self.assertEqual((first.status, first.mode), ("present", "remote"))

    def test_rows_of_the_sheet_are_used(self):
        self.meeting._fill_sheet()
        rows = self.meeting.attendance_ids
        [row] = self.Attendance._record_batch(
            [self._known(self.titular, self.council.partner_id, status="present")]
        )
        self.assertIn(row, rows)
        self.assertEqual(self.meeting.attendance_ids, rows)

    def test_seat_that_nobody_holds(self):
        self.meeting._fill_sheet()
        vacant = self.meeting.attendance_ids.filtered(lambda row: row.seat_id == self.firm_seat)
        self.assertFalse(vacant.person_id)
        [row] = self.Attendance._record_batch(
            [self._known(None, self.firm.partner_id, status="absent")]
        )
        self.assertEqual((row, row.status), (vacant, "absent"))

    def test_places_of_the_day(self):
        """Seats and memberships are those valid on the date of each meeting."""
        self.seats[0]._end(self.meeting.partnership_date)
        later = self._create_meeting("2024-06-10 10:00:00")
        before, after = self.Attendance._record_batch(
            [
                self._known(self.titular, self.council.partner_id, event=event)
                for event in (self.meeting, later)
            ]
        )
        self.assertEqual(before.seat_id, self.seats[0])
        self.assertEqual(after.seat_id, self.seats[1])

    def test_no_query_for_each_row(self):
        persons = [self._create_person(f"Test guest {number}") for number in range(60)]
        council = self.council.partner_id

        def record(some, status):
            self.env.invalidate_all()
            with self.assertQueryCount(30):
                self.Attendance._record_batch(
                    [self._known(person, council, status=status) for person in some]
                )
                self.env.flush_all()

        record(persons[:5], "present")
        record(persons[5:], "present")
        record(persons, "absent")
