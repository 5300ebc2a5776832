from odoo import models


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "partnership.used.mixin", "partnership.turns.mixin"]
