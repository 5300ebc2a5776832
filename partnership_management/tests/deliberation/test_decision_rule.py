from fractions import Fraction as F

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools.outcome import Step
from .deliberation_common import DeliberationCase


@tagged("post_install", "-at_install")
class TestDecisionRule(DeliberationCase):
    def _create_rule(self, **values):
        Rule = self.env["partnership.decision.rule"].with_user(self.facilitator)
        return Rule.create({"name": "Test rule", "body_id": self.body.id, **values})

    def test_every_body_has_one(self):
        group = self._create_body("Test group")
        self.assertEqual(group.rule_ids.balance, "none")
        board = self._create_body("Test other board", level="decision")
        self.assertEqual(board.rule_ids.balance, "ceiling")
        self.assertEqual(board.default_rule_id, board.rule_ids)
        self.assertEqual(board.rule_ids.group_ceiling, 49.0)

    def test_upgrade(self):
        """A body that has none gets its rule, also where no vote can meet it: it stands with the
        sign of that."""
        two = self._create_body("Test of two", level="decision")
        for group in (self.group_public, self.group_civil):
            self._create_seat(self._create_member(f"Test in {group.name}", group=group), two)
        two.rule_ids.unlink()
        two._add_default_rules()
        self.assertIn("2 × 49 % = 98 %", two.rule_ids.unmet_reason)
        two._add_default_rules()
        self.assertEqual(len(two.rule_ids), 1)

    def test_as_the_body_unless_it_departs(self):
        self.body.write({"quorum_type": "seats", "quorum_seats": 4, "group_ceiling": 60})
        own = self._create_rule(own_quorum=True, quorum_type="seats", quorum_seats=5)
        self.assertEqual((self.rule.quorum_seats, own.quorum_seats), (4, 5))
        self.body.quorum_seats = 3
        self.assertEqual((self.rule.quorum_seats, own.quorum_seats), (3, 5))
        self.assertEqual(own.group_ceiling, 60)
        own.own_quorum = False
        self.assertEqual(own.quorum_seats, 3)
        own.write({"own_ceiling": True, "group_ceiling": 40})
        self.body.group_ceiling = 55
        self.assertEqual((self.rule.group_ceiling, own.group_ceiling), (55, 40))

    def test_steps_in_words(self):
        group = self.group_public.id
        for step, words in (
            (Step("quorum", False, 4, 7, 13), "Quorum: 4 of 13, 7 needed"),
            (Step("nobody", False), "Nobody has voted yes, no or abstained"),
            (
                Step("ceiling", False, 5, F(49, 100), 10, group),
                "Test councils: 5 of 10, 50 %; at most 49 %",
            ),
            (
                Step("public", True, F(0), F(49, 100), F(0)),
                "Public sector: 0 of 0, 0 %; at most 49 %",
            ),
            (
                Step("factor", True, F(49, 68), base=8, group=group),
                "Test councils: each vote counts 0.72",
            ),
            (
                Step("weights", False, 2, F(49, 100)),
                "Groups cannot be weighted down to 49 %: too few others voted",
            ),
            (
                Step("non_public", False, 2, F(5, 2), 5),
                "Not of the public sector: 2 of 5, 2.5 needed",
            ),
            (
                Step("each", False, 1, 3, 4, group, yes=1, no=3),
                "Test councils: 1 of 4 in favour, 3 needed: 2 missing",
            ),
            (Step("each", True, 3, 3, 4, group), "Test councils: 3 of 4 in favour, 3 needed"),
            (Step("each", True, 1, 1, 1, "economic"), "Economic: 1 of 1 in favour, 1 needed"),
            (Step("each", True, 1, 1, 1, object()), "Without group: 1 of 1 in favour, 1 needed"),
            (
                Step("voice", True, group=group, yes=2, no=1),
                "Test councils: 2 in favour, 1 against",
            ),
            (Step("voices", False, base=3, yes=1, no=1), "Groups: 1 in favour, 1 against, of 3"),
            (Step("threshold", True, 5, 5, 9), "In favour: 5 of 9, 5 needed"),
            (
                Step("threshold", False, F(5, 2), F(5, 2), 5, is_strict=True),
                "In favour: 2.5 of 5, > 2.5 needed",
            ),
            (Step("objection", False, no=1), "Objections: 1"),
            (Step("chair", True), "A tie: whoever presides decides"),
            (Step("tie", False), "A tie"),
        ):
            with self.subTest(step.kind):
                self.assertEqual(self.rule._say_step(step), words)

    def test_sentence(self):
        self.assertEqual(self.rule.sentence, "More than half of yes and no votes")
        rule = self._create_rule(
            own_quorum=True, quorum_type="seats", quorum_seats=4, balance="ceiling", tie="chair"
        )
        self.assertEqual(
            rule.sentence,
            "More than half of yes and no votes, quorum 4 of 7 seats represented, no interest "
            "group over 49 %, on a tie whoever presides decides",
        )
        rule.write({"quorum_type": "weight", "quorum_share": 50, "quorum_is_strict": True})
        self.assertIn("quorum 4 of 7 votes represented", rule.sentence)
        rule.write(
            {
                "threshold_type": "least",
                "threshold_numerator": 2,
                "threshold_denominator": 3,
                "base": "cast",
                "quorum_counted": "cast",
                "balance": "weights",
                "is_half_non_public": True,
                "tie": "repeat",
            }
        )
        self.assertEqual(
            rule.sentence,
            "At least two thirds of votes cast, quorum 4 of 7 votes cast, groups over 49 % "
            "weighted down to it, at least half of the votes not of the public sector, on a tie "
            "the vote is repeated",
        )

    def test_sentence_of_groups(self):
        rule = self._create_rule(by_group="each")
        self.assertEqual(rule.sentence, "More than half of yes and no votes in each interest group")
        rule.group_ids = [
            (
                0,
                0,
                {
                    "interest_group_id": self.group_public.id,
                    "has_threshold": True,
                    "threshold_type": "least",
                    "threshold_numerator": 5,
                    "threshold_denominator": 7,
                },
            ),
            (0, 0, {"interest_group_id": self.group_civil.id}),
        ]
        self.assertEqual(
            rule.sentence,
            "Each group by itself: Test councils – At least 5/7 of yes and no votes; Test "
            "associations – More than half of yes and no votes",
        )
        rule = self._create_rule(by_group="one_voice", group_by="sector")
        self.assertEqual(rule.sentence, "More than half of the sectors in favour, one voice each")
        rule = self._create_rule(threshold_type="no_objection")
        self.assertEqual(rule.sentence, "No objection")

    def test_cannot_be_met(self):
        """Refused, with the arithmetic."""
        with self.assertRefused("quorum is 8 seats", "has 7"):
            self._create_rule(own_quorum=True, quorum_type="seats", quorum_seats=8)
        with self.assertRefused("3 × 30 % = 90 %"):
            self._create_rule(balance="ceiling", own_ceiling=True, group_ceiling=30)
        with self.assertRefused("2 × 49 % = 98 %"):
            self.seats[0].membership_id.interest_group_id.sector = "economic"
            self._create_rule(balance="weights", group_by="sector")

    def test_cannot_be_met_by_named_groups(self):
        other = self.env["partnership.interest.group"].create(
            {"name": "Test schools", "sector": "public"}
        )
        with self.assertRefused("Test schools", "no seat in Test board"):
            self._create_rule(by_group="each", group_ids=[(0, 0, {"interest_group_id": other.id})])
        public = self._create_body("Test mayors")
        self._create_seat(self.seats[0].membership_id, public)
        with self.assertRefused("all seats of Test mayors"):
            self._create_rule(body_id=public.id, is_half_non_public=True)

    def test_ready_made(self):
        """Each of them is made by one click, and can be met by a board of three groups."""
        kinds = self.body._get_ready_made()
        self.assertEqual(len(kinds), 5)
        body = self.body.with_user(self.facilitator)
        for kind in kinds:
            action = body.with_context(rule_kind=kind).action_add_rule()
            rule = self.env["partnership.decision.rule"].browse(action["res_id"])
            self.assertFalse(rule.unmet_reason, kind)
        self.assertEqual(len(body.rule_ids), 5, "the first is there already")
        self.assertEqual(body.default_rule_id, self.rule)
        with self.assertRefused("Simple majority", exception=UserError):
            body.with_context(rule_kind="by lot").action_add_rule()

    def test_first_is_the_default(self):
        other = self._create_rule(sequence=1)
        self.assertEqual(self.body.default_rule_id, other)
        other.active = False
        self.assertEqual(self.body.default_rule_id, self.rule)

    def test_used_rule_stays(self):
        """What was decided by it would read as decided by another."""
        rule = self._create_rule(
            by_group="each", group_ids=[(0, 0, {"interest_group_id": self.group_public.id})]
        )
        decision = self._decide(rule_id=rule.id)
        rule.threshold_type = "least"
        self._come(0, 3)
        decision.action_open_vote()
        self.assertTrue(rule.is_used)
        for values in (
            {"threshold_type": "more"},
            {"own_quorum": True},
            {"group_ids": [(5,)]},
            {"body_id": self._create_body("Test other").id},
        ):
            with self.assertRefused("Make another rule", exception=UserError):
                rule.write(values)
        with self.assertRefused("Make another rule", exception=UserError):
            rule.group_ids.write({"has_threshold": True})
        rule.write({"name": "Test new name", "active": False, "threshold_type": "least"})

    def test_numbers(self):
        for values in (
            {"threshold_numerator": 0},
            {"threshold_denominator": 0},
            {"threshold_numerator": 3, "threshold_denominator": 2},
            {"threshold_numerator": 2, "threshold_denominator": 2},
            {"own_ceiling": True, "group_ceiling": 0},
            {"own_ceiling": True, "group_ceiling": 101},
            {"own_quorum": True, "quorum_share": 101},
            {"own_proxies": True, "proxy_max": -1},
        ):
            with self.subTest(values=values), mute_logger("odoo.sql_db"):
                with self.assertRefused("range", exception=IntegrityError):
                    self._create_rule(**values)

    def test_group_or_sector(self):
        rule = self._create_rule(by_group="each")
        with self.assertRefused("Interest group"):
            rule.group_ids = [(0, 0, {"sector": "public"})]
        refused = self.assertRefused("group_or_sector", exception=IntegrityError)
        with mute_logger("odoo.sql_db"), refused:
            rule.group_ids = [(0, 0, {})]

    def test_foreign_rule(self):
        rule = self.rule.with_user(self.stranger)
        with self.assertRefused(exception=UserError):
            rule.write({"name": "Test mine"})
        with self.assertRefused(exception=UserError):
            self._create_rule().with_user(self.stranger).read(["name"])

    def test_copy(self):
        copied = self._create_rule(
            by_group="each", group_ids=[(0, 0, {"interest_group_id": self.group_public.id})]
        ).copy()
        self.assertEqual(copied.name, "Test rule (copy)")
        self.assertEqual(copied.group_ids.interest_group_id, self.group_public)
