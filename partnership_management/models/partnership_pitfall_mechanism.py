from odoo import api, fields, models
from odoo.exceptions import UserError


class PartnershipPitfall(models.Model):
    """What is done about it: a mechanism of the library, which is an activity plan."""

    _inherit = "partnership.pitfall"

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
