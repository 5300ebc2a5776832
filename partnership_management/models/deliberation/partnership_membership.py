from odoo import api, fields, models

from ...tools.groups import TEAM


class PartnershipMembership(models.Model):
    """The interests of a member in others."""

    _inherit = "partnership.membership"

    interest_ids = fields.One2many(
        "partnership.interest", "membership_id", "Interests", groups=TEAM
    )
    interest_count = fields.Integer(compute="_compute_interest_count", groups=TEAM)

    @api.depends("interest_ids.date_start", "interest_ids.date_end")
    def _compute_interest_count(self):
        for today, memberships in self._grouped_by_today().items():
            for membership in memberships:
                membership.interest_count = len(membership.interest_ids._valid_on(today))

    def action_open_interests(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_interest_action"
        )
        context = {"default_membership_id": self.id, "search_default_current": 1}
        return {**action, "domain": [("membership_id", "=", self.id)], "context": context}
