from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.attendance import PRESENT, STATUSES
from ..tools.optional_float import OptionalFloat


class PartnershipRepresentationReport(models.Model):
    """Who represented an organisation in a year, and who of last year no longer does.

    One row per organisation, person and year in which the person came, or had come the year
    before. Presences count at closed meetings of bodies with a status in ``presence_status`` of
    the context, by default present and late. Turnover of an organisation from one year to the
    next is the average of ``turnover``: persons who came last year and not this year / persons
    who came last year. Of several rows, a person is counted once a year as a representative,
    whoever it came for.
    """

    _name = "partnership.representation.report"
    _description = "Representatives by Year"
    _inherit = ["partnership.report.mixin"]
    _auto = False
    _rec_name = "person_id"
    _order = "date desc, organisation_id, person_id, id"

    partnership_id = fields.Many2one("partnership.partnership", readonly=True)
    membership_id = fields.Many2one(
        "partnership.membership", readonly=True, help="The last one of the organisation."
    )
    organisation_id = fields.Many2one("res.partner", readonly=True)
    person_id = fields.Many2one("res.partner", readonly=True)
    date = fields.Date("Period", readonly=True, help="The first day of the year.")
    year = fields.Char(readonly=True)
    presences = fields.Integer(readonly=True)
    date_first = fields.Date("First Presence", readonly=True)
    date_last = fields.Date("Last Presence", readonly=True)
    representatives = fields.Integer(readonly=True)
    turnover = OptionalFloat(
        readonly=True,
        aggregator="avg",
        help="Of the persons who came last year, the share that did not come this year.",
    )
    newcomers = OptionalFloat(
        readonly=True,
        aggregator="avg",
        help="Of the persons who came this year, the share that had not come last year.",
    )

    _depends = {
        "calendar.event": ["partnership_state", "partnership_body_id", "partnership_date"],
        "partnership.attendance": [
            "event_id",
            "person_id",
            "organisation_id",
            "status",
            "date",
        ],
        "partnership.membership": ["partner_id", "date_start"],
    }

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec != "representatives:sum":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "COUNT(DISTINCT (%s, %s)) FILTER (WHERE %s = 1)",
            *(
                self._field_to_sql(self._table, name, query)
                for name in ("person_id", "date", "representatives")
            ),
        )

    @api.model
    def _sql_members(self):
        """:return: SQL of (partnership_id, organisation_id, membership_id, interest_group_id), the
        last membership of each actor: whether an organisation is a member does not depend on how
        somebody came for it"""
        return SQL(
            """
            SELECT DISTINCT ON (partnership_id, partner_id)
                   partnership_id, partner_id AS organisation_id, id AS membership_id,
                   interest_group_id
              FROM partnership_membership
          ORDER BY partnership_id, partner_id, date_start DESC, id DESC
            """
        )

    @api.model
    def _get_statuses(self):
        """:return: tuple of the statuses that count as a presence"""
        known = dict(STATUSES)
        asked = [key for key in self.env.context.get("presence_status", ()) if key in known]
        return tuple(asked) or PRESENT

    @property
    def _table_query(self):
        return SQL(
            """
            WITH came AS (
                SELECT attendance.partnership_id,
                       attendance.organisation_id,
                       attendance.person_id,
                       EXTRACT(YEAR FROM attendance.date)::int AS year,
                       MIN(attendance.id) AS id,
                       COUNT(*) AS presences,
                       MIN(attendance.date) AS date_first,
                       MAX(attendance.date) AS date_last
                  FROM partnership_attendance attendance
                  JOIN calendar_event event
                    ON event.id = attendance.event_id
                   AND event.partnership_state = 'closed'
                   AND event.partnership_body_id IS NOT NULL
                 WHERE attendance.status IN %(statuses)s
                   AND attendance.organisation_id IS NOT NULL
                   AND attendance.person_id IS NOT NULL
              GROUP BY attendance.partnership_id, attendance.organisation_id,
                       attendance.person_id, EXTRACT(YEAR FROM attendance.date)
            ),
            last_year AS (
                SELECT partnership_id, MAX(EXTRACT(YEAR FROM partnership_date))::int AS year
                  FROM calendar_event
                 WHERE partnership_state = 'closed' AND partnership_body_id IS NOT NULL
              GROUP BY partnership_id
            )
            SELECT COALESCE(2 * now.id::bigint, 2 * before.id::bigint + 1) AS id,
                   COALESCE(now.partnership_id, before.partnership_id) AS partnership_id,
                   member.membership_id,
                   COALESCE(now.organisation_id, before.organisation_id) AS organisation_id,
                   COALESCE(now.person_id, before.person_id) AS person_id,
                   make_date(COALESCE(now.year, before.year + 1), 1, 1) AS date,
                   COALESCE(now.year, before.year + 1)::varchar AS year,
                   COALESCE(now.presences, 0) AS presences,
                   now.date_first,
                   now.date_last,
                   (now.id IS NOT NULL)::int AS representatives,
                   CASE WHEN before.id IS NOT NULL THEN (now.id IS NULL)::int::float END
                       AS turnover,
                   CASE WHEN now.id IS NOT NULL THEN (before.id IS NULL)::int::float END
                       AS newcomers
              FROM came now
         FULL JOIN came before
                ON before.partnership_id = now.partnership_id
               AND before.organisation_id = now.organisation_id
               AND before.person_id = now.person_id
               AND before.year + 1 = now.year
         LEFT JOIN last_year ON last_year.partnership_id = before.partnership_id
         LEFT JOIN (%(members)s) member
                ON member.partnership_id = COALESCE(now.partnership_id, before.partnership_id)
               AND member.organisation_id = COALESCE(now.organisation_id, before.organisation_id)
             WHERE now.id IS NOT NULL OR before.year < last_year.year
            """,
            statuses=self._get_statuses(),
            members=self._sql_members(),
        )

    def action_open_rows(self):
        """Open the presences of the person for the organisation, this year and the one before."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_attendance_action"
        )
        action["domain"] = [
            ("organisation_id", "=", self.organisation_id.id),
            ("person_id", "=", self.person_id.id),
            ("date", ">=", self.date - relativedelta(years=1)),
            ("date", "<", self.date + relativedelta(years=1)),
        ]
        action["context"] = {}
        return action
