from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestSeat(PartnershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council = cls._create_member("Test council")
        cls.seat = cls._create_seat(cls.council)

    def test_dates_wrong_way_round(self):
        with self.assertRefused("Test council in Test board", "02/01/2024", "01/31/2024"):
            self._create_seat(self.council, date_start="2024-02-01", date_end="2024-01-31")

    def test_outside_the_membership_is_refused(self):
        with self.assertRefused("Test council in Test board", "12/31/2023", "01/01/2024"):
            self._create_seat(self.council, date_start="2023-12-31")
        firm = self._create_member("Test firm", date_end="2024-05-31")
        with self.assertRefused("Test firm", "05/31/2024"):
            self._create_seat(firm, date_end="2024-06-01")
        with self.assertRefused("Test firm"):
            self._create_seat(firm)

    def test_moving_the_start_of_the_membership_checks_its_seats(self):
        with self.assertRefused("Test council in Test board", "02/01/2024"):
            self.council.date_start = "2024-02-01"

    def test_member_of_another_partnership_is_refused(self):
        other = self.partnership.copy({"name": "Other partnership"})
        body = self._create_body("Other board", partnership_id=other.id)
        with self.assertRefused("Test council", "Other board", "Other partnership"):
            self._create_seat(self.council, body=body)

    @mute_logger("odoo.sql_db")
    def test_negative_weight_is_refused(self):
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.seat.vote_weight = -1
            self.env.flush_all()

    def test_holders(self):
        self.assertTrue(self.seat.is_vacant)
        alternate = self._create_mandate(self.seat, "Test alternate", kind="alternate").person_id
        self.assertFalse(self.seat.is_vacant)
        titular = self._create_mandate(self.seat, "Test titular").person_id
        self.assertEqual(self.seat.titular_id, titular)
        self.assertEqual(self.seat.alternate_ids, alternate)

    def test_individual_sits_for_itself(self):
        person = self._create_person("Test resident")
        seat = self._create_seat(self._create_member(person))
        self.assertEqual(seat.titular_id, person)
        self.assertFalse(seat.is_vacant)
        alternate = self._create_mandate(seat, "Test neighbour", kind="alternate").person_id
        self.assertEqual((seat.titular_id, seat.alternate_ids), (person, alternate))

    def test_search_vacant(self):
        individual = self._create_seat(self._create_member(self._create_person("Test resident")))
        held = self._create_seat(self._create_member("Test firm"))
        self._create_mandate(held, "Test director")
        lapsed = self._create_seat(self._create_member("Test club"))
        self._create_mandate(lapsed, "Test president", date_end="2024-06-14")
        seats = self.seat + individual + held + lapsed
        Seat = self.env["partnership.seat"]
        here = [("id", "in", seats.ids)]
        vacant = Seat.search([*here, ("is_vacant", "=", True)])
        self.assertEqual(vacant, self.seat + lapsed)
        self.assertEqual(vacant, seats.filtered("is_vacant"))
        self.assertEqual(Seat.search([*here, ("is_vacant", "=", False)]), individual + held)

    def test_ending_a_seat_ends_its_mandates(self):
        mandate = self._create_mandate(self.seat, "Test titular")
        later = self._create_mandate(
            self.seat, "Test later", kind="alternate", date_start="2024-06-10"
        )
        self.seat.date_end = "2024-05-31"
        self.assertEqual(str(mandate.date_end), "2024-05-31")
        self.assertFalse(later.exists(), "it had not begun")

    def test_recorded_seat_neither_moves_nor_disappears(self):
        self._create_mandate(self.seat, "Test titular")
        meeting = self._create_meeting()
        meeting.action_open_sheet()
        meeting.attendance_ids.status = "present"
        other = self._create_body("Other board")
        with self.assertRefused("Test council in Test board", exception=UserError):
            self.seat.body_id = other
        with self.assertRefused("Test council in Test board", exception=UserError):
            self.seat.unlink()

    def test_counts_of_the_body(self):
        self._create_seat(self._create_member("Test firm"), date_start="2024-07-01")
        self._create_seat(self._create_member("Test club"), date_end="2024-06-14")
        self._create_meeting()
        self.assertEqual(self.body.seat_count, 1)
        self.assertEqual(self.body.meeting_count, 1)
        self.assertEqual(len(self.body.current_seat_ids), 2, "ended ones are left out")
        self.assertEqual(self.body.with_user(self.facilitator).meeting_count, 1)

    def test_stranger_sees_no_seat(self):
        Seat = self.env["partnership.seat"].with_user(self.stranger)
        self.assertFalse(Seat.search([("id", "=", self.seat.id)]))
        with self.assertRaises(AccessError):
            self.seat.with_user(self.stranger).vote_weight = 2
