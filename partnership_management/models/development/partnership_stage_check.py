from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date


class PartnershipStageCheck(models.Model):
    """Somebody said on a day, with evidence, that a criterion is met, or no longer is.

    What was said is not rewritten: the latest row counts.
    """

    _name = "partnership.stage.check"
    _description = "Check of an Exit Criterion"
    _inherit = ["partnership.guarded.mixin"]
    _order = "date desc, id desc"

    partnership_id = fields.Many2one(
        "partnership.partnership", required=True, index=True, ondelete="cascade"
    )
    criterion_id = fields.Many2one(
        "partnership.stage.criterion",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("kind", "=", "manual")],
    )
    stage_id = fields.Many2one(related="criterion_id.stage_id")
    is_met = fields.Boolean("Met", default=True)
    evidence = fields.Char(help="The decision, document or meeting that shows it.")
    date = fields.Date(
        required=True, compute="_compute_date", store=True, readonly=False, precompute=True
    )
    user_id = fields.Many2one(
        "res.users", "Said by", default=lambda self: self.env.user, readonly=True
    )

    @api.depends("partnership_id")
    def _compute_date(self):
        for check in self:
            check.date = check.date or check._get_today()

    @api.depends("criterion_id", "date")
    def _compute_display_name(self):
        for check in self:
            check.display_name = f"{check.criterion_id.name} ({format_date(self.env, check.date)})"

    @api.constrains("criterion_id", "is_met", "evidence", "date")
    def _check_statement(self):
        for check in self:
            name = check.criterion_id.name
            if check.criterion_id.kind != "manual":
                raise ValidationError(
                    self.env._("“%(criterion)s” is computed: it is not ticked.", criterion=name)
                )
            if check.is_met and not (check.evidence or "").strip():
                raise ValidationError(
                    self.env._("Say what shows that “%(criterion)s” is met.", criterion=name)
                )
            if check.date > check.partnership_id._get_today():
                raise ValidationError(
                    self.env._(
                        "“%(criterion)s” cannot be ticked on %(date)s: that day is to come.",
                        criterion=name,
                        date=format_date(self.env, check.date),
                    )
                )

    def write(self, vals):
        if vals.keys() - {"evidence"}:
            raise UserError(
                self.env._(
                    "What was said of a criterion is not rewritten: say it anew. Its evidence can "
                    "be completed."
                )
            )
        return super().write(vals)
