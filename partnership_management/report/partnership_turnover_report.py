from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.optional_float import OptionalFloat

RATES = {
    # rate: what its parts are summed from
    "turnover": ("persons_gone", "persons_before"),
    "titular_turnover": ("replacements", "seat_years"),
}


class PartnershipTurnoverReport(models.Model):
    """How often an institution changes who speaks for it: one row per organisation and year.

    Turnover is of the persons who came: those of last year who did not come this year / those
    of last year. Titular turnover is of the mandates: replacements of titulars / years for which
    the seats were held. It is a yearly one, and needs no three cases.
    """

    _name = "partnership.turnover.report"
    _description = "Turnover by Institution and Year"
    _inherit = ["partnership.report.mixin"]
    _auto = False
    _rec_name = "organisation_id"
    _order = "date desc, organisation_id, id"

    partnership_id = fields.Many2one("partnership.partnership", readonly=True)
    organisation_id = fields.Many2one("res.partner", "Institution", readonly=True)
    membership_id = fields.Many2one(
        "partnership.membership", readonly=True, help="The last one of the institution."
    )
    interest_group_id = fields.Many2one("partnership.interest.group", readonly=True)
    date = fields.Date("Period", readonly=True, help="The first day of the year.")
    year = fields.Char(readonly=True)
    persons_before = fields.Integer("Came Last Year", readonly=True)
    persons_gone = fields.Integer("No Longer Came", readonly=True)
    turnover = OptionalFloat(readonly=True, aggregator="avg")
    replacements_planned = fields.Integer("Planned Replacements", readonly=True)
    replacements_unplanned = fields.Integer("Unplanned Replacements", readonly=True)
    replacements = fields.Integer("Titulars Replaced", readonly=True)
    seat_years = fields.Float(readonly=True, digits=(16, 2))
    titular_turnover = OptionalFloat(readonly=True, aggregator="avg", digits=(16, 2))

    _depends = {
        "partnership.representation.report": ["organisation_id", "date", "turnover"],
        "partnership.seat": ["membership_id", "partner_id", "date_start", "date_end"],
        "partnership.mandate": ["seat_id", "person_id", "kind", "date_start", "end_kind"],
        "partnership.membership": ["partner_id", "interest_group_id", "date_start"],
        "res.partner": ["is_company"],
    }

    def _read_group_select(self, aggregate_spec, query):
        """Of several institutions or years the rate is of their summed parts."""
        fname, _separator, aggregator = aggregate_spec.partition(":")
        if aggregator != "avg" or fname not in RATES:
            return super()._read_group_select(aggregate_spec, query)
        done, due = (
            SQL("SUM(%s)", self._field_to_sql(self._table, part, query)) for part in RATES[fname]
        )
        if fname == "titular_turnover":
            return self._sql_titular_turnover(done, due)
        return SQL("%s::float / NULLIF(%s, 0)", done, due)

    @api.model
    def _sql_titular_turnover(self, replacements, seat_years):
        return self.env["partnership.membership.figure"]._sql_titular_turnover(
            replacements, seat_years
        )

    @property
    def _table_query(self):
        """The number of a row is made of what it is of, so that it stays the same."""
        return SQL(
            """
            SELECT partnership_id::bigint * 100000000000 + organisation_id::bigint * 10000
                       + EXTRACT(YEAR FROM date)::int AS id,
                   partnership_id,
                   organisation_id,
                   member.membership_id,
                   member.interest_group_id,
                   date,
                   EXTRACT(YEAR FROM date)::int::varchar AS year,
                   COALESCE(persons.before, 0) AS persons_before,
                   COALESCE(persons.gone, 0) AS persons_gone,
                   persons.gone::float / NULLIF(persons.before, 0) AS turnover,
                   COALESCE(replaced.planned, 0) AS replacements_planned,
                   COALESCE(replaced.unplanned, 0) AS replacements_unplanned,
                   COALESCE(replaced.planned + replaced.unplanned, 0) AS replacements,
                   COALESCE(seats.years, 0) AS seat_years,
                   %(titular_turnover)s AS titular_turnover
              FROM (%(persons)s) persons
         FULL JOIN (%(seats)s) seats USING (partnership_id, organisation_id, date)
         LEFT JOIN (%(replaced)s) replaced USING (partnership_id, organisation_id, date)
         LEFT JOIN (%(members)s) member USING (partnership_id, organisation_id)
            """,
            titular_turnover=self._sql_titular_turnover(
                SQL("COALESCE(replaced.planned + replaced.unplanned, 0)"), SQL("seats.years")
            ),
            members=self.env["partnership.representation.report"]._sql_members(),
            persons=self._sql_persons(),
            seats=self._sql_seats(),
            replaced=self._sql_replaced(),
        )

    @api.model
    def _sql_persons(self):
        return SQL(
            """
            SELECT partnership_id, organisation_id, date,
                   COUNT(turnover) AS before, SUM(turnover)::int AS gone
              FROM (%s) representation
          GROUP BY partnership_id, organisation_id, date
            """,
            self.env["partnership.representation.report"]._table_query,
        )

    @api.model
    def _sql_seats(self):
        """Years are counted up to the day of the question; nothing of it is stored. A year has its
        own number of days, as the 12 months of the figures of a member have."""
        return SQL(
            """
            SELECT seat.partnership_id,
                   seat.partner_id AS organisation_id,
                   make_date(each.year, 1, 1) AS date,
                   SUM(
                       LEAST(seat.date_end, here.date,
                             make_date(each.year, 12, 31))
                       - GREATEST(seat.date_start, make_date(each.year, 1, 1)) + 1
                   )::float / (make_date(each.year + 1, 1, 1) - make_date(each.year, 1, 1)) AS years
              FROM partnership_seat seat
              JOIN (%(today)s) here USING (partnership_id)
              JOIN res_partner partner ON partner.id = seat.partner_id AND partner.is_company
        CROSS JOIN LATERAL generate_series(
                       EXTRACT(YEAR FROM seat.date_start)::int,
                       EXTRACT(YEAR FROM LEAST(seat.date_end, here.date))::int
                   ) each (year)
             WHERE seat.date_start <= here.date
          GROUP BY seat.partnership_id, seat.partner_id, each.year
            """,
            today=self._sql_today(),
        )

    @api.model
    def _sql_replaced(self):
        """As in the figures of a member: titular mandates on a seat whose titular had been
        another person; what was not said to be unplanned was planned."""
        return SQL(
            """
            SELECT partnership_id, organisation_id,
                   DATE_TRUNC('year', date_start)::date AS date,
                   COUNT(*) FILTER (WHERE end_kind IS DISTINCT FROM 'unplanned') AS planned,
                   COUNT(*) FILTER (WHERE end_kind = 'unplanned') AS unplanned
              FROM (
                  SELECT partnership_id, organisation_id, date_start, person_id,
                         LAG(person_id) OVER titulars AS replaced_id,
                         LAG(end_kind) OVER titulars AS end_kind
                    FROM partnership_mandate
                   WHERE kind = 'titular'
                  WINDOW titulars AS (PARTITION BY seat_id ORDER BY date_start, id)
                   ) mandate
             WHERE replaced_id <> person_id
          GROUP BY partnership_id, organisation_id, DATE_TRUNC('year', date_start)
            """
        )

    def action_open_rows(self):
        """Open who came for the institution in the year and the one before."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_representation_report_action"
        )
        views = sorted(action["views"], key=lambda view: view[1] != "list")
        domain = [
            ("partnership_id", "=", self.partnership_id.id),
            ("organisation_id", "=", self.organisation_id.id),
            ("date", ">=", self.date - relativedelta(years=1)),
            ("date", "<=", self.date),
        ]
        return {**action, "views": views, "domain": domain, "context": {}}
