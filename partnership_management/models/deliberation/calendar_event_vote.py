from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext, is_html_empty

from .partnership_vote import AWAY, CHOICES, TAPS

STEPS = {
    "interrupt": "action_interrupt",
    "not_put": "action_not_put",
    "withdraw": "action_withdraw",
}
KEPT = ("seat_id", "choice", "person_id", "way", "channel", "interest_group_id", "user_id")


class CalendarEvent(models.Model):
    """What the vote on the screen asks for and sends, beside the attendance sheet.

    As there, each method works with the rights of the user, and returns the vote as it is
    afterwards: two clerks at one meeting see each other's taps. A tap says what it found, so that
    none that was made elsewhere is written over unseen, and what is sent twice counts once.
    """

    _inherit = "calendar.event"

    def action_open_votes(self):
        """Show the vote on the decisions of this meeting."""
        self.ensure_one()
        self._check_is_meeting()
        self._check_sheet_access()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "partnership_management.partnership_vote_screen_action"
        )
        chosen = self.env.context.get("decision_id")
        action["context"] = {"active_id": self.id, "active_model": self._name, "chosen": chosen}
        return action

    @api.readonly
    def vote_screen_read(self, decision_ids=()):
        """:param decision_ids: those to show; none: those that are open, or come next"""
        self.ensure_one()
        self._check_sheet_access()
        decisions = self._get_own_decisions()
        chosen = decisions & self._get_own_decisions(decision_ids or ())
        chosen = chosen or self._get_next_decisions(decisions)
        return {
            "meeting": self._get_sheet_meeting(),
            "decisions": [self._get_decision_line(each, each in chosen) for each in decisions],
            "chosen": chosen.ids,
            "last": self._get_last_vote().name or "",
            "later": self._get_later_meetings(),
            **self._get_vote_rows(chosen),
        }

    def vote_screen_open(self, decision_ids):
        """Open the vote, on several questions at once as one vote: each is a decision of its own,
        with recusals of its own."""
        decisions = self._get_named_decisions(decision_ids)
        decisions.filtered(lambda each: each.state != "open").action_open_vote()
        return self._get_changed_vote(decisions)

    def vote_screen_tap(self, taps, decision_ids=()):
        """Take votes.

        :param taps: list of [seat id, decision id, what the screen showed, what is voted]
        :raises UserError: if one of them is refused; then none is taken
        """
        self._check_sheet_writable()
        chains = _read_taps(taps) if isinstance(taps, list) else None
        if chains is None:
            raise UserError(self.env._("A tap names a seat, a decision, and what is voted there."))
        decisions = self._get_named_decisions(list(chains))
        decisions._take_turns()
        for decision in decisions:
            choices = self._get_tapped(decision, chains[decision.id])
            if choices:
                decision._cast(choices)
        return self._get_changed_vote(self._get_own_decisions(decision_ids or ()))

    def vote_screen_rest(self, decision_ids, choice):
        """All who are there and have not voted vote ``choice``."""
        decisions = self._get_named_decisions(decision_ids)
        self._check_choice(choice)
        return self._vote_for_rest(decisions, lambda decision: decision._cast_rest(choice))

    def vote_screen_repeat(self, decision_ids):
        """Seats that have not voted vote as in the last decision that was closed here."""
        decisions = self._get_named_decisions(decision_ids)
        if "secret" in decisions.mapped("visibility"):
            raise UserError(
                self.env._("A secret vote is no copy of one by name: each seat votes anew.")
            )
        last = self._get_last_vote()
        if not last:
            raise UserError(self.env._("No vote by name was closed at this meeting so far."))
        before = {vote.seat_id: vote.choice for vote in last.last_vote_ids}

        def repeat(decision):
            voters = decision._find_voters(fields.Datetime.now())
            rest = decision.sudo().last_vote_ids.filtered(
                lambda vote: vote.choice == "not_voted" and vote.seat_id in voters
            )
            decision._cast(
                {seat: before[seat] for seat in rest.seat_id if before.get(seat) in TAPS[:3]}
            )

        return self._vote_for_rest(decisions, repeat)

    def vote_screen_hands(self, decision_id, hands):
        """Take a show of hands: it replaces the one before.

        :param hands: list of [key of a group as it was read, yes, no, abstained]
        """
        self._check_sheet_writable()
        decision = self._get_named_decisions([decision_id])
        keys = {line["key"]: key for key, line in self._get_hands(decision).items()}
        counts = {}
        for line in hands if isinstance(hands, list) else []:
            if not isinstance(line, list) or len(line) != 4 or str(line[0]) not in keys:
                raise UserError(self.env._("“%(line)s” counts no group of this vote.", line=line))
            counts[keys[str(line[0])]] = dict(zip(TAPS[:3], line[1:], strict=True))
        if not counts:
            raise UserError(self.env._("Count the hands of one group at least."))
        decision._set_hands(counts)
        return self._get_changed_vote(decision)

    def vote_screen_settle(self, decision_ids, step):
        """:param step: interrupt, not_put, withdraw"""
        decisions = self._get_named_decisions(decision_ids)
        if not isinstance(step, str) or step not in STEPS:
            raise UserError(
                self.env._("Choose what becomes of it: interrupt, do not put it, or withdraw it.")
            )
        getattr(decisions, STEPS[step])()
        return self._get_changed_vote(decisions)

    def vote_screen_defer(self, decision_ids, meeting_id=False):
        """Put the questions to a later meeting.

        :param meeting_id: one of the body; none: it is decided later which
        """
        decisions = self._get_named_decisions(decision_ids)
        if meeting_id and meeting_id not in [each["id"] for each in self._get_later_meetings()]:
            raise UserError(self.env._("Choose a later meeting of the same body."))
        later = decisions.action_defer()
        if meeting_id:
            later.event_id = meeting_id
        return self._get_changed_vote(decisions)

    def vote_screen_close(self, decision_ids, results=()):
        """:param results: what each of them would come to, as the screen said; none: whatever it is
        :raises UserError: if a vote that came in meanwhile has changed that"""
        decisions = self._get_named_decisions(decision_ids)
        decisions._take_turns()
        decisions.filtered(lambda each: each.state == "open")._add_arrivals()
        said = [each for each in results if isinstance(each, list)]
        for decision in decisions:
            result = decision._find_outcome().result
            if any(each[:1] == decision.ids and each[1:] != [result] for each in said):
                raise UserError(
                    self.env._(
                        "Another vote on “%(decision)s” came in meanwhile: look at the outcome "
                        "again.",
                        decision=decision.name,
                    )
                )
        decisions.action_close_vote()
        return self._get_changed_vote(decisions)

    # ------------------------------------------------------------
    # Parts
    # ------------------------------------------------------------

    def _notify_sheet(self):
        """Who comes while a vote is open may vote."""
        decisions = self.env["partnership.decision"].sudo()
        opened = decisions.search([("event_id", "in", self.ids), ("state", "=", "open")])
        opened._take_turns()
        opened._add_arrivals()
        return super()._notify_sheet()

    def _get_changed_vote(self, decisions):
        self._tell_screens()
        return self.vote_screen_read(decisions.ids)

    def _vote_for_rest(self, decisions, cast):
        """:param cast: what takes votes of one decision"""
        self._check_sheet_writable()
        decisions._take_turns()
        changed = set()
        for decision in decisions.filtered(lambda each: each.state == "open"):
            decision._add_arrivals()
            rest = decision.sudo().last_vote_ids.filtered(lambda vote: vote.choice == "not_voted")
            cast(decision)
            left = decision.sudo().last_vote_ids.filtered(lambda vote: vote.choice == "not_voted")
            changed.update((rest.seat_id - left.seat_id).ids)
        return {**self._get_changed_vote(decisions), "changed": sorted(changed)}

    def _check_choice(self, choice):
        if choice not in TAPS[:3]:
            raise UserError(
                self.env._("Vote yes, no or abstain; “%(choice)s” is none of these.", choice=choice)
            )

    def _get_tapped(self, decision, chains):
        """What of the taps is to be written: what was sent again counts once.

        :param chains: see :func:`_read_taps`
        :return: dict seat -> choice
        :raises UserError: if somebody else has voted on a seat meanwhile
        """
        votes = {vote.seat_id.id: vote for vote in decision.sudo().last_vote_ids}
        choices = {}
        for seat_id, (before, choice) in chains.items():
            vote = votes.get(seat_id)
            if not vote:
                raise UserError(
                    self.env._(
                        "This seat has no vote in “%(decision)s”. Reload the screen.",
                        decision=decision.name,
                    )
                )
            shown = "not_voted" if vote.choice in AWAY else vote._get_shown_choice(self.env.user)
            if shown == choice:
                continue
            if shown not in before and vote.choice != "recused":
                raise UserError(
                    self.env._(
                        "%(seat)s in “%(decision)s” is now: %(choice)s, entered by %(user)s. Tap "
                        "again if that is to change.",
                        seat=vote.seat_id.partner_id.name,
                        decision=decision.name,
                        choice=_label(vote, shown),
                        user=vote.user_id.name or "–",
                    )
                )
            choices[vote.seat_id.sudo(False)] = choice
        return choices

    # ------------------------------------------------------------
    # What is shown
    # ------------------------------------------------------------

    def _get_decision_line(self, decision, is_chosen):
        """:return: dict of a decision for the screen, what it comes to where it is chosen"""
        fields_ = decision._fields
        states = dict(fields_["state"]._description_selection(self.env))
        outcomes = dict(fields_["outcome"]._description_selection(self.env))
        line = {
            "id": decision.id,
            "name": decision.display_name,
            "item": decision.item_id.number or "",
            "state": decision.state,
            "state_label": outcomes.get(decision.outcome) or states[decision.state],
            "outcome": decision.outcome or "",
            "is_secret": decision.visibility == "secret",
        }
        if not is_chosen:
            return line
        text = "" if is_html_empty(decision.text) else html2plaintext(decision.text)
        return {
            **line,
            "text": text,
            "sentence": decision.sentence,
            "live": self._get_live(decision, outcomes),
            "hands": list(self._get_hands(decision).values()),
        }

    def _get_live(self, decision, outcomes):
        """:return: dict of how many have voted and, unless that is hidden, what they come to"""
        votes = decision.sudo().last_vote_ids
        voted = votes.filtered(lambda vote: vote.choice in (*dict(CHOICES), "voted"))
        rest = votes.filtered(lambda vote: vote.choice == "not_voted")
        hands = sum(count[choice] for count in decision.sudo().count_ids for choice in TAPS[:3])
        live = {"voted": len(voted), "able": len(voted + rest), "hands": hands, "lines": []}
        if decision.visibility == "secret":
            live["hands"] = 0
        if decision._is_masked() or not votes:
            return {**live, "is_hidden": bool(votes), "result": "", "result_label": ""}
        result = decision.outcome or decision._find_outcome().result
        return {
            **live,
            "is_hidden": False,
            "result": result,
            "result_label": outcomes[result],
            "lines": [
                {
                    "kind": step.kind,
                    "is_met": step.is_met,
                    "text": decision._say_step(step),
                    "share": float(step.have / step.base) if step.base else 0,
                    "limit": float(step.needed) if step.kind in ("ceiling", "public") else 0,
                }
                for step in decision._find_steps()
            ],
        }

    def _get_hands(self, decision):
        """:return: dict key of a group -> dict for the screen, of the groups that may vote; none
        where hands would show what is to be hidden"""
        counts = {count._get_group_key(): count for count in decision.sudo().count_ids}
        voters = decision._count_voters_by_group()
        if decision.visibility == "secret" or decision._is_masked():
            return {}
        return {
            key: {
                "key": str(key or ""),
                "name": decision._get_group_name(key),
                "voters": voters[key],
                **{choice: counts[key][choice] if key in counts else 0 for choice in TAPS[:3]},
            }
            for key in sorted({**voters, **counts}, key=str)
        }

    def _get_vote_rows(self, decisions):
        """:return: dict of ``rows``, one for each seat, and ``groups`` in their order"""
        by_seat = defaultdict(list)
        for decision in decisions:
            votes = decision.sudo().last_vote_ids
            for values in votes.read(KEPT, load=None) or decision._get_first_votes():
                by_seat[values["seat_id"]].append((decision, values))
        Vote = self.env["partnership.vote"]
        seats = self.env["partnership.seat"].browse(by_seat)
        persons = {values["person_id"] for lines in by_seat.values() for _d, values in lines}
        self.env["res.partner"].browse(filter(None, persons)).fetch(["name"])
        voters = {
            decision: decision._find_voters(fields.Datetime.now())
            for decision in decisions
            if decision.state == "open"
        }
        rows = [
            {
                "id": seat.id,
                "member": seat.partner_id.name,
                "group_id": by_seat[seat.id][0][1]["interest_group_id"] or False,
                "weight": seat.vote_weight,
                "votes": [
                    Vote._get_screen_line(decision, values, voters.get(decision, {}).get(seat))
                    for decision, values in by_seat[seat.id]
                ],
            }
            for seat in seats
        ]
        groups = self.env["partnership.interest.group"].browse(
            {row["group_id"] for row in rows if row["group_id"]}
        )
        return {
            "rows": sorted(rows, key=lambda row: ((row["member"] or "").casefold(), row["id"])),
            "groups": [
                {"id": group.id, "name": group.name, "color": group.color}
                for group in groups.sorted(lambda group: (group.sequence, group.name, group.id))
            ],
        }


def _label(vote, choice):
    return dict(vote._fields["choice"]._description_selection(vote.env))[choice]


def _read_taps(taps):
    """Taps on one seat that were sent together are one, from what the first of them found.

    :return: dict decision id -> dict seat id -> (set of what was there in between, the choice);
             None where one of them is no tap
    """
    chains = defaultdict(dict)
    for tap in taps:
        if not isinstance(tap, list) or len(tap) != 4 or tap[3] not in TAPS:
            return None
        seat_id, decision_id, before, choice = tap
        if not isinstance(seat_id, int) or not isinstance(decision_id, int):
            return None
        found, _choice = chains[decision_id].get(seat_id, (set(), None))
        chains[decision_id][seat_id] = found | {str(before)}, choice
    return chains
