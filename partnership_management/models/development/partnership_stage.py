from odoo import api, fields, models


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

    criterion_ids = fields.One2many("partnership.stage.criterion", "stage_id", "Exit Criteria")
    criterion_count = fields.Integer("Exit Criteria Count", compute="_compute_criterion_count")

    _name_uniq = models.Constraint("UNIQUE (name)", "A stage of this name exists already.")

    @api.depends("criterion_ids.active")
    @api.depends_context("uid")
    def _compute_criterion_count(self):
        counts = dict(
            self.env["partnership.stage.criterion"]._read_group(
                [("stage_id", "in", self.ids)], ["stage_id"], ["__count"]
            )
        )
        for stage in self:
            stage.criterion_count = counts.get(stage, 0)
