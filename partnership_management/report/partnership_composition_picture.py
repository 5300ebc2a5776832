from odoo import api, fields, models
from odoo.tools import SQL

from ..models.actor.partnership_interest_group import SECTORS

# In the order in which a graph draws them, which is that of the keys
SERIES = [
    ("area", "Wanted"),
    ("paper", "On paper"),
    ("table", "At the table"),
    ("vote", "In the vote"),
]


class PartnershipCompositionPicture(models.Model):
    """The shares of ``partnership.composition.share``, one row each, for a graph in which what is
    wanted, on paper, at the table and in the vote stand side by side. What there is not enough data
    of is not drawn."""

    _name = "partnership.composition.picture"
    _description = "Profile and Composition"
    _inherit = ["partnership.report.mixin"]
    _auto = False
    _order = "partnership_id, body_id, dimension_id, id"

    # Not a column: Odoo cannot join a query to sort and group by it
    share_id = fields.Many2one(
        "partnership.composition.share", "Share of", compute="_compute_share_id"
    )
    partnership_id = fields.Many2one("partnership.partnership", readonly=True)
    body_id = fields.Many2one("partnership.body", readonly=True)
    dimension_id = fields.Many2one("partnership.dimension", readonly=True)
    interest_group_id = fields.Many2one("partnership.interest.group", readonly=True)
    sector = fields.Selection(SECTORS, readonly=True)
    name = fields.Char("Group", readonly=True)
    series = fields.Selection(SERIES, "Shown", readonly=True)
    share = fields.Float(readonly=True, aggregator="avg", digits=(16, 4))
    cases = fields.Integer("Number", readonly=True, help="Members, presences or votes cast.")
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
        return SQL(
            """
            SELECT 4 * share.id + series.place AS id,
                   share.partnership_id, share.body_id, share.dimension_id,
                   share.interest_group_id, share.sector, share.name,
                   series.key AS series, series.share, series.cases, share.date
              FROM (%s) share
        CROSS JOIN LATERAL (VALUES (0, 'area', share.wanted, NULL),
                                   (1, 'paper', share.member_share, share.members),
                                   (2, 'table', share.presence_share, share.presences),
                                   (3, 'vote', share.vote_share, share.votes))
                           AS series(place, key, share, cases)
             WHERE series.share IS NOT NULL
            """,
            self.env["partnership.composition.share"]._table_query,
        )

    def _compute_share_id(self):
        for row in self:
            row.share_id = row.id // 4

    @api.depends("name", "series")
    def _compute_display_name(self):
        labels = dict(self._fields["series"]._description_selection(self.env))
        for row in self:
            row.display_name = f"{row.name}, {labels.get(row.series)}"

    def action_open_rows(self):
        """Open the members, the presences or the votes behind a bar."""
        self.ensure_one()
        if self.series == "table":
            return self.share_id.action_open_presences()
        if self.series == "vote":
            return self.share_id.action_open_votes()
        return self.share_id.action_open_members()
