from odoo import api, models
from odoo.tools import SQL

# A seat that was held for less than a month gives no data on how often its titulars change
SEAT_YEARS_MIN = 1 / 12


class PartnershipMembershipFigure(models.Model):
    """Who represents a member, by what right, and how often they change."""

    _inherit = "partnership.membership.figure"

    @api.model
    def _get_representation_steps(self):
        return {
            "faces": self._sql_faces(),
            "replaced": self._sql_replaced(),
            "held": self._sql_held(),
            "entitled": self._sql_entitled(),
        }

    @api.model
    def _get_representation_parts(self):
        return {
            "faces": {
                "representatives": SQL("COALESCE(faces.representatives, 0)"),
                "squared_shares": SQL("faces.squared_shares"),
            },
            "replaced": {
                "replacements_planned": SQL("COALESCE(replaced.planned, 0)"),
                "replacements_unplanned": SQL("COALESCE(replaced.unplanned, 0)"),
            },
            "held": {
                "seat_years": SQL("COALESCE(held.seat_years, 0)"),
                "vote_weight": SQL("COALESCE(held.vote_weight, 1)"),
            },
            "entitled": {
                "no_authority": SQL(
                    "span.is_company AND held.vote_weight IS NOT NULL"
                    " AND entitled.membership_id IS NULL"
                )
            },
        }

    @api.model
    def _get_representation_rates(self):
        """Turnover is a yearly one, and needs no three cases."""
        return {
            "validity_rate": self._sql_rate("part.valid", "part.represented"),
            "continuity": SQL("CASE WHEN part.represented >= 3 THEN part.squared_shares END"),
            "titular_turnover": self._sql_titular_turnover(
                SQL("part.replacements_planned + part.replacements_unplanned"),
                SQL("part.seat_years"),
            ),
        }

    @api.model
    def _sql_titular_turnover(self, replacements, seat_years):
        """:return: SQL of the replacements per year of a seat; not to have been replaced since
        yesterday is no 0"""
        return SQL(
            "CASE WHEN %(years)s >= %(least)s THEN (%(count)s)::float / %(years)s END",
            least=SEAT_YEARS_MIN,
            years=seat_years,
            count=replacements,
        )

    @api.model
    def _sql_faces(self):
        """Continuity is the sum of the squared shares of the persons. Of several who represent a
        seat at a meeting, the one with the best outcome stands for it, then who came most often
        for the member in the window, then the oldest contact."""
        return SQL(
            """
            SELECT membership_id, month, COUNT(*) AS representatives,
                   SUM(meetings * meetings)::float / (SUM(meetings) * SUM(meetings))
                       AS squared_shares
              FROM (
                  SELECT membership_id, month, person_id,
                         COUNT(*) FILTER (WHERE place = 1) AS meetings
                    FROM (
                        SELECT came.*,
                               ROW_NUMBER() OVER (
                                   PARTITION BY membership_id, month, event_id, seat_id
                                       ORDER BY rank, times DESC, person_id
                               ) AS place
                          FROM (
                              SELECT counted.membership_id, counted.month, counted.event_id,
                                     counted.seat_id, ranked.person_id, ranked.rank,
                                     COUNT(*) OVER (
                                         PARTITION BY counted.membership_id, counted.month,
                                                      ranked.person_id
                                     ) AS times
                                FROM counted
                                JOIN ranked USING (event_id, seat_id)
                               WHERE ranked.rank <= 3
                               ) came
                         ) placed
                GROUP BY membership_id, month, person_id
                   ) person
          GROUP BY membership_id, month
            """
        )

    @api.model
    def _sql_replaced(self):
        """Titular mandates that began in the window, on a seat whose titular had been another
        person. An end of which nobody said that it was unplanned is a planned one."""
        return SQL(
            """
            SELECT span.membership_id, span.month,
                   COUNT(*) FILTER (WHERE mandate.end_kind IS DISTINCT FROM 'unplanned')
                       AS planned,
                   COUNT(*) FILTER (WHERE mandate.end_kind = 'unplanned') AS unplanned
              FROM span
              JOIN (
                  SELECT membership_id, date_start, person_id,
                         LAG(person_id) OVER titulars AS replaced_id,
                         LAG(end_kind) OVER titulars AS end_kind
                    FROM partnership_mandate
                   WHERE kind = 'titular'
                     AND membership_id IN (SELECT membership_id FROM asof)
                  WINDOW titulars AS (PARTITION BY seat_id ORDER BY date_start, id)
                   ) mandate
                ON mandate.membership_id = span.membership_id
               AND mandate.date_start BETWEEN span.window_start AND span.date
               AND mandate.replaced_id <> mandate.person_id
          GROUP BY span.membership_id, span.month
            """
        )

    @api.model
    def _sql_held(self):
        """For how long the member held its seats in the window, and the heaviest of that day. A
        year has as many days as the last 12 months."""
        return SQL(
            """
            SELECT span.membership_id, span.month,
                   SUM(LEAST(span.date, seat.date_end) + 1
                       - GREATEST(span.window_start, seat.date_start))::float
                       / (MAX(span.date) + 1 - MAX(span.year_start)) AS seat_years,
                   MAX(seat.vote_weight) FILTER (
                       WHERE seat.date_end IS NULL OR seat.date_end >= span.date
                   ) AS vote_weight
              FROM span
              JOIN partnership_seat seat
                ON seat.membership_id = span.membership_id
               AND seat.date_start <= span.date
               AND (seat.date_end IS NULL OR seat.date_end >= span.window_start)
          GROUP BY span.membership_id, span.month
            """
        )

    @api.model
    def _sql_entitled(self):
        """Who has somebody that commits it on the day."""
        return SQL(
            """
            SELECT DISTINCT asof.membership_id, asof.month
              FROM asof
              JOIN partnership_mandate mandate
                ON mandate.membership_id = asof.membership_id
               AND mandate.authority = 'commits'
               AND mandate.date_start <= asof.date
               AND (mandate.date_end IS NULL OR mandate.date_end >= asof.date)
            """
        )
