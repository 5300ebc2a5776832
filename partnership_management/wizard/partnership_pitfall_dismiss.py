from odoo import fields, models


class PartnershipPitfallDismiss(models.TransientModel):
    """Close pitfalls by hand, one or many, and say why."""

    _name = "partnership.pitfall.dismiss"
    _description = "Dismiss Pitfalls"
    _inherit = ["partnership.guarded.mixin"]

    pitfall_ids = fields.Many2many("partnership.pitfall", required=True)
    reason = fields.Char(required=True)

    def action_apply(self):
        self.ensure_one()
        self.pitfall_ids._dismiss(self.reason)
        return {"type": "ir.actions.act_window_close"}
