from odoo import fields, models

SECTORS = [
    ("public", "Public"),
    ("economic", "Economic"),
    ("civil", "Civil society"),
    ("individual", "Individual"),
]


class PartnershipInterestGroup(models.Model):
    _name = "partnership.interest.group"
    _description = "Interest Group"
    _inherit = ["partnership.guarded.mixin"]
    _order = "sequence, name, id"
    _portal_fields = ("name", "sequence", "active", "sector", "description")

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    sector = fields.Selection(SECTORS, required=True, default="civil")
    description = fields.Text(translate=True)

    _name_uniq = models.Constraint(
        "UNIQUE (name)", "An interest group of this name exists already."
    )
