from odoo import api, fields, models

from ...tools.groups import TEAM


class ResPartner(models.Model):
    """Anonymising a person: the links of its briefings stop working, and every count stays."""

    _inherit = "res.partner"

    partnership_receipt_count = fields.Integer(
        "Briefings", compute="_compute_partnership_receipt_count", groups=TEAM
    )

    @api.depends_context("uid")
    def _compute_partnership_receipt_count(self):
        counts = dict(
            self.env["partnership.briefing.receipt"]._read_group(
                [("person_id", "in", self.ids), ("state", "=", "sent")], ["person_id"], ["__count"]
            )
        )
        for partner in self:
            partner.partnership_receipt_count = counts.get(partner, 0)

    def action_open_partnership_receipts(self):
        self.ensure_one()
        return self.env["partnership.briefing.receipt"]._get_list_action(
            [("person_id", "=", self.id)]
        )

    def _remove_personal_records(self):
        result = super()._remove_personal_records()
        self.env["partnership.briefing.receipt"].search(
            [("person_id", "in", self.ids)]
        ).access_token = False
        return result

    @api.model
    def _get_history_fields(self):
        return {**super()._get_history_fields(), "partnership.briefing.receipt": ["person_id"]}
