from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ...tools.groups import TEAM
from ...tools.outcome import get_outcome, get_steps
from .partnership_vote import AWAY


class PartnershipDecision(models.Model):
    """The vote: who may, what each seat chose, and what follows from it.

    Who may vote is fixed when the vote is opened; who comes while it is open is added. A vote that
    was given stays when whoever gave it leaves.
    """

    _inherit = "partnership.decision"

    interest_note = fields.Text(compute="_compute_interest_note", groups=TEAM)

    @api.depends("event_id.declaration_ids", "event_id.attendance_ids", "last_vote_ids", "state")
    @api.depends_context("uid")
    def _compute_interest_note(self):
        for decision in self:
            decision.interest_note = decision.event_id.declaration_ids._describe(decision)

    # ------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------

    def action_open_vote(self):
        """Open the vote, or go on with one that was interrupted."""
        self._check_state("draft", "interrupted")
        self._take_turns()
        for decision in self:
            decision._check_can_open()
        drafts = self.filtered(lambda decision: decision.state == "draft")
        drafts._add_seats()
        for decision in drafts.filtered(lambda decision: decision.visibility == "secret"):
            decision.count_ids._get_one_weight(decision)
        drafts.sudo().opened_on = fields.Datetime.now()
        (self - drafts)._add_arrivals()
        self.sudo().state = "open"

    def action_take_vote(self):
        """Show the vote on the screen, beside the attendance sheet."""
        self._check_has_meeting()
        return self.event_id.with_context(decision_id=self.id).action_open_votes()

    def _check_can_open(self):
        self._check_has_meeting()
        event = self.event_id
        event._check_sheet_access()
        if event.partnership_state != "open":
            raise UserError(
                self.env._(
                    "Open the sheet of “%(event)s” of %(date)s first: who is there may vote.",
                    event=event.display_name,
                    date=format_date(self.env, event.partnership_date),
                )
            )
        if self.declaration_required:
            event.declaration_ids._check_declared(self)

    def _check_has_meeting(self):
        self.ensure_one()
        if not self.event_id:
            raise UserError(
                self.env._(
                    "“%(decision)s” is of no meeting: choose the one that decides, or record what "
                    "was decided.",
                    decision=self.name,
                )
            )

    def _add_seats(self):
        """A row for every seat of the body that day: of its voter, or why it has none."""
        rows = [values for decision in self for values in decision._get_first_votes()]
        self.env["partnership.vote"].sudo().create(rows)

    def _get_first_votes(self):
        """:return: list of the values of its votes, as they are before anybody has voted"""
        self.ensure_one()
        voters = self._find_voters(fields.Datetime.now())
        recusals = self._get_recusals()
        return [
            values | self._find_voter(seat, voters, *recusals)
            for seat, values in self._get_seat_values(self._get_seats()).items()
        ]

    def _get_seats(self):
        """:return: the seats of the body that day; one without weight has no vote, and counts
        nowhere"""
        self.ensure_one()
        seats = self.body_id.sudo().seat_ids._valid_on(self.date)
        return seats.filtered(lambda seat: seat.vote_weight > 0)

    def _find_voters(self, moment):
        """:return: dict seat -> (person who votes on it, way), of those there at ``moment``; not of
        who may not vote because of an interest"""
        self.ensure_one()
        recused, barred = self._get_recusals()
        rows = self.event_id.sudo().attendance_ids.filtered(
            lambda row: (
                row.person_id not in barred
                and row.proxy_id not in barred
                and not (row.proxy_id and row.seat_id in recused)
            )
        )
        if not self.remote_allowed:
            rows = rows.filtered(lambda row: row.mode != "remote")
        voters = self.event_id.sudo()._get_voters(rows, moment, self._get_proxies())
        return {seat: (row.person_id, way) for seat, (row, way) in voters.items()}

    def _get_proxies(self):
        """:return: how many proxies one person may hold"""
        return self.proxy_max if self.proxy_allowed else 0

    def _get_recusals(self):
        """An interest of a member recuses its seats, whoever sits there; that of a person bars it
        from every seat.

        :return: (seats that are recused, persons who may not vote on any)
        """
        self.ensure_one()
        declared = self.event_id.sudo().declaration_ids._filtered_about(self)
        recusing = declared.filtered(lambda declaration: declaration.ruling == "recused")
        persons = recusing.filtered(lambda declaration: not declaration.membership_id).person_id
        members = recusing.membership_id
        return self._get_seats().filtered(lambda seat: seat.membership_id in members), persons

    def _get_proposed_recusals(self):
        """:return: see ``partnership.interest.declaration._find_proposed``"""
        return self.event_id.declaration_ids._find_proposed(self)

    def action_open_interests(self):
        """Who has declared what at the meeting of the decision."""
        return self.event_id.action_open_interests()

    def _get_seat_values(self, seats):
        """:return: dict seat -> what its vote says of it, as it is that day"""
        self.ensure_one()
        groups = self.env["partnership.membership.transition"]._get_groups_on(
            seats.membership_id, self.date
        )
        return {
            seat: {
                "decision_id": self.id,
                "seat_id": seat.id,
                "weight": seat.vote_weight,
                "interest_group_id": groups[seat.membership_id.id].id,
                "sector": groups[seat.membership_id.id].sector,
            }
            for seat in seats
        }

    def _find_voter(self, seat, voters, recused, barred):
        """:return: values of the vote of a seat that nobody has voted on: who may, or why nobody
        can"""
        person, way = voters.get(seat, (self.env["res.partner"], False))
        holders = seat._get_holders(self.date)
        if seat in recused:
            choice, person, way = "recused", person.browse(), False
        elif person:
            choice = "not_voted"
        elif holders & barred:
            choice = "recused"
        else:
            choice = "absent" if holders else "vacant"
        return {"choice": choice, "person_id": person.id, "way": way}

    def _add_arrivals(self):
        """Who came since the vote was opened may vote as well."""
        now = fields.Datetime.now()
        for decision in self:
            away = decision.sudo().last_vote_ids.filtered(lambda vote: vote.choice in AWAY)
            if not away:
                continue
            voters = decision._find_voters(now)
            recusals = decision._get_recusals()
            for vote in away.filtered(lambda vote, voters=voters: vote.seat_id in voters):
                vote.write(decision._find_voter(vote.seat_id, voters, *recusals))

    def _settle_recusals(self):
        """An interest was declared, or ruled on, since the vote was opened: a seat that has not
        voted is recused, or may vote again; a vote that was given stays."""
        self._take_turns()
        now = fields.Datetime.now()
        for decision in self:
            voters = decision._find_voters(now)
            recusals = decision._get_recusals()
            for vote in decision.sudo().last_vote_ids:
                values = decision._find_voter(vote.seat_id, voters, *recusals)
                if vote.choice == "recused" or (
                    vote.choice in ("not_voted", *AWAY)
                    and values["choice"] in ("not_voted", "recused")
                ):
                    vote._set(values) if vote.cast_on else vote.write(values)

    # ------------------------------------------------------------
    # Voting
    # ------------------------------------------------------------

    def _cast(self, choices, channel="sheet", person=None):
        """Take votes.

        :param choices: dict seat -> yes, no, abstained, invalid, or not_voted to take it back
        :param channel: see ``CHANNELS``
        :param person: who votes; without one, whoever votes on the seat now, as the clerk says
        :raises UserError: if the vote is not open, or the seat cannot vote
        """
        self.ensure_one()
        self._take_turns()
        self._check_open()
        self._add_arrivals()
        votes = {vote.seat_id: vote for vote in self.sudo().last_vote_ids}
        voters = self._find_voters(fields.Datetime.now())
        by_values = defaultdict(self.env["partnership.vote"].sudo().browse)
        none = self.env["partnership.vote"]
        for seat, choice in choices.items():
            vote = votes.get(seat, none)
            vote._check_may_cast(self, seat, choice, voters.get(seat), person)
            voter, way = voters.get(seat, (vote.person_id, vote.way))
            by_values[self._get_kept_choice(choice), voter.id, way] |= vote
        self._count_secret(choices)
        for (choice, voter_id, way), cast in by_values.items():
            cast._set(
                {
                    "choice": choice,
                    "person_id": voter_id,
                    "way": way,
                    "channel": channel,
                    "cast_on": fields.Datetime.now(),
                    "user_id": self.env.uid,
                }
            )
        if self.visibility != "secret":
            self.sudo().count_ids._check_seats()

    def _cast_rest(self, choice):
        """All who are there and have not voted vote ``choice``."""
        self.ensure_one()
        voters = self._find_voters(fields.Datetime.now())
        rest = self.sudo().last_vote_ids.filtered(
            lambda vote: vote.choice == "not_voted" and vote.seat_id in voters
        )
        self._cast(dict.fromkeys(rest.seat_id, choice))

    def _is_masked(self):
        """:return: whether it is not shown yet what was voted: so far, or only as counts"""
        is_hidden = self.is_hidden or self.visibility == "secret"
        return is_hidden and self.state in ("open", "interrupted")

    def _check_open(self):
        if self.state != "open":
            raise UserError(
                self.env._(
                    "The vote on “%(decision)s” is not open: nothing was taken of it.",
                    decision=self.display_name,
                )
            )

    def _get_kept_choice(self, choice):
        """:return: what is kept of the choice of a seat"""
        return "voted" if self.visibility == "secret" and choice != "not_voted" else choice

    # ------------------------------------------------------------
    # Counts
    # ------------------------------------------------------------

    def _count_secret(self, choices):
        """Add secret votes to the counts of their groups; nothing leads from there to a seat."""
        if self.visibility != "secret":
            return
        votes = {vote.seat_id: vote for vote in self.sudo().last_vote_ids}
        hands = defaultdict(Counter)
        for seat, choice in choices.items():
            if choice != "not_voted":
                hands[votes[seat]._get_group_key()][choice] += 1
        self.count_ids._count(self, hands, add=True)

    def _set_hands(self, hands):
        """Take a show of hands: it replaces the one before.

        :param hands: dict id of the interest group, or sector, or None -> dict choice -> number
        """
        self.ensure_one()
        self._take_turns()
        self._check_open()
        self._add_arrivals()
        if self.visibility == "secret":
            raise UserError(
                self.env._(
                    "The vote on “%(decision)s” is secret: hands would show who voted what.",
                    decision=self.name,
                )
            )
        self.count_ids._count(self, hands)

    def _count_voters_by_group(self):
        """:return: dict key of a group -> number of its seats whose choice is counted, not named"""
        votes = self.sudo().last_vote_ids
        return Counter(
            vote._get_group_key() for vote in votes if vote.choice in ("not_voted", "voted")
        )

    # ------------------------------------------------------------
    # Closing
    # ------------------------------------------------------------

    def action_interrupt(self):
        """Go on later, with the votes that were given."""
        self._check_state("open")
        self.sudo().state = "interrupted"

    def action_close_vote(self):
        """Close the vote: the outcome is found, and the decision takes its number."""
        self._check_state("open", "interrupted")
        self._take_turns()
        self._add_arrivals()
        self._settle({decision: decision._find_outcome().result for decision in self})

    def _settle(self, outcomes):
        """Close with outcomes, and give the next numbers of each body and year: one after the
        other, so that there are no gaps, and none twice.

        :param outcomes: dict decision -> outcome
        """
        self.body_id._take_turns()
        last = self._get_last_numbers()
        for decision in self.sorted(lambda decision: (decision.date, decision.id)):
            decision._check_not_settled()
            place = decision.body_id.id, decision.date.year
            last[place] += 1
            decision.sudo().write(
                {
                    "state": "closed",
                    "outcome": outcomes[decision],
                    "closed_on": fields.Datetime.now(),
                    "year": decision.date.year,
                    "number": last[place],
                }
            )

    def _record(self, choices, hands=None, persons=None):
        """Close decisions that were taken elsewhere, by what is known of their votes: seats of
        which nothing is known count nowhere.

        :param choices: dict decision -> dict seat -> one of the choices and states of a vote
        :param hands: dict decision -> dict key of a group -> dict of counts
        :param persons: dict decision -> dict seat -> id of who cast its vote, where that is known
        """
        self._check_state("draft")
        rows = []
        for decision in self:
            named, cast_by = choices.get(decision, {}), (persons or {}).get(decision, {})
            seats = self.env["partnership.seat"].concat(*named)
            rows += [
                {**values, "choice": named[seat], "person_id": cast_by.get(seat)}
                for seat, values in decision._get_seat_values(seats).items()
            ]
            decision.count_ids._count(decision, (hands or {}).get(decision, {}))
        self.env["partnership.vote"].sudo().create(rows)
        self._settle({decision: decision._find_outcome().result for decision in self})

    def _check_not_settled(self):
        if self.state in ("closed", "withdrawn"):
            raise UserError(
                self.env._(
                    "“%(decision)s” was closed already: reload the screen.",
                    decision=self.display_name,
                )
            )

    def _get_last_numbers(self):
        """:return: dict (body id, year) -> the last number that was given"""
        self.flush_model(["number", "year", "body_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT body_id, year, MAX(number) FROM partnership_decision
                 WHERE body_id IN %s AND number > 0 GROUP BY body_id, year
                """,
                tuple(self.body_id.ids) or (None,),
            )
        )
        return Counter({(body_id, year): number for body_id, year, number in rows})

    # ------------------------------------------------------------
    # Outcome
    # ------------------------------------------------------------

    def _find_outcome(self, overridden=None):
        """What the votes say, by the one function.

        :param overridden: leave the balance of groups aside; by default where that was decided
        :return: tools.outcome.Outcome
        """
        self.ensure_one()
        rule = self._get_rule()
        if self.is_overridden if overridden is None else overridden:
            rule = rule._replace(balance="none", is_half_non_public=False)
        return get_outcome(rule, self._get_outcome_seats(), self._get_choice_of_chair())

    def _find_steps(self):
        """:return: list of tools.outcome.Step, all that the rule asks for: also what is of no
        matter while something before it is missing"""
        self.ensure_one()
        return get_steps(self._get_rule(), self._get_outcome_seats(), self._get_choice_of_chair())

    def _get_outcome_seats(self):
        """Hands that were counted are those of seats without a vote by name in their group.

        :return: list of tools.outcome.Seats
        """
        votes = self.sudo().last_vote_ids
        counts = self.sudo().count_ids
        seats = votes._get_outcome_seats()
        if not counts:
            return seats
        hands = counts._get_outcome_seats()
        left = Counter()
        for each in hands:
            left[each.group] += each.number
        for each in seats:
            if each.state == "not_voted" and left[each.group]:
                left[each.group] -= 1
            else:
                hands.append(each)
        return hands

    def _get_choice_of_chair(self):
        """:return: yes or no, what whoever presides has voted on a seat of its own; None else"""
        votes = self.sudo().last_vote_ids.filtered(
            lambda vote: vote.person_id == self.sudo().chair_id and vote.way != "proxy"
        )
        choices = set(votes.mapped("choice")) & {"yes", "no"}
        return choices.pop() if self.chair_id and len(choices) == 1 else None

    def _get_weights(self):
        """For the words of the quorum: the votes that its base is, as they are or would be."""
        votes = self.sudo().last_vote_ids
        if not votes:
            return self.rule_id._get_weights() if self.rule_id else []
        without = ("recused", "vacant") if self.quorum_base == "filled" else ("recused",)
        return votes.filtered(lambda vote: vote.choice not in without).mapped("weight")
