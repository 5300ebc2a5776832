from odoo import api, fields, models

from ...tools.groups import TEAM


class PartnershipPartnership(models.Model):
    _inherit = "partnership.partnership"

    briefing_reading_days = fields.Integer(
        "Days to Read a Briefing", default=14, help="Read later than that is not read in time."
    )
    briefing_link_days = fields.Integer(
        "Days a Link Works",
        default=90,
        help="How long readers without an account can open a briefing by their personal link.",
    )
    briefing_remind_days = fields.Integer(
        "Remind before (days)",
        help="This many days before a briefing is due, who has not read it is reminded by e-mail, "
        "once. 0: nobody is reminded by itself.",
    )
    briefing_count = fields.Integer(
        "Number of Briefings", compute="_compute_briefing_counts", groups=TEAM
    )
    handover_text = fields.Char("Handovers", compute="_compute_briefing_counts", groups=TEAM)

    _briefing_days_positive = models.Constraint(
        "CHECK (briefing_reading_days >= 0 AND briefing_link_days > 0"
        " AND briefing_remind_days >= 0)",
        "Days to read and to remind cannot be negative, and a link works for one day at least.",
    )

    @api.depends_context("uid")
    def _compute_briefing_counts(self):
        counts = self.env["partnership.briefing"]._count_by("partnership_id", self)
        handovers = self.env["partnership.mandate"]._get_handover_texts("partnership_id", self)
        for partnership in self:
            partnership.briefing_count = counts.get(partnership, 0)
            partnership.handover_text = handovers.get(partnership, False)

    def action_open_briefings(self):
        return self._action_open("partnership_management.partnership_briefing_action")

    def action_open_handovers(self):
        return self._action_open("partnership_management.partnership_mandate_action_handover")
