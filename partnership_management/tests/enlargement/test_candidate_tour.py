from odoo.tests import HttpCase, tagged

from .candidate_common import CandidateCase


@tagged("post_install", "-at_install")
class TestCandidateTour(CandidateCase, HttpCase):
    def test_tour(self):
        """Quick creation, drag and drop back and forth, refusal, return, admission by dragging."""
        ours = (
            self.stage_contacted
            | self.stage_informal
            | self.stage_application
            | self.stage_decision
            | self.stage_admitted
        )
        self.env["partnership.enlargement.stage"].search(
            [("id", "not in", ours.ids)]
        ).active = False
        self.start_tour(
            "/odoo/partnership-candidates", "partnership_candidate_tour", login="test_facilitator"
        )
        candidate = self.Candidate.search([("name", "=", "Test orchard keepers")])
        self.assertEqual(candidate.state, "admitted")
        self.assertEqual(candidate.partner_id.is_company, True)
        self.assertEqual(candidate.user_id, self.facilitator)
        self.assertEqual(
            self._roles(candidate),
            (self.role_contacted + self.role_informal + self.role_formal).ids,
        )
