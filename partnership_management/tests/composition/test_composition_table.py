from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .composition_common import CompositionCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestCompositionTable(CompositionCase):
    """Presences, free dimensions, and the rows behind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council, cls.firm, cls.club = cls.members = cls._create_members(1, 1, 1)
        cls.guest = cls._create_member("Test guest", cls.role_informal, cls.group_civil)
        cls.persons = {}
        for member in (*cls.members, cls.guest):
            person = cls._create_person(f"Speaker of {member.partner_id.name}")
            cls.persons[member] = person
        for member in cls.members:
            cls._create_mandate(cls._create_seat(member), cls.persons[member])

    def _meet(self, *members, start="2024-06-03 16:00:00", close=True, body=None, **values):
        """A meeting to which the persons of ``members`` came."""
        meeting = self._create_meeting(start, body=body, **values)
        for member in members:
            self.env["partnership.attendance"]._record(
                meeting, self.persons[member], member.partner_id, status="present"
            )
        if close:
            meeting._close_sheet("absent")
        return meeting

    def test_presences_of_guests_count(self):
        self._meet(self.council, self.firm, self.club)
        self._meet(self.council, self.firm, self.guest, start="2024-06-04 16:00:00")
        summary = self._get_summary()
        self.assertEqual((summary.members, summary.presences), (3, 6))
        self.assertAlmostEqual(summary.representativeness_table, 100, places=1)
        self.assertEqual(self._get_shares()["Test associations"].presences, 2)
        self.assertAlmostEqual(self.partnership.representativeness_table, 100, places=1)

    def test_only_closed_meetings_of_bodies_in_twelve_months(self):
        self._meet(self.council, self.firm, self.club, close=False)
        self._meet(self.council, self.firm, self.club, start="2024-01-15 16:00:00")
        for date, count in (("2024-06-15", 3), ("2025-01-14", 3), ("2025-01-15", 0)):
            self.assertEqual(self._get_summary(as_of=date).presences, count, date)
        self.assertEqual(self._get_summary(as_of="2024-01-14").presences, 0)

    def test_late_counts_and_absent_does_not(self):
        meeting = self._meet(self.council, self.firm, self.club)
        rows = meeting.attendance_ids.grouped("membership_id")
        rows[self.council].status = "late"
        rows[self.firm].status = "absent"
        self.assertEqual(self._get_summary().presences, 2)
        self.assertIs(self._get_summary().representativeness_table, False)

    def test_group_of_the_meeting(self):
        self._meet(self.council, self.firm, self.club, start="2024-05-03 16:00:00")
        self.firm.with_context(transition_date="2024-06-01").interest_group_id = self.group_public
        self._meet(self.firm)
        shares = self._get_shares()
        self.assertEqual(shares["Test firms"].presences, 1)
        self.assertEqual(shares["Test councils"].presences, 2)
        self.assertEqual(shares["Test firms"].members, 0)

    def test_by_body(self):
        other = self._create_body("Test group")
        self._meet(self.council, self.firm, self.club)
        self._meet(self.council, self.council, body=other)
        self.assertEqual(self._get_summary(body=self.body).presences, 3)
        self.assertEqual(self._get_summary(body=other).presences, 1)
        self.assertEqual(self._get_summary().presences, 4)

    def _set_ages(self):
        """Age groups of the persons: young, old, young, old."""
        self.by_age = self.env["partnership.dimension"].create(
            {
                "name": "Test age",
                "subject": "person",
                "value_ids": [Command.create({"name": name}) for name in ("Young", "Old")],
            }
        )
        self.young, self.old = self.by_age.value_ids
        for number, person in enumerate(self.persons.values()):
            self.env["partnership.trait"].create(
                {
                    "partnership_id": self.partnership.id,
                    "partner_id": person.id,
                    "dimension_id": self.by_age.id,
                    "value_id": (self.old if number % 2 else self.young).id,
                    "date_start": "2024-01-01",
                }
            )
        self._set_profile({self.young: 0.5, self.old: 0.5}, self.by_age)

    def test_persons_carry_their_dimensions(self):
        """On paper the titular counts, at the table who came."""
        self._set_ages()
        self._meet(self.council, self.firm, self.guest)
        self._meet(self.firm, start="2024-06-04 16:00:00")
        shares = self._get_shares(self.by_age)
        self.assertEqual(
            {name: row.members for name, row in shares.items()}, {"Young": 2, "Old": 1}
        )
        self.assertEqual(
            {name: row.presences for name, row in shares.items()}, {"Young": 1, "Old": 3}
        )
        summary = self._get_summary(self.by_age)
        self.assertAlmostEqual(summary.representativeness_paper, 83.3, places=1)
        self.assertEqual(summary.representativeness_table, 75)
        self.assertEqual(summary.largest_value_id, self.young)
        self.assertEqual(self._get_summary(self.by_age, body=self.body).members, 3)

    def test_individuals_carry_their_own(self):
        self._set_ages()
        person = self.persons[self.guest]
        self._create_member(person, group=self.group_civil)
        self.assertEqual(self._get_shares(self.by_age)["Old"].members, 2)

    def test_who_has_no_value_counts_nowhere(self):
        self._set_ages()
        self._create_member("Test silent")
        self.assertEqual(self._get_summary(self.by_age).members, 3)
        self.assertEqual(self._get_summary().members, 4)

    def test_anonymous_person_still_counts(self):
        self._set_ages()
        before = self._get_summary(self.by_age).representativeness_paper
        person = self.persons[self.council]
        person.with_user(self.administrator)._partnership_anonymise()
        self.assertEqual(self._get_summary(self.by_age).representativeness_paper, before)
        trait = self.env["partnership.trait"].search([("partner_id", "=", person.id)])
        self.assertNotIn("Speaker", trait.display_name)

    def test_rows_behind_a_share(self):
        self._set_ages()
        meeting = self._meet(self.council, self.firm, self.guest)
        for dimension, name, members, presences in (
            (self.by_group, "Test councils", self.council, self.council),
            (self.by_sector, "Civil society", self.club, self.guest),
            (self.by_age, "Young", self.council + self.club, self.council),
        ):
            share = self._get_shares(dimension)[name]
            action = share.action_open_members()
            Report = self.env[action["res_model"]].with_context(**action["context"])
            self.assertEqual(Report.search(action["domain"]).membership_id, members, name)
            action = share.action_open_presences()
            rows = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(rows.membership_id, presences, name)
            self.assertEqual(rows.event_id, meeting)

    def test_picture_has_three_series(self):
        self._meet(self.council, self.firm, self.club)
        self.env.flush_all()
        rows = self.env["partnership.composition.picture"].search(
            [*self._where(None, None), ("interest_group_id", "=", self.group_public.id)]
        )
        self.assertEqual(set(rows.mapped("series")), {"area", "paper", "table"})
        for row in rows:
            self.assertAlmostEqual(row.share, 1 / 3, places=4)
        for series in ("paper", "table"):
            row = rows.filtered(lambda row, series=series: row.series == series)
            action = row.action_open_rows()
            found = self.env[action["res_model"]].with_context(**action["context"])
            self.assertEqual(found.search(action["domain"]).membership_id, self.council)

    def test_strangers_see_nothing(self):
        self._meet(self.council, self.firm, self.club)
        self.assertFalse(self._get_summary(user=self.stranger))
        self.assertFalse(self._get_shares(user=self.stranger))

    def test_no_query_per_partnership(self):
        places = self.partnership
        for number in range(20):
            places += self.partnership.copy({"name": f"Test copy {number}"})

        def count(partnerships):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            partnerships.mapped("representativeness_paper")
            return self.env.cr.sql_log_count - before

        count(places)
        self.assertEqual(count(places[:1]), count(places))
