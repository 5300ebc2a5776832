from odoo import api, fields, models
from odoo.tools import SQL


class PartnershipTrainingPlan(models.Model):
    """The plan of a year: its sessions against its budget, planned against done.

    One row per session and one per budget; their numbers never meet, as a row of a session is
    even and one of a budget odd.

    - planned: what every session that is not cancelled was to cost
    - done: what the sessions that are done have cost; the planned cost until the actual is known
    - expected: done, what is still to come, and what a cancelled session has cost all the same
    - left: budget - expected
    """

    _name = "partnership.training.plan"
    _description = "Training Plan"
    _inherit = ["partnership.report.mixin"]
    _auto = False
    _rec_name = "session_id"
    _order = "year desc, date_start, id"

    partnership_id = fields.Many2one("partnership.partnership", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    year = fields.Char(readonly=True)
    kind = fields.Selection([("session", "Session"), ("budget", "Budget")], readonly=True)
    session_id = fields.Many2one("partnership.training.session", readonly=True)
    budget_id = fields.Many2one("partnership.training.budget", "Budget of the Year", readonly=True)
    course_id = fields.Many2one("partnership.course", readonly=True)
    need = fields.Selection(
        lambda self: self.env["partnership.course"]._fields["need"].selection,
        "Need Served",
        readonly=True,
    )
    tension_type = fields.Selection(
        lambda self: self.env["partnership.course"]._fields["tension_type"].selection,
        "Tension",
        readonly=True,
    )
    state = fields.Selection(
        lambda self: self.env["partnership.training.session"]._fields["state"].selection,
        readonly=True,
    )
    user_id = fields.Many2one("res.users", "Responsible", readonly=True)
    date_start = fields.Datetime("Begin", readonly=True)

    sessions_planned = fields.Integer(readonly=True)
    sessions_done = fields.Integer(readonly=True)
    hours_planned = fields.Float(
        readonly=True, help="Hours of the sessions; of their courses where no event is planned."
    )
    hours_done = fields.Float(readonly=True)
    seats_planned = fields.Integer("Confirmed", readonly=True, help="Persons who have a seat.")
    persons_done = fields.Integer("Took Part", readonly=True)
    budget = fields.Monetary(readonly=True)
    cost_planned = fields.Monetary("Planned", readonly=True)
    cost_done = fields.Monetary("Done", readonly=True)
    cost_expected = fields.Monetary("Expected", readonly=True)
    left = fields.Monetary(readonly=True)

    _depends = {
        "partnership.training.session": [
            "partnership_id",
            "company_id",
            "course_id",
            "year",
            "state",
            "user_id",
            "date_start",
            "hours",
            "seats_taken",
            "cost",
            "cost_actual",
        ],
        "partnership.training.budget": ["partnership_id", "company_id", "year", "amount"],
        "partnership.course": ["need", "tension_type", "hours"],
        "partnership.enrolment": ["session_id", "state"],
        "res.company": ["currency_id"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT plan.*, plan.budget - plan.cost_expected AS "left", company.currency_id
              FROM (%(sessions)s UNION ALL %(budgets)s) plan
              JOIN res_company company ON company.id = plan.company_id
            """,
            sessions=self._sql_sessions(),
            budgets=self._sql_budgets(),
        )

    def _sql_sessions(self):
        return SQL(
            """
            SELECT session.id::bigint * 2 AS id, 'session' AS kind, session.partnership_id,
                   session.company_id, session.year, session.id AS session_id,
                   NULL::int AS budget_id, session.course_id, course.need, course.tension_type,
                   session.state, session.user_id, session.date_start,
                   known.planned::int AS sessions_planned, known.done::int AS sessions_done,
                   CASE WHEN known.planned THEN known.hours ELSE 0 END AS hours_planned,
                   CASE WHEN known.done THEN known.hours ELSE 0 END AS hours_done,
                   CASE WHEN known.planned THEN session.seats_taken ELSE 0 END AS seats_planned,
                   came.persons AS persons_done,
                   0.0 AS budget,
                   CASE WHEN known.planned THEN known.cost ELSE 0 END AS cost_planned,
                   CASE WHEN known.done THEN COALESCE(known.actual, known.cost)
                        ELSE 0 END AS cost_done,
                   CASE WHEN known.planned THEN COALESCE(known.actual, known.cost)
                        ELSE COALESCE(known.actual, 0) END AS cost_expected
              FROM partnership_training_session session
              JOIN partnership_course course ON course.id = session.course_id
        CROSS JOIN LATERAL (
                SELECT session.state != 'cancelled' AS planned, session.state = 'done' AS done,
                       COALESCE(session.cost, 0) AS cost, NULLIF(session.cost_actual, 0) AS actual,
                       COALESCE(NULLIF(session.hours, 0), course.hours, 0) AS hours
            ) known
        CROSS JOIN LATERAL (
                SELECT COUNT(*) AS persons
                  FROM partnership_enrolment enrolment
                 WHERE enrolment.session_id = session.id AND enrolment.state = 'done'
            ) came
            """
        )

    def _sql_budgets(self):
        return SQL(
            """
            SELECT budget.id::bigint * 2 + 1, 'budget', budget.partnership_id, budget.company_id,
                   budget.year, NULL, budget.id, NULL, NULL, NULL, NULL, NULL, NULL,
                   0, 0, 0, 0, 0, 0, budget.amount, 0, 0, 0
              FROM partnership_training_budget budget
            """
        )

    @api.depends("session_id", "budget_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = (row.session_id or row.budget_id).display_name

    def action_open(self):
        """Open the session or the budget that a row is of."""
        self.ensure_one()
        return (self.session_id or self.budget_id).get_formview_action()
