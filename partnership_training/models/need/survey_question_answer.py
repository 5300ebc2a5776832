from odoo import fields, models


class SurveyQuestionAnswer(models.Model):
    _name = "survey.question.answer"
    _inherit = ["survey.question.answer", "partnership.guarded.mixin"]

    partnership_skill_ids = fields.Many2many(
        "partnership.skill",
        "partnership_skill_survey_answer_rel",
        "answer_id",
        "skill_id",
        "Skills Missing",
        help="Whoever chooses this answer has to learn these: a training need is raised.",
    )
