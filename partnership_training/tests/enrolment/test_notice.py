from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import TrainingCase


class NoticeCase(TrainingCase):
    """Everybody has an address; the session has two seats and begins on 10 June."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enrolments = cls._create_enrolments(3)
        cls.first, cls.second, cls.third = cls.enrolments
        for number, enrolment in enumerate(cls.enrolments, 1):
            enrolment.person_id.email = f"person{number}@example.com"
        cls.trainer.email = "trainer@example.com"

    def setUp(self):
        super().setUp()
        self.before = self.env["mail.mail"].search([])

    def _mails(self):
        """:return: the mails written since, the first one first"""
        mails = (self.env["mail.mail"].search([]) - self.before).sorted("id")
        self.before |= mails
        return mails

    def _subjects(self):
        return {
            (mail.subject, recipient.name)
            for mail in self._mails()
            for recipient in mail.recipient_ids
        }


@tagged("post_install", "-at_install")
@freeze_time("2024-06-01 10:00:00")
class TestNotice(NoticeCase):
    def test_saving_and_confirming_tell_nobody(self):
        self.enrolments.action_confirm()
        self.session.write({"place": "Test elsewhere", "seats_max": 2})
        self.third.action_cancel()
        self.assertFalse(self._mails())

    def test_telling_says_what_is_new_once(self):
        self.enrolments.action_confirm_and_tell()
        self.assertEqual(
            self._subjects(),
            {
                ("You have a seat: Test course", "Test person 1"),
                ("You have a seat: Test course", "Test person 2"),
                ("On the waiting list: Test course", "Test person 3"),
            },
        )
        again = self.enrolments.action_confirm_and_tell()
        self.assertIn("nothing new", again["params"]["message"])
        self.assertFalse(self._mails())

    def test_confirmation_has_the_dates_and_no_address_of_others(self):
        self.enrolments.action_confirm()
        self.first.action_tell()
        mail = self._mails()
        self.assertIn("Monday 10 June 2024, 10:00–13:00", mail.body_html)
        [file] = mail.attachment_ids
        self.assertEqual(file.mimetype, "text/calendar")
        text = file.raw.decode()
        self.assertEqual(text.count("BEGIN:VEVENT"), 2)
        self.assertIn("DTSTART:20240610T080000Z", text)
        self.assertNotIn("@example.com", text)

    def test_no_seat_is_told_without_a_date(self):
        self.session.event_ids.unlink()
        self.first.action_confirm()
        with self.assertRefused("Test course", "no event", exception=UserError):
            self.first.action_tell()

    def test_who_has_no_address_is_named(self):
        self.first.person_id.email = False
        self.first.action_confirm()
        action = self.first.action_tell()
        self.assertIn("Test person 1", action["params"]["message"])
        self.assertIn("no e-mail address", self.first.message_ids[0].body)
        self.assertFalse(self.first.told_state)

    def test_moving_up_is_told_by_itself_and_once(self):
        self.enrolments.action_confirm()
        self.first.action_cancel()
        self.assertEqual(
            self._subjects(), {("A seat is free for you: Test course", "Test person 3")}
        )
        self.assertEqual(self.third.told_state, "confirmed")
        self.third.action_tell()
        self.assertFalse(self._mails())

    def test_more_seats_and_a_deleted_enrolment_move_up_too(self):
        fourth = self._create_enrolment("Test person 4")
        fourth.person_id.email = "person4@example.com"
        (self.enrolments + fourth).action_confirm()
        self.session.seats_max = 3
        self.assertEqual(
            self._subjects(), {("A seat is free for you: Test course", "Test person 3")}
        )
        self.first.unlink()
        self.assertEqual(
            self._subjects(), {("A seat is free for you: Test course", "Test person 4")}
        )

    def test_cancelled_session_is_told_to_all(self):
        self.enrolments.action_confirm()
        self.session.action_cancel_and_tell()
        self.assertEqual(
            self._subjects(),
            {("Cancelled: Test course", f"Test person {number}") for number in (1, 2, 3)}
            | {("Cancelled: Test course", "Test trainer")},
        )
        self.assertEqual(self.session.state, "cancelled")
        self.assertEqual(set(self.enrolments.mapped("state")), {"requested"})

    def test_mail_is_in_the_language_of_the_person(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.first.person_id.lang = "fr_FR"
        self.first.action_confirm()
        self.first.action_tell()
        self.assertIn("lundi 10 juin 2024", self._mails().body_html)


@tagged("post_install", "-at_install")
@freeze_time("2024-06-06 10:00:00")
class TestMinimum(NoticeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session.write({"seats_min": 2, "enrol_deadline": "2024-06-07"})
        cls.first.action_confirm()

    def _run(self, moment="2024-06-08 03:00:00"):
        cron = self.env.ref("partnership_training.ir_cron_check_minimum")
        with freeze_time(moment), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_cancelled_and_told(self):
        self.session.under_minimum = "cancel"
        self._run("2024-06-07 21:00:00")
        self.assertEqual(self.session.state, "open", "it is still the last day")
        self._run()
        self.assertEqual(self.session.state, "cancelled")
        self.assertIn(("Cancelled: Test course", "Test person 1"), self._subjects())
        self._run()
        self.assertFalse(self._mails(), "once")

    def test_asked_once_for_each_deadline(self):
        self._run()
        self._run()
        self.assertEqual(self.session.state, "open")
        self.assertEqual(len(self.session.activity_ids), 1)
        self.assertIn("1 of at least 2", self.session.activity_ids.summary)
        self.session.activity_ids.action_done()
        self._run()
        self.assertFalse(self.session.activity_ids)
        with freeze_time("2024-06-08"):
            self.session.enrol_deadline = "2024-06-08"
        self._run("2024-06-09 03:00:00")
        self.assertEqual(len(self.session.activity_ids), 1)

    def test_enough_and_begun_are_left_alone(self):
        self.second.action_confirm()
        self.session.under_minimum = "cancel"
        self._run()
        self.assertEqual(self.session.state, "open")
        self.session.write({"enrol_deadline": "2024-06-09"})
        self.second.action_cancel()
        self._run("2024-06-10 09:00:00")
        self.assertEqual(self.session.state, "open", "has begun")


@tagged("post_install", "-at_install")
@freeze_time("2024-06-01 10:00:00")
class TestDates(NoticeCase):
    def _move(self, date_to, **values):
        wizard = self.env["partnership.training.move"].create(
            {"session_id": self.session.id, "date_to": date_to, **values}
        )
        return wizard.action_move()

    def test_moving_keeps_the_hour_of_the_clock_and_tells(self):
        """On 27 October the clock goes back: 10:00 is 08:00 in UTC before, 09:00 after."""
        self.session.enrol_deadline = "2024-06-05"
        self.enrolments.action_confirm()
        self._move("2024-10-21")
        self.assertEqual(str(self.past_event.start), "2024-10-21 08:00:00")
        self.assertEqual(str(self.next_event.start), "2024-10-31 09:00:00")
        self.assertEqual(self.next_event.duration, 3)
        self.assertEqual(str(self.session.enrol_deadline), "2024-10-16")
        subjects = self._subjects()
        self.assertEqual(len(subjects), 4)
        self.assertIn(("New dates: Test course", "Test trainer"), subjects)

    def test_moving_in_silence(self):
        self.first.action_confirm()
        self._move("2024-06-12", tell=False)
        self.assertFalse(self._mails())

    def test_what_is_held_stays(self):
        with freeze_time("2024-06-15"):
            self._attend(self.past_event)
            self._move("2024-06-21")
            with self.assertRefused("on that day already", exception=UserError):
                self._move("2024-06-21")
        self.assertEqual(str(self.past_event.start), "2024-06-10 08:00:00")
        self.assertEqual(str(self.next_event.start), "2024-06-21 08:00:00")
        with (
            freeze_time("2024-07-01"),
            self.assertRefused("nothing to move", exception=UserError),
        ):
            self._move("2024-08-01")

    def test_repeating_makes_drafts_with_later_events(self):
        self.session.write({"enrol_deadline": "2024-06-05", "seats_min": 1})
        self.enrolments.action_confirm()
        wizard = self.env["partnership.training.repeat"].create(
            {"session_id": self.session.id, "count": 2, "interval": 6, "unit": "months"}
        )
        sessions = self.env["partnership.training.session"].search(
            wizard.action_repeat()["domain"], order="date_start"
        )
        self.assertEqual(sessions.mapped("state"), ["draft", "draft"])
        self.assertEqual(
            [str(event.start) for event in sessions.event_ids.sorted("start")],
            [
                "2024-12-10 09:00:00",
                "2024-12-20 09:00:00",
                "2025-06-10 08:00:00",
                "2025-06-20 08:00:00",
            ],
        )
        self.assertEqual(sessions.mapped("seats_min"), [1, 1])
        self.assertEqual(sessions.trainer_ids, self.trainer)
        self.assertEqual(str(sessions[0].enrol_deadline), "2024-12-05")
        self.assertFalse(sessions.enrolment_ids)
        self.assertFalse(self._mails())

    def test_repeating_needs_events(self):
        with self.assertRefused("Test course", "no event", exception=UserError):
            self.env["partnership.training.repeat"].create(
                {"session_id": self._create_session().id}
            ).action_repeat()

    def test_trainer_expected_elsewhere_is_shown(self):
        self.assertFalse(self.session.trainer_conflicts)
        meeting = self._create_meeting("2024-06-20 09:00:00")
        meeting.partner_ids += self.trainer
        self.env.invalidate_all()
        self.assertIn("Test trainer", self.session.trainer_conflicts)
        self.assertIn(meeting.name, self.session.trainer_conflicts)
        self.assertNotIn("2024-06-10", self.session.trainer_conflicts)
        meeting.start = "2024-06-20 11:00:00"
        meeting.stop = "2024-06-20 12:00:00"
        self.env.invalidate_all()
        self.assertFalse(self.session.trainer_conflicts, "one ends when the other begins")

    def test_moving_warns_of_where_trainers_are_expected_then(self):
        meeting = self._create_meeting("2024-06-27 09:00:00")
        meeting.partner_ids += self.trainer
        self.env.invalidate_all()
        wizard = self.env["partnership.training.move"].create(
            {"session_id": self.session.id, "date_to": "2024-06-17"}
        )
        self.assertIn(meeting.name, wizard.trainer_conflicts)
        self.assertEqual(wizard.told_count, 4, "who only asked is told too, and the trainer")
        wizard.date_to = "2024-06-20"
        self.assertFalse(wizard.trainer_conflicts, "its own event moves along")
        wizard.date_to = "2024-06-18"
        self.assertFalse(wizard.trainer_conflicts)

    def test_day_without_hours_is_told_without_hours(self):
        event = self._create_event(
            "2024-07-01 08:00:00",
            allday=True,
            start_date="2024-07-01",
            stop_date="2024-07-01",
            location="Test field",
        )
        self.assertEqual(
            self.session._get_date_lines()[-1], "Monday 1 July 2024, Test field", event.start
        )

    def test_copy_has_the_rules_and_no_deadline(self):
        self.session.write({"enrol_deadline": "2024-06-05", "needs_approval": True})
        copy = self.session.copy()
        self.assertTrue(copy.needs_approval)
        self.assertEqual((copy.trainer_ids, copy.seats_max), (self.trainer, 2))
        self.assertFalse(copy.enrol_deadline or copy.enrolment_ids or copy.event_ids)

    def test_private_event_of_a_trainer_is_only_busy(self):
        user = self.env["res.users"].create(
            {"name": "Test teaching user", "login": "test_teaching_user"}
        )
        self.session.trainer_ids = user.partner_id
        self.env["calendar.event"].with_user(user).create(
            {
                "name": "Test secret",
                "start": "2024-06-20 08:00:00",
                "stop": "2024-06-20 09:00:00",
                "privacy": "private",
                "partner_ids": [(6, 0, user.partner_id.ids)],
            }
        )
        conflicts = self.session.with_user(self.facilitator).trainer_conflicts
        self.assertIn("Test teaching user", conflicts)
        self.assertIn("Busy", conflicts)
        self.assertNotIn("secret", conflicts)

    def test_conflicts_of_many_sessions_cost_no_query_each(self):
        def count(number):
            sessions = self.session
            for index in range(number):
                session = self._create_session(trainer_ids=[(6, 0, self.trainer.ids)])
                self._create_event(f"2024-07-{index + 1:02} 08:00:00", session=session)
                sessions += session
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            sessions.mapped("trainer_conflicts")
            return self.env.cr.sql_log_count - start

        count(1)
        self.assertEqual(count(2), count(9))

    def test_reminders_are_those_of_the_calendar(self):
        alarm = self.env["calendar.alarm"].create(
            {"name": "Test", "alarm_type": "email", "duration": 2, "interval": "days"}
        )
        self.session.alarm_ids = alarm
        self.assertEqual(self.next_event.alarm_ids, alarm)
        self.assertEqual(self._create_event("2024-06-25 08:00:00").alarm_ids, alarm)
        self.first.action_confirm()
        about = [("model", "=", "calendar.event"), ("res_id", "=", self.next_event.id)]
        before = self.env["mail.message"].search(about)
        self.env.flush_all()
        with freeze_time("2024-06-18 08:05:00"):
            self.env["calendar.alarm_manager"].with_context(
                lastcall="2024-06-18 07:55:00", no_mail_to_attendees=False
            )._send_reminder()
        reminded = (self.env["mail.message"].search(about) - before).partner_ids
        self.assertEqual(reminded, self.first.person_id + self.trainer)
        self.session.alarm_ids = False
        self.assertFalse(self.next_event.alarm_ids)
