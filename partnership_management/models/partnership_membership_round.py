from odoo import fields, models


class PartnershipMembership(models.Model):
    """The round by which an actor became a member."""

    _inherit = "partnership.membership"

    round_id = fields.Many2one(
        "partnership.enlargement.round",
        "Came in by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="The enlargement round by which the actor became a member.",
    )
