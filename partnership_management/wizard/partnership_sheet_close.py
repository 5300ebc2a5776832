from odoo import api, fields, models


class PartnershipSheetClose(models.TransientModel):
    """Closing a sheet asks once what its unmarked rows stand for."""

    _name = "partnership.sheet.close"
    _description = "Close the Sheet"
    _inherit = ["partnership.guarded.mixin"]

    event_ids = fields.Many2many("calendar.event", required=True)
    unmarked_count = fields.Integer(compute="_compute_unmarked_count")
    unmarked = fields.Selection(
        [
            ("absent", "They were absent"),
            ("not_recorded", "It was not recorded: leave them out of every figure"),
        ],
        required=True,
        default="absent",
    )

    @api.depends("event_ids")
    @api.depends_context("uid")
    def _compute_unmarked_count(self):
        for wizard in self:
            wizard.unmarked_count = self.env["partnership.attendance"].search_count(
                [("event_id", "in", wizard.event_ids.ids), ("status", "=", "not_recorded")]
            )

    def action_close(self):
        self.ensure_one()
        self.event_ids._close_sheet(self.unmarked)
        return {"type": "ir.actions.act_window_close"}
