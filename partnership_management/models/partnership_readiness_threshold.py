from odoo import fields, models

from .partnership_partnership_informal import INFORMAL_SETTINGS

# Fields that decide when a partnership is ready for enlargement
READINESS_SETTINGS = (
    "representativeness_target",
    "readiness_appropriation",
    "readiness_turnover",
    "cooldown_appropriation",
    "cooldown_months",
)


class PartnershipPartnership(models.Model):
    """From where on a partnership needs enlargement, and is ready for it."""

    _inherit = "partnership.partnership"

    representativeness_target = fields.Float(
        "Needed: Representativeness under",
        required=True,
        default=80,
        tracking=True,
        help="100 where the members by interest group are as the area profile wants them.",
    )
    readiness_appropriation = fields.Float(
        "Ready: Median Appropriation from",
        required=True,
        default=60,
        tracking=True,
        help="Of the members today; 0 to 100.",
    )
    readiness_turnover = fields.Float(
        "Ready: Unplanned Turnover up to",
        required=True,
        default=0.3,
        tracking=True,
        help="Titulars replaced without plan, per seat and year.",
    )
    cooldown_appropriation = fields.Float(
        "Consolidate: Appropriation of the Last Entrants under",
        required=True,
        default=50,
        tracking=True,
        help="The median of those who became members by the last round.",
    )
    cooldown_months = fields.Integer(
        "Consolidate: Months since the Last Round under", required=True, default=6, tracking=True
    )

    _readiness_index_range = models.Constraint(
        "CHECK (representativeness_target BETWEEN 0 AND 100"
        " AND readiness_appropriation BETWEEN 0 AND 100"
        " AND cooldown_appropriation BETWEEN 0 AND 100)",
        "Representativeness and appropriation are numbers from 0 to 100.",
    )
    _readiness_range = models.Constraint(
        "CHECK (readiness_turnover >= 0 AND cooldown_months >= 0)",
        "A turnover or a number of months cannot be negative.",
    )

    def _get_threshold_fields(self):
        return super()._get_threshold_fields() | {*READINESS_SETTINGS, *INFORMAL_SETTINGS}
