from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..actor.merge_common import MergeCase
from .deliberation_common import DeliberationCase


@tagged("post_install", "-at_install")
class TestDecisionKept(DeliberationCase):
    """What is decided changes by nothing but a correction."""

    def setUp(self):
        super().setUp()
        self._come(0, 3, 5)
        self.decision = self._close(yes=(0, 3), no=(5,), chair_id=self.persons[0].id)
        self.before = self._get_choices(self.decision)

    def _assert_unchanged(self):
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self._get_choices(self.decision), self.before)
        self.assertEqual(
            (self.decision.outcome, self.decision.number, self.decision.event_id),
            ("adopted", 1, self.meeting),
        )
        self.assertEqual(self.decision._find_outcome().result, "adopted")

    def test_import(self):
        """A file that names it by its id."""
        Decision = self.env["partnership.decision"].with_user(self.officer)
        for fname, value, words in (
            ("name", "Test else", "it stays as it was"),
            ("conditions", "Test", "it stays as it was"),
            ("outcome", "Refused", "not written by hand"),
            ("number", "7", "not written by hand"),
            ("vote_ids/choice", "No", "not allowed"),
        ):
            result = Decision.load([".id", fname], [[str(self.decision.id), value]])
            self.assertFalse(result["ids"], fname)
            self.assertIn(words, str(result["messages"]), fname)
        self._assert_unchanged()

    def test_rpc(self):
        theirs = self.decision.with_user(self.officer)
        for values in ({"outcome": "refused"}, {"closed_on": False}, {"vote_ids": [(5,)]}):
            with self.assertRefused(exception=AccessError):
                theirs.write(values)
        for values in ({"name": "Test else"}, {"event_id": False}, {"chair_id": False}):
            with self.assertRefused("stays as it was", exception=UserError):
                theirs.write(values)
        self._assert_unchanged()

    def test_groups_of_the_rule(self):
        """The copy that a decision has of the groups that its rule named."""
        rule = self.env["partnership.decision.rule"].create(
            {
                "name": "Test each",
                "body_id": self.body.id,
                "by_group": "each",
                "group_ids": [(0, 0, {"interest_group_id": self.group_civil.id})],
            }
        )
        draft = self._decide(rule_id=rule.id)
        draft.group_ids.with_user(self.facilitator).has_threshold = True
        draft.action_open_vote()
        lines = draft.group_ids.with_user(self.facilitator)
        with self.assertRefused("was put to the vote", exception=UserError):
            lines.has_threshold = False
        with self.assertRefused("was put to the vote", exception=UserError):
            lines.unlink()

    def test_copy(self):
        self.decision.write({"date_review": "2025-06-03", "date_execution_due": "2025-01-01"})
        copy = self.decision.with_user(self.facilitator).copy()
        self.assertEqual((copy.state, copy.outcome, copy.number), ("draft", False, 0))
        self.assertFalse(copy.vote_ids or copy.date_review or copy.attachment_ids)
        self._assert_unchanged()

    def test_what_it_rests_on_stays(self):
        seat = self.seats[3]
        for record in (seat, seat.membership_id, self.meeting, self.body, self.persons[0]):
            with self.assertRefused(exception=UserError):
                record.unlink()
        with self.assertRefused(exception=UserError):
            self.meeting.action_archive()
        self._assert_unchanged()

    def test_meeting_without_presence(self):
        """Also where every row of the sheet was taken back."""
        self.meeting.attendance_ids.status = "not_recorded"
        other = self._create_body("Test group")
        for call in (
            self.meeting.action_archive,
            self.meeting.unlink,
            self.meeting.action_cancel_meeting,
            lambda: self.meeting.write({"partnership_body_id": other.id}),
        ):
            with self.assertRefused("a question was put to the vote", exception=UserError):
                call()
        self._assert_unchanged()

    def test_meeting_with_a_draft(self):
        """What was never put keeps no meeting from another body's hands."""
        planned = self._create_meeting("2024-07-01 16:00:00")
        self._decide(event_id=planned.id)
        planned.action_archive()
        self.assertFalse(planned.active)

    def test_meeting_moves(self):
        """The day of the decision stays that on which it was decided."""
        self.meeting.write({"start": "2024-06-02 16:00:00", "stop": "2024-06-02 18:00:00"})
        self.assertEqual(str(self.decision.date), "2024-06-03")

    def test_item_stays(self):
        item = self.env["partnership.agenda.item"].create(
            {"name": "Test item", "event_id": self.meeting.id}
        )
        draft = self._decide(item_id=item.id)
        later = self._create_meeting("2024-07-01 16:00:00")
        item.event_id = later
        self.assertEqual(draft.event_id, later)
        item.event_id = self.meeting
        draft.action_open_vote()
        with self.assertRefused("stays on the agenda", exception=UserError):
            item.event_id = later
        self.assertEqual(draft.event_id, self.meeting)

    def test_members_leave(self):
        """A mandate ends, a seat, and a member changes its group."""
        self.seats[0].mandate_ids.date_end = "2024-06-30"
        self.seats[3].date_end = "2024-06-30"
        self.seats[5].membership_id.interest_group_id = self.group_public
        self._assert_unchanged()


@tagged("post_install", "-at_install")
class TestDecisionMerge(DeliberationCase, MergeCase):
    def test_persons(self):
        """Votes stay on their seats, and the chair is whoever it is now."""
        self._come(0, 3)
        decision = self._close(yes=(0,), no=(3,), tie="chair", chair_id=self.persons[0].id)
        before = self._get_choices(decision)
        self._merge(self.persons[0], into=self.double)
        vote = decision.last_vote_ids.filtered(lambda vote: vote.seat_id == self.seats[0])
        self.assertEqual((vote.person_id, decision.chair_id), (self.double, self.double))
        self.assertEqual(self._get_choices(decision), before)
        self.assertEqual((decision.outcome, decision._find_outcome().result), ("adopted",) * 2)

    def test_members(self):
        """Two members that have voted are one now: both votes stay, each on its seat."""
        self._come(0, 1, 3)
        decision = self._close(yes=(0, 1), no=(3,))
        first, second = (self.seats[number].membership_id for number in (0, 1))
        self._merge(second.partner_id, into=first.partner_id)
        self.assertFalse(second.exists())
        self.assertEqual(self._get_choices(decision)[:4], ["yes", "yes", "absent", "no"])
        self.assertEqual(self.seats[1].membership_id, first)
        self.assertEqual(
            decision.last_vote_ids.filtered(
                lambda vote: vote.seat_id == self.seats[1]
            ).membership_id,
            first,
        )
        self.assertEqual(decision._find_outcome().result, "adopted")

    def test_members_of_an_assembly(self):
        """Of the seats that a body keeps by itself one goes on; the other ends with its votes."""
        assembly = self._create_body("Test assembly", seat_policy="members")
        firms = [self.seats[number].membership_id for number in (3, 4)]
        seats = [
            member.seat_ids.filtered(lambda seat: seat.body_id == assembly) for member in firms
        ]
        for seat in seats:
            seat.date_start = "2024-01-01"
            self._create_mandate(seat, f"Test voice {seat.id}")
        meeting = self._create_meeting("2024-06-03 16:00:00", assembly)
        meeting.action_open_sheet()
        meeting.attendance_ids.filtered(
            lambda row: row.seat_id in seats[0] | seats[1]
        ).status = "present"
        decision = self._decide(event_id=meeting.id)
        decision.action_open_vote()
        decision._cast(dict.fromkeys(seats, "yes"))
        decision.action_close_vote()
        self._tick(days=1)
        self._merge(firms[1].partner_id, into=firms[0].partner_id)
        self.assertTrue(seats[1].exists())
        self.assertEqual(str(seats[1].date_end), "2024-06-04")
        self.assertFalse(seats[0].date_end)
        self.assertEqual(seats[1].membership_id, firms[0])
        votes = decision.last_vote_ids.filtered(lambda vote: vote.seat_id in seats[0] | seats[1])
        self.assertEqual(votes.mapped("choice"), ["yes", "yes"])

    def test_anonymise(self):
        """The counts stay, and no table holds the name."""
        self._come(0, 3)
        decision = self._close(yes=(0, 3), chair_id=self.persons[0].id, name="Test of Person 1")
        Wizard = self.env["partnership.decision.correct"].with_user(self.officer)
        Wizard.create(
            {
                "decision_id": decision.id,
                "reason": "Test said Person 1",
                "chair_id": self.persons[3].id,
            }
        ).action_correct()
        before = self._get_choices(decision)
        self.persons[0].with_user(self.administrator)._partnership_anonymise()
        self.env.invalidate_all()
        self.assertEqual(self._get_choices(decision), before)
        self.assertEqual(decision._find_outcome().result, "adopted")
        said = " ".join(
            f"{each.reason} {each.old_value} {each.new_value}" for each in decision.correction_ids
        )
        self.assertNotIn("Person 1", f"{said} {decision.name}")
        self.assertNotIn("Person 1", str(decision.last_vote_ids.person_id.mapped("name")))
