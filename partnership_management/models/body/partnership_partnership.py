from odoo import api, fields, models
from odoo.fields import Domain


class PartnershipPartnership(models.Model):
    _inherit = "partnership.partnership"

    _portal_fields = ("body_ids",)
    body_ids = fields.One2many("partnership.body", "partnership_id", "Bodies")
    body_count = fields.Integer("Number of Bodies", compute="_compute_body_count")

    @api.depends("body_ids.active")
    @api.depends_context("uid")
    def _compute_body_count(self):
        counts = dict(
            self.env["partnership.body"]._read_group(
                Domain("partnership_id", "in", self.ids), ["partnership_id"], ["__count"]
            )
        )
        for partnership in self:
            partnership.body_count = counts.get(partnership, 0)

    def action_open_bodies(self):
        return self._action_open("partnership_management.partnership_body_action")
