from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.attendance import PRESENT
from ...tools.groups import TEAM
from ...tools.signed_link import is_signed, sign
from .partnership_vote import TAPS


class CalendarEvent(models.Model):
    """What a meeting deals with, and what it decides.

    Whoever may vote there has a personal link, and votes on the own phone. A phone has no rights
    of its own: whoever calls these methods has verified the link, and calls them with the rights
    of the system.
    """

    _inherit = "calendar.event"

    agenda_item_ids = fields.One2many(
        "partnership.agenda.item", "event_id", "Agenda", copy=False, groups=TEAM
    )
    decision_ids = fields.One2many(
        "partnership.decision", "event_id", "Decisions", copy=False, groups=TEAM
    )
    decision_count = fields.Integer(compute="_compute_decision_count", groups=TEAM)

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

    # ------------------------------------------------------------
    # On the own phone
    # ------------------------------------------------------------

    def _get_vote_token(self, person):
        """:return: what opens the vote of ``person`` at this meeting alone; like the check-in code
        it is no longer good once there is a new one"""
        self.ensure_one()
        return sign(self, f"partnership-vote-{person.id}", "partnership_check_in_number")

    @api.model
    def _find_by_vote_link(self, event_id, person_id, token):
        """:return: (meeting, person) of a link that is good, with the rights of the system; or
        none of both"""
        event = self.sudo().browse(event_id).exists()
        person = self.env["res.partner"].sudo().browse(person_id).exists()
        is_good = (
            event.active
            and event.partnership_id
            and person.active
            and is_signed(event._get_vote_token(person), token)
        )
        return (event, person) if is_good else (event.browse(), person.browse())

    def _get_vote_refusal(self):
        """:return: why nobody can vote by phone any more: closed, cancelled; or False"""
        self.ensure_one()
        state = self.partnership_state
        return state in ("closed", "cancelled") and state

    def _get_ballots(self, person):
        """:return: dict open decision -> dict seat on which ``person`` votes now -> its vote"""
        self.ensure_one()
        ballots = {}
        for decision in self._get_own_decisions().filtered(lambda each: each.state == "open"):
            voters = decision._find_voters(fields.Datetime.now())
            ballots[decision] = {
                vote.seat_id: vote
                for vote in decision.last_vote_ids
                if vote.choice != "recused" and voters.get(vote.seat_id, (None, None))[0] == person
            }
        return {decision: seats for decision, seats in ballots.items() if seats}

    def _vote_by_phone(self, person, decision_id, seat_id, choice):
        """Take the vote of a person on one of its seats; sent twice it counts once.

        :raises UserError: if the person has no vote there now; nothing is taken then
        """
        self.ensure_one()
        self._check_choice(choice)
        decision = self._get_own_decisions([decision_id])
        decision._take_turns()
        seats = self._get_ballots(person).get(decision, {})
        [seat] = [each for each in seats if each.id == seat_id] or [None]
        if not seat:
            raise UserError(
                self.env._("You have no vote on this question now. Look again, or ask.")
            )
        if seats[seat].choice == choice and seats[seat].person_id == person:
            return
        decision._cast({seat: choice}, "phone", person)
        self._tell_screens()

    def action_renew_check_in(self):
        """The personal links to vote are no longer good either: they may be sent again."""
        action = super().action_renew_check_in()
        self.attendance_ids.sudo().mail_message_id = False
        return action

    def _get_link_rows(self):
        """:return: the rows of those who may come to vote, one of each person"""
        rows = self.attendance_ids.filtered(
            lambda row: row.status in (*PRESENT, "not_recorded")
        )._filtered_mandated()
        return rows.browse().union(*[own[:1] for own in rows.grouped("person_id").values()])

    def vote_screen_send_links(self):
        """Send the personal links to vote to those who are there or may come, once to each, and to
        whom they did not reach again.

        :return: what was done, in words
        """
        self._check_sheet_writable()
        if self.partnership_state != "open":
            raise UserError(self.env._("Open the attendance sheet first: who is there may vote."))
        self._take_turns()
        due = self._get_link_rows().filtered(lambda row: row._is_mail_due())
        reachable = due.filtered(lambda row: row.person_id.email_normalized)
        reachable._send_vote_links()
        message = self.env._("Links on their way: %(count)s.", count=len(reachable))
        if due - reachable:
            message = self.env._(
                "%(message)s Without e-mail address: %(names)s.",
                message=message,
                names=", ".join((due - reachable).person_id.mapped("name")),
            )
        return message


def _to_ids(values):
    """:return: the set of what a client sent as ids; what is no number is none of ours"""
    if not isinstance(values, (list, tuple)):
        return set()
    return {each if isinstance(each, int) and each > 0 else -1 for each in values}
