from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import TrainingCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-01 10:00:00")
class TestEnrolRules(TrainingCase):
    """The first event of the session is on 10 June."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council = cls._create_member("Test council")
        cls.seat = cls._create_seat(cls.council)
        cls.speaker = cls._create_person("Test speaker")
        cls._create_mandate(cls.seat, cls.speaker)
        cls.resident = cls._create_member(cls._create_person("Test resident"))
        cls.outsider = cls._create_person("Test outsider")

    def _refusal(self, person):
        return self.session._get_enrol_refusal(person)

    def test_open_to_whoever_speaks_for_an_actor(self):
        self.assertFalse(self._refusal(self.speaker))
        self.assertFalse(self._refusal(self.resident.partner_id))
        self.assertIn("meant for others", self._refusal(self.outsider))

    def test_bodies_and_roles(self):
        self.session.write(
            {"enrol_scope": "bodies", "enrol_body_ids": [Command.set(self.seat.body_id.ids)]}
        )
        self.assertFalse(self._refusal(self.speaker))
        self.assertIn("meant for others", self._refusal(self.resident.partner_id))
        other = self.env["partnership.role"].create({"name": "Test role", "sequence": 90})
        self.session.write({"enrol_scope": "roles", "enrol_role_ids": [Command.set(other.ids)]})
        self.assertIn("meant for others", self._refusal(self.speaker))
        self.session.enrol_role_ids = self.council.role_id
        self.assertFalse(self._refusal(self.speaker))

    def test_mandate_that_ended_opens_nothing(self):
        self.seat.mandate_ids.write({"date_end": "2024-05-31", "end_kind": "planned"})
        self.assertIn("meant for others", self._refusal(self.speaker))

    def test_asking_gets_a_seat_a_place_in_the_queue_or_waits_for_approval(self):
        self.session.seats_max = 1
        self.assertEqual(self.session._enrol_self(self.speaker).state, "confirmed")
        self.assertEqual(self.session._enrol_self(self.resident.partner_id).state, "waiting")
        with self.assertRefused("Test speaker", "Confirmed", exception=UserError):
            self.session._enrol_self(self.speaker)
        other = self._create_session(needs_approval=True)
        self._create_event("2024-07-10 08:00:00", session=other)
        self.assertEqual(other._enrol_self(self.speaker).state, "requested")
        other._enrol_self(self.resident.partner_id)
        self.assertEqual(len(other.activity_ids), 1, "the responsible is asked once")
        self.assertEqual(other.activity_ids.user_id, other.user_id)
        self.assertFalse(self.session.activity_ids)

    def _assert_open(self, expected):
        self.env.invalidate_all()
        self.assertEqual(self.session.is_enrolment_open, expected)
        for value in (True, False):
            found = self.env["partnership.training.session"].search(
                [("is_enrolment_open", "=", value), ("id", "=", self.session.id)]
            )
            self.assertEqual(bool(found), value == expected)

    def test_open_is_what_has_not_begun_and_not_passed_its_last_day(self):
        self._assert_open(True)
        self.session.enrol_deadline = "2024-06-05"
        with freeze_time("2024-06-05 21:59:00"):
            self._assert_open(True)
        with freeze_time("2024-06-05 22:01:00"):
            self._assert_open(False)
        self.session.enrol_deadline = False
        with freeze_time("2024-06-10 08:00:00"):
            self._assert_open(False)
        self.session.state = "draft"
        self._assert_open(False)

    def test_not_open_begun_and_teaching(self):
        self.session.trainer_ids = self.speaker
        self.assertIn("teaches", self._refusal(self.speaker))
        self.session.trainer_ids = False
        with freeze_time("2024-06-10 08:00:00"):
            self.assertIn("begun", self._refusal(self.speaker))
        self.session.state = "draft"
        self.assertIn("not open", self._refusal(self.speaker))
        with self.assertRefused("not open", exception=UserError):
            self.session._enrol_self(self.speaker)

    def test_last_day_is_that_of_the_partnership(self):
        """In Brussels it is two hours later than in UTC."""
        self.session.enrol_deadline = "2024-06-05"
        with freeze_time("2024-06-05 21:59:00"):
            self.assertFalse(self._refusal(self.speaker))
        with freeze_time("2024-06-05 22:01:00"):
            self.assertIn("ended on 06/05/2024", self._refusal(self.speaker))

    def test_after_the_deadline_nobody_is_enrolled(self):
        early = self._create_enrolment(self.speaker)
        gone = self._create_enrolment("Test gone", state="cancelled")
        demand = self._create_enrolment("Test asks", False, course_id=self.course.id)
        self.session.enrol_deadline = "2024-05-31"
        late = self._create_person("Test late")
        for enrol in (
            lambda: self._create_enrolment(late),
            lambda: self.session._enrol(late),
            lambda: gone.action_request(),
            lambda: demand.write({"session_id": self.session.id}),
        ):
            with self.assertRefused("Test course", "ended on", exception=UserError):
                enrol()
        early.action_confirm()
        self.assertEqual(early.state, "confirmed", "asked in time")
        self.session.enrol_deadline = "2024-06-02"
        self.assertTrue(self._create_enrolment(late))

    def test_moving_up_is_no_enrolment(self):
        self.session.seats_max = 1
        first, second = self._create_enrolments(2)
        (first + second).action_confirm()
        self.session.enrol_deadline = "2024-05-31"
        first.action_cancel()
        self.assertEqual(second.state, "confirmed")

    def test_trainer_takes_no_part(self):
        with self.assertRefused("Test trainer", "teaches", "Test course"):
            self._create_enrolment(self.trainer)
        enrolment = self._create_enrolment(self.speaker)
        with self.assertRefused("Test speaker", "teaches"):
            self.session.trainer_ids += self.speaker
        enrolment.action_cancel()
        self.session.trainer_ids += self.speaker
        with self.assertRefused("Test speaker", "teaches"):
            enrolment.action_request()

    def test_withdrawing_at_any_time_until_presence_is_settled(self):
        enrolment = self.session._enrol_self(self.speaker)
        self.session.enrol_deadline = "2024-05-31"
        enrolment._withdraw("Test reason")
        self.assertEqual(enrolment.state, "cancelled")
        self.assertIn("Test reason", enrolment.message_ids[0].body)
        with self.assertRefused("Test speaker", "Cancelled", exception=UserError):
            enrolment._withdraw()
