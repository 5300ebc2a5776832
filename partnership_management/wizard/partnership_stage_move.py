from odoo import api, fields, models


class PartnershipStageMove(models.TransientModel):
    """Move partnerships to another stage, on a day, and say why."""

    _name = "partnership.stage.move"
    _description = "Move to Another Stage"
    _inherit = ["partnership.guarded.mixin"]

    partnership_ids = fields.Many2many("partnership.partnership", required=True)
    stage_id = fields.Many2one("partnership.stage", required=True)
    date = fields.Date(
        "Since", required=True, compute="_compute_date", store=True, readonly=False, precompute=True
    )
    reason = fields.Char()
    unmet = fields.Text("Not Reached", compute="_compute_unmet")

    @api.depends("partnership_ids")
    def _compute_date(self):
        for wizard in self:
            wizard.date = wizard.date or wizard._get_today()

    @api.depends("partnership_ids", "stage_id")
    def _compute_unmet(self):
        for move in self:
            found = move.partnership_ids._origin._find_unmet(move.stage_id) if move.stage_id else {}
            move.unmet = "\n".join(
                f"{partnership.name}: {line}" if len(move.partnership_ids) > 1 else line
                for partnership, rows in found.items()
                for line in rows._describe()
            )

    def _get_clock_partnerships(self):
        return self.partnership_ids

    def action_apply(self):
        self.ensure_one()
        self.partnership_ids.with_context(
            stage_reason=self.reason, stage_date=self.date
        ).stage_id = self.stage_id
        return {"type": "ir.actions.client", "tag": "soft_reload"}
