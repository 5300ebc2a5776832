from odoo import fields, models


class PartnershipBriefing(models.Model):
    """The briefing that tells what was decided."""

    _inherit = "partnership.briefing"

    decision_id = fields.Many2one(
        "partnership.decision",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
