from odoo import api, models
from odoo.tools import SQL

# A seat that was held for less than a month gives no data on how often its titulars change
SEAT_YEARS_MIN = 1 / 12


class PartnershipMembershipFigure(models.Model):
    """Presence at the meetings at which a member was expected, and who is on paper only.

    Who represents a member, by what right, and how often they change.

    Whether a member was informed, and passed on what it got.
    """

    _inherit = "partnership.membership.figure"

    @api.model
    def _get_presence_steps(self):
        return {
            "presence": self._sql_presence(),
            "longest": self._sql_longest(),
            "missed": self._sql_missed(),
            "ladder": self._sql_ladder(),
        }

    @api.model
    def _get_presence_parts(self):
        counts = ("expected", "represented", "excused", "absent", "valid")
        return {
            "presence": {
                **{name: SQL("COALESCE(presence.%s, 0)", SQL.identifier(name)) for name in counts},
                "expected_of_year": SQL("presence.expected_of_year"),
                "represented_of_year": SQL("presence.represented_of_year"),
            },
            "longest": {"longest_absence": SQL("COALESCE(longest.length, 0)")},
            "missed": {"absent_in_a_row": SQL("COALESCE(missed.absent_in_a_row, FALSE)")},
            "ladder": {
                "role_id": SQL("ladder.role_id"),
                "interest_group_id": SQL("ladder.interest_group_id"),
                "sector": SQL("ladder.sector"),
                "formal_since": SQL("ladder.formal_since"),
            },
        }

    @api.model
    def _get_presence_rates(self):
        return {
            "presence_rate": self._sql_rate("part.represented", "part.expected"),
            "commitment_rate": self._sql_rate("(part.represented + part.excused)", "part.expected"),
            "regularity": SQL("1 - %s", self._sql_rate("part.longest_absence", "part.expected")),
        }

    @api.model
    def _sql_on_paper(self):
        """On paper: nobody came for it in the last 12 months, or at too few meetings of the
        window."""
        return SQL(
            """
            COALESCE(
                rate.formal_since <= rate.date - make_interval(months => rate.on_paper_months)
                AND (rate.date_end IS NULL OR rate.date_end > rate.date)
                AND rate.expected_of_year
                AND (NOT rate.represented_of_year
                     OR COALESCE(rate.presence_rate < rate.on_paper_presence_under, FALSE)),
                FALSE
            )
            """
        )

    @api.model
    def _sql_presence(self):
        """Outcomes 1 to 3 represent, 4 and 5 excuse, 6 is absent or vacant."""
        return SQL(
            """
            SELECT membership_id, month,
                   COUNT(*) AS expected,
                   COUNT(*) FILTER (WHERE best <= 3) AS represented,
                   COUNT(*) FILTER (WHERE best IN (4, 5)) AS excused,
                   COUNT(*) FILTER (WHERE best = 6) AS absent,
                   COUNT(*) FILTER (WHERE best <= 2) AS valid,
                   BOOL_OR(is_of_year) AS expected_of_year,
                   COALESCE(BOOL_OR(best <= 3) FILTER (WHERE is_of_year), FALSE)
                       AS represented_of_year
              FROM counted
          GROUP BY membership_id, month
            """
        )

    @api.model
    def _sql_longest(self):
        """The longest run of absences of each seat, summed over the seats. What is not recorded
        neither counts nor ends a run."""
        return SQL(
            """
            SELECT membership_id, month, SUM(longest) AS length
              FROM (
                  SELECT membership_id, month, seat_id, MAX(length) AS longest
                    FROM (
                        SELECT membership_id, month, seat_id, COUNT(*) AS length
                          FROM (
                              SELECT membership_id, month, seat_id, best,
                                     COUNT(*) FILTER (WHERE best <> 6) OVER (
                                         PARTITION BY membership_id, month, seat_id
                                             ORDER BY date, start, event_id
                                     ) AS ends_before
                                FROM counted
                               ) unit
                         WHERE best = 6
                      GROUP BY membership_id, month, seat_id, ends_before
                         ) run
                GROUP BY membership_id, month, seat_id
                   ) seat
          GROUP BY membership_id, month
            """
        )

    @api.model
    def _sql_missed(self):
        """The last three meetings at which the member was expected, with all its seats, whether
        or not the window reaches that far."""
        return SQL(
            """
            SELECT membership_id, month,
                   MAX(meeting) = 3 AND BOOL_AND(best = 6) AS absent_in_a_row
              FROM expected
             WHERE meeting <= 3
          GROUP BY membership_id, month
            """
        )

    @api.model
    def _sql_ladder(self):
        """Role and group of the day, and since when the member has been formal without a break."""
        return SQL(
            """
            SELECT asof.membership_id, asof.month, step.to_role_id AS role_id,
                   step.to_group_id AS interest_group_id, interest_group.sector,
                   step.formal_since
              FROM asof
              JOIN (
                  SELECT membership_id, date, next_date, to_role_id, to_group_id,
                         CASE WHEN is_formal THEN
                             MIN(date) FILTER (WHERE is_formal)
                                 OVER (PARTITION BY membership_id, falls)
                         END AS formal_since
                    FROM (
                        SELECT step.*, role.is_formal,
                               LEAD(step.date) OVER steps AS next_date,
                               COUNT(*) FILTER (WHERE role.is_formal IS NOT TRUE) OVER steps
                                   AS falls
                          FROM partnership_membership_transition step
                          JOIN partnership_role role ON role.id = step.to_role_id
                         WHERE step.membership_id IN (SELECT membership_id FROM asof)
                        WINDOW steps AS (
                            PARTITION BY step.membership_id ORDER BY step.date, step.id
                        )
                         ) rung
                   ) step
                ON step.membership_id = asof.membership_id
               AND step.date <= asof.date
               AND (step.next_date IS NULL OR step.next_date > asof.date)
         LEFT JOIN partnership_interest_group interest_group
                ON interest_group.id = step.to_group_id
            """
        )

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

    @api.model
    def _get_information_steps(self, ids):
        return {
            "informed": self._sql_informed(ids),
            "relayed": self._sql_relayed(ids),
        }

    @api.model
    def _get_information_parts(self):
        return {
            "informed": {
                "briefings_due": SQL("COALESCE(informed.due, 0)"),
                "briefings_read": SQL("COALESCE(informed.read, 0)"),
            },
            "relayed": {
                "relays_asked": SQL("COALESCE(relayed.asked, 0)"),
                "relays_done": SQL("COALESCE(relayed.done, 0)"),
            },
        }

    @api.model
    def _get_information_rates(self):
        return {
            "informed_rate": self._sql_rate("part.briefings_read", "part.briefings_due"),
            "relay_rate": self._sql_rate("part.relays_done", "part.relays_asked"),
        }

    @api.model
    def _sql_informed(self, ids):
        """Briefings due in the window, and those of them that were read in time."""
        return SQL(
            """
            SELECT span.membership_id, span.month, COUNT(*) AS due,
                   COUNT(*) FILTER (WHERE briefing.in_time) AS read
              FROM span
              JOIN (%(due)s) briefing
                ON briefing.membership_id = span.membership_id
               AND %(chosen)s
               AND briefing.date_due BETWEEN span.window_start AND span.date
          GROUP BY span.membership_id, span.month
            """,
            due=self.env["partnership.briefing.receipt"]._sql_due(),
            chosen=self._sql_chosen(ids, SQL("briefing.membership_id")),
        )

    @api.model
    def _sql_relayed(self, ids):
        """Receipts of briefings sent in the window that asked to be passed on."""
        return SQL(
            """
            SELECT span.membership_id, span.month, COUNT(*) AS asked,
                   COUNT(*) FILTER (WHERE receipt.date_relayed <= span.date) AS done
              FROM span
              JOIN partnership_briefing_receipt receipt
                ON receipt.membership_id = span.membership_id
               AND %(chosen)s
              JOIN partnership_briefing briefing
                ON briefing.id = receipt.briefing_id
               AND briefing.state = 'sent'
               AND briefing.ask_relay
               AND briefing.date_sent BETWEEN span.window_start AND span.date
          GROUP BY span.membership_id, span.month
            """,
            chosen=self._sql_chosen(ids, SQL("receipt.membership_id")),
        )
