from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import GROUP
from .candidate_common import CandidateCase


@tagged("post_install", "-at_install")
class TestCandidateSecurity(CandidateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.candidate = cls._create_candidate("Test beekeepers", user_id=cls.facilitator.id)

    def _create_as(self, user, **values):
        return self.Candidate.with_user(user).create(
            {
                "partnership_id": self.partnership.id,
                "name": f"Test actor of {user.login}",
                "interest_group_id": self.group_civil.id,
                **values,
            }
        )

    def test_facilitator_works_with_own_partnerships(self):
        candidate = self._create_as(self.facilitator)
        candidate.stage_id = self.stage_informal
        candidate.action_admit()
        self.assertEqual(candidate.membership_id.role_id, self.role_formal)
        self.assertEqual(
            candidate.membership_id.transition_ids.user_id, self.facilitator, "who wrote it"
        )
        wizard = self.env["partnership.candidate.refuse"].with_user(self.facilitator)
        wizard.create(
            {"candidate_ids": self.candidate.ids, "reason_id": self.reason.id}
        ).action_apply()
        self.assertEqual(self.candidate.state, "refused")
        self.candidate.with_user(self.facilitator).action_reopen()
        with self.assertRaises(AccessError):
            candidate.unlink()

    def test_officer_works_with_all(self):
        self._create_as(self.officer).action_admit()
        self.candidate.with_user(self.officer).action_admit()
        self.assertEqual(self.candidate.state, "admitted")

    def test_administrator_deletes_and_configures(self):
        membership = self.candidate.membership_id
        self.candidate.with_user(self.administrator).unlink()
        self.assertTrue(membership.exists())
        self.stage_decision.with_user(self.administrator).name = "Test vote"
        for user in (self.facilitator, self.officer):
            with self.assertRaises(AccessError):
                self.stage_decision.with_user(user).name = "Test other"
            with self.assertRaises(AccessError):
                self.reason.with_user(user).name = "Test other"
        tag = self.env["partnership.candidate.tag"].with_user(self.facilitator)
        self.assertTrue(tag.create({"name": "Test tag"}).color)

    def test_stranger_sees_and_does_nothing(self):
        foreign = self.candidate.with_user(self.stranger)
        self.assertFalse(self.Candidate.with_user(self.stranger).search([]) & self.candidate)
        for attempt in (
            lambda: foreign.read(["name"]),
            lambda: foreign.write({"stage_id": self.stage_admitted.id}),
            foreign.action_admit,
            foreign.action_new_attempt,
            foreign.action_open_presences,
            lambda: self._create_as(self.stranger),
            lambda: (
                self.env["partnership.candidate.refuse"]
                .with_user(self.stranger)
                .create({"candidate_ids": self.candidate.ids, "reason_id": self.reason.id})
                .action_apply()
            ),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                attempt()
            self.env.invalidate_all()
        self.assertEqual(self.candidate.state, "ongoing")
        self.assertEqual(self.candidate.membership_id.role_id, self.role_contacted)
        found = self.env["res.partner"].search([("name", "=", "Test actor of test_stranger")])
        self.assertFalse(found, "nothing is left behind")

    def test_employee_and_portal_have_no_access(self):
        for user in (self.employee, self.portal_user):
            for operation in ("read", "write", "create", "unlink"):
                self.assertFalse(self.Candidate.with_user(user).has_access(operation))

    def test_other_company(self):
        company = self.env["res.company"].create({"name": "Test other company"})
        officer = new_test_user(
            self.env,
            "test_officer_elsewhere",
            GROUP % "officer",
            company_id=company.id,
            company_ids=company.ids,
        )
        with self.assertRaises(AccessError):
            self.candidate.with_user(officer).read(["name"])

    def test_responsible_is_of_the_team(self):
        with self.assertRefused("test_stranger", "Test partnership", "Test beekeepers"):
            self.candidate.user_id = self.stranger
        self.candidate.user_id = self.officer
        self.candidate.user_id = False

    def test_counts_on_contact_and_membership(self):
        partner = self.candidate.partner_id
        self.assertEqual(partner.with_user(self.facilitator).partnership_candidate_count, 1)
        self.assertEqual(partner.with_user(self.stranger).partnership_candidate_count, 0)
        membership = self.candidate.membership_id.with_user(self.facilitator)
        self.assertEqual(membership.candidate_count, 1)
        for action in (
            membership.action_open_candidates(),
            partner.with_user(self.facilitator).action_open_partnership_candidates(),
            self.candidate.action_open_attempts(),
        ):
            self.assertEqual(self.Candidate.search(action["domain"]), self.candidate)
