from odoo import api, fields, models

from ...tools.groups import TEAM


class ResPartner(models.Model):
    _inherit = "res.partner"

    partnership_candidate_count = fields.Integer(
        "Candidatures", compute="_compute_partnership_candidate_count", groups=TEAM
    )

    @api.depends_context("uid")
    def _compute_partnership_candidate_count(self):
        counts = self.env["partnership.candidate"]._count_by("partner_id", self)
        for partner in self:
            partner.partnership_candidate_count = counts.get(partner, 0)

    def action_open_partnership_candidates(self):
        self.ensure_one()
        return self.env["partnership.candidate"]._get_list_action(
            [("partner_id", "=", self.id)], {"default_partner_id": self.id}
        )
