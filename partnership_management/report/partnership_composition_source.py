from odoo import api, models
from odoo.tools import SQL

from ..tools.attendance import PRESENT

# What an observation is of: one value of one dimension
VALUES = SQL("dimension_id, interest_group_id, sector, value_id")


class PartnershipCompositionSource(models.AbstractModel):
    """The one definition of who counts, for which group, on paper, at the table and in the vote.

    What composition, its summary, the cards of candidates and the figures of a partnership have
    in common is written here once, as SQL.
    """

    _name = "partnership.composition.source"
    _description = "Source of Composition"

    @api.model
    def _sql_representativeness(self, share, wanted):
        """The aggregate over the groups of a dimension: 100 x (1 - half the sum of |p - q|).

        :param SQL share: p, the share of a group, NULL where there is not enough data
        :param SQL wanted: q, its wanted share, NULL where there is no profile
        :return: SQL of a number from 0 to 100, or NULL
        """
        return SQL("100 * (1 - SUM(ABS(%(share)s - %(wanted)s)) / 2)", share=share, wanted=wanted)

    @api.model
    def _sql_entries(self):
        """The one definition of a new member, for the waves and for what becomes of who came in.

        :return: SQL of (membership_id, partnership_id, round_id, date, interest_group_id,
            is_founder): when each actor became a formal member for the first time, with the group
            of that day. By a round came who is said to have come in by it. Founders are those of
            the year of the first members, without a round: they are no new members.
        """
        return SQL(
            """
            SELECT entry.*,
                   entry.round_id IS NULL AND DATE_TRUNC('year', entry.date) = DATE_TRUNC(
                       'year', MIN(entry.date) OVER (PARTITION BY entry.partnership_id)
                   ) AS is_founder
              FROM (
                  SELECT DISTINCT ON (step.membership_id)
                         step.membership_id, step.partnership_id, member.round_id, step.date,
                         step.to_group_id AS interest_group_id
                    FROM partnership_membership_transition step
                    JOIN partnership_role role ON role.id = step.to_role_id AND role.is_formal
                    JOIN partnership_membership member ON member.id = step.membership_id
                ORDER BY step.membership_id, step.date, step.id
                   ) entry
            """
        )

    @api.model
    def _get_places(self):
        """Where actors are seen; who adds one adds its column to the reports that show it.

        :return: dict name of the column -> method of (date, partnership_ids) that gives SQL of
            (partnership_id, body_id, dimension_id, interest_group_id, sector, value_id, cases)
        """
        return {
            "members": self._sql_member_counts,
            "presences": self._sql_presence_counts,
            "votes": self._sql_vote_counts,
        }

    @api.model
    def _sql_cells(self, date, partnership_ids=None):
        """:return: SQL of (partnership_id, body_id, dimension_id, interest_group_id, sector,
        value_id, wanted) and the columns of the places, once per value that is wanted or seen"""
        places = self._get_places()
        return SQL(
            """
            SELECT partnership_id, body_id, %(values)s,
                   MAX(wanted) AS wanted,
                   %(sums)s
              FROM (
                  %(seen)s
               UNION ALL
                  SELECT line.partnership_id, place.body_id, %(values)s, line.share, NULL, 0
                    FROM partnership_profile_line line
                    JOIN (SELECT id AS partnership_id, NULL::int AS body_id
                            FROM partnership_partnership
                           UNION ALL
                          SELECT partnership_id, id FROM partnership_body) place
                   USING (partnership_id)
                   WHERE %(here)s
                   ) seen
          GROUP BY partnership_id, body_id, %(values)s
            """,
            values=VALUES,
            sums=SQL(", ").join(
                SQL(
                    "COALESCE(SUM(cases) FILTER (WHERE what = %s), 0)::int AS %s",
                    column,
                    SQL.identifier(column),
                )
                for column in places
            ),
            seen=SQL(" UNION ALL ").join(
                SQL(
                    """
                    SELECT partnership_id, body_id, %s, NULL::numeric AS wanted,
                           %s AS what, cases
                      FROM (%s) counted
                    """,
                    VALUES,
                    column,
                    make_counts(date, partnership_ids),
                )
                for column, make_counts in places.items()
            ),
            here=self._sql_here("line", partnership_ids),
        )

    @api.model
    def _sql_here(self, alias, partnership_ids):
        if partnership_ids is None:
            return SQL("TRUE")
        return SQL("%s = ANY(%s)", SQL.identifier(alias, "partnership_id"), list(partnership_ids))

    # ------------------------------------------------------------
    # On paper
    # ------------------------------------------------------------

    @api.model
    def _sql_members(self, date, partnership_ids=None):
        """:return: SQL of (partnership_id, body_id, membership_id, partner_id, interest_group_id,
        person_id, date) of the formal members on ``date``: once with no body, and once per body
        in which the member has a seat. The person is the titular of its first seat there, or the
        member."""
        valid = self.env["partnership.dated.mixin"]._sql_valid
        return SQL(
            """
            SELECT member.partnership_id,
                   place.body_id,
                   member.id AS membership_id,
                   member.partner_id,
                   step.to_group_id AS interest_group_id,
                   CASE WHEN actor.is_company THEN place.person_id ELSE actor.id END AS person_id,
                   %(date)s::date AS date
              FROM partnership_membership member
              JOIN res_partner actor ON actor.id = member.partner_id
              JOIN (
                  SELECT DISTINCT ON (membership_id) membership_id, to_role_id, to_group_id
                    FROM partnership_membership_transition transition
                   WHERE date <= %(date)s AND %(transition_here)s
                ORDER BY membership_id, date DESC, id DESC
                   ) step ON step.membership_id = member.id
              JOIN partnership_role role ON role.id = step.to_role_id AND role.is_formal
              JOIN (%(places)s) place ON place.membership_id = member.id
             WHERE %(member_valid)s AND %(here)s
            """,
            date=date,
            places=self._sql_member_places(date),
            member_valid=valid("member", date),
            here=self._sql_here("member", partnership_ids),
            transition_here=self._sql_here("transition", partnership_ids),
        )

    @api.model
    def _sql_member_places(self, date):
        """:return: SQL of (membership_id, body_id, person_id)"""
        valid = self.env["partnership.dated.mixin"]._sql_valid
        return SQL(
            """
            SELECT member.id AS membership_id, NULL::int AS body_id, titular.person_id
              FROM partnership_membership member
         LEFT JOIN (
                  SELECT DISTINCT ON (mandate.membership_id)
                         mandate.membership_id, mandate.person_id
                    FROM partnership_mandate mandate
                   WHERE mandate.kind = 'titular' AND %(mandate_valid)s
                ORDER BY mandate.membership_id, mandate.seat_id, mandate.id
                   ) titular ON titular.membership_id = member.id
             UNION ALL
            SELECT seated.membership_id, seated.body_id, seated.person_id
              FROM (
                  SELECT DISTINCT ON (seat.membership_id, seat.body_id)
                         seat.membership_id, seat.body_id, mandate.person_id
                    FROM partnership_seat seat
               LEFT JOIN partnership_mandate mandate
                      ON mandate.seat_id = seat.id
                     AND mandate.kind = 'titular' AND %(mandate_valid)s
                   WHERE %(seat_valid)s
                ORDER BY seat.membership_id, seat.body_id, mandate.person_id IS NULL,
                         seat.id, mandate.id
                   ) seated
            """,
            mandate_valid=valid("mandate", date),
            seat_valid=valid("seat", date),
        )

    @api.model
    def _sql_member_counts(self, date, partnership_ids=None):
        """:return: SQL of (partnership_id, body_id, dimension_id, interest_group_id, sector,
        value_id, cases)"""
        return self._sql_counts(
            self._sql_members(date, partnership_ids),
            SQL("%s", date),
        )

    # ------------------------------------------------------------
    # At the table
    # ------------------------------------------------------------

    @api.model
    def _sql_presences(self, date, partnership_ids=None):
        """:return: SQL of (attendance_id, partnership_id, body_id, membership_id, partner_id,
        interest_group_id, person_id, date) of everybody who came, for a member or for an actor
        that takes part"""
        return SQL(
            """
            SELECT attendance.id AS attendance_id,
                   attendance.partnership_id,
                   event.partnership_body_id AS body_id,
                   attendance.membership_id,
                   member.partner_id,
                   step.to_group_id AS interest_group_id,
                   attendance.person_id,
                   attendance.date
              FROM partnership_attendance attendance
              JOIN calendar_event event
                ON event.id = attendance.event_id
               AND event.partnership_state = 'closed'
               AND event.partnership_body_id IS NOT NULL
              JOIN partnership_membership member ON member.id = attendance.membership_id
         LEFT JOIN (
                  SELECT membership_id, to_group_id, date,
                         LEAD(date) OVER (PARTITION BY membership_id ORDER BY date, id)
                             AS next_date
                    FROM partnership_membership_transition
                   ) step
                ON step.membership_id = attendance.membership_id
               AND step.date <= attendance.date
               AND (step.next_date IS NULL OR step.next_date > attendance.date)
             WHERE attendance.status IN %(present)s
               AND attendance.date > %(date)s::date - INTERVAL '12 months'
               AND attendance.date <= %(date)s
               AND %(here)s
            """,
            date=date,
            present=tuple(PRESENT),
            here=self._sql_here("attendance", partnership_ids),
        )

    @api.model
    def _sql_presence_counts(self, date, partnership_ids=None):
        """:return: SQL as of ``_sql_member_counts``; each presence counts in its body and in the
        whole partnership"""
        return self._sql_everywhere(self._sql_presences(date, partnership_ids))

    # ------------------------------------------------------------
    # In the vote
    # ------------------------------------------------------------

    @api.model
    def _sql_votes(self, date=None, partnership_ids=None):
        """:param date: the last day of the 12 months that the votes are of; None: of all times
        :return: SQL of (vote_id, partnership_id, body_id, membership_id, partner_id,
        interest_group_id, person_id, date) of every vote cast, with the group of its day; of hands
        that were counted the group alone is known"""
        within = SQL("decision.date > %(date)s::date - INTERVAL '12 months'", date=date)
        decided = SQL(
            "decision.state = 'closed' AND %(here)s AND %(within)s",
            here=self._sql_here("decision", partnership_ids),
            within=SQL("%s AND decision.date <= %s", within, date) if date else SQL("TRUE"),
        )
        return SQL(
            """
            SELECT vote.id AS vote_id,
                   decision.partnership_id,
                   decision.body_id,
                   vote.membership_id,
                   member.partner_id,
                   vote.interest_group_id,
                   vote.person_id,
                   decision.date
              FROM partnership_decision decision
              JOIN partnership_vote vote
                ON vote.decision_id = decision.id
               AND vote.is_last AND vote.choice IN ('yes', 'no', 'abstained', 'voted')
              JOIN partnership_membership member ON member.id = vote.membership_id
             WHERE %(decided)s
             UNION ALL
            SELECT NULL, decision.partnership_id, decision.body_id, NULL, NULL,
                   hands.interest_group_id, NULL, decision.date
              FROM partnership_decision decision
              JOIN partnership_decision_count hands
                ON hands.decision_id = decision.id AND hands.interest_group_id IS NOT NULL
        CROSS JOIN LATERAL generate_series(1, hands.yes + hands.no + hands.abstained)
             WHERE decision.visibility <> 'secret' AND %(decided)s
            """,
            decided=decided,
        )

    @api.model
    def _sql_vote_counts(self, date, partnership_ids=None):
        """:return: SQL as of ``_sql_presence_counts``"""
        return self._sql_everywhere(self._sql_votes(date, partnership_ids))

    @api.model
    def _sql_everywhere(self, rows):
        """:param SQL rows: see ``_sql_presences``
        :return: SQL of their counts, once in their body and once in the whole partnership"""
        return SQL(
            """
            SELECT partnership_id, place.body_id, %(values)s, SUM(cases)::int AS cases
              FROM (%(counts)s) came
        CROSS JOIN LATERAL (VALUES (came.body_id), (NULL::int)) AS place(body_id)
          GROUP BY partnership_id, place.body_id, %(values)s
            """,
            values=VALUES,
            counts=self._sql_counts(rows, SQL.identifier("seen", "date")),
        )

    # ------------------------------------------------------------
    # By dimension
    # ------------------------------------------------------------

    @api.model
    def _sql_counts(self, rows, day):
        """Count ``rows`` by each dimension; who has no value in one counts in it nowhere.

        :param SQL rows: see ``_sql_members``
        :param SQL day: the day of which the traits are
        """
        return SQL(
            """
            WITH seen AS MATERIALIZED (%(rows)s)
            SELECT grouped.partnership_id, grouped.body_id,
                   dimension.id AS dimension_id,
                   CASE WHEN dimension.kind = 'group' THEN grouped.interest_group_id END
                       AS interest_group_id,
                   CASE WHEN dimension.kind = 'sector' THEN interest_group.sector END AS sector,
                   NULL::int AS value_id,
                   SUM(grouped.cases)::int AS cases
              FROM (
                  SELECT partnership_id, body_id, interest_group_id, COUNT(*) AS cases
                    FROM seen
                   WHERE interest_group_id IS NOT NULL
                GROUP BY partnership_id, body_id, interest_group_id
                   ) grouped
              JOIN partnership_interest_group interest_group
                ON interest_group.id = grouped.interest_group_id
              JOIN partnership_dimension dimension
                ON dimension.kind IN ('group', 'sector') AND dimension.active
          GROUP BY 1, 2, 3, 4, 5
             UNION ALL
            %(of_members)s
             UNION ALL
            %(of_persons)s
            """,
            rows=rows,
            of_members=self._sql_trait_counts("member", SQL.identifier("seen", "partner_id"), day),
            of_persons=self._sql_trait_counts("person", SQL.identifier("seen", "person_id"), day),
        )

    @api.model
    def _sql_trait_counts(self, subject, bearer, day):
        """:return: SQL of the counts of those dimensions whose values ``bearer`` has"""
        return SQL(
            """
            SELECT seen.partnership_id, seen.body_id, trait.dimension_id,
                   NULL, NULL, trait.value_id, COUNT(*)::int
              FROM seen
              JOIN (
                  SELECT trait.*
                    FROM partnership_trait trait
                    JOIN partnership_dimension dimension
                      ON dimension.id = trait.dimension_id
                     AND dimension.subject = %(subject)s AND dimension.active
                   ) trait
                ON trait.partnership_id = seen.partnership_id
               AND trait.partner_id = %(bearer)s
               AND trait.date_start <= %(day)s
               AND (trait.date_end IS NULL OR trait.date_end >= %(day)s)
          GROUP BY 1, 2, 3, 6
            """,
            subject=subject,
            bearer=bearer,
            day=day,
        )
