from freezegun import freeze_time

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import Form, tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 12:00:00")
class TestRoundMember(PartnershipCase):
    """The door is the same where members are made by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guests = cls._create_member("Test council", cls.role_informal)
        cls.guests += cls._create_member("Test firm", cls.role_contacted)

    def _change(self, user, **values):
        Change = self.env["partnership.membership.change"].with_user(user)
        return Change.create(
            {
                "membership_ids": self.guests.ids,
                "role_id": self.role_formal.id,
                "reason": "Vote of the board",
                **values,
            }
        ).action_apply()

    def test_raised_by_the_open_round(self):
        round_ = self._open_round()
        self._change(self.facilitator)
        self.assertEqual(self.guests.round_id, round_)
        self.guests.role_id = self.role_active
        self.assertEqual(self.guests.round_id, round_, "a member already")

    def test_raised_outside(self):
        self._open_round().action_close()
        with self.assertRefused("Test council", "Test firm", exception=UserError):
            self._change(self.facilitator)
        self._change(self.officer)
        self.assertTrue(all(self.guests.mapped("is_formal")))
        self.assertFalse(self.guests.round_id)
        self.assertEqual(set(self.guests.mapped("outside_reason")), {"Vote of the board"})
        for record in (*self.guests, self.partnership):
            self.assertIn("Vote of the board", record.message_ids[0].body)

    def test_dragged_outside(self):
        """The officer is asked for the reason by the dialog that changes roles."""
        guest = self.guests[0].with_user(self.officer)
        with self.assertRaises(RedirectWarning) as warning, self.cr.savepoint():
            guest.role_id = self.role_formal
        action = warning.exception.args[1]
        dialog = Form(
            self.env[action["res_model"]].with_user(self.officer).with_context(**action["context"])
        )
        self.assertEqual(dialog.role_id, self.role_formal)
        dialog.reason = "Vote of the board"
        dialog.save().action_apply()
        self.assertEqual(guest.outside_reason, "Vote of the board")

    def test_role_that_makes_no_member_is_free(self):
        self._open_round().action_close()
        self.guests.with_user(self.facilitator).role_id = self.role_informal
        self.assertEqual(self.guests.role_id, self.role_informal)

    def test_registered_freely_until_the_first_round(self):
        self.env["partnership.enlargement.round"].create(
            {"name": "Test draft", "partnership_id": self.partnership.id}
        )
        member = self.env["partnership.membership"].with_user(self.facilitator)
        member = member.create(self._get_values("Test early"))
        self.assertFalse(member.outside_reason or member.round_id)

    def test_registered_after_the_first_round(self):
        round_ = self._open_round()
        Membership = self.env["partnership.membership"].with_user(self.facilitator)
        self.assertEqual(Membership.create(self._get_values("Test firm 2")).round_id, round_)
        round_.action_close()
        values = self._get_values("Test firm 3")
        with self.assertRefused("Test firm 3", exception=UserError):
            Membership.create(values)
        with self.assertRefused("Test firm 3", exception=UserError):
            Membership.with_user(self.officer).create(values)
        member = Membership.with_user(self.officer).create({**values, "outside_reason": "Merger"})
        self.assertIn("Merger", member.message_ids[0].body)
        left = Membership.create({**self._get_values("Test left"), "date_end": "2024-02-01"})
        self.assertTrue(left.is_formal, "history is written down freely")
        guest = Membership.create(
            {
                **values,
                "role_id": self.role_informal.id,
                "partner_id": self._create_organisation("Test guest").id,
            }
        )
        self.assertFalse(guest.round_id)

    def test_officer_says_by_which_closed_round(self):
        round_ = self._open_round()
        round_.action_close()
        with self.assertRefused(exception=UserError):
            self.guests.with_user(self.facilitator).write(
                {"role_id": self.role_formal.id, "round_id": round_.id}
            )
        self.guests.with_user(self.officer).write(
            {"role_id": self.role_formal.id, "round_id": round_.id}
        )
        self.assertEqual(self.guests.round_id, round_)
        self.assertEqual(set(self.guests.mapped("outside_reason")), {False})

    def test_no_way_around(self):
        """Neither by naming a round that is over, nor by an end that is to come or taken back."""
        round_ = self._open_round()
        round_.action_close()
        Membership = self.env["partnership.membership"].with_user(self.facilitator)
        for values in ({"round_id": round_.id}, {"date_end": "2024-06-16"}):
            with self.assertRefused("Test late", exception=UserError):
                Membership.create({**self._get_values("Test late"), **values})
        left = Membership.create({**self._get_values("Test left"), "date_end": "2024-02-01"})
        for end in (False, "2024-06-15"):
            with self.assertRefused("Test left", exception=UserError):
                left.date_end = end
        left.date_end = "2024-03-01"
        left.with_user(self.officer).date_end = False
        self.assertIn("Test left", self.partnership.message_ids[0].body)
        self.assertFalse(left.outside_reason)

    def test_no_step_beside_the_membership(self):
        """Figures of a day are read from the steps."""
        Step = self.env["partnership.membership.transition"].with_user(self.facilitator)
        with self.assertRefused("Test council"):
            Step.create({"membership_id": self.guests[0].id, "to_role_id": self.role_formal.id})

    def test_officer_names_no_round(self):
        """An empty cell of an import says by no round."""
        self._open_round().action_close()
        with self.assertRaises(RedirectWarning), self.cr.savepoint():
            self.guests.with_user(self.officer).write(
                {"role_id": self.role_formal.id, "round_id": False}
            )

    def test_round_of_another_partnership(self):
        other = self._open_round(partnership_id=self.partnership.copy({"name": "Test other"}).id)
        with self.assertRefused("Test round"):
            self.guests[0].round_id = other

    def _get_values(self, name):
        return {
            "partnership_id": self.partnership.id,
            "partner_id": self._create_organisation(name).id,
            "role_id": self.role_formal.id,
            "interest_group_id": self.group_civil.id,
            "date_start": "2024-01-01",
        }
