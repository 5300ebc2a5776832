from odoo import api, fields, models
from odoo.tools import SQL

from ..models.actor.partnership_interest_group import SECTORS
from ..tools.optional_float import OptionalFloat


class PartnershipCompositionSummary(models.Model):
    """How far those who are there look like the area: one row per partnership, body (empty: the
    whole partnership) and dimension, on the day ``as_of`` in the context, today by default.

    Representativeness is a number from 0 to 100, empty without a profile or of fewer than three.
    """

    _name = "partnership.composition.summary"
    _inherit = ["partnership.composition.source", "partnership.report.mixin"]
    _description = "Representativeness"
    _auto = False
    _order = "partnership_id, body_id, dimension_id, id"

    partnership_id = fields.Many2one("partnership.partnership", readonly=True)
    body_id = fields.Many2one("partnership.body", readonly=True)
    dimension_id = fields.Many2one("partnership.dimension", readonly=True)
    members = fields.Integer(readonly=True, help="Members of whom the value is known.")
    presences = fields.Integer(readonly=True, help="Presences of which the value is known.")
    votes = fields.Integer(
        "Votes Cast", readonly=True, help="Votes cast of which the value is known."
    )
    representativeness_paper = OptionalFloat("On Paper", readonly=True, aggregator="avg")
    representativeness_table = OptionalFloat("At the Table", readonly=True, aggregator="avg")
    representativeness_vote = OptionalFloat("In the Vote", readonly=True, aggregator="avg")
    erosion = OptionalFloat(
        readonly=True,
        aggregator="avg",
        help="Representativeness on paper less that in the vote: what is lost on the way.",
    )
    largest_group_id = fields.Many2one(
        "partnership.interest.group", "Largest Interest Group", readonly=True
    )
    largest_sector = fields.Selection(SECTORS, readonly=True)
    largest_value_id = fields.Many2one("partnership.dimension.value", readonly=True)
    largest = fields.Char("Largest Group", readonly=True)
    largest_members = fields.Integer("Members of the Largest", readonly=True)
    largest_share = OptionalFloat("Share of the Largest", readonly=True, aggregator="avg")
    missing_count = fields.Integer("Missing Groups", readonly=True)
    missing = fields.Char(readonly=True)
    is_over_ceiling = fields.Boolean("One Group over the Ceiling", readonly=True)
    date = fields.Date("As of", readonly=True)

    _depends = {
        "partnership.composition.share": [
            "wanted",
            "members",
            "member_share",
            "presences",
            "presence_share",
            "votes",
            "vote_share",
        ]
    }

    @property
    def _table_query(self):
        return self.env["partnership.composition.report"]._query_as_of(self._query_on)

    @api.model
    def _query_on(self, date, partnership_ids=None):
        """:return: SQL of the summary on ``date``, see the fields"""
        share = SQL.identifier("share", "member_share")
        came = SQL.identifier("share", "presence_share")
        voted = SQL.identifier("share", "vote_share")
        wanted = SQL.identifier("share", "wanted")
        paper = self._sql_representativeness(share, wanted)
        vote = self._sql_representativeness(voted, wanted)
        return SQL(
            """
            SELECT %(place)s * 1000000 + share.dimension_id AS id,
                   share.partnership_id, share.body_id, share.dimension_id,
                   MAX(share.members_total)::int AS members,
                   MAX(share.presences_total)::int AS presences,
                   MAX(share.votes_total)::int AS votes,
                   %(paper)s AS representativeness_paper,
                   %(table)s AS representativeness_table,
                   %(vote)s AS representativeness_vote,
                   %(paper)s - %(vote)s AS erosion,
                   MAX(share.interest_group_id) FILTER (WHERE share.is_largest)
                       AS largest_group_id,
                   MAX(share.sector) FILTER (WHERE share.is_largest) AS largest_sector,
                   MAX(share.value_id) FILTER (WHERE share.is_largest) AS largest_value_id,
                   MAX(share.name) FILTER (WHERE share.is_largest) AS largest,
                   COALESCE(MAX(share.members) FILTER (WHERE share.is_largest), 0)
                       AS largest_members,
                   MAX(share.member_share) FILTER (WHERE share.is_largest) AS largest_share,
                   COUNT(*) FILTER (WHERE share.is_missing)::int AS missing_count,
                   STRING_AGG(share.name, ', ' ORDER BY share.name)
                       FILTER (WHERE share.is_missing) AS missing,
                   ARRAY_AGG(share.interest_group_id ORDER BY share.name)
                       FILTER (WHERE share.is_missing) AS missing_group_ids,
                   BOOL_OR(share.is_over_ceiling) AS is_over_ceiling,
                   share.date
              FROM (%(shares)s) share
          GROUP BY share.partnership_id, share.body_id, share.dimension_id, share.date
            """,
            paper=paper,
            vote=vote,
            table=self._sql_representativeness(came, wanted),
            place=self.env["partnership.composition.share"]._sql_place("share"),
            shares=self.env["partnership.composition.share"]._query_on(date, partnership_ids),
        )

    @api.depends("partnership_id", "body_id", "dimension_id")
    def _compute_display_name(self):
        for summary in self:
            place = summary.body_id.name or summary.partnership_id.name
            summary.display_name = f"{place}, {summary.dimension_id.name}"

    def action_open_shares(self):
        """Open the groups that the numbers are made of."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_composition_share_action"
        )
        action["domain"] = [
            ("partnership_id", "=", self.partnership_id.id),
            ("body_id", "=", self.body_id.id),
            ("dimension_id", "=", self.dimension_id.id),
        ]
        action["context"] = {"as_of": str(self.date)}
        return action
