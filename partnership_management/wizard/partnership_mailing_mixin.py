from odoo import api, fields, models
from odoo.exceptions import UserError


class PartnershipMailingMixin(models.AbstractModel):
    """E-mails are looked at before they go: who gets one, at which address, who cannot be reached,
    what became of the last one, and what it says.

    Whoever is due one is proposed: who has none yet, and whom the last one did not reach. Whoever
    has it is written to again only if chosen by name.
    """

    _name = "partnership.mailing.mixin"
    _description = "Look at E-mails before They Go"
    _inherit = ["partnership.guarded.mixin"]

    recipient_ids = fields.Many2many(
        "res.partner",
        string="Goes to",
        compute="_compute_recipient_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'in', choice_ids)]",
    )
    due = fields.Char(
        "Due when It Was Opened",
        help="Numbers of the contacts.",
        compute="_compute_recipient_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )
    choice_ids = fields.Many2many("res.partner", compute="_compute_choice_ids")
    unreachable_ids = fields.Many2many(
        "res.partner", string="Without E-mail Address", compute="_compute_choice_ids"
    )
    recipients = fields.Html(compute="_compute_choice_ids", sanitize=False)
    subject = fields.Char(compute="_compute_preview")
    preview = fields.Html("Text", compute="_compute_preview", sanitize=False)

    # ------------------------------------------------------------
    # What the dialogs say
    # ------------------------------------------------------------

    def _get_records(self):
        """:return: those that the dialog may write to, of a model with partnership.mailed.mixin;
        refused to who may not write to them"""
        raise NotImplementedError

    def _get_preview_template(self, record):
        """:return: mail.template that ``record`` gets"""
        raise NotImplementedError

    def _is_reachable(self, record):
        return bool(record._get_mail_recipient().email_normalized)

    @api.model
    def _get_subject_fields(self):
        """:return: names of the fields that say what the dialog is about"""
        return []

    @api.depends(lambda self: self._get_subject_fields())
    def _compute_recipient_ids(self):
        for wizard in self:
            records = wizard._get_records()
            due = records.filtered(lambda record: record._is_mail_due())
            wizard.due = " ".join(map(str, wizard._get_persons(due).ids))
            wizard.recipient_ids = wizard._get_persons(due.filtered(wizard._is_reachable))

    @api.depends(lambda self: self._get_subject_fields())
    def _compute_choice_ids(self):
        """Whom a mail is on its way to gets no second one."""
        for wizard in self:
            records = wizard._get_records()
            free = records.filtered(lambda record: record.mail_state != "waiting")
            reachable = free.filtered(wizard._is_reachable)
            due = records.filtered(lambda record: record._is_mail_due())
            wizard.choice_ids = wizard._get_persons(reachable)
            wizard.unreachable_ids = wizard._get_persons(due - due.filtered(wizard._is_reachable))
            wizard.recipients = self.env["ir.qweb"]._render(
                "partnership_management.mailing_recipients",
                {"lines": [wizard._get_line(record) for record in records]},
            )

    @api.depends(lambda self: ["recipient_ids", *self._get_subject_fields()])
    def _compute_preview(self):
        """The mail that the first one gets, without the personal link."""
        for wizard in self:
            record = wizard._get_chosen()[:1]
            texts = wizard._render_preview(record) if record else {}
            wizard.subject = texts.get("subject", False)
            wizard.preview = texts.get("body_html", False)

    def _render_preview(self, record):
        template = self._get_preview_template(record)
        return {
            fname: template._render_field(fname, record.ids, compute_lang=True)[record.id]
            for fname in ("subject", "body_html")
        }

    def _get_line(self, record):
        """:return: dict of what the list says of a recipient"""
        person = record._get_mail_recipient()
        labels = dict(record._fields["mail_state"]._description_selection(self.env))
        return {
            "name": record.display_name,
            "email": person.email or "",
            "is_reachable": self._is_reachable(record),
            "is_failed": record.mail_state == "failed",
            "state": labels.get(record.mail_state) or self._describe_unmailed(record),
            "reason": record.mail_failure or "",
        }

    def _describe_unmailed(self, record):
        """:return: what is known of who got no e-mail from here"""
        return ""

    @api.model
    def _get_persons(self, records):
        return self.env["res.partner"].union(*(record._get_mail_recipient() for record in records))

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    def _get_chosen(self):
        """:return: the records that are written to, as things are now: who was due an e-mail when
        the dialog was opened, and got it since from a colleague, gets no second one"""
        self.ensure_one()
        chosen, due = self.recipient_ids._origin, set((self.due or "").split())
        return self._get_records().filtered(
            lambda record: (
                record._get_mail_recipient() in chosen
                and self._is_reachable(record)
                and record.mail_state != "waiting"
                and (str(record._get_mail_recipient().id) not in due or record._is_mail_due())
            )
        )

    def _check_chosen(self):
        """:return: see ``_get_chosen``; refused if nobody is left. A dialog sends once: a second
        click on it finds nobody chosen."""
        self._get_records()._take_turns()
        chosen = self._get_chosen()
        self.recipient_ids = False
        if not chosen:
            raise UserError(
                self.env._(
                    "There is nobody to write to: choose who gets the e-mail. An e-mail that waits "
                    "to leave is not sent twice."
                )
            )
        return chosen
