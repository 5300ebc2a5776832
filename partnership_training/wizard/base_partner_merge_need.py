from odoo import api, models
from odoo.exceptions import UserError

from ..models.need.partnership_training_need import OPEN_STATES


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging contacts keeps what they have to learn and what they are able to do; what both had
    to learn for one and the same reason is one need."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _check_kinds(self, partners):
        result = super()._check_kinds(partners)
        organisation = partners.filtered("is_company")[:1]
        persons = partners - organisation
        for model in ("partnership.training.need", "partnership.skill.holding"):
            found = organisation and self.env[model].sudo().search(
                [("person_id", "in", persons.ids)], limit=1
            )
            if found:
                raise UserError(
                    self.env._(
                        "%(person)s learns as a person, %(organisation)s is an organisation: they "
                        "cannot be merged.",
                        person=found.person_id.name,
                        organisation=organisation.name,
                    )
                )
        return result

    @api.model
    def _merge_partnership_records(self, src_partners, dst_partner):
        self._merge_needs(src_partners | dst_partner)
        return super()._merge_partnership_records(src_partners, dst_partner)

    @api.model
    def _merge_needs(self, partners):
        """Of the open needs that will be one and the same the oldest stays."""
        needs = self.env["partnership.training.need"].search(
            [
                ("state", "in", OPEN_STATES),
                "|",
                ("person_id", "in", partners.ids),
                ("partner_id", "in", partners.ids),
            ],
            order="id",
        )
        for same in needs.grouped(lambda need: self._get_merged_key(need, partners)).values():
            if len(same) > 1:
                self._merge_need(same[0], same[1:])

    @api.model
    def _get_merged_key(self, need, partners):
        """:return: what the key of ``need`` will be once the contacts, their open memberships and
        the pitfalls of those are one"""
        values = need._get_key_values()
        membership = need.membership_id
        if need.person_id in partners:
            values["person_id"] = "merged"
        if membership.partner_id in partners and not membership.date_end:
            values["membership_id"] = ("merged", need.partnership_id.id)
            values["pitfall_id"] = need.pitfall_id and ("merged", need.pitfall_id.kind)
        return need._get_key(values)

    @api.model
    def _merge_need(self, kept, folded):
        for need in folded:
            kept._message_log(
                body=self.env._(
                    "Contacts were merged. The other need said: %(words)s",
                    words=need.origin_text or need.display_name,
                )
            )
        kept.enrolment_ids |= folded.enrolment_ids
        kept.sudo().tried_enrolment_ids |= folded.tried_enrolment_ids
        kept.skill_ids |= folded.skill_ids
        self.env.flush_all()
        self._update_foreign_keys_generic(kept._name, folded, kept)
        self._update_reference_fields_generic(kept._name, folded, kept)
        self.env.invalidate_all()
        folded.unlink()

    @api.model
    def _merge_membership(self, group):
        """The needs of the memberships follow the interest group of the one that is kept."""
        result = super()._merge_membership(group)
        self._recompute(group[0].need_ids, ["partner_id", "interest_group_id", "sector"])
        return result
