from odoo import fields, models


class PartnershipSkill(models.Model):
    """Something that a member, a representative or a body has to be able to do."""

    _name = "partnership.skill"
    _description = "Training Skill"
    _inherit = ["partnership.guarded.mixin"]
    _order = "sequence, name, id"

    _sent_fields = ("name",)

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()

    _name_uniq = models.Constraint("UNIQUE (name)", "A skill of this name exists already.")
