from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.deliberation.partnership_interest import NATURES


class PartnershipInterestRuling(models.TransientModel):
    """What who presides says of a declaration, or of a recusal that the register proposes."""

    _name = "partnership.interest.ruling"
    _description = "Ruling on an Interest"
    _inherit = ["partnership.guarded.mixin"]

    declaration_id = fields.Many2one("partnership.interest.declaration")
    event_id = fields.Many2one("calendar.event", "Meeting")
    person_id = fields.Many2one("res.partner")
    membership_id = fields.Many2one("partnership.membership", "Member")
    item_id = fields.Many2one("partnership.agenda.item")
    nature = fields.Selection(NATURES)
    about = fields.Char("Interest", compute="_compute_about")
    ruling = fields.Selection(
        [("recused", "Recused"), ("may_vote", "May vote")], required=True, default="may_vote"
    )
    reason = fields.Char(required=True)

    @api.depends("declaration_id", "membership_id", "person_id", "item_id")
    def _compute_about(self):
        for dialog in self:
            who = dialog.membership_id.partner_id.name or dialog.person_id.name
            proposed = f"{who}: {dialog.item_id.display_name}"
            dialog.about = dialog.declaration_id.display_name or proposed

    def action_rule(self):
        self.ensure_one()
        declaration = self.declaration_id or self._declare_proposed()
        declaration._rule(self.ruling, self.reason)
        if self.declaration_id:
            return {"type": "ir.actions.act_window_close"}
        return self.env["partnership.interest.sheet"]._open(self.event_id)

    def _declare_proposed(self):
        """:return: the declaration of a proposal that is not followed"""
        if not self.event_id or not self.item_id:
            raise UserError(self.env._("Choose the declaration that is ruled on."))
        self.event_id._check_sheet_access()
        fnames = ("event_id", "person_id", "membership_id", "item_id")
        values = {fname: self[fname].id for fname in fnames}
        declaration = self.declaration_id.create({**values, "nature": self.nature})
        declaration.sudo().source = "register"
        return declaration
