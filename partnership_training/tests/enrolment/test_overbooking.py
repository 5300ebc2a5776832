from functools import partial
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.partnership_management.tests.concurrent_common import ConcurrentCase

from ..common import TrainingCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestOverbooking(TrainingCase):
    def test_who_finds_no_seat_waits_in_order(self):
        enrolments = self._create_enrolments(4)
        action = enrolments.sorted("id", reverse=True).action_confirm()
        self.assertEqual(
            enrolments.mapped("state"), ["confirmed", "confirmed", "waiting", "waiting"]
        )
        self.assertIn("Test person 3, Test person 4", action["params"]["message"])
        self.assertEqual((self.session.seats_taken, self.session.waiting_count), (2, 2))

    def test_cancelling_promotes_the_first_who_waits(self):
        first, second, third, fourth, fifth = self._create_enrolments(5)
        (first + second).action_confirm()
        with freeze_time("2024-06-15 10:00:00"):
            fourth.action_confirm()
        with freeze_time("2024-06-15 11:00:00"):
            (third + fifth).action_confirm()
        first.action_cancel()
        self.assertEqual(fourth.state, "confirmed", "waited longest")
        second.state = "cancelled"
        self.assertEqual((third.state, fifth.state), ("confirmed", "waiting"))
        third.unlink()
        self.assertEqual(fifth.state, "confirmed")
        self.assertEqual(self.session.seats_taken, 2)

    def test_who_comes_back_waits_at_the_end(self):
        first, second, third, fourth = self._create_enrolments(4)
        (first + second).action_confirm()
        for hour, enrolment in ((10, third), (11, fourth)):
            with freeze_time(f"2024-06-15 {hour}:00:00"):
                enrolment.action_confirm()
        third.action_cancel()
        with freeze_time("2024-06-15 12:00:00"):
            third.action_confirm()
        first.action_cancel()
        self.assertEqual((third.state, fourth.state), ("waiting", "confirmed"))

    def test_moving_to_another_session_frees_the_seat(self):
        enrolments = self._create_enrolments(3)
        enrolments.action_confirm()
        other = self._create_session(seats_max=1)
        enrolments[0].session_id = other
        self.assertEqual(enrolments.mapped("state"), ["confirmed"] * 3)
        self.assertEqual((self.session.seats_taken, other.seats_taken), (2, 1))
        with self.assertRefused("Test course", "1 seats"):
            enrolments[1].session_id = other

    def test_writing_and_creating_beyond_the_seats_is_refused(self):
        enrolments = self._create_enrolments(3)
        with self.assertRefused("Test course", "2 seats", "3 persons"):
            enrolments.state = "confirmed"
        enrolments[:2].state = "confirmed"
        with self.assertRefused("Test course", "2 seats"):
            self._create_enrolment("Test late", state="confirmed")
        with self.assertRefused("Test course", "2 seats"):
            enrolments[2].write({"state": "confirmed"})

    def test_fewer_seats_than_confirmed_are_refused(self):
        enrolments = self._create_enrolments(3)
        enrolments.action_confirm()
        with self.assertRefused("Test course", "1 seats", "2 persons"):
            self.session.seats_max = 1
        self.session.seats_max = 3
        self.assertEqual(enrolments[2].state, "confirmed", "more seats: who waits moves up")
        self.session.seats_max = 0
        self._create_enrolment("Test one more").action_confirm()
        self.assertEqual(self.session.seats_taken, 4)

    def test_absent_and_done_keep_their_seat(self):
        enrolments = self._create_enrolments(2)
        enrolments.action_confirm()
        self.next_event.unlink()
        self._attend(self.past_event, p1="present")
        self.session.action_done()
        self.assertEqual(enrolments.mapped("state"), ["done", "absent"])
        self.assertEqual(self.session.seats_taken, 2)

    def test_database_itself_refuses(self):
        """Even past all of Python, the row of the session cannot hold more than its seats."""
        self.session.flush_recordset()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(CheckViolation, "never_overbooked"),
            self.cr.savepoint(),
        ):
            self.cr.execute(
                "UPDATE partnership_training_session SET seats_taken = 3 WHERE id = %s",
                [self.session.id],
            )


@tagged("post_install", "-at_install")
class TestTwoAtOnce(ConcurrentCase):
    """Each has read the session, with one seat left, before the other one commits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            persons = env["res.partner"].create(
                [{"name": f"Test racer {number}"} for number in range(4)]
            )
            partnership = env["partnership.partnership"].create({"name": "Test race"})
            course = env["partnership.course"].create(
                {"name": "Test race", "partnership_id": partnership.id}
            )
            session = env["partnership.training.session"].create(
                {"course_id": course.id, "state": "open", "seats_max": 1}
            )
            cls.made = (session, course, partnership, persons)
            cls.made = [(records._name, records.ids) for records in cls.made]
            cls.session_id, cls.person_ids = session.id, persons.ids
        cls.addClassCleanup(cls._remove)

    @classmethod
    def _remove(cls):
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["partnership.enrolment"].search([("session_id", "=", cls.session_id)]).unlink()
            for model, ids in cls.made:
                env[model].browse(ids).unlink()

    def setUp(self):
        super().setUp()
        self.addCleanup(self._set_up_session, [])

    def _set_up_session(self, persons, seats=1):
        """Enrol ``persons`` (list of (person id, state)) and nobody else, and commit.

        :return: ids of the enrolments
        """
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            env["partnership.enrolment"].search([("session_id", "=", self.session_id)]).unlink()
            env["partnership.training.session"].browse(self.session_id).seats_max = seats
            enrolments = env["partnership.enrolment"]
            for person_id, state in persons:
                enrolments += enrolments.create(
                    {"session_id": self.session_id, "person_id": person_id, "state": state}
                )
            return enrolments.ids

    def _look(self, env):
        env["partnership.training.session"].browse(self.session_id).read(["seats_taken"])

    def _states(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            session = env["partnership.training.session"].browse(self.session_id)
            states = session.enrolment_ids.sorted("id").mapped("state")
            self.assertEqual(
                session.seats_taken, states.count("confirmed"), "the count is that of the rows"
            )
            return states

    @staticmethod
    def _confirm(enrolment_id, env):
        env["partnership.enrolment"].browse(enrolment_id).action_confirm()

    @staticmethod
    def _cancel(enrolment_id, env):
        env["partnership.enrolment"].browse(enrolment_id).action_cancel()

    def test_two_take_the_last_seat(self):
        first, second = self._set_up_session(
            [(person_id, "requested") for person_id in self.person_ids[:2]]
        )
        runs = self._run_at_once(partial(self._confirm, first), partial(self._confirm, second))
        self.assertEqual(sorted(self._states()), ["confirmed", "waiting"])
        self.assertEqual(sorted(runs), [1, 2])

    def test_two_enrol_at_once_by_the_dialog(self):
        self._set_up_session([])

        def enrol(person_id, env):
            wizard = env["partnership.training.enrol"].create(
                {"session_id": self.session_id, "person_ids": [person_id]}
            )
            wizard.action_enrol()

        self._run_at_once(*(partial(enrol, person_id) for person_id in self.person_ids))
        self.assertEqual(sorted(self._states()), ["confirmed", "waiting", "waiting", "waiting"])

    def _enrol_themselves(self, *person_ids):
        """Enrol as in the portal, all at once. :return: what was refused"""
        self._set_up_session([])
        refused = []

        def enrol(person_id, env):
            session = env["partnership.training.session"].browse(self.session_id)
            try:
                session._enrol_self(env["res.partner"].browse(person_id))
            except UserError as error:
                refused.append(str(error))

        Session = self.registry["partnership.training.session"]
        with patch.object(Session, "_is_offered_to", lambda session, person: True):
            self._run_at_once(*(partial(enrol, person_id) for person_id in person_ids))
        return refused

    def test_two_enrol_themselves_for_the_last_seat(self):
        self.assertFalse(self._enrol_themselves(*self.person_ids[:2]))
        self.assertEqual(sorted(self._states()), ["confirmed", "waiting"])

    def test_one_presses_twice(self):
        (refusal,) = self._enrol_themselves(self.person_ids[0], self.person_ids[0])
        self.assertIn("is there already", refusal)
        self.assertEqual(self._states(), ["confirmed"])

    def test_one_cancels_while_another_joins_the_queue(self):
        """Nobody is left waiting beside a free seat."""
        holder, other = self._set_up_session(
            [(self.person_ids[0], "confirmed"), (self.person_ids[1], "requested")]
        )
        self._run_at_once(partial(self._cancel, holder), partial(self._confirm, other))
        self.assertEqual(self._states(), ["cancelled", "confirmed"])

    def test_two_cancel_while_two_wait(self):
        enrolments = self._set_up_session(
            list(
                zip(self.person_ids, ("confirmed", "confirmed", "waiting", "waiting"), strict=True)
            ),
            seats=2,
        )
        self._run_at_once(
            partial(self._cancel, enrolments[0]), partial(self._cancel, enrolments[1])
        )
        self.assertEqual(self._states(), ["cancelled", "cancelled", "confirmed", "confirmed"])

    def test_seats_are_reduced_while_one_is_taken(self):
        holder, other = self._set_up_session(
            [(self.person_ids[0], "confirmed"), (self.person_ids[1], "requested")], seats=2
        )

        def reduce(env):
            session = env["partnership.training.session"].browse(self.session_id)
            if session.seats_taken < 2:
                session.seats_max = 1

        self._run_at_once(reduce, partial(self._confirm, other))
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            session = env["partnership.training.session"].browse(self.session_id)
            self.assertLessEqual(session.seats_taken, session.seats_max)

    def test_two_issue_a_certificate_at_once_and_it_has_one_number(self):
        [enrolment_id] = self._set_up_session([(self.person_ids[0], "confirmed")])
        numbers = []

        def issue(env):
            enrolment = env["partnership.enrolment"].browse(enrolment_id)
            if enrolment._issue_certificates():
                env.flush_all()
                numbers.append(enrolment.certificate_number)

        self._run_at_once(issue, issue)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            enrolment = env["partnership.enrolment"].browse(enrolment_id)
            self.assertEqual(numbers, [enrolment.certificate_number])
