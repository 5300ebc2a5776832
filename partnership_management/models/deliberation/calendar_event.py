from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.attendance import PRESENT
from ...tools.groups import TEAM
from ...tools.signed_link import is_signed, sign
from .partnership_vote import TAPS

GIVEN = ("yes", "no", "abstained", "invalid", "voted")


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
    declaration_ids = fields.One2many(
        "partnership.interest.declaration",
        "event_id",
        "Declarations of Interest",
        copy=False,
        groups=TEAM,
    )
    decision_count = fields.Integer(compute="_compute_decision_count", groups=TEAM)
    decision_presence_note = fields.Text(compute="_compute_decision_presence_note", groups=TEAM)

    @api.model
    def _get_public_fields(self):
        return super()._get_public_fields() | {
            "agenda_item_ids",
            "decision_ids",
            "declaration_ids",
        }

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
        ballots = self.env["partnership.ballot"].sudo().search([("event_id", "in", self.ids)])
        ballots.mail_message_id = False
        return action

    def _get_ballot_papers(self):
        """:return: partnership.ballot of those who are there or may come to vote"""
        rows = self.attendance_ids.filtered(
            lambda row: row.status in (*PRESENT, "not_recorded")
        )._filtered_mandated()
        return self.env["partnership.ballot"]._ensure(self, rows.person_id)

    def vote_screen_send_links(self):
        """Send the personal links to vote to those who are there or may come, once to each, and to
        whom they did not reach again.

        :return: what was done, in words
        """
        self._check_sheet_writable()
        if self.partnership_state != "open":
            raise UserError(self.env._("Open the attendance sheet first: who is there may vote."))
        self._take_turns()
        due = self._get_ballot_papers().filtered(lambda ballot: ballot._is_mail_due())
        reachable = due.filtered(lambda ballot: ballot.person_id.email_normalized)
        reachable._send_vote_links()
        message = self.env._("Links on their way: %(count)s.", count=len(reachable))
        if due - reachable:
            message = self.env._(
                "%(message)s Without e-mail address: %(names)s.",
                message=message,
                names=", ".join((due - reachable).person_id.mapped("name")),
            )
        return message

    # ------------------------------------------------------------
    # Interests
    # ------------------------------------------------------------

    def _get_declared(self):
        """:return: res.partner, who has said of its interests what there is to say"""
        declared = self.sudo().declaration_ids.filtered(
            lambda declaration: not declaration.withdrawn_on and declaration.source != "register"
        )
        return declared.person_id

    def _get_seated(self):
        """:return: res.partner, who may speak on a seat, and is there or has not sent apologies;
        before there is a sheet, who is expected"""
        self.ensure_one()
        rows = self.sudo().attendance_ids._filtered_mandated()
        if rows:
            return rows.filtered(lambda row: row.status in (*PRESENT, "not_recorded")).person_id
        expected = [values["person_id"] for values in self.sudo()._get_expected()[self.id]]
        return self.env["res.partner"].browse(dict.fromkeys(filter(None, expected)))

    def _get_undeclared(self):
        """:return: res.partner, of those who may speak who has not declared anything as yet"""
        return self._get_seated() - self._get_declared()

    def _get_represented(self):
        """:return: dict person -> the members, organisations, for which it may speak"""
        represented = defaultdict(self.env["partnership.membership"].browse)
        for seat in self.partnership_body_id.sudo().seat_ids._valid_on(self.partnership_date):
            for person in seat._get_holders(self.partnership_date):
                if seat.partner_id.is_company:
                    represented[person] |= seat.membership_id.sudo(False)
        return represented

    def _get_decided(self):
        """:return: list of what the meeting decides: items of the agenda, then decisions that are
        of none"""
        items = self.agenda_item_ids.filtered(
            lambda item: item.kind == "decision" or item.decision_ids
        )
        loose = self.decision_ids.filtered(
            lambda decision: not decision.item_id and decision.state != "withdrawn"
        )
        return [*items, *loose.sorted("id")]

    def action_open_interests(self):
        """Open the list of who has declared what."""
        self.ensure_one()
        self._check_sheet_access()
        return self.env["partnership.interest.sheet"]._open(self)

    # ------------------------------------------------------------
    # On paper
    # ------------------------------------------------------------

    def _get_declaration_forms(self):
        """:return: list of what the form of each person says, in order of the names: dict with
        ``person``, ``members``, ``has_none``, and ``known``, set of (membership or none, item or
        decision)"""
        self.ensure_one()
        self._check_sheet_access()
        represented = self._get_represented()
        valid = self.declaration_ids.filtered(lambda each: not each.withdrawn_on)
        by_person = valid.grouped("person_id")
        forms = []
        for person in (self._get_seated() | valid.person_id).sorted("name"):
            own = by_person.get(person, valid.browse())
            interests = own.filtered(lambda each: each.kind == "interest")
            forms.append(
                {
                    "person": person,
                    "members": represented[person],
                    "has_none": bool(own) and not interests,
                    "known": {each._get_interest() for each in interests},
                }
            )
        return forms

    def _get_declaration_lines(self):
        """:return: the interests that were declared and hold, in order of the agenda"""
        self._check_sheet_access()
        declared = self.declaration_ids.filtered(
            lambda each: each.kind == "interest" and not each.withdrawn_on
        )
        return declared.sorted(lambda each: (each.item_id.sequence, each.item_id.id, each.id))

    def _get_interest_document_name(self):
        """:return: the name of the file, without the extension"""
        self.ensure_one()
        return self.env._(
            "Interests %(body)s %(date)s",
            body=self.partnership_body_id.name or self.name,
            date=self.partnership_date,
        )


def _to_ids(values):
    """:return: the set of what a client sent as ids; what is no number is none of ours"""
    if not isinstance(values, (list, tuple)):
        return set()
    return {each if isinstance(each, int) and each > 0 else -1 for each in values}
