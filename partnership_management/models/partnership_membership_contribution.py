from odoo import api, models
from odoo.tools import SQL


class PartnershipMembership(models.Model):
    """What counts as a contribution of an actor to the partnership (L48)."""

    _inherit = "partnership.membership"

    @api.model
    def _sql_contributions(self):
        """A contribution is a result passed on inside the own organisation, of a briefing that
        was not withdrawn. Later addons extend this by UNION ALL.

        :return: SQL of (membership_id, date), a row per contribution
        """
        self.env["partnership.briefing.receipt"].flush_model(
            ["membership_id", "state", "date_relayed"]
        )
        return SQL(
            """
            SELECT membership_id, date_relayed AS date
              FROM partnership_briefing_receipt
             WHERE membership_id IS NOT NULL AND date_relayed IS NOT NULL AND state = 'sent'
            """
        )
