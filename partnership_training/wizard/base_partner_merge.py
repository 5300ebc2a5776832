from odoo import api, models
from odoo.exceptions import UserError

# Of two enrolments that become one, the one that says most goes first
RANK = ("done", "absent", "confirmed", "waiting", "requested", "cancelled")


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging contacts loses no enrolment, and no presence at a training event."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _check_kinds(self, partners):
        result = super()._check_kinds(partners)
        organisation = partners.filtered("is_company")[:1]
        found = organisation and self.env["partnership.enrolment"].sudo().search(
            [("person_id", "in", (partners - organisation).ids)], limit=1
        )
        if found:
            raise UserError(
                self.env._(
                    "%(person)s follows courses as a person, %(organisation)s is an "
                    "organisation: they cannot be merged.",
                    person=found.person_id.name,
                    organisation=organisation.name,
                )
            )
        return result

    @api.model
    def _merge_partnership_records(self, src_partners, dst_partner):
        self._merge_enrolments(src_partners | dst_partner)
        return super()._merge_partnership_records(src_partners, dst_partner)

    @api.model
    def _merge_enrolments(self, partners):
        """One person is in a session once, and asks for a course once."""
        Enrolment = self.env["partnership.enrolment"]
        enrolments = Enrolment.search([("person_id", "in", partners.ids)])
        groups = enrolments.grouped(
            lambda record: (
                record.session_id
                or (record.partnership_id, record.course_id, record.state == "cancelled")
            )
        )
        for records in groups.values():
            kept, *others = records.sorted(
                lambda record: (
                    RANK.index(record.state),
                    not record._has_certificate(),
                    record.id,
                )
            )
            if others and (kept.session_id or kept.state == "requested"):
                kept._take_over(Enrolment.union(*others))

    @api.model
    def _recompute_after_merge(self, partner):
        result = super()._recompute_after_merge(partner)
        enrolments = self.env["partnership.enrolment"].search(
            ["|", ("person_id", "=", partner.id), ("organisation_id", "=", partner.id)]
        )
        self._recompute(
            enrolments, ["events_attended", "hours_attended", "hours_done", "organisation_id"]
        )
        return result
