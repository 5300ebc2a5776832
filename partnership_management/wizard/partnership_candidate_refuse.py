from odoo import api, fields, models


class PartnershipCandidateRefuse(models.TransientModel):
    """Refuse candidates, one or many, for one reason."""

    _name = "partnership.candidate.refuse"
    _description = "Refuse Candidates"
    _inherit = ["partnership.guarded.mixin"]

    candidate_ids = fields.Many2many("partnership.candidate", required=True)
    reason_id = fields.Many2one("partnership.enlargement.refuse.reason", required=True)
    note = fields.Char()
    date = fields.Date(
        required=True, compute="_compute_date", store=True, readonly=False, precompute=True
    )

    @api.depends("candidate_ids")
    def _compute_date(self):
        for wizard in self:
            wizard.date = wizard.date or wizard._get_today()

    def _get_clock_partnerships(self):
        return self.sudo().candidate_ids.partnership_id

    def action_apply(self):
        self.ensure_one()
        self.candidate_ids.filtered(lambda candidate: candidate.state != "refused").write(
            {
                "refuse_reason_id": self.reason_id.id,
                "refuse_note": self.note,
                "refuse_date": self.date,
            }
        )
        return {"type": "ir.actions.act_window_close"}
