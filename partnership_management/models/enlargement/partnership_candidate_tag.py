from random import randint

from odoo import fields, models


class PartnershipCandidateTag(models.Model):
    _name = "partnership.candidate.tag"
    _description = "Candidate Tag"
    _inherit = ["partnership.guarded.mixin"]
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer(default=lambda self: randint(1, 11))

    _name_uniq = models.Constraint("UNIQUE (name)", "A tag of this name exists already.")
