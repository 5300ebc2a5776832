from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .candidate_common import CandidateCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestCandidateRefusal(CandidateCase):
    def test_many_are_refused_with_a_reason(self):
        candidates = self._create_candidates(4)
        self._refuse(candidates)
        self.assertEqual(set(candidates.mapped("state")), {"refused"})
        self.assertEqual(candidates.refuse_reason_id, self.reason)
        self.assertEqual({str(date) for date in candidates.mapped("refuse_date")}, {"2024-06-15"})
        self.assertEqual(set(candidates.mapped("active")), {True}, "still to be found")
        self.assertEqual(candidates.membership_id.role_id, self.role_contacted)

    def test_refused_card_does_not_move(self):
        candidate = self._create_candidate("Test beekeepers")
        self._refuse(candidate)
        for stage in (self.stage_informal, self.stage_admitted):
            with self.assertRefused(
                "Test beekeepers", "06/15/2024", "Test reason", "Reopen", exception=UserError
            ):
                candidate.stage_id = stage
        with self.assertRefused("Test beekeepers", exception=UserError):
            candidate.action_admit()
        with self.assertRefused("Test beekeepers", exception=UserError):
            (candidate + self._create_candidate("Test choir")).action_admit()
        self.assertEqual(candidate.membership_id.role_id, self.role_contacted)

    def test_second_refusal_keeps_the_first(self):
        candidate = self._create_candidate("Test beekeepers")
        self._refuse(candidate, "First")
        with freeze_time("2024-06-20"):
            self._refuse(candidate, "Second")
        self.assertEqual(candidate.refuse_note, "First")
        self.assertEqual(str(candidate.refuse_date), "2024-06-15")

    def test_member_is_not_refused(self):
        candidate = self._create_candidate("Test beekeepers", self.stage_admitted)
        with self.assertRefused("Test beekeepers", "admitted"):
            self._refuse(candidate)

    def test_reopen(self):
        candidate = self._create_candidate("Test beekeepers", self.stage_informal)
        self._refuse(candidate)
        candidate.action_reopen()
        self.assertEqual(candidate.state, "ongoing")
        self.assertEqual(candidate.stage_id, self.stage_informal, "where it stood")
        self.assertFalse(candidate.refuse_reason_id or candidate.refuse_note)
        self.assertFalse(candidate.refuse_date)
        candidate.action_admit()
        self.assertEqual(candidate.membership_id.role_id, self.role_formal)

    def test_refusal_and_return_stay_in_the_history(self):
        candidate = self._create_candidate("Test beekeepers").with_context(tracking_disable=False)
        self.env.flush_all()
        self.cr.precommit.run()
        candidate.refuse_reason_id = self.reason
        self.env.flush_all()
        self.cr.precommit.run()
        candidate.action_reopen()
        self.env.flush_all()
        self.cr.precommit.run()
        values = candidate.message_ids.tracking_value_ids.filtered(
            lambda value: value.field_id.name == "refuse_reason_id"
        )
        self.assertIn("Test reason", values.mapped("old_value_char"))
        self.assertIn("Test reason", values.mapped("new_value_char"))

    def test_new_attempt(self):
        candidate = self._create_candidate("Test beekeepers", self.stage_informal)
        with self.assertRefused("Test beekeepers", "Test informal"):
            candidate.action_new_attempt()
        self._refuse(candidate)
        attempt = self.Candidate.browse(candidate.action_new_attempt()["res_id"])
        self.assertEqual(candidate.state, "refused", "the old card stays as it is")
        self.assertEqual(attempt.stage_id, self.stage_contacted)
        self.assertEqual(attempt.membership_id, candidate.membership_id)
        self.assertEqual(attempt.membership_id.role_id, self.role_informal)
        with self.assertRefused("Test beekeepers", str(attempt.id)):
            candidate.action_reopen()

    def test_one_ongoing_attempt(self):
        candidate = self._create_candidate("Test beekeepers", self.stage_informal)
        for values in ({}, {"stage_id": self.stage_application.id}):
            with self.assertRefused("Test beekeepers", "Test informal", str(candidate.id)):
                self.Candidate.create(
                    {
                        "partnership_id": self.partnership.id,
                        "partner_id": candidate.partner_id.id,
                        **values,
                    }
                )
        with self.assertRefused("Test twins"):
            self.Candidate.create([{"name": "Test twins"}, {"name": "Test twins"}])
        with self.assertRefused("Test beekeepers"):
            candidate.copy()

    def test_archived_card_comes_back(self):
        candidate = self._create_candidate("Test beekeepers")
        candidate.action_archive()
        other = self._create_candidate(candidate.partner_id)
        with self.assertRefused("Test beekeepers"):
            candidate.action_unarchive()
        self._refuse(other)
        candidate.action_unarchive()
        self.assertEqual(candidate.state, "ongoing")

    def test_other_partnership_is_another_attempt(self):
        candidate = self._create_candidate("Test beekeepers")
        elsewhere = self.env["partnership.partnership"].create({"name": "Test elsewhere"})
        other = self._create_candidate(candidate.partner_id, partnership_id=elsewhere.id)
        self.assertNotEqual(other.membership_id, candidate.membership_id)
        self.assertEqual(other.membership_id.partnership_id, elsewhere)
        self.assertEqual(candidate.attempt_count, 1)

    def test_refused_on_creation_gets_no_role(self):
        candidate = self._create_candidate(
            "Test beekeepers",
            self.stage_informal,
            refuse_reason_id=self.reason.id,
            refuse_date="2023-05-01",
        )
        self.assertEqual(candidate.state, "refused")
        self.assertEqual(str(candidate.refuse_date), "2023-05-01")
        self.assertNotEqual(candidate.membership_id.role_id, self.role_informal)
        candidate.action_reopen()
        self.assertEqual(candidate.membership_id.role_id, self.role_informal)

    def test_cards_of_merged_contacts_can_be_worked_on(self):
        first = self._create_candidate("Test beekeepers")
        second = self._create_candidate("Test bee keepers")
        contacts = first.partner_id + second.partner_id
        self.env["base.partner.merge.automatic.wizard"]._merge(
            contacts.ids, first.partner_id, extra_checks=False
        )
        self.env.invalidate_all()
        self.assertEqual(second.partner_id, first.partner_id)
        self.assertEqual(second.membership_id, first.membership_id, "they have become one")
        self.assertEqual(second.name, "Test beekeepers")
        (first + second).stage_id = self.stage_informal
        first.action_admit()
        self.assertEqual(first.membership_id.role_id, self.role_formal)
        self._refuse(second)
        with freeze_time("2024-06-16"):
            second.action_reopen()
        self.assertEqual(second.state, "ongoing", "the first is not ongoing any more")
