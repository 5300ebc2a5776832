from odoo import api, fields, models

from ...tools.groups import TEAM


class ResPartner(models.Model):
    _inherit = "res.partner"

    partnership_trait_ids = fields.One2many(
        "partnership.trait", "partner_id", "Traits", groups=TEAM
    )

    @api.model
    def _get_history_fields(self):
        return {**super()._get_history_fields(), "partnership.trait": ["partner_id"]}
