from odoo import api, fields, models
from odoo.fields import Domain

from .partnership_membership import REAL


class PartnershipPartnership(models.Model):
    _inherit = "partnership.partnership"

    relation_count = fields.Integer("Current Ties", compute="_compute_relation_count")

    @api.depends_context("uid")
    def _compute_relation_count(self):
        Relation = self.env["partnership.relation"]
        current = Relation._domain_valid_today() & REAL
        counts = dict(
            Relation._read_group(
                Domain("partnership_id", "in", self.ids) & current, ["partnership_id"], ["__count"]
            )
        )
        for partnership in self:
            partnership.relation_count = counts.get(partnership, 0)
