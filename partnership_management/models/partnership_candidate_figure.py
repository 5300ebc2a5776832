from odoo import api, fields, models
from odoo.fields import Domain


class PartnershipCandidate(models.Model):
    """What is counted of a candidate, for all cards of the board at once."""

    _inherit = "partnership.candidate"

    attempt_count = fields.Integer("Attempts", compute="_compute_attempt_count")
    presence_count = fields.Integer(
        "Presences",
        compute="_compute_presence_count",
        help="At meetings with a closed sheet; two persons who came to one for the actor are "
        "two presences.",
    )
    meeting_count = fields.Integer("Calendar", related="partner_id.meeting_count")

    @api.depends("partner_id", "partnership_id")
    def _compute_attempt_count(self):
        groups = self.with_context(active_test=False)._read_group(
            [("partner_id", "in", self.partner_id.ids)],
            ["partner_id", "partnership_id"],
            ["__count"],
        )
        counts = {(partner, partnership): count for partner, partnership, count in groups}
        for candidate in self:
            actor = (candidate.partner_id, candidate.partnership_id)
            candidate.attempt_count = counts.get(actor, 0)

    @api.depends("membership_id")
    def _compute_presence_count(self):
        counts = dict(
            self.env["partnership.attendance"]._read_group(
                self._get_presence_domain(), ["membership_id"], ["__count"]
            )
        )
        for candidate in self:
            candidate.presence_count = counts.get(candidate.membership_id, 0)

    def _get_presence_domain(self):
        """:return: Domain of the rows of presence of the candidates, also those as guests"""
        return (
            Domain("membership_id", "in", self.membership_id.ids)
            & self.env["partnership.attendance"]._domain_presence()
        )

    def _get_rotting_depends_fields(self):
        return [*super()._get_rotting_depends_fields(), "state"]

    def _get_rotting_domain(self):
        return super()._get_rotting_domain() & Domain("state", "=", "ongoing")
