from odoo import fields, models


class SurveySurvey(models.Model):
    _name = "survey.survey"
    _inherit = ["survey.survey", "partnership.guarded.mixin"]

    is_training_evaluation = fields.Boolean(
        "Evaluates Training", help="Whoever manages courses can choose this survey for them."
    )
