from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.partnership_management.tools.optional_float import OptionalFloat

from ..models.evaluation.survey_user_input import KINDS

# rate -> the part and the whole that it is made of; score_sum is a column that nobody can read
RATES = {"score": ("score_sum", "scored"), "response_rate": ("answered", "asked")}


class PartnershipTrainingEvaluation(models.Model):
    """What people say of the sessions: a row per session and kind of evaluation, for what they
    say is theirs. A mean needs three answers, and is of one kind: what people knew before a session
    and how they liked it have no mean in common."""

    _name = "partnership.training.evaluation"
    _description = "Training Evaluation"
    _inherit = ["partnership.report.mixin"]
    _auto = False
    _rec_name = "session_id"
    _order = "date desc, session_id desc, id"

    session_id = fields.Many2one("partnership.training.session", readonly=True)
    course_id = fields.Many2one("partnership.course", readonly=True)
    partnership_id = fields.Many2one("partnership.partnership", readonly=True)
    trainer_ids = fields.Many2many(related="session_id.trainer_ids", string="Trainers")
    kind = fields.Selection(KINDS, "About", readonly=True)
    date = fields.Date("Last Day", readonly=True, help="The last day of the session.")
    year = fields.Char(readonly=True)
    asked = fields.Integer(readonly=True)
    answered = fields.Integer(readonly=True)
    response_rate = OptionalFloat("Response", readonly=True, aggregator="avg")
    scored = fields.Integer("Answers with Marks", readonly=True)
    score = OptionalFloat(
        "Mark",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="The mean of the answers, 0 to 100. Empty: fewer than three answers.",
    )

    _depends = {
        "survey.user_input": ["enrolment_id", "training_evaluation", "state"],
        "partnership.enrolment": ["session_id", *(f"evaluation_{kind}" for kind, _name in KINDS)],
        "partnership.training.session": [
            "course_id",
            "partnership_id",
            "date_stop",
            "year",
            "trainer_ids",
        ],
        "partnership.partnership": ["tz"],
    }

    def _read_group_select(self, aggregate_spec, query):
        fname, _separator, aggregator = aggregate_spec.partition(":")
        if aggregator != "avg" or fname not in RATES:
            return super()._read_group_select(aggregate_spec, query)
        part, whole = (SQL.identifier(self._table, column) for column in RATES[fname])
        kind = SQL.identifier(self._table, "kind")
        enough = SQL("SUM(%s) >= 3", whole)
        if fname == "score":
            enough = SQL("%s AND MIN(%s) = MAX(%s)", enough, kind, kind)
        return SQL("CASE WHEN %s THEN SUM(%s)::float / SUM(%s) END", enough, part, whole)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT session.id::bigint * 4 + kind.number AS id,
                   session.id AS session_id,
                   session.course_id,
                   session.partnership_id,
                   kind.name AS kind,
                   (session.date_stop AT TIME ZONE 'UTC'
                    AT TIME ZONE COALESCE(place.tz, 'UTC'))::date AS date,
                   session.year,
                   answer.asked,
                   answer.answered,
                   answer.scored,
                   answer.score_sum,
                   CASE WHEN answer.scored >= 3 THEN answer.score_sum / answer.scored END AS score,
                   CASE WHEN answer.asked >= 3
                        THEN answer.answered::float / answer.asked END AS response_rate
              FROM (
                   SELECT enrolment.session_id, input.training_evaluation AS kind,
                          COUNT(*) AS asked,
                          COUNT(*) FILTER (WHERE input.state = 'done') AS answered,
                          COUNT(score.value) AS scored,
                          SUM(score.value) AS score_sum
                     FROM survey_user_input input
                     JOIN partnership_enrolment enrolment ON enrolment.id = input.enrolment_id
              CROSS JOIN LATERAL (
                          SELECT CASE input.training_evaluation %(scores)s END AS value
                          ) score
                    WHERE enrolment.session_id IS NOT NULL
                 GROUP BY enrolment.session_id, input.training_evaluation
                   ) answer
              JOIN (VALUES %(kinds)s) kind (number, name) ON kind.name = answer.kind
              JOIN partnership_training_session session ON session.id = answer.session_id
              JOIN partnership_partnership place ON place.id = session.partnership_id
            """,
            scores=SQL(" ").join(
                SQL("WHEN %s THEN %s", kind, SQL.identifier("enrolment", f"evaluation_{kind}"))
                for kind, _name in KINDS
            ),
            kinds=SQL(", ").join(
                SQL("(%s, %s)", number, kind) for number, (kind, _name) in enumerate(KINDS)
            ),
        )

    def action_open_comments(self):
        """Open what people wrote, without their names."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_training_comment_action"
        )
        return {**action, "domain": [("session_id", "in", self.session_id.ids)], "context": {}}


class PartnershipTrainingComment(models.Model):
    """What people wrote about a session. Who it was is not in here."""

    _name = "partnership.training.comment"
    _description = "Comment on a Training Session"
    _inherit = ["partnership.report.mixin"]
    _auto = False
    _rec_name = "text"
    _order = "date desc, session_id desc, kind, question, text"

    session_id = fields.Many2one("partnership.training.session", readonly=True)
    course_id = fields.Many2one("partnership.course", readonly=True)
    partnership_id = fields.Many2one("partnership.partnership", readonly=True)
    trainer_ids = fields.Many2many(related="session_id.trainer_ids", string="Trainers")
    kind = fields.Selection(KINDS, "About", readonly=True)
    date = fields.Date("Last Day", readonly=True, help="The last day of the session.")
    question = fields.Char(readonly=True)
    text = fields.Text("Comment", readonly=True)

    _depends = {
        "survey.user_input": ["enrolment_id", "training_evaluation", "state"],
        "survey.user_input.line": [
            "user_input_id",
            "question_id",
            "answer_type",
            "value_text_box",
            "value_char_box",
        ],
        "survey.question": ["title"],
        "partnership.enrolment": ["session_id"],
        "partnership.training.session": ["course_id", "partnership_id", "date_stop"],
        "partnership.partnership": ["tz"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT line.id,
                   session.id AS session_id,
                   session.course_id,
                   session.partnership_id,
                   input.training_evaluation AS kind,
                   (session.date_stop AT TIME ZONE 'UTC'
                    AT TIME ZONE COALESCE(place.tz, 'UTC'))::date AS date,
                   COALESCE(question.title ->> %(lang)s, question.title ->> 'en_US') AS question,
                   COALESCE(line.value_text_box, line.value_char_box) AS text
              FROM survey_user_input_line line
              JOIN survey_user_input input ON input.id = line.user_input_id
              JOIN survey_question question ON question.id = line.question_id
              JOIN partnership_enrolment enrolment ON enrolment.id = input.enrolment_id
              JOIN partnership_training_session session ON session.id = enrolment.session_id
              JOIN partnership_partnership place ON place.id = session.partnership_id
             WHERE input.state = 'done'
               AND line.answer_type IN ('text_box', 'char_box')
               AND TRIM(COALESCE(line.value_text_box, line.value_char_box, '')) != ''
            """,
            lang=self.env.lang or "en_US",
        )
