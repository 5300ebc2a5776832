from freezegun import freeze_time

from odoo.tests import Form, tagged

from ..composition.composition_common import CompositionCase
from .candidate_common import CandidateCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestCandidateEffect(CandidateCase, CompositionCase):
    def _assertEffect(self, candidate, before, after, msg=None):
        self.env.invalidate_all()
        self.assertAlmostEqual(candidate.representativeness_without, before, 1, msg)
        self.assertAlmostEqual(candidate.representativeness_with, after, 1, msg)
        self.assertAlmostEqual(
            candidate.representativeness_change, after - before, msg=msg, delta=0.11
        )

    def test_check_values(self):
        """Of the definition: 7/3/2 is 75, 6/2/1 is 66.7; q is a third each."""
        self._create_members(6, 2, 1)
        self._assertEffect(self._create_candidate("Test choir"), 66.7, 73.3, "6/2/2")
        self._assertEffect(
            self._create_candidate("Test firm", group=self.group_economic), 66.7, 73.3, "6/3/1"
        )
        worse = self._create_candidate("Test council", group=self.group_public)
        self._assertEffect(worse, 66.7, 63.3, "7/2/1")
        self.assertEqual((worse.largest_count_without, worse.members_without), (6, 9))
        self.assertEqual((worse.largest_count_with, worse.members_with), (7, 10))
        self.assertAlmostEqual(worse.largest_share_without, 6 / 9)
        self.assertAlmostEqual(worse.largest_share_with, 0.7)

    def test_same_as_the_composition(self):
        """Before and after admission the report says what the card said."""
        self._create_members(7, 3, 1)
        card = self._create_candidate("Test choir")
        self._assertEffect(card, self.partnership.representativeness_paper, 75)
        self._admit(card)
        self.env.invalidate_all()
        self.assertAlmostEqual(self.partnership.representativeness_paper, 75, 1)
        self.assertAlmostEqual(self.partnership.largest_group_share, card.largest_share_with)

    def _admit(self, card):
        """By the role, whatever the door asks."""
        card.membership_id.with_context(transition_reason="Test admission").with_user(
            self.officer
        ).role_id = self.role_formal

    def test_member_already(self):
        """Of a member it is shown what there would be without it."""
        members = self._create_members(6, 2, 2)
        card = self._create_candidate(members[-1].partner_id)
        self._assertEffect(card, 66.7, 73.3)
        members[-1].date_end = "2024-06-14"
        self._assertEffect(card, 66.7, 73.3, "it has left, and might come back")
        self.assertEqual(card.members_with, 10)

    def test_opens_to_the_rows_behind(self):
        self._create_members(6, 2, 1)
        card = self._create_candidate("Test choir").with_user(self.facilitator)
        action = card.action_open_composition()
        self.env.flush_all()
        rows = self.env[action["res_model"]].with_user(self.facilitator).search(action["domain"])
        self.assertEqual(rows.partnership_id, self.partnership)

    def test_group_that_is_not_wanted_and_none(self):
        self._create_members(1, 1, 1)
        other = self.env["partnership.interest.group"].create(
            {"name": "Test other", "sector": "civil"}
        )
        self._assertEffect(self._create_candidate("Test choir", group=other), 100, 75)
        none = self.Candidate.create(
            {
                "partnership_id": self.partnership.id,
                "partner_id": self._create_organisation("Test band").id,
            }
        )
        self.assertIs(none.representativeness_with, False)

    def test_not_enough_data(self):
        self._create_members(1, 1, 0)
        card = self._create_candidate("Test choir")
        self.assertIs(card.representativeness_without, False)
        self.assertAlmostEqual(card.representativeness_with, 100)
        self.assertIs(card.representativeness_change, False)
        self.assertIs(card.largest_share_without, False)

    def test_without_a_profile(self):
        self._create_members(2, 1, 1)
        self.partnership.profile_line_ids.unlink()
        card = self._create_candidate("Test council", group=self.group_public)
        self.assertIs(card.representativeness_with, False)
        self.assertAlmostEqual(card.largest_share_with, 0.6)

    def test_seen_before_the_card_is_saved(self):
        self._create_members(6, 2, 1)
        form = Form(self.Candidate.with_user(self.facilitator))
        form.partnership_id = self.partnership
        form.interest_group_id = self.group_civil
        self.assertAlmostEqual(form.representativeness_change, 73.3 - 66.7, 0)

    def test_one_query_for_the_board(self):
        """Whatever the number of cards, groups and partnerships."""
        self._create_members(6, 2, 1)
        other = self.partnership.copy({"name": "Test other partnership"})
        cards = self._create_candidates(20)
        for number, group in enumerate(self.groups):
            for place in (self.partnership, other):
                cards += self._create_candidate(
                    f"Test {number} {place.name}", group=group, partnership_id=place.id
                )
        self.env.flush_all()

        def count(cards):
            self.env.invalidate_all()
            cards.mapped("partnership_id.name")
            cards.mapped("membership_id.is_formal")
            before = self.cr.sql_log_count
            cards.mapped("representativeness_change")
            return self.cr.sql_log_count - before

        self.assertEqual(count(cards[:1]), count(cards))
        self.assertEqual(count(cards), 1)
