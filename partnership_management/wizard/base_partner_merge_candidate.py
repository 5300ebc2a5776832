from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _fold_supporters(self, kept, folded):
        """Of two memberships that supported one candidate one is left, and none supports itself."""
        candidates = (
            self.env["partnership.candidate"]
            .with_context(active_test=False)
            .search([("supporter_ids", "in", (kept | folded).ids)])
        )
        for candidate in candidates:
            candidate.supporter_ids -= folded | (candidate.membership_id & kept)
