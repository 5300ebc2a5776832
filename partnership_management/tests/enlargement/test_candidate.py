from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .candidate_common import CandidateCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestCandidate(CandidateCase):
    def _steps(self, candidate):
        """:return: list of (role, date, reason), oldest first"""
        return [
            (step.to_role_id, str(step.date), step.reason)
            for step in candidate.membership_id.transition_ids.sorted("id")
        ]

    # The card makes contact and membership

    def test_card_makes_the_membership(self):
        candidate = self._create_candidate("Test beekeepers")
        membership = candidate.membership_id
        self.assertEqual(membership.partner_id, candidate.partner_id)
        self.assertEqual(membership.partnership_id, self.partnership)
        self.assertEqual(membership.role_id, self.role_contacted)
        self.assertEqual(membership.interest_group_id, self.group_civil)
        self.assertEqual(str(membership.date_start), "2024-06-15")
        self.assertEqual(candidate.state, "ongoing")

    def test_stage_without_role_begins_with_the_lowest(self):
        candidate = self._create_candidate("Test beekeepers", self.stage_application)
        lowest = self.env["partnership.role"].search([], limit=1)
        self.assertEqual(candidate.membership_id.role_id, lowest)

    def test_card_finds_the_membership(self):
        membership = self._create_member("Test council", self.role_informal)
        candidate = self.Candidate.create(
            {
                "partnership_id": self.partnership.id,
                "partner_id": membership.partner_id.id,
                "interest_group_id": False,
            }
        )
        self.assertEqual(candidate.stage_id, self.stage_contacted, "the first stage")
        self.assertEqual(candidate.membership_id, membership)
        self.assertEqual(candidate.interest_group_id, self.group_public, "that of the membership")
        self.assertEqual(membership.role_id, self.role_informal, "a role is never lowered")
        self.assertEqual(len(membership.transition_ids), 1)

    def test_card_from_a_name(self):
        known = self._create_organisation("Test council")
        values = {"partnership_id": self.partnership.id, "email": "bees@test.example"}
        new, old = self.Candidate.create(
            [{**values, "name": " Test beekeepers "}, {"name": "Test council"}]
        )
        self.assertEqual(new.partner_id.name, "Test beekeepers")
        self.assertEqual(new.partner_id.email, "bees@test.example")
        self.assertTrue(new.partner_id.is_company)
        self.assertEqual(old.partner_id, known)
        self.assertEqual(values, {"partnership_id": self.partnership.id, **values})
        named_id, _name = self.Candidate.create({"name": "Test choir"}).name_create("Test club")
        self.assertEqual(self.Candidate.browse(named_id).partner_id.name, "Test club")

    def test_resident_is_a_person(self):
        residents = self.env["partnership.interest.group"].create(
            {"name": "Test residents", "sector": "individual"}
        )
        candidate = self.Candidate.create(
            {"name": "Test neighbour", "interest_group_id": residents.id}
        )
        self.assertFalse(candidate.partner_id.is_company)

    def test_ambiguous_name_is_refused(self):
        self._create_organisation("Test council")
        self._create_organisation("Test council")
        with self.assertRefused("Test council", "2 contacts", exception=UserError):
            self.Candidate.create({"name": "Test council"})

    def test_identity_does_not_change(self):
        candidate = self._create_candidate("Test beekeepers")
        with self.assertRefused("Test beekeepers", exception=UserError):
            candidate.partner_id = self._create_organisation("Other")

    def test_interest_group_of_card_and_membership(self):
        candidate = self._create_candidate("Test beekeepers")
        candidate.interest_group_id = self.group_economic
        self.assertEqual(candidate.membership_id.interest_group_id, self.group_economic)
        candidate.membership_id.interest_group_id = self.group_public
        self.assertEqual(candidate.interest_group_id, self.group_public)
        candidate.interest_group_id = False
        self.assertEqual(candidate.interest_group_id, self.group_public, "empty says nothing")
        candidate.action_admit()
        candidate.membership_id.interest_group_id = self.group_civil
        self.assertEqual(candidate.interest_group_id, self.group_public, "what it was then")

    # Entering a stage

    def test_stages_write_transitions_once(self):
        candidate = self._create_candidate("Test beekeepers")
        for stage in (
            self.stage_informal,
            self.stage_informal,
            self.stage_application,
            self.stage_decision,
            self.stage_admitted,
            self.stage_admitted,
        ):
            candidate.stage_id = stage
        self.assertEqual(
            self._steps(candidate),
            [
                (self.role_contacted, "2024-06-15", "Candidate in the enlargement pipeline"),
                (self.role_informal, "2024-06-15", "Enlargement: Test informal"),
                (self.role_formal, "2024-06-15", "Enlargement: Test admitted"),
            ],
        )
        self.assertEqual(candidate.state, "admitted")
        self.assertTrue(candidate.membership_id.is_formal)

    def test_back_and_forth(self):
        candidate = self._create_candidate("Test beekeepers")
        candidate.stage_id = self.stage_admitted
        candidate.stage_id = self.stage_contacted
        self.assertEqual(candidate.membership_id.role_id, self.role_formal, "nothing is taken")
        self.assertEqual(candidate.state, "ongoing")
        candidate.stage_id = self.stage_admitted
        candidate.action_admit()
        self.assertEqual(self._roles(candidate), (self.role_contacted + self.role_formal).ids)

    def test_higher_role_is_kept(self):
        membership = self._create_member("Test council", self.role_active)
        candidate = self._create_candidate(membership.partner_id, self.stage_admitted)
        self.assertEqual(membership.role_id, self.role_active)
        self.assertEqual(candidate.membership_id, membership)
        self.assertEqual(len(membership.transition_ids), 2, "the group alone changed")

    def test_admitted_on_creation(self):
        candidate = self._create_candidate("Test beekeepers", self.stage_admitted)
        self.assertEqual(candidate.state, "admitted")
        self.assertEqual(candidate.membership_id.role_id, self.role_formal)
        self.assertEqual(self._steps(candidate)[-1][2], "Enlargement: Test admitted")

    def test_informal_admission(self):
        candidate = self._create_candidate("Test beekeepers", target_form="informal")
        candidate.action_admit()
        self.assertEqual(candidate.membership_id.role_id, self.role_informal)
        self.assertFalse(candidate.membership_id.is_formal)
        self.assertEqual(str(candidate.review_date), "2024-12-12", "looked at again")
        attempt = self.Candidate.browse(candidate.action_new_attempt()["res_id"])
        self.assertEqual(attempt.target_form, "formal", "the next step of a gradual process")
        attempt.action_admit()
        self.assertEqual(attempt.membership_id, candidate.membership_id)
        self.assertEqual(candidate.membership_id.role_id, self.role_formal)
        self.assertEqual(candidate.attempt_count, 2)
        self.assertFalse(attempt.review_date)

    def test_informal_candidate_keeps_to_its_path(self):
        candidate = self._create_candidate("Test beekeepers", target_form="informal")
        with self.assertRefused("Test beekeepers", "Informal", "Test application"):
            candidate.stage_id = self.stage_application
        candidate.target_form = "formal"
        candidate.stage_id = self.stage_application
        with self.assertRefused("Test beekeepers"):
            candidate.target_form = "informal"

    def test_admission_needs_the_interest_group(self):
        candidates = self.Candidate.create(
            [
                {"name": "Test beekeepers"},
                {"name": "Test choir", "interest_group_id": self.group_civil.id},
            ]
        )
        with self.assertRefused("Test beekeepers", "interest group"):
            candidates.action_admit()
        candidates.invalidate_recordset()
        self.assertEqual(set(candidates.mapped("state")), {"ongoing"})
        self.assertNotIn(self.role_formal, candidates.membership_id.role_id)

    def test_actor_that_left_gets_a_new_membership(self):
        candidate = self._create_candidate("Test beekeepers")
        left = candidate.membership_id
        with freeze_time("2024-07-01"):
            left.date_end = "2024-06-30"
            candidate.stage_id = self.stage_admitted
            self.assertNotEqual(candidate.membership_id, left)
            self.assertEqual(str(candidate.membership_id.date_start), "2024-07-01")
        self.assertEqual(left.role_id, self.role_contacted)
        self.assertEqual(candidate.membership_id.role_id, self.role_formal)

    def test_many_at_once(self):
        candidates = self._create_candidates(6)
        candidates[0].stage_id = self.stage_admitted
        candidates[1].stage_id = self.stage_informal
        candidates.write({"stage_id": self.stage_admitted.id, "priority": "1"})
        self.assertEqual(set(candidates.mapped("priority")), {"1"})
        self.assertEqual(candidates.membership_id.role_id, self.role_formal)
        formal = candidates.membership_id.transition_ids.filtered(
            lambda step: step.to_role_id == self.role_formal
        )
        self.assertEqual(len(formal), 6, "one for each, also for the one that was in")

    def test_assembly_seat_comes_with_admission(self):
        assembly = self._create_body("Test assembly", level="assembly", seat_policy="members")
        candidates = self._create_candidates(3)
        candidates.action_admit()
        self.assertEqual(assembly.seat_ids.membership_id, candidates.membership_id)

    def test_cost_of_admission_does_not_grow_by_query(self):
        self._create_body("Test assembly", level="assembly", seat_policy="members")

        def count(number):
            candidates = self._create_candidates(number)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            candidates.action_admit()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(2)
        few, many = count(5), count(50)
        self.assertLessEqual(many, few + 6)

    def test_cost_of_creation_does_not_grow_by_query(self):
        def count(number):
            partners = self.env["res.partner"].create(
                [{"name": f"Test {number} {index}"} for index in range(number)]
            )
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.Candidate.create([{"partner_id": partner.id} for partner in partners])
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(2)
        few, many = count(5), count(50)
        self.assertLessEqual(many, few + 6)

    # Stages

    def test_stages_say_what_they_give(self):
        with self.assertRefused("Test decision", "admission"):
            self.stage_decision.role_id = self.role_formal
        with self.assertRefused("Test admitted"):
            self.stage_admitted.role_id = self.role_informal
        with self.assertRefused("Test admitted"):
            self.stage_admitted.informal_role_id = self.role_formal

    def test_stage_in_use_does_not_begin_to_admit(self):
        self._create_candidate("Test beekeepers", self.stage_decision, active=False)
        with self.assertRefused("Test decision", exception=UserError):
            self.stage_decision.write({"is_admission": True, "role_id": self.role_formal.id})

    def test_data_stages_and_roles(self):
        data = "partnership_management.partnership_enlargement_stage_%s"
        admitted = self.env.ref(data % "admitted")
        self.assertTrue(admitted._get_role("formal").is_formal)
        self.assertEqual(
            admitted._get_role("informal"),
            self.env.ref("partnership_management.partnership_role_informal"),
        )
        self.assertFalse(self.env.ref(data % "decision")._get_role("formal"))
