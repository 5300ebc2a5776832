from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Of two memberships that become one, the round by which the actor came in is kept."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _merge_membership(self, group):
        came = group.filtered("is_formal").sorted(lambda member: not member.round_id)[:1]
        values = {"round_id": came.round_id.id, "outside_reason": came.outside_reason}
        result = super()._merge_membership(group)
        group[0].write(values)
        return result

    @api.model
    def _merge_supporters(self, kept, folded):
        """Of two memberships that supported one candidate one is left, and none supports itself."""
        candidates = (
            self.env["partnership.candidate"]
            .with_context(active_test=False)
            .search([("supporter_ids", "in", (kept | folded).ids)])
        )
        for candidate in candidates:
            candidate.supporter_ids -= folded | (candidate.membership_id & kept)
