from odoo import fields, models

# Fields that decide when informal participation becomes formal, or is looked at again
INFORMAL_SETTINGS = ("informal_presences", "informal_contributions", "informal_months")


class PartnershipPartnership(models.Model):
    """From where on an informal participant is proposed for membership (L48)."""

    _inherit = "partnership.partnership"

    informal_presences = fields.Integer(
        "Propose Formal: Presences from", required=True, default=3, tracking=True
    )
    informal_contributions = fields.Integer(
        "Propose Formal: Contributions from",
        required=True,
        default=1,
        tracking=True,
        help="A contribution is a result passed on inside the own organisation.",
    )
    informal_months = fields.Integer(
        "Propose Formal: Within (months)",
        required=True,
        default=6,
        tracking=True,
        help="Also the time after which an informal participant without a card is looked at again.",
    )

    _informal_count = models.Constraint(
        "CHECK (informal_presences >= 0 AND informal_contributions >= 0 AND informal_months > 0)",
        "Informal participation is looked at over one month or more, and a number of presences or "
        "contributions cannot be negative.",
    )
