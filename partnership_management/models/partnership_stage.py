from odoo import fields, models


class PartnershipStage(models.Model):
    _name = "partnership.stage"
    _description = "Stage of Development"
    _inherit = ["partnership.guarded.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    fold = fields.Boolean("Folded in Kanban")
    description = fields.Text(translate=True, help="What a partnership at this stage looks like.")

    _name_uniq = models.Constraint("UNIQUE (name)", "A stage of this name exists already.")
