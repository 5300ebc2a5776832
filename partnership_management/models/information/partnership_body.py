from odoo import api, fields, models

from ...tools.groups import TEAM


class PartnershipBody(models.Model):
    _inherit = "partnership.body"

    briefing_count = fields.Integer(
        "Number of Briefings", compute="_compute_briefing_counts", groups=TEAM
    )
    handover_text = fields.Char("Handovers", compute="_compute_briefing_counts", groups=TEAM)

    @api.depends_context("uid")
    def _compute_briefing_counts(self):
        counts = self.env["partnership.briefing"]._count_by("body_id", self)
        handovers = self.env["partnership.mandate"]._get_handover_texts("body_id", self)
        for body in self:
            body.briefing_count = counts.get(body, 0)
            body.handover_text = handovers.get(body, False)

    def action_open_briefings(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "partnership_management.partnership_briefing_action"
            ),
            "domain": [("body_id", "=", self.id)],
            "context": {
                "default_body_id": self.id,
                "default_partnership_id": self.partnership_id.id,
            },
        }

    def action_open_handovers(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "partnership_management.partnership_mandate_action_handover"
            ),
            "domain": [("body_id", "=", self.id)],
        }
