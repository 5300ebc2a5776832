from odoo import fields, models

from ...tools.groups import TEAM


class ResPartner(models.Model):
    _inherit = "res.partner"

    partnership_trait_ids = fields.One2many(
        "partnership.trait", "partner_id", "Traits", groups=TEAM
    )
