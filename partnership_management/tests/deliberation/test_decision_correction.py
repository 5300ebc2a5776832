from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .deliberation_common import DeliberationCase


@tagged("post_install", "-at_install")
class TestDecisionCorrection(DeliberationCase):
    def _correct(self, decision, user=None, **values):
        Wizard = self.env["partnership.decision.correct"].with_user(user or self.officer)
        wizard = Wizard.create({"decision_id": decision.id, "reason": "Test minutes", **values})
        wizard.action_correct()

    def _get_vote(self, decision, number):
        return decision.last_vote_ids.filtered(lambda vote: vote.seat_id == self.seats[number])

    def _get_corrections(self, decision):
        return [
            (correction.what, correction.old_value, correction.new_value)
            for correction in decision.correction_ids
        ]

    def test_words(self):
        self._come(0)
        decision = self._close(yes=(0,), text="<p>Shall we?</p>", chair_id=self.persons[0].id)
        item = self.env["partnership.agenda.item"].create(
            {"name": "Test approval", "event_id": self.meeting.id}
        )
        self._correct(
            decision,
            item_id=item.id,
            name="Test better question",
            text="<p>Shall they?</p>",
            conditions="Test condition",
            chair_id=self.persons[3].id,
            date_review="2025-06-03",
        )
        self.assertEqual(decision.name, "Test better question")
        self.assertEqual(
            self._get_corrections(decision),
            [
                ("Title", "Test question", "Test better question"),
                ("Text", "Shall we?", "Shall they?"),
                ("Conditions", "", "Test condition"),
                ("Presided by", self.persons[0].display_name, self.persons[3].display_name),
                ("Review on", "", "06/03/2025"),
            ],
        )
        first = decision.correction_ids[0]
        self.assertEqual(
            (str(first.date), first.user_id, first.reason, first.item_id),
            ("2024-06-03", self.officer, "Test minutes", item),
        )
        self.assertEqual(decision.outcome, "adopted")

    def test_vote(self):
        """A row is added, and the outcome is found by the one function."""
        self._come(0, 3, 5)
        decision = self._close(yes=(0, 3), no=(5,))
        vote = self._get_vote(decision, 3)
        self._correct(decision, vote_id=vote.id, choice="no")
        self.assertEqual(decision.outcome, "refused")
        self.assertEqual(
            self._get_corrections(decision),
            [("Vote of Test Mill in Test board", "Yes", "No"), ("Outcome", "Adopted", "Refused")],
        )
        rows = decision.vote_ids.filtered(lambda row: row.seat_id == self.seats[3]).sorted("id")
        self.assertEqual(rows.mapped("choice"), ["yes", "no"])
        self.assertEqual(rows.mapped("is_last"), [False, True])
        self.assertEqual((rows[1].channel, rows[1].user_id), ("recorded", self.officer))
        with self.assertRefused("not the vote that counts", exception=UserError):
            self._correct(decision, vote_id=vote.id, choice="abstained")

    def test_vote_of_who_was_away(self):
        self._come(0)
        decision = self._close(yes=(0,))
        self._correct(decision, vote_id=self._get_vote(decision, 3).id, choice="no")
        self.assertEqual(decision.outcome, "refused")
        self._correct(decision, vote_id=self._get_vote(decision, 3).id, choice="recused")
        self.assertEqual(decision.outcome, "adopted")

    def test_overridden_stays_so(self):
        self._come(0, 1, 3)
        decision = self._close(yes=(0, 1), no=(3,), balance="ceiling")
        Override = self.env["partnership.decision.override"].with_user(self.officer)
        Override.create({"decision_id": decision.id, "reason": "Test"}).action_override()
        self._correct(decision, vote_id=self._get_vote(decision, 1).id, choice="no")
        self.assertEqual((decision.outcome, decision.is_overridden), ("refused", True))

    def test_chair_decides_the_tie(self):
        self._come(0, 3)
        decision = self._close(yes=(0,), no=(3,), tie="chair", chair_id=self.persons[0].id)
        self.assertEqual(decision.outcome, "adopted")
        self._correct(decision, chair_id=self.persons[3].id)
        self.assertEqual(decision.outcome, "refused")
        self.assertEqual(decision.correction_ids[-1].what, "Outcome")

    def test_who_corrects(self):
        self._come(0)
        decision = self._close(yes=(0,))
        for user in (self.facilitator, self.stranger, self.employee, self.portal_user):
            with self.assertRefused(exception=AccessError):
                self._correct(decision, user, name="Test mine")
        self.assertEqual(decision.name, "Test question")

    def test_refused(self):
        self._come(0, 1)
        draft, decision = self._decide(), self._close(yes=(0,), no=(1,))
        with self.assertRefused("is not closed", exception=UserError):
            self._correct(draft, name="Test else")
        with self.assertRefused("Nothing is corrected", exception=UserError):
            self._correct(decision)
        with self.assertRefused("has a title", exception=UserError):
            self._correct(decision, name=False)
        vote = self._get_vote(decision, 0)
        with self.assertRefused("Nothing is corrected", exception=UserError):
            self._correct(decision, vote_id=vote.id, choice="yes")
        other = self._close(yes=(0,))
        with self.assertRefused("not the vote that counts", exception=UserError):
            self._correct(other, vote_id=vote.id, choice="no")
        secret = self._close(yes=(0,), visibility="secret")
        with self.assertRefused("was secret", exception=UserError):
            self._correct(secret, vote_id=self._get_vote(secret, 0).id, choice="no")
        deferred = self._decide()
        deferred.action_open_vote()
        deferred.action_defer()
        with self.assertRefused("not decided by votes", exception=UserError):
            self._correct(deferred, vote_id=self._get_vote(deferred, 0).id, choice="no")
        self.assertFalse((decision | other | secret | deferred).correction_ids)

    def test_hands(self):
        """Who has raised a hand is not known: nobody is counted twice."""
        self._come(0, 1)
        decision = self._decide()
        decision.action_open_vote()
        decision._set_hands({self.group_public.id: {"yes": 1, "no": 1}})
        decision.action_close_vote()
        with self.assertRefused("Count again", exception=ValidationError):
            self._correct(decision, vote_id=self._get_vote(decision, 0).id, choice="no")

    def test_executed_stays_adopted(self):
        self._come(0)
        decision = self._close(yes=(0,))
        decision.write({"is_executed": True, "date_executed": "2024-06-03"})
        with self.assertRefused("was not adopted"):
            self._correct(decision, vote_id=self._get_vote(decision, 0).id, choice="no")

    def test_corrections_stay(self):
        self._come(0)
        decision = self._close(yes=(0,))
        self._correct(decision, name="Test better question")
        correction = decision.correction_ids
        theirs = correction.with_user(self.officer)
        for call in (
            lambda: theirs.write({"reason": "Test else"}),
            lambda: theirs.unlink(),
            lambda: theirs.create({"decision_id": decision.id, "reason": "Test", "what": "Test"}),
        ):
            with self.assertRefused(exception=AccessError):
                call()
        with self.assertRefused("stay", exception=UserError):
            correction.unlink()
        self.assertFalse(
            self.env[correction._name]
            .with_user(self.stranger)
            .search([("decision_id", "=", decision.id)])
        )
