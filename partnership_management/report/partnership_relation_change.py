from odoo import fields, models
from odoo.tools import SQL

from ..models.relation.partnership_relation import KINDS


class PartnershipRelationChange(models.Model):
    """Each step of a pair from one kind of tie to another, with the day and how long it took.

    A conversion is the step on which competitors have become associates, also by way of the
    middle; a pair that falls back and returns converts once more only if it was in competition
    again. A regression is a step to a lower kind than the one before, whatever lay between. A
    row that changed the intensity alone is no step; the first row of a pair is one from nothing.
    """

    _name = "partnership.relation.change"
    _description = "Change of a Tie"
    _inherit = ["partnership.report.mixin"]
    _auto = False
    _rec_name = "relation_id"
    _order = "date desc, id desc"

    relation_id = fields.Many2one("partnership.relation", "Tie", readonly=True)
    partnership_id = fields.Many2one("partnership.partnership", readonly=True)
    membership_id = fields.Many2one("partnership.membership", "Member", readonly=True)
    other_id = fields.Many2one("partnership.membership", "Other Member", readonly=True)
    partner_id = fields.Many2one("res.partner", "Actor", readonly=True)
    other_partner_id = fields.Many2one("res.partner", "Other Actor", readonly=True)
    from_kind = fields.Selection(KINDS, "From", readonly=True)
    to_kind = fields.Selection(KINDS, "To", readonly=True)
    date = fields.Date(readonly=True)
    days = fields.Integer(
        "Days before", readonly=True, aggregator="avg", help="How long it had been what it was."
    )
    is_conversion = fields.Boolean("Competitors became Associates", readonly=True)
    is_regression = fields.Boolean("Fell Back", readonly=True)
    conversions = fields.Integer(readonly=True)
    regressions = fields.Integer(readonly=True)
    evidence = fields.Text(readonly=True)

    _depends = {
        "partnership.relation": ["membership_id", "other_id", "kind", "date_start", "evidence"]
    }

    @property
    def _table_query(self):
        """``episode`` numbers what lies between one time as associates and the next."""
        return SQL(
            """
            SELECT step.*,
                   is_conversion::int AS conversions,
                   is_regression::int AS regressions
              FROM (
                  SELECT id, id AS relation_id, partnership_id, membership_id, other_id,
                         partner_id, other_partner_id, from_kind, kind AS to_kind,
                         date_start AS date, evidence,
                         date_start - LAG(date_start) OVER pair AS days,
                         kind = 'associate' AND BOOL_OR(kind = 'competitor')
                             OVER (PARTITION BY membership_id, other_id, episode)
                             AS is_conversion,
                         COALESCE(%(rank)s < LAG(%(rank)s) OVER pair, FALSE) AS is_regression
                    FROM (
                        SELECT *,
                               COUNT(*) FILTER (WHERE kind = 'associate') OVER (
                                   pair ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                               ) AS episode
                          FROM (
                              SELECT *, LAG(kind) OVER pair AS from_kind
                                FROM partnership_relation
                              WINDOW pair AS (
                                         PARTITION BY membership_id, other_id
                                             ORDER BY date_start, id
                                     )
                               ) tie
                         WHERE from_kind IS DISTINCT FROM kind
                        WINDOW pair AS (
                                   PARTITION BY membership_id, other_id ORDER BY date_start, id
                               )
                         ) numbered
                  WINDOW pair AS (PARTITION BY membership_id, other_id ORDER BY date_start, id)
                   ) step
            """,
            rank=SQL("array_position(%s, kind)", [kind for kind, _label in KINDS]),
        )

    def action_open(self):
        """Open the tie that the step led to."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "partnership.relation",
            "res_id": self.relation_id.id,
            "views": [(False, "form")],
        }
