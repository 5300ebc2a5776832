from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.groups import TEAM


class PartnershipPartnership(models.Model):
    _inherit = "partnership.partnership"

    pitfall_count = fields.Integer("Open Pitfalls", compute="_compute_pitfall_count", groups=TEAM)

    @api.depends_context("uid")
    def _compute_pitfall_count(self):
        counts = dict(
            self.env["partnership.pitfall"]._read_group(
                Domain("partnership_id", "in", self.ids) & Domain("state", "=", "open"),
                ["partnership_id"],
                ["__count"],
            )
        )
        for partnership in self:
            partnership.pitfall_count = counts.get(partnership, 0)

    def action_open_pitfalls(self):
        return self._action_open(
            "partnership_management.partnership_pitfall_action", search_default_open=1
        )
