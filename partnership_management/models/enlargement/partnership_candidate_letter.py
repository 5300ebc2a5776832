from odoo import api, fields, models
from odoo.exceptions import UserError

TEMPLATES = {
    "admitted": "partnership_management.mail_template_candidate_admitted",
    "refused": "partnership_management.mail_template_candidate_refused",
}


class PartnershipCandidate(models.Model):
    """The letter that tells the actor whether it is admitted.

    It says the decision, what the reason of a refusal has for it, and ``letter_note``; notes of
    the team are in no letter.
    """

    _inherit = "partnership.candidate"

    _sent_fields = ("name", "letter_note")

    letter_note = fields.Text(
        "Words of Your Own", copy=False, help="A paragraph of the letter, for this actor alone."
    )

    letter_date = fields.Date(
        "Letter of",
        compute="_compute_letter_date",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
        help="The day on which the letter went out, by e-mail from here or by post.",
    )

    @api.depends("state")
    def _compute_letter_date(self):
        """Another outcome is another letter; that the first one went out is in the history."""
        self.letter_date = False

    def action_send_letter(self):
        """Open the letters as e-mails; they go out when the user presses Send there."""
        template = self._get_letter_template()
        due = self._filtered_letter_due()
        reachable = due.filtered(
            lambda candidate: candidate._get_letter_recipient().email_normalized
        )
        unreachable = ", ".join((due - reachable).mapped("name"))
        if not reachable:
            raise UserError(
                self.env._(
                    "Without an e-mail address: %(names)s. Print the letter, and note on the tab "
                    "“Application” when you posted it.",
                    names=unreachable,
                )
            )
        action = reachable._get_letter_action(template)
        if not unreachable:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._(
                    "Without an e-mail address, to write to by post: %(names)s.", names=unreachable
                ),
                "type": "warning",
                "sticky": True,
                "next": action,
            },
        }

    def _filtered_letter_due(self):
        """:return: those that have no letter yet, or whom it did not reach: nobody is told twice
        by a wide selection"""
        due = self.filtered(lambda candidate: candidate._is_mail_due())
        if not due:
            raise UserError(
                self.env._(
                    "%(names)s: the letter has gone out. To send another, empty its date on the "
                    "tab “Application”.",
                    names=", ".join(self.mapped("name")),
                )
            )
        return due

    def _get_letter_template(self):
        """:return: the mail template for the outcome that all these cards have"""
        states = set(self.mapped("state"))
        if len(states) > 1 or states - TEMPLATES.keys():
            raise UserError(
                self.env._(
                    "A letter says that a candidate is admitted, or that it is refused: choose "
                    "cards of one kind, on which it is decided."
                )
            )
        return self.env.ref(TEMPLATES[states.pop()])

    def _get_letter_action(self, template):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send the Letter"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment" if len(self) == 1 else "mass_mail",
                "default_template_id": template.id,
                "default_email_layout_xmlid": "mail.mail_notification_light",
                "force_email": True,
                "hide_mail_template_management_options": True,
                "partnership_letter": True,
            },
        }

    def _message_post_after_hook(self, message, msg_values):
        if self.env.context.get("partnership_letter") and message.partner_ids:
            self._mark_letter_sent(message)
        return super()._message_post_after_hook(message, msg_values)

    def _message_mail_after_hook(self, mails):
        if self.env.context.get("partnership_letter"):
            sent = mails.filtered(lambda mail: mail.state == "outgoing").grouped("res_id")
            for candidate in self.filtered(lambda candidate: candidate.id in sent):
                candidate._mark_letter_sent(sent[candidate.id].mail_message_id)
        return super()._message_mail_after_hook(mails)

    def _mark_letter_sent(self, message):
        self.ensure_one()
        this = self.with_context(partnership_letter=False)
        this.letter_date = this._get_today()
        this.sudo().mail_message_id = message

    def _forget_mail(self):
        """Whoever notes when the letter was posted, or that another one is to go, speaks of that
        letter, not of an e-mail before."""
        self.check_access("write")
        self.sudo().mail_message_id = False

    def _get_mail_recipient(self):
        return self._get_letter_recipient()

    def _is_mail_due(self):
        return not self.letter_date or self._has_mail_failed()

    # ------------------------------------------------------------
    # What the letter says
    # ------------------------------------------------------------

    def _get_letter_recipient(self):
        """:return: the contact to whom it is written: who speaks for the actor, where that person
        can be reached"""
        self.ensure_one()
        contacts = self.contact_id + self.partner_id
        return contacts.filtered("email_normalized")[:1] or contacts[0]

    def _get_letter_date(self):
        self.ensure_one()
        return self.letter_date or self._get_today()

    def _get_letter_decision_date(self):
        """:return: the date of the decision, if it was taken when the letter is written"""
        self.ensure_one()
        date = self.decision_date
        return date and date <= self._get_letter_date() and date

    def _get_letter_name(self):
        """:return: the name of the file"""
        self.ensure_one()
        if self.state == "admitted":
            return self.env._("Admission - %(actor)s", actor=self.name)
        return self.env._("Reply to the application - %(actor)s", actor=self.name)
