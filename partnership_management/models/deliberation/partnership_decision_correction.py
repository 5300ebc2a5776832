from odoo import api, fields, models
from odoo.exceptions import UserError


class PartnershipDecisionCorrection(models.Model):
    """What was corrected in a closed decision: by whom, why, and what stood there before.

    Only its dialog writes here, and nothing is written over.
    """

    _name = "partnership.decision.correction"
    _description = "Correction of a Decision"
    _inherit = ["partnership.guarded.mixin"]
    _order = "decision_id, id"
    _rec_name = "what"
    _sent_fields = ("reason", "what", "old_value", "new_value")

    decision_id = fields.Many2one(
        "partnership.decision", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partnership_id = fields.Many2one(
        related="decision_id.partnership_id", store=True, index=True, precompute=True
    )
    date = fields.Date("Corrected on", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Corrected by", readonly=True)
    reason = fields.Char(required=True, readonly=True)
    item_id = fields.Many2one(
        "partnership.agenda.item",
        "Approved under",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    what = fields.Char(required=True, readonly=True)
    old_value = fields.Text("Before", readonly=True)
    new_value = fields.Text("Now", readonly=True)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_superuser(self):
        """Not even the system takes one back."""
        for correction in self:
            raise UserError(
                self.env._(
                    "The corrections of “%(decision)s” stay: correct it once more instead.",
                    decision=correction.decision_id.display_name,
                )
            )
