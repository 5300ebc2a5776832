from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ...tools.optional_float import OptionalFloat
from ..actor.partnership_interest_group import SECTORS

# What the rate of several members is made of: that of all their cases together. The last is the
# number of cases, the others are those of them that count.
POOLED = {
    "presence_rate": ("represented", "expected"),
    "commitment_rate": ("represented", "excused", "expected"),
    "validity_rate": ("valid", "represented"),
    "informed_rate": ("briefings_read", "briefings_due"),
    "relay_rate": ("relays_done", "relays_asked"),
}


class PartnershipMembershipFigure(models.Model):
    """The figures of one membership as of a day of one month: the parts and what follows of them.

    A unit is a seat at a closed meeting; the figures of a member sum over its seats. The rows are
    written by the refresh alone, by SQL. Rates are fractions of 1, and empty in the database where
    there are fewer than three cases behind them: whoever shows one shows its parts beside it.
    """

    _name = "partnership.membership.figure"
    _description = "Figures of a Member"
    _inherit = ["partnership.guarded.mixin"]
    _order = "month desc, partner_id, id"
    _log_access = False

    # Of whom and when; role and group are those of the day
    membership_id = fields.Many2one(
        "partnership.membership", required=True, readonly=True, ondelete="cascade"
    )
    partnership_id = fields.Many2one(
        related="membership_id.partnership_id", store=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="membership_id.partner_id", string="Member", store=True, precompute=True, index=True
    )
    role_id = fields.Many2one("partnership.role", readonly=True)
    interest_group_id = fields.Many2one("partnership.interest.group", readonly=True)
    sector = fields.Selection(SECTORS, readonly=True)
    month = fields.Date(required=True, readonly=True, help="The first day of the month.")
    date = fields.Date("As of", required=True, readonly=True)
    window_start = fields.Date(
        "Counted from",
        readonly=True,
        help="12 months up to the date, or as many more, up to 36, as it takes to find three "
        "meetings at which the member was expected.",
    )
    latest_of_ids = fields.One2many(
        "partnership.membership", "figure_id", "Latest Figures of", readonly=True
    )

    # Presence
    expected = fields.Integer(readonly=True)
    represented = fields.Integer(readonly=True)
    excused = fields.Integer(readonly=True, help="With an apology, or a proxy to somebody else.")
    absent = fields.Integer(readonly=True, help="Absent without an apology, or the seat vacant.")
    longest_absence = fields.Integer(
        readonly=True,
        help="Meetings missed in a row, without an apology; the longest run of each seat.",
    )
    presence_rate = OptionalFloat("Presence", readonly=True, aggregator="avg")
    commitment_rate = OptionalFloat(
        "Presence or Apology", readonly=True, aggregator="avg", help="Represented or excused."
    )
    regularity = OptionalFloat(
        readonly=True, aggregator="avg", help="1 - longest absence / expected."
    )

    # Representatives
    valid = fields.Integer(
        "By a Mandate Holder", readonly=True, help="Represented by a titular or an alternate."
    )
    validity_rate = OptionalFloat("Valid Representation", readonly=True, aggregator="avg")
    continuity = OptionalFloat(
        readonly=True,
        aggregator="avg",
        help="100 % where one person came to all meetings; the less, the more often others came.",
    )
    representatives = fields.Integer(
        readonly=True, help="Persons who represented the member at these meetings."
    )
    replacements_planned = fields.Integer("Planned Replacements", readonly=True)
    replacements_unplanned = fields.Integer("Unplanned Replacements", readonly=True)
    seat_years = fields.Float(
        readonly=True, help="Years for which the member held its seats, summed over the seats."
    )
    titular_turnover = OptionalFloat(
        readonly=True, aggregator="avg", help="Replacements of titulars per seat and year."
    )
    no_authority = fields.Boolean(
        "Nobody Commits it",
        readonly=True,
        help="An organisation with a seat, and nobody with a mandate to commit it.",
    )
    vote_weight = fields.Float(
        readonly=True, aggregator="avg", help="The largest among its seats; 1 without a seat."
    )

    # Information
    briefings_due = fields.Integer(readonly=True)
    briefings_read = fields.Integer("Briefings Read in Time", readonly=True)
    informed_rate = OptionalFloat("Informed", readonly=True, aggregator="avg")
    relays_asked = fields.Integer("Results to Pass on", readonly=True)
    relays_done = fields.Integer("Results Passed on", readonly=True)
    relay_rate = OptionalFloat("Relay", readonly=True, aggregator="avg")

    # Appropriation
    involvement = OptionalFloat(
        readonly=True, aggregator="avg", help="The mean of presence and regularity."
    )
    choice = OptionalFloat(
        "Choice of Representatives",
        readonly=True,
        aggregator="avg",
        help="The mean of valid representation and continuity; not for individuals.",
    )
    commitment = OptionalFloat(
        readonly=True, aggregator="avg", help="What the member took on, and did in time."
    )
    communication = OptionalFloat(
        readonly=True, aggregator="avg", help="The mean of informed and relay."
    )
    appropriation = OptionalFloat(
        readonly=True,
        aggregator="avg",
        help="How far the member makes the partnership its own, from 0 to 100: the weighted mean "
        "of involvement, choice of representatives, commitment and communication, as far as there "
        "is enough to tell.",
    )
    coverage = fields.Float(
        readonly=True,
        aggregator="avg",
        help="How much of the weight there was enough data for, from 0 to 100.",
    )
    on_paper = fields.Boolean(
        "On Paper Only",
        readonly=True,
        help="Formal for 12 months or more, expected at meetings in them, and not represented at "
        "any, or at fewer than one in four.",
    )
    absent_in_a_row = fields.Boolean(
        "Absent Three Times in a Row",
        readonly=True,
        help="The last three meetings at which the member was expected.",
    )

    is_organisation = fields.Boolean(related="membership_id.is_organisation")

    _month_uniq = models.UniqueIndex("(membership_id, month)")
    _partnership_month_index = models.Index("(partnership_id, month)")

    @api.depends("partner_id.name", "month")
    def _compute_display_name(self):
        for figure in self:
            month = format_date(self.env, figure.month, date_format="MMMM yyyy")
            figure.display_name = f"{figure.partner_id.name}, {month}"

    def _read_group_select(self, aggregate_spec, query):
        """The presence of a group of members is of all their meetings, and so with the others."""
        fname, _colon, how = aggregate_spec.partition(":")
        if aggregate_spec == "titular_turnover:avg":
            return self._sql_titular_turnover(
                *(
                    SQL(" + ").join(
                        SQL("SUM(%s)", self._field_to_sql(self._table, name, query))
                        for name in names
                    )
                    for names in (
                        ("replacements_planned", "replacements_unplanned"),
                        ("seat_years",),
                    )
                )
            )
        if how != "avg" or fname not in POOLED:
            return super()._read_group_select(aggregate_spec, query)
        *parts, whole = (
            SQL("SUM(%s)", self._field_to_sql(self._table, name, query)) for name in POOLED[fname]
        )
        return SQL(
            "CASE WHEN %(whole)s >= 3 THEN (%(part)s)::float / %(whole)s END",
            part=SQL(" + ").join(parts),
            whole=whole,
        )

    def action_open_presence(self):
        """Open what became of the seats of the member at the meetings that count."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Presence of %(member)s", member=self.partner_id.display_name),
            "res_model": "partnership.participation.report",
            "view_mode": "list,pivot,graph",
            "domain": self._get_own_domain()
            & Domain("outcome", "!=", "not_recorded")
            & self._get_window_domain("date"),
        }

    def action_open_receipts(self):
        """Open what became of the briefings that were due, or asked to be passed on."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Briefings of %(member)s", member=self.partner_id.display_name),
            "res_model": "partnership.briefing.receipt",
            "view_mode": "list",
            "domain": self._get_own_domain()
            & Domain("briefing_id.state", "=", "sent")
            & (
                (
                    Domain("briefing_id.kind", "!=", "handover")
                    & self._get_window_domain("briefing_id.date_due")
                )
                | (
                    Domain("briefing_id.ask_relay", "=", True)
                    & self._get_window_domain("briefing_id.date_sent")
                )
            ),
        }

    def action_open_briefings(self):
        """Open the briefings that were due."""
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                """SELECT briefing_id FROM (%s) briefing
                    WHERE membership_id = %s AND date_due BETWEEN %s AND %s""",
                self.env["partnership.briefing.receipt"]._sql_due(),
                self.membership_id.id,
                self.window_start,
                self.date,
            )
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Briefings of %(member)s", member=self.partner_id.display_name),
            "res_model": "partnership.briefing",
            "view_mode": "list,form",
            "domain": [("id", "in", [briefing_id for (briefing_id,) in rows])],
        }

    def action_open_representatives(self):
        """Open the persons who came on a seat of the member."""
        self.ensure_one()
        Attendance = self.env["partnership.attendance"]
        came = Attendance.search(
            Attendance._domain_presence()
            & Domain("seat_id.membership_id", "=", self.membership_id.id)
            & self._get_window_domain("date")
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who came for %(member)s", member=self.partner_id.display_name),
            "res_model": "res.partner",
            "view_mode": "list,kanban,form",
            "domain": [("id", "in", came.person_id.ids)],
            "context": {"active_test": False},
        }

    def action_open_titulars(self):
        """Open the titulars, one after the other."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Titulars of %(member)s", member=self.partner_id.display_name),
            "res_model": "partnership.mandate",
            "view_mode": "list,form",
            "domain": self._get_own_domain() & Domain("kind", "=", "titular"),
        }

    def _get_window_domain(self, fname):
        return Domain(fname, ">=", self.window_start) & Domain(fname, "<=", self.date)

    def _get_own_domain(self):
        return Domain("membership_id", "=", self.membership_id.id)
