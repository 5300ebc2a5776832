from functools import partial

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.partnership_management.tests.concurrent_common import ConcurrentCase

from .common import TrainingCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestTrainingRefused(TrainingCase):
    """What cannot be is refused with a message that says what is wrong, and where."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firm = cls._create_member("Test firm")
        cls.person = cls._create_person("Test Ann", parent=cls.firm.partner_id)
        cls.past = cls.session
        cls.session = cls._create_session(seats_max=2, trainer_ids=[Command.set(cls.trainer.ids)])
        cls._create_event("2024-06-20 08:00:00", cls.session)

    def test_minimum_over_the_seats(self):
        for record in (self.session, self.course):
            for values in (
                {"seats_max": 2, "seats_min": 3},
                {"seats_min": -1},
                {"seats_max": -1, "seats_min": 0},
            ):
                with (
                    self.subTest(model=record._name, **values),
                    mute_logger("odoo.sql_db"),
                    self.assertRaisesRegex(CheckViolation, "seats"),
                    self.cr.savepoint(),
                ):
                    record.write(values)
                    self.env.flush_all()

    def test_message_of_a_minimum_over_the_seats(self):
        """What the user reads is the message of the constraint, not the database's."""
        for model, name, words in (
            ("partnership.training.session", "seats_order", "greater than its number of seats"),
            ("partnership.course", "seats_order", "nor greater than its seats"),
        ):
            constraint = self.env[model]._table_objects[f"{self.env[model]._table}_{name}"]
            self.assertIn(words, constraint.get_error_message(self.env[model]))

    def test_enrolment_after_the_deadline(self):
        self.session.enrol_deadline = "2024-06-14"
        asked = self._create_enrolment("Test asked", session=False, course_id=self.course.id)
        for enrol in (
            lambda: self._create_enrolment(self.person),
            lambda: self._create_enrolment(self.person, state="confirmed"),
            lambda: self.session._enrol(self.person),
            lambda: self.session._enrol_self(self.person),
            lambda: asked.write({"session_id": self.session.id}),
        ):
            with self.assertRefused("Test course", "06/14/2024", exception=UserError):
                enrol()
        self.session.enrol_deadline = "2024-06-15"
        self.assertEqual(self.session._enrol_self(self.person).state, "confirmed", "the last day")

    @freeze_time("2024-06-14 22:30:00")
    def test_the_deadline_is_a_day_of_the_partnership(self):
        """In Brussels it is the fifteenth already; the user may be anywhere."""
        self.session.enrol_deadline = "2024-06-14"
        with self.assertRefused("06/14/2024", exception=UserError):
            self.session.with_context(tz="America/New_York")._enrol_self(self.person)

    def test_after_the_deadline_who_waits_moves_up_and_who_left_stays_out(self):
        first, second, third = self._create_enrolments(3)
        (first + second + third).action_confirm()
        self.session.enrol_deadline = "2024-06-14"
        first._withdraw()
        self.assertEqual(third.state, "confirmed", "asked in time")
        with self.assertRefused("06/14/2024", exception=UserError):
            first.action_request()
        third.action_cancel()
        self.assertEqual(self.session.seats_taken, 1)

    def test_a_trainer_is_no_participant(self):
        message = ("Test trainer", "Test course")
        for enrol in (
            lambda: self._create_enrolment(self.trainer),
            lambda: self.session._enrol(self.trainer, confirm=True),
        ):
            with self.assertRefused(*message):
                enrol()
        with self.assertRefused("Test trainer", exception=UserError):
            self.session._enrol_self(self.trainer)
        enrolment = self._create_enrolment(self.person)
        with self.assertRefused("Test Ann", "Test course"):
            self.session.trainer_ids = [Command.link(self.person.id)]
        with self.assertRefused(*message):
            enrolment.person_id = self.trainer
        enrolment.action_cancel()
        self.session.trainer_ids = [Command.link(self.person.id)]
        with self.assertRefused("Test Ann", "Test course"):
            enrolment.action_request()

    def test_who_may_not_enrol_is_told_why(self):
        """The team may enrol anybody; persons themselves only where the session is for them."""
        stranger = self._create_person("Test stranger")
        self.assertIn("meant for others", self.session._get_enrol_refusal(stranger))
        self.session.write(
            {"enrol_scope": "bodies", "enrol_body_ids": [Command.link(self.body.id)]}
        )
        with self.assertRefused("meant for others", exception=UserError):
            self.session._enrol_self(self.person)
        self._create_mandate(self._create_seat(self.firm), self.person)
        self.assertFalse(self.session._get_enrol_refusal(self.person))
        self.assertTrue(self._create_enrolment(stranger))
        self.session.state = "draft"
        self.assertIn("not open", self.session._get_enrol_refusal(self.person))

    def test_who_comes_too_late(self):
        with self.assertRefused("Test course", "begun already", exception=UserError):
            self.past._enrol_self(self.person)

    def test_what_is_over_is_not_withdrawn(self):
        enrolment = self._create_enrolment(self.person, self.past)
        enrolment.action_confirm()
        self.next_event.unlink()
        self._attend(self.past_event, pAnn="present")
        self.past.action_done()
        with self.assertRefused("Test Ann", "Done", exception=UserError):
            enrolment._withdraw()


@tagged("post_install", "-at_install")
class TestTrainingRefusedAtOnce(ConcurrentCase):
    """The same where two are at it at the same moment."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self._remove)
        with self.registry.cursor() as cr:
            env = self._env(cr)
            persons = env["res.partner"].create(
                [{"name": f"Test racer {number}"} for number in range(2)]
            )
            role = env["partnership.role"].create({"name": "Test race", "sequence": 1})
            partnership = env["partnership.partnership"].create({"name": "Test race"})
            env["partnership.membership"].create(
                [
                    {
                        "partnership_id": partnership.id,
                        "partner_id": person.id,
                        "role_id": role.id,
                        "date_start": "2020-01-01",
                    }
                    for person in persons
                ]
            )
            course = env["partnership.course"].create(
                {"name": "Test race", "partnership_id": partnership.id}
            )
            session = env["partnership.training.session"].create(
                {"course_id": course.id, "state": "open", "seats_max": 1}
            )
            self.session_id, self.person_ids = session.id, persons.ids
            self.partnership_id = partnership.id
            made = (session, course, partnership, role, persons)
            self.made = [(records._name, records.ids) for records in made]

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def _remove(self):
        with self.registry.cursor() as cr:
            env = self._env(cr)
            for model in ("enrolment", "membership"):
                here = [("partnership_id", "=", self.partnership_id)]
                env[f"partnership.{model}"].search(here).unlink()
            for model, ids in self.made:
                env[model].browse(ids).unlink()

    def _look(self, env):
        env["partnership.training.session"].browse(self.session_id).read(
            ["seats_taken", "trainer_ids"]
        )

    def _try(self, job, refused):
        """:return: a job that notes the message with which it was refused"""

        def tried(env):
            try:
                with env.cr.savepoint():
                    job(env)
                    env.flush_all()
            except (UserError, ValidationError) as error:
                env.clear()
                refused.append(str(error))

        return tried

    def _enrol_self(self, number, env):
        session = env["partnership.training.session"].browse(self.session_id)
        session._enrol_self(env["res.partner"].browse(self.person_ids[number]))

    def _states(self, cr):
        session = self._env(cr)["partnership.training.session"].browse(self.session_id)
        return sorted(session.enrolment_ids.mapped("state"))

    def test_two_ask_for_the_last_seat_themselves(self):
        self._run_at_once(partial(self._enrol_self, 0), partial(self._enrol_self, 1))
        with self.registry.cursor() as cr:
            self.assertEqual(self._states(cr), ["confirmed", "waiting"])

    def test_one_presses_twice(self):
        refused = []
        job = self._try(partial(self._enrol_self, 0), refused)
        self._run_at_once(job, job)
        with self.registry.cursor() as cr:
            self.assertEqual(self._states(cr), ["confirmed"])
        self.assertEqual(len(refused), 1)
        self.assertIn("Test racer 0", refused[0])

    def test_somebody_becomes_trainer_and_participant(self):
        refused = []

        def teach(env):
            session = env["partnership.training.session"].browse(self.session_id)
            session.trainer_ids = [Command.link(self.person_ids[0])]

        self._run_at_once(
            self._try(teach, refused), self._try(partial(self._enrol_self, 0), refused)
        )
        self.assertEqual(len(refused), 1)
        self.assertIn("Test racer 0", refused[0])
        with self.registry.cursor() as cr:
            session = self._env(cr)["partnership.training.session"].browse(self.session_id)
            self.assertFalse(session.trainer_ids & session.enrolment_ids.person_id)

    def test_two_issue_the_same_certificate(self):
        """Each person has one number, whoever pressed the button first."""
        with self.registry.cursor() as cr:
            env = self._env(cr)
            session = env["partnership.training.session"].browse(self.session_id)
            session.seats_max = 2
            session._enrol(env["res.partner"].browse(self.person_ids), confirm=True)
            cr.execute(
                "UPDATE partnership_enrolment SET state = 'done', is_completed = TRUE, "
                "attended_share = 1 WHERE session_id = %s",
                [self.session_id],
            )
            cr.execute(
                "UPDATE partnership_training_session SET state = 'done' WHERE id = %s",
                [self.session_id],
            )

        def issue(env):
            session = env["partnership.training.session"].browse(self.session_id)
            session.enrolment_ids._issue_certificates()

        self._run_at_once(issue, issue)
        with self.registry.cursor() as cr:
            session = self._env(cr)["partnership.training.session"].browse(self.session_id)
            numbers = session.enrolment_ids.mapped("certificate_number")
            self.assertEqual(len(set(numbers)), 2)
            self.assertTrue(all(numbers))
            session.enrolment_ids.write({"certificate_number": False, "certificate_date": False})
            cr.execute(
                "UPDATE partnership_enrolment SET state = 'cancelled' WHERE session_id = %s",
                [self.session_id],
            )
            cr.execute(
                "UPDATE partnership_training_session SET state = 'draft' WHERE id = %s",
                [self.session_id],
            )
