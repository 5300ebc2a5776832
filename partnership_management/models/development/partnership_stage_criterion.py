from odoo import api, fields, models
from odoo.exceptions import ValidationError

OPERATORS = [("at_least", "At least"), ("at_most", "At most")]


class PartnershipStageCriterion(models.Model):
    """What a partnership has to have reached before it leaves a stage (L3).

    Somebody says so by hand, with evidence, or a figure of the partnership is compared with a
    threshold.
    """

    _name = "partnership.stage.criterion"
    _description = "Exit Criterion"
    _inherit = ["partnership.guarded.mixin"]
    _order = "stage_id, sequence, id"

    stage_id = fields.Many2one("partnership.stage", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char("Criterion", required=True, translate=True)
    kind = fields.Selection(
        [("manual", "By hand"), ("computed", "Computed")], required=True, default="manual"
    )
    figure = fields.Selection("_selection_figure", help="The figure of the partnership.")
    operator = fields.Selection(OPERATORS, default="at_least")
    threshold = fields.Float(help="A share is a fraction of 1: 0.5 is 50 %.")
    description = fields.Text(translate=True, help="How it is told that it is met.")

    _computed_complete = models.Constraint(
        "CHECK (kind = 'manual' OR (figure IS NOT NULL AND operator IS NOT NULL"
        " AND threshold IS NOT NULL))",
        "A computed criterion needs a figure, a comparison and a threshold.",
    )

    @api.model
    def _selection_figure(self):
        Partnership = self.env["partnership.partnership"]
        return [
            (fname, Partnership._fields[fname]._description_string(self.env))
            for fname in Partnership._get_criterion_figures()
        ]

    @api.constrains("kind", "figure", "threshold")
    def _check_threshold(self):
        figures = self.env["partnership.partnership"]._get_criterion_figures()
        for criterion in self.filtered(lambda each: each.kind == "computed"):
            if criterion.figure not in figures:
                raise ValidationError(
                    self.env._("“%(criterion)s”: choose a figure.", criterion=criterion.name)
                )
            if figures[criterion.figure][0] == "share" and not 0 <= criterion.threshold <= 1:
                raise ValidationError(
                    self.env._(
                        "“%(criterion)s”: a share is a fraction of 1, so 50 %% is 0.5.",
                        criterion=criterion.name,
                    )
                )

    def _is_reached(self, value):
        """:param value: of the figure, or None where there is not enough data"""
        self.ensure_one()
        if value is None:
            return False
        if self.operator == "at_most":
            return value <= self.threshold
        return value >= self.threshold

    def _format_requirement(self):
        """:return: str, "Presence: at least 50%" """
        self.ensure_one()
        if self.kind == "manual":
            return ""
        words = {
            "figure": dict(self._selection_figure())[self.figure],
            "threshold": self._format_value(self.threshold),
        }
        if self.operator == "at_most":
            return self.env._("%(figure)s: at most %(threshold)s", **words)
        return self.env._("%(figure)s: at least %(threshold)s", **words)

    def _format_value(self, value):
        """:return: str of a value of the figure, in its unit"""
        Partnership = self.env["partnership.partnership"]
        if value is None:
            return self.env._("not enough data")
        if Partnership._get_criterion_figures()[self.figure][0] == "share":
            return f"{Partnership._format_figure(100 * value)}%"
        return Partnership._format_figure(value)
