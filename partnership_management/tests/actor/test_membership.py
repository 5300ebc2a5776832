from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestMembership(PartnershipCase):
    def test_role_in_use_keeps_what_it_says(self):
        self._create_member("Test member", role=self.role_informal)
        with self.assertRefused("Test informal", "new role", exception=UserError):
            (self.role_informal + self.role_active).write({"is_formal": True, "is_informal": False})
        with self.assertRefused("Test informal", "took part", exception=UserError):
            (self.role_informal + self.role_active).is_informal = False
        self.role_informal.write({"is_formal": False, "is_informal": True, "name": "Test renamed"})
        self.role_active.is_formal = False

    def test_role_of_old_is_marked_as_informal(self):
        self._create_member("Test guest", role=self.role_contacted)
        self.role_contacted.is_informal = True
        self.assertTrue(self.role_contacted.is_informal)

    def test_role_is_formal_or_informal(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.role_active.is_informal = True
            self.env.flush_all()

    def test_member_that_left_by_mistake_has_one_seat_a_day(self):
        """Taking back the departure gives a seat from there on, not a second one of the past."""
        assembly = self._create_body("Test assembly", level="assembly", seat_policy="members")
        membership = self._create_member("Test member", date_start="2024-01-01")
        membership.date_end = "2024-05-01"
        membership.date_end = False
        first, second = assembly.seat_ids.sorted("date_start")
        self.assertEqual(first.date_end, fields.Date.to_date("2024-05-01"))
        self.assertEqual(second.date_start, fields.Date.to_date("2024-05-02"))
        self.assertFalse(second.date_end)

    def test_creation_writes_the_first_transition(self):
        membership = self._create_member("Test council", self.role_contacted)
        step = membership.transition_ids
        self.assertEqual(len(step), 1)
        self.assertEqual(str(step.date), "2024-01-01")
        self.assertFalse(step.from_role_id)
        self.assertEqual(step.to_role_id, self.role_contacted)
        self.assertEqual(step.to_group_id, self.group_public)

    def test_change_writes_a_transition_with_date_and_reason(self):
        memberships = self._create_member("Test council", self.role_contacted)
        memberships += self._create_member("Test firm", self.role_informal)
        memberships.with_context(
            transition_date="2024-03-01", transition_reason="Vote of the assembly"
        ).role_id = self.role_formal
        for membership, before in zip(
            memberships, (self.role_contacted, self.role_informal), strict=True
        ):
            last = membership.transition_ids.sorted("id")[-1]
            self.assertEqual(last.from_role_id, before)
            self.assertEqual(last.to_role_id, self.role_formal)
            self.assertEqual(str(last.date), "2024-03-01")
            self.assertEqual(last.reason, "Vote of the assembly")
        memberships.role_id = self.role_formal
        self.assertEqual(len(memberships.transition_ids), 4, "no change, no transition")

    def test_transition_is_not_rewritten(self):
        membership = self._create_member("Test council", self.role_contacted)
        membership.transition_ids.evidence = "Letter"
        with self.assertRefused("not rewritten", exception=UserError):
            membership.transition_ids.to_role_id = self.role_formal

    def test_transition_outside_the_dates_is_refused(self):
        self._open_round()
        membership = self._create_member("Test council", self.role_contacted)
        for date in ("2023-12-31", "2024-06-16"):
            with self.assertRefused("Test council"):
                membership.with_context(transition_date=date).role_id = self.role_formal
        membership.with_context(transition_date="2024-05-01").role_id = self.role_formal
        with self.assertRefused("Test council"):
            membership.with_context(transition_date="2024-04-01").role_id = self.role_active

    def test_two_open_memberships_are_refused(self):
        membership = self._create_member("Test council")
        with self.assertRefused("Test council", "06/15/2024", "01/01/2024"):
            self._create_member(membership.partner_id, date_start="2024-06-15")
        membership.date_end = "2024-03-31"
        again = self._create_member(membership.partner_id, date_start="2024-04-01")
        self.assertTrue(again.is_current)
        self.assertFalse(membership.is_current)
        with self.assertRefused("Test council"):
            membership.date_end = "2024-04-01"

    def test_wrong_way_round(self):
        with self.assertRefused("Test council", "02/01/2024", "01/31/2024"):
            self._create_member("Test council", date_start="2024-02-01", date_end="2024-01-31")

    def test_start_moves_with_its_first_transition(self):
        memberships = self._create_member("Test council")
        memberships += self._create_member("Test firm", date_start="2024-03-01")
        for date in ("2024-02-01", "2024-04-01", "2023-12-01"):
            memberships.date_start = date
            self.assertEqual({str(step.date) for step in memberships.transition_ids}, {date})
        memberships[0].with_context(transition_date="2024-05-01").role_id = self.role_active
        with self.assertRefused("Test council", "05/01/2024"):
            memberships.date_start = "2024-05-02"

    def test_leaving_ends_seats_and_mandates(self):
        membership = self._create_member("Test council")
        seat = self._create_seat(membership)
        mandate = self._create_mandate(seat, "Test titular")
        membership.write({"date_end": "2024-05-31", "end_reason": "Merged"})
        self.assertEqual(str(seat.date_end), "2024-05-31")
        self.assertEqual(str(mandate.date_end), "2024-05-31")
        self.assertEqual(mandate.end_kind, "planned")

    def test_assembly_keeps_a_seat_for_every_member(self):
        self._open_round()
        before = self._create_member("Test council")
        informal = self._create_member("Test firm", self.role_informal)
        assembly = self._create_body("Test assembly", level="assembly", seat_policy="members")
        self.assertEqual(assembly.seat_ids.membership_id, before)
        self.assertEqual(str(assembly.seat_ids.date_start), "2024-01-01")
        informal.with_context(transition_date="2024-05-01").role_id = self.role_formal
        seat = informal.seat_ids
        self.assertEqual((seat.body_id, str(seat.date_start)), (assembly, "2024-05-01"))
        informal.with_context(transition_date="2024-06-01").role_id = self.role_active
        self.assertEqual(informal.seat_ids, seat, "still a member, still the same seat")
        informal.with_context(transition_date="2024-06-10").role_id = self.role_informal
        self.assertEqual(str(seat.date_end), "2024-06-09")
        before.date_end = "2024-06-14"
        self.assertEqual(str(before.seat_ids.date_end), "2024-06-14")

    def test_ladder_is_shown_with_its_empty_rungs(self):
        self._create_member("Test council", self.role_active)
        Membership = self.env["partnership.membership"].with_context(read_group_expand=True)
        here = [("partnership_id", "=", self.partnership.id)]
        for domain, roles in (
            (here, self.env["partnership.role"].search([])),
            (
                [*here, ("is_formal", "=", True)],
                self.env["partnership.role"].search([("is_formal", "=", True)]),
            ),
        ):
            groups = Membership.web_read_group(domain, ["role_id"], ["__count"])["groups"]
            self.assertEqual([group["role_id"][0] for group in groups], roles.ids)

    def test_identity_does_not_change(self):
        membership = self._create_member("Test council")
        with self.assertRefused("Test council", exception=UserError):
            membership.partner_id = self._create_organisation("Other council")
