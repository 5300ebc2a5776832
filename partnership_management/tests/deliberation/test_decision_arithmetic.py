from fractions import Fraction as F

from odoo.tests import tagged

from ...tools.outcome import Rule, Seats, get_outcome
from .deliberation_common import DeliberationCase


@tagged("post_install", "-at_install")
class TestDecisionArithmetic(DeliberationCase):
    """The values of DELIBERATION, section 2, in words."""

    def setUp(self):
        super().setUp()
        self.decision = self._decide()
        self.keys = [self.group_public.id, self.group_economic.id, self.group_civil.id]

    def _groups(self, *sizes, state="yes"):
        """:return: list of Seats: so many of each of the three groups"""
        return [
            Seats(state, F(1), key, key == self.group_public.id, size)
            for key, size in zip(self.keys, sizes, strict=False)
        ]

    def _ballot(self, yes=0, no=0, abstained=0, key=None, **others):
        counts = {"yes": yes, "no": no, "abstained": abstained, **others}
        key = key or self.group_public.id
        return [Seats(state, F(1), key, False, number) for state, number in counts.items()]

    def _say(self, seats, chair=None, rule=None, **numbers):
        """:return: list of the lines, those that are not met with a minus before them"""
        if numbers:
            self.decision.write(numbers)
        rule = rule or self.decision._get_rule()
        lines = self.env["partnership.decision.arithmetic"]._say(
            self.decision, get_outcome(rule, seats, chair)
        )
        return [("" if line["is_met"] else "- ") + line["text"] for line in lines]

    def test_threshold(self):
        self.assertEqual(
            self._say(self._ballot(12, 6)),
            ["In favour: 12 of 18 yes and no votes, 10 needed (more than half)"],
        )
        self.assertEqual(
            self._say(self._ballot(3, 1, 3), base="cast"),
            ["- In favour: 3 of 7 votes cast, 4 needed (more than half)"],
        )
        self.assertEqual(
            self._say(self._ballot(3, 1, 3), base="yes_no"),
            ["In favour: 3 of 4 yes and no votes, 3 needed (more than half)"],
        )
        self.assertEqual(
            self._say(
                self._ballot(7, 3, 9),
                threshold_type="least",
                threshold_numerator=2,
                threshold_denominator=3,
            ),
            ["In favour: 7 of 10 yes and no votes, 7 needed (at least two thirds)"],
        )
        self.assertEqual(
            self._say(self._ballot(12, 6, 6), threshold_numerator=3, threshold_denominator=4),
            ["- In favour: 12 of 18 yes and no votes, 14 needed (at least three quarters)"],
        )

    def test_base(self):
        for base, words in (
            ("yes_no", "5 of 5 yes and no votes"),
            ("cast", "5 of 6 votes cast"),
            ("present", "5 of 8 votes present"),
            ("entitled", "5 of 12 votes"),
        ):
            seats = self._ballot(5, abstained=1, not_voted=2, absent=4)
            [line] = self._say(seats, base=base)
            self.assertIn(f": {words}, ", line)

    def test_twelve(self):
        """More than half of 12 is 7, at least half is 6."""
        for kind, needed, share in (("more", 7, "more than half"), ("least", 6, "at least half")):
            lines = self._say(self._ballot(12), threshold_type=kind)
            self.assertEqual(
                lines, [f"In favour: 12 of 12 yes and no votes, {needed} needed ({share})"]
            )

    def test_tie(self):
        half = "- In favour: 2 of 4 yes and no votes, 3 needed (more than half)"
        for tie, chair, line in (
            ("refused", None, "- A tie: the question is refused"),
            ("repeat", None, "- A tie: the vote is repeated"),
            ("chair", "yes", "A tie: whoever presides voted in favour"),
            ("chair", "no", "- A tie: whoever presides did not vote in favour"),
            ("chair", None, "- A tie: whoever presides did not vote in favour"),
        ):
            self.assertEqual(self._say(self._ballot(2, 2), chair, tie=tie), [half, line])

    def test_quorum(self):
        self.decision.write({"quorum_type": "weight", "quorum_share": 50})
        seats = self._ballot(13, absent=10)
        self.assertEqual(self._say(seats)[0], "Quorum: 13 of 23 votes represented, 12 needed")
        self.assertEqual(
            self._say(self._ballot(6, absent=6), quorum_is_strict=True),
            ["- Quorum: 6 of 12 votes represented, 7 needed"],
        )
        lines = self._say(self._ballot(6, absent=6), quorum_is_strict=False)
        self.assertEqual(lines[0], "Quorum: 6 of 12 votes represented, 6 needed")
        split = [Seats("yes", F(5, 2), self.group_public.id), *self._ballot(absent=4)]
        self.assertEqual(
            self._say(split, quorum_is_strict=True),
            ["- Quorum: 2.5 of 6.5 votes represented, more than 3.25 needed"],
        )

    def test_quorum_counted(self):
        """22-0-10, quorum 24 counted by yes and no votes: none."""
        seats = self._ballot(22, 0, 10)
        self.decision.write({"quorum_type": "seats", "quorum_seats": 24})
        for counted, line in (
            ("yes_no", "- Quorum: 22 of 32 seats voted yes or no, 24 needed"),
            ("cast", "Quorum: 32 of 32 seats have voted, 24 needed"),
            ("represented", "Quorum: 32 of 32 seats represented, 24 needed"),
        ):
            self.assertEqual(self._say(seats, quorum_counted=counted)[0], line)
        self.decision.write({"quorum_type": "weight", "quorum_share": 75})
        for counted, line in (
            ("yes_no", "- Quorum: 22 of 32 votes yes or no, 24 needed"),
            ("cast", "Quorum: 32 of 32 votes cast, 24 needed"),
        ):
            self.assertEqual(self._say(seats, quorum_counted=counted)[0], line)

    def test_nobody(self):
        self.assertEqual(self._say(self._ballot(not_voted=4)), ["- Nobody voted"])
        self.assertEqual(self._say([]), ["- Nobody voted"])
        self.assertEqual(
            self._say(self._ballot(abstained=5), threshold_type="least"),
            ["- In favour: 0 of 0 yes and no votes, more than 0 needed (at least half)"],
        )

    def test_ceiling(self):
        self.decision.balance = "ceiling"
        ceiling = "the ceiling is 49 %"
        for sizes, expected in (
            ((5, 4, 4), ("5 of 13 votes cast = 38.46 %", "4 of 13 votes cast = 30.77 %")),
            ((49, 26, 25), ("49 of 100 votes cast = 49 %", "26 of 100 votes cast = 26 %")),
            ((4, 3, 2), ("4 of 9 votes cast = 44.44 %", "3 of 9 votes cast = 33.33 %")),
        ):
            lines = self._say(self._groups(*sizes))
            self.assertEqual(
                lines[:2],
                [
                    f"Test councils: {expected[0]}, {ceiling}",
                    f"Test firms: {expected[1]}, {ceiling}",
                ],
            )
        lines = self._say(self._groups(5, 3, 2))
        self.assertEqual(lines[0], f"- Test councils: 5 of 10 votes cast = 50 %, {ceiling}")
        self.assertEqual(lines[-1], f"- Public sector: 5 of 10 votes cast = 50 %, {ceiling}")
        recused = [*self._groups(5, 3, 1), *self._ballot(recused=4)]
        lines = self._say(recused, balance_base="entitled")
        self.assertEqual(lines[0], f"- Test councils: 5 of 9 votes = 55.56 %, {ceiling}")

    def test_ceiling_by_sector(self):
        self.decision.write({"balance": "ceiling", "group_by": "sector"})
        lines = self._say([Seats("yes", F(1), "public", True), Seats("yes", F(1), "civil")])
        self.assertEqual(
            lines,
            [
                "- Public: 1 of 2 votes cast = 50 %, the ceiling is 49 %",
                "- Civil society: 1 of 2 votes cast = 50 %, the ceiling is 49 %",
            ],
        )

    def test_without_group(self):
        lines = self._say([Seats("yes", number=2)], balance="ceiling")
        self.assertEqual(
            lines[:2],
            [
                f"- Without group ({number}): 1 of 2 votes cast = 50 %, the ceiling is 49 %"
                for number in (1, 2)
            ],
        )

    def test_weights(self):
        rule = Rule(balance="weights")
        self.decision.balance = "weights"
        lines = self._say(self._groups(8, 3, 3), rule=rule)
        self.assertEqual(
            lines,
            [
                "Test councils: 8 votes cast × 0.7206 = 5.7647",
                "Test firms: 3 votes cast × 1 = 3",
                "Test associations: 3 votes cast × 1 = 3",
                "In favour: 11.7647 of 11.7647 yes and no votes, more than 5.8824 needed "
                "(more than half)",
            ],
        )
        lines = self._say(self._groups(99, 99, 2), rule=rule)
        self.assertEqual(
            lines[:3],
            [
                "Test councils: 99 votes cast × 0.4949 = 49",
                "Test firms: 99 votes cast × 0.4949 = 49",
                "Test associations: 2 votes cast × 1 = 2",
            ],
        )
        lines = self._say(self._groups(60, 39, 1), rule=rule)
        self.assertEqual(
            lines[:3],
            [
                "Test councils: 60 votes cast × 0.4083 = 24.5",
                "Test firms: 39 votes cast × 0.6282 = 24.5",
                "Test associations: 1 votes cast × 1 = 1",
            ],
        )
        self.assertEqual(
            self._say(self._groups(7, 7), rule=rule),
            ["- Groups over 49 %: 2, and no weighting brings them down to it"],
        )
        lines = self._say(self._groups(8, 3, 3))
        self.assertIn(
            "Public sector: 5.7647 of 11.7647 votes as weighted = 49 %, the ceiling is 49 %",
            lines,
        )

    def test_non_public(self):
        self.decision.is_half_non_public = True
        words = "Others than the public sector:"
        self.assertEqual(
            self._say(self._groups(5, 5))[0], f"{words} 5 of 10 votes cast, 5 needed (half)"
        )
        self.assertEqual(
            self._say(self._groups(6, 5)),
            [f"- {words} 5 of 11 votes cast, 5.5 needed (half)"],
        )

    def test_each(self):
        """13-1-2 and 2-2-0 at two thirds and more than half."""
        rule = self.env["partnership.decision.rule"].create(
            {
                "name": "Test each",
                "body_id": self.body.id,
                "by_group": "each",
                "group_ids": [
                    (
                        0,
                        0,
                        {
                            "interest_group_id": self.group_public.id,
                            "has_threshold": True,
                            "threshold_type": "least",
                            "threshold_numerator": 2,
                            "threshold_denominator": 3,
                        },
                    ),
                    (0, 0, {"interest_group_id": self.group_economic.id}),
                ],
            }
        )
        self.decision.rule_id = rule
        firms = self._ballot(2, 2, key=self.group_economic.id)
        self.assertEqual(
            self._say([*self._ballot(13, 1, 2), *firms]),
            [
                "Test councils: 13 of 14 yes and no votes, 10 needed (at least two thirds)",
                "- Test firms: 2 of 4 yes and no votes, 3 needed (more than half)",
            ],
        )
        recused = [*self._ballot(1), *self._ballot(recused=1, key=self.group_economic.id)]
        self.assertEqual(
            self._say(recused)[1],
            "- Test firms: 0 of 0 yes and no votes, 1 needed (more than half)",
        )
        lines = self._say(recused, threshold_type="no_objection")
        self.assertIn("(more than half)", lines[1])

    def test_one_voice(self):
        self.decision.write({"by_group": "one_voice", "tie": "repeat"})

        def vote(*counts):
            return [
                seats
                for key, (yes, no) in zip(self.keys, counts, strict=True)
                for seats in self._ballot(yes, no, key=key)
            ]

        self.assertEqual(
            self._say(vote((5, 0), (1, 3), (2, 2))),
            [
                "Test councils: 5 yes, 0 no, a voice in favour",
                "- Test firms: 1 yes, 3 no, a voice against",
                "- Test associations: 2 yes, 2 no, no voice",
                "- Voices: 1 in favour, 1 against of 3 groups, 2 needed (more than half)",
                "- A tie: the vote is repeated",
            ],
        )
        lines = self._say(vote((5, 0), (1, 3), (3, 1)))
        self.assertEqual(
            lines[-1], "Voices: 2 in favour, 1 against of 3 groups, 2 needed (more than half)"
        )

    def test_no_objection(self):
        self.decision.threshold_type = "no_objection"
        self.assertEqual(self._say(self._ballot(1, 0, 9)), ["Objections: 0, none is allowed"])
        self.assertEqual(self._say(self._ballot(9, 1)), ["- Objections: 1, none is allowed"])

    def test_on_the_form(self):
        """Once it is closed, and if votes led to the outcome."""
        self._come(0, 3, 5)
        self.decision.action_open_vote()
        self._vote(self.decision, yes=(0, 3), no=(5,))
        self.assertFalse(self.decision.arithmetic)
        self.decision.action_close_vote()
        theirs = self.decision.with_user(self.facilitator)
        self.assertIn(
            'text-success"><span class="fa fa-fw fa-check" role="img" title="Met"></span> '
            "In favour: 2 of 3 yes and no votes, 2 needed (more than half)",
            theirs.arithmetic,
        )
        later = self._decide()
        later.action_not_put()
        self.assertFalse(later.arithmetic)

    def test_names_are_text(self):
        self.group_public.name = "Test <b>councils</b>"
        self.decision.balance = "ceiling"
        self._come(0)
        self.decision.action_open_vote()
        self._vote(self.decision, yes=(0,))
        self.decision.action_close_vote()
        self.assertIn("Test &lt;b&gt;councils&lt;/b&gt;: 1 of 1", self.decision.arithmetic)

    def test_queries_do_not_grow(self):
        self._come(0, 3)
        decisions = self.decision
        for _each in range(6):
            decisions |= self._decide(balance="ceiling")
        decisions.action_open_vote()
        for decision in decisions:
            decision._cast_rest("yes")
        decisions.action_close_vote()
        self.env.flush_all()

        def count(records):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            records.mapped("arithmetic")
            return self.cr.sql_log_count - before

        count(decisions[:2])
        self.assertLessEqual(count(decisions), count(decisions[:2]))
