from odoo import fields, models


class PartnershipTrainingNeedClose(models.TransientModel):
    """Close training needs by hand, one or many, and say why."""

    _name = "partnership.training.need.close"
    _description = "Close Training Needs"
    _inherit = ["partnership.guarded.mixin"]

    need_ids = fields.Many2many("partnership.training.need", required=True)
    reason = fields.Char(required=True)

    def action_apply(self):
        self.ensure_one()
        self.need_ids._close("by_hand", self.reason)
        return {"type": "ir.actions.act_window_close"}
