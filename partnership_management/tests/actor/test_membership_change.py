from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestMembershipChange(PartnershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council = cls._create_member("Test council", cls.role_contacted)
        cls.firm = cls._create_member("Test firm", cls.role_informal, cls.group_economic)
        cls.members = cls.council + cls.firm

    def _open(self, memberships=None, user=None, **values):
        """The dialog as it opens from the list of members."""
        Change = self.env["partnership.membership.change"].with_user(user or self.facilitator)
        return Change.with_context(
            active_model="partnership.membership", active_ids=(memberships or self.members).ids
        ).create({"date": "2024-06-01", "reason": "Vote of the assembly", **values})

    def test_change_many(self):
        self._open_round()
        self._open(role_id=self.role_formal.id, evidence="Minutes, item 4").action_apply()
        self.assertEqual(self.members.role_id, self.role_formal)
        self.assertEqual(
            self.members.interest_group_id, self.group_public + self.group_economic, "unchanged"
        )
        for membership in self.members:
            step = membership.transition_ids.sorted("id")[-1]
            self.assertEqual(str(step.date), "2024-06-01")
            self.assertEqual(step.reason, "Vote of the assembly")
            self.assertEqual(step.evidence, "Minutes, item 4")
            self.assertEqual(step.user_id, self.facilitator)

    def test_change_of_group_alone(self):
        self._open(self.firm, interest_group_id=self.group_civil.id).action_apply()
        step = self.firm.transition_ids.sorted("id")[-1]
        self.assertEqual(
            (step.from_group_id, step.to_group_id), (self.group_economic, self.group_civil)
        )
        self.assertEqual(step.from_role_id, step.to_role_id)

    def test_nothing_chosen_is_refused(self):
        with self.assertRefused("new role", exception=UserError):
            self._open().action_apply()
        with self.assertRefused("new role", exception=UserError):
            self._open(self.firm, role_id=self.role_informal.id).action_apply()
        wizard = self._open(role_id=self.role_formal.id)
        wizard.membership_ids = False
        with self.assertRefused("memberships", exception=UserError):
            wizard.action_apply()

    def test_date_outside_is_refused_for_all(self):
        late = self._create_member("Test club", self.role_contacted, date_start="2024-06-10")
        with self.assertRefused("Test club", "06/01/2024", "06/10/2024"):
            self._open(self.members + late, role_id=self.role_formal.id).action_apply()
        self.assertEqual(self.council.role_id, self.role_contacted)

    def test_end_many(self):
        seat = self._create_seat(self.council)
        self._create_mandate(seat, "Test mayor")
        form = Form(
            self.env["partnership.membership.change"].with_context(
                active_model="partnership.membership",
                active_ids=self.members.ids,
                default_operation="end",
            )
        )
        self.assertEqual(form.seat_count, 1)
        form.reason = "Dissolved"
        form.date = "2024-06-01"
        form.save().action_apply()
        self.assertEqual({str(date) for date in self.members.mapped("date_end")}, {"2024-06-01"})
        self.assertEqual(set(self.members.mapped("end_reason")), {"Dissolved"})
        self.assertEqual(str(seat.mandate_ids.date_end), "2024-06-01")

    def test_what_has_ended_is_not_ended_again(self):
        self.firm.date_end = "2024-05-31"
        with self.assertRefused("Test firm", "05/31/2024", exception=UserError):
            self._open(operation="end").action_apply()
        self.assertFalse(self.council.date_end)

    def test_stranger_changes_nothing(self):
        with self.assertRefused("Choose the memberships", exception=UserError):
            self._open(user=self.stranger, role_id=self.role_formal.id).action_apply()
        with self.assertRaises(AccessError):
            self._open(
                user=self.stranger,
                role_id=self.role_formal.id,
                membership_ids=[Command.set(self.council.ids)],
            )
        self.assertEqual(self.council.role_id, self.role_contacted)
