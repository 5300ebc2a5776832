from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ...tools.against_today import AgainstToday
from ...tools.groups import TEAM

OUTCOMES = [
    ("adopted", "Adopted"),
    ("refused", "Refused"),
    ("no_quorum", "No quorum"),
    ("unbalanced", "Balance not met"),
    ("repeat", "Repeat"),
    ("deferred", "Deferred"),
    ("not_put", "Not put"),
]
# What stays as it was put to the vote, besides the numbers of the rule
PUT_FIELDS = (
    "name",
    "text",
    "body_id",
    "event_id",
    "item_id",
    "rule_id",
    "group_ids",
    "origin",
    "date",
)
# What stays as it was decided, until it is corrected
DECIDED_FIELDS = ("conditions", "chair_id")
FROM_RULE = {
    "compute": "_compute_numbers",
    "store": True,
    "readonly": False,
    "precompute": True,
    "default": None,
}


class PartnershipDecision(models.Model):
    """One question to a body: put to the vote, decided, and kept in the register.

    It has a copy of the numbers of its rule, which stay as they were when the vote was opened, as
    does its text. State, outcome, number and votes are written by methods alone.
    """

    _name = "partnership.decision"
    _description = "Decision"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "partnership.decision.rule.mixin",
        "partnership.decision.proof.mixin",
        "partnership.decision.follow.up.mixin",
        "partnership.guarded.mixin",
    ]
    _order = "date desc, year desc, number desc, id desc"
    _sent_fields = ("name", "text", "conditions", "override_reason", "reference")
    _check_company_auto = True

    name = fields.Char("Title", required=True, tracking=True)
    text = fields.Html(help="What is put to the vote, word for word.")
    item_id = fields.Many2one(
        "partnership.agenda.item",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('event_id', '=', event_id)]",
    )
    event_id = fields.Many2one(
        "calendar.event",
        "Meeting",
        compute="_compute_event_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('partnership_body_id', '!=', False)]",
    )
    body_id = fields.Many2one(
        "partnership.body",
        compute="_compute_body_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
    )
    partnership_id = fields.Many2one(
        related="body_id.partnership_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(related="partnership_id.company_id", store=True)
    origin = fields.Selection(
        [("meeting", "At a meeting"), ("recorded", "Recorded afterwards")],
        "Taken",
        compute="_compute_origin",
        store=True,
        precompute=True,
    )
    date = fields.Date(
        compute="_compute_date",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
    )
    rule_id = fields.Many2one(
        "partnership.decision.rule",
        compute="_compute_rule_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('body_id', '=', body_id)]",
    )
    chair_id = fields.Many2one(
        "res.partner",
        "Presided by",
        compute="_compute_chair_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        groups=TEAM,
    )

    # The numbers of the rule, as they are for this one
    base = fields.Selection(**FROM_RULE)
    threshold_type = fields.Selection(**FROM_RULE)
    threshold_numerator = fields.Integer(**FROM_RULE)
    threshold_denominator = fields.Integer(**FROM_RULE)
    tie = fields.Selection(**FROM_RULE)
    quorum_type = fields.Selection(**FROM_RULE)
    quorum_base = fields.Selection(**FROM_RULE)
    quorum_share = fields.Float(**FROM_RULE)
    quorum_seats = fields.Integer(**FROM_RULE)
    quorum_is_strict = fields.Boolean(**FROM_RULE)
    quorum_counted = fields.Selection(**FROM_RULE)
    proxy_allowed = fields.Boolean(**FROM_RULE)
    proxy_max = fields.Integer(**FROM_RULE)
    remote_allowed = fields.Boolean(**FROM_RULE)
    group_by = fields.Selection(**FROM_RULE)
    balance = fields.Selection(**FROM_RULE)
    balance_base = fields.Selection(**FROM_RULE)
    group_ceiling = fields.Float(**FROM_RULE)
    is_half_non_public = fields.Boolean(**FROM_RULE)
    by_group = fields.Selection(**FROM_RULE)
    visibility = fields.Selection(**FROM_RULE)
    is_hidden = fields.Boolean(**FROM_RULE)
    declaration_required = fields.Boolean(**FROM_RULE)
    group_ids = fields.One2many(
        "partnership.decision.rule.group",
        "decision_id",
        "Groups Named",
        compute="_compute_group_ids",
        store=True,
    )

    # What became of it
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("open", "Open"),
            ("interrupted", "Interrupted"),
            ("closed", "Closed"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    outcome = fields.Selection(OUTCOMES, readonly=True, copy=False, index=True, tracking=True)
    number = fields.Integer(readonly=True, copy=False, help="In the register of its year.")
    year = fields.Integer(readonly=True, copy=False, aggregator=None)
    reference = fields.Char("Number and Year", compute="_compute_reference", store=True)
    opened_on = fields.Datetime("Vote Opened on", readonly=True, copy=False)
    closed_on = fields.Datetime("Vote Closed on", readonly=True, copy=False)
    conditions = fields.Text(help="On which it was adopted.")
    is_overridden = fields.Boolean("Balance Overridden", readonly=True, copy=False)
    override_reason = fields.Char("Why the Balance Was Overridden", readonly=True, copy=False)
    override_user_id = fields.Many2one("res.users", "Overridden by", readonly=True, copy=False)
    override_date = fields.Datetime("Overridden on", readonly=True, copy=False)
    is_under_reserve = fields.Boolean("Under Reserve", readonly=True, copy=False)
    superseded_by_id = fields.Many2one(
        "partnership.decision",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    supersedes_ids = fields.One2many("partnership.decision", "superseded_by_id")

    # Votes
    vote_ids = fields.One2many("partnership.vote", "decision_id", "All Votes")
    last_vote_ids = fields.One2many(
        "partnership.vote", "decision_id", "Votes", domain=[("is_last", "=", True)]
    )
    count_ids = fields.One2many("partnership.decision.count", "decision_id", "Counts")

    # Carried out
    date_review = fields.Date("Review on", copy=False)
    is_review_due = AgainstToday("Review Due", date_field="date_review", sign="<")
    is_execution_asked = fields.Boolean(
        "To Be Carried out",
        compute="_compute_is_execution_asked",
        store=True,
        readonly=False,
        precompute=True,
    )
    date_execution_due = fields.Date("To Be Carried out by", copy=False)
    is_executed = fields.Boolean("Carried out", copy=False, tracking=True)
    date_executed = fields.Date("Carried out on", copy=False)
    execution_evidence = fields.Text("Evidence", copy=False)

    _number_uniq = models.UniqueIndex(
        "(body_id, year, number) WHERE number > 0",
        "The body has a decision of this number in that year already.",
    )

    @api.depends("item_id.event_id")
    def _compute_event_id(self):
        for decision in self:
            decision.event_id = decision.item_id.event_id or decision.event_id

    @api.depends("event_id.partnership_body_id")
    def _compute_body_id(self):
        for decision in self:
            decision.body_id = decision.event_id.partnership_body_id or decision.body_id

    @api.depends("event_id")
    def _compute_origin(self):
        for decision in self:
            decision.origin = "meeting" if decision.event_id else "recorded"

    @api.depends("event_id.partnership_date", "body_id")
    def _compute_date(self):
        for decision in self:
            if decision.state in (False, "draft", "open", "interrupted"):
                day = decision.event_id.partnership_date or decision.date
                decision.date = day or decision.body_id._get_today()

    @api.depends("body_id")
    def _compute_rule_id(self):
        for decision in self:
            if decision.rule_id.body_id != decision.body_id:
                decision.rule_id = decision.body_id.default_rule_id

    @api.depends("rule_id")
    def _compute_numbers(self):
        """Once a vote was opened its numbers stay."""
        fnames = self._get_number_fields()
        for decision in self:
            if decision.state in ("draft", False):
                for fname in fnames:
                    decision[fname] = decision.rule_id[fname]

    @api.depends("rule_id")
    def _compute_group_ids(self):
        for decision in self:
            if decision.state in ("draft", False):
                decision.group_ids = [
                    Command.clear(),
                    *(
                        Command.create({**vals, "rule_id": False})
                        for vals in decision.rule_id.sudo().group_ids.copy_data()
                    ),
                ]

    @api.depends("event_id", "body_id", "date")
    def _compute_chair_id(self):
        """Who has the chair of the body that day, and is its main representative."""
        for decision in self:
            if decision.event_id and decision.state in (False, "draft"):
                seats = decision.body_id.seat_ids._valid_on(decision.date)
                mandates = seats.mandate_ids._valid_on(decision.date)
                chairs = mandates.filtered(lambda mandate: mandate.office == "chair")
                decision.chair_id = decision.chair_id or chairs[:1].person_id

    @api.depends("item_id.is_routine")
    def _compute_is_execution_asked(self):
        for decision in self:
            decision.is_execution_asked = not decision.item_id.is_routine

    @api.depends("number", "year")
    def _compute_reference(self):
        for decision in self:
            number = f"{decision.number}/{decision.year}" if decision.number else False
            decision.reference = number

    @api.depends("reference", "name")
    def _compute_display_name(self):
        for decision in self:
            decision.display_name = " ".join(filter(None, [decision.reference, decision.name]))

    @api.constrains("event_id", "body_id", "item_id", "rule_id")
    def _check_place(self):
        for decision in self:
            event = decision.event_id
            if event and event.partnership_body_id != decision.body_id:
                raise ValidationError(
                    self.env._(
                        "“%(decision)s” is a question to %(body)s, and “%(event)s” is not one of "
                        "its meetings.",
                        decision=decision.name,
                        body=decision.body_id.name,
                        event=event.display_name,
                    )
                )
            if decision.item_id and decision.item_id.event_id != event:
                raise ValidationError(
                    self.env._(
                        "“%(item)s” is on the agenda of another meeting than “%(decision)s”.",
                        item=decision.item_id.display_name,
                        decision=decision.name,
                    )
                )
            if decision.rule_id and decision.rule_id.body_id != decision.body_id:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” is a rule of %(body)s: choose one of %(own)s.",
                        rule=decision.rule_id.name,
                        body=decision.rule_id.body_id.name,
                        own=decision.body_id.name,
                    )
                )

    @api.constrains("is_executed", "date_executed", "outcome")
    def _check_executed(self):
        for decision in self.filtered("is_executed"):
            if decision.outcome != "adopted":
                raise ValidationError(
                    self.env._(
                        "“%(decision)s” was not adopted: there is nothing to carry out.",
                        decision=decision.display_name,
                    )
                )

    def write(self, vals):
        self._check_stays_put(vals)
        return super().write(vals)

    def _check_stays_put(self, vals):
        """What was put to the vote stays, and so does what was decided; a correction says what was
        there before."""
        if self.env.su:
            return
        put = [fname for fname in (*PUT_FIELDS, *self._get_number_fields()) if fname in vals]
        changed = self.filtered(lambda decision: decision.state != "draft")
        changed = changed._filtered_changed(vals, put)
        decided = [fname for fname in DECIDED_FIELDS if fname in vals]
        closed = self.filtered(lambda decision: decision.state in ("closed", "withdrawn"))
        changed |= closed._filtered_changed(vals, decided)
        for decision in changed:
            raise UserError(
                self.env._(
                    "“%(decision)s” was put to the vote on %(date)s: it stays as it was. Correct "
                    "it by “Correct”, which keeps what was there, or have the body decide anew.",
                    decision=decision.display_name,
                    date=format_date(self.env, decision.date),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_put(self):
        for decision in self:
            if decision.state != "draft":
                raise UserError(
                    self.env._(
                        "“%(decision)s” was put to the vote: it stays in the register. Withdraw a "
                        "question that is not to be decided.",
                        decision=decision.display_name,
                    )
                )

    # ------------------------------------------------------------
    # What became of it without a vote
    # ------------------------------------------------------------

    def action_withdraw(self):
        """Whoever asked no longer asks: nothing was decided."""
        self._check_state("draft", "open", "interrupted")
        self.sudo().write({"state": "withdrawn"})

    def action_not_put(self):
        """An alternative was adopted: the question was not put any more."""
        self._check_state("draft", "open", "interrupted")
        self._settle(dict.fromkeys(self, "not_put"))

    def action_defer(self):
        """The question goes to a later meeting: this one is settled, a new draft is made of it.

        :return: the new decisions, without a meeting of their own as yet
        """
        self._check_state("draft", "open", "interrupted")
        later = self.browse()
        for decision in self:
            later |= decision.copy({"event_id": False, "item_id": False})
        self._settle(dict.fromkeys(self, "deferred"))
        return later

    def _is_carried_out(self, date):
        """:return: whether what was decided was done by ``date``"""
        self.ensure_one()
        return self.is_executed and bool(self.date_executed) and self.date_executed <= date

    def _check_state(self, *states):
        self.check_access("write")
        words = dict(self._fields["state"]._description_selection(self.env))
        for decision in self:
            if decision.state not in states:
                raise UserError(
                    self.env._(
                        "“%(decision)s” is %(state)s: that is possible while it is %(states)s.",
                        decision=decision.display_name,
                        state=words[decision.state].lower(),
                        states=", ".join(words[state].lower() for state in states),
                    )
                )
