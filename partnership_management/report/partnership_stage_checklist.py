from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class PartnershipStageChecklist(models.Model):
    """Each exit criterion for each partnership: what was said of it last, or what its figure is.

    A figure is that of today; it is read for all partnerships at once.
    """

    _name = "partnership.stage.checklist"
    _description = "Checklist of a Partnership"
    _inherit = ["partnership.report.mixin"]
    _auto = False
    _rec_name = "criterion_id"
    _order = "partnership_id, stage_id, sequence, id"

    partnership_id = fields.Many2one("partnership.partnership", readonly=True)
    stage_id = fields.Many2one("partnership.stage", readonly=True)
    criterion_id = fields.Many2one("partnership.stage.criterion", readonly=True)
    kind = fields.Selection(related="criterion_id.kind")
    sequence = fields.Integer(readonly=True)
    is_current = fields.Boolean("Of the Present Stage", readonly=True)
    check_id = fields.Many2one("partnership.stage.check", readonly=True)
    evidence = fields.Char(related="check_id.evidence")
    date = fields.Date(related="check_id.date")
    user_id = fields.Many2one(related="check_id.user_id", string="Said by")
    requirement = fields.Char("Required", compute="_compute_value")
    value = fields.Char("Today", compute="_compute_value")
    is_met = fields.Boolean("Met", compute="_compute_value")

    _depends = {
        "partnership.partnership": ["stage_id"],
        "partnership.stage": ["active"],
        "partnership.stage.criterion": ["stage_id", "sequence", "active"],
        "partnership.stage.check": ["partnership_id", "criterion_id", "is_met", "date"],
    }

    @property
    def _table_query(self):
        """The number of a row is made of what it is of, so that it stays the same."""
        return SQL(
            """
            SELECT partnership.id::bigint * 1000000 + criterion.id AS id,
                   partnership.id AS partnership_id,
                   criterion.stage_id,
                   criterion.id AS criterion_id,
                   criterion.sequence,
                   criterion.stage_id = partnership.stage_id AS is_current,
                   latest.id AS check_id
              FROM partnership_partnership partnership
        CROSS JOIN partnership_stage_criterion criterion
              JOIN partnership_stage stage ON stage.id = criterion.stage_id
         LEFT JOIN LATERAL (
                       SELECT id
                         FROM partnership_stage_check
                        WHERE partnership_id = partnership.id AND criterion_id = criterion.id
                     ORDER BY date DESC, id DESC
                        LIMIT 1
                   ) latest ON TRUE
             WHERE criterion.active AND (stage.active OR stage.id = partnership.stage_id)
            """
        )

    @api.depends("check_id.is_met", "criterion_id.threshold", "criterion_id.figure")
    def _compute_value(self):
        for row in self:
            criterion = row.criterion_id
            row.requirement = criterion._format_requirement()
            if criterion.kind == "manual":
                row.value, row.is_met = False, row.check_id.is_met
            else:
                value = row.partnership_id._get_criterion_value(criterion.figure)
                row.value = criterion._format_value(value)
                row.is_met = criterion._is_reached(value)

    def _describe(self):
        """:return: list of str, a line for each: "Members: at least 10 (7)" """
        return [
            f"{row.requirement} ({row.value})" if row.requirement else row.criterion_id.name
            for row in self
        ]

    def action_check(self):
        """Say that the criterion is met, or no longer is."""
        self.ensure_one()
        if self.kind == "computed":
            raise UserError(
                self.env._(
                    "“%(criterion)s” is computed: it is not ticked.",
                    criterion=self.criterion_id.name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.criterion_id.name,
            "res_model": "partnership.stage.check",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partnership_id": self.partnership_id.id,
                "default_criterion_id": self.criterion_id.id,
                "default_is_met": not self.is_met,
            },
        }

    def action_open_rows(self):
        """Open what the figure is counted from, or what was said so far."""
        self.ensure_one()
        if self.kind == "computed":
            figures = self.partnership_id._get_criterion_figures()
            return getattr(self.partnership_id, figures[self.criterion_id.figure][1])()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_stage_check_action"
        )
        domain = [
            ("partnership_id", "=", self.partnership_id.id),
            ("criterion_id", "=", self.criterion_id.id),
        ]
        return {**action, "domain": domain, "context": {}}
