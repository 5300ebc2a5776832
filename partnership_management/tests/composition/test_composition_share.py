from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import SQL

from .composition_common import CompositionCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestCompositionShare(CompositionCase):
    def test_check_values(self):
        """The definition: a third of each group is wanted."""
        for counts, expected in (((8, 8, 8), 100), ((7, 3, 2), 75), ((6, 2, 1), 66.7)):
            with self.subTest(counts=counts), self.env.cr.savepoint() as savepoint:
                self._create_members(*counts)
                summary = self._get_summary()
                self.assertAlmostEqual(summary.representativeness_paper, expected, places=1)
                self.assertAlmostEqual(
                    self.partnership.representativeness_paper, expected, places=1
                )
                savepoint.rollback()
                self.env.invalidate_all()

    def test_parts_of_a_share(self):
        self._create_members(7, 3, 2)
        shares = self._get_shares()
        public = shares["Test councils"]
        self.assertEqual((public.members, public.members_total), (7, 12))
        self.assertAlmostEqual(public.member_share, 7 / 12)
        self.assertAlmostEqual(public.gap, 7 / 12 - 1 / 3, places=4)
        self.assertTrue(public.is_largest and public.is_over_ceiling)
        self.assertFalse(shares["Test firms"].is_largest or shares["Test firms"].is_over_ceiling)

    def test_too_few_say_nothing(self):
        self._create_members(1, 1, 0)
        summary = self._get_summary()
        self.assertIs(summary.representativeness_paper, False)
        self.assertIs(summary.largest_share, False)
        self.assertFalse(summary.largest)
        self.assertEqual(summary.missing_count, 1)
        self.assertIs(self.partnership.representativeness_paper, False)
        self.assertTrue(self.partnership.has_profile)
        self._set_profile({})
        self.assertFalse(self.partnership.has_profile)

    def test_missing_and_largest_group(self):
        self._create_members(4, 2, 0)
        summary = self._get_summary()
        self.assertEqual(summary.missing, "Test associations")
        self.assertEqual(summary.largest_group_id, self.group_public)
        self.assertEqual((summary.largest_members, summary.members), (4, 6))
        self.assertAlmostEqual(summary.largest_share, 4 / 6)
        self.assertEqual(self.partnership.missing_group_ids, self.group_civil)
        self.assertEqual(self.partnership.missing_group_count, 1)
        self.assertEqual(self.partnership.largest_group_id, self.group_public)
        self.assertEqual(self.partnership.largest_group_members, 4)

    def test_without_a_profile(self):
        self._set_profile({})
        self._create_members(2, 2, 0)
        summary = self._get_summary()
        self.assertIs(summary.representativeness_paper, False)
        self.assertEqual(summary.missing_count, 0)
        self.assertAlmostEqual(summary.largest_share, 0.5)

    def test_group_that_is_not_wanted(self):
        """p is the share among all members: who is not wanted takes the place of the others."""
        self._set_profile({self.group_public: 0.5, self.group_economic: 0.5})
        self._create_members(2, 1, 1)
        self.assertAlmostEqual(self._get_summary().representativeness_paper, 75)
        self.assertEqual(self._get_shares()["Test associations"].wanted, 0)

    def test_as_of_a_day(self):
        """Members, roles and groups are those of the day."""
        self._open_round()
        council, firm, club = self._create_members(1, 1, 1, role=self.role_contacted)
        for member, date in ((council, "2024-02-01"), (firm, "2024-03-01"), (club, "2024-04-01")):
            member.with_context(transition_date=date).role_id = self.role_formal
        firm.with_context(transition_date="2024-05-01").interest_group_id = self.group_public
        council.date_end = "2024-05-31"
        for date, members in (
            ("2024-01-31", {"Test councils": 0, "Test firms": 0, "Test associations": 0}),
            ("2024-03-01", {"Test councils": 1, "Test firms": 1, "Test associations": 0}),
            ("2024-04-30", {"Test councils": 1, "Test firms": 1, "Test associations": 1}),
            ("2024-05-31", {"Test councils": 2, "Test firms": 0, "Test associations": 1}),
            ("2024-06-01", {"Test councils": 1, "Test firms": 0, "Test associations": 1}),
        ):
            shares = self._get_shares(as_of=date)
            self.assertEqual({name: row.members for name, row in shares.items()}, members, date)
        partnership = self.partnership.with_context(as_of="2024-04-30")
        self.assertAlmostEqual(partnership.representativeness_paper, 100, places=1)
        partnership = self.partnership.with_context(as_of="2024-05-31")
        self.assertAlmostEqual(partnership.representativeness_paper, 66.7, places=1)

    def test_by_body(self):
        members = self._create_members(3, 3, 3)
        for member in members[:3] + members[3]:
            self._create_seat(member)
        self.assertAlmostEqual(self._get_summary().representativeness_paper, 100, places=1)
        summary = self._get_summary(body=self.body)
        self.assertEqual(summary.members, 4)
        self.assertAlmostEqual(summary.largest_share, 0.75)
        self.assertEqual(summary.missing, "Test associations")
        self.assertTrue(summary.is_over_ceiling)
        empty = self._create_body("Test empty")
        self.assertFalse(self._get_summary(body=empty))

    def test_by_sector(self):
        self._set_profile({"public": 0.5, "civil": 0.5}, self.by_sector)
        self._create_members(2, 0, 2)
        summary = self._get_summary(self.by_sector)
        self.assertEqual(summary.representativeness_paper, 100)
        self.assertEqual(summary.largest_sector, "public")
        self.assertEqual(set(self._get_shares(self.by_sector)), {"Public", "Civil society"})

    def test_numbers_of_rows(self):
        """However many bodies, groups and values there are, no two rows have the same number, and
        JavaScript reads that of the picture as it is."""
        Share = self.env["partnership.composition.share"]
        places = [(body, 7) for body in (7, 29_999_999)] + [(None, 7), (None, 29_999_999)]
        values = [(None, None, sector) for sector in ("public", "economic")]
        for number in (1, 2, 9_999_999):
            values += [(number, None, None), (None, number, None)]
        cells = [(*place, *value) for place in places for value in values]
        rows = self.env.execute_query(
            SQL(
                """SELECT %s FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[], %s::varchar[])
                       AS cell(body_id, partnership_id, interest_group_id, value_id, sector)""",
                Share._sql_id(),
                *map(list, zip(*cells, strict=True)),
            )
        )
        numbers = {number for (number,) in rows}
        self.assertEqual(len(numbers), len(cells))
        self.assertLess(4 * max(numbers) + 3, 2**53)
