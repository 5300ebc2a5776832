from datetime import timedelta

from markupsafe import Markup

from odoo import api, models

from ...tools.internal import INTERNAL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Of two contacts that become one, the older trait of a dimension stays; what it leaves over
    of the other follows it. What is lost is written in the history of the partnership."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _merge_partnership_records(self, src_partners, dst_partner):
        self._merge_traits(src_partners | dst_partner)
        return super()._merge_partnership_records(src_partners, dst_partner)

    @api.model
    def _merge_traits(self, partners):
        traits = self.env["partnership.trait"].search(
            [("partner_id", "in", partners.ids)], order="date_start, id"
        )
        for own in traits.grouped(
            lambda trait: (trait.partnership_id, trait.dimension_id)
        ).values():
            kept = own[0]
            for trait in own[1:]:
                kept = self._merge_trait(kept, trait)

    @api.model
    def _merge_trait(self, kept, trait):
        """:return: the trait that holds last"""
        if kept.date_end and kept.date_end < trait.date_start:
            return trait
        if kept.value_id != trait.value_id:
            trait.partnership_id._message_log(
                body=Markup("<p>%s</p><p>%s (%s)</p>")
                % (
                    self.env._("The contact was merged; this gave way to what was known longer:"),
                    trait.display_name,
                    trait._format_period(),
                )
            )
        quiet = trait.with_context(zone_from_membership=INTERNAL)
        if not kept.date_end or (trait.date_end and trait.date_end <= kept.date_end):
            quiet.unlink()
            return kept
        quiet.date_start = kept.date_end + timedelta(days=1)
        return trait

    @api.model
    def _recompute_after_merge(self, partner):
        result = super()._recompute_after_merge(partner)
        self.env["partnership.trait"].search([("partner_id", "=", partner.id)])._sync_zones()
        return result
