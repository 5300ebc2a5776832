from odoo import fields, models
from odoo.exceptions import UserError


class PartnershipDecisionOverride(models.TransientModel):
    """An officer lets a decision stand of which the balance of groups was not met."""

    _name = "partnership.decision.override"
    _description = "Override the Balance"
    _inherit = ["partnership.guarded.mixin"]

    decision_id = fields.Many2one("partnership.decision", required=True, ondelete="cascade")
    arithmetic = fields.Html(related="decision_id.arithmetic")
    reason = fields.Char(required=True)

    def action_override(self):
        """The outcome is then the one that the votes would have had without the balance."""
        self.ensure_one()
        decision = self.decision_id
        decision.check_access("write")
        decision._take_turns()
        if decision.outcome != "unbalanced":
            raise UserError(
                self.env._(
                    "“%(decision)s” did not fail by its balance of groups: there is nothing to "
                    "override.",
                    decision=decision.display_name,
                )
            )
        decision.sudo().write(
            {
                "is_overridden": True,
                "override_reason": self.reason,
                "override_user_id": self.env.uid,
                "override_date": fields.Datetime.now(),
                "outcome": decision._find_outcome(overridden=True).result,
            }
        )
        return {"type": "ir.actions.act_window_close"}
