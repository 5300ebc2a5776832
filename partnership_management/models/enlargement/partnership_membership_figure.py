from odoo import api, models

from ..figure.partnership_membership_figure_refresh import POSTPONED as POSTPONED_FIGURES


class PartnershipMembershipFigure(models.Model):
    _inherit = "partnership.membership.figure"

    @api.model
    def _run_postponed(self):
        """At night the readiness follows by itself."""
        ids = list(self.env.cr.precommit.data.get(POSTPONED_FIGURES, ()))
        result = super()._run_postponed()
        members = self.env["partnership.membership"].browse(ids).exists()
        members.sudo().partnership_id._postpone_readiness()
        return result
