from odoo import fields, models

KINDS = [
    ("reaction", "Feedback"),
    ("before", "Test before"),
    ("after", "Test after"),
    ("behaviour", "What has changed"),
]


class SurveyUserInput(models.Model):
    """The answers of somebody who followed a course.

    Those who manage courses read what comes of them, not who answered what: they have no access
    here.
    """

    _name = "survey.user_input"
    _inherit = ["survey.user_input", "partnership.guarded.mixin"]

    enrolment_id = fields.Many2one(
        "partnership.enrolment", index="btree_not_null", readonly=True, ondelete="restrict"
    )
    training_evaluation = fields.Selection(KINDS, readonly=True)
    training_reminded = fields.Date("Reminded on", readonly=True, copy=False)

    _one_training_evaluation = models.UniqueIndex(
        "(enrolment_id, training_evaluation) WHERE enrolment_id IS NOT NULL",
        "This person has been asked already.",
    )

    def _mark_done(self):
        result = super()._mark_done()
        self._store_training_scores()
        return result

    def unlink(self):
        enrolments = self.sudo().enrolment_id
        result = super().unlink()
        enrolments._store_evaluation()
        return result

    def _store_training_scores(self):
        """What is answered shows on the enrolment, whoever may see the answers."""
        answers = self.sudo().filtered("enrolment_id")
        answers.enrolment_id._store_evaluation()
        passed = answers.filtered(
            lambda answer: (
                answer.training_evaluation == "after"
                and answer.survey_id.scoring_type != "no_scoring"
                and answer.scoring_success
            )
        ).enrolment_id.filtered(lambda enrolment: not enrolment.result)
        if passed:
            passed.result = "passed"

    def _get_training_score(self):
        """:return: 0 to 100: what the survey scores, else the mean of its scales, each from its
        lowest to its highest value; None where there is neither"""
        self.ensure_one()
        if self.survey_id.scoring_type != "no_scoring":
            return self.scoring_percentage
        shares = [
            (line.value_scale - line.question_id.scale_min)
            / (line.question_id.scale_max - line.question_id.scale_min)
            for line in self.user_input_line_ids
            if line.answer_type == "scale" and not line.skipped
        ]
        return 100 * sum(shares) / len(shares) if shares else None
