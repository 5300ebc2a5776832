from odoo import api, fields, models
from odoo.tools import SQL

from ..models.actor.partnership_interest_group import SECTORS
from ..tools.optional_float import OptionalFloat


class PartnershipCompositionWave(models.Model):
    """How the partnership grew, wave by wave: one row per partnership, period and interest group.

    A period is a year or an enlargement round, up to the day ``as_of`` in the context, today by
    default. Members are those of its last day, with their group of that day. Who entered became a
    formal member in it or, where it is a round, by it; who left was one no longer; the group is
    that of the day. New members are those who entered for the first time, without the founders.
    An actor is new in the period in which somebody came for it to a meeting of a body for the
    first time.
    """

    _name = "partnership.composition.wave"
    _inherit = ["partnership.composition.source", "partnership.report.mixin"]
    _description = "Members Wave by Wave"
    _auto = False
    _order = "partnership_id, kind desc, date_start desc, members desc, id"

    partnership_id = fields.Many2one("partnership.partnership", readonly=True)
    kind = fields.Selection([("year", "Year"), ("round", "Round")], "Waves", readonly=True)
    name = fields.Char("Wave", readonly=True)
    round_id = fields.Many2one("partnership.enlargement.round", readonly=True)
    date_start = fields.Date("From", readonly=True)
    date_end = fields.Date("Until", readonly=True)
    interest_group_id = fields.Many2one("partnership.interest.group", readonly=True)
    sector = fields.Selection(SECTORS, readonly=True)
    members = fields.Integer("Members at its End", readonly=True)
    entered = fields.Integer("Became Members", readonly=True)
    new_members = fields.Integer(
        readonly=True, help="Became members for the first time, without the founders."
    )
    gone = fields.Integer("Left", readonly=True)
    first_came = fields.Integer("New Actors", readonly=True, help="Came for the first time.")
    first_organisations = fields.Integer(
        "New Organisations", readonly=True, help="Of the new actors those that are organisations."
    )
    votes = fields.Integer(
        "Votes Cast", readonly=True, help="In the decisions of the period; hands counted, too."
    )
    representativeness = OptionalFloat(
        readonly=True, aggregator="avg", help="Of all members on the last day."
    )
    representativeness_vote = OptionalFloat(
        "In the Vote", readonly=True, aggregator="avg", help="Of all votes cast in the period."
    )

    _depends = {
        "calendar.event": ["partnership_state", "partnership_body_id", "partnership_date"],
        "partnership.attendance": ["event_id", "membership_id", "status", "date"],
        "partnership.decision": ["state", "date", "visibility"],
        "partnership.decision.count": [
            "decision_id",
            "interest_group_id",
            "yes",
            "no",
            "abstained",
        ],
        "partnership.vote": ["decision_id", "choice", "is_last", "interest_group_id"],
        "partnership.enlargement.round": [
            "state",
            "date_start",
            "date_end",
            "date_opened",
            "date_closed",
        ],
        "partnership.membership": ["partnership_id", "partner_id", "round_id", "date_end"],
        "partnership.membership.transition": ["membership_id", "date", "to_role_id", "to_group_id"],
        "partnership.profile.line": ["interest_group_id", "share"],
        "partnership.role": ["is_formal"],
    }

    @property
    def _table_query(self):
        """The number of a row is made of what it is of, so that it stays the same: of the year of
        a partnership or of the round, and of the group."""
        return SQL(
            """
            WITH today AS (%(today)s),
                 step AS MATERIALIZED (%(steps)s),
                 came AS MATERIALIZED (%(came)s),
                 entry AS MATERIALIZED (%(entries)s),
                 cast_vote AS MATERIALIZED (%(votes)s),
                 period AS (%(periods)s),
                 cell AS (%(cells)s),
                 summary AS (
                     SELECT partnership_id, number,
                            %(representativeness)s AS representativeness,
                            %(representativeness_vote)s AS representativeness_vote
                       FROM (%(shares)s) share
                   GROUP BY partnership_id, number
                 )
            SELECT COALESCE(2 * period.round_id::bigint + 1,
                            2 * (period.partnership_id::bigint * 10000 + period.number))
                       * 1000000 + COALESCE(cell.interest_group_id, 0) AS id,
                   period.partnership_id, period.kind, period.name, period.round_id,
                   period.date_start, period.date_end,
                   cell.interest_group_id,
                   interest_group.sector,
                   cell.members, cell.entered, cell.new_members, cell.gone,
                   cell.first_came, cell.first_organisations, cell.votes,
                   summary.representativeness, summary.representativeness_vote
              FROM cell
              JOIN period USING (partnership_id, number)
         LEFT JOIN summary USING (partnership_id, number)
         LEFT JOIN partnership_interest_group interest_group
                ON interest_group.id = cell.interest_group_id
            """,
            steps=self._sql_steps(),
            came=self._sql_came(),
            entries=self._sql_entries(),
            today=self._sql_today(self.env.context.get("as_of")),
            votes=self._sql_votes_by_day(),
            periods=self._sql_periods(),
            cells=self._sql_period_cells(),
            shares=self._sql_period_shares(),
            representativeness=self._sql_representativeness(
                SQL.identifier("share", "share"), SQL.identifier("share", "wanted")
            ),
            representativeness_vote=self._sql_representativeness(
                SQL.identifier("share", "vote_share"), SQL.identifier("share", "wanted")
            ),
        )

    @api.model
    def _sql_steps(self):
        """:return: SQL of the periods in which somebody was a formal member, in one group; of
        several changes on a day the last counts"""
        return SQL(
            """
            SELECT * FROM (
                SELECT day.*,
                       LAG(day.is_formal) OVER follow IS TRUE AS was_formal,
                       LEAD(day.is_formal) OVER follow IS TRUE AS stays_formal,
                       COALESCE(LEAD(day.date) OVER follow - 1, member.date_end) AS stop
                  FROM (
                      SELECT DISTINCT ON (step.membership_id, step.date)
                             step.membership_id, step.partnership_id, step.date,
                             step.to_group_id AS interest_group_id, role.is_formal
                        FROM partnership_membership_transition step
                        JOIN partnership_role role ON role.id = step.to_role_id
                    ORDER BY step.membership_id, step.date, step.id DESC
                       ) day
                  JOIN partnership_membership member ON member.id = day.membership_id
                WINDOW follow AS (PARTITION BY day.membership_id ORDER BY day.date)
                   ) step
             WHERE step.is_formal
            """
        )

    @api.model
    def _sql_came(self):
        """:return: SQL of (partnership_id, is_company, date, interest_group_id): when somebody
        came for an actor for the first time, and the group that it had on that day"""
        return SQL(
            """
            SELECT first.partnership_id, actor.is_company, first.date, (
                       SELECT step.to_group_id
                         FROM partnership_membership_transition step
                        WHERE step.membership_id = first.membership_id AND step.date <= first.date
                     ORDER BY step.date DESC, step.id DESC
                        LIMIT 1
                   ) AS interest_group_id
              FROM (
                  SELECT DISTINCT ON (member.partnership_id, member.partner_id)
                         member.partnership_id, member.partner_id, seen.membership_id, seen.date
                    FROM (
                        SELECT attendance.membership_id, MIN(attendance.date) AS date
                          FROM partnership_attendance attendance
                          JOIN calendar_event event
                            ON event.id = attendance.event_id
                           AND event.partnership_state = 'closed'
                           AND event.partnership_body_id IS NOT NULL
                         WHERE attendance.status IN %(statuses)s
                           AND attendance.membership_id IS NOT NULL
                      GROUP BY attendance.membership_id
                         ) seen
                    JOIN partnership_membership member ON member.id = seen.membership_id
                ORDER BY member.partnership_id, member.partner_id, seen.date
                   ) first
              JOIN res_partner actor ON actor.id = first.partner_id
            """,
            statuses=self.env["partnership.representation.report"]._get_statuses(),
        )

    @api.model
    def _sql_votes_by_day(self):
        """:return: SQL of (partnership_id, date, interest_group_id, cases) of all votes cast"""
        return SQL(
            """
            SELECT partnership_id, date, interest_group_id, COUNT(*)::int AS cases
              FROM (%s) vote
          GROUP BY partnership_id, date, interest_group_id
            """,
            self._sql_votes(),
        )

    @api.model
    def _sql_periods(self):
        """:return: SQL of the years since the first member or presence, and of the rounds"""
        return SQL(
            """
            SELECT begun.partnership_id,
                   year.number,
                   'year' AS kind,
                   year.number::varchar AS name,
                   NULL::int AS round_id,
                   make_date(year.number, 1, 1) AS date_start,
                   LEAST(make_date(year.number, 12, 31), today.date) AS date_end
              FROM (SELECT partnership_id, EXTRACT(YEAR FROM MIN(date))::int AS year
                      FROM (SELECT partnership_id, date FROM step
                             UNION ALL
                            SELECT partnership_id, date FROM came) seen
                  GROUP BY partnership_id) begun
              JOIN today USING (partnership_id)
        CROSS JOIN LATERAL generate_series(begun.year, EXTRACT(YEAR FROM today.date)::int)
                   AS year(number)
             UNION ALL
            SELECT enlargement.partnership_id,
                   10000 + enlargement.id,
                   'round',
                   enlargement.name,
                   enlargement.id,
                   COALESCE(enlargement.date_opened, enlargement.date_start),
                   LEAST(COALESCE(enlargement.date_closed, enlargement.date_end), today.date)
              FROM partnership_enlargement_round enlargement
              JOIN today USING (partnership_id)
             WHERE enlargement.state IN ('open', 'closed')
               AND COALESCE(enlargement.date_opened, enlargement.date_start) <= today.date
            """
        )

    @api.model
    def _sql_period_cells(self):
        return SQL(
            """
            SELECT partnership_id, number, interest_group_id,
                   COALESCE(SUM(cases) FILTER (WHERE what = 'vote'), 0)::int AS votes,
                   COUNT(*) FILTER (WHERE what = 'member')::int AS members,
                   COUNT(*) FILTER (WHERE what = 'entered')::int AS entered,
                   COUNT(*) FILTER (WHERE what = 'new')::int AS new_members,
                   COUNT(*) FILTER (WHERE what = 'gone')::int AS gone,
                   COUNT(*) FILTER (WHERE what IN ('organisation', 'person'))::int AS first_came,
                   COUNT(*) FILTER (WHERE what = 'organisation')::int AS first_organisations
              FROM (
                  SELECT partnership_id, number, interest_group_id, 'member' AS what, 1 AS cases
                    FROM period JOIN step USING (partnership_id)
                   WHERE step.date <= period.date_end
                     AND (step.stop IS NULL OR step.stop >= period.date_end)
               UNION ALL
                  SELECT partnership_id, number, interest_group_id, 'entered', 1
                    FROM period JOIN step USING (partnership_id)
                   WHERE NOT step.was_formal AND period.kind = 'year'
                     AND step.date BETWEEN period.date_start AND period.date_end
               UNION ALL
                  SELECT entry.partnership_id, period.number, entry.interest_group_id, each.what, 1
                    FROM period
                    JOIN today USING (partnership_id)
                    JOIN entry ON entry.round_id = period.round_id AND entry.date <= today.date
              CROSS JOIN (VALUES ('entered'), ('new')) AS each(what)
               UNION ALL
                  SELECT partnership_id, number, interest_group_id, 'new', 1
                    FROM period JOIN entry USING (partnership_id)
                   WHERE period.kind = 'year' AND NOT entry.is_founder
                     AND entry.date BETWEEN period.date_start AND period.date_end
               UNION ALL
                  SELECT partnership_id, number, interest_group_id, 'gone', 1
                    FROM period JOIN step USING (partnership_id)
                   WHERE NOT step.stays_formal
                     AND step.stop + 1 BETWEEN period.date_start AND period.date_end
               UNION ALL
                  SELECT partnership_id, number, interest_group_id,
                         CASE WHEN came.is_company THEN 'organisation' ELSE 'person' END, 1
                    FROM period JOIN came USING (partnership_id)
                   WHERE came.date BETWEEN period.date_start AND period.date_end
               UNION ALL
                  SELECT partnership_id, number, interest_group_id, 'vote', cast_vote.cases
                    FROM period JOIN cast_vote USING (partnership_id)
                   WHERE cast_vote.date BETWEEN period.date_start AND period.date_end
                   ) seen
          GROUP BY partnership_id, number, interest_group_id
            """
        )

    @api.model
    def _sql_period_shares(self):
        """:return: SQL of (partnership_id, number, share, vote_share, wanted) of each group that
        has members or votes, or is wanted; shares are of those of whom the group is known"""
        return SQL(
            """
            SELECT partnership_id, number,
                   COALESCE(wanted.share, 0)::float AS wanted,
                   CASE WHEN SUM(cell.members) OVER whole >= 3
                        THEN COALESCE(cell.members, 0)::float / SUM(cell.members) OVER whole
                         END AS share,
                   CASE WHEN SUM(cell.votes) OVER whole >= 3
                        THEN COALESCE(cell.votes, 0)::float / SUM(cell.votes) OVER whole
                         END AS vote_share
              FROM (SELECT * FROM cell WHERE interest_group_id IS NOT NULL) cell
         FULL JOIN (
                  SELECT line.partnership_id, period.number, line.interest_group_id, line.share
                    FROM partnership_profile_line line
                    JOIN period USING (partnership_id)
                   WHERE line.interest_group_id IS NOT NULL
                   ) wanted USING (partnership_id, number, interest_group_id)
             WHERE EXISTS (SELECT FROM partnership_profile_line line
                            WHERE line.partnership_id = COALESCE(cell.partnership_id,
                                                                 wanted.partnership_id)
                              AND line.interest_group_id IS NOT NULL)
            WINDOW whole AS (PARTITION BY partnership_id, number)
            """
        )

    @api.depends("name", "interest_group_id.name")
    def _compute_display_name(self):
        for wave in self:
            group = wave.interest_group_id.name or self.env._("No interest group")
            wave.display_name = f"{wave.name}, {group}"

    def action_open_members(self):
        """Open the members of the group on the last day."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_composition_report_action"
        )
        action["domain"] = [
            ("partnership_id", "=", self.partnership_id.id),
            ("is_formal", "=", True),
            ("interest_group_id", "=", self.interest_group_id.id),
        ]
        action["context"] = {"as_of": str(self.date_end), "search_default_group_partner": 1}
        return action
