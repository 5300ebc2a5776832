from odoo import api, models
from odoo.tools import SQL


class PartnershipMembershipFigure(models.Model):
    """Presence at the meetings at which a member was expected, and who is on paper only."""

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
