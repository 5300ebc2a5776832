from odoo import api, fields, models


class PartnershipSheetClose(models.TransientModel):
    """Closing a sheet asks once what its unmarked rows stand for."""

    _name = "partnership.sheet.close"
    _description = "Close the Sheet"
    _inherit = ["partnership.guarded.mixin"]

    event_ids = fields.Many2many("calendar.event", required=True)
    unmarked_count = fields.Integer(compute="_compute_unmarked_count")
    voted_away = fields.Text("Voted and Not There", compute="_compute_voted_away")
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

    @api.depends("event_ids")
    @api.depends_context("uid")
    def _compute_voted_away(self):
        """Votes stay as they were given, whatever the sheet says: it is said before it is closed,
        when it can still be marked otherwise."""
        for wizard in self:
            votes = wizard.event_ids._find_voted_away()
            decisions = {
                seat: given.decision_id.sorted("id").mapped("display_name")
                for seat, given in votes.grouped("seat_id").items()
            }
            wizard.voted_away = "\n".join(
                f"{seat.partner_id.name}: {', '.join(names)}" for seat, names in decisions.items()
            )

    def action_close(self):
        self.ensure_one()
        self.event_ids._close_sheet(self.unmarked)
        return {"type": "ir.actions.act_window_close"}
