from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.groups import TEAM


class PartnershipMembership(models.Model):
    """What counts as a contribution of an actor to the partnership (L48)."""

    _inherit = "partnership.membership"

    briefing_text = fields.Char(
        "Briefings Read",
        compute="_compute_briefing_text",
        groups=TEAM,
        help="Briefings that somebody read for the member, of those that were sent to it.",
    )

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

    @api.depends_context("uid")
    def _compute_briefing_text(self):
        Receipt = self.env["partnership.briefing.receipt"]
        sent = Domain("membership_id", "in", self.ids) & Domain("state", "=", "sent")
        total, read = (
            dict(Receipt._read_group(domain, ["membership_id"], ["briefing_id:count_distinct"]))
            for domain in (sent, sent & Domain("date_read", "!=", False))
        )
        for membership in self:
            count = total.get(membership)
            membership.briefing_text = count and f"{read.get(membership, 0)}/{count}"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_informed(self):
        """What was sent to a member stays on record; a place on a draft goes with it."""
        receipts = self.env["partnership.briefing.receipt"].sudo()
        receipts = receipts.search([("membership_id", "in", self.ids)])
        informed = receipts.filtered(lambda receipt: receipt.state != "draft")
        if informed:
            raise UserError(
                self.env._(
                    "%(membership)s was sent briefings: end the membership instead of deleting it.",
                    membership=informed[0].membership_id.display_name,
                )
            )
        receipts.unlink()

    def action_open_receipts(self):
        self.ensure_one()
        return self.env["partnership.briefing.receipt"]._get_list_action(
            [("membership_id", "=", self.id)]
        )
