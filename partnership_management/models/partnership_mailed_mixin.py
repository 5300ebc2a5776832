from operator import itemgetter

from odoo import api, fields, models
from odoo.fields import NO_ACCESS, Domain
from odoo.tools import groupby

from ..tools.internal import INTERNAL

BATCH = 500
STATES = [("waiting", "Waiting to leave"), ("sent", "Sent"), ("failed", "Failed")]
# What a notification says of a mail; one that nobody will send any more has failed as well
READY = Domain("notification_status", "in", ("ready", "process"))
STUCK = Domain("mail_mail_id", "=", False) | Domain(
    "mail_mail_id.state", "in", ("cancel", "exception")
)
LOST = Domain("notification_status", "in", ("exception", "bounce", "canceled")) | (READY & STUCK)


class PartnershipMailedMixin(models.AbstractModel):
    """Somebody to whom we write, and what became of the last e-mail.

    That is what Odoo says of it, whenever somebody looks: its notification stays when the mail is
    deleted, and is told of failures and of what comes back days later. Nothing is stored when a
    mail leaves: a row that the recipient changes at that moment would undo the transaction, and
    the mail would go out again.
    """

    _name = "partnership.mailed.mixin"
    _description = "Recipient of E-mails"
    _inherit = ["partnership.guarded.mixin"]

    mail_message_id = fields.Many2one(
        "mail.message",
        "Last E-mail Sent",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=NO_ACCESS,
    )
    mail_state = fields.Selection(
        STATES,
        "E-mail",
        compute="_compute_mail_state",
        search="_search_mail_state",
        help="What became of the last e-mail. Empty: there was none from here.",
    )
    mail_failure = fields.Char("Why It Failed", compute="_compute_mail_state")

    @api.depends(
        "mail_message_id.notification_ids.notification_status",
        "mail_message_id.notification_ids.failure_type",
        "mail_message_id.notification_ids.mail_mail_id.state",
    )
    def _compute_mail_state(self):
        for record, system in zip(self, self.sudo(), strict=True):
            notifications = system.mail_message_id.notification_ids
            lost = notifications.filtered_domain(LOST)
            if lost:
                record.mail_state = "failed"
            elif notifications.filtered_domain(READY):
                record.mail_state = "waiting"
            else:
                record.mail_state = "sent" if system.mail_message_id else False
            record.mail_failure = self._describe_failure(lost[0]) if lost else False

    def _search_mail_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = Domain.OR(self._domain_mail_state(state) for state in value)
        return Domain("id", "in", self.sudo()._search(found))

    @api.model
    def _domain_mail_state(self, state):
        """:return: Domain of the records of which ``mail_state`` is ``state``, for the system"""

        def has(notified):
            return Domain("mail_message_id", "any", Domain("notification_ids", "any", notified))

        sent = Domain("mail_message_id", "!=", False)
        domains = {
            "failed": has(LOST),
            "waiting": has(READY) & ~has(LOST),
            "sent": sent & ~has(LOST) & ~has(READY),
            False: ~sent,
        }
        return domains.get(state, Domain.FALSE)

    @api.model
    def _describe_failure(self, notification):
        """:return: why the mail did not arrive, in one line"""
        labels = dict(notification._fields["failure_type"]._description_selection(self.env))
        if notification.failure_type == "unknown" and notification.failure_reason:
            return notification.failure_reason.strip().split("\n")[0][:100]
        return labels.get(notification.failure_type) or self.env._("Cancelled before it left")

    def _format_failures(self):
        """:return: who of these got no e-mail, and why, in one line"""
        failed = self.filtered(lambda record: record.mail_state == "failed")
        names = {
            reason: sorted({record._get_mail_recipient().name or "" for record in records})
            for reason, records in failed.grouped("mail_failure").items()
        }
        return "; ".join(f"{', '.join(found)} ({reason})" for reason, found in names.items())

    def _has_mail_failed(self):
        """:return: whether the last e-mail is known not to have arrived, whoever asks"""
        self.ensure_one()
        return self.sudo().mail_state == "failed"

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    def _get_mail_recipient(self):
        """:return: res.partner to whom is written about the record"""
        raise NotImplementedError

    def _is_mail_due(self):
        """:return: whether there is something to write, that the recipient has not got"""
        raise NotImplementedError

    def _send_mail_template(self, template, email_values=None, layout=False, at_once=False):
        """Write a mail for each record, as one, and follow what becomes of them. Only here do
        the links of their readers go into a mail.

        Of models without a chatter nothing is kept but that there was a mail: its text holds links
        that are its reader's alone.

        :param email_values: dict, see ``mail.template.send_mail_batch``
        :param at_once: whether they leave with this transaction, not with the queue
        """
        if not self:
            return
        values = {"is_notification": True, **(email_values or {})}
        silent = not isinstance(self, self.pool["mail.thread"])
        if silent:
            values["message_type"] = "user_notification"
        template = template.with_context(partnership_sending=INTERNAL)
        mails = template.send_mail_batch(
            self.ids, email_values=values, email_layout_xmlid=layout
        ).sudo()
        if silent:
            mails.body = False
        self._follow_mails(mails)
        for record, mail in zip(self.sudo(), mails, strict=True):
            record.mail_message_id = mail.mail_message_id
        if at_once and len(mails) < self._get_mail_limit():
            mails.send_after_commit()
        else:
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _follow_mails(self, mails):
        """Let Odoo note what becomes of them; what failed before is not tried again besides."""
        self.env["mail.mail"].sudo().search(
            Domain("mail_message_id", "in", self.sudo().mail_message_id.ids)
            & Domain("state", "=", "exception")
        ).cancel()
        self.env["mail.notification"].sudo().create(
            [
                {**values, "res_partner_id": partner.id}
                for mail, values in zip(mails, mails._get_notification_values(), strict=True)
                for partner in mail.recipient_ids
            ]
        )

    @api.model
    def _get_mail_limit(self):
        limit = self.env["ir.config_parameter"].sudo().get_param("mail.mail_force_send_limit", 100)
        return int(limit)

    # ------------------------------------------------------------
    # What follows from it
    # ------------------------------------------------------------

    @api.model
    def _get_mail_followers(self):
        """:return: list of the models in which something that is stored follows from what became
        of mails; each has ``_find_mails_to_settle`` and ``_settle_mails``"""
        return ["calendar.attendee", "partnership.mandate"]

    @api.model
    def _cron_settle_mails(self):
        """In a transaction of its own, soon after mails left, failed or came back."""

        def settle(keys):
            for name, pairs in groupby(keys, itemgetter(0)):
                self.env[name].browse(record_id for _name, record_id in pairs)._settle_mails()

        keys = [
            [name, record_id]
            for name in self._get_mail_followers()
            for record_id in self.env[name]._find_mails_to_settle().ids
        ]
        self.env["ir.cron"]._run_in_batches(keys, BATCH, settle)
