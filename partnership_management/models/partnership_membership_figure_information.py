from odoo import api, models
from odoo.tools import SQL


class PartnershipMembershipFigure(models.Model):
    """Whether a member was informed, and passed on what it got."""

    _inherit = "partnership.membership.figure"

    @api.model
    def _get_information_steps(self, ids):
        return {
            "informed": self._sql_informed(ids),
            "relayed": self._sql_relayed(ids),
        }

    @api.model
    def _get_information_parts(self):
        return {
            "informed": {
                "briefings_due": SQL("COALESCE(informed.due, 0)"),
                "briefings_read": SQL("COALESCE(informed.read, 0)"),
            },
            "relayed": {
                "relays_asked": SQL("COALESCE(relayed.asked, 0)"),
                "relays_done": SQL("COALESCE(relayed.done, 0)"),
            },
        }

    @api.model
    def _get_information_rates(self):
        return {
            "informed_rate": self._sql_rate("part.briefings_read", "part.briefings_due"),
            "relay_rate": self._sql_rate("part.relays_done", "part.relays_asked"),
        }

    @api.model
    def _sql_informed(self, ids):
        """Briefings due in the window, and those of them that were read in time."""
        return SQL(
            """
            SELECT span.membership_id, span.month, COUNT(*) AS due,
                   COUNT(*) FILTER (WHERE briefing.in_time) AS read
              FROM span
              JOIN (%(due)s) briefing
                ON briefing.membership_id = span.membership_id
               AND %(chosen)s
               AND briefing.date_due BETWEEN span.window_start AND span.date
          GROUP BY span.membership_id, span.month
            """,
            due=self.env["partnership.briefing.receipt"]._sql_due(),
            chosen=self._sql_chosen(ids, SQL("briefing.membership_id")),
        )

    @api.model
    def _sql_relayed(self, ids):
        """Receipts of briefings sent in the window that asked to be passed on."""
        return SQL(
            """
            SELECT span.membership_id, span.month, COUNT(*) AS asked,
                   COUNT(*) FILTER (WHERE receipt.date_relayed <= span.date) AS done
              FROM span
              JOIN partnership_briefing_receipt receipt
                ON receipt.membership_id = span.membership_id
               AND %(chosen)s
              JOIN partnership_briefing briefing
                ON briefing.id = receipt.briefing_id
               AND briefing.state = 'sent'
               AND briefing.ask_relay
               AND briefing.date_sent BETWEEN span.window_start AND span.date
          GROUP BY span.membership_id, span.month
            """,
            chosen=self._sql_chosen(ids, SQL("receipt.membership_id")),
        )
