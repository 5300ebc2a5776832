from odoo import fields, models


class PartnershipEnrolment(models.Model):
    """The needs that an enrolment serves."""

    _inherit = "partnership.enrolment"

    need_ids = fields.Many2many(
        "partnership.training.need",
        "partnership_enrolment_training_need_rel",
        "enrolment_id",
        "need_id",
        "Needs",
        copy=False,
    )
