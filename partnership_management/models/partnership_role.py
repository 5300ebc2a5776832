from odoo import fields, models


class PartnershipRole(models.Model):
    """A rung of the ladder of integration; the order of the ladder is the sequence."""

    _name = "partnership.role"
    _description = "Partnership Role"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="Higher on the ladder of integration is greater.")
    active = fields.Boolean(default=True)
    color = fields.Integer()
    is_formal = fields.Boolean(
        "Formal Membership", help="Whoever has this role is a member of the partnership."
    )
    description = fields.Text(translate=True)

    _name_uniq = models.Constraint("UNIQUE (name)", "A role of this name exists already.")
