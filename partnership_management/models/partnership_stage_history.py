from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.groups import TEAM


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


class PartnershipPartnership(models.Model):
    _name = "partnership.partnership"
    _inherit = ["mail.tracking.duration.mixin", "partnership.partnership"]
    _track_duration_field = "stage_id"

    stage_history_ids = fields.One2many(
        "partnership.stage.history", "partnership_id", "Stages so far", groups=TEAM
    )
    duration_tracking = fields.Json(groups=TEAM)

    def _compute_duration_tracking(self):
        """Seconds in each stage, by the dated history: it may be older than the record."""
        for partnership in self:
            durations = {}
            for period in partnership.stage_history_ids:
                stage = str(period.stage_id.id)
                durations[stage] = durations.get(stage, 0) + 86400 * period.days
            partnership.duration_tracking = durations

    @api.model_create_multi
    def create(self, vals_list):
        partnerships = super().create(vals_list)
        partnerships._begin_stage()
        return partnerships

    def write(self, vals):
        """Moving on is a step of its own: with criteria unmet it asks why, and it is dated."""
        if "stage_id" not in vals:
            return super().write(vals)
        stage = self.env["partnership.stage"].browse(vals["stage_id"])
        moving = self.filtered(lambda each: each.stage_id != stage)
        moving._check_stage_date()
        unmet = moving._check_stage_exit(stage)
        result = super().write(vals)
        moving._end_stage()
        moving._begin_stage(unmet)
        moving._log_stage_move(unmet)
        return result

    def _get_stage_date(self):
        """:return: the day of the move: today, unless the context says another"""
        return fields.Date.to_date(self.env.context.get("stage_date")) or self._get_today()

    def _check_stage_date(self):
        for partnership in self:
            date = partnership._get_stage_date()
            since = partnership.sudo().stage_history_ids[:1].date_start or date
            if not since <= date <= partnership._get_today():
                raise UserError(
                    self.env._(
                        "%(partnership)s cannot move on %(date)s: choose a date from %(since)s to "
                        "today.",
                        partnership=partnership.name,
                        date=format_date(self.env, date),
                        since=format_date(self.env, since),
                    )
                )

    def _end_stage(self):
        for period in self.sudo().stage_history_ids.filtered(lambda each: not each.date_end):
            last = period.partnership_id._get_stage_date() - timedelta(days=1)
            period.date_end = max(last, period.date_start)
        self.env["partnership.stage.history"].flush_model()

    def _begin_stage(self, unmet=None):
        """:param unmet: dict partnership -> str of the criteria that were not met"""
        self.env["partnership.stage.history"].sudo().create(
            [
                {
                    "partnership_id": partnership.id,
                    "stage_id": partnership.stage_id.id,
                    "date_start": partnership._get_stage_date(),
                    "reason": self.env.context.get("stage_reason"),
                    "unmet": (unmet or {}).get(partnership),
                    "user_id": self.env.uid,
                }
                for partnership in self
                if partnership.stage_id
            ]
        )
        self.invalidate_recordset(["stage_history_ids"])
