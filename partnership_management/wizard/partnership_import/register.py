from collections import Counter, defaultdict

from odoo import models

from ...models.actor.partnership_spelling import spelling_key
from ...models.deliberation.partnership_decision_count import COUNTS
from ...models.deliberation.partnership_vote import CHOICES
from .line import Verdict


class PartnershipImport(models.TransientModel):
    """What becomes of decisions in a list. One is taken as a whole: with a vote less it might have
    another outcome. What is in the register is never changed.
    """

    _inherit = "partnership.import"

    def _plan_decisions(self):
        """One verdict for each line; nothing is written."""
        self._check_votes_settled()
        readings = self._read_decisions()
        plan = [
            Verdict("refused", reading.fault) if reading.fault else None for reading in readings
        ]
        places, lost = defaultdict(list), defaultdict(list)
        for index, reading in enumerate(readings):
            if reading.key:
                places[reading.key].append(index)
            elif reading.title:
                lost[spelling_key(reading.title)].append(index)
        known = self._find_known_decisions(places)
        for key, indexes in places.items():
            if key in known:
                self._compare_decision(known[key], indexes, readings, plan)
            else:
                others = [at for at in lost[key[2]] if readings[at].date in (None, key[1])]
                self._plan_decision(indexes, readings, plan, others)
        return plan

    def _find_known_decisions(self, keys):
        """:return: dict key of a decision -> the one that is in the register already"""
        decisions = self.env["partnership.decision"].search(
            [
                ("body_id", "in", [body.id for body, _date, _title in keys]),
                ("date", "in", [date for _body, date, _title in keys]),
            ],
            order="id desc",
        )
        return {
            (decision.body_id, decision.date, spelling_key(decision.name)): decision
            for decision in decisions
        }

    def _plan_decision(self, places, readings, plan, lost):
        """A new decision is taken with all its lines, or not at all.

        :param places: indexes of its lines
        :param plan: list of verdicts, to be filled in
        :param lost: indexes of lines that have its title and cannot be read
        """
        first, stated = {}, None
        for index in places:
            reading = readings[index]
            if reading.fault:
                continue
            stated = index if stated is None and reading.outcome else stated
            plan[index] = self._compare_lines(
                index, first.setdefault(reading.who, index), stated, readings
            )
        wrong = lost + [
            index
            for index in places
            if plan[index].state == "refused" and not readings[index].is_left_out
        ]
        if not wrong:
            return
        message = self.env._(
            "A decision is taken as a whole, and line %(number)s of it is refused.",
            number=self.line_ids[wrong[0]].number,
        )
        for index in places:
            if plan[index].state != "refused":
                plan[index] = Verdict("refused", message)

    def _compare_lines(self, index, twin, stated, readings):
        """:param twin: index of the first line of the same votes, which may be this one
        :param stated: index of the first line that states an outcome, or None
        """
        reading = readings[index]
        if reading.outcome and self._get_stated(reading) != self._get_stated(readings[stated]):
            message = self.env._(
                "Line %(number)s states another outcome of the same decision.",
                number=self.line_ids[stated].number,
            )
            return Verdict("refused", message)
        if twin == index:
            return Verdict("take", "", reading)
        number = self.line_ids[twin].number
        if reading.said == readings[twin].said:
            message = self.env._("The same as line %(number)s.", number=number)
            return Verdict("already", message, twin=twin)
        message = self.env._("Line %(number)s says something else of the same vote.", number=number)
        return Verdict("refused", message)

    def _get_stated(self, reading):
        """:return: the outcome that a line states, or its word where that stands for none"""
        word = self._get_words("outcome").get(reading.outcome)
        return word and word.outcome or reading.outcome

    def _compare_decision(self, decision, places, readings, plan):
        """What is in the register stays; the list is only compared with it."""
        recorded = {vote.seat_id: vote.choice for vote in decision.last_vote_ids}
        recorded |= {
            count._get_group_key(): tuple(count[state] for state in COUNTS)
            for count in decision.count_ids
        }
        said = self._sum_up([readings[index] for index in places if readings[index].who])
        for index in places:
            if plan[index]:
                continue
            who = self._get_place(readings[index])
            if recorded.get(who) == said[who][-1] and len(set(said[who])) == 1:
                plan[index] = Verdict("already", "", record=[decision])
            else:
                message = self._describe_difference(decision, recorded.get(who))
                plan[index] = Verdict("refused", message, record=[decision])
        rest = [
            who
            for who, choice in recorded.items()
            if who not in said and (isinstance(choice, tuple) or choice in dict(CHOICES))
        ]
        first = places[0]
        plan[first] = plan[first]._replace(outcome=decision.outcome)
        if rest and plan[first].state == "already":
            message = self.env._(
                "The register has %(count)s votes of it that are not in the list.", count=len(rest)
            )
            plan[first] = plan[first]._replace(message=message)

    def _get_place(self, reading):
        """:return: the seat, or the key of the group"""
        return reading.who[0] if isinstance(reading.who, tuple) else reading.who

    def _sum_up(self, readings):
        """:return: dict seat or key of a group -> list of what was said of it: counts are added up,
        since several groups may be of one sector"""
        said, counts = defaultdict(list), defaultdict(dict)
        for reading in readings:
            if isinstance(reading.who, tuple):
                counts[reading.who[0]][reading.who] = reading.said
            else:
                said[reading.who].append(reading.said)
        for key, lines in counts.items():
            said[key].append(tuple(map(sum, zip(*lines.values(), strict=True))))
        return said

    def _describe_difference(self, decision, recorded):
        if isinstance(recorded, str):
            words = dict(decision.vote_ids._fields["choice"]._description_selection(self.env))
            recorded = words[recorded]
        elif recorded:
            recorded = " / ".join(map(str, recorded))
        return self.env._(
            "“%(decision)s” is in the register already, there it says: %(recorded)s. An import "
            "does not change it: correct it there if the list is right.",
            decision=decision.display_name,
            recorded=recorded or self.env._("nothing"),
        )

    # ------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------

    def _foresee_decisions(self, plan):
        """Record the decisions, look at their outcomes, and take all of it back."""
        with self.env.cr.savepoint() as savepoint:
            foreseen = self._apply_decisions(plan)
            savepoint.rollback()
        return [
            verdict._replace(record=None)
            if verdict.state == "take" or verdict.twin is not None
            else verdict
            for verdict in foreseen
        ]

    def _apply_decisions(self, plan):
        """Record the decisions, and give each line the one that it is of."""
        plan = list(plan)
        places = defaultdict(list)
        for index, verdict in enumerate(plan):
            if verdict.state == "take":
                places[verdict.values.key].append(index)
        items = [[plan[index].values for index in indexes] for indexes in places.values()]
        results = self._try(items, self._record_decisions)
        for indexes, readings, (decision, message) in zip(
            places.values(), items, results, strict=True
        ):
            state = "take" if decision else "refused"
            for index in indexes:
                plan[index] = plan[index]._replace(
                    state=state, message=message, record=decision and [decision]
                )
            if decision:
                plan[indexes[0]] = plan[indexes[0]]._replace(
                    outcome=decision.outcome,
                    message=" ".join(self._describe_decision(decision, readings)),
                )
        return self._follow_twins(plan)

    def _record_decisions(self, items):
        """:param items: list of lists of :class:`Reading`, one for each decision
        :return: list of partnership.decision"""
        decisions = (
            self.env["partnership.decision"]
            .with_context(tracking_disable=True)
            .create([self._get_decision_values(readings[0]) for readings in items])
        )
        choices, hands, persons = {}, {}, {}
        for decision, readings in zip(decisions, items, strict=True):
            if self._is_list_of_votes():
                choices[decision] = self._get_choices(decision, readings)
                persons[decision] = {reading.who: reading.person for reading in readings}
            else:
                hands[decision] = {
                    key: dict(zip(COUNTS, *counts, strict=True))
                    for key, counts in self._sum_up(readings).items()
                }
        decisions._record(choices, hands, persons)
        decisions._message_log_batch(
            {
                decision.id: " ".join(
                    [
                        self.env._("Imported from “%(file)s”.", file=self.filename or ""),
                        *self._describe_decision(decision, readings),
                    ]
                )
                for decision, readings in zip(decisions, items, strict=True)
            }
        )
        return list(decisions)

    def _get_decision_values(self, reading):
        body = reading.key[0]
        return {
            "name": reading.title,
            "body_id": body.id,
            "date": reading.date,
            "rule_id": self._get_decision_rule(body).id,
        }

    def _get_choices(self, decision, readings):
        """:return: dict seat -> what became of it; those that the list does not have as the user
        said"""
        choices = {reading.who: reading.said for reading in readings}
        if self.unlisted == "absent":
            for seat in decision._get_seats().with_env(self.env):
                holders = seat._get_holders(decision.date)
                choices.setdefault(seat, "absent" if holders else "vacant")
        return choices

    def _describe_decision(self, decision, readings):
        """:return: list of sentences, on what is to be known of it beside its outcome"""
        sentences = []
        key = next((reading.outcome for reading in readings if reading.outcome), None)
        word = self._get_words("outcome").get(key)
        if word and word.outcome != decision.outcome:
            outcomes = dict(decision._fields["outcome"]._description_selection(self.env))
            sentences.append(
                self.env._(
                    "The list says “%(stated)s”; by the rule: %(outcome)s.",
                    stated=word.name,
                    outcome=outcomes[decision.outcome],
                )
            )
        if not self._is_list_of_votes():
            counted = Counter()
            for reading in readings:
                counted.update(dict(zip(COUNTS, reading.said, strict=True)))
            seats = len(decision._get_seats())
            if counted.total() > seats:
                sentences.append(
                    self.env._(
                        "%(votes)s votes are stated, and %(body)s had %(seats)s seats that day: "
                        "they are kept as stated.",
                        votes=counted.total(),
                        body=decision.body_id.name,
                        seats=seats,
                    )
                )
        return sentences
