from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .deliberation_common import DeliberationCase


@tagged("post_install", "-at_install")
class TestDecisionOverride(DeliberationCase):
    def _override(self, decision, user=None, reason="Test ruling"):
        Wizard = self.env["partnership.decision.override"].with_user(user or self.officer)
        Wizard.create({"decision_id": decision.id, "reason": reason}).action_override()

    def _supersede(self, decision, earlier, user=None):
        Wizard = self.env["partnership.decision.supersede"].with_user(user or self.facilitator)
        Wizard.create({"decision_id": decision.id, "earlier_ids": earlier.ids}).action_supersede()

    def test_override(self):
        self._come(0, 1, 2, 3)
        decision = self._close(yes=(0, 1, 2), no=(3,), balance="ceiling")
        self.assertEqual(decision.outcome, "unbalanced")
        self._override(decision)
        self.assertEqual(decision.outcome, "adopted")
        self.assertTrue(decision.is_overridden)
        self.assertEqual(decision.override_reason, "Test ruling")
        self.assertEqual(decision.override_user_id, self.officer)
        self.assertEqual(str(decision.override_date), "2024-06-03 16:30:00")
        lines = [line["text"] for line in decision._get_arithmetic()]
        self.assertIn("Test councils: 3 of 4 votes cast = 75 %, the ceiling is 49 %", lines)
        self.assertEqual(
            lines[-2:],
            [
                "The balance of groups was overridden",
                "In favour: 3 of 4 yes and no votes, 3 needed (more than half)",
            ],
        )
        with self.assertRefused("did not fail by its balance", exception=UserError):
            self._override(decision)

    def test_override_of_no_majority(self):
        """It is the balance alone that is overridden."""
        self._come(0, 1, 2, 3)
        decision = self._close(yes=(0,), no=(1, 2, 3), balance="ceiling")
        self._override(decision)
        self.assertEqual((decision.outcome, decision.is_overridden), ("refused", True))

    def test_who_overrides(self):
        self._come(0)
        decision = self._close(yes=(0,), balance="ceiling")
        for user in (self.facilitator, self.stranger, self.employee, self.portal_user):
            with self.assertRefused(exception=AccessError):
                self._override(decision, user)
        self.assertEqual(decision.outcome, "unbalanced")

    def test_nothing_to_override(self):
        self._come(0)
        for decision in (self._decide(), self._close(yes=(0,)), self._close(no=(0,))):
            with self.assertRefused("did not fail by its balance", exception=UserError):
                self._override(decision)

    def test_supersede(self):
        self._come(0)
        first, second = self._close("One", yes=(0,)), self._close("Two", no=(0,))
        third = self._close("Three", yes=(0,))
        self._supersede(third, first | second)
        self.assertEqual((first | second).superseded_by_id, third)
        self.assertEqual(third.supersedes_ids, first | second)
        fourth = self._close("Four", yes=(0,))
        with self.assertRefused("superseded already, by “3/2024 Three”", exception=UserError):
            self._supersede(fourth, first)
        self._supersede(fourth, third)

    def test_superseding_is_refused(self):
        self._come(0)
        first, refused = self._close("One", yes=(0,)), self._close("Two", no=(0,))
        with self.assertRefused("was not adopted", exception=UserError):
            self._supersede(refused, first)
        later = self._close("Three", yes=(0,))
        for earlier in (later, first):
            with self.assertRefused("was not decided before", exception=UserError):
                self._supersede(first, earlier)
        with self.assertRefused("is not decided", exception=UserError):
            self._supersede(later, self._decide())
        other = self._create_body("Test group")
        elsewhere = self.env["partnership.decision"].create(
            {"name": "Test other", "body_id": other.id, "date": "2024-02-01"}
        )
        elsewhere._record({})
        with self.assertRefused("was decided by Test group", exception=UserError):
            self._supersede(later, elsewhere)
        with self.assertRefused(exception=AccessError):
            self._supersede(later, first, self.stranger)
        self.assertFalse(first.superseded_by_id)
