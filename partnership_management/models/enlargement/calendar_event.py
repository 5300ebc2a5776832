from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.groups import TEAM


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    partnership_candidate_count = fields.Integer(
        "Candidates Decided on", compute="_compute_partnership_candidate_count", groups=TEAM
    )

    @api.depends_context("uid")
    def _compute_partnership_candidate_count(self):
        counts = self.env["partnership.candidate"]._count_by("decision_event_id", self)
        for event in self:
            event.partnership_candidate_count = counts.get(event, 0)

    def action_open_partnership_candidates(self):
        self.ensure_one()
        return self.env["partnership.candidate"]._get_list_action(
            [("decision_event_id", "=", self.id)],
            {
                "default_partnership_id": self.partnership_id.id,
                "default_decision_event_id": self.id,
            },
        )

    def _close_sheet(self, unmarked="not_recorded"):
        result = super()._close_sheet(unmarked)
        rows = self.env["partnership.attendance"].search(
            Domain("event_id", "in", self.ids)
            & Domain("membership_id", "any", self.env["partnership.membership"]._domain_informal())
        )
        rows.membership_id._refresh_informal_suggestion()
        return result
