from odoo import api, models


class PartnershipMembershipTransition(models.Model):
    _inherit = "partnership.membership.transition"

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps.sudo().partnership_id._postpone_readiness()
        return steps

    def write(self, vals):
        result = super().write(vals)
        self.sudo().partnership_id._postpone_readiness()
        return result
