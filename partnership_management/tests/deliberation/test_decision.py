from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .deliberation_common import DeliberationCase


@tagged("post_install", "-at_install")
class TestDecision(DeliberationCase):
    def test_draft(self):
        """It is of its meeting, and has a copy of the rule."""
        item = self.env["partnership.agenda.item"].create(
            {"name": "Test shop", "event_id": self.meeting.id, "is_routine": True}
        )
        decision = item.decision_ids.create({"name": "Test question", "item_id": item.id})
        self.assertEqual(decision.event_id, self.meeting)
        self.assertEqual(decision.body_id, self.body)
        self.assertEqual(str(decision.date), "2024-06-03")
        self.assertEqual(decision.rule_id, self.rule)
        self.assertEqual(decision.origin, "meeting")
        self.assertFalse(decision.is_execution_asked)
        self.assertFalse(decision.number)

    def test_numbers_are_copied(self):
        self.rule.write({"threshold_type": "least", "tie": "chair"})
        decision = self._decide()
        self.assertEqual((decision.threshold_type, decision.tie), ("least", "chair"))
        given = self._decide(quorum_type="seats", quorum_seats=3)
        self.assertEqual((given.quorum_seats, given.tie), (3, "chair"))
        other = self.env["partnership.decision.rule"].create(
            {
                "name": "Test other",
                "body_id": self.body.id,
                "by_group": "each",
                "group_ids": [(0, 0, {"interest_group_id": self.group_civil.id})],
            }
        )
        decision.rule_id = other
        self.assertEqual((decision.by_group, decision.tie), ("each", "refused"))
        self.assertEqual(decision.group_ids.interest_group_id, self.group_civil)
        self.assertEqual(decision.sentence, other.sentence)
        other.group_ids.unlink()
        self.assertTrue(decision.group_ids)

    def test_chair(self):
        self.seats[3].mandate_ids.office = "chair"
        self.assertEqual(self._decide().chair_id, self.persons[3])

    def test_place(self):
        other = self._create_body("Test group")
        with self.assertRefused("not one of its meetings"):
            self._decide(body_id=other.id, date="2024-06-03").write(
                {"event_id": self.meeting.id, "body_id": other.id}
            )
        with self.assertRefused("Test group", "Test board"):
            self._decide(rule_id=other.rule_ids.id)
        elsewhere = self.env["partnership.agenda.item"].create(
            {"name": "Test", "event_id": self._create_meeting("2024-07-01 16:00:00").id}
        )
        with self.assertRefused("another meeting"):
            decision = self._decide()
            decision.write({"item_id": elsewhere.id, "event_id": self.meeting.id})

    def test_what_was_put_stays(self):
        decision = self._decide(text="<p>Shall we?</p>").with_user(self.facilitator)
        self._come(0)
        decision.action_open_vote()
        for values in (
            {"name": "Test else"},
            {"text": "<p>Shall they?</p>"},
            {"tie": "chair"},
            {"rule_id": False},
            {"date": "2024-06-04"},
        ):
            with self.assertRefused("it stays as it was", exception=UserError):
                decision.write(values)
        decision.write({"name": decision.name, "conditions": "<p>If the shop opens.</p>"})
        decision.action_close_vote()
        with self.assertRefused("it stays as it was", exception=UserError):
            decision.conditions = False
        with self.assertRefused("stays in the register", exception=UserError):
            decision.unlink()
        decision.date_review = "2025-06-03"

    def test_system_fields(self):
        decision = self._decide().with_user(self.officer)
        for values in (
            {"state": "closed"},
            {"outcome": "adopted"},
            {"number": 7},
            {"is_overridden": True},
            {"superseded_by_id": decision.id},
            {"group_ids": [(5,)]},
        ):
            with self.assertRefused("not written by hand", exception=AccessError):
                decision.write(values)

    def test_draft_is_deleted(self):
        decision = self._decide().with_user(self.facilitator)
        decision.unlink()
        self.assertFalse(decision.exists())

    def test_numbers_without_gaps(self):
        """By body and year, in the order of closing; withdrawn ones have none."""
        first, second, third = (self._decide(name) for name in ("One", "Two", "Three"))
        second.action_withdraw()
        third.action_not_put()
        first.action_defer()
        self.assertEqual((first.number, second.number, third.number), (2, 0, 1))
        self.assertEqual(first.display_name, "2/2024 One")
        other = self._create_body("Test group")
        elsewhere = self.env["partnership.decision"].create(
            [
                {"name": name, "body_id": other.id, "date": date}
                for name, date in (("b", "2024-02-01"), ("a", "2024-01-01"), ("c", "2023-01-01"))
            ]
        )
        elsewhere._record({})
        self.assertEqual(elsewhere.mapped("number"), [2, 1, 1])

    def test_defer(self):
        """The question is put again: what it was stays, and a new draft has its words."""
        decision = self._decide(text="<p>Shall we?</p>")
        later = decision.action_defer()
        self.assertEqual((decision.state, decision.outcome), ("closed", "deferred"))
        self.assertEqual((later.state, later.outcome), ("draft", False))
        self.assertEqual((later.text, later.body_id), (decision.text, self.body))
        self.assertFalse(later.event_id)

    def test_states(self):
        decision = self._decide()
        decision.action_withdraw()
        for method in ("action_withdraw", "action_not_put", "action_defer", "action_open_vote"):
            with self.assertRefused("is withdrawn", exception=UserError):
                getattr(decision, method)()
        with self.assertRefused("is withdrawn", exception=UserError):
            decision.action_close_vote()

    def test_executed(self):
        decision = self._decide()
        with self.assertRefused("was not adopted", exception=ValidationError):
            decision.write({"is_executed": True, "date_executed": "2024-07-01"})

    def test_foreign_user(self):
        decision = self._decide()
        theirs = decision.with_user(self.stranger)
        for call in (
            lambda: theirs.read(["name"]),
            lambda: theirs.write({"name": "Test mine"}),
            theirs.action_withdraw,
            theirs.action_open_vote,
            theirs.action_defer,
        ):
            with self.assertRefused(exception=AccessError):
                call()

    def test_without_meeting(self):
        decision = self._decide(event_id=False, body_id=self.body.id)
        self.assertEqual(decision.origin, "recorded")
        with self.assertRefused("of no meeting", exception=UserError):
            decision.action_open_vote()
