from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestRecordedDates(PartnershipCase):
    """Two meetings were held: nothing that was recorded there loses the ground it stands on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.assembly = cls._create_body("Test assembly", seat_policy="members")
        cls.council = cls._create_member("Test council")
        cls.seat = cls._create_seat(cls.council)
        cls.own = cls.council.seat_ids - cls.seat
        cls.mandate = cls._create_mandate(cls.seat, "Test titular")
        cls.other = cls._create_person("Test other")
        cls.meetings = cls._create_meeting("2024-05-06 16:00:00")
        cls.meetings += cls._create_meeting("2024-06-03 16:00:00")
        cls.meetings._fill_sheet()
        cls.rows = cls.meetings.attendance_ids
        cls.rows.status = "present"
        cls.meetings._close_sheet()

    def _change(self, **values):
        return (
            self.env["partnership.membership.change"]
            .with_user(self.facilitator)
            .create({"membership_ids": self.council.ids, "reason": "Test", **values})
        )

    def _renew(self, date):
        wizard = self.env["partnership.mandate.renew"].with_user(self.facilitator)
        wizard = wizard.create(
            {"accept_vacant": True, "mandate_ids": [Command.set(self.mandate.ids)], "date": date}
        )
        wizard.action_apply()

    def test_seats_members_and_elections_do_not_end_before(self):
        """Whichever way they end; the message says what, when, at how many meetings."""
        for way, name in (
            (lambda: self.seat.write({"date_end": "2024-05-05"}), "Test council in Test board"),
            (lambda: self.seat._end(self.seat.date_start), "Test council in Test board"),
            (lambda: self.council.write({"date_end": "2024-05-05"}), "Test council"),
            (lambda: self._change(operation="end", date="2024-05-05").action_apply(), "council"),
            (lambda: self._renew("2024-05-05"), "Test titular"),
        ):
            with self.assertRefused(name, "2024", "meetings: 2", "06/03/2024", exception=UserError):
                way()
        for record in (self.seat, self.council, self.mandate):
            self.assertFalse(record.date_end)

    def test_the_day_of_the_last_meeting_is_fine(self):
        self.council.date_end = "2024-06-03"
        self.assertEqual(str(self.seat.date_end), "2024-06-03")
        self.assertEqual(str(self.mandate.date_end), "2024-06-03")
        with self.assertRefused("meetings: 1", "06/03/2024", exception=UserError):
            self.seat.date_end = "2024-06-02"

    def test_one_mandate_is_corrected(self):
        """Somebody who was there had none after all: the presence stays, as what it was."""
        self.mandate.date_end = "2024-05-31"
        self.env.flush_all()
        line = self.env["partnership.participation.report"].search(
            [("event_id", "=", self.meetings[1].id), ("seat_id", "=", self.seat.id)]
        )
        self.assertEqual((line.outcome, line.person_id), ("unmandated", self.mandate.person_id))

    def test_seat_that_goes_with_the_role_does_not_end_before(self):
        held = self._create_meeting("2024-06-04 16:00:00", body=self.assembly)
        held._close_sheet("absent")
        self.assertEqual(held.attendance_ids.seat_id, self.own)
        change = self._change(role_id=self.role_contacted.id, date="2024-06-01")
        with self.assertRefused("Test assembly", "06/04/2024", exception=UserError):
            change.action_apply()
        self._change(role_id=self.role_contacted.id, date="2024-06-05").action_apply()
        self.assertEqual(str(self.own.date_end), "2024-06-04")

    def test_nothing_begins_after(self):
        with self.assertRefused("begin", "meetings: 1", "05/06/2024", exception=UserError):
            self.seat.date_start = "2024-05-07"
        other = self._create_member(self.other, role=self.role_contacted)
        guest = self.rows.create(
            {
                "event_id": self.meetings[0].id,
                "person_id": self.other.id,
                "membership_id": other.id,
                "status": "present",
            }
        )
        self.assertFalse(guest.seat_id)
        with self.assertRefused("Test other", "05/06/2024", exception=UserError):
            other.date_start = "2024-05-07"
        other.date_start = "2024-05-06"

    def test_who_did_not_come_needs_no_mandate(self):
        """Elections that are entered late: the seat was that of others by then."""
        self.rows.status = "absent"
        self._renew("2024-05-05")
        self.assertFalse(self.rows.mandate_id)
        with self.assertRefused("Test council in Test board", exception=UserError):
            self.seat.date_end = "2024-05-05"
        self.rows.status = "not_recorded"
        self.seat.date_end = "2024-05-05"

    def test_apology_sent_ahead_does_not_keep_a_seat(self):
        ahead = self._create_meeting("2024-06-24 16:00:00", partner_ids=self.mandate.person_id.ids)
        ahead.attendee_ids._apologise(self.seat)
        self.seat.date_end = "2024-06-20"
        self.assertEqual(ahead.attendance_ids.status, "excused")

    def test_used_mandate_stays_with_its_person(self):
        for user in (self.facilitator, self.officer):
            with self.assertRefused(
                "Test titular", "01/01/2024", "begin another", exception=UserError
            ):
                self.mandate.with_user(user).person_id = self.other
            self.mandate.with_user(user).write({"person_id": self.mandate.person_id.id})
        with self.assertRefused("Test titular", exception=UserError):
            self.mandate.seat_id = self.own

    def test_mandate_of_an_expected_alternate_is_used(self):
        """Nobody recorded the alternate, and still it was theirs to come."""
        alternate = self._create_mandate(self.seat, "Test alternate", "alternate")
        with self.assertRefused("Test alternate", exception=UserError):
            alternate.person_id = self.other
        alternate.date_start = "2024-05-07"
        alternate.date_end = "2024-06-02"
        alternate.person_id = self.other
        self.assertEqual(alternate.person_id, self.other)

    def test_mandate_of_an_open_sheet_is_used(self):
        seat = self._create_seat(self._create_member("Test firm"))
        mandate = self._create_mandate(seat, "Test director", date_start="2024-06-04")
        mandate.person_id = self.other
        ahead = self._create_meeting("2024-06-24 16:00:00")
        ahead._fill_sheet()
        with self.assertRefused("Test other", exception=UserError):
            mandate.person_id = self._create_person("Test third")

    def test_merge_takes_the_mandate_along(self):
        double = self._create_person("Test double")
        self.mandate.person_id.email = double.email
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.mandate.person_id + double).ids, double, extra_checks=False)
        self.assertEqual(self.mandate.person_id, double)
