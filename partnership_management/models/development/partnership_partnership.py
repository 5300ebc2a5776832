from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools.groups import TEAM
from ...tools.question import make_question


class PartnershipPartnership(models.Model):
    """Leaving a stage (L3): its criteria should be met, or somebody says why not."""

    _name = "partnership.partnership"
    _inherit = ["mail.tracking.duration.mixin", "partnership.partnership"]

    stage_id = fields.Many2one(
        "partnership.stage",
        "Stage of Development",
        default=lambda self: self.env["partnership.stage"].search([], limit=1),
        group_expand="_read_group_expand_full",
        tracking=True,
        ondelete="restrict",
    )

    _track_duration_field = "stage_id"

    stage_history_ids = fields.One2many(
        "partnership.stage.history", "partnership_id", "Stages so far", groups=TEAM
    )
    duration_tracking = fields.Json(groups=TEAM)

    checklist_ids = fields.One2many(
        "partnership.stage.checklist",
        "partnership_id",
        "Exit Criteria",
        domain=[("is_current", "=", True)],
        readonly=True,
        groups=TEAM,
    )
    criterion_count = fields.Integer(
        "Exit Criteria Count", compute="_compute_criteria", groups=TEAM
    )
    criterion_met_count = fields.Integer(
        "Exit Criteria Met", compute="_compute_criteria", groups=TEAM
    )

    @api.model
    def _get_criterion_figures(self):
        """:return: dict name of a field that a criterion can be computed from -> (its unit:
        number, or share, a fraction of 1; the method that opens the rows behind it, or none)
        """
        return {
            "member_count": ("number", "action_open_members"),
            "actor_count": ("number", "action_open_memberships"),
            "body_count": ("number", "action_open_bodies"),
            "meeting_count": ("number", "action_open_meetings"),
            "figure_presence_rate": ("share", "action_open_presence"),
            "figure_commitment_rate": ("share", "action_open_presence"),
            "figure_appropriation": ("number", "action_open_figures"),
            "figure_on_paper_count": ("number", "action_open_figures"),
            "representativeness_paper": ("number", "action_open_picture"),
            "representativeness_table": ("number", "action_open_picture"),
            "representativeness_vote": ("number", "action_open_picture"),
            "carried_out_rate": ("share", "action_open_decisions"),
            "durability_rate": ("share", "action_open_decisions"),
            "largest_group_share": ("share", "action_open_picture"),
            "missing_group_count": ("number", "action_open_picture"),
        }

    def _get_criterion_value(self, fname):
        """:return: number, or None where there is not enough data: without an area profile no
        group is missing because none is wanted"""
        self.ensure_one()
        if fname == "missing_group_count" and not self.has_profile:
            return None
        value = self[fname]
        return None if value is False else value

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

    @api.depends("checklist_ids.is_met", "stage_id")
    def _compute_criteria(self):
        for partnership in self:
            partnership.criterion_count = len(partnership.checklist_ids)
            partnership.criterion_met_count = len(partnership.checklist_ids.filtered("is_met"))

    def _find_unmet(self, stage):
        """:return: dict partnership -> rows of the checklist that are not met, of the stages that
        it leaves behind by moving to ``stage``; going back leaves none behind"""

        def rank(each):
            return each.sequence, each.id

        leaving = self.filtered(
            lambda each: stage and each.stage_id and rank(each.stage_id) < rank(stage)
        )
        if not leaving:
            return {}
        rows = self.env["partnership.stage.checklist"].search(
            [("partnership_id", "in", leaving.ids)]
        )
        return rows.filtered(
            lambda row: (
                rank(row.partnership_id.stage_id) <= rank(row.stage_id) < rank(stage)
                and not row.is_met
            )
        ).grouped("partnership_id")

    def _check_stage_exit(self, stage):
        """Ask why, where criteria are not met and the context gives no reason.

        :return: dict partnership -> str, the criteria that are not met
        """
        unmet = {
            partnership: "\n".join(rows._describe())
            for partnership, rows in self._find_unmet(stage).items()
        }
        if unmet and not (self.env.context.get("stage_reason") or "").strip():
            raise make_question(
                self.env._(
                    "Not all is reached that a partnership should have reached before it moves to "
                    "“%(stage)s”:\n%(unmet)s",
                    stage=stage.name,
                    unmet="\n".join(
                        f"{partnership.name}: {rows}" if len(self) > 1 else rows
                        for partnership, rows in unmet.items()
                    ),
                ),
                self.env.ref("partnership_management.partnership_stage_move_action").id,
                self.env._("Move on and Say Why"),
                {"default_partnership_ids": self.ids, "default_stage_id": stage.id},
            )
        return unmet

    def action_move_stage(self):
        """Ask for the stage, the day and the reason."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_stage_move_action"
        )
        return {**action, "context": {"default_partnership_ids": self.ids}}

    def action_open_checklist(self):
        return self._action_open("partnership_management.partnership_stage_checklist_action")

    def _log_stage_move(self, unmet):
        """Write into the history why it moved on with criteria unmet."""
        moved = self.filtered(lambda each: each in unmet)
        if moved:
            moved._message_log_batch(
                {
                    each.id: self.env._(
                        "Moved on to “%(stage)s” without: %(unmet)s. Reason: %(reason)s",
                        stage=each.stage_id.name,
                        unmet=unmet[each].replace("\n", "; "),
                        reason=self.env.context["stage_reason"],
                    )
                    for each in moved
                }
            )
