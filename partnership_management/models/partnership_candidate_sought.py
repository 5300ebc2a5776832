from odoo import api, fields, models
from odoo.fields import Domain


class PartnershipCandidate(models.Model):
    """Whether the partnership is looking for actors such as this one, now."""

    _inherit = "partnership.candidate"

    is_sought = fields.Boolean(
        "Sought",
        compute="_compute_is_sought",
        search="_search_is_sought",
        help="The open enlargement round looks for its interest group.",
    )

    @api.depends("partnership_id", "interest_group_id", "state")
    def _compute_is_sought(self):
        rounds = self._get_open_rounds([("partnership_id", "in", self.partnership_id.ids)])
        sought = {each.partnership_id: each.group_ids for each in rounds}
        for candidate in self:
            candidate.is_sought = (
                candidate.state == "ongoing"
                and candidate.interest_group_id._origin
                in sought.get(candidate.partnership_id._origin, ())
            )

    def _search_is_sought(self, operator, value):
        if operator != "in":
            return NotImplemented
        rounds = self._get_open_rounds([("group_ids", "!=", False)])
        return Domain("state", "=", "ongoing") & Domain.OR(
            Domain("partnership_id", "=", each.partnership_id.id)
            & Domain("interest_group_id", "in", each.group_ids.ids)
            for each in rounds
        )

    @api.model
    def _get_open_rounds(self, domain):
        """:return: the rounds that are open and admit today, where their partnership is"""
        rounds = self.env["partnership.enlargement.round"].search(
            Domain(domain) & Domain("state", "=", "open")
        )
        return rounds._valid_today()
