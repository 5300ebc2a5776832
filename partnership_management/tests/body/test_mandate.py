from freezegun import freeze_time
from psycopg2.errors import ExclusionViolation

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestMandate(PartnershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council = cls._create_member("Test council")
        cls.seat = cls._create_seat(cls.council)
        cls.mandate = cls._create_mandate(cls.seat, "Test mayor")
        cls.mayor = cls.mandate.person_id

    def test_two_titulars_at_once_are_refused(self):
        with self.assertRefused("Test deputy", "Test mayor", "03/01/2024", "01/01/2024"):
            self._create_mandate(self.seat, "Test deputy", date_start="2024-03-01")
        self.mandate.date_end = "2024-03-31"
        with self.assertRefused("Test deputy", "Test mayor", "03/31/2024"):
            self._create_mandate(self.seat, "Test deputy", date_start="2024-03-31")
        deputy = self._create_mandate(self.seat, "Test deputy", date_start="2024-04-01")
        with self.assertRefused("Test mayor", "Test deputy", "04/01/2024"):
            self.mandate.date_end = False
        self.assertEqual(self.seat.titular_id, deputy.person_id)

    def test_alternate_promoted_beside_a_titular_is_refused(self):
        alternate = self._create_mandate(self.seat, "Test deputy", kind="alternate")
        with self.assertRefused("Test deputy", "Test mayor"):
            alternate.kind = "titular"

    def test_several_alternates_are_fine(self):
        for name in ("Test first", "Test second"):
            self._create_mandate(self.seat, name, kind="alternate")
        self.assertEqual(len(self.seat.alternate_ids), 2)

    def test_two_mandates_of_one_person_on_one_seat_are_refused(self):
        with self.assertRefused("Test mayor", "05/01/2024"):
            self._create_mandate(self.seat, self.mayor, kind="alternate", date_start="2024-05-01")
        self.mandate.date_end = "2024-04-30"
        again = self._create_mandate(
            self.seat, self.mayor, kind="alternate", date_start="2024-05-01"
        )
        self.assertEqual(self.seat.alternate_ids, again.person_id)

    def test_one_person_on_seats_of_two_members(self):
        seat = self._create_seat(self._create_member("Test firm"))
        self.assertTrue(self._create_mandate(seat, self.mayor))

    def test_titular_of_two_seats_of_one_member_is_refused(self):
        second = self._create_seat(self.council)
        with self.assertRefused("Test mayor", "vote weight", "01/01/2024"):
            self._create_mandate(second, self.mayor)
        self.assertTrue(self._create_mandate(second, "Test deputy"))

    def test_dates_wrong_way_round(self):
        with self.assertRefused("Test mayor", "12/31/2023", "01/01/2024"):
            self.mandate.date_end = "2023-12-31"

    def test_outside_the_dates_of_the_seat_is_refused(self):
        with self.assertRefused("Test deputy", "Test council in Test board", "12/31/2023"):
            self._create_mandate(
                self.seat, "Test deputy", date_start="2023-12-31", kind="alternate"
            )
        self.seat.date_end = "2024-05-31"
        with self.assertRefused("Test mayor", "06/01/2024", "05/31/2024"):
            self.mandate.date_end = "2024-06-01"
        with self.assertRefused("Test mayor", "05/31/2024"):
            self.mandate.date_end = False

    def test_moving_the_start_of_the_seat_checks_its_mandates(self):
        with self.assertRefused("Test mayor", "02/01/2024"):
            self.seat.date_start = "2024-02-01"

    def test_organisation_holds_no_mandate(self):
        with self.assertRefused("Test firm"):
            self._create_mandate(self.seat, self._create_organisation("Test firm"), "alternate")

    def test_messages_speak_the_format_of_the_user(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        seat = self.seat.with_context(lang="fr_FR")
        with self.assertRefused("01/03/2024"):
            seat.write(
                {
                    "mandate_ids": [
                        Command.create(
                            {
                                "person_id": self._create_person("Test deputy").id,
                                "date_start": "2024-03-01",
                            }
                        )
                    ]
                }
            )

    def test_one_of_a_batch_is_refused(self):
        seat = self._create_seat(self._create_member("Test firm"))
        persons = [self._create_person(f"Test person {number}") for number in range(3)]
        vals_list = [
            {"seat_id": seat.id, "person_id": person.id, "date_start": "2024-01-01"}
            for person in persons
        ]
        with self.assertRefused("Test firm"):
            self.env["partnership.mandate"].create(vals_list[:2])

    def test_batch_costs_no_query_per_mandate(self):
        persons = [self._create_person(f"Test person {number}") for number in range(40)]
        seats = self.env["partnership.seat"].concat(
            *[self._create_seat(self._create_member(f"Test firm {n}")) for n in range(40)]
        )
        self.env.flush_all()

        def create(start, stop):
            self.env["partnership.mandate"].create(
                [
                    {"seat_id": seat.id, "person_id": person.id, "date_start": "2024-01-01"}
                    for seat, person in zip(seats[start:stop], persons[start:stop], strict=True)
                ]
            )
            self.env.flush_all()

        create(0, 1)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        create(1, 5)
        few = self.env.cr.sql_log_count - before
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        create(5, 40)
        self.assertLessEqual(self.env.cr.sql_log_count - before, few + 2)

    @mute_logger("odoo.sql_db")
    def test_concurrent_titulars_are_refused_by_the_database(self):
        """What two transactions cannot see of each other is refused when the second commits."""
        deputy = self._create_person("Test deputy")
        self.env.flush_all()
        with self.assertRaises(ExclusionViolation), self.env.cr.savepoint():
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO partnership_mandate
                           (seat_id, person_id, kind, authority, date_start)
                    VALUES (%s, %s, 'titular', 'commits', '2024-05-01')
                    """,
                    self.seat.id,
                    deputy.id,
                )
            )
            self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_display_name(self):
        self.assertEqual(
            self.mandate.display_name, "Test mayor for Test council in Test board (Titular)"
        )

    def test_stranger_sees_no_mandate(self):
        Mandate = self.env["partnership.mandate"].with_user(self.stranger)
        self.assertFalse(Mandate.search([("id", "=", self.mandate.id)]))
        with self.assertRaises(AccessError):
            self.mandate.with_user(self.stranger).office = "chair"
        with self.assertRaises(AccessError):
            Mandate.create(
                {
                    "seat_id": self.seat.id,
                    "person_id": self.stranger.partner_id.id,
                    "kind": "alternate",
                    "date_start": "2024-06-01",
                }
            )
