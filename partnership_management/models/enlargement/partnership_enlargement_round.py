from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

# What a round may become, by what it is
NEXT_STATES = {
    "draft": {"open", "cancelled"},
    "open": {"closed", "cancelled"},
    "closed": set(),
    "cancelled": {"draft"},
}
# What a round set out to do: no longer changed once it is over
FIXED = {
    "partnership_id",
    "motive",
    "opportunity",
    "opportunity_event_id",
    "opportunity_date_start",
    "opportunity_date_end",
    "purpose",
    "group_ids",
    "target_count",
    "date_start",
    "date_end",
}
# How it stood when a round opened and closed: written once
STAMPS = {
    "date_opened",
    "date_closed",
    "readiness_signal",
    "readiness_reasons",
    "readiness_date",
    "representativeness_before",
    "representativeness_closed",
}

ROUND_END = "partnership_management.mail_activity_type_round_end"


class PartnershipEnlargementRound(models.Model):
    """A dated window in which a partnership lets members in (L44); outside it the door is closed.

    It opens because the partnership is ready and needs it (L45), or because an opportunity arises
    (L46): a draft or open round is the dated record of that opportunity.

    An open round admits nobody after its last day, and no other opens beside it: whoever is
    responsible is reminded to close it, without mail.
    """

    _name = "partnership.enlargement.round"
    _description = "Enlargement Round"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "partnership.dated.mixin",
        "partnership.guarded.mixin",
    ]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    partnership_id = fields.Many2one(
        "partnership.partnership",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["partnership.partnership"].search([], limit=1),
    )
    company_id = fields.Many2one(related="partnership_id.company_id", store=True)
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        index=True,
        tracking=True,
    )
    color = fields.Integer()
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("open", "Open"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )

    # Why and what for
    motive = fields.Selection(
        [("maturity", "Maturity"), ("opportunity", "Opportunity")],
        required=True,
        default="maturity",
        tracking=True,
        help="Maturity: the partnership needs new members and can carry them. Opportunity: "
        "something happens that will not wait.",
    )
    opportunity = fields.Char(
        tracking=True, help="The event behind it: a call, a law, an actor that knocks at the door."
    )
    opportunity_event_id = fields.Many2one(
        "calendar.event",
        "Event",
        index="btree_not_null",
        ondelete="set null",
        help="The event in the calendar, where there is one.",
    )
    opportunity_date_start = fields.Date("Opportunity from", tracking=True)
    opportunity_date_end = fields.Date(
        "Opportunity until", tracking=True, help="The last day on which it can be used."
    )
    purpose = fields.Html(help="What the partnership wants to be able to do with the new members.")
    group_ids = fields.Many2many(
        "partnership.interest.group",
        "partnership_enlargement_round_group_rel",
        string="Groups Sought",
        help="The interest groups that are to be found in this round.",
    )
    target_count = fields.Integer("New Members Wanted")

    # When
    date_start = fields.Date("Opens", tracking=True)
    date_end = fields.Date("Closes", tracking=True, help="The last day on which it admits.")
    date_opened = fields.Date("Opened on", readonly=True, copy=False)
    date_closed = fields.Date("Closed on", readonly=True, copy=False)

    # What hangs on it
    candidate_ids = fields.One2many("partnership.candidate", "round_id", "Candidates")
    membership_ids = fields.One2many("partnership.membership", "round_id", "New Members")

    # Of two users that open one at the same moment the second is refused here; the message with
    # names comes from _check_none_open.
    _one_open = models.UniqueIndex(
        "(partnership_id) WHERE state = 'open'",
        "This partnership has an open enlargement round already.",
    )
    _target_positive = models.Constraint(
        "CHECK (target_count >= 0)", "A number of new members cannot be negative."
    )

    @api.constrains("motive", "opportunity", "state")
    def _check_opportunity(self):
        for round_ in self:
            if round_.motive == "opportunity" and not round_.opportunity:
                raise ValidationError(
                    self.env._(
                        "Name the event behind the opportunity of “%(round)s”.", round=round_.name
                    )
                )

    @api.constrains("opportunity_date_start", "opportunity_date_end")
    def _check_opportunity_dates(self):
        for round_ in self:
            start, end = round_.opportunity_date_start, round_.opportunity_date_end
            if start and end and end < start:
                raise ValidationError(
                    self.env._(
                        "The opportunity of “%(round)s” cannot end on %(end)s: it begins on "
                        "%(start)s.",
                        round=round_.name,
                        end=format_date(self.env, end),
                        start=format_date(self.env, start),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        opened = [vals for vals in vals_list if vals.get("state") == "open"]
        self._check_none_open([vals.get("partnership_id") for vals in opened])
        rounds = super().create(vals_list)
        rounds._stamp_states()
        rounds.filtered(lambda round_: round_.state == "open")._remind_of_end()
        rounds.sudo().partnership_id._postpone_readiness()
        return rounds

    def write(self, vals):
        self._check_not_over(vals)
        self._check_written_once(vals)
        if "state" in vals:
            self._check_next_state(vals["state"])
            if vals["state"] == "open":
                opened = self.filtered(lambda round_: round_.state != "open")
                opened._check_none_open(opened.partnership_id.ids)
        result = super().write(vals)
        if "state" in vals:
            self._stamp_states()
        if {"state", "date_end", "user_id"} & vals.keys():
            self._remind_of_end()
        self.sudo().partnership_id._postpone_readiness()
        return result

    def _check_not_over(self, vals):
        over = self.filtered(lambda round_: round_.state in ("closed", "cancelled"))
        if over and FIXED & vals.keys():
            raise UserError(
                self.env._(
                    "“%(round)s” is over: what it set out to do and when it was stays as it was.",
                    round=over[0].name,
                )
            )

    def _check_written_once(self, vals):
        """The door of a partnership that has had a round is closed: that is not undone by writing
        over it, by nobody."""
        written = STAMPS & vals.keys()
        for round_ in self:
            if any(round_[fname] for fname in written):
                raise UserError(
                    self.env._(
                        "“%(round)s” was open: for whom, when, and how the partnership stood then "
                        "is not rewritten.",
                        round=round_.name,
                    )
                )

    @api.model
    def _check_none_open(self, partnership_ids):
        """Refuse to open a round beside another."""
        domain = [("partnership_id", "in", partnership_ids), ("state", "=", "open")]
        other = self.search(domain, limit=1)
        if other:
            raise ValidationError(
                self.env._(
                    "%(partnership)s has an open round already: “%(round)s”. Close it first.",
                    partnership=other.partnership_id.name,
                    round=other.name,
                )
            )

    def _check_next_state(self, state):
        names = dict(self._fields["state"]._description_selection(self.env))
        for round_ in self:
            # What stood when it first opened is kept: it does not open a second time
            again = state == "draft" and round_.state != "draft" and round_.date_opened
            if again or state not in (round_.state, *NEXT_STATES[round_.state]):
                raise UserError(
                    self.env._(
                        "“%(round)s” is in the state “%(state)s” and cannot become “%(next)s”.",
                        round=round_.name,
                        state=names[round_.state],
                        next=names.get(state, state),
                    )
                )

    def _stamp_states(self):
        """Note the day on which the rounds opened or closed, where their partnership is. One of
        the past that is written down closed was open on the days it says."""
        closing = self.filtered(lambda round_: round_.state == "closed" and not round_.date_closed)
        for round_ in self.sudo():
            today = round_.partnership_id._get_today()
            if round_.state == "open" and not round_.date_opened:
                round_.date_opened = today
            elif round_.state == "closed" and not round_.date_opened:
                round_.date_opened = round_.date_start
                round_.date_closed = round_.date_end or today
            elif round_.state == "closed" and not round_.date_closed:
                round_.date_closed = today
        self._keep_figures(closing)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for round_ in self:
            used = round_.with_context(active_test=False).sudo()
            if round_.date_opened or used.candidate_ids or used.membership_ids:
                raise UserError(
                    self.env._(
                        "“%(round)s” was open, or has candidates: close or cancel it instead of "
                        "deleting it.",
                        round=round_.name,
                    )
                )

    def action_open(self):
        self._set_state("open")

    def action_close(self):
        self._set_state("closed")

    def action_cancel(self):
        self._set_state("cancelled")

    def action_draft(self):
        self._set_state("draft")

    def _set_state(self, state):
        self.check_access("write")
        self.sudo().state = state

    def _remind_of_end(self):
        quiet = self.with_context(mail_activity_quick_update=True)
        quiet.activity_unlink([ROUND_END])
        ending = quiet.filtered(lambda round_: round_.state == "open" and round_.date_end)
        for (date, user), rounds in ending.grouped(
            lambda round_: (round_.date_end, round_.user_id)
        ).items():
            rounds.activity_schedule(ROUND_END, date, user_id=user.id)
