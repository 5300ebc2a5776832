from odoo import api, fields, models

from ..tools.groups import TEAM
from ..tools.question import make_question


class PartnershipPartnership(models.Model):
    """Leaving a stage (L3): its criteria should be met, or somebody says why not."""

    _inherit = "partnership.partnership"

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
