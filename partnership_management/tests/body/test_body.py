from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestBody(PartnershipCase):
    def _seat_members(self, *groups, **values):
        return self.env["partnership.seat"].concat(
            *[
                self._create_seat(
                    self._create_member(f"Test member {number}", group=group), **values
                )
                for number, group in enumerate(groups)
            ]
        )

    def _shares(self, dimension):
        """:return: dict name of the group or sector -> row of the composition of the body"""
        self.env.invalidate_all()
        return {
            share.display_name: share
            for share in self.body.share_ids
            if share.dimension == dimension
        }

    def test_cycle_is_refused(self):
        below = self._create_body("Test group", parent_id=self.body.id)
        with self.assertRefused("Test board", "part of itself"):
            self.body.parent_id = below
        with self.assertRefused("Test board", "part of itself"):
            self.body.parent_id = self.body

    def test_parent_of_another_partnership_is_refused(self):
        other = self.partnership.copy({"name": "Other partnership"})
        with self.assertRefused("Other group", "Test board", "Test partnership"):
            self._create_body("Other group", partnership_id=other.id, parent_id=self.body.id)

    def test_body_with_seats_stays_in_its_partnership(self):
        self._seat_members(self.group_public)
        other = self.partnership.copy({"name": "Other partnership"})
        with self.assertRefused("Test board"):
            self.body.partnership_id = other

    @mute_logger("odoo.sql_db")
    def test_impossible_rules_are_refused(self):
        for fname, value in (("quorum_share", 101), ("quorum_seats", -1), ("group_ceiling", 0)):
            with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.body[fname] = value
                self.env.flush_all()

    def test_ceiling_comes_from_the_partnership(self):
        self.partnership.group_ceiling = 40
        self.assertEqual(self._create_body("Test group").group_ceiling, 40)
        self.assertEqual(self.body.group_ceiling, 49, "what stands is not changed behind the back")

    def test_assembly_follows_leaving_and_return(self):
        council = self._create_member("Test council")
        assembly = self._create_body("Test assembly", level="assembly", seat_policy="members")
        first = council.seat_ids
        self.assertTrue(first.is_automatic)
        council.write({"date_end": "2024-05-31", "end_reason": "Budget"})
        self.assertEqual(str(first.date_end), "2024-05-31")
        self.assertFalse(assembly.seat_count)
        again = self._create_member(council.partner_id, date_start="2024-06-10")
        self.assertEqual(
            again.seat_ids.mapped(lambda seat: (seat.body_id, str(seat.date_start))),
            [(assembly, "2024-06-10")],
        )
        self.assertEqual(assembly.seat_count, 1)
        self.assertEqual(str(first.date_end), "2024-05-31", "the old seat stays as it was")

    def test_assembly_takes_members_at_once(self):
        members = [self._create_member(f"Test member {number}") for number in range(5)]
        self._create_member("Test friend", self.role_informal)
        assembly = self._create_body("Test assembly", seat_policy="members")
        self.assertEqual(len(assembly.seat_ids), 5)
        self.assertEqual(
            set(assembly.seat_ids.membership_id.ids), {member.id for member in members}
        )
        assembly.seat_policy = "manual"
        self._create_member("Test latecomer")
        self.assertEqual(len(assembly.seat_ids), 5, "it no longer keeps a seat for each")
        assembly.seat_policy = "members"
        self.assertEqual(len(assembly.seat_ids), 6)

    def test_shares_by_group_and_sector(self):
        self._seat_members(
            self.group_public, self.group_public, self.group_economic, self.group_civil
        )[0].vote_weight = 2
        groups = self._shares("group")
        self.assertEqual(set(groups), {"Test councils", "Test firms", "Test associations"})
        councils = groups["Test councils"]
        self.assertEqual(councils.seats_text, "2 of 4")
        self.assertAlmostEqual(councils.seat_share, 0.5)
        self.assertAlmostEqual(councils.weight_share, 0.6)
        self.assertTrue(councils.is_over_ceiling)
        self.assertFalse(groups["Test firms"].is_over_ceiling)
        self.assertTrue(self._shares("sector")["Public"].is_over_ceiling)
        self.assertEqual(
            self.body.group_share_ids | self.body.sector_share_ids, self.body.share_ids
        )

    def test_ceiling_is_a_limit_that_may_be_reached(self):
        self._seat_members(self.group_public, self.group_economic)
        self.body.group_ceiling = 50
        self.assertFalse(self._shares("group")["Test councils"].is_over_ceiling)
        self.assertFalse(self.body.is_over_ceiling)
        self.body.group_ceiling = 49.9
        self.assertTrue(self._shares("group")["Test councils"].is_over_ceiling)
        self.assertTrue(self.body.is_over_ceiling)
        over = self.env["partnership.body"].search([("is_over_ceiling", "=", True)])
        self.assertIn(self.body, over)
        self.assertNotIn(self._create_body("Test empty group"), over)

    def test_ceiling_is_that_of_the_first_rule(self):
        """By its groups; where it has no group clause there is none."""
        self._seat_members(self.group_public, self.group_economic, self.group_economic)
        rule = self.body.rule_ids
        self.assertEqual(
            [share.is_over_ceiling for share in self._shares("sector").values()], [False, False]
        )
        self.assertTrue(self._shares("group")["Test firms"].is_over_ceiling)
        rule.group_by = "sector"
        self.assertTrue(self._shares("sector")["Economic"].is_over_ceiling)
        self.assertFalse(self._shares("group")["Test firms"].is_over_ceiling)
        self.assertIs(self._shares("group")["Test firms"].ceiling, False)
        other = rule.copy({"sequence": 1, "own_ceiling": True, "group_ceiling": 70})
        self.assertEqual(self._shares("sector")["Economic"].ceiling, 70)
        self.assertFalse(self.body.is_over_ceiling)
        other.balance = "none"
        self.assertIs(self._shares("sector")["Economic"].ceiling, False)
        other.active = False
        self.assertEqual(self._shares("sector")["Economic"].ceiling, 49)
        self.assertTrue(self.body.is_over_ceiling)

    def test_two_groups_of_one_sector_count_together(self):
        agencies = self.group_public.copy({"name": "Test agencies"})
        self._seat_members(self.group_public, agencies, self.group_economic)
        self.assertFalse(any(s.is_over_ceiling for s in self._shares("group").values()))
        self.assertEqual(self._shares("sector")["Public"].seats_text, "2 of 3")
        self.assertTrue(self._shares("sector")["Public"].is_over_ceiling)

    def test_shares_without_group_and_without_weight(self):
        seats = self._seat_members(self.group_public, self.group_economic)
        seats.vote_weight = 0
        seats[0].membership_id.interest_group_id = False
        groups = self._shares("group")
        self.assertEqual(set(groups), {"No interest group", "Test firms"})
        self.assertFalse(groups["Test firms"].weight_share)
        self.assertEqual(self._shares("sector")["No sector"].seats_text, "1 of 2")

    def test_shares_of_the_past(self):
        seats = self._seat_members(self.group_public, self.group_economic)
        seats[1].date_end = "2024-03-31"
        self.assertEqual(set(self._shares("group")), {"Test councils"})
        self.env.invalidate_all()
        then = self.body.with_context(as_of="2024-03-31").group_share_ids
        self.assertEqual(sorted(then.mapped("seats_text")), ["1 of 2", "1 of 2"])

    def test_stranger_sees_no_share(self):
        self._seat_members(self.group_public)
        Share = self.env["partnership.body.share"]
        here = [("body_id", "=", self.body.id)]
        self.assertTrue(Share.with_user(self.facilitator).search(here))
        self.assertFalse(Share.with_user(self.stranger).search(here))
