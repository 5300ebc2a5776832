from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.relation.partnership_relation import KINDS


class PartnershipRelationStep(models.TransientModel):
    """What became of a tie: ends it the day before, and opens the next one."""

    _name = "partnership.relation.step"
    _description = "Change of a Tie"
    _inherit = ["partnership.guarded.mixin"]

    relation_id = fields.Many2one("partnership.relation", "Tie", required=True, readonly=True)
    partnership_id = fields.Many2one(related="relation_id.partnership_id")
    from_kind = fields.Selection(related="relation_id.kind", string="Until now")
    from_intensity = fields.Integer(related="relation_id.intensity", string="Intensity until now")
    from_date = fields.Date(related="relation_id.date_start", string="Since then")
    kind = fields.Selection(
        KINDS, "Became", required=True, compute="_compute_kind", store=True, readonly=False
    )
    intensity = fields.Integer(compute="_compute_intensity", store=True, readonly=False)
    date = fields.Date(
        "Since", required=True, compute="_compute_date", store=True, readonly=False, precompute=True
    )
    evidence = fields.Text(help="What shows it: a joint action, a contract, a dispute.")
    event_id = fields.Many2one(
        "calendar.event", "Shown at", domain="[('partnership_id', '=', partnership_id)]"
    )

    @api.depends("relation_id")
    def _compute_date(self):
        for step in self:
            step.date = step.date or step._get_today()

    @api.depends("relation_id")
    def _compute_kind(self):
        for step in self:
            step.kind = step.relation_id.kind

    @api.depends("relation_id")
    def _compute_intensity(self):
        for step in self:
            step.intensity = step.relation_id.intensity

    def action_apply(self):
        self.ensure_one()
        if (self.kind, self.intensity) == (self.from_kind, self.from_intensity):
            raise UserError(self.env._("Choose another kind or intensity: nothing changed."))
        relation = self.relation_id._change(
            self.date,
            {
                "kind": self.kind,
                "intensity": self.intensity,
                "evidence": self.evidence,
                "event_id": self.event_id.id,
            },
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": relation._name,
            "res_id": relation.id,
            "views": [(False, "form")],
        }
