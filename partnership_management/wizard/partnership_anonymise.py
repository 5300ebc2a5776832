from odoo import fields, models


class PartnershipAnonymise(models.TransientModel):
    """Ask once before persons are made anonymous: it cannot be taken back."""

    _name = "partnership.anonymise"
    _description = "Anonymise Persons"
    _inherit = ["partnership.guarded.mixin"]

    partner_ids = fields.Many2many(
        "res.partner",
        string="Persons",
        required=True,
        context={"active_test": False},
        default=lambda self: (
            self.env.context.get("active_ids")
            if self.env.context.get("active_model") == "res.partner"
            else False
        ),
    )

    def action_anonymise(self):
        self.ensure_one()
        self.with_context(active_test=False).partner_ids._partnership_anonymise()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
