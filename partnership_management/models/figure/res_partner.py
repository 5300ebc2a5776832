from odoo import fields, models

from ...tools.groups import TEAM
from ...tools.optional_float import OptionalFloat


class ResPartner(models.Model):
    """The figures of a contact as a member: of its present memberships, as far as the user may
    see them."""

    _inherit = "res.partner"

    partnership_expected = fields.Integer(compute="_compute_partnership_standing", groups=TEAM)
    partnership_represented = fields.Integer(compute="_compute_partnership_standing", groups=TEAM)
    partnership_presence_rate = OptionalFloat(
        "Presence at Meetings",
        compute="_compute_partnership_standing",
        groups=TEAM,
        help="Meetings at which the member was represented, of those at which it was expected.",
    )
    partnership_appropriation = OptionalFloat(
        "Appropriation",
        compute="_compute_partnership_standing",
        groups=TEAM,
        help="How far the member makes the partnership its own; of several, where it does least.",
    )
    partnership_coverage = fields.Float(
        "Coverage (%)", compute="_compute_partnership_standing", groups=TEAM
    )

    def _set_partnership_standing(self, own):
        members = self.env["partnership.membership"].union(*own.values())
        members.fetch(["figure_id"])
        figures = members.figure_id
        figures.fetch(["expected", "represented", "appropriation", "coverage"])
        for partner, memberships in own.items():
            figures = memberships.figure_id
            expected = sum(figures.mapped("expected"))
            represented = sum(figures.mapped("represented"))
            least = min(
                figures.filtered("coverage"),
                key=lambda figure: figure.appropriation,
                default=figures.browse(),
            )
            partner.partnership_expected = expected
            partner.partnership_represented = represented
            partner.partnership_presence_rate = expected >= 3 and represented / expected
            partner.partnership_appropriation = least.appropriation
            partner.partnership_coverage = least.coverage
        return super()._set_partnership_standing(own)
