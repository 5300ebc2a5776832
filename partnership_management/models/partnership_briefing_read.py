from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq


class PartnershipBriefing(models.Model):
    """How far a briefing came: how many have read it, and passed it on."""

    _inherit = "partnership.briefing"

    receipt_count = fields.Integer("Number of Recipients", compute="_compute_counts")
    read_count = fields.Integer("Have Read", compute="_compute_counts")
    relay_count = fields.Integer("Have Passed on", compute="_compute_counts")
    read_text = fields.Char("Read", compute="_compute_counts")
    read_percent = fields.Integer("Read (%)", compute="_compute_counts")

    @api.depends("receipt_ids.date_read", "receipt_ids.date_relayed")
    def _compute_counts(self):
        groups = self.env["partnership.briefing.receipt"]._read_group(
            [("briefing_id", "in", self.ids)],
            ["briefing_id"],
            ["__count", "date_read:count", "date_relayed:count"],
        )
        counts = {briefing: figures for briefing, *figures in groups}
        for briefing in self:
            total, read, relayed = counts.get(briefing._origin, (0, 0, 0))
            briefing.receipt_count = total
            briefing.read_count = read
            briefing.relay_count = relayed
            briefing.read_text = f"{read}/{total}" if total else False
            briefing.read_percent = round(100 * read / total) if total else 0

    def action_open_receipts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_briefing_receipt_action"
        )
        action["domain"] = [("briefing_id", "=", self.id)]
        action["context"] = {"partnership_one_briefing": True}
        return action


class PartnershipBriefingReceipt(models.Model):
    """Reading: confirmed by the reader on the page, or recorded by who told the person."""

    _inherit = "partnership.briefing.receipt"

    def _is_token(self, token):
        """Whether ``token`` is the one of this receipt. Runs as the system."""
        self.ensure_one()
        own = self.access_token
        return bool(own) and consteq(own.encode(), (token or "").encode())

    def _is_open(self):
        """Whether the link still shows the briefing."""
        self.ensure_one()
        return self.state == "sent" and self.date_expiry >= self.briefing_id._get_today()

    def _confirm_read(self):
        """The person has read it, for each member that it reads for; the first time counts."""
        self.ensure_one()
        unread = self._get_same_reader().filtered(lambda receipt: not receipt.date_read)
        unread.date_read = self.briefing_id._get_today()

    def _confirm_relayed(self, evidence, date):
        """The person has passed it on in the organisation of this receipt; what was said first
        stays.

        :param date: the day, as the page sends it
        """
        self.ensure_one()
        if self.date_relayed:
            return
        try:
            day = fields.Date.to_date(date)
        except ValueError:
            day = None
        if not day:
            raise UserError(self.env._("Say on which day it was passed on."))
        self._check_relay_day(day)
        self._confirm_read()
        self.write({"date_relayed": day, "relay_evidence": evidence})

    def action_tell(self):
        """Record that the user told these persons, or handed it over."""
        self.check_access("write")
        for receipt in self:
            if receipt.state != "sent":
                raise UserError(
                    self.env._(
                        "“%(briefing)s” is not sent: it is told once there is something to tell.",
                        briefing=receipt.briefing_id.name,
                    )
                )
        unread = self.sudo().filtered(lambda receipt: not receipt.date_read)
        for briefing, receipts in unread.grouped("briefing_id").items():
            receipts.write({"date_read": briefing._get_today(), "told_by_id": self.env.uid})
