from odoo.tests import Form, tagged

from .candidate_common import CandidateCase


@tagged("post_install", "-at_install")
class TestCandidateSought(CandidateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Round = cls.env["partnership.enlargement.round"]
        here = [("partnership_id", "=", cls.partnership.id), ("state", "=", "open")]
        cls.round = Round.search(here)
        if not cls.round:
            cls.round = Round.create({"name": "Test round", "partnership_id": cls.partnership.id})
            cls.round.action_open()
        cls.round.group_ids = cls.group_civil

    def _sought(self):
        self.env.invalidate_all()
        found = self.Candidate.search(
            [("partnership_id", "=", self.partnership.id), ("is_sought", "=", True)]
        )
        self.assertEqual(
            found,
            self.Candidate.search([("partnership_id", "=", self.partnership.id)]).filtered(
                "is_sought"
            ),
        )
        return found

    def test_group_of_the_open_round(self):
        choir = self._create_candidate("Test choir")
        firm = self._create_candidate("Test firm", group=self.group_economic)
        self.assertEqual(self._sought(), choir)
        self.round.group_ids += self.group_economic
        self.assertEqual(self._sought(), choir + firm)
        self._refuse(choir)
        self.assertEqual(self._sought(), firm)

    def test_no_group_sought(self):
        self._create_candidate("Test choir")
        self.round.group_ids = False
        self.assertFalse(self._sought())

    def test_round_that_is_over(self):
        self._create_candidate("Test choir")
        self.round.state = "closed"
        self.assertFalse(self._sought())

    def test_round_past_its_last_day(self):
        self._create_candidate("Test choir")
        self.round.write({"date_start": "2020-01-01", "date_end": "2020-12-31"})
        self.assertFalse(self._sought())

    def test_round_of_another_partnership(self):
        other = self.partnership.copy({"name": "Test other partnership"})
        card = self._create_candidate("Test choir", partnership_id=other.id)
        self.assertFalse(card.is_sought)

    def test_seen_before_the_card_is_saved(self):
        form = Form(self.Candidate.with_user(self.facilitator))
        form.partnership_id = self.partnership
        form.interest_group_id = self.group_civil
        self.assertTrue(form.is_sought)
        form.interest_group_id = self.group_economic
        self.assertFalse(form.is_sought)
