from odoo import models


class ResPartner(models.Model):
    """Anonymising a person: the links of its briefings stop working, and every count stays."""

    _inherit = "res.partner"

    def _remove_personal_records(self):
        result = super()._remove_personal_records()
        self.env["partnership.briefing.receipt"].search(
            [("person_id", "in", self.ids)]
        ).access_token = False
        return result
