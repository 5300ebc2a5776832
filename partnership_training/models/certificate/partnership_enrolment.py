from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.partnership_management.tools.signed_link import (
    SIGNATURE_LENGTH,
    draw_code,
    is_signed,
    sign,
)

BATCH = 200
PENDING = ("requested", "waiting", "confirmed")


NOTICE = relativedelta(months=2)  # before it expires, a certificate is due for renewal
STATES = [
    ("none", "None"),
    ("valid", "Valid"),
    ("expiring", "Expires soon"),
    ("expired", "Expired"),
    ("revoked", "Revoked"),
]


class PartnershipEnrolment(models.Model):
    """The certificate of a completed course.

    Its link is signed, not stored, as that of a check-in: the number is part of what is signed, so
    that nobody finds the certificates of others by counting.

    A certificate that expires makes its holder ask for the course again.
    """

    _inherit = "partnership.enrolment"

    _sent_fields = ("certificate_number",)

    company_id = fields.Many2one(related="partnership_id.company_id", store=True, precompute=True)
    certificate_number = fields.Char(copy=False, readonly=True, tracking=True)
    certificate_date = fields.Date("Issued on", copy=False, readonly=True)
    certificate_valid_until = fields.Date(
        "Valid until", copy=False, readonly=True, help="Empty: it does not expire."
    )
    certificate_revoked = fields.Date("Revoked on", copy=False, readonly=True, tracking=True)
    certificate_state = fields.Selection(
        STATES,
        "Certificate",
        compute="_compute_certificate_state",
        search="_search_certificate_state",
    )
    renews_id = fields.Many2one(
        "partnership.enrolment",
        index="btree_not_null",
        copy=False,
        readonly=True,
        ondelete="set null",
        help="The enrolment whose certificate expires.",
    )
    renewal_ids = fields.One2many("partnership.enrolment", "renews_id", "Renewals")

    _certificate_number_uniq = models.UniqueIndex(
        "(company_id, certificate_number) WHERE certificate_number IS NOT NULL",
        "Another certificate of the company has this number already.",
    )
    _certificate_dated = models.Constraint(
        "CHECK ((certificate_number IS NULL) = (certificate_date IS NULL))",
        "A certificate has a number and the day on which it was issued.",
    )
    _certificate_expiry_index = models.Index(
        "(certificate_valid_until) WHERE certificate_valid_until IS NOT NULL"
    )

    is_renewal = fields.Boolean(compute="_compute_is_renewal", search="_search_is_renewal")

    @api.depends(
        "certificate_number", "certificate_valid_until", "certificate_revoked", "partnership_id.tz"
    )
    def _compute_certificate_state(self):
        for enrolment in self:
            today, until = enrolment._get_today(), enrolment.certificate_valid_until
            if not enrolment.certificate_number:
                enrolment.certificate_state = "none"
            elif enrolment.certificate_revoked:
                enrolment.certificate_state = "revoked"
            elif until and until < today:
                enrolment.certificate_state = "expired"
            elif until and until < today + NOTICE:
                enrolment.certificate_state = "expiring"
            else:
                enrolment.certificate_state = "valid"

    def _search_certificate_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(self._domain_certificate(state) for state in value)

    @api.model
    def _domain_certificate(self, state):
        """:return: Domain of the enrolments whose certificate is in ``state`` today"""
        until = "certificate_valid_until"
        issued = Domain("certificate_number", "!=", False)
        if state == "none":
            return ~issued
        if state == "revoked":
            return issued & Domain("certificate_revoked", "!=", False)
        days = {
            "valid": lambda day: Domain(until, "=", False) | Domain(until, ">=", day + NOTICE),
            "expiring": lambda day: Domain(until, ">=", day) & Domain(until, "<", day + NOTICE),
            "expired": lambda day: Domain(until, "<", day),
        }
        if state not in days:
            return Domain.FALSE
        return self._domain_certificate_stands() & self._domain_on_its_day(days[state])

    @api.model
    def _domain_certificate_stands(self):
        """:return: Domain of the enrolments whose certificate was not revoked"""
        return Domain("certificate_number", "!=", False) & Domain("certificate_revoked", "=", False)

    # ------------------------------------------------------------
    # Issued, and revoked
    # ------------------------------------------------------------

    def action_issue_certificates(self):
        """Issue a certificate to each; refused if somebody has not completed the course."""
        for enrolment in self:
            reason = enrolment._get_incomplete_reason()
            if reason:
                raise UserError(self.env._("There is no certificate. %(reason)s", reason=reason))
        issued = self._issue_certificates()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if issued else "info",
                "message": self.env._(
                    "Certificates issued: %(count)s. Had one already: %(others)s.",
                    count=len(issued),
                    others=len(self - issued),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _issue_certificates(self):
        """Number those that have no certificate that stands. Of two that do so at once, the
        second waits for the session, runs again and finds it done.

        :return: the enrolments that got one
        """
        self.session_id._take_turns()
        due = self.filtered(lambda enrolment: not enrolment._has_certificate())
        for enrolment in due.sorted(lambda record: (record.date_start, record.id)):
            enrolment.sudo().write(enrolment._prepare_certificate())
        return due

    def _prepare_certificate(self):
        Sequence = self.env["ir.sequence"].with_company(self.company_id)
        today = self.session_id._get_today()
        last = max(self.session_id._get_events().mapped("partnership_date"), default=today)
        months = self.course_id.validity_months
        return {
            "certificate_number": Sequence.next_by_code("partnership.training.certificate"),
            "certificate_date": today,
            "certificate_valid_until": months and last + relativedelta(months=months),
            "certificate_revoked": False,
        }

    def _revoke_certificates(self):
        """A correction shows that the course was not completed."""
        for enrolment in self.filtered("certificate_number"):
            if enrolment.certificate_revoked or enrolment.is_completed:
                continue
            enrolment.sudo().certificate_revoked = enrolment.session_id._get_today()
            enrolment.message_post(
                body=self.env._(
                    "Certificate %(number)s is revoked. %(reason)s",
                    number=enrolment.certificate_number,
                    reason=enrolment._get_incomplete_reason(),
                )
            )

    def write(self, vals):
        result = super().write(vals)
        if {"state", "result"} & vals.keys():
            self._follow_completion()
        return result

    def _follow_completion(self):
        """Bring what hangs on the completion of the course in line; called where it may have
        changed."""
        self._revoke_certificates()
        self.env["partnership.skill.holding"]._grant(self)

    def _has_certificate(self):
        """:return: whether there is a certificate to download; one that expired is still one"""
        self.ensure_one()
        return bool(self.certificate_number and not self.certificate_revoked)

    def _take_over(self, others):
        """Of two certificates of what is one person now the number of the other is kept in the
        log; what renews it renews this one."""
        for other in others.filtered("certificate_number"):
            self.message_post(
                body=self.env._(
                    "The other enrolment had the certificate %(number)s.",
                    number=other.certificate_number,
                )
            )
        others.renewal_ids.sudo().renews_id = self
        self.sudo().renews_id = self.renews_id or others.renews_id[:1]
        if not self.result and not self.certificate_number:
            self.result = others.sorted("result", reverse=True)[:1].result
        return super()._take_over(others)

    # ------------------------------------------------------------
    # On paper, and checked
    # ------------------------------------------------------------

    def _get_certificate_token(self):
        self.ensure_one()
        signature = sign(self, "partnership-certificate", "certificate_number")
        return f"{self.id}-{signature[:SIGNATURE_LENGTH]}"

    def _get_certificate_url(self):
        self.ensure_one()
        place = self.partnership_id.get_base_url()
        return f"{place}/partnership/certificate/{self._get_certificate_token()}"

    @api.model
    def _find_by_certificate_token(self, enrolment_id, token):
        """:return: the enrolment of a link that is good, with the rights of the system; or none"""
        enrolment = self.sudo().browse(enrolment_id).exists()
        if not enrolment.certificate_number:
            return enrolment.browse()
        expected = enrolment._get_certificate_token()
        return enrolment if is_signed(expected, f"{enrolment_id}-{token}") else enrolment.browse()

    def _get_certificate_code(self):
        """:return: the picture that a phone scans to check the certificate, see ``draw_code``"""
        self.ensure_one()
        return draw_code(self.env, self._get_certificate_url(), 400)

    def action_send_certificates(self):
        """Open the e-mails with the certificates; they go out when the user presses Send there."""
        due = self._get_certificate_docs()
        unreachable = due.filtered(lambda record: not record.person_id.email_normalized)
        if unreachable:
            raise UserError(
                self.env._(
                    "Without an e-mail address: %(names)s. Print their certificates, and send "
                    "the others.",
                    names=", ".join(unreachable.person_id.mapped("name")),
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send the Certificate"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment" if len(self) == 1 else "mass_mail",
                "default_template_id": self.env.ref(
                    "partnership_training.mail_template_certificate"
                ).id,
                "default_email_layout_xmlid": "mail.mail_notification_light",
                "force_email": True,
                "hide_mail_template_management_options": True,
                "partnership_certificate": True,
            },
        }

    def _message_post_after_hook(self, message, msg_values):
        if self.env.context.get("partnership_certificate") and message.partner_ids:
            self.sudo().mail_message_id = message
        return super()._message_post_after_hook(message, msg_values)

    def _message_mail_after_hook(self, mails):
        if self.env.context.get("partnership_certificate"):
            by_id = mails.grouped("res_id")
            for enrolment in self.sudo().filtered(lambda record: record.id in by_id):
                enrolment.mail_message_id = by_id[enrolment.id].mail_message_id
        return super()._message_mail_after_hook(mails)

    def _get_certificate_docs(self):
        """:return: the enrolments to print; refused if one has no certificate that stands"""
        for enrolment in self:
            if enrolment.certificate_state in ("none", "revoked"):
                raise UserError(
                    self.env._(
                        "%(enrolment)s: there is no certificate to print. Issue it first.",
                        enrolment=enrolment.display_name,
                    )
                )
        return self

    def _get_certificate_name(self):
        """:return: the name of the file, without the extension"""
        self.ensure_one()
        return self.env._(
            "Certificate %(number)s %(person)s",
            number=self.certificate_number or "",
            person=self.person_id.name,
        )

    @api.depends("renews_id")
    def _compute_is_renewal(self):
        for enrolment in self:
            enrolment.is_renewal = bool(enrolment.renews_id)

    def _search_is_renewal(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("renews_id", "!=" if True in value else "=", False)

    @api.model
    def _cron_renew_certificates(self):
        due = self.search(self._domain_renewal_due())
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for start in range(0, len(due), BATCH):
            batch = due[start : start + BATCH]
            batch._renew()
            self.env["ir.cron"]._commit_progress(len(batch))

    @api.model
    def _domain_renewal_due(self):
        """:return: Domain of those whose certificate is about to expire, or did so since the last
        time somebody looked, and whom nothing renews yet"""
        near = self._domain_on_its_day(
            lambda today: (
                Domain("certificate_valid_until", "<", today + NOTICE)
                & Domain("certificate_valid_until", ">=", today - NOTICE)
            )
        )
        return near & Domain(
            [
                ("certificate_revoked", "=", False),
                ("course_id.active", "=", True),
                ("person_id.active", "=", True),
                ("renewal_ids", "=", False),
            ]
        )

    def _renew(self):
        """Ask for the course again, unless the person does so already or has done it since."""
        keys = {record._get_renewal_key(): record for record in self.sorted("date_start")}
        for other in self._find_later():
            expiring = keys.pop(other._get_renewal_key(), None)
            if expiring and not other.renews_id:
                other.renews_id = expiring
        demand = self.create(
            [
                {
                    "person_id": record.person_id.id,
                    "partnership_id": record.partnership_id.id,
                    "course_id": record.course_id.id,
                    "renews_id": record.id,
                }
                for record in keys.values()
            ]
        )
        demand._plan_renewal()

    def _get_renewal_key(self):
        return self.partnership_id, self.course_id, self.person_id

    def _find_later(self):
        """:return: what the same persons asked for, or completed, after these"""
        found = self.search(
            Domain("course_id", "in", self.course_id.ids)
            & Domain("person_id", "in", self.person_id.ids)
            & Domain("id", "not in", self.ids)
            & (Domain("state", "in", PENDING) | Domain("certificate_state", "=", "valid"))
        )
        return found.filtered(lambda record: not record.renewal_ids & self)

    def _plan_renewal(self):
        """One to-do for the responsible of each partnership and course, not one for each person."""
        quick = self.with_context(mail_activity_quick_update=True)
        for (partnership, course), records in quick.grouped(
            lambda record: (record.partnership_id, record.course_id)
        ).items():
            if partnership.user_id:
                records[:1].activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._(
                        "%(course)s: %(count)s certificates expire",
                        course=course.name,
                        count=len(records),
                    ),
                    note=self.env._(
                        "They ask for the course again: %(names)s. Plan a session.",
                        names=", ".join(records.person_id.mapped("name")),
                    ),
                    user_id=partnership.user_id.id,
                )
