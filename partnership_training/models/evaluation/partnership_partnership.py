from odoo import api, fields, models


class PartnershipPartnership(models.Model):
    _inherit = "partnership.partnership"

    training_effect_target = fields.Float(
        "Training: Effect over",
        required=True,
        default=0.0,
        tracking=True,
        help="A training need closes once the effect of its training is greater than this.",
    )

    _training_effect_target_range = models.Constraint(
        "CHECK (training_effect_target BETWEEN -1 AND 1)",
        "The effect of training lies between -100 % and 100 %.",
    )

    @api.model
    def _get_threshold_fields(self):
        return super()._get_threshold_fields() | {"training_effect_target"}
