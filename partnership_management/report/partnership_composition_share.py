from odoo import api, fields, models
from odoo.tools import SQL

from ..models.actor.partnership_interest_group import SECTORS
from ..tools.optional_float import OptionalFloat


class PartnershipCompositionShare(models.Model):
    """The area profile beside who is a member and who came, group by group.

    One row per partnership, body (empty: the whole partnership), dimension and value. The day is
    ``as_of`` in the context, today by default: members are the formal ones of that day, with the
    role, group and traits of that day; presences are the rows of people present at closed meetings
    of bodies in the 12 months to that day, of informal participants too, with the group valid at
    the meeting; votes are those cast in the decisions of these months. Shares are fractions of 1,
    of those whose value is known, and empty where these are fewer than three.
    """

    _name = "partnership.composition.share"
    _inherit = ["partnership.composition.source", "partnership.report.mixin"]
    _description = "Share of a Group"
    _auto = False
    _order = "partnership_id, body_id, dimension_id, wanted desc, members desc, id"

    partnership_id = fields.Many2one("partnership.partnership", readonly=True)
    body_id = fields.Many2one("partnership.body", readonly=True)
    dimension_id = fields.Many2one("partnership.dimension", readonly=True)
    interest_group_id = fields.Many2one("partnership.interest.group", readonly=True)
    sector = fields.Selection(SECTORS, readonly=True)
    value_id = fields.Many2one("partnership.dimension.value", readonly=True)
    name = fields.Char("Group", readonly=True)
    wanted = OptionalFloat(readonly=True, aggregator="avg", digits=(16, 4))
    members = fields.Integer(readonly=True)
    members_total = fields.Integer("Of Members", readonly=True, aggregator="avg")
    member_share = OptionalFloat("On Paper", readonly=True, aggregator="avg", digits=(16, 4))
    presences = fields.Integer(readonly=True)
    presences_total = fields.Integer("Of Presences", readonly=True, aggregator="avg")
    presence_share = OptionalFloat("At the Table", readonly=True, aggregator="avg", digits=(16, 4))
    votes = fields.Integer("Votes Cast", readonly=True)
    votes_total = fields.Integer("Of Votes Cast", readonly=True, aggregator="avg")
    vote_share = OptionalFloat("In the Vote", readonly=True, aggregator="avg", digits=(16, 4))
    gap = OptionalFloat(
        readonly=True,
        aggregator="avg",
        digits=(16, 4),
        help="Share on paper less the wanted share: below 0 there are too few.",
    )
    ceiling = OptionalFloat("Ceiling (%)", readonly=True, aggregator="avg")
    is_missing = fields.Boolean("Missing", readonly=True, help="Wanted, and not one member.")
    is_largest = fields.Boolean("Largest", readonly=True)
    is_over_ceiling = fields.Boolean("Over the Ceiling", readonly=True)
    date = fields.Date("As of", readonly=True)

    _depends = {
        "calendar.event": ["partnership_state", "partnership_body_id", "partnership_date"],
        "partnership.attendance": ["event_id", "person_id", "membership_id", "status"],
        "partnership.body": ["partnership_id", "group_ceiling"],
        "partnership.decision": ["state", "date", "body_id", "visibility"],
        "partnership.decision.count": [
            "decision_id",
            "interest_group_id",
            "yes",
            "no",
            "abstained",
        ],
        "partnership.dimension": ["kind", "subject"],
        "partnership.dimension.value": ["name", "sequence"],
        "partnership.mandate": ["seat_id", "person_id", "kind", "date_start", "date_end"],
        "partnership.membership": ["partnership_id", "partner_id", "date_start", "date_end"],
        "partnership.membership.transition": ["membership_id", "date", "to_role_id", "to_group_id"],
        "partnership.profile.line": ["dimension_id", "interest_group_id", "value_id", "share"],
        "partnership.role": ["is_formal"],
        "partnership.interest.group": ["sector"],
        "partnership.seat": ["body_id", "membership_id", "date_start", "date_end"],
        "partnership.vote": ["decision_id", "choice", "is_last", "interest_group_id", "person_id"],
        "partnership.trait": ["partner_id", "dimension_id", "value_id", "date_start", "date_end"],
    }

    @api.depends("name")
    def _compute_display_name(self):
        for share in self:
            share.display_name = share.name

    @property
    def _table_query(self):
        return self.env["partnership.composition.report"]._query_as_of(self._query_on)

    @api.model
    def _query_on(self, date, partnership_ids=None):
        """:param partnership_ids: limit to these; None: all
        :return: SQL of the shares on ``date``
        """
        return SQL(
            """
            SELECT share.*,
                   share.member_share - share.wanted AS gap,
                   COALESCE(share.wanted > 0 AND share.members = 0, FALSE) AS is_missing,
                   share.members > 0 AND share.members_total >= 3
                       AND share.place = 1 AS is_largest,
                   COALESCE(100 * share.member_share > share.ceiling, FALSE) AS is_over_ceiling
              FROM (
                  SELECT %(id)s AS id,
                         cell.partnership_id,
                         cell.body_id,
                         cell.dimension_id,
                         cell.interest_group_id,
                         cell.sector,
                         cell.value_id,
                         %(name)s AS name,
                         %(wanted)s AS wanted,
                         cell.members,
                         SUM(cell.members) OVER whole AS members_total,
                         %(member_share)s AS member_share,
                         cell.presences,
                         SUM(cell.presences) OVER whole AS presences_total,
                         %(presence_share)s AS presence_share,
                         cell.votes,
                         SUM(cell.votes) OVER whole AS votes_total,
                         %(vote_share)s AS vote_share,
                         CASE WHEN dimension.kind IN ('group', 'sector')
                              THEN COALESCE(body.group_ceiling, partnership.group_ceiling)
                               END AS ceiling,
                         ROW_NUMBER() OVER (%(whole)s ORDER BY cell.members DESC,
                             interest_group.sequence, value.sequence, %(number)s) AS place,
                         SUM(cell.members + cell.presences + cell.votes) OVER whole AS cases,
                         %(date)s::date AS date
                    FROM (%(cells)s) cell
                    JOIN partnership_dimension dimension
                      ON dimension.id = cell.dimension_id AND dimension.active
                    JOIN partnership_partnership partnership
                      ON partnership.id = cell.partnership_id
               LEFT JOIN partnership_body body ON body.id = cell.body_id
               LEFT JOIN partnership_interest_group interest_group
                      ON interest_group.id = cell.interest_group_id
               LEFT JOIN partnership_dimension_value value ON value.id = cell.value_id
                  WINDOW whole AS (%(whole)s)
                   ) share
             WHERE share.body_id IS NULL OR share.cases > 0
            """,
            id=self._sql_id(),
            number=self._sql_number(),
            name=self._sql_name(),
            wanted=SQL(
                "CASE WHEN MAX(cell.wanted) OVER whole > 0 THEN COALESCE(cell.wanted, 0)::float END"
            ),
            member_share=self._sql_share(SQL.identifier("cell", "members")),
            presence_share=self._sql_share(SQL.identifier("cell", "presences")),
            vote_share=self._sql_share(SQL.identifier("cell", "votes")),
            whole=SQL("PARTITION BY cell.partnership_id, cell.body_id, cell.dimension_id"),
            cells=self._sql_cells(date, partnership_ids),
            date=date,
        )

    @api.model
    def _sql_share(self, cases):
        """:return: SQL of ``cases`` of one value among those of all; of fewer than three NULL"""
        return SQL(
            "CASE WHEN SUM(%(cases)s) OVER whole >= 3"
            " THEN %(cases)s::float / SUM(%(cases)s) OVER whole END",
            cases=cases,
        )

    @api.model
    def _sql_id(self):
        """The number of a row is made of what it is of, so that it stays the same. Numbers of
        different rows differ as long as those of groups and values are under ten million, and
        JavaScript reads them as long as those of bodies are under thirty million: so do the
        numbers of the summary and the picture."""
        return SQL(
            """%(place)s * 30000000 + 3 * %(number)s
               + CASE WHEN cell.interest_group_id IS NOT NULL THEN 0
                      WHEN cell.value_id IS NOT NULL THEN 1 ELSE 2 END""",
            place=self._sql_place("cell"),
            number=self._sql_number(),
        )

    @api.model
    def _sql_place(self, alias):
        """:return: SQL of the number of the body, or the whole partnership, that a row is of"""
        return SQL(
            "(2 * COALESCE(%(body)s, %(partnership)s)::bigint + (%(body)s IS NULL)::int)",
            body=SQL.identifier(alias, "body_id"),
            partnership=SQL.identifier(alias, "partnership_id"),
        )

    @api.model
    def _sql_number(self):
        """:return: SQL of the number of the value of a row in its dimension"""
        return SQL(
            """COALESCE(cell.interest_group_id, cell.value_id,
                        ARRAY_POSITION(%s::varchar[], cell.sector))""",
            [sector for sector, _label in SECTORS],
        )

    @api.model
    def _sql_name(self):
        """What stands in the legend of a graph, in the language of the user."""
        sectors = self._fields["sector"]._description_selection(self.env)
        return SQL(
            """COALESCE(%(group)s, value.name,
                        (%(labels)s::varchar[])[ARRAY_POSITION(%(keys)s::varchar[], cell.sector)])
            """,
            group=self.env["partnership.interest.group"]._field_to_sql("interest_group", "name"),
            labels=[label for _key, label in sectors],
            keys=[key for key, _label in sectors],
        )
