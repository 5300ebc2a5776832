from fractions import Fraction as F

from odoo.tests import BaseCase, tagged

from ...tools.outcome import (
    BASES,
    Quorum,
    Rule,
    Seats,
    Threshold,
    get_needed,
    get_outcome,
    get_steps,
    to_fraction,
)

MAJORITY = Rule()


def ballot(yes=0, no=0, abstained=0, group="all", **others):
    """:return: list of Seats of one group, each of weight 1; other states by their names"""
    counts = {"yes": yes, "no": no, "abstained": abstained, **others}
    return [Seats(state, group=group, number=number) for state, number in counts.items()]


def groups(*sizes, state="yes", public=()):
    """:return: a group of each size, by its number"""
    return [
        Seats(state, group=number, is_public=number in public, number=size)
        for number, size in enumerate(sizes)
    ]


@tagged("post_install", "-at_install")
class TestOutcome(BaseCase):
    """The values of DELIBERATION, section 2."""

    def assertOutcome(self, expected, rule, seats, chair=None):
        outcome = get_outcome(rule, seats, chair)
        self.assertEqual(outcome.result, expected, outcome.steps)
        return outcome

    def step(self, outcome, kind, group=None):
        [step] = [step for step in outcome.steps if step.kind == kind and step.group == group]
        return step

    def test_threshold(self):
        two_thirds = Threshold(F(2, 3), False)
        three_quarters = Threshold(F(3, 4), False)
        self.assertOutcome("adopted", MAJORITY, ballot(3, 1, 3))
        self.assertOutcome("refused", MAJORITY._replace(base="cast"), ballot(3, 1, 3))
        self.assertOutcome("adopted", MAJORITY._replace(threshold=two_thirds), ballot(7, 3, 9))
        self.assertOutcome("refused", MAJORITY._replace(threshold=three_quarters), ballot(12, 6, 6))
        self.assertOutcome("refused", MAJORITY, ballot(0, 0, 5))
        at_least = MAJORITY._replace(threshold=Threshold(F(1, 2), False))
        self.assertOutcome("adopted", at_least, ballot(2, 2))
        self.assertOutcome("refused", at_least, ballot(0, 0, 5))

    def test_steps_of_all_that_is_asked_for(self):
        """What an earlier line rules out shows as well; the outcome rests on the first."""
        rule = MAJORITY._replace(
            quorum=Quorum("seats", seats=9), balance="ceiling", is_half_non_public=True
        )
        seats = groups(3, 2, 2, public=(0,))
        self.assertOutcome("no_quorum", rule, seats)
        steps = get_steps(rule, iter(seats))
        self.assertEqual(
            [(step.kind, step.is_met) for step in steps],
            [
                ("quorum", False),
                *[("ceiling", True)] * 3,
                ("non_public", True),
                ("threshold", True),
            ],
        )
        weights = rule._replace(balance="weights", quorum=Quorum())
        steps = get_steps(weights, groups(7, 7))
        self.assertEqual([step.kind for step in steps], ["weights", "non_public"])
        met = MAJORITY._replace(quorum=Quorum("seats", seats=1))
        self.assertEqual(get_steps(met, seats), get_outcome(met, seats).steps)

    def test_base(self):
        """Each state counts where the table says so."""
        expected = {
            "yes": (1, 1, 1, 1),
            "no": (1, 1, 1, 1),
            "abstained": (0, 1, 1, 1),
            "not_voted": (0, 0, 1, 1),
            "invalid": (0, 0, 1, 1),
            "absent": (0, 0, 0, 1),
            "vacant": (0, 0, 0, 0),
            "recused": (0, 0, 0, 0),
        }
        for state, counts in expected.items():
            for base, counted in zip(BASES, counts, strict=True):
                seats = [*ballot(5), *[Seats(state, group="all", number=4)]]
                outcome = get_outcome(MAJORITY._replace(base=base), seats)
                with self.subTest(state=state, base=base):
                    self.assertEqual(self.step(outcome, "threshold").base, 5 + 4 * counted)

    def test_quorum_counted(self):
        """Each state counts where the table says so: in the base, represented, cast, yes and no."""
        expected = {
            "yes": (1, 1, 1, 1),
            "abstained": (1, 1, 1, 0),
            "not_voted": (1, 1, 0, 0),
            "invalid": (1, 1, 0, 0),
            "absent": (1, 0, 0, 0),
            "vacant": (1, 0, 0, 0),
            "recused": (0, 0, 0, 0),
        }
        for state, (base, *counts) in expected.items():
            for counted, number in zip(("represented", "cast", "yes_no"), counts, strict=True):
                for kind in ("weight", "seats"):
                    rule = MAJORITY._replace(quorum=Quorum(kind, F(1, 100), 1, counted=counted))
                    seats = [*ballot(5), *[Seats(state, group="all", number=4)]]
                    step = self.step(get_outcome(rule, seats), "quorum")
                    with self.subTest(state=state, counted=counted, kind=kind):
                        self.assertEqual((step.base, step.have), (5 + 4 * base, 5 + 4 * number))

    def test_quorum(self):
        twenty_four = Quorum("seats", seats=24, counted="yes_no")
        rule = MAJORITY._replace(quorum=twenty_four)
        self.assertOutcome("no_quorum", rule, ballot(22, 0, 10))
        rule = MAJORITY._replace(quorum=twenty_four._replace(counted="cast"))
        self.assertOutcome("adopted", rule, ballot(22, 0, 10))
        self.assertEqual(get_needed(F(1, 2), F(12), True, True), (7, False))
        self.assertEqual(get_needed(F(1, 2), F(12), False, True), (6, False))
        self.assertEqual(get_needed(F(1, 2), F(13), False, True), (7, False))
        self.assertEqual(get_needed(F(1, 2), F(13), False, False), (F(13, 2), False))
        for is_strict, present, expected in (
            (False, 6, "adopted"),
            (True, 6, "no_quorum"),
            (True, 7, "adopted"),
        ):
            half = Quorum("weight", F(1, 2), is_strict=is_strict)
            seats = ballot(present, absent=12 - present)
            self.assertOutcome(expected, MAJORITY._replace(quorum=half), seats)

    def test_quorum_base(self):
        half = Quorum("weight", F(1, 2))
        seats = ballot(3, absent=2, vacant=5)
        self.assertOutcome("no_quorum", MAJORITY._replace(quorum=half), seats)
        filled = MAJORITY._replace(quorum=half._replace(base="filled"))
        self.assertOutcome("adopted", filled, seats)
        # Recusals shrink a share, never a number
        seats = ballot(3, absent=3, recused=4)
        self.assertOutcome("adopted", MAJORITY._replace(quorum=half), seats)
        five = MAJORITY._replace(quorum=Quorum("seats", seats=5))
        self.assertOutcome("no_quorum", five, seats)

    def test_empty(self):
        for rule in (MAJORITY, MAJORITY._replace(threshold=None)):
            self.assertOutcome("refused", rule, [])
            self.assertOutcome("refused", rule, ballot(recused=4))
            self.assertOutcome("refused", rule, ballot(not_voted=4, invalid=1))
        with_quorum = MAJORITY._replace(quorum=Quorum("weight", F(0)))
        self.assertOutcome("no_quorum", with_quorum, ballot(recused=4))

    def test_tie(self):
        self.assertOutcome("refused", MAJORITY, ballot(2, 2))
        self.assertOutcome("repeat", MAJORITY._replace(tie="repeat"), ballot(2, 2, 1))
        chair = MAJORITY._replace(tie="chair")
        self.assertOutcome("adopted", chair, ballot(2, 2), "yes")
        self.assertOutcome("refused", chair, ballot(2, 2), "no")
        self.assertOutcome("refused", chair, ballot(2, 2))
        self.assertOutcome("refused", chair, ballot(1, 2), "yes")
        self.assertOutcome("repeat", MAJORITY._replace(base="cast", tie="repeat"), ballot(2, 2, 1))
        present = MAJORITY._replace(base="present", tie="repeat")
        self.assertOutcome("refused", present, ballot(2, 2))

    def test_no_objection(self):
        rule = MAJORITY._replace(threshold=None)
        self.assertOutcome("adopted", rule, ballot(1, 0, 9))
        self.assertOutcome("refused", rule, ballot(9, 1))

    def test_ceiling(self):
        rule = MAJORITY._replace(balance="ceiling")
        self.assertOutcome("adopted", rule, groups(5, 4, 4))
        self.assertOutcome("adopted", rule, groups(49, 26, 25))
        outcome = self.assertOutcome("adopted", rule, groups(4, 3, 2))
        step = self.step(outcome, "ceiling", 0)
        self.assertAlmostEqual(float(step.have / step.base), 0.4444, 4)
        outcome = self.assertOutcome("unbalanced", rule, groups(5, 3, 2))
        self.assertFalse(self.step(outcome, "ceiling", 0).is_met)
        recused = [*groups(5, 3, 1), *ballot(recused=4, group=1)]
        self.assertOutcome("unbalanced", rule._replace(balance_base="entitled"), recused)

    def test_ceiling_base(self):
        """Of seats, of those present, of votes cast."""
        rule = MAJORITY._replace(balance="ceiling")
        seats = [*groups(4, 3, 3), *ballot(absent=9, group=0), *ballot(not_voted=2, group=1)]
        for base, have, whole in (("cast", 3, 10), ("present", 5, 12), ("entitled", 5, 21)):
            step = self.step(get_outcome(rule._replace(balance_base=base), seats), "ceiling", 1)
            self.assertEqual((step.have, step.base), (have, whole))

    def test_ceiling_public(self):
        """Each group is under it, the public sector as a whole is not."""
        rule = MAJORITY._replace(balance="ceiling")
        seats = groups(3, 3, 3, public=(0, 1))
        self.assertOutcome("adopted", rule, seats)
        outcome = self.assertOutcome("unbalanced", rule._replace(is_public_beside=True), seats)
        self.assertEqual(self.step(outcome, "public").have, 6)

    def test_alone(self):
        """Who has no group is one of its own."""
        rule = MAJORITY._replace(balance="ceiling")
        self.assertOutcome("adopted", rule, [Seats("yes", number=3)])
        self.assertOutcome("unbalanced", rule, [Seats("yes", group="one", number=2)])
        self.assertOutcome("unbalanced", rule, [Seats("yes", number=2)])

    def test_weights(self):
        rule = MAJORITY._replace(balance="weights")
        for sizes, factors in (
            ((8, 3, 3), (F(49, 68), 1, 1)),
            ((99, 99, 2), (F(49, 99), F(49, 99), 1)),
            ((60, 39, 1), (F(49, 120), F(49, 78), 1)),
            ((5, 4, 4), (1, 1, 1)),
        ):
            outcome = self.assertOutcome("adopted", rule, groups(*sizes))
            found = tuple(self.step(outcome, "factor", number).have for number in range(len(sizes)))
            self.assertEqual(found, factors)
        self.assertOutcome("unbalanced", rule, groups(7, 7))
        self.assertOutcome("unbalanced", rule, groups(7))

    def test_weights_change_the_outcome(self):
        """Eight councils against six others: by heads they have it, by weights they do not."""
        seats = [*ballot(8, group=0), *ballot(0, 3, group=1), *ballot(0, 3, group=2)]
        self.assertOutcome("adopted", MAJORITY, seats)
        outcome = self.assertOutcome("refused", MAJORITY._replace(balance="weights"), seats)
        self.assertEqual(self.step(outcome, "threshold").yes, 8 * F(49, 68))
        public = MAJORITY._replace(balance="weights", is_public_beside=True)
        self.assertOutcome("unbalanced", public, groups(3, 3, 3, public=(0, 1)))

    def test_half_non_public(self):
        rule = MAJORITY._replace(is_half_non_public=True)
        self.assertOutcome("adopted", rule, groups(5, 5, public=(0,)))
        self.assertOutcome("unbalanced", rule, groups(6, 5, public=(0,)))

    def test_each(self):
        named = {"issuer": Threshold(F(2, 3), False), "consumer": Threshold(F(1, 2), True)}
        rule = MAJORITY._replace(by_group="each", groups=named)
        seats = [*ballot(13, 1, 2, group="issuer"), *ballot(2, 2, group="consumer")]
        outcome = self.assertOutcome("refused", rule, seats)
        self.assertTrue(self.step(outcome, "each", "issuer").is_met)
        self.assertFalse(self.step(outcome, "each", "consumer").is_met)
        seats = [*ballot(13, 1, 2, group="issuer"), *ballot(3, 2, group="consumer")]
        self.assertOutcome("adopted", rule, seats)
        seats = ballot(13, 1, 2, group="issuer")
        self.assertOutcome("refused", rule, seats)
        rule = MAJORITY._replace(by_group="each")
        seats = [*ballot(1, group="a"), *ballot(recused=1, group="b")]
        self.assertOutcome("refused", rule, seats)
        self.assertOutcome("adopted", rule, [*ballot(1, group="a"), *ballot(2, 1, group="b")])

    def test_each_and_all(self):
        """Every group agrees, and it is not enough of all."""
        rule = MAJORITY._replace(
            by_group="each_and_all", threshold=Threshold(F(3, 4), False), groups={"a": Threshold()}
        )
        seats = [*ballot(3, 2, group="a"), *ballot(3, 2, group="b")]
        self.assertOutcome("refused", rule, seats)
        self.assertOutcome("adopted", rule._replace(by_group="each"), seats)
        self.assertOutcome("adopted", rule, [*ballot(3, 2, group="a"), *ballot(9, group="b")])
        self.assertOutcome("refused", rule, [*ballot(2, 2, group="a"), *ballot(20, group="b")])

    def test_one_voice(self):
        rule = MAJORITY._replace(by_group="one_voice", tie="repeat")

        def vote(*counts):
            return [
                seats
                for group, (yes, no) in enumerate(counts)
                for seats in ballot(yes, no, group=group)
            ]

        self.assertOutcome("repeat", rule, vote((5, 0), (1, 3), (2, 2)))
        self.assertOutcome("adopted", rule, vote((5, 0), (1, 3), (3, 1)))
        self.assertOutcome("refused", rule, vote((5, 0), (1, 3), (1, 2)))
        chair = rule._replace(tie="chair")
        self.assertOutcome("adopted", chair, vote((5, 0), (1, 3), (2, 2)), "yes")
        # A group whose seats are recused has no voice, and is one of those that could have one
        recused = [*vote((5, 0)), *ballot(recused=2, group="other")]
        self.assertOutcome("repeat", rule, recused)

    def test_weight(self):
        """No floats: three tenths are three times one tenth, and no weight is no vote."""
        tenth = to_fraction(0.1)
        seats = [Seats("yes", tenth, "a", number=3), Seats("no", to_fraction(0.3), "b")]
        self.assertOutcome("repeat", MAJORITY._replace(tie="repeat"), seats)
        self.assertEqual(to_fraction(0.49), F(49, 100))
        self.assertEqual(to_fraction(49.0 / 100), F(49, 100))
        none = [*ballot(2, 1), Seats("no", F(0), "a", number=5)]
        rule = MAJORITY._replace(quorum=Quorum("seats", seats=4))
        self.assertOutcome("no_quorum", rule, none)
        self.assertOutcome("adopted", MAJORITY, none)

    def test_order(self):
        """Without a quorum nothing else is asked; the balance comes before the threshold."""
        rule = MAJORITY._replace(quorum=Quorum("seats", seats=9), balance="ceiling")
        outcome = self.assertOutcome("no_quorum", rule, ballot(2, 6))
        self.assertEqual([step.kind for step in outcome.steps], ["quorum"])
        rule = rule._replace(quorum=Quorum("seats", seats=8))
        self.assertOutcome("unbalanced", rule, ballot(2, 6))
