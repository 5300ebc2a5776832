from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .candidate_common import CandidateCase


@tagged("post_install", "-at_install")
class TestRoundTour(CandidateCase, HttpCase):
    """The closed door in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["partnership.enlargement.stage"].search(
            [("id", "not in", (cls.stage_decision + cls.stage_admitted).ids)]
        ).active = False
        cls.env["partnership.candidate"].search([]).active = False
        cls.round.action_close()
        cls.candidate = cls._create_candidate("Test orchard keepers", cls.stage_decision)

    @mute_logger("odoo.http")
    def _play(self, name, user):
        self.start_tour(
            "/odoo/partnership-candidates", f"partnership_round_tour_{name}", login=user
        )
        self.candidate.invalidate_recordset()

    def test_dragged_by_a_facilitator(self):
        self._play("facilitator", "test_facilitator")
        self.assertEqual(self.candidate.state, "ongoing")

    def test_dragged_by_an_officer(self):
        self._play("officer", "test_officer")
        self.assertEqual(self.candidate.state, "admitted")
        self.assertEqual(self.candidate.outside_reason, "Vote of 31 May")
        self.assertEqual(self.candidate.outside_user_id, self.officer)

    def test_admitted_in_bulk_by_an_officer(self):
        others = self._create_candidates(4, stage_id=self.stage_decision.id)
        self._play("bulk", "test_officer")
        others.invalidate_recordset()
        self.assertEqual(set((others + self.candidate).mapped("state")), {"admitted"})
        self.assertEqual(set(others.mapped("outside_reason")), {"Vote of 31 May"})
