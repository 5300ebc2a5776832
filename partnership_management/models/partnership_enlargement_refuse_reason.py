from odoo import fields, models


class PartnershipEnlargementRefuseReason(models.Model):
    _name = "partnership.enlargement.refuse.reason"
    _description = "Reason for Refusal"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _name_uniq = models.Constraint("UNIQUE (name)", "A reason of this name exists already.")
