from odoo import fields, models
from odoo.exceptions import UserError


class PartnershipDecisionSupersede(models.TransientModel):
    """What was decided now takes the place of what was decided before."""

    _name = "partnership.decision.supersede"
    _description = "Supersede Decisions"
    _inherit = ["partnership.guarded.mixin"]

    decision_id = fields.Many2one("partnership.decision", required=True, ondelete="cascade")
    body_id = fields.Many2one(related="decision_id.body_id")
    date = fields.Date(related="decision_id.date")
    earlier_ids = fields.Many2many(
        "partnership.decision",
        string="Earlier Decisions",
        required=True,
        domain="[('body_id', '=', body_id), ('id', '!=', decision_id), ('date', '<=', date), "
        "('state', '=', 'closed'), ('superseded_by_id', '=', False)]",
    )

    def action_supersede(self):
        self.ensure_one()
        decision = self.decision_id
        (decision | self.earlier_ids).check_access("write")
        (decision | self.earlier_ids)._take_turns()
        if decision.outcome != "adopted":
            raise UserError(
                self.env._(
                    "“%(decision)s” was not adopted: it supersedes nothing.",
                    decision=decision.display_name,
                )
            )
        for earlier in self.earlier_ids:
            self._check_earlier(earlier)
        self.earlier_ids.sudo().superseded_by_id = decision
        return {"type": "ir.actions.act_window_close"}

    def _check_earlier(self, earlier):
        decision = self.decision_id
        values = {"earlier": earlier.display_name, "decision": decision.display_name}
        if earlier.body_id != decision.body_id:
            message = self.env._(
                "“%(earlier)s” was decided by %(other)s, “%(decision)s” by %(body)s: a body "
                "supersedes its own decisions.",
                **values,
                other=earlier.body_id.name,
                body=decision.body_id.name,
            )
        elif earlier.state != "closed":
            message = self.env._("“%(earlier)s” is not decided.", **values)
        elif earlier.superseded_by_id:
            message = self.env._(
                "“%(earlier)s” is superseded already, by “%(later)s”.",
                **values,
                later=earlier.superseded_by_id.display_name,
            )
        elif (earlier.date, earlier.number) >= (decision.date, decision.number):
            message = self.env._(
                "“%(earlier)s” was not decided before “%(decision)s”: choose earlier decisions.",
                **values,
            )
        else:
            return
        raise UserError(message)
