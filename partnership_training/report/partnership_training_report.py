from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.partnership_management.models.actor.partnership_interest_group import SECTORS
from odoo.addons.partnership_management.tools.optional_float import OptionalFloat

from ..models.need.partnership_training_need import ORIGINS


class PartnershipTrainingReport(models.Model):
    """Who followed which training, for whom, and why: one row per enrolment in a session.

    Interest group and sector are those of the first day of the session. The cost of a session
    that is done, the actual one or, until it is known, the planned one, is shared by those who
    took part.
    """

    _name = "partnership.training.report"
    _description = "Training by Participant"
    _inherit = ["partnership.report.mixin"]
    _auto = False
    _rec_name = "enrolment_id"
    _order = "date desc, id desc"

    partnership_id = fields.Many2one("partnership.partnership", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    enrolment_id = fields.Many2one("partnership.enrolment", readonly=True)
    session_id = fields.Many2one("partnership.training.session", readonly=True)
    course_id = fields.Many2one("partnership.course", readonly=True)
    date = fields.Datetime("Begin", readonly=True)
    year = fields.Char(readonly=True)
    need = fields.Selection(
        lambda self: self.env["partnership.course"]._fields["need"].selection,
        "Need Served",
        readonly=True,
    )

    # Who, for whom
    person_id = fields.Many2one("res.partner", readonly=True)
    membership_id = fields.Many2one("partnership.membership", readonly=True)
    partner_id = fields.Many2one("res.partner", "Member", readonly=True)
    interest_group_id = fields.Many2one("partnership.interest.group", readonly=True)
    sector = fields.Selection(SECTORS, readonly=True)

    # Why
    need_id = fields.Many2one("partnership.training.need", "Training Need", readonly=True)
    origin = fields.Selection(ORIGINS, "Origin of the Need", readonly=True)

    # What came of it
    state = fields.Selection(
        lambda self: self.env["partnership.enrolment"]._fields["state"].selection, readonly=True
    )
    took_part = fields.Integer(readonly=True)
    completed = fields.Integer(readonly=True)
    hours_planned = fields.Float(readonly=True, help="Of the session, for who has a seat.")
    hours = fields.Float("Hours Attended", readonly=True, help="By those who took part.")
    cost = fields.Monetary("Share of the Cost", readonly=True)
    cost_per_hour = OptionalFloat(
        readonly=True,
        aggregator="avg",
        digits=(16, 2),
        help="Cost of the sessions that are done / hours attended there.",
    )

    _depends = {
        "partnership.enrolment": [
            "session_id",
            "course_id",
            "partnership_id",
            "person_id",
            "membership_id",
            "state",
            "is_completed",
            "hours_done",
        ],
        "partnership.training.session": [
            "state",
            "date_start",
            "year",
            "hours",
            "cost",
            "cost_actual",
            "company_id",
        ],
        "partnership.course": ["need"],
        "partnership.training.need": ["enrolment_ids", "origin"],
        "partnership.membership": ["partner_id"],
        "partnership.membership.transition": ["membership_id", "date", "to_group_id"],
        "res.company": ["currency_id"],
    }

    def _read_group_select(self, aggregate_spec, query):
        """The hour of several costs what they cost together / the hours attended."""
        if aggregate_spec != "cost_per_hour:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "SUM(%s) / NULLIF(SUM(%s) FILTER (WHERE %s = 'done'), 0)",
            *(self._field_to_sql(self._table, name, query) for name in ("cost", "hours", "state")),
        )

    @property
    def _table_query(self):
        need_ids = self.env["partnership.enrolment"]._fields["need_ids"]
        return SQL(
            """
            SELECT enrolment.id, enrolment.id AS enrolment_id, enrolment.partnership_id,
                   session.company_id, company.currency_id, enrolment.session_id,
                   enrolment.course_id, session.date_start AS date, session.year, course.need,
                   enrolment.person_id, enrolment.membership_id, membership.partner_id,
                   step.to_group_id AS interest_group_id, interest_group.sector,
                   need.id AS need_id, need.origin, enrolment.state,
                   (enrolment.state = 'done')::int AS took_part,
                   COALESCE(enrolment.is_completed, FALSE)::int AS completed,
                   CASE WHEN enrolment.state IN ('confirmed', 'done', 'absent')
                        THEN session.hours ELSE 0 END AS hours_planned,
                   enrolment.hours_done AS hours,
                   paid.cost,
                   CASE WHEN enrolment.state = 'done'
                        THEN paid.cost / NULLIF(enrolment.hours_done, 0)
                        END AS cost_per_hour
              FROM partnership_enrolment enrolment
              JOIN partnership_training_session session ON session.id = enrolment.session_id
              JOIN partnership_course course ON course.id = enrolment.course_id
              JOIN partnership_partnership area ON area.id = enrolment.partnership_id
              JOIN res_company company ON company.id = session.company_id
         LEFT JOIN (
                  SELECT session_id, COUNT(*) AS persons
                    FROM partnership_enrolment
                   WHERE state = 'done'
                GROUP BY session_id
                   ) came ON came.session_id = session.id
        CROSS JOIN LATERAL (
                  SELECT CASE WHEN enrolment.state = 'done' AND session.state = 'done'
                              THEN COALESCE(NULLIF(session.cost_actual, 0), session.cost, 0)
                                   / came.persons
                              ELSE 0 END::float AS cost
                   ) paid
         LEFT JOIN partnership_membership membership ON membership.id = enrolment.membership_id
         LEFT JOIN LATERAL (
                  SELECT to_group_id
                    FROM partnership_membership_transition
                   WHERE membership_id = enrolment.membership_id
                     AND date <= (session.date_start AT TIME ZONE 'UTC' AT TIME ZONE area.tz)::date
                ORDER BY date DESC, id DESC
                   LIMIT 1
                   ) step ON TRUE
         LEFT JOIN partnership_interest_group interest_group
                ON interest_group.id = step.to_group_id
         LEFT JOIN LATERAL (
                  SELECT need.id, need.origin
                    FROM %(served)s served
                    JOIN partnership_training_need need ON need.id = served.%(need)s
                   WHERE served.%(enrolment)s = enrolment.id
                ORDER BY need.id
                   LIMIT 1
                   ) need ON TRUE
             WHERE enrolment.state != 'cancelled'
            """,
            served=SQL.identifier(need_ids.relation),
            enrolment=SQL.identifier(need_ids.column1),
            need=SQL.identifier(need_ids.column2),
        )

    def action_open_enrolment(self):
        self.ensure_one()
        return self.enrolment_id.get_formview_action()
