from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Figures are not merged: those of memberships that become one are dropped and computed again
    from what they rest on, those of members for which a merged person came as well."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _merge_membership(self, group):
        figures = self.env["partnership.membership.figure"].search(
            [("membership_id", "in", group.ids)], order="month"
        )
        first = figures[:1].month
        figures.unlink()
        kept = group[0]
        result = super()._merge_membership(group)
        if first:
            figures._postpone([(kept.id, first, None, first)])
        return result

    @api.model
    def _recompute_after_merge(self, partner):
        result = super()._recompute_after_merge(partner)
        for fname in ("person_id", "organisation_id"):
            rows = self.env["partnership.attendance"].search([(fname, "=", partner.id)])
            rows._touch_figures(rows._figure_fields)
        return result
