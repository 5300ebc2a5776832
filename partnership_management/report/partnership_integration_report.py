from odoo import fields, models
from odoo.tools import SQL

from ..models.actor.partnership_interest_group import SECTORS
from ..tools.optional_float import OptionalFloat

# Months after entry at which it is looked at how far the entrants make the partnership their own
AFTER = (3, 6, 12)
MEDIANS = {
    "days_to_formal",
    "months_to_contribution",
    *(f"{who}_{months}" for who in ("appropriation", "others") for months in AFTER),
}
SHARES = {
    # share: (those that count, those of which they are)
    "conversion": ("converted", "informal"),
    "retention": ("stayed", "due"),
}


class PartnershipIntegrationReport(models.Model):
    """What becomes of those who come in (L9, L48): one row per actor that became a member, or took
    part informally.

    Its wave is the round by which it came in, or the year where there was none. Founders are no
    new members, as in ``partnership.composition.wave``. Of several rows a
    figure is the median, a share is of the sums of its parts; both need three cases.
    """

    _name = "partnership.integration.report"
    _description = "Integration after Admission"
    _inherit = ["partnership.report.mixin"]
    _auto = False
    _rec_name = "partner_id"
    _order = "date_formal desc nulls last, id desc"

    membership_id = fields.Many2one("partnership.membership", readonly=True)
    partnership_id = fields.Many2one("partnership.partnership", readonly=True)
    partner_id = fields.Many2one("res.partner", "Actor", readonly=True)
    round_id = fields.Many2one("partnership.enlargement.round", readonly=True)
    interest_group_id = fields.Many2one(
        "partnership.interest.group", readonly=True, help="That of the day of entry."
    )
    sector = fields.Selection(SECTORS, readonly=True)

    # The way in
    date_informal = fields.Date("Informal since", readonly=True, help="Before it was a member.")
    date_formal = fields.Date("Member since", readonly=True)
    is_founder = fields.Boolean(
        "Founder", readonly=True, help="A member from the first year on, and not by a round."
    )
    members = fields.Integer("New Members", readonly=True, help="Without the founders.")
    informal = fields.Integer("Informal at First", readonly=True)
    is_converted = fields.Boolean("From Informal to Formal", readonly=True)
    converted = fields.Integer("Became Members from Informal", readonly=True)
    conversion = OptionalFloat(
        readonly=True,
        aggregator="avg",
        help="Of those that took part informally: how many became members.",
    )
    days_to_formal = OptionalFloat(
        "Days to Membership",
        readonly=True,
        aggregator="avg",
        digits=(16, 0),
        help="From the first day of informal participation to that of membership; the median.",
    )

    # What became of them
    date_contribution = fields.Date(
        "First Contribution",
        readonly=True,
        help="After it became a member: a result passed on inside the own organisation.",
    )
    contributed = fields.Integer("Have Contributed", readonly=True)
    months_to_contribution = OptionalFloat(
        "Months to First Contribution",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="From the day of membership; the median of those that have contributed.",
    )
    appropriation_3 = OptionalFloat(
        "Appropriation at 3 Months", readonly=True, aggregator="avg", digits=(16, 0)
    )
    others_3 = OptionalFloat("Others at 3 Months", readonly=True, aggregator="avg", digits=(16, 0))
    appropriation_6 = OptionalFloat(
        "Appropriation at 6 Months", readonly=True, aggregator="avg", digits=(16, 0)
    )
    others_6 = OptionalFloat("Others at 6 Months", readonly=True, aggregator="avg", digits=(16, 0))
    appropriation_12 = OptionalFloat(
        "Appropriation at 12 Months", readonly=True, aggregator="avg", digits=(16, 0)
    )
    others_12 = OptionalFloat(
        "Others at 12 Months",
        readonly=True,
        aggregator="avg",
        digits=(16, 0),
        help="The median of who was a member on that day and came in by another wave.",
    )
    due = fields.Integer("Entered 12 Months Ago or Earlier", readonly=True)
    stayed = fields.Integer("Members after 12 Months", readonly=True)
    retention = OptionalFloat(
        readonly=True,
        aggregator="avg",
        help="Of those that became members 12 months ago or earlier: how many were members after "
        "12 months.",
    )

    _depends = {
        "partnership.membership": [
            "partnership_id",
            "partner_id",
            "round_id",
            "interest_group_id",
            "date_end",
        ],
        "partnership.membership.transition": ["membership_id", "date", "to_role_id", "to_group_id"],
        "partnership.membership.figure": ["month", "date", "role_id", "appropriation"],
        "partnership.briefing.receipt": ["membership_id", "state", "date_relayed"],
        "partnership.candidate": ["membership_id", "round_id"],
        "partnership.role": ["is_formal", "is_informal"],
        "partnership.interest.group": ["sector"],
        "partnership.partnership": ["tz"],
    }

    def _read_group_select(self, aggregate_spec, query):
        fname, _separator, aggregator = aggregate_spec.partition(":")
        if aggregator != "avg" or fname not in MEDIANS | SHARES.keys():
            return super()._read_group_select(aggregate_spec, query)
        if fname in MEDIANS:
            value = self._field_to_sql(self._table, fname, query)
            return self._sql_median(value)
        part, whole = (self._field_to_sql(self._table, each, query) for each in SHARES[fname])
        return SQL(
            "CASE WHEN SUM(%(whole)s) >= 3 THEN SUM(%(part)s)::float / SUM(%(whole)s) END",
            part=part,
            whole=whole,
        )

    def action_open_membership(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "partnership.membership",
            "res_id": self.membership_id.id,
            "view_mode": "form",
        }

    def action_open_figures(self):
        """Open the monthly figures of the actor since it became a member."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_membership_figure_action"
        )
        views = sorted(action["views"], key=lambda view: view[1] != "list")
        domain = [("membership_id", "=", self.membership_id.id)]
        if self.date_formal:
            domain.append(("month", ">=", self.date_formal.replace(day=1)))
        return {**action, "views": views, "domain": domain, "context": {"create": False}}


class PartnershipEnlargementRound(models.Model):
    _inherit = "partnership.enlargement.round"

    def action_open_integration(self):
        """Open what became of those who came in by the round."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_integration_report_action"
        )
        views = sorted(action["views"], key=lambda view: view[1] != "list")
        return {**action, "views": views, "domain": [("round_id", "=", self.id)], "context": {}}
