from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestSheet(PartnershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council = cls._create_member("Test council")
        cls.firm = cls._create_member("Test firm", group=cls.group_economic)
        cls.resident = cls._create_member(cls._create_person("Test resident"))
        cls.seats = cls._create_seat(cls.council) + cls._create_seat(cls.firm)
        cls.seats += cls._create_seat(cls.resident)
        cls.titular = cls._create_mandate(cls.seats[0], "Test titular").person_id
        cls.alternate = cls._create_mandate(cls.seats[0], "Test alternate", "alternate").person_id
        cls.meeting = cls._create_meeting()

    def _participation(self):
        self.env.flush_all()
        return {
            line.seat_id: line
            for line in self.env["partnership.participation.report"].search(
                [("event_id", "=", self.meeting.id)]
            )
        }

    def test_expected_are_the_seats_valid_that_day(self):
        self.seats[1].date_end = "2024-06-02"
        expected = self.meeting._get_expected()[self.meeting.id]
        self.assertEqual(
            [(values["seat_id"], values["person_id"]) for values in expected],
            [
                (self.seats[0].id, self.titular.id),
                (self.seats[2].id, self.resident.partner_id.id),
            ],
        )
        self.assertEqual(expected[0]["organisation_id"], self.council.partner_id.id)
        self.assertFalse(expected[1]["organisation_id"])

    def test_opening_twice_adds_nothing_twice(self):
        self.meeting._fill_sheet()
        rows = self.meeting.attendance_ids
        self.assertEqual(len(rows), 3)
        self.assertEqual(rows.mapped("status"), ["not_recorded"] * 3)
        self.meeting._fill_sheet()
        self.assertEqual(self.meeting.attendance_ids, rows)
        late_seat = self._create_seat(self._create_member("Test late member"))
        self.seats[1].date_end = "2024-06-01"
        self.meeting._fill_sheet()
        self.assertEqual(
            self.meeting.attendance_ids.seat_id, self.seats[0] + self.seats[2] + late_seat
        )

    def test_marked_row_of_an_ended_seat_stays(self):
        self.meeting._fill_sheet()
        row = self.meeting.attendance_ids.filtered(lambda row: row.seat_id == self.seats[1])
        self.seats[1].date_end = "2024-06-01"
        row.status = "excused"
        self.meeting._fill_sheet()
        self.assertIn(self.seats[1], self.meeting.attendance_ids.seat_id)

    def test_outcome_is_the_best_of_the_seat(self):
        self.meeting._fill_sheet()
        rows = self._rows(self.meeting)
        rows[self.titular].status = "absent"
        self.env["partnership.attendance"]._record(
            self.meeting, self.alternate, self.council.partner_id, status="late"
        )
        rows[self.resident.partner_id].write({"status": "excused", "proxy_id": self.alternate.id})
        self.meeting._close_sheet("absent")
        lines = self._participation()
        council, firm, resident = (lines[seat] for seat in self.seats)
        self.assertEqual((council.outcome, council.person_id), ("alternate", self.alternate))
        self.assertEqual((council.represented, council.presence_rate), (1, 1.0))
        self.assertEqual((firm.outcome, firm.expected, firm.presence_rate), ("vacant", 1, 0.0))
        self.assertEqual(resident.outcome, "proxy")
        self.assertEqual((resident.presence_rate, resident.commitment_rate), (0.0, 1.0))

    def test_not_recorded_counts_in_no_rate(self):
        self.meeting._fill_sheet()
        self.assertFalse(self._participation(), "an open sheet does not count")
        self._rows(self.meeting)[self.titular].status = "present"
        self.meeting._close_sheet()
        lines = self._participation()
        self.assertEqual(lines[self.seats[1]].outcome, "not_recorded")
        self.assertEqual(lines[self.seats[1]].expected, 0)
        totals = self.env["partnership.participation.report"]._read_group(
            [("event_id", "=", self.meeting.id)], [], ["represented:sum", "expected:sum"]
        )
        self.assertEqual(totals, [(1, 1)])

    def test_recorded_row_is_not_deleted(self):
        self.meeting._fill_sheet()
        row = self._rows(self.meeting)[self.titular]
        row.status = "present"
        with self.assertRefused("Test titular", exception=UserError):
            row.unlink()

    def test_used_mandate_is_not_deleted(self):
        self.meeting._fill_sheet()
        mandate = self._rows(self.meeting)[self.titular].mandate_id
        with self.assertRefused("Test titular", exception=UserError):
            mandate.unlink()

    def test_mandate_of_a_row_follows_the_dates(self):
        """A mandate corrected afterwards is the one that counts: nothing is copied."""
        self.meeting._fill_sheet()
        row = self._rows(self.meeting)[self.titular]
        mandate = row.mandate_id
        self.assertEqual(mandate.person_id, self.titular)
        mandate.date_end = "2024-06-02"
        self.assertFalse(row.mandate_id, "the meeting was on 2024-06-03")
        mandate.date_end = "2024-06-03"
        self.assertEqual(row.mandate_id, mandate)

    def test_whatever_is_corrected_is_logged(self):
        """How somebody came, when, and that the reason is another one; not the reason itself."""
        self.meeting._close_sheet("absent")
        row = self._rows(self.meeting)[self.titular]
        for values, said in (
            ({"status": "present", "mode": "remote"}, "Absent → Present, remote"),
            ({"check_in": "2024-06-03 16:05:00"}, "Present, remote, checked in"),
            ({"reason": "Test illness"}, "(another reason)"),
        ):
            before = self._log(self.meeting)
            row.write(values)
            message = self._log(self.meeting) - before
            self.assertEqual(len(message), 1, values)
            self.assertIn(said, message.text)
            self.assertNotIn("illness", message.text)
        before = self._log(self.meeting)
        row.write({"reason": "Test illness"})
        self.assertEqual(self._log(self.meeting), before, "nothing changed, nothing logged")

    def test_correction_of_a_closed_sheet_is_logged_once(self):
        self.meeting._fill_sheet()
        self.meeting._close_sheet("absent")
        before = self._log(self.meeting)
        self.meeting.attendance_ids.write({"status": "excused", "reason": "Test illness"})
        message = self._log(self.meeting) - before
        self.assertEqual(len(message), 1)
        self.assertIn("Test titular", message.text)
        self.assertIn("Absent → Excused", message.text)
        self.assertNotIn("illness", message.text, "reasons are confidential")

    def test_composition_on_a_date(self):
        Composition = self.env["partnership.composition.report"]
        self.firm.with_context(transition_date="2024-05-01").role_id = self.role_active
        self.titular.partnership_mandate_ids.date_end = "2024-05-31"
        self.council.date_end = "2024-06-05"
        self.env.flush_all()

        def on(date):
            self.env.invalidate_all()
            return {
                line.partner_id: (line.role_id, line.titular_id, line.alternate_id)
                for line in Composition.with_context(as_of=date).search(
                    [("partnership_id", "=", self.partnership.id)]
                )
            }

        nobody = self.env["res.partner"]
        april, june = on("2024-04-30"), on("2024-06-06")
        self.assertEqual(
            april[self.council.partner_id], (self.role_formal, self.titular, self.alternate)
        )
        self.assertEqual(april[self.firm.partner_id], (self.role_formal, nobody, nobody))
        self.assertNotIn(self.council.partner_id, june)
        self.assertEqual(june[self.firm.partner_id][0], self.role_active)
        self.assertEqual(june[self.resident.partner_id][1], self.resident.partner_id)
        self.assertFalse(on("2023-12-31"))

    def test_share_of_groups_and_sectors(self):
        self.seats[0].vote_weight = 2
        self.env.flush_all()
        shares = {share.interest_group_id or share.sector: share for share in self.body.share_ids}
        public = shares[self.group_public]
        self.assertEqual((public.seats, public.seats_total), (2, 3))
        self.assertAlmostEqual(public.weight_share, 0.75)
        self.assertTrue(public.is_over_ceiling)
        self.assertFalse(shares["economic"].is_over_ceiling)
        self.assertAlmostEqual(shares["economic"].weight_share, 0.25)

    def test_ceiling_holds_for_seats_and_for_votes(self):
        """Two of three seats with few votes, and one seat with most of them."""
        self.seats.vote_weight = 0.1
        self.seats[1].vote_weight = 1
        self.env.flush_all()
        self.env.invalidate_all()
        shares = {share.interest_group_id: share for share in self.body.group_share_ids}
        public, economic = shares[self.group_public], shares[self.group_economic]
        self.assertTrue(public.is_over_ceiling)
        self.assertLess(public.weight_share, 0.49)
        self.assertTrue(economic.is_over_ceiling)
        self.assertLess(economic.seat_share, 0.49)

    def test_opening_again_leaves_guests_and_gives_them_a_place(self):
        guest = self._create_person("Test guest")
        self.env["partnership.attendance"]._record(self.meeting, guest)
        self.meeting._fill_sheet()
        row = self._rows(self.meeting)[guest]
        self.assertFalse(row.seat_id)
        self.meeting._fill_sheet()
        self.assertTrue(row.exists(), "nobody said that the guest would come no more")
        seat = self._create_seat(self._create_member(guest))
        self.meeting._fill_sheet()
        self.assertEqual(row.seat_id, seat)
        self.assertEqual(len(self.meeting.attendance_ids), 4)
