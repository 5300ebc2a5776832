from odoo.tests import tagged

from .deliberation_common import DeliberationCase


@tagged("post_install", "-at_install")
class TestDecisionPresence(DeliberationCase):
    """A sheet that is corrected after a vote never changes the decision, and both say so."""

    def _get_notes(self):
        """:return: the note of the meeting, which has those of its decisions"""
        return self.meeting.with_user(self.facilitator).decision_presence_note

    def test_corrected(self):
        self._come(0, 1, 2, 3)
        decision = self._close("One", yes=(0, 1), no=(3,))
        self.assertFalse(decision.presence_note or self._get_notes())
        self._come(2, status="absent")
        note = "Presence corrected: 3 of 7 instead of 4"
        self.assertEqual(decision.with_user(self.facilitator).presence_note, note)
        self.assertEqual(self._get_notes(), f"1/2024 One: {note}")
        self._come(1, status="excused")
        self.assertEqual(decision.presence_note, "Presence corrected: 2 of 7 instead of 4")
        self.assertEqual((decision.outcome, decision._find_outcome().result), ("adopted",) * 2)
        self._come(1, 2)
        self.assertFalse(decision.presence_note or self._get_notes())

    def test_others(self):
        self._come(0, 3)
        decision = self._close(yes=(0,), no=(3,))
        self._come(3, status="absent")
        self._come(5)
        self.assertEqual(
            decision.presence_note,
            "Presence corrected: 2 of 7, and other seats than at the vote",
        )

    def test_hours(self):
        """Who left during the vote was there; who left before was not."""
        self._come(0, 3, 5)
        self._tick(minutes=5)
        decision = self._decide()
        decision.action_open_vote()
        self._tick(minutes=5)
        self._vote(decision, yes=(0,))
        row = self._rows(self.meeting)[self.persons[0]]
        row.check_out = self._tick(minutes=1)
        self._tick(minutes=5)
        decision.action_close_vote()
        self.assertFalse(decision.presence_note)
        self._tick(minutes=10)
        self._rows(self.meeting)[self.persons[3]].check_out = self._tick(minutes=1)
        self.assertFalse(decision.presence_note)
        row.check_out = "2024-06-03 16:31:00"
        self.assertEqual(decision.presence_note, "Presence corrected: 2 of 7 instead of 3")

    def test_arrivals(self):
        """Who came while the vote was open counts as there, also if it did not vote."""
        self._come(0)
        decision = self._decide()
        decision.action_open_vote()
        self._vote(decision, yes=(0,))
        self._come(4)
        self._tick(minutes=1)
        decision.action_close_vote()
        self.assertEqual(self._get_choices(decision)[4], "not_voted")
        self.assertFalse(decision.presence_note)

    def test_recused_and_remote(self):
        """What the rule leaves out is no correction."""
        self._come(0, 3)
        self._rows(self.meeting)[self.persons[3]].mode = "remote"
        decision = self._close(yes=(0,), remote_allowed=False)
        self.assertFalse(decision.presence_note)
        vote = decision.last_vote_ids.filtered(lambda vote: vote.seat_id == self.seats[0])
        vote.choice = "recused"
        self.assertFalse(decision.presence_note)

    def test_recorded(self):
        decision = self._decide(event_id=False, body_id=self.body.id, date="2024-02-01")
        decision._record({decision: {self.seats[0]: "yes"}})
        at_meeting = self._decide()
        at_meeting._record({at_meeting: {self.seats[0]: "yes"}})
        deferred = self._decide()
        deferred.action_defer()
        every = decision | at_meeting | deferred
        self.assertEqual(every.mapped("presence_note"), [False] * 3)

    def test_queries_do_not_grow(self):
        self._come(0, 1, 3)
        decisions = self.env["partnership.decision"].union(
            *(self._close(f"Test {number}", yes=(0, 1), no=(3,)) for number in range(6))
        )
        self._come(1, status="absent")

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertTrue(all(records.mapped("presence_note")))
            return self.cr.sql_log_count - before

        count(decisions[:2])
        self.assertLessEqual(count(decisions), count(decisions[:2]))

    def _ask(self):
        action = self.meeting.with_user(self.facilitator).action_close_sheet()
        Wizard = self.env["partnership.sheet.close"].with_user(self.facilitator)
        return action and Wizard.with_context(**action["context"]).create({})

    def test_dialog(self):
        """Closing a sheet says who voted and is not marked as there; the votes stay."""
        self._come(0, 1, 3)
        self._close("One", yes=(0, 1), no=(3,))
        self._close("Two", yes=(0, 1))
        self.assertFalse(self._ask().voted_away)
        self._come(0, status="absent")
        self._come(3, status="not_recorded")
        wizard = self._ask()
        self.assertEqual(
            set(wizard.voted_away.split("\n")),
            {"Test Aford: 1/2024 One, 2/2024 Two", "Test Mill: 1/2024 One"},
        )
        wizard.action_close()
        self.assertEqual(self.meeting.partnership_state, "closed")
        self.assertEqual(len(self.meeting.decision_ids.vote_ids), 14)

    def test_dialog_where_all_is_marked(self):
        self._come(0)
        self._close("One", yes=(0,))
        self.meeting.attendance_ids.status = "absent"
        wizard = self._ask()
        self.assertEqual((wizard.unmarked_count, wizard.voted_away), (0, "Test Aford: 1/2024 One"))
        wizard.action_close()
        self.assertEqual(self.meeting.partnership_state, "closed")

    def test_dialog_with_a_proxy(self):
        """Somebody voted for it who was there."""
        self._come(0)
        self._rows(self.meeting)[self.persons[1]].write(
            {"status": "excused", "proxy_id": self.persons[0].id}
        )
        self._close(yes=(0, 1))
        self.meeting.attendance_ids.filtered(
            lambda row: row.status == "not_recorded"
        ).status = "absent"
        self.assertFalse(self._ask())
        self.assertEqual(self.meeting.partnership_state, "closed")
