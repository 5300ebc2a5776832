from odoo import models
from odoo.fields import Domain


class PartnershipAttendance(models.Model):
    """What a vote keeps of the sheet."""

    _inherit = "partnership.attendance"

    def _may_change_proxy(self):
        """Not by who gave it, once a vote was opened there."""
        opened = Domain("event_id", "=", self.event_id.id) & Domain("opened_on", "!=", False)
        Decision = self.env["partnership.decision"].sudo()
        return super()._may_change_proxy() and not Decision.search_count(opened, limit=1)
