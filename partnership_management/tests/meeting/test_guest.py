from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from odoo.addons.mail.tests.common import MockEmail

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestGuest(PartnershipCase, MockEmail):
    """The council's titular changes on 1 July 2024; the firm has an alternate only; a resident
    sits for itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "no_mail_to_attendees": False})
        cls.council, cls.firm = (cls._create_member(f"Test {name}") for name in ("council", "firm"))
        cls.resident = cls._create_person("Test resident")
        seat, firm_seat = cls._create_seat(cls.council), cls._create_seat(cls.firm)
        cls._create_seat(cls._create_member(cls.resident))
        cls._create_seat(cls._create_member("Test empty seat"))
        cls.before = cls._create_mandate(seat, "Test before", date_end="2024-06-30").person_id
        cls.after = cls._create_mandate(seat, "Test after", date_start="2024-07-01").person_id
        cls.deputy = cls._create_mandate(seat, "Test deputy", "alternate").person_id
        cls.alternate = cls._create_mandate(firm_seat, "Test alternate", "alternate").person_id
        cls.lasting = cls.resident + cls.alternate
        cls.organiser = cls.facilitator.partner_id
        cls.Event = cls.env["calendar.event"].with_user(cls.facilitator)

    def _plan(self, start="2024-06-24 16:00:00", **values):
        """A meeting planned as the facilitator does, without naming guests."""
        return self.Event.create(
            {
                "name": "Test board meeting",
                "partnership_body_id": self.body.id,
                "start": start,
                "stop": f"{start[:10]} 18:00:00",
                **values,
            }
        )

    def assertGuests(self, meeting, holders):
        self.assertEqual(meeting.partner_ids, holders | self.organiser)
        self.assertEqual(meeting.attendee_ids.partner_id, meeting.partner_ids)

    def test_guests_are_the_holders_of_the_day(self):
        self.assertGuests(self._plan(), self.lasting + self.before)
        self.assertGuests(self._plan("2024-07-02 16:00:00"), self.lasting + self.after)

    def test_guests_follow_the_date(self):
        meeting = self._plan()
        meeting.write({"start": "2024-07-02 16:00:00", "stop": "2024-07-02 18:00:00"})
        self.assertGuests(meeting, self.lasting + self.after)

    def test_guests_follow_the_body(self):
        other = self._create_body("Test other body")
        expert = self._create_mandate(self._create_seat(self.council, other), "Test expert")
        meeting = self._plan()
        meeting.partnership_body_id = other
        self.assertGuests(meeting, expert.person_id)

    def test_chosen_guests_are_left_alone(self):
        meeting = self._plan(partner_ids=[Command.set(self.deputy.ids)])
        self.assertEqual(meeting.partner_ids, self.deputy)
        meeting.write({"start": "2024-07-02 16:00:00", "stop": "2024-07-02 18:00:00"})
        self.assertEqual(meeting.partner_ids, self.deputy)
        self.assertFalse(self._plan(partner_ids=[]).partner_ids)

    def test_added_guest_stays_when_the_date_changes(self):
        expert = self._create_person("Test expert")
        meeting = self._plan()
        meeting.partner_ids = [Command.link(expert.id)]
        meeting.start = "2024-07-02 16:00:00"
        self.assertGuests(meeting, self.lasting + self.after + expert)

    def test_archived_holder_is_no_guest(self):
        self.before.active = False
        self.assertGuests(self._plan(), self.lasting)

    def test_button_takes_the_guests_from_the_seats(self):
        meeting = self._plan(partner_ids=[Command.set((self.deputy + self.organiser).ids)])
        meeting.action_update_guests()
        self.assertGuests(meeting, self.lasting + self.before)
        plain = self.Event.create({"name": "Test plain event"})
        with self.assertRefused("Test plain event", exception=UserError):
            plain.action_update_guests()

    def test_plain_event_becomes_a_meeting(self):
        event = self.Event.create({"name": "Test plain event"})
        event.partnership_body_id = self.body
        self.assertGuests(event, self.lasting + self.before)
        event = self.Event.create({"name": "Test plain event", "partner_ids": self.deputy.ids})
        event.partnership_body_id = self.body
        self.assertEqual(event.partner_ids, self.deputy)

    def test_form(self):
        form = Form(self.Event, "calendar.view_calendar_event_form")
        form.name = "Test board meeting"
        form.partnership_body_id = self._create_body("Test wrong body")
        form.partnership_body_id = self.body
        form.start = "2024-06-24 16:00:00"
        self.assertEqual(form.partner_ids[:], self.lasting | self.before | self.organiser)
        form.start = "2024-07-02 16:00:00"
        self.assertEqual(form.partner_ids[:], self.lasting | self.after | self.organiser)
        meeting = form.save()
        self.assertTrue(meeting.partnership_guests_follow)
        self.assertGuests(meeting, self.lasting + self.after)

    def test_quick_form(self):
        form = Form(
            self.Event.with_user(self.facilitator),
            "calendar.view_calendar_event_form_quick_create",
        )
        form.name = "Test board meeting"
        form.partnership_body_id = self.body
        meeting = form.save()
        meeting.write({"start": "2024-07-02 16:00:00", "stop": "2024-07-02 18:00:00"})
        self.assertGuests(meeting, self.lasting + self.after)

    def test_series_takes_the_guests_of_each_day(self):
        with self.mock_mail_gateway():
            meeting = self._plan(
                recurrency=True,
                rrule_type="weekly",
                mon=True,
                interval=1,
                count=3,
                end_type="count",
            )
            series = meeting.recurrence_id.calendar_event_ids.sorted("start")
            self.assertGuests(series[0], self.lasting + self.before)
            self.assertGuests(series[1], self.lasting + self.after)
            series[1].write({"recurrence_update": "future_events", "start": "2024-07-02 16:00:00"})
            series[0].write({"recurrence_update": "all_events", "name": "Test other name"})
        self.assertNotSentEmail()
        self.assertFalse(self._new_mails)

    def test_no_mail_until_the_invitation(self):
        with self.mock_mail_gateway():
            meeting = self._plan()
            meeting.write({"start": "2024-07-02 16:00:00", "stop": "2024-07-02 18:00:00"})
            meeting.partner_ids = [Command.link(self._create_person("Test expert").id)]
            meeting.action_update_guests()
            meeting.copy()
            meetings = meeting + self._plan("2024-07-04 16:00:00")
            meetings.write({"location": "Test hall", "partnership_body_id": self.body.id})
            self.env.cr.flush()
        self.assertFalse(self._new_mails)
        self.assertNotSentEmail()
        self.assertFalse(meeting.description)

    def test_invitation_goes_once_to_each_guest(self):
        self.alternate.email = False
        meeting = self._plan()
        with self.mock_mail_gateway():
            action = self._invite(meeting)
        self.assertEqual(self._new_mails.recipient_ids, self.before + self.resident)
        self.assertEqual(len(self._new_mails), 2)
        self.assertIn("Test alternate", action["params"]["message"])
        with self.mock_mail_gateway(), self.assertRefused("nobody to write", exception=UserError):
            self._invite(meeting)
        self.assertFalse(self._new_mails)
        expert = self._create_person("Test expert")
        with self.mock_mail_gateway():
            meeting.partner_ids = [Command.link(expert.id)]
            self._invite(meeting)
        self.assertEqual(self._new_mails.recipient_ids, expert)
        with self.mock_mail_gateway():
            meeting.start = "2024-06-25 16:00:00"
        self.assertFalse(self._new_mails)
        with self.mock_mail_gateway():
            self._invite(meeting)
        self.assertEqual(self._new_mails.recipient_ids, self.before + self.resident + expert)
        meeting.start = "2024-06-26 16:00:00"
        meeting.attendee_ids.filtered(lambda guest: guest.partner_id == expert).state = "declined"
        with self.mock_mail_gateway():
            self._invite(meeting)
        self.assertEqual(self._new_mails.recipient_ids, self.before + self.resident)

    def test_invitation_that_makes_no_sense(self):
        with self.assertRefused("over", exception=UserError):
            self._invite(self._plan("2024-06-03 16:00:00"))
        with self.assertRefused("no guests", exception=UserError):
            self._invite(self._plan(partner_ids=[]))
        meeting = self._plan()
        meeting.action_cancel_meeting()
        with self.assertRefused("cancelled", exception=UserError):
            self._invite(meeting)

    def test_plain_events_mail_as_ever(self):
        values = {
            "name": "Test plain event",
            "start": "2024-06-24 16:00:00",
            "stop": "2024-06-24 18:00:00",
        }
        with self.mock_mail_gateway():
            plain = self.Event.create([{**values, "partner_ids": self.deputy.ids}])
        self.assertEqual(self._new_mails.recipient_ids, self.deputy)
        self.assertTrue(plain.description)
        with self.mock_mail_gateway():
            plain.start = "2024-06-25 16:00:00"
        self.assertEqual(self._new_mails.recipient_ids, self.deputy)

    def test_plain_events_among_meetings(self):
        """Created and written together, the ones mail and the others do not."""
        values = {"start": "2024-06-24 16:00:00", "stop": "2024-06-24 18:00:00"}
        with self.mock_mail_gateway():
            events = self.Event.create(
                [
                    {"name": "Test plain event", "partner_ids": self.deputy.ids, **values},
                    {"name": "Test meeting", "partnership_body_id": self.body.id, **values},
                    {"name": "Test second event", **values},
                ]
            )
        self.assertEqual(
            events.mapped("name"), ["Test plain event", "Test meeting", "Test second event"]
        )
        self.assertEqual(self._new_mails.recipient_ids, self.deputy)
        with self.mock_mail_gateway():
            events.write({"start": "2024-06-25 16:00:00"})
        self.assertEqual(self._new_mails.recipient_ids, self.deputy)

    def test_who_may_not_see_the_seats_changes_no_guests(self):
        meeting = self._plan(user_id=self.employee.id)
        guests = meeting.partner_ids
        for user in (self.employee, self.stranger):
            meeting.with_user(user).write({"start": "2024-07-02 16:00:00"})
            self.assertEqual(meeting.partner_ids, guests)

    def test_guests_cost_no_query_per_meeting(self):
        def values(count):
            return [
                {"partnership_body_id": self.body.id, "start": f"2024-07-{day:02} 16:00:00"}
                for day in range(1, count + 1)
            ]

        def count(vals_list):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.Event._add_guests(vals_list)
            return self.cr.sql_log_count - before

        count(values(1))
        self.assertEqual(count(values(2)), count(values(20)))
