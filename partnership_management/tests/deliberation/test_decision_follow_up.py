import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .deliberation_common import DeliberationCase


@tagged("post_install", "-at_install")
class TestDecisionFollowUp(DeliberationCase):
    def _get_reviews(self, decision):
        """:return: list of (day, login) of the to-dos of review"""
        kind = self.env.ref("partnership_management.mail_activity_type_decision_review")
        reviews = decision.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)
        return [(str(review.date_deadline), review.user_id.login) for review in reviews]

    def test_review(self):
        self.partnership.user_id = self.facilitator
        self._come(0)
        decision = self._close(yes=(0,)).with_user(self.facilitator)
        decision.date_review = "2025-06-03"
        self.assertEqual(self._get_reviews(decision), [("2025-06-03", "test_facilitator")])
        decision.date_review = "2025-07-01"
        self.assertEqual(self._get_reviews(decision), [("2025-07-01", "test_facilitator")])
        decision.write({"date_review": "2025-07-01", "execution_evidence": "Test"})
        self.assertEqual(len(self._get_reviews(decision)), 1)
        decision.date_review = False
        self.assertEqual(self._get_reviews(decision), [])

    def test_review_done(self):
        """What is done is not asked again, until there is another date."""
        self._come(0)
        decision = self._close(yes=(0,))
        decision.date_review = "2025-06-03"
        decision.activity_feedback(["partnership_management.mail_activity_type_decision_review"])
        decision.write({"date_review": "2025-06-03", "is_execution_asked": False})
        self.assertEqual(self._get_reviews(decision), [])
        decision.date_review = "2026-06-03"
        self.assertEqual(len(self._get_reviews(decision)), 1)

    def test_review_of_a_draft(self):
        """Only what was decided is reviewed."""
        self._come(0)
        decision = self._decide(date_review="2025-06-03")
        self.assertEqual(self._get_reviews(decision), [])
        decision.action_open_vote()
        self._vote(decision, yes=(0,))
        decision.action_close_vote()
        self.assertEqual(len(self._get_reviews(decision)), 1)
        withdrawn = self._decide(date_review="2025-06-03")
        withdrawn.action_withdraw()
        self.assertEqual(self._get_reviews(withdrawn), [])

    def test_review_superseded(self):
        self._come(0)
        first, second = self._close("One", yes=(0,)), self._close("Two", yes=(0,))
        (first | second).date_review = "2025-06-03"
        Wizard = self.env["partnership.decision.supersede"].with_user(self.facilitator)
        Wizard.create({"decision_id": second.id, "earlier_ids": first.ids}).action_supersede()
        self.assertEqual(self._get_reviews(first), [])
        self.assertEqual(len(self._get_reviews(second)), 1)
        first.date_review = "2025-08-01"
        self.assertEqual(self._get_reviews(first), [])

    def test_review_without_a_reader(self):
        """Whoever is responsible and cannot read it is not asked."""
        self.partnership.write({"user_id": self.stranger.id, "user_ids": self.facilitator.ids})
        self._come(0)
        decision = self._close(yes=(0,))
        decision.date_review = "2025-06-03"
        self.assertEqual(self._get_reviews(decision), [("2025-06-03", "test_facilitator")])

    def test_reviews_cost_as_many_queries(self):
        self._come(0)
        decisions = self.env["partnership.decision"].union(
            *(self._close(f"Test {number}", yes=(0,)) for number in range(6))
        )

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            records.date_review = "2025-06-03"
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(decisions[0])
        few, many = count(decisions[1:3]), count(decisions[3:])
        self.assertLessEqual(many - few, self._growth_of_activities(2, 3))

    def test_evidence(self):
        self._come(0)
        decision = self._close(yes=(0,)).with_user(self.facilitator)
        file = self.env["ir.attachment"].with_user(self.facilitator)
        file = file.create({"name": "Test.txt", "datas": base64.b64encode(b"Test")})
        decision.write(
            {
                "is_executed": True,
                "date_executed": "2024-09-01",
                "execution_evidence": "Test letter",
                "attachment_ids": file.ids,
            }
        )
        self.assertEqual((file.res_model, file.res_id), (decision._name, decision.id))
        self.assertEqual(file.with_user(self.officer).raw, b"Test")
        with self.assertRefused(exception=AccessError):
            file.with_user(self.stranger).read(["raw"])

    def test_tell_the_outcome(self):
        """To whoever holds a seat, and those whom it concerns, once."""
        self._come(0, 3, 5)
        applicant = self._create_person("Test applicant")
        item = self.env["partnership.agenda.item"].create(
            {
                "name": "Test item",
                "event_id": self.meeting.id,
                "partner_ids": (applicant | self.persons[0]).ids,
            }
        )
        decision = self._close(
            "Test shop",
            yes=(0, 3),
            no=(5,),
            item_id=item.id,
            text="<p>Shall we?</p>",
            conditions="Test <condition>",
        ).with_user(self.facilitator)
        action = decision.action_tell_outcome()
        briefing = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(
            (briefing.name, briefing.kind, briefing.state, briefing.body_id),
            ("1/2024 Test shop", "document", "draft", self.body),
        )
        for words in (
            "Shall we?",
            "<strong>Adopted</strong>",
            "More than half of yes and no votes",
            "In favour: 2 of 3 yes and no votes, 2 needed (more than half)",
            "Conditions: Test &lt;condition&gt;",
        ):
            self.assertIn(words, briefing.body)
        readers = briefing.receipt_ids.person_id
        self.assertEqual(set(readers), {*self.persons, applicant})
        self.assertEqual(len(briefing.receipt_ids), 8)
        self.assertFalse(briefing.date_sent)
        self.assertEqual(decision.action_tell_outcome()["res_id"], briefing.id)
        self.assertEqual(self.meeting.partnership_briefing_ids, briefing.browse())
        briefing.action_send()
        briefing.action_cancel()
        self.assertNotEqual(decision.action_tell_outcome()["res_id"], briefing.id)

    def test_tell_no_outcome(self):
        with self.assertRefused("while it is closed", exception=UserError):
            self._decide().action_tell_outcome()
        self._come(0)
        decision = self._close(yes=(0,))
        with self.assertRefused(exception=AccessError):
            decision.with_user(self.stranger).action_tell_outcome()
        briefing = self.env["partnership.briefing"].with_user(self.facilitator)
        with self.assertRefused("not written by hand", exception=AccessError):
            briefing.create({"name": "Test", "decision_id": decision.id})

    def test_tell_what_was_overridden(self):
        self._come(0)
        decision = self._close(yes=(0,), balance="ceiling")
        Override = self.env["partnership.decision.override"].with_user(self.officer)
        Override.create({"decision_id": decision.id, "reason": "Test ruling"}).action_override()
        action = decision.action_tell_outcome()
        briefing = self.env["partnership.briefing"].browse(action["res_id"])
        self.assertIn("Balance overridden: Test ruling", briefing.body)

    def test_export(self):
        """The register with its votes, as a table."""
        self._come(0, 3)
        decision = self._close("Test shop", yes=(0,), no=(3,)).with_user(self.facilitator)
        fnames = [
            "number",
            "year",
            "body_id",
            "name",
            "outcome",
            "last_vote_ids/membership_id",
            "last_vote_ids/choice",
        ]
        rows = decision.export_data(fnames)["datas"]
        self.assertEqual(len(rows), 7)
        self.assertEqual(rows[0][:5], [1, 2024, "Test board", "Test shop", "Refused"])
        self.assertIn(["Test Mill in Test partnership", "No"], [row[5:] for row in rows])

    def test_search(self):
        self._come(0)
        first, second = (
            self._close("One", yes=(0,)),
            self._close("Two", yes=(0,), balance="ceiling"),
        )
        Correct = self.env["partnership.decision.correct"].with_user(self.officer)
        Correct.create(
            {"decision_id": first.id, "reason": "Test", "name": "Test first"}
        ).action_correct()
        Override = self.env["partnership.decision.override"].with_user(self.officer)
        Override.create({"decision_id": second.id, "reason": "Test"}).action_override()
        Decision = self.env["partnership.decision"].with_user(self.facilitator)
        for domain, found in (
            ([("correction_ids", "!=", False)], first),
            ([("is_overridden", "=", True)], second),
            ([("last_vote_ids.membership_id.partner_id", "ilike", "Aford")], first | second),
        ):
            self.assertEqual(Decision.search(domain), found.with_user(self.facilitator).sorted())
