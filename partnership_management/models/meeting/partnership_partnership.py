from odoo import api, fields, models
from odoo.fields import Domain


class PartnershipPartnership(models.Model):
    _inherit = "partnership.partnership"

    meeting_count = fields.Integer("Meetings", compute="_compute_meeting_count")

    @api.depends_context("uid")
    def _compute_meeting_count(self):
        counts = dict(
            self.env["calendar.event"]._read_group(
                Domain("partnership_id", "in", self.ids)
                & Domain("partnership_state", "!=", "cancelled"),
                ["partnership_id"],
                ["id:count"],
            )
        )
        for partnership in self:
            partnership.meeting_count = counts.get(partnership, 0)

    def action_open_meetings(self):
        return self._action_open("partnership_management.calendar_event_action_meetings")
