from odoo import api, fields, models
from odoo.fields import Domain

from .partnership_enrolment_certificate import NOTICE

BATCH = 200
PENDING = ("requested", "waiting", "confirmed")


class PartnershipEnrolment(models.Model):
    """A certificate that expires makes its holder ask for the course again."""

    _inherit = "partnership.enrolment"

    is_renewal = fields.Boolean(compute="_compute_is_renewal", search="_search_is_renewal")

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
