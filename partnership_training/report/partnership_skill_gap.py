from odoo import fields, models
from odoo.fields import Command
from odoo.tools import SQL


class PartnershipSkillGap(models.Model):
    """Skills wanted against skills held: one row per person or member, body and skill.

    Wanted is what a mandate, a role, or an open pitfall asks for today by the table of who needs
    which skills, and what an open need names. A member has a skill if somebody who speaks for it
    today has it, or itself.
    """

    _name = "partnership.skill.gap"
    _description = "Skills Wanted and Held"
    _inherit = ["partnership.report.mixin"]
    _auto = False
    _rec_name = "skill_id"
    _order = "gap desc, partnership_id, partner_id, person_id, skill_id, id"

    partnership_id = fields.Many2one("partnership.partnership", readonly=True)
    membership_id = fields.Many2one("partnership.membership", readonly=True)
    partner_id = fields.Many2one("res.partner", "Member", readonly=True)
    person_id = fields.Many2one("res.partner", readonly=True)
    body_id = fields.Many2one("partnership.body", readonly=True)
    interest_group_id = fields.Many2one("partnership.interest.group", readonly=True)
    sector = fields.Selection(
        lambda self: self.env["partnership.interest.group"]._fields["sector"].selection,
        readonly=True,
    )
    skill_id = fields.Many2one("partnership.skill", readonly=True)
    wanted = fields.Integer(readonly=True)
    held = fields.Integer(readonly=True)
    gap = fields.Integer("Missing", readonly=True)
    need_id = fields.Many2one(
        "partnership.training.need",
        readonly=True,
        help="The training need under way that names this skill.",
    )

    _depends = {
        "partnership.skill.wanted": [
            "active",
            "origin",
            "role_id",
            "body_id",
            "office",
            "pitfall_kind",
            "skill_ids",
            "partnership_id",
            "company_id",
        ],
        "partnership.skill.holding": [
            "person_id",
            "skill_id",
            "partnership_id",
            "date_start",
            "date_end",
        ],
        "partnership.training.need": [
            "membership_id",
            "person_id",
            "body_id",
            "skill_ids",
            "state",
        ],
        "partnership.mandate": ["seat_id", "person_id", "office", "date_start", "date_end"],
        "partnership.membership": [
            "partner_id",
            "role_id",
            "interest_group_id",
            "date_start",
            "date_end",
        ],
        "partnership.role": ["sequence"],
        "partnership.pitfall": ["membership_id", "kind", "state"],
        "partnership.partnership": ["tz", "active", "company_id"],
        "res.partner": ["is_company"],
    }

    @property
    def _table_query(self):
        """The number of a row is made of what it is of, so that it stays the same."""
        return SQL(
            """
              WITH place AS (%(places)s),
                   mandate AS (%(mandates)s),
                   member AS (%(members)s),
                   wanted_row AS (%(wanted_rows)s),
                   need AS (%(needs)s),
                   holding AS (%(holdings)s),
                   speaker AS (%(speakers)s),
                   wanted AS (%(wanted)s),
                   subject AS (
                       SELECT partnership_id, membership_id, person_id, body_id, skill_id,
                              1 AS wanted
                         FROM wanted
                    UNION ALL
                       (%(held_only)s)
                   )
            SELECT ('x' || substr(md5(concat_ws('/', subject.partnership_id,
                       COALESCE(subject.membership_id, 0), COALESCE(subject.person_id, 0),
                       COALESCE(subject.body_id, 0), subject.skill_id)), 1, 13))::bit(52)::bigint
                       AS id,
                   subject.partnership_id, subject.membership_id, subject.person_id,
                   subject.body_id, membership.partner_id, membership.interest_group_id,
                   membership.sector,
                   subject.skill_id, subject.wanted,
                   held.held,
                   CASE WHEN subject.wanted = 1 THEN 1 - held.held ELSE 0 END AS gap,
                   (SELECT MIN(need.id)
                      FROM need
                     WHERE need.skill_id = subject.skill_id
                       AND need.partnership_id = subject.partnership_id
                       AND need.membership_id IS NOT DISTINCT FROM subject.membership_id
                       AND (need.person_id = subject.person_id
                            OR need.person_id IS NULL
                               AND (need.membership_id IS NOT NULL
                                    OR need.body_id = subject.body_id))) AS need_id
              FROM subject
         LEFT JOIN partnership_membership membership ON membership.id = subject.membership_id
        CROSS JOIN LATERAL (
                SELECT CASE WHEN (subject.partnership_id, subject.skill_id, subject.person_id) IN (
                    SELECT partnership_id, skill_id, person_id FROM holding
                ) OR subject.person_id IS NULL
                  AND (subject.partnership_id, subject.skill_id, subject.membership_id) IN (
                    SELECT holding.partnership_id, holding.skill_id, speaker.membership_id
                      FROM holding
                      JOIN speaker USING (person_id)
                ) THEN 1 ELSE 0 END AS held
            ) held
            """,
            places=self._sql_places(),
            mandates=self._sql_mandates(),
            members=self._sql_members(),
            wanted_rows=self._sql_wanted_rows(),
            needs=self._sql_needs(),
            holdings=self._sql_holdings(),
            speakers=self._sql_speakers(),
            wanted=self._sql_wanted(),
            held_only=self._sql_held_only(),
        )

    # ------------------------------------------------------------
    # What holds today
    # ------------------------------------------------------------

    def _sql_places(self):
        """Each partnership with the day that it is there."""
        return SQL(
            """
            SELECT id, company_id, today.date AS today
              FROM partnership_partnership
              JOIN (%s) today ON today.partnership_id = id
             WHERE active
            """,
            self._sql_today(),
        )

    def _sql_valid(self, alias):
        """:return: SQL of whether the row of ``alias`` holds today, where it is of ``place``"""
        return self.env["partnership.dated.mixin"]._sql_valid(
            alias, SQL.identifier("place", "today")
        )

    def _sql_mandates(self):
        return SQL(
            """
            SELECT mandate.partnership_id, mandate.membership_id, mandate.person_id,
                   mandate.body_id, mandate.office
              FROM partnership_mandate mandate
              JOIN place ON place.id = mandate.partnership_id
             WHERE %s
            """,
            self._sql_valid("mandate"),
        )

    def _sql_members(self):
        """:return: SQL of the memberships of today; the person is an individual member itself"""
        return SQL(
            """
            SELECT membership.id, membership.partnership_id, role.sequence,
                   CASE WHEN actor.is_company THEN NULL ELSE actor.id END AS person_id
              FROM partnership_membership membership
              JOIN place ON place.id = membership.partnership_id
              JOIN partnership_role role ON role.id = membership.role_id
              JOIN res_partner actor ON actor.id = membership.partner_id
             WHERE %s
            """,
            self._sql_valid("membership"),
        )

    def _sql_speakers(self):
        return SQL(
            """
            SELECT membership_id, person_id FROM mandate
             UNION
            SELECT id, person_id FROM member WHERE person_id IS NOT NULL
            """
        )

    def _sql_wanted_rows(self):
        """:return: SQL of a row per partnership, row of the table that holds there, and skill"""
        skill_ids = self.env["partnership.skill.wanted"]._fields["skill_ids"]
        return SQL(
            """
            SELECT place.id AS partnership_id, wanted.origin, wanted.body_id, wanted.office,
                   wanted.pitfall_kind, role.sequence, skill.%(skill)s AS skill_id
              FROM partnership_skill_wanted wanted
              JOIN place
                ON place.id = wanted.partnership_id
                OR wanted.partnership_id IS NULL AND wanted.company_id = place.company_id
              JOIN %(skills)s skill ON skill.%(wanted)s = wanted.id
         LEFT JOIN partnership_role role ON role.id = wanted.role_id
             WHERE wanted.active
            """,
            skills=SQL.identifier(skill_ids.relation),
            wanted=SQL.identifier(skill_ids.column1),
            skill=SQL.identifier(skill_ids.column2),
        )

    def _sql_needs(self):
        skill_ids = self.env["partnership.training.need"]._fields["skill_ids"]
        return SQL(
            """
            SELECT need.id, need.partnership_id, need.membership_id, need.person_id, need.body_id,
                   skill.%(skill)s AS skill_id
              FROM partnership_training_need need
              JOIN place ON place.id = need.partnership_id
              JOIN %(skills)s skill ON skill.%(need)s = need.id
             WHERE need.state IN ('open', 'planned', 'trained')
            """,
            skills=SQL.identifier(skill_ids.relation),
            need=SQL.identifier(skill_ids.column1),
            skill=SQL.identifier(skill_ids.column2),
        )

    def _sql_holdings(self):
        return SQL(
            """
            SELECT DISTINCT holding.partnership_id, holding.person_id, holding.skill_id
              FROM partnership_skill_holding holding
              JOIN place ON place.id = holding.partnership_id
             WHERE %s
            """,
            self._sql_valid("holding"),
        )

    # ------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------

    def _sql_wanted(self):
        """:return: SQL of what is wanted, each once; a need of a person or member whose skill is
        asked for by its mandate or role already adds no row"""
        return SQL(
            """
            WITH asked AS (
                SELECT mandate.partnership_id, mandate.membership_id, mandate.person_id,
                       mandate.body_id, asks.skill_id
                  FROM mandate
                  JOIN wanted_row asks
                    ON asks.origin = 'mandate' AND asks.partnership_id = mandate.partnership_id
                   AND COALESCE(asks.body_id = mandate.body_id, TRUE)
                   AND (asks.office IS NULL OR asks.office = mandate.office)
                 UNION
                SELECT member.partnership_id, member.id, member.person_id, NULL, asks.skill_id
                  FROM member
                  JOIN wanted_row asks
                    ON asks.origin = 'role' AND asks.partnership_id = member.partnership_id
                   AND member.sequence >= asks.sequence
                 UNION
                SELECT member.partnership_id, member.id, member.person_id, NULL, asks.skill_id
                  FROM member
                  JOIN partnership_pitfall pitfall
                    ON pitfall.membership_id = member.id AND pitfall.state = 'open'
                  JOIN wanted_row asks
                    ON asks.origin = 'pitfall' AND asks.partnership_id = member.partnership_id
                   AND asks.pitfall_kind = pitfall.kind
            )
            SELECT * FROM asked
             UNION
            SELECT partnership_id, membership_id, person_id, body_id, skill_id
              FROM need
             WHERE NOT EXISTS (
                SELECT 1
                  FROM asked
                 WHERE asked.partnership_id = need.partnership_id
                   AND asked.skill_id = need.skill_id
                   AND asked.membership_id IS NOT DISTINCT FROM need.membership_id
                   AND (asked.person_id = need.person_id OR need.person_id IS NULL)
                   AND (asked.body_id = need.body_id OR need.body_id IS NULL
                        OR asked.body_id IS NULL))
            """
        )

    def _sql_held_only(self):
        """:return: SQL of what somebody has and nothing asks for"""
        return SQL(
            """
            SELECT holding.partnership_id, MIN(speaker.membership_id), holding.person_id,
                   NULL::int, holding.skill_id, 0
              FROM holding
         LEFT JOIN (speaker JOIN partnership_membership home ON home.id = speaker.membership_id)
                ON speaker.person_id = holding.person_id
               AND home.partnership_id = holding.partnership_id
             WHERE ((holding.partnership_id, holding.skill_id, holding.person_id) IN (
                       SELECT partnership_id, skill_id, person_id
                         FROM wanted
                        WHERE person_id IS NOT NULL)) IS NOT TRUE
               AND ((holding.partnership_id, holding.skill_id, speaker.membership_id) IN (
                       SELECT partnership_id, skill_id, membership_id
                         FROM wanted
                        WHERE person_id IS NULL AND membership_id IS NOT NULL)) IS NOT TRUE
          GROUP BY holding.partnership_id, holding.person_id, holding.skill_id
            """
        )

    # ------------------------------------------------------------
    # What is done about it
    # ------------------------------------------------------------

    def action_raise_needs(self):
        """Raise a need for each member or person who misses skills, and has none for them yet.

        :return: action that opens these needs, with those that there were
        """
        missing = self.filtered(lambda row: row.gap and not row.need_id)
        by_subject = missing.grouped(
            lambda row: (row.partnership_id, row.membership_id, row.person_id, row.body_id)
        )
        raised = self.env["partnership.training.need"]._raise(
            [
                {
                    "origin": "request",
                    "partnership_id": partnership.id,
                    "membership_id": membership.id,
                    "person_id": person.id,
                    "body_id": body.id,
                    "skill_ids": [Command.set(rows.skill_id.ids)],
                    "date_open": partnership._get_today(),
                }
                for (partnership, membership, person, body), rows in by_subject.items()
            ]
        )
        return (self.need_id | raised)._open()
