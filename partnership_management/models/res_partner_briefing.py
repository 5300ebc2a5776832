from odoo import models
from odoo.tools import SQL


class ResPartner(models.Model):
    """Anonymising a person: its name leaves the briefings and minutes, its links stop working,
    and every count stays."""

    _inherit = "res.partner"

    def _get_texts(self):
        receipts = self.env["partnership.briefing.receipt"].search([("person_id", "=", self.id)])
        rows = self.env["partnership.attendance"].search([("person_id", "=", self.id)])
        mandates = self.env["partnership.mandate"].search([("person_id", "=", self.id)])
        memberships = self.env["partnership.membership"].search([("partner_id", "=", self.id)])
        places = self.env["partnership.partnership"].union(
            *(records.partnership_id for records in (receipts, rows, mandates, memberships))
        )
        here = SQL("partnership_id IN %s", places._ids or (0,))
        briefings = SQL("SELECT id FROM partnership_briefing WHERE %s", here)
        messages = SQL("model = 'partnership.briefing' AND res_id IN (%s)", briefings)
        return [
            *super()._get_texts(),
            ("partnership_briefing", ("name", "body"), here),
            ("partnership_briefing_receipt", ("relay_evidence",), here),
            ("calendar_event", ("partnership_minutes_text",), here),
            ("mail_message", ("body", "subject"), messages),
        ]

    def _remove_personal_records(self):
        result = super()._remove_personal_records()
        self.env["partnership.briefing.receipt"].search(
            [("person_id", "in", self.ids)]
        ).access_token = False
        return result
