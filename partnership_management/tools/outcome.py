"""What a body has decided, from its rule and what became of each seat: one function, which all
that shows an outcome reads. Its definition stands in DELIBERATION, section 2.

Nothing here knows of Odoo, and nothing is a float: weights and shares are fractions.
"""

import itertools
import math
from collections import defaultdict
from fractions import Fraction
from typing import NamedTuple

DIGITS = 10_000  # weights and shares are told apart to the fourth decimal
HALF = Fraction(1, 2)

# What may become of a seat. Not voted and invalid: somebody is there.
CAST = ("yes", "no", "abstained")
PRESENT = (*CAST, "not_voted", "invalid")
ENTITLED = (*PRESENT, "absent")
FILLED = (*ENTITLED, "recused")
STATES = (*FILLED, "vacant")

# What counts as the whole, of which a share is asked for
BASES = {
    "yes_no": ("yes", "no"),
    "cast": CAST,
    "present": PRESENT,
    "entitled": ENTITLED,
}
# What counts towards a quorum
COUNTED = {"represented": PRESENT, "cast": CAST, "yes_no": ("yes", "no")}


def to_fraction(number):
    """:param number: a weight, or a share of 1
    :return: Fraction, to the fourth decimal"""
    return Fraction(round(number * DIGITS), DIGITS)


class Seats(NamedTuple):
    """Seats of one weight and group that have come to the same; one, where votes are named."""

    state: str
    weight: Fraction = Fraction(1)
    group: object = None  # of interest; those without one are each a group of its own
    is_public: bool = False
    number: int = 1

    @property
    def total(self):
        return self.weight * self.number


class Threshold(NamedTuple):
    """More than a share, or at least that."""

    share: Fraction = HALF
    is_strict: bool = True

    def is_met(self, part, whole):
        wanted = self.share * whole
        return part > 0 and (part > wanted if self.is_strict else part >= wanted)


class Quorum(NamedTuple):
    """Of weight a share, or a number of seats."""

    kind: str = "none"  # weight, seats
    share: Fraction = HALF
    seats: int = 0
    is_strict: bool = False
    base: str = "all"  # filled
    counted: str = "represented"  # see COUNTED


class Rule(NamedTuple):
    base: str = "yes_no"  # see BASES
    threshold: Threshold | None = Threshold()  # None: no objection
    quorum: Quorum = Quorum()
    balance: str = "none"  # ceiling, weights
    ceiling: Fraction = Fraction(49, 100)
    balance_base: str = "cast"  # see BASES
    is_public_beside: bool = False  # the public sector as a whole is under the ceiling as well
    is_half_non_public: bool = False
    by_group: str = "none"  # each, each_and_all, one_voice
    groups: dict = {}  # named by the rule -> the Threshold of its own, or None
    tie: str = "refused"  # repeat, chair


class Step(NamedTuple):
    """A line of the arithmetic: what was asked for, of what, and whether it was met."""

    kind: str  # quorum, nobody, ceiling, public, factor, non_public, each, voice, voices, ...
    is_met: bool
    have: Fraction | int = 0
    needed: Fraction | int = 0  # at least; more than, if strict
    base: Fraction | int = 0
    group: object = None
    is_strict: bool = False
    yes: Fraction | int = 0
    no: Fraction | int = 0


class Outcome(NamedTuple):
    result: str  # adopted, refused, no_quorum, unbalanced, repeat
    steps: list


def get_needed(share, whole, is_strict, is_whole):
    """:return: (what is needed, whether more than that); more than half of 12 seats is 7, at least
    half is 6. Only where votes are split is it no whole number.

    :param is_whole: whether all that is counted is whole
    """
    needed = share * whole
    if not is_whole:
        return needed, is_strict
    return (math.floor(needed) + 1 if is_strict else math.ceil(needed)), False


def get_outcome(rule, seats, chair=None):
    """:param seats: iterable of Seats, all those of the body that day; the order never matters
    :param chair: yes or no, the vote of whoever presides
    :return: Outcome"""
    seats = [each for each in seats if each.weight > 0 and each.number > 0]
    return Ballot(rule, seats, chair).get_outcome()


def get_steps(rule, seats, chair=None):
    """What the rule asks for, while the votes come in: the outcome rests on the first that is
    missing, but whoever takes the votes wants to see each.

    :return: list of Step, those of the outcome first
    """
    seats = list(seats)
    unmeasured = rule._replace(quorum=Quorum(), is_half_non_public=False)
    balance = "none" if rule.balance == "ceiling" else rule.balance  # weights are counted with
    steps = {}
    for each in (rule, rule._replace(quorum=Quorum()), unmeasured._replace(balance=balance)):
        for step in get_outcome(each, seats, chair).steps:
            steps.setdefault((step.kind, step.group), step)
    return list(steps.values())


class Alone(NamedTuple):
    """The group of a seat that has none."""

    number: int


def _name_alone(seats):
    numbers = itertools.count(1)
    for each in seats:
        if each.group is not None:
            yield each
            continue
        for _seat in range(each.number):
            yield each._replace(group=Alone(next(numbers)), number=1)


class Ballot:
    """One vote, and what follows from it, a line after the other."""

    def __init__(self, rule, seats, chair):
        self.rule, self.chair = rule, chair
        self.seats = list(_name_alone(seats))
        self.is_whole = all(each.weight.denominator == 1 for each in seats)
        self.steps = []
        self.factors = {}

    def get_outcome(self):
        return Outcome(self._find_result(), self.steps)

    def _find_result(self):
        if not self._has_quorum():
            return "no_quorum"
        if not self._sum(CAST):
            self._add("nobody", False)
            return "refused"
        # All of them, so that whoever reads it sees each
        balanced = [
            self._is_under_ceiling(),
            self._has_weights(),
            self._is_half_non_public(),
        ]
        if not all(balanced):
            return "unbalanced"
        if self.rule.by_group in ("each", "each_and_all"):
            if not self._is_met_in_each():
                return "refused"
            if self.rule.by_group == "each":
                return "adopted"
        if self.rule.by_group == "one_voice":
            return self._get_result_of_voices()
        return self._get_result_of_threshold()

    def _add(self, kind, is_met, **values):
        self.steps.append(Step(kind, is_met, **values))
        return is_met

    def _sum(self, states, seats=None, factors=None):
        seats = self.seats if seats is None else seats
        factors = factors or {}
        return sum(
            (each.total * factors.get(each.group, 1) for each in seats if each.state in states),
            Fraction(0),
        )

    # ------------------------------------------------------------
    # Quorum
    # ------------------------------------------------------------

    def _has_quorum(self):
        """Recusals shrink a share, never a number."""
        quorum = self.rule.quorum
        if quorum.kind == "none":
            return True
        counted = COUNTED[quorum.counted]
        whole = ENTITLED if quorum.base == "filled" else (*ENTITLED, "vacant")
        if quorum.kind == "seats":
            have = sum(each.number for each in self.seats if each.state in counted)
            base = sum(each.number for each in self.seats if each.state in whole)
            needed, is_strict = quorum.seats + quorum.is_strict, False
        else:
            have, base = self._sum(counted), self._sum(whole)
            needed, is_strict = get_needed(quorum.share, base, quorum.is_strict, self.is_whole)
        reached = base > 0 and (have > needed if is_strict else have >= needed)
        return self._add(
            "quorum", reached, have=have, needed=needed, base=base, is_strict=is_strict
        )

    # ------------------------------------------------------------
    # Groups
    # ------------------------------------------------------------

    def _get_groups(self):
        """:return: dict group -> list of its Seats, those who were recused included; without those
        that the rule does not name, if it names any"""
        groups = defaultdict(list)
        for each in self.seats:
            if each.state != "vacant":
                groups[each.group].append(each)
        named = self.rule.groups
        return {key: groups.get(key, []) for key in named} if named else dict(groups)

    def _is_under_ceiling(self):
        """Exactly at it passes."""
        if self.rule.balance != "ceiling":
            return True
        states = BASES[self.rule.balance_base]
        base = self._sum(states)
        most = self.rule.ceiling * base
        met = True
        parts = [("ceiling", key, seats) for key, seats in self._get_groups().items()]
        if self.rule.is_public_beside:
            parts.append(("public", None, [each for each in self.seats if each.is_public]))
        for kind, key, seats in parts:
            have = self._sum(states, seats)
            fits = have <= most
            met = met and fits
            self._add(kind, fits, have=have, needed=self.rule.ceiling, base=base, group=key)
        return met

    def _has_weights(self):
        """Bring groups that are over the ceiling down to it, those that are by that as well.

        With K the groups that are over, and O what the others cast, T = O / (1 - |K| c) is all
        that is cast once each of K has c T.
        """
        if self.rule.balance != "weights":
            return True
        ceiling = self.rule.ceiling
        cast = {key: self._sum(CAST, seats) for key, seats in self._get_groups().items()}
        others = self._sum(CAST) - sum(cast.values())
        over = set()
        while True:
            rest = others + sum(value for key, value in cast.items() if key not in over)
            if len(over) * ceiling >= 1 or rest == 0:
                return self._add("weights", False, have=len(over), needed=ceiling)
            total = rest / (1 - len(over) * ceiling)
            added = {key for key, value in cast.items() if value > ceiling * total} - over
            if not added:
                break
            over |= added
        self.factors = {key: ceiling * total / cast[key] for key in over}
        for key in cast:
            self._add("factor", True, have=self.factors.get(key, 1), base=cast[key], group=key)
        if not self.rule.is_public_beside:
            return True
        public = [each for each in self.seats if each.is_public]
        have = self._sum(CAST, public, self.factors)
        return self._add("public", have <= ceiling * total, have=have, needed=ceiling, base=total)

    def _is_half_non_public(self):
        if not self.rule.is_half_non_public:
            return True
        base = self._sum(CAST, factors=self.factors)
        have = self._sum(CAST, [each for each in self.seats if not each.is_public], self.factors)
        return self._add("non_public", 2 * have >= base, have=have, needed=base / 2, base=base)

    def _is_met_in_each(self):
        groups = self._get_groups()
        met = bool(groups)
        for key, seats in groups.items():
            threshold = self.rule.groups.get(key) or self.rule.threshold or Threshold()
            met = self._is_met("each", threshold, seats, group=key) and met
        return met

    def _get_result_of_voices(self):
        groups = self._get_groups()
        voices = {"yes": 0, "no": 0}
        for key, seats in groups.items():
            yes, no = self._sum(("yes",), seats), self._sum(("no",), seats)
            voice = "yes" if yes > no else "no" if no > yes else None
            if voice:
                voices[voice] += 1
            self._add("voice", voice == "yes", group=key, yes=yes, no=no)
        for voice, result in (("yes", "adopted"), ("no", "refused")):
            if 2 * voices[voice] > len(groups):
                self._add("voices", voice == "yes", base=len(groups), **voices)
                return result
        self._add("voices", False, base=len(groups), **voices)
        return self._break_tie()

    # ------------------------------------------------------------
    # All together
    # ------------------------------------------------------------

    def _is_met(self, kind, threshold, seats=None, group=None):
        states = BASES[self.rule.base]
        base = self._sum(states, seats, self.factors)
        yes, no = (self._sum((state,), seats, self.factors) for state in ("yes", "no"))
        needed, is_strict = get_needed(
            threshold.share, base, threshold.is_strict, self.is_whole and not self.factors
        )
        return self._add(
            kind,
            threshold.is_met(yes, base),
            have=yes,
            needed=needed,
            is_strict=is_strict,
            base=base,
            group=group,
            yes=yes,
            no=no,
        )

    def _get_result_of_threshold(self):
        threshold = self.rule.threshold
        if threshold is None:
            no = self._sum(("no",))
            return "adopted" if self._add("objection", no == 0, no=no) else "refused"
        if self._is_met("threshold", threshold):
            return "adopted"
        last = self.steps[-1]
        tied = last.yes == last.no > 0 and threshold == Threshold()
        return self._break_tie() if tied and self.rule.base in ("yes_no", "cast") else "refused"

    def _break_tie(self):
        """Who presides decides by its vote, if the rule says so."""
        if self.rule.tie == "chair":
            return "adopted" if self._add("chair", self.chair == "yes") else "refused"
        self._add("tie", False)
        return "repeat" if self.rule.tie == "repeat" else "refused"
