from odoo import fields, models

SURVEY_DOMAIN = [("is_training_evaluation", "=", True)]


class PartnershipCourse(models.Model):
    """What people are asked about a course: how it was, what they learned, what has changed."""

    _inherit = "partnership.course"

    survey_reaction_id = fields.Many2one(
        "survey.survey",
        "Feedback",
        index="btree_not_null",
        ondelete="restrict",
        domain=SURVEY_DOMAIN,
        default=lambda self: self._get_default_survey("reaction"),
        help="Asked right after a session: how it was.",
    )
    survey_learning_id = fields.Many2one(
        "survey.survey",
        "Before and After",
        index="btree_not_null",
        ondelete="restrict",
        domain=SURVEY_DOMAIN,
        help="The same questions before and after a session: what was learned.",
    )
    survey_behaviour_id = fields.Many2one(
        "survey.survey",
        "What Has Changed",
        index="btree_not_null",
        ondelete="restrict",
        domain=SURVEY_DOMAIN,
        default=lambda self: self._get_default_survey("behaviour"),
        help="Asked some months later: what people do in another way since.",
    )
    behaviour_months = fields.Integer(
        "Months Later",
        default=4,
        help="How many months after a session people are asked what has changed: 3 to 6.",
    )
    is_evaluation_sent = fields.Boolean(
        "Sent by Itself",
        default=True,
        help="The questions go out by mail when it is time: the test in the week before a session, "
        "the rest after it is done. Otherwise somebody presses the buttons of the session.",
    )

    _behaviour_months_range = models.Constraint(
        "CHECK (behaviour_months BETWEEN 3 AND 6)",
        "What has changed shows three to six months after a session.",
    )

    def _get_default_survey(self, kind):
        return self.env.ref(f"partnership_training.survey_{kind}", raise_if_not_found=False)

    def _get_survey(self, kind):
        """:return: the survey that a kind of evaluation asks, with the rights of the system"""
        fname = {"before": "learning", "after": "learning"}.get(kind, kind)
        return self.sudo()[f"survey_{fname}_id"]
