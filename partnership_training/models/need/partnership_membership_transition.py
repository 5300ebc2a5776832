from datetime import timedelta

from odoo import api, models

from .partnership_mandate import NEW_DAYS


class PartnershipMembershipTransition(models.Model):
    """Whoever reaches a role may have to learn what it asks for."""

    _inherit = "partnership.membership.transition"

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._filtered_new()._raise_needs()
        return steps

    def _filtered_new(self):
        """:return: the changes of today or a short while ago; a role for later comes by itself"""
        return self.filtered(
            lambda step: (
                step.partnership_id._get_today() - timedelta(days=NEW_DAYS) <= step.date
                and not step.membership_id.date_end
            )
        )

    def _raise_needs(self):
        """Raise what the roles ask for that were climbed to. It follows from the change, whoever
        makes it: it runs as the system."""
        if not self:
            return
        steps = self.sudo()
        rows = self.env["partnership.skill.wanted"].sudo()
        rows = rows._search_for("role", steps.partnership_id)
        self.env["partnership.training.need"].sudo()._raise_wanted(
            [
                (step._get_need_values(wanted.role_id), wanted)
                for step in steps
                for wanted in rows[step.partnership_id]._filtered_for_step(step)
            ]
        )

    def _get_need_values(self, role):
        self.ensure_one()
        return {
            "origin": "role",
            "role_id": role.id,
            "partnership_id": self.partnership_id.id,
            "membership_id": self.membership_id.id,
            "date_open": self.partnership_id._get_today(),
        }
