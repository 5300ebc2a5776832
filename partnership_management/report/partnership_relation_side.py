from odoo import api, fields, models
from odoo.tools import SQL

from ..models.relation.partnership_relation import KINDS


class PartnershipRelationSide(models.Model):
    """A tie as each of its two members sees it: two rows for one tie.

    Of groups it makes a matrix that reads the same along rows and columns. ``ties`` is summed
    there: of several rows it is the number of different ties, so that a tie counts once in a cell,
    in a row and in the whole, which is the number of ties in their list.
    """

    _name = "partnership.relation.side"
    _description = "Tie of a Member"
    _inherit = ["partnership.dated.mixin", "partnership.report.mixin"]
    _auto = False
    _rec_name = "other_partner_id"
    _order = "date_start desc, id desc"

    relation_id = fields.Many2one("partnership.relation", "Tie", readonly=True)
    partnership_id = fields.Many2one("partnership.partnership", readonly=True)
    membership_id = fields.Many2one("partnership.membership", "Member", readonly=True)
    partner_id = fields.Many2one("res.partner", "Actor", readonly=True)
    interest_group_id = fields.Many2one("partnership.interest.group", readonly=True)
    other_id = fields.Many2one("partnership.membership", "With Member", readonly=True)
    other_partner_id = fields.Many2one("res.partner", "With", readonly=True)
    other_group_id = fields.Many2one(
        "partnership.interest.group", "With Interest Group", readonly=True
    )
    kind = fields.Selection(KINDS, readonly=True)
    intensity = fields.Integer(readonly=True, aggregator="avg")
    date_start = fields.Date(readonly=True)
    date_end = fields.Date(readonly=True)
    evidence = fields.Text(readonly=True)
    ties = fields.Integer(readonly=True, help="Each tie once, whichever side it is seen from.")

    _depends = {
        "partnership.relation": [
            "membership_id",
            "other_id",
            "kind",
            "intensity",
            "date_start",
            "date_end",
            "evidence",
        ],
        "partnership.membership": ["partner_id", "interest_group_id"],
    }

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec != "ties:sum":
            return super()._read_group_select(aggregate_spec, query)
        return SQL("COUNT(DISTINCT %s)", self._field_to_sql(self._table, "relation_id", query))

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT side.*,
                   own.partner_id,
                   own.interest_group_id,
                   their.partner_id AS other_partner_id,
                   their.interest_group_id AS other_group_id,
                   1 AS ties
              FROM (%s UNION ALL %s) side
              JOIN partnership_membership own ON own.id = side.membership_id
              JOIN partnership_membership their ON their.id = side.other_id
            """,
            self._sql_side("membership_id", "other_id", 1),
            self._sql_side("other_id", "membership_id", 0),
        )

    @api.model
    def _sql_side(self, own, other, number):
        return SQL(
            """
            SELECT id::bigint * 2 + %(number)s AS id, id AS relation_id, partnership_id,
                   %(own)s AS membership_id, %(other)s AS other_id,
                   kind, intensity, date_start, date_end, evidence
              FROM partnership_relation
            """,
            number=number,
            own=SQL.identifier(own),
            other=SQL.identifier(other),
        )

    def action_open(self):
        """Open the tie that the row is a side of."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "partnership.relation",
            "res_id": self.relation_id.id,
            "views": [(False, "form")],
        }
