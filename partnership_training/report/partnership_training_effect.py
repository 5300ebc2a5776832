from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.partnership_management.tools.optional_float import OptionalFloat

from .partnership_training_effect_member import MEASURES

ENOUGH = 5  # members, trained and untrained each
# Means, and the numbers of members that they are of
MEANS = {
    "trained_before": "trained",
    "trained_after": "trained",
    "untrained_before": "untrained",
    "untrained_after": "untrained",
}


class PartnershipTrainingEffect(models.Model):
    """Training effect (L40): the change of the trained less the change of the untrained in the
    same body, on presence or reading; one row per session, body and measure.

    The means are of the rates of members; counted is who has enough data before and after. With
    fewer than five of either there is no effect to speak of. Check: .50 -> .80 against
    .55 -> .60 is +.25.
    """

    _name = "partnership.training.effect"
    _description = "Effect of Training"
    _inherit = ["partnership.report.mixin"]
    _auto = False
    _rec_name = "session_id"
    _order = "date desc, session_id, body_id, measure, id"

    partnership_id = fields.Many2one("partnership.partnership", readonly=True)
    session_id = fields.Many2one("partnership.training.session", readonly=True)
    course_id = fields.Many2one("partnership.course", readonly=True)
    date = fields.Date("First Event", readonly=True)
    body_id = fields.Many2one("partnership.body", readonly=True)
    measure = fields.Selection(MEASURES, readonly=True)
    trained = fields.Integer(readonly=True)
    untrained = fields.Integer(readonly=True)
    trained_before = OptionalFloat("Trained, before", readonly=True, aggregator="avg")
    trained_after = OptionalFloat("Trained, after", readonly=True, aggregator="avg")
    untrained_before = OptionalFloat("Untrained, before", readonly=True, aggregator="avg")
    untrained_after = OptionalFloat("Untrained, after", readonly=True, aggregator="avg")
    effect = OptionalFloat(
        readonly=True,
        aggregator="avg",
        help="(After - before) of the trained less (after - before) of the untrained; empty with "
        "fewer than five of either.",
    )

    _depends = {
        "partnership.training.effect.member": [
            "session_id",
            "course_id",
            "body_id",
            "measure",
            "is_trained",
            "before",
            "after",
            "change",
            "date",
        ],
    }

    @property
    def _table_query(self):
        """The number of a row is made of what it is of, so that it stays the same."""
        return SQL(
            """
            SELECT (2 * session_id::bigint + (measure = 'reading')::int) * 10000000 + body_id AS id,
                   partnership_id, session_id, course_id, date, body_id, measure,
                   trained, untrained, trained_members, untrained_members, trained_before,
                   trained_after, untrained_before, untrained_after, %(effect)s AS effect
              FROM (
                  SELECT partnership_id, session_id, course_id, date, body_id, measure,
                         COUNT(change) FILTER (WHERE is_trained)::int AS trained,
                         COUNT(change) FILTER (WHERE NOT is_trained)::int AS untrained,
                         COALESCE(jsonb_agg(membership_id) FILTER (
                             WHERE is_trained AND change IS NOT NULL), '[]') AS trained_members,
                         COALESCE(jsonb_agg(membership_id) FILTER (
                             WHERE NOT is_trained AND change IS NOT NULL), '[]')
                             AS untrained_members,
                         AVG(before) FILTER (WHERE is_trained AND change IS NOT NULL)
                             AS trained_before,
                         AVG(after) FILTER (WHERE is_trained AND change IS NOT NULL)
                             AS trained_after,
                         AVG(before) FILTER (WHERE NOT is_trained AND change IS NOT NULL)
                             AS untrained_before,
                         AVG(after) FILTER (WHERE NOT is_trained AND change IS NOT NULL)
                             AS untrained_after
                    FROM (%(members)s) member
                GROUP BY partnership_id, session_id, course_id, date, body_id, measure
                   ) measured
            """,
            effect=self._sql_effect(
                *(SQL.identifier(name) for name in ("trained", "untrained", *MEANS))
            ),
            members=self.env["partnership.training.effect.member"]._table_query,
        )

    @api.model
    def _sql_effect(self, trained, untrained, before, after, other_before, other_after):
        """The definition of the effect, of one row or of several together."""
        return SQL(
            "CASE WHEN %(trained)s >= %(enough)s AND %(untrained)s >= %(enough)s "
            "THEN (%(after)s - %(before)s) - (%(other_after)s - %(other_before)s) END",
            trained=trained,
            untrained=untrained,
            before=before,
            after=after,
            other_before=other_before,
            other_after=other_after,
            enough=ENOUGH,
        )

    def _read_group_select(self, aggregate_spec, query):
        """Of several sessions or bodies the means are of all their rows, the effect is of those
        means, and a member counts once. Presence and reading are not added up."""
        fname, _colon, how = aggregate_spec.partition(":")
        if (how, fname) in (("sum", "trained"), ("sum", "untrained")):
            return self._sql_members(fname)
        if how != "avg" or fname not in (*MEANS, "effect"):
            return super()._read_group_select(aggregate_spec, query)
        column = {
            name: self._field_to_sql(self._table, name, query)
            for name in ("trained", "untrained", "measure", *MEANS)
        }
        means = {
            name: SQL(
                "SUM(%(mean)s * %(count)s) / NULLIF(SUM(%(count)s), 0)",
                mean=column[name],
                count=column[count],
            )
            for name, count in MEANS.items()
        }
        members = (self._sql_members("trained"), self._sql_members("untrained"))
        value = means.get(fname) or self._sql_effect(*members, *means.values())
        return SQL(
            "CASE WHEN MIN(%(measure)s) = MAX(%(measure)s) THEN %(value)s END",
            measure=column["measure"],
            value=value,
        )

    @api.model
    def _sql_members(self, kind):
        """:return: SQL of how many members the rows of a group are of, each counted once"""
        return SQL(
            """(SELECT COUNT(DISTINCT member)
                  FROM jsonb_array_elements(jsonb_agg(%s)) AS listed(members),
                       jsonb_array_elements(listed.members) AS each(member))""",
            SQL.identifier(self._table, f"{kind}_members"),
        )

    def action_open_members(self):
        """Open the members behind the row."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_training_effect_member_action"
        )
        action["domain"] = [
            ("session_id", "=", self.session_id.id),
            ("body_id", "=", self.body_id.id),
            ("measure", "=", self.measure),
        ]
        action["context"] = {"search_default_group_trained": 1}
        return action
