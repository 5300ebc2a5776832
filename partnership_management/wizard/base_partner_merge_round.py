from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Of two memberships that become one, the round by which the actor came in is kept."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _fold_membership(self, group):
        came = group.filtered("is_formal").sorted(lambda member: not member.round_id)[:1]
        values = {"round_id": came.round_id.id, "outside_reason": came.outside_reason}
        result = super()._fold_membership(group)
        group[0].write(values)
        return result
