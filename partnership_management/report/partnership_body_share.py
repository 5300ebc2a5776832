from odoo import api, fields, models
from odoo.tools import SQL

from ..models.actor.partnership_interest_group import SECTORS
from ..tools.optional_float import OptionalFloat


class PartnershipBodyShare(models.Model):
    """How the seats and the vote weight of a body spread over interest groups and sectors.

    One row per body and interest group, and one per body and sector; of the day ``as_of`` in the
    context, today by default. Shares are fractions of 1. The ceiling is that of the first rule of
    decision that the body has today, of the groups that it speaks of.
    """

    _name = "partnership.body.share"
    _description = "Share of a Body"
    _inherit = ["partnership.report.mixin"]
    _auto = False
    _order = "body_id, dimension desc, weight_share desc, id"

    partnership_id = fields.Many2one("partnership.partnership", readonly=True)
    body_id = fields.Many2one("partnership.body", readonly=True)
    dimension = fields.Selection(
        [("group", "Interest group"), ("sector", "Sector")], "By", readonly=True
    )
    interest_group_id = fields.Many2one("partnership.interest.group", readonly=True)
    sector = fields.Selection(SECTORS, readonly=True)
    seats = fields.Integer("Seats Held", readonly=True)
    seats_text = fields.Char("Seats", compute="_compute_seats_text")
    seats_total = fields.Integer("Of Seats", readonly=True)
    seat_share = fields.Float("Share of Seats", readonly=True, aggregator="avg")
    weight = fields.Float("Vote Weight", readonly=True)
    weight_total = fields.Float("Of Weight", readonly=True)
    weight_share = fields.Float("Share of Votes", readonly=True, aggregator="avg")
    ceiling = OptionalFloat("Ceiling (%)", readonly=True, aggregator="avg")
    is_over_ceiling = fields.Boolean("Over the Ceiling", readonly=True)

    _depends = {
        "partnership.decision.rule": [
            "body_id",
            "sequence",
            "active",
            "balance",
            "group_by",
            "group_ceiling",
        ],
        "partnership.composition.report": [
            "body_id",
            "interest_group_id",
            "sector",
            "vote_weight",
        ],
    }

    @api.depends("dimension", "interest_group_id.name", "sector")
    def _compute_display_name(self):
        sectors = dict(self._fields["sector"]._description_selection(self.env))
        for share in self:
            if share.dimension == "group":
                share.display_name = share.interest_group_id.name or self.env._("No interest group")
            else:
                share.display_name = sectors.get(share.sector) or self.env._("No sector")

    @api.depends("seats", "seats_total")
    def _compute_seats_text(self):
        for share in self:
            share.seats_text = self.env._(
                "%(seats)s of %(total)s", seats=share.seats, total=share.seats_total
            )

    @property
    def _table_query(self):
        """The number of a row is made of what it is of, so that it stays the same."""
        return SQL(
            """
            SELECT (2 * share.body_id::bigint + (share.dimension = 'sector')::int) * 1000000
                       + COALESCE(share.interest_group_id,
                                  ARRAY_POSITION(%(sectors)s::varchar[], share.sector), 0) AS id,
                   share.*,
                   share.seats::float / share.seats_total AS seat_share,
                   share.weight / NULLIF(share.weight_total, 0) AS weight_share,
                   rule.group_ceiling AS ceiling,
                   (100.0 * share.seats / share.seats_total > rule.group_ceiling
                    OR 100.0 * share.weight / NULLIF(share.weight_total, 0) > rule.group_ceiling)
                       IS TRUE AS is_over_ceiling
              FROM (
                  SELECT seat.partnership_id,
                         seat.body_id,
                         CASE WHEN GROUPING(seat.sector) = 0 THEN 'sector' ELSE 'group' END
                             AS dimension,
                         seat.interest_group_id,
                         seat.sector,
                         COUNT(*) AS seats,
                         (SUM(COUNT(*)) OVER whole)::int AS seats_total,
                         SUM(seat.vote_weight) AS weight,
                         SUM(SUM(seat.vote_weight)) OVER whole AS weight_total
                    FROM (%(composition)s) seat
                   WHERE seat.seat_id IS NOT NULL
                GROUP BY GROUPING SETS (
                             (seat.partnership_id, seat.body_id, seat.interest_group_id),
                             (seat.partnership_id, seat.body_id, seat.sector))
                  WINDOW whole AS (PARTITION BY seat.body_id, GROUPING(seat.sector))
                   ) share
         LEFT JOIN (
                  SELECT DISTINCT ON (body_id) body_id, balance, group_by, group_ceiling
                    FROM partnership_decision_rule
                   WHERE active
                ORDER BY body_id, sequence, id
                   ) rule
                ON rule.body_id = share.body_id
               AND rule.balance <> 'none'
               AND CASE rule.group_by WHEN 'sector' THEN share.dimension = 'sector'
                        ELSE share.dimension = 'group' OR share.sector = 'public' END
            """,
            sectors=[sector for sector, _label in SECTORS],
            composition=self.env["partnership.composition.report"]._table_query,
        )
