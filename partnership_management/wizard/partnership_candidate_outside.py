from odoo import fields, models


class PartnershipCandidateOutside(models.TransientModel):
    """Admit candidates although no round is open, for a reason (L44). Officers only."""

    _name = "partnership.candidate.outside"
    _description = "Admit outside a Round"
    _inherit = ["partnership.guarded.mixin"]

    candidate_ids = fields.Many2many("partnership.candidate", required=True)
    stage_id = fields.Many2one(
        "partnership.enlargement.stage", required=True, domain=[("is_admission", "=", True)]
    )
    reason = fields.Char(required=True)

    def action_apply(self):
        self.ensure_one()
        self.candidate_ids.with_context(outside_reason=self.reason).write(
            {"stage_id": self.stage_id.id}
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}
