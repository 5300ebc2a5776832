from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from ..common import TrainingCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestSession(TrainingCase):
    def test_dates_and_hours_come_from_the_events(self):
        self.assertEqual(str(self.session.date_start), "2024-06-10 08:00:00")
        self.assertEqual(str(self.session.date_stop), "2024-06-20 11:00:00")
        self.assertEqual((self.session.year, self.session.hours), ("2024", 6.0))
        self.past_event.stop = "2024-06-10 12:00:00"
        self.assertEqual(self.session.hours, 7.0)
        self.next_event.action_cancel_meeting()
        self.assertEqual((self.session.hours, self.session.event_count), (4.0, 1))
        self.past_event.action_cancel_meeting()
        self.assertEqual((self.session.hours, self.session.year), (0.0, "2024"))
        (self.past_event + self.next_event).unlink()
        self.assertFalse(self.session.date_start)
        self.assertFalse(self.session.year)

    def test_year_is_that_of_the_partnership(self):
        session = self._create_session()
        self._create_event("2023-12-31 23:30:00", session)
        self.assertEqual(session.year, "2024", "half past midnight in Brussels")

    def test_event_takes_what_the_session_has(self):
        event = self.next_event
        self.assertEqual(event.name, "Test course")
        self.assertEqual(event.location, "Test hall")
        self.assertEqual(event.partnership_id, self.partnership)
        self.assertFalse(event.partnership_body_id)
        self.assertEqual((event.partnership_tool, event.partnership_need), ("training", "internal"))
        self.assertEqual(event.partner_ids, self.trainer)

    def test_series_of_days_belongs_to_the_session(self):
        session = self._create_session(trainer_ids=[Command.set(self.trainer.ids)])
        enrolment = self._create_enrolment("Test person", session)
        enrolment.action_confirm()
        first = self._create_event(
            "2024-07-01 08:00:00",
            session,
            recurrency=True,
            rrule_type="daily",
            interval=7,
            end_type="count",
            count=3,
        )
        events = first.recurrence_id.calendar_event_ids
        self.assertEqual(len(events), 3)
        self.assertEqual(session.event_ids, events)
        self.assertEqual(session.hours, 9.0)
        for event in events:
            self.assertEqual(event.partner_ids, self.trainer + enrolment.person_id)
        enrolment.action_cancel()
        for event in events:
            self.assertEqual(event.attendee_ids.partner_id, self.trainer)

    def test_event_is_no_meeting_of_a_body(self):
        with self.assertRefused("Test course", "body"):
            self.next_event.partnership_body_id = self.body
        other = self.env["partnership.partnership"].create({"name": "Test other"})
        with self.assertRefused("Test partnership"):
            self.next_event.partnership_id = other
        with self.assertRefused("Test course"):
            self.session.partnership_id = other

    def test_form_makes_events_without_mail(self):
        user = mail_new_test_user(
            self.env,
            "test_planner",
            "partnership_management.partnership_management_group_officer",
            email="planner@test.example",
        )
        before = self.env["mail.mail"].search([])
        session_form = Form(
            self.env["partnership.training.session"]
            .with_user(user)
            .with_context(no_mail_to_attendees=False)
        )
        session_form.course_id = self.course
        session_form.trainer_ids.add(self.trainer)
        with session_form.event_ids.new() as line:
            line.name = "Test day"
            line.start = "2024-07-01 08:00:00"
            line.stop = "2024-07-01 12:00:00"
        session = session_form.save()
        self.assertEqual(session.name, "Test course")
        self.assertEqual(session.event_ids.partner_ids, self.trainer)
        with Form(session) as session_form, session_form.event_ids.edit(0) as line:
            line.start = "2024-07-02 08:00:00"
            line.stop = "2024-07-02 12:00:00"
        person = self._create_person("Test person")
        session.trainer_ids = [Command.link(person.id)]
        self.assertIn(person, session.event_ids.partner_ids)
        self.env.flush_all()
        sent = self.env["mail.mail"].search([]) - before
        self.assertFalse(sent.mapped("subject"), "nobody gets mail because of a save")

    def test_guests_follow_trainers_and_seats_on_events_to_come(self):
        helper = self._create_person("Test helper")
        self.next_event.partner_ids = [Command.link(helper.id)]
        first, second = self._create_enrolments(2)
        (first + second).action_confirm()
        persons = first.person_id + second.person_id
        self.assertEqual(self.next_event.partner_ids, self.trainer + helper + persons)
        self.assertEqual(self.next_event.attendee_ids.partner_id, self.next_event.partner_ids)
        self.assertEqual(self.past_event.partner_ids, self.trainer, "held already")
        first.action_cancel()
        other = self._create_person("Test other trainer")
        self.session.trainer_ids = [Command.set(other.ids)]
        self.assertEqual(
            self.next_event.partner_ids,
            helper + second.person_id + other,
            "added by hand: stays",
        )

    def test_invitation_goes_to_events_to_come_when_it_is_sent(self):
        enrolment = self._create_enrolment("Test person")
        enrolment.action_confirm()
        before = self.env["mail.mail"].search([])
        action = self.session.action_open_invite()
        self.env[action["res_model"]].with_context(**action["context"]).create({}).action_send()
        invited = self.session.event_ids.attendee_ids.filtered("partnership_invited_for")
        self.assertEqual(invited.event_id, self.next_event)
        self.assertEqual(invited.partner_id, self.trainer + enrolment.person_id)
        self.assertEqual(len(self.env["mail.mail"].search([]) - before), 2)
        with self.assertRefused("Test course", exception=UserError):
            self._create_session().action_open_invite()

    def test_state_done_needs_closed_sheets(self):
        session = self._create_session()
        with self.assertRefused("Test course", "no event", exception=UserError):
            session.action_done()
        with self.assertRefused("Test course", "close", exception=UserError):
            self.session.action_done()
        with self.assertRefused("Test course", "close", exception=UserError):
            self.session.state = "done"

    def test_cancelling_frees_everybody(self):
        enrolments = self._create_enrolments(3)
        enrolments.action_confirm()
        asked = self._create_enrolment(enrolments[0].person_id, False, course_id=self.course.id)
        self.session.action_cancel()
        self.assertEqual(set(self.session.event_ids.mapped("partnership_state")), {"cancelled"})
        self.assertEqual(enrolments[0].state, "cancelled", "asked for the course already")
        self.assertEqual(enrolments[1:].mapped("state"), ["requested"] * 2)
        self.assertFalse(enrolments[1:].session_id)
        self.assertEqual(self.course.demand_count, 3)
        self.assertEqual(asked.state, "requested")
        self.session.action_open()
        self.assertEqual(set(self.session.event_ids.mapped("partnership_state")), {"planned"})

    def test_presence_is_not_lost_by_cancelling_or_deleting(self):
        self._create_enrolments(1).action_confirm()
        self._attend(self.past_event, p1="present")
        with self.assertRefused("Presence is recorded", exception=UserError):
            self.session.action_cancel()
        with self.assertRefused("Test course", exception=UserError):
            self.session.unlink()
        self.assertEqual(self.session.state, "open")
        guest = self._create_session()
        event = self._create_event("2024-06-11 08:00:00", guest)
        self.env["partnership.attendance"]._record(event, self.trainer, status="present")
        with self.assertRefused("Presence is recorded", exception=UserError):
            guest.unlink()

    def test_deleting_an_unused_session_takes_its_events(self):
        session = self._create_session()
        event = self._create_event("2024-07-01 08:00:00", session)
        session.unlink()
        self.assertFalse(event.exists())

    def test_kanban_shows_every_state(self):
        Session = self.env["partnership.training.session"].with_context(read_group_expand=True)
        groups = Session.web_read_group([("id", "in", self.session.ids)], ["state"], ["__count"])[
            "groups"
        ]
        self.assertEqual(
            [group["state"] for group in groups], ["draft", "open", "done", "cancelled"]
        )

    def test_occupancy(self):
        self.session.seats_min = 1
        self.assertEqual(self.session.occupancy, "short")
        first, second = self._create_enrolments(2)
        first.action_confirm()
        self.assertEqual((self.session.occupancy, self.session.seats_free), ("enough", 1))
        second.action_confirm()
        self.assertEqual((self.session.occupancy, self.session.seats_free), ("full", 0))
