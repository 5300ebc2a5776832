from odoo import models


class PartnershipBody(models.Model):
    _name = "partnership.body"
    _inherit = ["partnership.body", "partnership.need.count.mixin"]
    _need_field = "body_id"
