from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..concurrent_common import ConcurrentMeetingCase


@tagged("post_install", "-at_install")
class TestVoteTwoAtOnce(ConcurrentMeetingCase):
    """Two clerks at one vote, each of whom has read it as it was before; and a phone."""

    def setUp(self):
        super().setUp()
        self.refused = []
        self.addCleanup(self._remove_vote)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            meeting = env["calendar.event"].browse(self.meeting_id)
            meeting.action_open_sheet()
            meeting.attendance_ids._write_from_sheet({"status": "present"})
            decision = env["partnership.decision"].create(
                {"name": "Test race", "event_id": meeting.id}
            )
            decision.action_open_vote()
            self.decision_id = decision.id
            self.seat_ids = decision.last_vote_ids.seat_id.ids
            [titular] = decision.last_vote_ids.person_id.filtered(
                lambda person: person.id == self.titular_id
            )
            [self.own_id] = decision.last_vote_ids.filtered(
                lambda vote: vote.person_id == titular
            ).seat_id.ids

    def _remove_vote(self):
        """Votes stay but for the database itself."""
        with self.registry.cursor() as cr:
            for table in ("partnership_vote", "partnership_decision"):
                column = SQL.identifier("id" if table.endswith("decision") else "decision_id")
                cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE %s = %s",
                        SQL.identifier(table),
                        column,
                        self.decision_id,
                    )
                )
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            rows = env["calendar.event"].browse(self.meeting_id).attendance_ids
            rows._write_from_sheet({"status": "not_recorded"})
            rows.unlink()

    def _look(self, env):
        env["partnership.decision"].browse(self.decision_id).last_vote_ids.read(["choice"])

    def _tap(self, seat_id, choice, env):
        self._try(
            env,
            lambda event: event.vote_screen_tap(
                [[seat_id, self.decision_id, "not_voted", choice]], [self.decision_id]
            ),
        )

    def _rest(self, env):
        self._try(env, lambda event: event.vote_screen_rest([self.decision_id], "yes"))

    def _close(self, env):
        self._try(env, lambda event: event.vote_screen_close([self.decision_id]))

    def _phone(self, choice, env):
        person = env["res.partner"].browse(self.titular_id)
        self._try(
            env,
            lambda event: event._vote_by_phone(person, self.decision_id, self.own_id, choice),
        )

    def _try(self, env, job):
        try:
            with env.cr.savepoint():
                job(env["calendar.event"].browse(self.meeting_id))
        except UserError as error:
            self.refused.append(str(error))

    def _read(self):
        """:return: (dict seat id -> choice, number of votes that were ever given)"""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            decision = env["partnership.decision"].browse(self.decision_id)
            choices = {vote.seat_id.id: vote.choice for vote in decision.last_vote_ids}
            return choices, len(decision.vote_ids)

    def test_taps_on_two_seats(self):
        one, two = self.seat_ids
        self._run_at_once(partial(self._tap, one, "no"), partial(self._tap, two, "yes"))
        self.assertEqual(self._read(), ({one: "no", two: "yes"}, 2))
        self.assertFalse(self.refused)

    def test_two_taps_on_one_seat(self):
        """One counts; who came second reads what it is by now."""
        one = self.seat_ids[0]
        self._run_at_once(partial(self._tap, one, "no"), partial(self._tap, one, "yes"))
        [words] = self.refused
        choices, number = self._read()
        self.assertEqual(number, 2)
        self.assertIn(f"is now: {'No' if choices[one] == 'no' else 'Yes'}", words)

    def test_the_same_tap_counts_once(self):
        one = self.seat_ids[0]
        job = partial(self._tap, one, "no")
        self._run_at_once(job, job)
        self.assertEqual(self._read()[1], 2)
        self.assertFalse(self.refused)

    def test_a_tap_and_the_rest(self):
        """A tap against is never lost in the rest in favour without a word."""
        one, two = self.seat_ids
        self._run_at_once(partial(self._tap, one, "no"), self._rest)
        choices, _number = self._read()
        self.assertEqual(choices[two], "yes")
        self.assertEqual(choices[one], "yes" if self.refused else "no")

    def test_a_tap_and_the_end(self):
        one = self.seat_ids[0]
        self._run_at_once(partial(self._tap, one, "yes"), self._close)
        choices, _number = self._read()
        self.assertEqual(choices[one] == "yes", not self.refused)

    def test_the_clerk_and_the_phone(self):
        """The phone is its owner's, and comes first or last; the clerk reads it."""
        self._run_at_once(partial(self._tap, self.own_id, "yes"), partial(self._phone, "no"))
        choices, _number = self._read()
        self.assertEqual(choices[self.own_id], "no")

    def test_a_phone_twice(self):
        job = partial(self._phone, "no")
        self._run_at_once(job, job)
        self.assertEqual(self._read()[1], 2)
        self.assertFalse(self.refused)
