from odoo import api, models
from odoo.tools import SQL

from .partnership_integration_report import AFTER


class PartnershipIntegrationReport(models.Model):
    """The definition of the report, as one SQL statement put together of named steps."""

    _inherit = "partnership.integration.report"

    @property
    def _table_query(self):
        return SQL(
            """
            WITH step AS (%(step)s), entry AS MATERIALIZED (%(entry)s),
                 point AS MATERIALIZED (%(point)s)
            SELECT entry.*,
                   (entry.date_formal IS NOT NULL AND NOT entry.is_founder)::int AS members,
                   (entry.date_informal IS NOT NULL)::int AS informal,
                   entry.is_converted::int AS converted,
                   CASE WHEN entry.date_informal IS NOT NULL
                        THEN entry.is_converted::int::float END AS conversion,
                   (entry.date_formal - entry.date_informal)::float AS days_to_formal,
                   contribution.date AS date_contribution,
                   (contribution.date IS NOT NULL)::int AS contributed,
                   -- A month is a twelfth of 365.25 days
                   (contribution.date - entry.date_formal) / 30.4375::float
                       AS months_to_contribution,
                   %(appropriation)s,
                   COALESCE(stay.due, 0) AS due,
                   COALESCE(stay.stayed, 0) AS stayed,
                   stay.stayed::float AS retention
              FROM entry
         LEFT JOIN (%(contribution)s) contribution USING (membership_id)
         LEFT JOIN (%(appropriated)s) appropriated USING (membership_id)
         LEFT JOIN (%(stay)s) stay USING (membership_id)
            """,
            step=self._sql_step(),
            entry=self._sql_entry(),
            point=self._sql_point(),
            appropriation=SQL(", ").join(
                SQL.identifier("appropriated", f"{who}_{months}")
                for who in ("appropriation", "others")
                for months in AFTER
            ),
            contribution=self._sql_first_contribution(),
            appropriated=self._sql_appropriated(),
            stay=self._sql_stay(),
        )

    @api.model
    def _sql_median(self, value):
        """:return: SQL of the median, as an aggregate; under three it says nothing"""
        return SQL(
            """CASE WHEN COUNT(%(value)s) >= 3
                    THEN PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %(value)s) END""",
            value=value,
        )

    @api.model
    def _sql_step(self):
        """The changes of role of each membership, numbered as they followed each other."""
        return SQL(
            """
            SELECT step.membership_id, step.date, step.to_group_id, role.is_formal,
                   role.is_informal,
                   ROW_NUMBER() OVER (PARTITION BY step.membership_id
                                      ORDER BY step.date, step.id) AS number
              FROM partnership_membership_transition step
              JOIN partnership_role role ON role.id = step.to_role_id
            """
        )

    @api.model
    def _sql_entry(self):
        """When each actor first took part informally, and when it became a member. Who never
        became one is of the round of its last card."""
        return SQL(
            """
            SELECT membership.id, membership.id AS membership_id, membership.partnership_id,
                   membership.partner_id,
                   COALESCE(membership.round_id, card.round_id) AS round_id,
                   interest.id AS interest_group_id, interest.sector,
                   informal.date AS date_informal,
                   formal.date AS date_formal,
                   COALESCE(first.is_founder, FALSE) AS is_founder,
                   (formal.number IS NOT NULL AND informal.number IS NOT NULL) AS is_converted
              FROM partnership_membership membership
         LEFT JOIN (SELECT DISTINCT ON (membership_id) * FROM step WHERE is_formal
                     ORDER BY membership_id, number) formal ON formal.membership_id = membership.id
         LEFT JOIN (%(entries)s) first ON first.membership_id = membership.id
         LEFT JOIN (SELECT DISTINCT ON (membership_id) * FROM step WHERE is_informal
                     ORDER BY membership_id, number) informal
                ON informal.membership_id = membership.id
               AND (formal.number IS NULL OR informal.number < formal.number)
         LEFT JOIN (SELECT DISTINCT ON (membership_id) membership_id, round_id
                      FROM partnership_candidate WHERE round_id IS NOT NULL
                  ORDER BY membership_id, id DESC) card
                ON card.membership_id = membership.id AND formal.number IS NULL
         LEFT JOIN partnership_interest_group interest
                ON interest.id = COALESCE(formal.to_group_id, informal.to_group_id,
                                          membership.interest_group_id)
             WHERE formal.number IS NOT NULL OR informal.number IS NOT NULL
            """,
            entries=self.env["partnership.composition.source"]._sql_entries(),
        )

    @api.model
    def _sql_point(self):
        """The days of observation that have come: so many months after entry. A wave is a round,
        or a year."""
        return SQL(
            """
            SELECT entry.membership_id, entry.partnership_id, each.months, day.date,
                   DATE_TRUNC('month', day.date)::date AS month, %(wave)s AS wave
              FROM entry
              JOIN (%(today)s) today USING (partnership_id)
        CROSS JOIN unnest(%(after)s) each (months)
        CROSS JOIN LATERAL (
                   SELECT (entry.date_formal + make_interval(months => each.months))::date AS date
                   ) day
             WHERE day.date <= today.date
            """,
            wave=self._sql_wave(),
            today=self.env["partnership.membership.figure"]._sql_today(),
            after=list(AFTER),
        )

    @api.model
    def _sql_wave(self):
        return SQL("""COALESCE(entry.round_id, -EXTRACT(YEAR FROM entry.date_formal)::int)""")

    @api.model
    def _sql_appropriated(self):
        """The figures of the month of each day of observation, and beside them the median of
        those who were members then and came in by another wave."""
        columns = SQL(", ").join(
            SQL(
                """MAX(figure.appropriation) FILTER (WHERE point.months = %(months)s) AS %(own)s,
                   MAX(others.median) FILTER (WHERE point.months = %(months)s) AS %(others)s""",
                months=months,
                own=SQL.identifier(f"appropriation_{months}"),
                others=SQL.identifier(f"others_{months}"),
            )
            for months in AFTER
        )
        return SQL(
            """
            SELECT point.membership_id, %(columns)s
              FROM point
         LEFT JOIN partnership_membership_figure figure
                ON figure.membership_id = point.membership_id
               AND figure.month = point.month AND figure.date >= point.date
         LEFT JOIN (
                   SELECT wave.partnership_id, wave.wave, wave.month, %(median)s AS median
                     FROM (SELECT DISTINCT partnership_id, wave, month FROM point) wave
                     JOIN partnership_membership_figure figure
                       ON figure.partnership_id = wave.partnership_id AND figure.month = wave.month
                     JOIN partnership_role role ON role.id = figure.role_id AND role.is_formal
                     JOIN entry ON entry.membership_id = figure.membership_id
                    WHERE %(other)s IS DISTINCT FROM wave.wave
                 GROUP BY wave.partnership_id, wave.wave, wave.month
                   ) others
                ON others.partnership_id = point.partnership_id
               AND others.wave = point.wave AND others.month = point.month
          GROUP BY point.membership_id
            """,
            columns=columns,
            median=self._sql_median(SQL("figure.appropriation")),
            other=self._sql_wave(),
        )

    @api.model
    def _sql_first_contribution(self):
        return SQL(
            """
            SELECT contribution.membership_id, MIN(contribution.date) AS date
              FROM (%s) contribution
              JOIN entry ON entry.membership_id = contribution.membership_id
                        AND contribution.date >= entry.date_formal
          GROUP BY contribution.membership_id
            """,
            self.env["partnership.membership"]._sql_contributions(),
        )

    @api.model
    def _sql_stay(self):
        """Whether, 12 months after entry, the membership went on and its role was a formal one."""
        return SQL(
            """
            SELECT DISTINCT ON (point.membership_id) point.membership_id, 1 AS due,
                   ((membership.date_end IS NULL OR membership.date_end >= point.date)
                    AND COALESCE(step.is_formal, FALSE))::int AS stayed
              FROM point
              JOIN partnership_membership membership ON membership.id = point.membership_id
              JOIN step ON step.membership_id = point.membership_id AND step.date <= point.date
             WHERE point.months = 12
          ORDER BY point.membership_id, step.number DESC
            """
        )
