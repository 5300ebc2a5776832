from odoo import api, models
from odoo.tools import SQL

from odoo.addons.partnership_management.tools.optional_float import OptionalFloat

ENOUGH = 3


class PartnershipTrainingNeed(models.Model):
    """Coverage of needs = needs that are planned, trained or closed / needs that were not dropped;
    of fewer than three there is not enough data."""

    _inherit = "partnership.training.need"

    coverage = OptionalFloat(
        compute="_compute_coverage",
        store=True,
        aggregator="avg",
        help="The share of the needs for which a course was asked for, or more has happened. Needs "
        "that were dropped do not count.",
    )

    @api.depends("state")
    def _compute_coverage(self):
        for need in self:
            if need.state == "dropped":
                need.coverage = False
            else:
                need.coverage = float(need.state != "open")

    def _read_group_select(self, aggregate_spec, query):
        aggregate = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec != "coverage:avg":
            return aggregate
        coverage = self._field_to_sql(self._table, "coverage", query)
        return SQL("CASE WHEN COUNT(%s) >= %s THEN %s END", coverage, ENOUGH, aggregate)
