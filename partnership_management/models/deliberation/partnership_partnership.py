from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.groups import TEAM
from ...tools.optional_float import OptionalFloat

DURABLE_MONTHS = 6  # a decision that stands so long was durable


class PartnershipPartnership(models.Model):
    """What becomes of what is decided (DELIBERATION, section 2)."""

    _inherit = "partnership.partnership"

    carried_out_rate = OptionalFloat(
        "Decisions Carried out",
        compute="_compute_carried_out_rate",
        groups=TEAM,
        help="Of the adopted decisions that were to be carried out by a day of the last 12 months.",
    )
    durability_rate = OptionalFloat(
        "Durability of Decisions",
        compute="_compute_durability_rate",
        groups=TEAM,
        help="Of the decisions adopted six months ago or earlier those that stood for six months.",
    )

    @api.depends_context("uid", "as_of")
    def _compute_carried_out_rate(self):
        found = self._get_carried_out(fields.Date.to_date(self.env.context.get("as_of")))
        for partnership in self:
            done, due = found[partnership.id]
            partnership.carried_out_rate = done / due if due else None

    @api.depends_context("uid", "as_of")
    def _compute_durability_rate(self):
        found = self._get_durable(fields.Date.to_date(self.env.context.get("as_of")))
        for partnership in self:
            durable, old = found[partnership.id]
            partnership.durability_rate = durable / old if old else None

    def _get_carried_out(self, date=None):
        """:param date: by default today, where each partnership is
        :return: dict id -> (decisions carried out by ``date``, those due in 12 months to it)"""
        return self._count_decisions(
            date,
            lambda day: (
                Domain("is_execution_asked", "=", True)
                & Domain("date_execution_due", ">", day - relativedelta(months=12))
                & Domain("date_execution_due", "<=", day)
            ),
            lambda decision, day: decision._is_carried_out(day),
        )

    def _get_durable(self, date=None):
        """:return: dict id -> (decisions that were not superseded within six months, those adopted
        six months ago or earlier)"""

        def is_durable(decision, day):
            newer = decision.superseded_by_id.date
            return not newer or newer >= decision.date + relativedelta(months=DURABLE_MONTHS)

        return self._count_decisions(
            date,
            lambda day: Domain("date", "<=", day - relativedelta(months=DURABLE_MONTHS)),
            is_durable,
        )

    def _count_decisions(self, date, make_domain, condition):
        """:return: dict id -> (adopted decisions of the domain that meet the condition, all)"""
        Decision = self.env["partnership.decision"]
        counts = dict.fromkeys(self._origin.ids, (0, 0))
        for day, own in self._origin.grouped(lambda each: date or each._get_today()).items():
            adopted = Domain("partnership_id", "in", own.ids) & Domain("outcome", "=", "adopted")
            found = Decision.search(adopted & make_domain(day)).grouped("partnership_id")
            for partnership, decisions in found.items():
                met = sum(condition(decision, day) for decision in decisions)
                counts[partnership.id] = (met, len(decisions))
        return {each.id: counts.get(each._origin.id, (0, 0)) for each in self}

    def action_open_decisions(self):
        return self._action_open("partnership_management.partnership_decision_action")
