from odoo import api, fields, models


class PartnershipCandidate(models.Model):
    """The round by which a candidate comes in, and what is asked outside of one (L44)."""

    _inherit = "partnership.candidate"

    round_id = fields.Many2one(
        "partnership.enlargement.round",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="The enlargement round that was open when the card was made or the actor admitted.",
    )
    date_admitted = fields.Date(
        "Admitted on", compute="_compute_date_admitted", store=True, readonly=False, copy=False
    )
    outside_reason = fields.Char(
        "Reason outside a Round",
        readonly=True,
        copy=False,
        tracking=True,
        help="Why the actor was admitted although no round was open.",
    )
    outside_user_id = fields.Many2one(
        "res.users", "Admitted outside a Round by", readonly=True, copy=False
    )

    @api.depends("state")
    def _compute_date_admitted(self):
        """It stays when the card goes back: that day the actor came in."""
        for candidate in self:
            if candidate.state == "admitted" and not candidate.date_admitted:
                candidate.date_admitted = candidate.partnership_id._get_today()
