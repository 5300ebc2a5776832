from odoo import api, fields, models
from odoo.fields import Domain


class PartnershipBody(models.Model):
    _inherit = "partnership.body"

    meeting_count = fields.Integer("Meetings", compute="_compute_meeting_count")

    @api.depends_context("uid")
    def _compute_meeting_count(self):
        counts = dict(
            self.env["calendar.event"]._read_group(
                Domain("partnership_body_id", "in", self.ids), ["partnership_body_id"], ["id:count"]
            )
        )
        for body in self:
            body.meeting_count = counts.get(body, 0)

    def action_open_meetings(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.calendar_event_action_meetings"
        )
        action["domain"] = [("partnership_body_id", "=", self.id)]
        action["context"] = {
            "default_partnership_id": self.partnership_id.id,
            "default_partnership_body_id": self.id,
        }
        return action
