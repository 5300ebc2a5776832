"""The chance that a meeting has its quorum, exactly, from the chance that each seat votes.

Seats come independently of each other. Nothing here knows of Odoo: a seat is a tuple, weights are
decimals that are made whole first, so that "at least half" is never a matter of rounding.
"""

import math
from collections import defaultdict
from typing import NamedTuple

PRIOR = 4  # meetings that the habit of the whole body counts for
DIGITS = 10_000  # weights and shares are told apart to the fourth decimal


class Seat(NamedTuple):
    chance: float  # that somebody votes on it, from 0 to 1
    units: float  # what it counts, for the quorum and for its group: its votes, or 1
    group: object = None  # of interest; any value that can be a key


def get_chance(present, answers, base_rate):
    """How probable it is that a seat which answered so is there.

    What happened after the same answer counts for itself, and the rate of the body for as much as
    four more meetings: who is new has the rate of the body, who is known a rate of its own.

    :param present: how often the seat was there after this answer
    :param answers: how often it gave this answer
    """
    return (present + PRIOR * base_rate) / (answers + PRIOR)


def get_quorum_chance(seats, needed):
    """:return: the probability that the units of the seats that come reach ``needed``

    O(n u) for n seats and u different sums of units, at most n + 1 where each counts 1.
    """
    units, needed = _get_whole([seat.units for seat in seats], needed)
    sums = _get_sums(zip(seats, units, strict=True))
    return _get_tail(sums, needed)


def get_gains(seats, needed):
    """What it adds to the probability of the quorum if a seat surely comes.

    With the sums of the seats before and after each one, so that all take O(n u log u) together.

    :return: list of float, in the order of ``seats``
    """
    units, needed = _get_whole([seat.units for seat in seats], needed)
    pairs = list(zip(seats, units, strict=True))
    before = _get_running_sums(pairs)
    after = _get_running_sums(pairs[::-1])[::-1]
    return [
        (1 - seat.chance)
        * (
            _get_joint_tail(before[number], after[number + 1], needed - unit)
            - _get_joint_tail(before[number], after[number + 1], needed)
        )
        for number, (seat, unit) in enumerate(pairs)
    ]


def get_balance_chance(seats, needed, ceiling):
    """The probability of a quorum at which no group holds more than its ceiling of what is present.

    By dynamic programming over the groups: of each partial assembly only its sum and its largest
    group are kept; the latter only while it may be over the ceiling of a quorum. O(g s d) for g
    groups, s such states and d different sums of one group. Where no group can be over the ceiling
    of the smallest quorum, s is the number of different sums.

    :param ceiling: the largest share that one group may hold, in percent
    """
    units, needed = _get_whole([seat.units for seat in seats], needed)
    share, whole = round(ceiling * DIGITS), 100 * DIGITS
    groups = defaultdict(list)
    for seat, unit in zip(seats, units, strict=True):
        groups[seat.group].append((seat, unit))
    left = sum(units)
    states = {(0, 0): 1.0}
    for members in sorted(groups.values(), key=len, reverse=True):
        sums = _get_sums(members)
        left -= max(sums)
        following = defaultdict(float)
        for (total, largest), chance in states.items():
            for more, probability in sums.items():
                present, top = total + more, max(largest, more)
                if present + left < needed or top * whole > share * (present + left):
                    continue  # no quorum, or over the ceiling, whoever comes yet
                if top * whole <= share * max(present, needed):
                    top = 0  # not over it in any quorum
                following[present, top] += chance * probability
        states = following
    return math.fsum(chance for (total, _top), chance in states.items() if total >= needed)


def _get_whole(values, needed):
    """:return: the values and what is needed, in the largest common unit, as integers"""
    whole = [round(value * DIGITS) for value in values]
    unit = math.gcd(*whole) or 1
    return [value // unit for value in whole], math.ceil(round(needed * DIGITS) / unit)


def _get_sums(pairs):
    """:return: dict sum of units -> probability"""
    sums = {0: 1.0}
    for seat, unit in pairs:
        sums = _add(sums, seat.chance, unit)
    return sums


def _get_running_sums(pairs):
    """:return: the sums before each pair, and after the last"""
    running = [{0: 1.0}]
    for seat, unit in pairs:
        running.append(_add(running[-1], seat.chance, unit))
    return running


def _add(sums, chance, unit):
    """One more seat: each sum stays, or grows by what the seat counts."""
    following = defaultdict(float)
    for total, probability in sums.items():
        following[total] += probability * (1 - chance)
        following[total + unit] += probability * chance
    return following


def _get_tail(sums, needed):
    return math.fsum(chance for total, chance in sums.items() if total >= needed)


def _get_joint_tail(some, others, needed):
    """:return: the probability that two independent sums reach ``needed`` together"""
    tail, rest = 0.0, sorted(others.items(), reverse=True)
    number, reached = 0, 0.0
    for total, chance in sorted(some.items()):
        while number < len(rest) and total + rest[number][0] >= needed:
            number, reached = number + 1, reached + rest[number][1]
        tail += chance * reached
    return tail
