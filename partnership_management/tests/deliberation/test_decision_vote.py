from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .deliberation_common import DeliberationCase


@tagged("post_install", "-at_install")
class TestDecisionVote(DeliberationCase):
    def _open(self, **values):
        decision = self._decide(**values)
        decision.action_open_vote()
        return decision

    def _count(self, decision):
        [step] = [step for step in decision._find_outcome().steps if step.kind == "threshold"]
        return step.yes, step.no

    def test_who_may_vote(self):
        """Fixed when the vote is opened: who is there, and why others are not."""
        self.seats[6].mandate_ids.date_end = "2024-05-31"
        self._come(0, 3)
        decision = self._open()
        absent, vacant = "absent", "vacant"
        self.assertEqual(
            self._get_choices(decision),
            ["not_voted", absent, absent, "not_voted", absent, absent, vacant],
        )
        vote = decision.last_vote_ids.filtered(lambda vote: vote.seat_id == self.seats[3])
        self.assertEqual(
            (vote.person_id, vote.way, vote.weight, vote.interest_group_id, vote.sector),
            (self.persons[3], "titular", 1.0, self.group_economic, "economic"),
        )

    def test_vote(self):
        self._come(0, 1, 3, 5)
        decision = self._open().with_user(self.facilitator)
        self._vote(decision, yes=(0, 3), no=(1,), abstained=(5,))
        decision.action_close_vote()
        self.assertEqual((decision.state, decision.outcome), ("closed", "adopted"))
        self.assertEqual((decision.number, decision.year), (1, 2024))
        vote = decision.last_vote_ids.filtered(lambda vote: vote.seat_id == self.seats[0])
        self.assertEqual(
            (vote.choice, vote.channel, vote.user_id), ("yes", "sheet", self.facilitator)
        )

    def test_again(self):
        """The last one counts, and the one before stays."""
        self._come(0)
        decision = self._open()
        self._vote(decision, no=(0,))
        self._vote(decision, yes=(0,))
        decision._cast({self.seats[0]: "not_voted"})
        self._vote(decision, yes=(0,))
        votes = decision.vote_ids.filtered(lambda vote: vote.seat_id == self.seats[0])
        self.assertEqual(votes.sorted("id").mapped("choice"), ["no", "yes", "not_voted", "yes"])
        self.assertEqual(votes.filtered("is_last").choice, "yes")
        self.assertEqual(decision._find_outcome().result, "adopted")

    def test_rest(self):
        """All who are there and have not voted, and nobody else."""
        self._come(0, 1, 2, 3)
        decision = self._open()
        self._vote(decision, no=(1,))
        decision._cast_rest("yes")
        self.assertEqual(
            self._get_choices(decision),
            ["yes", "no", "yes", "yes", "absent", "absent", "absent"],
        )

    def test_who_comes_is_added(self):
        self._come(0)
        decision = self._open()
        with self.assertRefused("Nobody is there", exception=UserError):
            self._vote(decision, yes=(4,))
        self._come(4, status="late")
        self._vote(decision, no=(4,))
        self.assertEqual(self._get_choices(decision)[4], "no")

    def test_who_leaves(self):
        """A vote that was given stays; one that was not is not given by somebody else."""
        self._come(0, 3)
        decision = self._open()
        self._vote(decision, yes=(0,))
        now = self._tick(minutes=5)
        rows = self._rows(self.meeting)
        rows[self.persons[0]].check_out = now
        rows[self.persons[3]].check_out = now
        self._tick(minutes=5)
        decision._cast_rest("no")
        self.assertEqual(self._get_choices(decision)[:4], ["yes", "absent", "absent", "not_voted"])
        with self.assertRefused("Nobody is there", exception=UserError):
            self._vote(decision, yes=(3,))

    def test_interrupted(self):
        self._come(0)
        decision = self._open()
        self._vote(decision, yes=(0,))
        decision.action_interrupt()
        with self.assertRefused("not open", exception=UserError):
            self._vote(decision, no=(0,))
        self._come(1)
        decision.action_open_vote()
        self.assertEqual(self._get_choices(decision)[:2], ["yes", "not_voted"])
        decision.action_close_vote()
        self.assertEqual(decision.outcome, "adopted")

    def test_proxy(self):
        """A present holder votes for it; a rule without proxies knows none."""
        self._come(0)
        self._rows(self.meeting)[self.persons[1]].write(
            {"status": "excused", "proxy_id": self.persons[0].id}
        )
        decision = self._open()
        self._vote(decision, yes=(0, 1))
        vote = decision.last_vote_ids.filtered(lambda vote: vote.seat_id == self.seats[1])
        self.assertEqual((vote.person_id, vote.way), (self.persons[0], "proxy"))
        decision = self._open(proxy_allowed=False)
        self.assertEqual(self._get_choices(decision)[1], "absent")

    def test_proxy_by_the_link_until_a_vote_is_opened(self):
        row = self._rows(self.meeting)[self.persons[1]]
        self.assertTrue(row._may_change_proxy())
        self._decide()
        self.assertTrue(row._may_change_proxy())
        decision = self._open()
        self.assertFalse(row._may_change_proxy())
        decision.action_withdraw()
        self.assertFalse(row._may_change_proxy())

    def test_remote(self):
        self._come(0)
        self._rows(self.meeting)[self.persons[0]].mode = "remote"
        self.assertEqual(self._get_choices(self._open())[0], "not_voted")
        self.assertEqual(self._get_choices(self._open(remote_allowed=False))[0], "absent")

    def test_seat_without_weight(self):
        """It has no vote, and counts nowhere."""
        self.seats[0].vote_weight = 0
        self._come(0, 3)
        decision = self._open()
        self.assertEqual(len(decision.last_vote_ids), 6)
        with self.assertRefused("has no vote", exception=UserError):
            self._vote(decision, yes=(0,))

    def test_seat_that_ended(self):
        self.seats[0]._end(self.meeting.partnership_date.replace(day=2))
        with self.assertRefused("no seat of the body on that day", exception=UserError):
            self._vote(self._open(), yes=(0,))

    def test_refused_choices(self):
        self._come(0)
        decision = self._open()
        for choice in ("maybe", "", None, "recused", "absent", "voted"):
            with self.assertRefused("none of these", exception=UserError):
                decision._cast({self.seats[0]: choice})
        with self.assertRefused("Somebody else votes", exception=UserError):
            decision._cast({self.seats[0]: "yes"}, "phone", self.persons[1])
        decision._cast({self.seats[0]: "yes"}, "phone", self.persons[0])
        decision.action_close_vote()
        with self.assertRefused("not open", exception=UserError):
            self._vote(decision, no=(0,))
        with self.assertRefused("is closed", exception=UserError):
            decision.action_close_vote()

    def test_clients_write_no_vote(self):
        self._come(0)
        decision = self._open()
        vote = decision.last_vote_ids[:1].with_user(self.officer)
        for call in (
            lambda: vote.write({"choice": "yes"}),
            lambda: vote.unlink(),
            lambda: vote.create({"decision_id": decision.id, "seat_id": self.seats[0].id}),
        ):
            with self.assertRefused(exception=AccessError):
                call()
        with self.assertRefused("stay", exception=UserError):
            vote.sudo().unlink()

    def test_secret(self):
        """The seat keeps that it has voted, its group what was chosen; it cannot be replaced."""
        self._come(0, 1, 2, 3)
        decision = self._open(visibility="secret")
        self._vote(decision, yes=(0, 1), no=(3,))
        self.assertEqual(self._get_choices(decision)[:4], ["voted", "voted", "not_voted", "voted"])
        counts = {count.interest_group_id: (count.yes, count.no) for count in decision.count_ids}
        self.assertEqual(counts, {self.group_public: (2, 0), self.group_economic: (0, 1)})
        with self.assertRefused("cannot be changed", exception=UserError):
            self._vote(decision, no=(0,))
        self._vote(decision, no=(2,))
        decision.action_close_vote()
        self.assertEqual(decision.outcome, "refused")
        self.assertFalse(decision.vote_ids.filtered(lambda vote: vote.choice in ("yes", "no")))

    def test_hands(self):
        """Counts by group, instead of names, or beside them."""
        self._come(0, 1, 2, 3, 5)
        decision = self._open()
        decision._set_hands(
            {self.group_public.id: {"yes": 2, "no": 1}, self.group_economic.id: {"no": 1}}
        )
        self._vote(decision, yes=(5,))
        self.assertEqual(self._count(decision), (3, 2))
        decision._set_hands({self.group_public.id: {"yes": 1, "no": 1, "abstained": 1}})
        self.assertEqual(self._count(decision), (2, 2))
        for hands in ({"yes": 4}, {"yes": 3, "no": 1, "abstained": 0}):
            with self.assertRefused("Count again", exception=ValidationError):
                decision._set_hands({self.group_public.id: hands})
        for hands in ({"yes": -1}, {"yes": "2"}, {"maybe": 1}):
            with self.assertRefused("whole numbers", exception=UserError):
                decision._set_hands({self.group_public.id: hands})

    def test_hands_and_weights(self):
        self.seats[0].vote_weight = 2
        self._come(0, 1)
        decision = self._open()
        with self.assertRefused("different weights", exception=UserError):
            decision._set_hands({self.group_public.id: {"yes": 2}})

    def test_secret_and_weights(self):
        """Refused before anybody votes."""
        self.seats[0].vote_weight = 2
        self._come(0, 1)
        with self.assertRefused("different weights", exception=UserError):
            self._open(visibility="secret")

    def test_tie_and_chair(self):
        self.rule.tie = "chair"
        self._come(0, 3)
        decision = self._open(chair_id=self.persons[3].id)
        self._vote(decision, yes=(3,), no=(0,))
        self.assertEqual(decision._find_outcome().result, "adopted")
        decision.chair_id = self.persons[5]
        self.assertEqual(decision._find_outcome().result, "refused")

    def test_unbalanced(self):
        self.rule.write({"balance": "ceiling"})
        self._come(0, 1, 2, 3)
        decision = self._open()
        decision._cast_rest("yes")
        decision.action_close_vote()
        self.assertEqual(decision.outcome, "unbalanced")

    def test_sheet_is_open(self):
        planned = self._create_meeting("2024-07-01 16:00:00")
        decision = self._decide(event_id=planned.id)
        with self.assertRefused("Open the sheet", exception=UserError):
            decision.action_open_vote()

    def test_hidden(self):
        """Who enters a vote reads it, and nobody else until it is closed."""
        self._come(0, 3)
        decision = self._open(is_hidden=True)
        self._vote(decision.with_user(self.facilitator), yes=(0,))
        self._vote(decision, no=(3,))
        Vote = self.env["partnership.vote"].with_user(self.facilitator)
        cast = [("decision_id", "=", decision.id), ("choice", "in", ("yes", "no"))]
        self.assertEqual(Vote.search(cast).mapped("choice"), ["yes"])
        groups = Vote._read_group(cast, ["choice"], ["__count"])
        self.assertEqual(groups, [("yes", 1)])
        decision.action_close_vote()
        self.assertEqual(len(Vote.search(cast)), 2)

    def test_recorded(self):
        """Seats of which nothing is known count nowhere."""
        decision = self._decide(event_id=False, body_id=self.body.id, date="2024-02-01")
        decision._record({decision: {self.seats[0]: "yes", self.seats[3]: "excused"}})
        self.assertEqual((decision.outcome, decision.number), ("adopted", 1))
        self.assertEqual(len(decision.vote_ids), 2)
        counted = self._decide(event_id=False, body_id=self.body.id, date="2024-02-01")
        counted._record({}, {counted: {self.group_public.id: {"yes": 4, "no": 9}}})
        self.assertEqual((counted.outcome, counted.number), ("refused", 2))

    @mute_logger("odoo.sql_db")
    def test_one_last_vote(self):
        """The database knows one vote of a seat that counts."""
        self._come(0)
        decision = self._open()
        with self.assertRefused("partnership_vote_last_uniq", exception=IntegrityError):
            decision.sudo().last_vote_ids[:1].copy()
