from odoo.tests import HttpCase, tagged

from .deliberation_common import DeliberationCase


@tagged("post_install", "-at_install")
class TestVoteTour(DeliberationCase, HttpCase):
    def _start(self, screen, tour):
        self.env.flush_all()
        self.start_tour(
            f"/odoo/partnership-meetings/{self.meeting.id}/{screen}",
            tour,
            login="test_facilitator",
        )

    def test_take_a_vote(self):
        decision = self._decide()
        other = self._decide("Test other question")
        self._start("attendance-sheet", "partnership_vote_take")
        self.assertEqual(
            self._get_choices(decision), ["no", "yes", "yes", "no", "yes", "yes", "absent"]
        )
        self.assertEqual((decision.state, decision.outcome), ("closed", "adopted"))
        self.assertEqual(decision.last_vote_ids[0].user_id, self.facilitator)
        self.assertEqual(other.state, "interrupted")
        hands = {count.display_name: (count.yes, count.no) for count in other.count_ids}
        self.assertEqual(hands["Test councils"], (2, 1))

    def test_who_comes_shows_by_itself(self):
        decision = self._decide()
        self._come(*range(6))
        decision.action_open_vote()
        self._start("take-votes", "partnership_vote_live")
        self.assertEqual(self._get_choices(decision), ["not_voted"] * 6 + ["yes"])
