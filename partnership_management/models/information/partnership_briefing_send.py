from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import is_html_empty

ACTIVITY_TYPE = "partnership_management.mail_activity_type_handover"

TEMPLATE = "partnership_management.mail_template_briefing%s"


class PartnershipBriefing(models.Model):
    """Sending: a mail with a personal link for each recipient, when somebody presses Send."""

    _inherit = "partnership.briefing"

    unsent_count = fields.Integer(compute="_compute_unsent_count")
    waiting_count = fields.Integer("E-mails Waiting", compute="_compute_unsent_count")
    failed_text = fields.Char(
        "Not Reached",
        compute="_compute_unsent_count",
        help="Who has not read it and did not get the last e-mail, and why.",
    )

    mandate_ids = fields.Many2many(
        "partnership.mandate",
        string="Handover of",
        domain="[('partnership_id', '=', partnership_id)]",
        help="The mandates that ended. Who reads it acknowledges the handover.",
    )

    @api.depends("receipt_ids.date_sent", "receipt_ids.date_read", "receipt_ids.mail_state")
    def _compute_unsent_count(self):
        receipts = self.receipt_ids.filtered(lambda receipt: not receipt.date_read)
        by_briefing = receipts.grouped("briefing_id")
        for briefing in self:
            unread = by_briefing.get(briefing, receipts.browse())
            briefing.unsent_count = len(unread._filtered_to_send())
            briefing.waiting_count = len(
                unread.filtered(lambda receipt: receipt.mail_state == "waiting")
            )
            briefing.failed_text = unread._format_failures()

    def action_open_send(self):
        """Say who gets an e-mail, and what it says, before it goes out."""
        self.check_access("write")
        for briefing in self:
            briefing._check_can_send()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_briefing_mailing_action"
        )
        action["context"] = {"default_briefing_ids": self.ids}
        return action

    def action_send(self):
        """Send to those who have not got it: all at first, later the recipients added since, and
        those whom the e-mail did not reach."""
        return self._send_to(self.receipt_ids._filtered_to_send())

    def _send_to(self, receipts):
        """:param receipts: of these briefings, who gets it now"""
        for briefing in self:
            briefing._check_can_send()
        self.check_access("write")
        self._take_turns()
        drafts = self.filtered(lambda briefing: briefing.state == "draft")
        for briefing in drafts:
            briefing.sudo().write({"state": "sent", "date_sent": briefing._get_today()})
        self.env.add_to_compute(receipts._fields["was_absent"], receipts)
        reachable = receipts.filtered("person_id.email_normalized")
        reachable._open_links()
        reachable._send_mails(TEMPLATE % "")
        self._close_handovers()
        return self._notify_sent(reachable, receipts - reachable)

    def action_remind(self):
        """Mail once more to those who have not read it, at most once a day."""
        self.check_access("write")
        self._take_turns()
        waiting = self.receipt_ids._filtered_to_remind()
        waiting._send_mails(TEMPLATE % "_reminder")
        return self._notify_sent(waiting, self.receipt_ids.browse())

    def action_cancel(self):
        """The links stop working; what was read stays on record."""
        self.check_access("write")
        self.sudo().filtered(lambda briefing: briefing.state == "sent").state = "cancelled"

    def _check_can_send(self):
        self.ensure_one()
        if self.state == "cancelled":
            reason = self.env._("it was cancelled; send a copy of it")
        elif self.kind == "minutes" and self.event_id.partnership_state == "cancelled":
            reason = self.env._("its meeting was cancelled")
        elif is_html_empty(self.body) and not self.attachment_ids:
            reason = self.env._("there is nothing to read in it yet")
        elif not self.receipt_ids:
            reason = self.env._("it has no recipients yet")
        else:
            return
        raise UserError(
            self.env._("“%(briefing)s” is not sent: %(reason)s.", briefing=self.name, reason=reason)
        )

    def _notify_sent(self, reached, unreachable):
        """:return: the action that says how many were written to, and who has no address"""
        message = self.env._("E-mails on their way: %(count)s.", count=reached._count_mails())
        if not reached:
            message = self.env._("Nobody is left to write to today.")
        if unreachable:
            message = self.env._(
                "%(message)s Without e-mail address, to tell in person: %(names)s.",
                message=message,
                names=", ".join(unreachable.mapped("display_name")),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "warning" if unreachable else "success" if reached else "info",
                "sticky": bool(unreachable),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _cron_remind_briefings(self):
        """Where the partnership wants it: remind once those who have not read yet, shortly
        before the day until which they should."""
        partnerships = self.env["partnership.partnership"].search(
            [("briefing_remind_days", ">", 0)]
        )
        domains = [
            Domain("partnership_id", "in", same.ids)
            & Domain("date_due", ">=", today)
            & Domain("date_due", "<=", today + timedelta(days=days))
            for days, alike in partnerships.grouped("briefing_remind_days").items()
            for today, same in alike._grouped_by_today().items()
        ]
        briefings = self.search(
            Domain.OR(domains)
            & Domain("state", "=", "sent")
            & Domain("receipt_ids", "any", [("date_read", "=", False)])
        )
        self.env["ir.cron"]._run_in_batches(
            briefings.ids, 1, lambda ids: self.browse(ids)._remind_once()
        )

    def _remind_once(self):
        """Remind those to whom nothing was written since the day of the reminder."""
        self.ensure_one()
        day = self.date_due - timedelta(days=self.partnership_id.briefing_remind_days)
        waiting = self.receipt_ids._filtered_to_remind()
        waiting.filtered(lambda receipt: receipt.date_mailed < day)._send_mails(
            TEMPLATE % "_reminder", at_once=False
        )

    def _close_handovers(self):
        """Who takes over has what is to be handed over: nothing is left to do."""
        self.activity_feedback([ACTIVITY_TYPE])
        self.mandate_ids.activity_feedback([ACTIVITY_TYPE])
