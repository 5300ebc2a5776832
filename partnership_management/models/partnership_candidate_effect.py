from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.optional_float import OptionalFloat

EFFECTS = (
    "members_without",
    "members_with",
    "representativeness_without",
    "representativeness_with",
    "largest_count_without",
    "largest_count_with",
    "largest_share_without",
    "largest_share_with",
)


class PartnershipCandidate(models.Model):
    """What the partnership would look like with this candidate among its members, and without.

    Candidates of one partnership and group change the same, so that it is computed once for each
    of these, from the members of today: an actor that is one of them already is taken away.
    """

    _inherit = "partnership.candidate"

    members_without = fields.Integer("Members without", compute="_compute_effect")
    members_with = fields.Integer("Members with", compute="_compute_effect")
    representativeness_without = OptionalFloat(compute="_compute_effect", digits=(16, 1))
    representativeness_with = OptionalFloat(compute="_compute_effect", digits=(16, 1))
    representativeness_change = OptionalFloat(
        "Change of Representativeness",
        compute="_compute_effect",
        digits=(16, 1),
        aggregator=None,
        help="How much more, or less, the members would look like the area profile if this actor "
        "is one of them: by interest group, on paper, in points of 100.",
    )
    largest_count_without = fields.Integer("Largest Group without", compute="_compute_effect")
    largest_count_with = fields.Integer("Largest Group with", compute="_compute_effect")
    largest_share_without = OptionalFloat(
        "Share of the Largest Group without", compute="_compute_effect"
    )
    largest_share_with = OptionalFloat("Share of the Largest Group with", compute="_compute_effect")

    @api.depends(
        "partnership_id",
        "interest_group_id",
        "membership_id.is_formal",
        "membership_id.interest_group_id",
        "membership_id.date_end",
    )
    def _compute_effect(self):
        cards = self.grouped(lambda candidate: candidate._get_effect_key())
        effects = self._get_effects(cards)
        for key, candidates in cards.items():
            effect = effects.get(key, {})
            for fname in EFFECTS:
                candidates[fname] = effect.get(fname)
            before, after = (
                effect.get(f"representativeness_{side}") for side in ("without", "with")
            )
            known = before is not None and after is not None
            candidates.representativeness_change = after - before if known else None

    def _get_effect_key(self):
        """:return: partnership id, interest group id, whether it is a member today"""
        membership = self.membership_id
        is_member = membership.is_formal and bool(membership._valid_today())
        group = membership.interest_group_id if is_member else self.interest_group_id
        return self.partnership_id._origin.id, group._origin.id, is_member

    @api.model
    def _get_effects(self, keys):
        """:return: dict key of a card -> dict of the values of EFFECTS"""
        keys = [key for key in keys if key[0] and key[1]]
        if not keys:
            return {}
        Membership = self.env["partnership.membership"]
        Membership.flush_model(
            ["partnership_id", "interest_group_id", "is_formal", "date_start", "date_end"]
        )
        self.env["partnership.profile.line"].flush_model()
        self.env["partnership.dimension"].flush_model()
        self.env.cr.execute(self._sql_effects(keys))
        return {
            (row["partnership_id"], row["interest_group_id"], row["is_member"]): row
            for row in self.env.cr.dictfetchall()
        }

    @api.model
    def _sql_effects(self, keys):
        """:return: SQL of (partnership_id, interest_group_id, is_member) and the EFFECTS"""
        representativeness = self.env["partnership.composition.source"]._sql_representativeness
        partnership_ids, group_ids, are_members = map(list, zip(*keys, strict=True))
        wanted = SQL("cell.wanted")
        return SQL(
            """
            WITH asked AS (
                SELECT *
                  FROM unnest(%(partnership_ids)s::int[], %(group_ids)s::int[],
                              %(are_members)s::boolean[])
                       AS asked(partnership_id, interest_group_id, is_member)
            )
            SELECT partnership_id, asked_group_id AS interest_group_id, is_member,
                   MAX(total_without)::int AS members_without,
                   MAX(total_with)::int AS members_with,
                   %(without)s AS representativeness_without,
                   %(with)s AS representativeness_with,
                   MAX(members_without)::int AS largest_count_without,
                   MAX(members_with)::int AS largest_count_with,
                   MAX(share_without) AS largest_share_without,
                   MAX(share_with) AS largest_share_with
              FROM (
                  SELECT counted.*,
                         CASE WHEN total_without >= 3
                              THEN members_without::float / total_without END AS share_without,
                         CASE WHEN total_with >= 3
                              THEN members_with::float / total_with END AS share_with
                    FROM (%(counted)s) counted
                   ) cell
          GROUP BY partnership_id, asked_group_id, is_member
            """,
            partnership_ids=partnership_ids,
            group_ids=group_ids,
            are_members=are_members,
            without=representativeness(SQL("cell.share_without"), wanted),
            **{"with": representativeness(SQL("cell.share_with"), wanted)},
            counted=self._sql_effect_counts(),
        )

    @api.model
    def _sql_effect_counts(self):
        """:return: SQL of a row per asked key and group of its partnership: how many members there
        would be in it and in all, with and without one of the asked group, and the wanted share"""
        return SQL(
            """
            SELECT seen.partnership_id, asked.interest_group_id AS asked_group_id, asked.is_member,
                   seen.wanted,
                   seen.members - own.number * asked.is_member::int AS members_without,
                   seen.members + own.number * (NOT asked.is_member)::int AS members_with,
                   seen.total - asked.is_member::int AS total_without,
                   seen.total + (NOT asked.is_member)::int AS total_with
              FROM (
                  SELECT partnership_id, interest_group_id,
                         SUM(members) AS members,
                         SUM(SUM(members)) OVER place AS total,
                         CASE WHEN MAX(MAX(wanted)) OVER place > 0
                              THEN COALESCE(MAX(wanted), 0)::float END AS wanted
                    FROM (%(cells)s) cell
                GROUP BY partnership_id, interest_group_id
                  WINDOW place AS (PARTITION BY partnership_id)
                   ) seen
              JOIN asked USING (partnership_id)
        CROSS JOIN LATERAL (
                  SELECT (seen.interest_group_id = asked.interest_group_id)::int AS number
                   ) own
            """,
            cells=self._sql_effect_cells(),
        )

    @api.model
    def _sql_effect_cells(self):
        """The members of today are read from the memberships, which hold the role and group of
        the last step: the same as the composition on this day, with a look-up less for each.

        :return: SQL of (partnership_id, interest_group_id, members, wanted)
        """
        return SQL(
            """
            SELECT member.partnership_id, member.interest_group_id, COUNT(*) AS members,
                   NULL::numeric AS wanted
              FROM partnership_membership member
              JOIN (%(today)s) today USING (partnership_id)
             WHERE member.is_formal
               AND member.interest_group_id IS NOT NULL
               AND %(valid)s
               AND member.partnership_id IN (SELECT partnership_id FROM asked)
          GROUP BY member.partnership_id, member.interest_group_id
         UNION ALL
            SELECT line.partnership_id, line.interest_group_id, 0, line.share
              FROM partnership_profile_line line
              JOIN partnership_dimension dimension
                ON dimension.id = line.dimension_id
               AND dimension.kind = 'group' AND dimension.active
             WHERE line.partnership_id IN (SELECT partnership_id FROM asked)
         UNION ALL
            SELECT DISTINCT partnership_id, interest_group_id, 0, NULL::numeric FROM asked
            """,
            today=self._sql_today(),
            valid=self.env["partnership.composition.report"]._sql_valid(
                "member", SQL.identifier("today", "date")
            ),
        )


class PartnershipMembership(models.Model):
    _inherit = "partnership.membership"

    _formal_idx = models.Index("(partnership_id, interest_group_id) WHERE is_formal IS TRUE")
