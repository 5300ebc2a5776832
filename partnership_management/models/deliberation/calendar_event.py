from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.groups import TEAM

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
    decision_presence_note = fields.Text(compute="_compute_decision_presence_note", groups=TEAM)

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

    @api.depends("decision_ids.presence_note")
    @api.depends_context("lang", "uid")
    def _compute_decision_presence_note(self):
        for event in self:
            noted = event.decision_ids.filtered("presence_note").sorted("number")
            event.decision_presence_note = "\n".join(
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
        result = super()._check_kept()
        self._check_not_decided()
        return result

    def _check_not_recorded(self):
        result = super()._check_not_recorded()
        self._check_not_decided()
        return result

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
