from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

KINDS = [
    ("absent", "Absent"),
    ("irregular", "Irregular"),
    ("uninformed", "Ill-informed"),
    ("unrepresentative", "Unrepresentative"),
    ("turnover", "Turnover"),
]


class PartnershipPitfall(models.Model):
    """A risk of one kind for one membership: found, answered by a mechanism, gone, come back.

    There is one record for each kind, which reopens: its history tells how often. Its figure is
    the one that the kind is judged by; what it was before is that of the day on which the
    mechanism was planned, or, as long as there is none, of the day on which it opened.

    What is done about it: a mechanism of the library, which is an activity plan.

    Why: the figures behind a pitfall, with their parts, in words.
    """

    _name = "partnership.pitfall"
    _description = "Pitfall"
    _inherit = ["mail.thread", "mail.activity.mixin", "partnership.guarded.mixin"]
    _order = "severity desc, membership_id, date_open, id"

    membership_id = fields.Many2one(
        "partnership.membership", "Member", required=True, readonly=True, ondelete="cascade"
    )
    partnership_id = fields.Many2one(
        related="membership_id.partnership_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(related="partnership_id.company_id", store=True, precompute=True)
    partner_id = fields.Many2one(
        related="membership_id.partner_id", string="Actor", store=True, index=True, precompute=True
    )
    interest_group_id = fields.Many2one(
        related="membership_id.interest_group_id", store=True, precompute=True
    )
    user_id = fields.Many2one(related="partnership_id.user_id", string="Responsible")
    kind = fields.Selection(KINDS, required=True, readonly=True, group_expand=True)
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")], required=True, readonly=True, default="open"
    )
    severity = fields.Float(related="membership_id.pitfall_severity", store=True, aggregator="max")
    reasons = fields.Text(readonly=True)

    # When it was there
    date_open = fields.Date("Open since", required=True, readonly=True)
    date_closed = fields.Date("Closed on", readonly=True)
    close_kind = fields.Selection(
        [
            ("effect", "No longer at risk"),
            ("worse", "Became absent altogether"),
            ("left", "No longer a member"),
            ("dismissed", "Dismissed by hand"),
        ],
        "Closed because",
        readonly=True,
    )
    close_reason = fields.Char("Reason for Dismissal", readonly=True)
    is_silenced = fields.Boolean(
        readonly=True,
        help="Dismissed by hand, and still there: it reopens only once it was gone in between.",
    )
    reopen_count = fields.Integer("Times Reopened", readonly=True)

    mechanism_plan_id = fields.Many2one(
        "mail.activity.plan",
        "Mechanism",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    mechanism_date = fields.Date("Mechanism Planned on", readonly=True)
    is_answered = fields.Boolean(
        "Has a Mechanism",
        compute="_compute_is_answered",
        store=True,
        help="A mechanism was planned since the pitfall is open.",
    )
    color = fields.Integer(compute="_compute_color", help="Red as long as nobody answered.")
    suggested_plan_ids = fields.Many2many(
        "mail.activity.plan", string="Mechanisms", compute="_compute_suggested_plan_ids"
    )
    suggested_plan_id = fields.Many2one(
        "mail.activity.plan", "Suggestion", compute="_compute_suggested_plan_ids"
    )

    _kind_uniq = models.UniqueIndex(
        "(membership_id, kind)", "A member has each pitfall once: it closes and reopens."
    )
    _order_index = models.Index("(severity DESC, membership_id, date_open, id)")

    @api.depends("kind", "membership_id")
    @api.depends_context("partnership_pitfall_short", "lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for pitfall in self:
            kind = kinds.get(pitfall.kind, "")
            if not self.env.context.get("partnership_pitfall_short"):
                kind = self.env._(
                    "%(kind)s: %(member)s",
                    kind=kind,
                    member=pitfall.sudo().partner_id.display_name or "",
                )
            pitfall.display_name = kind

    def action_dismiss(self):
        """Ask for the reason."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_pitfall_dismiss_action"
        )
        action["context"] = {"default_pitfall_ids": self.ids}
        return action

    def action_reopen(self):
        """Take back a dismissal. If there is nothing to it any more, the next search closes it."""
        for pitfall in self:
            if pitfall.close_kind != "dismissed":
                raise UserError(
                    self.env._(
                        "%(pitfall)s was not dismissed by hand: it reopens by itself when it "
                        "comes back.",
                        pitfall=pitfall.display_name,
                    )
                )
        self.check_access("write")
        pitfalls = self.sudo()
        for today, own in pitfalls._grouped_by_today().items():
            own._open_again(today)
        pitfalls._refresh_figures(pitfalls.membership_id)
        pitfalls.filtered(lambda pitfall: not pitfall.mechanism_date)._keep_figure_before()
        pitfalls._log_each(lambda _pitfall: self.env._("Reopened by hand."))

    def action_open_membership(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "partnership.membership",
            "res_id": self.membership_id.id,
            "view_mode": "form",
        }

    def _dismiss(self, reason):
        """Close by hand what is open; it stays closed until it has been gone once."""
        self.check_access("write")
        pitfalls = self.sudo().filtered(lambda pitfall: pitfall.state == "open")
        for today, own in pitfalls._grouped_by_today().items():
            own._close("dismissed", today)
        pitfalls.write({"close_reason": reason, "is_silenced": True})
        pitfalls._log_each(
            lambda _pitfall: self.env._("Dismissed by hand: %(reason)s", reason=reason)
        )

    def _close(self, kind, date):
        self.write({"state": "closed", "close_kind": kind, "date_closed": date})

    def _open_again(self, date):
        self.write(
            {
                "state": "open",
                "date_open": date,
                "date_closed": False,
                "close_kind": False,
                "close_reason": False,
                "is_silenced": False,
            }
        )
        for pitfall in self:
            pitfall.reopen_count += 1

    def _log_each(self, get_body):
        """Write one line into the history of each, in one go."""
        if self:
            self._message_log_batch({pitfall.id: get_body(pitfall) for pitfall in self})

    @api.depends("mechanism_date", "date_open")
    def _compute_is_answered(self):
        for pitfall in self:
            pitfall.is_answered = bool(
                pitfall.mechanism_date
                and pitfall.date_open
                and pitfall.mechanism_date >= pitfall.date_open
            )

    @api.depends("is_answered")
    def _compute_color(self):
        for pitfall in self:
            pitfall.color = 4 if pitfall.is_answered else 1

    @api.depends("kind", "state", "mechanism_plan_id", "company_id")
    @api.depends_context("uid")
    def _compute_suggested_plan_ids(self):
        """The mechanisms of the library against this kind; first the one not tried last."""
        plans = self.env["mail.activity.plan"].search(
            [("res_model", "=", self._name), ("template_ids", "!=", False)], order="id"
        )
        for pitfall in self:
            suited = plans.filtered(
                lambda plan, pitfall=pitfall: (
                    pitfall.state == "open"
                    and plan._answers(pitfall.kind)
                    and plan.company_id <= pitfall.company_id
                )
            )
            pitfall.suggested_plan_ids = suited
            pitfall.suggested_plan_id = (suited - pitfall.mechanism_plan_id)[:1]

    def action_plan_suggested(self):
        """Plan, on each, the mechanism that the library suggests first."""
        for pitfall in self:
            if not pitfall.suggested_plan_id:
                raise UserError(
                    self.env._(
                        "The library has no further mechanism against “%(pitfall)s”: choose one "
                        "by hand, or add one under Configuration, Mechanisms.",
                        pitfall=pitfall.display_name,
                    )
                )
        self._check_not_planned_today(self.mechanism_plan_id)
        result = False
        for plan, pitfalls in self.grouped("suggested_plan_id").items():
            result = pitfalls._plan(plan)
        return result

    def action_choose_plan(self):
        """Open the dialog of Odoo that starts an activity plan, for one or many."""
        self._check_can_be_answered()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan a Mechanism"),
            "res_model": "mail.activity.schedule",
            "view_mode": "form",
            "target": "new",
            "context": {
                "active_model": self._name,
                "active_ids": self.ids,
                "plan_mode": True,
                "dialog_size": "large",
            },
        }

    def _plan(self, plan):
        """Start ``plan`` at once, as the dialog does it.

        :return: what the client does next
        """
        wizard = self.env["mail.activity.schedule"].with_context(
            active_model=self._name, active_ids=self.ids
        )
        return wizard.create({"plan_id": plan.id}).action_schedule_plan()

    def _set_mechanism(self, plan):
        """Keep what was planned and the figure of that day. What an earlier mechanism had
        brought stays in the history."""
        self._check_can_be_answered()
        self._check_not_planned_today(plan)
        self._take_turns()
        pitfalls = self.sudo()
        pitfalls.filtered("mechanism_date")._log_each(lambda pitfall: pitfall._describe_mechanism())
        for today, own in pitfalls._grouped_by_today().items():
            own.write({"mechanism_plan_id": plan.id, "mechanism_date": today})
        pitfalls._keep_figure_before()

    def _check_not_planned_today(self, plans):
        """Nobody plans the same twice, nor the next suggestion with a second click on the first.

        :param plans: the mechanisms that are not planned again on the day they were
        """
        planned = self.filtered(
            lambda pitfall: (
                pitfall.mechanism_plan_id & plans and pitfall.mechanism_date == pitfall._get_today()
            )
        )
        if planned:
            raise UserError(
                self.env._(
                    "“%(plan)s” was planned against “%(pitfall)s” today already. To plan another "
                    "mechanism beside it, choose that one by hand.",
                    plan=planned[0].mechanism_plan_id.name,
                    pitfall=planned[0].display_name,
                )
            )

    def _check_can_be_answered(self):
        self.check_access("write")
        for pitfall in self:
            if pitfall.state != "open":
                raise UserError(
                    self.env._(
                        "%(pitfall)s is closed: there is nothing to answer.",
                        pitfall=pitfall.display_name,
                    )
                )

    def _describe_mechanism(self):
        return self.env._(
            "The mechanism before: %(plan)s. %(figure)s before: %(before)s, after 3 months: "
            "%(after_3)s, after 6 months: %(after_6)s.",
            plan=self.mechanism_plan_id.name,
            figure=self.figure_name,
            before=self.before_text,
            after_3=self.after_3_text,
            after_6=self.after_6_text,
        )

    @api.model
    def _refresh_reasons(self, memberships):
        """Say of the open pitfalls why they are, in the language of who is responsible."""
        pitfalls = self.search(
            [("membership_id", "in", memberships.ids), ("state", "=", "open")], order="id"
        )
        for pitfall in pitfalls:
            lang = pitfall.partnership_id._get_alert_user().lang or self.env.lang
            reasons = " ".join(pitfall.with_context(lang=lang)._get_reasons())
            if reasons and reasons != pitfall.reasons:
                pitfall.reasons = reasons

    def _get_reasons(self):
        """:return: list of sentences; a figure without enough data says nothing"""
        self.ensure_one()
        figure = self.membership_id.figure_id
        return getattr(self, f"_get_reasons_{self.kind}")(figure, self.partnership_id)

    def _get_reasons_absent(self, figure, _place):
        return [
            self.env._(
                "Missed the last three meetings; represented at %(represented)s of %(expected)s "
                "since %(start)s.",
                represented=figure.represented,
                expected=figure.expected,
                start=self._get_window_start(figure),
            )
        ]

    def _get_reasons_irregular(self, figure, place):
        return [
            self.env._(
                "Missed %(longest)s of %(expected)s meetings without a break: regularity "
                "%(share)s, under %(threshold)s.",
                longest=figure.longest_absence,
                expected=figure.expected,
                share=self._format_share(figure.regularity),
                threshold=self._format_share(place.pitfall_irregular_under),
            )
        ]

    def _get_reasons_uninformed(self, figure, place):
        return [
            self.env._(
                "Read %(read)s of %(due)s briefings in time: %(share)s, under %(threshold)s.",
                read=figure.briefings_read,
                due=figure.briefings_due,
                share=self._format_share(figure.informed_rate),
                threshold=self._format_share(place.pitfall_informed_under),
            )
        ]

    def _get_reasons_unrepresentative(self, figure, place):
        reasons = []
        if figure.represented >= 3 and figure.validity_rate < place.pitfall_validity_under:
            reasons.append(
                self.env._(
                    "The holder of a mandate came to %(valid)s of the %(represented)s meetings at "
                    "which somebody came: %(share)s, under %(threshold)s.",
                    valid=figure.valid,
                    represented=figure.represented,
                    share=self._format_share(figure.validity_rate),
                    threshold=self._format_share(place.pitfall_validity_under),
                )
            )
        if figure.no_authority:
            reasons.append(self.env._("Nobody holds a mandate that may commit the organisation."))
        return reasons

    def _get_reasons_turnover(self, figure, place):
        reasons = []
        if figure.represented >= 3 and figure.continuity < place.pitfall_continuity_under:
            reasons.append(
                self.env._(
                    "%(persons)s persons came in turns to %(represented)s meetings: continuity "
                    "%(share)s, under %(threshold)s.",
                    persons=figure.representatives,
                    represented=figure.represented,
                    share=self._format_share(figure.continuity),
                    threshold=self._format_share(place.pitfall_continuity_under),
                )
            )
        if 0 < place.pitfall_replacements <= figure.replacements_unplanned:
            reasons.append(
                self.env._(
                    "%(count)s titulars were replaced without plan since %(start)s.",
                    count=figure.replacements_unplanned,
                    start=self._get_window_start(figure),
                )
            )
        return reasons

    def _get_window_start(self, figure):
        return format_date(self.env, figure.window_start) if figure.window_start else "–"
