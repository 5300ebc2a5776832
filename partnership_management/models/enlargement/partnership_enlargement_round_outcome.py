import json
from statistics import median

from markupsafe import Markup

from odoo import api, fields, models

from ...tools.optional_float import OptionalFloat
from .partnership_partnership_readiness import READINESS

ENOUGH = 3  # under that many cases there is not enough data
DAY = 86400


class PartnershipEnlargementRound(models.Model):
    """What a round set out from, and what came of it.

    Readiness and representativeness are kept as they stood when it opened and when it closed; all
    else is counted from the cards and memberships of the round.
    """

    _inherit = "partnership.enlargement.round"

    readiness_signal = fields.Selection(READINESS, readonly=True, copy=False, tracking=True)
    readiness_reasons = fields.Text("Reasons", readonly=True, copy=False)
    readiness_date = fields.Date("Readiness of", readonly=True, copy=False)
    representativeness_before = OptionalFloat(
        "Representativeness before", readonly=True, copy=False, aggregator="avg"
    )
    representativeness_closed = OptionalFloat(
        "Representativeness at the End", readonly=True, copy=False, aggregator="avg"
    )
    representativeness_after = OptionalFloat(
        "Representativeness after",
        compute="_compute_representativeness_after",
        help="When the round closed; while it is open, today.",
    )
    candidate_count = fields.Integer("Number of Candidates", compute="_compute_counts")
    admitted_count = fields.Integer("Admitted", compute="_compute_counts")
    refused_count = fields.Integer("Refused", compute="_compute_counts")
    member_count = fields.Integer("Number of New Members", compute="_compute_reached")
    conversion = OptionalFloat(
        compute="_compute_counts", help="Admitted candidates among all candidates of the round."
    )
    reached_group_ids = fields.Many2many(
        "partnership.interest.group", string="Groups Reached", compute="_compute_reached"
    )
    missed_group_ids = fields.Many2many(
        "partnership.interest.group", string="Groups not Reached", compute="_compute_reached"
    )
    stage_days = fields.Html("Days in Each Stage", compute="_compute_stage_days")

    @api.depends("representativeness_closed", "state")
    def _compute_representativeness_after(self):
        for round_ in self:
            round_.representativeness_after = (
                round_.partnership_id.representativeness_paper
                if round_.state == "open"
                else round_.representativeness_closed
            )

    @api.depends("candidate_ids.state")
    @api.depends_context("uid")
    def _compute_counts(self):
        """Who was admitted outside of a round was not admitted by it."""
        groups = self.env["partnership.candidate"]._read_group(
            [("round_id", "in", self.ids), ("active", "in", (True, False))],
            ["round_id", "state", "outside_reason"],
            ["__count"],
        )
        counts = {}
        for round_, state, outside, count in groups:
            for key in {"all", "outside" if outside else state}:
                counts[round_.id, key] = counts.get((round_.id, key), 0) + count
        for round_ in self:
            total = counts.get((round_.id, "all"), 0)
            admitted = counts.get((round_.id, "admitted"), 0)
            round_.candidate_count = total
            round_.admitted_count = admitted
            round_.refused_count = counts.get((round_.id, "refused"), 0)
            round_.conversion = admitted / total if total >= ENOUGH else None

    @api.depends("membership_ids.interest_group_id", "group_ids")
    @api.depends_context("uid")
    def _compute_reached(self):
        groups = self.env["partnership.membership"]._read_group(
            [("round_id", "in", self.ids), *self._get_entered_domain()],
            ["round_id"],
            ["__count", "interest_group_id:recordset"],
        )
        found = {round_.id: values for round_, *values in groups}
        for round_ in self:
            count, reached = found.get(round_.id, (0, round_.group_ids.browse()))
            round_.member_count = count
            round_.reached_group_ids = round_.group_ids & reached
            round_.missed_group_ids = round_.group_ids - reached

    @api.model
    def _get_entered_domain(self):
        """:return: domain of those that became members, whatever they are now"""
        return [("transition_ids.to_role_id.is_formal", "=", True)]

    @api.depends("candidate_ids.stage_id")
    @api.depends_context("uid")
    def _compute_stage_days(self):
        """The median over the cards that were in the stage, from the log of their changes."""
        stages = self.env["partnership.enlargement.stage"].with_context(active_test=False)
        stages = stages.search([])  # pylint: disable=no-search-all
        for round_ in self:
            spent = {}
            for card in round_.with_context(active_test=False).candidate_ids:
                for stage, days in round_._get_days_of(card).items():
                    spent.setdefault(stage, []).append(days)
            round_.stage_days = round_._format_stage_days(
                (stage, spent[stage.id]) for stage in stages if stage.id in spent
            )

    def _get_days_of(self, card):
        """:return: dict id of a stage -> days; a card that was refused waits no longer"""
        durations = card.duration_tracking or {}
        durations = json.loads(durations) if isinstance(durations, str) else durations
        days = {
            int(stage): seconds / DAY
            for stage, seconds in durations.items()
            if stage.isdigit() and seconds
        }
        if card.refuse_date and card.stage_id.id in days:
            since = (self.partnership_id._get_today() - card.refuse_date).days
            days[card.stage_id.id] = max(days[card.stage_id.id] - since, 0)
        return days

    def _format_stage_days(self, stages):
        """:param stages: iterable of (stage, list of days that the cards spent in it)"""
        rows = Markup().join(
            Markup("<tr><td>%s</td><td class='text-end'>%s</td><td class='text-end'>%s</td></tr>")
            % (
                stage.name,
                round(median(days)) if len(days) >= ENOUGH else self.env._("not enough data"),
                len(days),
            )
            for stage, days in stages
        )
        if not rows:
            return False
        head = Markup(
            "<tr><th>%s</th><th class='text-end'>%s</th><th class='text-end'>%s</th></tr>"
        )
        return Markup(
            "<table class='table table-sm'><thead>%s</thead><tbody>%s</tbody></table>"
        ) % (
            head % (self.env._("Stage"), self.env._("Median days"), self.env._("Candidates")),
            rows,
        )

    def _keep_figures(self, closing):
        """Keep readiness and representativeness as they stood when a round opened and closed.

        :param closing: the rounds that have just closed
        """
        for round_ in self.filtered(lambda each: each.date_opened and not each.readiness_date):
            round_._note_readiness()
        for round_ in closing:
            there = round_.partnership_id.with_context(as_of=round_.date_closed)
            round_.sudo().representativeness_closed = there.representativeness_paper
            if round_.candidate_ids:
                round_._log_outcome()

    def _note_readiness(self):
        self.ensure_one()
        there = self.partnership_id.with_context(as_of=self.date_opened)
        readiness = there._get_readiness(self.date_opened)[there.id]
        self.sudo().write(
            {
                "readiness_signal": readiness["signal"],
                "readiness_reasons": "\n".join(readiness["reasons"]),
                "readiness_date": self.date_opened,
                "representativeness_before": there.representativeness_paper,
            }
        )

    def _log_outcome(self):
        self.ensure_one()
        missing = self.env._("not enough data")
        before, after = (
            missing if value is False else round(value, 1)
            for value in (self.representativeness_before, self.representativeness_closed)
        )
        self._message_log(
            body=self.env._(
                "Closed with %(candidates)s candidates: %(admitted)s admitted, %(refused)s "
                "refused. Groups reached: %(reached)s; not reached: %(missed)s. "
                "Representativeness: %(before)s before, %(after)s after.",
                candidates=self.candidate_count,
                admitted=self.admitted_count,
                refused=self.refused_count,
                reached=", ".join(self.reached_group_ids.mapped("name")) or "–",
                missed=", ".join(self.missed_group_ids.mapped("name")) or "–",
                before=before,
                after=after,
            )
        )

    def action_take_in(self):
        """Put the ongoing cards that are in no open or planned round into this one."""
        self.ensure_one()
        cards = self.env["partnership.candidate"].search(
            [
                ("partnership_id", "=", self.partnership_id.id),
                ("state", "=", "ongoing"),
                "|",
                ("round_id", "=", False),
                ("round_id.state", "not in", ("draft", "open")),
            ]
        )
        cards.round_id = self

    def action_open_candidates(self):
        return self._open_cards()

    def action_open_admitted(self):
        return self._open_cards(("state", "=", "admitted"), ("outside_reason", "=", False))

    def action_open_refused(self):
        return self._open_cards(("state", "=", "refused"))

    def _open_cards(self, *conditions):
        self.ensure_one()
        return self.env["partnership.candidate"]._get_list_action(
            [("round_id", "=", self.id), *conditions],
            {"default_round_id": self.id, "default_partnership_id": self.partnership_id.id},
        )

    def action_open_members(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_membership_action"
        )
        action["domain"] = [("round_id", "=", self.id), *self._get_entered_domain()]
        action["context"] = {"create": False}
        return action
