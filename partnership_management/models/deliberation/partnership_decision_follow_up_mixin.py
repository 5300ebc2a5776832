from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models

REVIEW = "partnership_management.mail_activity_type_decision_review"


class PartnershipDecisionFollowUpMixin(models.AbstractModel):
    """What becomes of a decision: it is told, carried out, reviewed, superseded."""

    _name = "partnership.decision.follow.up.mixin"
    _description = "Follow-up of a Decision"
    _inherit = ["partnership.files.mixin"]

    attachment_ids = fields.Many2many(copy=False)
    briefing_ids = fields.One2many("partnership.briefing", "decision_id", "Briefings")

    @api.model_create_multi
    def create(self, vals_list):
        decisions = super().create(vals_list)
        decisions.filtered("date_review")._plan_review(decisions)
        return decisions

    def write(self, vals):
        moved = self._filtered_changed(vals, ["date_review", "state"])
        result = super().write(vals)
        if not {"date_review", "state", "superseded_by_id"}.isdisjoint(vals):
            self._plan_review(moved)
        return result

    # ------------------------------------------------------------
    # Review
    # ------------------------------------------------------------

    def _plan_review(self, moved):
        """Bring the to-dos of review in line with the decisions, without mail.

        :param moved: those with another date or state. The others get no new one: theirs may be
            done.
        """
        quiet = self.with_context(mail_activity_quick_update=True)
        due = quiet.filtered(
            lambda decision: (
                decision.date_review
                and decision.state == "closed"
                and not decision.superseded_by_id
            )
        )
        planned = quiet.activity_search([REVIEW])
        (planned - planned.filtered(lambda activity: activity.res_id in due._ids)).unlink()
        planned = planned.exists().grouped("res_id")
        for date, decisions in due.grouped("date_review").items():
            activities = quiet.env["mail.activity"].union(
                *(planned[decision.id] for decision in decisions if decision.id in planned)
            )
            activities.filtered(
                lambda activity, date=date: activity.date_deadline != date
            ).date_deadline = date
            fresh = (decisions & moved).filtered(lambda decision: decision.id not in planned)
            for user, own in fresh._grouped_by_responsible().items():
                own.activity_schedule(REVIEW, date, user_id=user.id)

    def _grouped_by_responsible(self):
        """:return: dict the first of the team of the partnership who may read them, or the user ->
        decisions"""
        groups = defaultdict(self.browse)
        for partnership, decisions in self.grouped(lambda each: each.sudo().partnership_id).items():
            for user in partnership.user_id | partnership.user_ids:
                mine = decisions.with_user(user)._filtered_access("read").with_env(self.env)
                groups[user] |= mine
                decisions -= mine
            groups[self.env.user] |= decisions
        return {user: decisions for user, decisions in groups.items() if decisions}

    # ------------------------------------------------------------
    # Those whom it concerns
    # ------------------------------------------------------------

    def action_tell_outcome(self):
        """Open the briefing that tells the outcome; where there is none, a draft of it that waits
        to be sent."""
        self.ensure_one()
        self._check_state("closed")
        self._take_turns()
        briefings = self.briefing_ids.filtered(lambda briefing: briefing.state != "cancelled")
        briefing = briefings[:1] or self._create_briefing()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_briefing_action"
        )
        return {**action, "views": [(False, "form")], "res_id": briefing.id}

    def _create_briefing(self):
        """:return: a draft for whoever speaks on a seat of the body today, and the contacts that
        the question concerns"""
        briefing = self.env["partnership.briefing"].create(
            {
                "name": self.display_name,
                "kind": "document",
                "partnership_id": self.partnership_id.id,
                "body_id": self.body_id.id,
                "body": self._say_outcome(),
            }
        )
        briefing.sudo().decision_id = self
        readers = briefing._get_body_readers(self.body_id, briefing._get_today())
        known = {person for person, _membership in readers}
        none = self.env["partnership.membership"]
        concerned = [person for person in self.item_id.partner_ids if person not in known]
        briefing._add_readers([*readers, *((person, none) for person in concerned)])
        return briefing

    def _say_outcome(self):
        """:return: Markup of what was decided, by how many votes, and on what conditions"""
        outcome = dict(self._fields["outcome"]._description_selection(self.env))[self.outcome]
        lines = [line["text"] for line in self._get_arithmetic()]
        parts = [
            self.text or "",
            Markup("<p><strong>%s</strong></p>") % outcome,
            Markup("<ul>%s</ul>")
            % Markup().join(Markup("<li>%s</li>") % line for line in [self.sentence, *lines])
            if lines
            else "",
        ]
        if self.conditions:
            parts.append(
                Markup("<p>%s</p>")
                % self.env._("Conditions: %(conditions)s", conditions=self.conditions)
            )
        if self.is_overridden:
            parts.append(
                Markup("<p>%s</p>")
                % self.env._("Balance overridden: %(reason)s", reason=self.override_reason)
            )
        return Markup().join(parts)
