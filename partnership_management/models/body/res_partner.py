from odoo import api, fields, models

from ...tools.groups import TEAM


class ResPartner(models.Model):
    _inherit = "res.partner"

    partnership_seat_ids = fields.One2many("partnership.seat", "partner_id", "Seats", groups=TEAM)
    partnership_seat_mandate_ids = fields.One2many(
        "partnership.mandate", "organisation_id", "Representatives", groups=TEAM
    )
    partnership_mandate_ids = fields.One2many(
        "partnership.mandate", "person_id", "Mandates Held", groups=TEAM
    )
    partnership_mandate_count = fields.Integer(
        compute="_compute_partnership_mandate_count", groups=TEAM
    )

    @api.depends("partnership_mandate_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_partnership_mandate_count(self):
        Mandate = self.env["partnership.mandate"]
        counts = self._count_by(Mandate, "person_id", Mandate._domain_valid_today())
        for partner in self:
            partner.partnership_mandate_count = counts.get(partner, 0)

    @api.model
    def _get_history_fields(self):
        return {**super()._get_history_fields(), "partnership.mandate": ["person_id"]}

    def action_open_partnership_mandates(self):
        return self._action_open_partnership(
            "partnership_mandate_action", [("person_id", "in", self.ids)]
        )
