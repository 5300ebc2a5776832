from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.groups import TEAM
from .partnership_vote import TAPS

GIVEN = ("yes", "no", "abstained", "invalid", "voted")


class CalendarEvent(models.Model):
    """What a meeting deals with, and what it decides."""

    _inherit = "calendar.event"

    agenda_item_ids = fields.One2many(
        "partnership.agenda.item", "event_id", "Agenda", copy=False, groups=TEAM
    )
    decision_ids = fields.One2many(
        "partnership.decision", "event_id", "Decisions", copy=False, groups=TEAM
    )
    decision_count = fields.Integer(compute="_compute_decision_count", groups=TEAM)
    decision_presence_note = fields.Char(compute="_compute_decision_presence_note", groups=TEAM)

    @api.model
    def _get_public_fields(self):
        return super()._get_public_fields() | {"agenda_item_ids", "decision_ids"}

    @api.depends("decision_ids")
    @api.depends_context("uid")
    def _compute_decision_count(self):
        counts = dict(
            self.env["partnership.decision"]._read_group(
                [("event_id", "in", self.ids)], ["event_id"], ["__count"]
            )
        )
        for event in self:
            event.decision_count = counts.get(event._origin, 0)

    def _get_own_decisions(self, decision_ids=None):
        """:return: the decisions of this meeting in the order of the agenda, all or those named"""
        decisions = self.env["partnership.decision"].search([("event_id", "=", self.id)])
        if decision_ids is not None:
            decisions = decisions.filtered(lambda each: each.id in _to_ids(decision_ids))
        return decisions.sorted(
            lambda each: (not each.item_id, each.item_id.sequence, each.item_id.id, each.id)
        )

    def _get_named_decisions(self, decision_ids):
        """:raises UserError: if there is none, or one of them is not of this meeting"""
        self.ensure_one()
        self._check_sheet_access()
        decisions = self._get_own_decisions(decision_ids or ())
        if not decisions or len(decisions) < len(_to_ids(decision_ids)):
            raise UserError(
                self.env._(
                    "Choose decisions of “%(event)s”: what you chose is not on its list, or no "
                    "longer. Reload the screen.",
                    event=self.display_name,
                )
            )
        return decisions

    def _get_next_decisions(self, decisions):
        """:return: those that are voted on, or the next one that may be"""
        opened = decisions.filtered(lambda each: each.state == "open")
        for state in ("interrupted", "draft", "closed"):
            opened = opened or decisions.filtered(lambda each, state=state: each.state == state)[:1]
        return opened

    def _get_last_vote(self):
        """:return: the last decision that was closed here with votes by name"""
        closed = self._get_own_decisions().filtered(
            lambda each: each.state == "closed" and each.visibility != "secret"
        )
        named = closed.filtered(lambda each: set(each.last_vote_ids.mapped("choice")) & set(TAPS))
        return named.sorted("closed_on")[-1:]

    def _get_later_meetings(self):
        """:return: list of dict of the next meetings of the body, for a question to go to"""
        meetings = self.search_fetch(
            Domain("partnership_body_id", "=", self.partnership_body_id.id)
            & Domain("partnership_state", "in", ("planned", "open"))
            & Domain("start", ">", self.start),
            ["name", "partnership_date"],
            order="start, id",
            limit=10,
        )
        return [
            {"id": each.id, "name": f"{format_date(self.env, each.partnership_date)} {each.name}"}
            for each in meetings
            if self.partnership_body_id
        ]

    @api.depends("decision_ids.presence_note")
    @api.depends_context("lang", "uid")
    def _compute_decision_presence_note(self):
        for event in self:
            noted = event.decision_ids.filtered("presence_note").sorted("number")
            event.decision_presence_note = "; ".join(
                f"{decision.display_name}: {decision.presence_note}" for decision in noted
            )

    def action_print_decisions(self):
        """The proof sheets of all that these meetings have decided, in one."""
        decisions = self.decision_ids.sorted(lambda each: (each.date, each.number, each.id))
        if not decisions:
            raise UserError(self.env._("There is no question to a body at this meeting."))
        return decisions.action_print_proof_sheet()

    # ------------------------------------------------------------
    # What was decided stays
    # ------------------------------------------------------------

    def _filtered_kept(self):
        return super()._filtered_kept() | self._filtered_decided()

    def _filtered_decided(self):
        """:return: the meetings at which a question was put to the vote, whoever may read it"""
        Decision = self.env["partnership.decision"].sudo()
        groups = Decision._read_group(
            Domain("event_id", "in", self.ids) & Domain("state", "!=", "draft"), ["event_id"]
        )
        decided = {event.id for (event,) in groups}
        return self.filtered(lambda event: event.id in decided)

    def _check_kept(self):
        super()._check_kept()
        self._check_not_decided()

    def _check_not_recorded(self):
        super()._check_not_recorded()
        self._check_not_decided()

    def _check_not_decided(self):
        """Refuse to take a meeting away, or to give it to another body, under its decisions."""
        decided = self._filtered_decided().sorted("start")
        if decided:
            raise UserError(
                self.env._(
                    "At “%(event)s” of %(date)s a question was put to the vote: the meeting stays "
                    "as it is, with what it decided.",
                    event=decided[0].display_name,
                    date=format_date(self.env, decided[0].partnership_date),
                )
            )

    # ------------------------------------------------------------
    # Votes of whom the sheet does not know
    # ------------------------------------------------------------

    def _has_to_ask(self):
        return super()._has_to_ask() or bool(self._find_voted_away())

    def _find_voted_away(self):
        """:return: partnership.vote, those that were given on seats of which the sheet says that
        nobody was there"""
        votes = self.env["partnership.vote"].search(
            Domain("decision_id.event_id", "in", self.ids)
            & Domain("is_last", "=", True)
            & Domain("choice", "in", GIVEN)
        )
        away = votes.browse()
        for event, given in votes.grouped(lambda vote: vote.decision_id.event_id).items():
            there = event._get_voting_seats(event.attendance_ids)
            away |= given.filtered(lambda vote, there=there: vote.seat_id not in there)
        return away


def _to_ids(values):
    """:return: the set of what a client sent as ids; what is no number is none of ours"""
    if not isinstance(values, (list, tuple)):
        return set()
    return {each if isinstance(each, int) and each > 0 else -1 for each in values}
