from odoo import api, models
from odoo.tools import SQL


class PartnershipMembershipFigure(models.Model):
    """The definition of the figures (DESIGN: section 4), as one SQL statement.

    It is put together of named steps. One that counts something has a row per membership and month
    (``membership_id, month``) where there is anything to count. Parts are the columns of such
    steps, rates follow of parts, facets of rates, the index of facets.
    """

    _inherit = "partnership.membership.figure"

    @api.model
    def _sql_figures(self, asked, ids=None):
        """The figures of memberships as of dates.

        :param asked: SQL of (membership_id, month, date); for a membership that ended before the
            date, the figures are those of its last day
        :param ids: the memberships that ``asked`` is limited to, or none
        :return: SQL of a column for each of :meth:`_get_columns`, in the order of the key
        """
        steps = {
            **self._get_steps(asked, ids),
            "part": self._sql_part(),
            "rate": SQL("SELECT part.*, %s FROM part", self._sql_columns(self._get_rates())),
            "facet": SQL("SELECT rate.*, %s FROM rate", self._sql_columns(self._get_facets())),
        }
        return SQL(
            """
            WITH %(steps)s
            SELECT %(columns)s
              FROM facet
        CROSS JOIN LATERAL (%(index)s) index
          ORDER BY facet.membership_id, facet.month
            """,
            steps=SQL(", ").join(
                SQL("%s AS MATERIALIZED (%s)", SQL.identifier(name), step)
                for name, step in steps.items()
            ),
            columns=SQL(", ").join(SQL.identifier(name) for name in self._get_columns()),
            index=self._sql_index(),
        )

    @api.model
    def _get_columns(self):
        """:return: list of the columns of the table"""
        return [
            name
            for name, field in self._fields.items()
            if field.store and field.column_type and name != "id"
        ]

    @api.model
    def _sql_columns(self, values):
        return SQL(", ").join(
            SQL("%s AS %s", value, SQL.identifier(name)) for name, value in values.items()
        )

    @api.model
    def _get_steps(self, asked, ids=None):
        """:return: dict name of the step -> SQL; each may use those before it"""
        return {
            "asof": self._sql_asof(asked),
            "recent": self._sql_recent(ids),
            "reach": self._sql_reach(),
            "ranked": self._sql_ranked(),
            "expected": self._sql_expected(),
            "span": self._sql_span(),
            "counted": self._sql_counted(),
            **self._get_presence_steps(),
            **self._get_representation_steps(),
            **self._get_information_steps(ids),
        }

    @api.model
    def _get_parts(self):
        """:return: dict name of a step -> dict column -> SQL of its value; a step has no row where
        there was nothing to count"""
        return {
            **self._get_presence_parts(),
            **self._get_representation_parts(),
            **self._get_information_parts(),
        }

    @api.model
    def _get_rates(self):
        """:return: dict column -> SQL of its value, from the step ``part``"""
        return {
            **self._get_presence_rates(),
            **self._get_representation_rates(),
            **self._get_information_rates(),
        }

    @api.model
    def _sql_part(self):
        """The parts of all figures side by side."""
        parts = self._get_parts()
        columns = SQL(", ").join(self._sql_columns(values) for values in parts.values())
        joins = SQL(" ").join(
            SQL("LEFT JOIN %s USING (membership_id, month)", SQL.identifier(name)) for name in parts
        )
        return SQL("SELECT span.*, %s FROM span %s", columns, joins)

    @api.model
    def _sql_rate(self, part, whole):
        """Fewer than three cases are not enough to speak of a rate."""
        return SQL(
            "CASE WHEN %(whole)s >= 3 THEN %(part)s::float / %(whole)s END",
            part=SQL(part),
            whole=SQL(whole),
        )

    # ------------------------------------------------------------
    # What is counted
    # ------------------------------------------------------------

    @api.model
    def _sql_asof(self, asked):
        """Whose figures, and as of when. ``year_start`` begins the 12 months that end with the
        date, ``earliest`` the 36 months."""
        return SQL(
            """
            SELECT asked.membership_id, asked.month, day.date,
                   (day.date + 1 - interval '12 months')::date AS year_start,
                   (day.date + 1 - interval '36 months')::date AS earliest,
                   membership.partnership_id, membership.partner_id, membership.date_start,
                   membership.date_end,
                   actor.is_company,
                   partnership.on_paper_months, partnership.on_paper_presence_under,
                   partnership.weight_involvement, partnership.weight_choice,
                   partnership.weight_commitment, partnership.weight_communication
              FROM (%s) asked
              JOIN partnership_membership membership ON membership.id = asked.membership_id
              JOIN partnership_partnership partnership
                ON partnership.id = membership.partnership_id
              JOIN res_partner actor ON actor.id = membership.partner_id
        CROSS JOIN LATERAL (SELECT LEAST(asked.date, membership.date_end) AS date) day
            """,
            asked,
        )

    @api.model
    def _sql_recent(self, ids):
        """The rows of 12 months on the seats at closed meetings, each with its place among the
        outcomes."""
        return self._sql_rows(
            SQL(
                """
                seat.membership_id IN (SELECT membership_id FROM asof)
                AND attendance.date >= (SELECT MIN(year_start) FROM asof)
                AND attendance.date <= (SELECT MAX(date) FROM asof)
                AND %s
                """,
                SQL("TRUE")
                if ids is None
                else SQL(
                    """attendance.seat_id = ANY(ARRAY(
                           SELECT id FROM partnership_seat WHERE membership_id = ANY(%s)))""",
                    ids,
                ),
            )
        )

    @api.model
    def _sql_reach(self):
        """How far back to look: 36 months only for whom 12 do not hold three meetings."""
        return SQL(
            """
            SELECT asof.membership_id, asof.month, asof.date,
                   COUNT(DISTINCT recent.event_id) < 3 AS is_far,
                   CASE WHEN COUNT(DISTINCT recent.event_id) < 3 THEN asof.earliest
                        ELSE asof.year_start END AS earliest
              FROM asof
         LEFT JOIN recent
                ON recent.membership_id = asof.membership_id
               AND recent.date BETWEEN asof.year_start AND asof.date
               AND recent.rank <> 7
          GROUP BY asof.membership_id, asof.month, asof.date, asof.earliest, asof.year_start
            """
        )

    @api.model
    def _sql_ranked(self):
        older = self._sql_rows(
            SQL(
                """
                attendance.seat_id = ANY(ARRAY(
                    SELECT seat.id FROM partnership_seat seat
                      JOIN reach ON reach.membership_id = seat.membership_id AND reach.is_far))
                AND attendance.date >= (SELECT MIN(earliest) FROM reach)
                AND attendance.date < (SELECT MIN(year_start) FROM asof)
                """
            )
        )
        return SQL("SELECT * FROM recent UNION ALL %s", older)

    @api.model
    def _sql_rows(self, condition):
        return SQL(
            """
            SELECT attendance.event_id, attendance.seat_id, seat.membership_id,
                   event.partnership_date AS date, event.start,
                   attendance.person_id, %(rank)s AS rank
              FROM partnership_attendance attendance
              JOIN calendar_event event
                ON event.id = attendance.event_id
               AND event.partnership_state = 'closed'
               AND event.partnership_body_id IS NOT NULL
              JOIN partnership_seat seat ON seat.id = attendance.seat_id
         LEFT JOIN partnership_mandate mandate ON mandate.id = attendance.mandate_id
         LEFT JOIN partnership_membership individual
                ON individual.id = attendance.membership_id
               AND individual.partner_id = attendance.person_id
             WHERE %(condition)s
            """,
            condition=condition,
            rank=self.env["partnership.participation.report"]._sql_rank(),
        )

    @api.model
    def _sql_expected(self):
        """The units within reach: a seat at a meeting, with its best outcome, and how many meetings
        there have been since, that one included. What is not recorded is none."""
        return SQL(
            """
            SELECT reach.membership_id, reach.month, unit.event_id, unit.seat_id, unit.date,
                   unit.start, unit.best,
                   DENSE_RANK() OVER latest AS meeting
              FROM reach
              JOIN (
                  SELECT event_id, seat_id, membership_id, date, start, MIN(rank) AS best
                    FROM ranked
                GROUP BY event_id, seat_id, membership_id, date, start
                  HAVING MIN(rank) <> 7
                   ) unit
                ON unit.membership_id = reach.membership_id
               AND unit.date BETWEEN reach.earliest AND reach.date
            WINDOW latest AS (
                PARTITION BY reach.membership_id, reach.month
                    ORDER BY unit.date DESC, unit.start DESC, unit.event_id DESC
                   )
            """
        )

    @api.model
    def _sql_span(self):
        """12 months, stretched back to the third meeting, at most to 36 months; two seats at one
        meeting are one meeting. Never to before the membership, of which there is nothing to
        count."""
        return SQL(
            """
            SELECT asof.*,
                   GREATEST(
                       LEAST(asof.year_start, COALESCE(third.date, asof.earliest)),
                       LEAST(asof.date_start, asof.date)
                   ) AS window_start
              FROM asof
         LEFT JOIN (
                  SELECT membership_id, month, MIN(date) AS date
                    FROM expected
                   WHERE meeting = 3
                GROUP BY membership_id, month
                   ) third
                ON third.membership_id = asof.membership_id
               AND third.month = asof.month
            """
        )

    @api.model
    def _sql_counted(self):
        return SQL(
            """
            SELECT expected.*, expected.date >= span.year_start AS is_of_year
              FROM expected
              JOIN span
                ON span.membership_id = expected.membership_id
               AND span.month = expected.month
               AND span.window_start <= expected.date
            """
        )
