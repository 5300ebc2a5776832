from odoo import fields, models


class PartnershipEnlargementRefuseReason(models.Model):
    _name = "partnership.enlargement.refuse.reason"
    _description = "Reason for Refusal"
    _inherit = ["partnership.guarded.mixin"]
    _order = "sequence, id"

    _sent_fields = ("letter_text",)

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    letter_text = fields.Text(
        "Said in the Letter",
        translate=True,
        help="What the letter of refusal says of this reason. Empty: the letter names none.",
    )

    _name_uniq = models.Constraint("UNIQUE (name)", "A reason of this name exists already.")
