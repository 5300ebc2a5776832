from odoo import api, fields, models
from odoo.tools import format_date


class PartnershipStageHistory(models.Model):
    """From when to when a partnership stood at a stage (L2); written when it moves.

    Of two moves on one day both rows stay, and the later holds.
    """

    _name = "partnership.stage.history"
    _description = "Time in a Stage of Development"
    _inherit = ["partnership.dated.mixin", "partnership.guarded.mixin"]
    _order = "date_start desc, id desc"

    partnership_id = fields.Many2one(
        "partnership.partnership", required=True, index=True, ondelete="cascade"
    )
    stage_id = fields.Many2one("partnership.stage", required=True, index=True, ondelete="restrict")
    days = fields.Integer(compute="_compute_days", help="Days in the stage, until today.")
    reason = fields.Char("Reason for Moving On")
    unmet = fields.Text("Unmet then", help="The criteria of the stages before that were not met.")
    user_id = fields.Many2one("res.users", "Moved by", default=lambda self: self.env.user)

    # Of two users who move a partnership at the same moment the second runs again
    _one_open = models.UniqueIndex(
        "(partnership_id) WHERE date_end IS NULL",
        "This partnership stands at a stage already.",
    )

    @api.depends("stage_id", "date_start")
    def _compute_display_name(self):
        for period in self:
            period.display_name = (
                f"{period.stage_id.name} ({format_date(self.env, period.date_start)})"
            )

    @api.depends("date_start", "date_end", "partnership_id.stage_history_ids.date_start")
    def _compute_days(self):
        """To the day on which the next one began."""
        for partnership, periods in self.grouped("partnership_id").items():
            until = partnership._get_today()
            for period in partnership.stage_history_ids.sorted(
                lambda each: (each.date_start, each.id), reverse=True
            ):
                if period in periods:
                    (periods & period).days = max((until - period.date_start).days, 0)
                until = period.date_start
