from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import TrainingCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestTrainingSheet(TrainingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council = cls._create_member("Test council")
        cls.session.seats_max = 3
        cls.first = cls._create_enrolment(cls._create_person("Test 1", cls.council.partner_id))
        cls.second = cls._create_enrolment("Test 2")
        cls.third = cls._create_enrolment("Test 3")
        cls.enrolments = cls.first + cls.second + cls.third
        cls.enrolments.action_confirm()
        cls.fourth = cls._create_enrolment("Test 4")
        cls.fourth.action_confirm()

    def test_expected_are_the_confirmed_enrolments(self):
        expected = self.past_event._get_expected()[self.past_event.id]
        self.assertEqual(
            [values["person_id"] for values in expected], self.enrolments.person_id.ids
        )
        self.assertEqual(expected[0]["organisation_id"], self.council.partner_id.id)
        self.assertEqual(expected[0]["membership_id"], self.council.id)
        self.assertFalse(expected[1]["organisation_id"])
        self.assertEqual(self.fourth.state, "waiting")

    def test_meeting_of_a_body_expects_its_seats(self):
        seat = self._create_seat(self.council)
        meeting = self._create_meeting()
        expected = (meeting + self.past_event)._get_expected()
        self.assertEqual([values["seat_id"] for values in expected[meeting.id]], seat.ids)
        self.assertEqual(len(expected[self.past_event.id]), 3)
        meeting._fill_sheet()
        self.assertFalse(meeting.attendance_ids.enrolment_id)

    def test_check_in_by_phone(self):
        """Participants come by their enrolment; who waits for a seat is not on the list."""
        council = self.council.partner_id
        self.past_event._check_in(self.first.person_id.id, [council.id])
        self.past_event._check_in(self.second.person_id.id, [0])
        rows = self._rows(self.past_event)
        present = [row.enrolment_id for row in rows.values() if row.status == "present"]
        self.assertEqual(set(present), set(self.first + self.second))
        with self.assertRefused("not on the list", exception=UserError):
            self.past_event._check_in(self.fourth.person_id.id, [0])

    def test_opening_again_follows_the_enrolments_and_keeps_guests(self):
        Attendance = self.env["partnership.attendance"]
        guest = self._create_person("Test guest")
        action = self.past_event.action_open_sheet()
        self.assertEqual(action["tag"], "partnership_attendance_sheet")
        rows = self.past_event.attendance_ids
        self.assertEqual(rows.enrolment_id, self.enrolments)
        unmarked = Attendance._record(self.past_event, guest)
        marked = self._rows(self.past_event)[self.second.person_id]
        marked.status = "excused"
        (self.first + self.second).action_cancel()
        self.past_event._fill_sheet()
        self.assertEqual(
            self.past_event.attendance_ids.person_id,
            (marked + unmarked).person_id + (self.third + self.fourth).person_id,
            "an apology stays, a guest stays; who moved up is expected",
        )
        self.past_event._fill_sheet()
        self.assertEqual(len(self.past_event.attendance_ids), 4)

    def test_apology_before_the_sheet_takes_the_place(self):
        row = self.env["partnership.attendance"]._record(
            self.past_event, self.first.person_id, status="excused"
        )
        self.assertEqual(row.enrolment_id, self.first)
        self.past_event._fill_sheet()
        self.assertEqual(len(self.past_event.attendance_ids), 3, "no second row")

    def test_guest_who_is_confirmed_later_gets_the_place(self):
        guest = self._create_person("Test guest")
        row = self.env["partnership.attendance"]._record(self.past_event, guest)
        self.third.action_cancel()
        self.session.seats_max = 4
        self._create_enrolment(guest).action_confirm()
        self.past_event._fill_sheet()
        self.assertEqual(row.enrolment_id.person_id, guest)

    def test_hours_count_once_the_sheet_is_closed(self):
        self.past_event._fill_sheet()
        rows = self._rows(self.past_event)
        rows[self.first.person_id].status = "present"
        rows[self.second.person_id].status = "late"
        self.assertEqual(self.first.hours_attended, 0.0)
        self.past_event._close_sheet("absent")
        self.assertEqual(self.enrolments.mapped("hours_attended"), [3.0, 3.0, 0.0])
        self.assertEqual(self.enrolments.mapped("events_attended"), [1, 1, 0])
        rows[self.first.person_id].status = "absent"
        self.assertEqual(self.first.hours_attended, 0.0)
        self.past_event.stop = "2024-06-10 10:00:00"
        self.assertEqual(self.second.hours_attended, 2.0)

    def test_who_came_for_two_organisations_was_there_once(self):
        Attendance = self.env["partnership.attendance"]
        firm = self._create_organisation("Test firm")
        for organisation in (self.council.partner_id, firm):
            Attendance._record(
                self.past_event, self.first.person_id, organisation, status="present"
            )
        self.past_event._close_sheet()
        self.assertEqual((self.first.events_attended, self.first.hours_attended), (1, 3.0))

    def test_done_says_who_took_part_and_who_asks_again(self):
        self._attend(self.past_event, p1="present", p2="present")
        with freeze_time("2024-06-21"):
            self._attend(self.next_event, p1="late", p2="excused")
            self.session.action_done()
        self.assertEqual(self.enrolments.mapped("state"), ["done", "done", "absent"])
        self.assertEqual(self.enrolments.mapped("hours_attended"), [6.0, 3.0, 0.0])
        self.assertEqual(self.fourth.state, "requested")
        self.assertFalse(self.fourth.session_id)
        return self.session

    def test_correction_of_a_sheet_corrects_who_took_part(self):
        self.test_done_says_who_took_part_and_who_asks_again()
        self._rows(self.next_event)[self.third.person_id].status = "present"
        self.assertEqual((self.third.state, self.third.hours_attended), ("done", 3.0))
        self._rows(self.past_event)[self.second.person_id].status = "absent"
        self.assertEqual(self.second.state, "absent")
        self.session.action_open()
        self.assertEqual(self.enrolments.mapped("state"), ["confirmed"] * 3)

    def test_enrolment_with_recorded_presence_stays(self):
        self._attend(self.past_event, p1="present")
        with self.assertRefused("Test 1", "Test course", exception=UserError):
            self.first.unlink()
        with self.assertRefused("Test 1", exception=UserError):
            self.first.session_id = self._create_session()
        self.next_event._fill_sheet()
        other = self._create_session()
        event = self._create_event("2024-06-11 08:00:00", other)
        enrolment = self._create_enrolment("Test unmarked", other)
        enrolment.action_confirm()
        event._fill_sheet()
        enrolment.unlink()
        self.assertFalse(event.attendance_ids)

    def test_training_is_outside_the_figures_of_presence(self):
        self._create_seat(self.council)
        self._attend(self.past_event, p1="present")
        self.env.flush_all()
        for model in ("partnership.participation.report", "partnership.representation.report"):
            self.assertFalse(
                self.env[model].search([("partnership_id", "=", self.partnership.id)]), model
            )

    def test_held_event_is_on_the_worklist_of_its_team(self):
        action = self.env.ref("partnership_management.calendar_event_action_to_record")
        domain = safe_eval(action.domain)
        Event = self.env["calendar.event"]
        self.assertIn(self.past_event, Event.with_user(self.facilitator).search(domain))
        self.assertNotIn(self.next_event, Event.with_user(self.facilitator).search(domain))
        self.assertNotIn(self.past_event, Event.with_user(self.stranger).search(domain))
        self.past_event._close_sheet()
        self.assertNotIn(self.past_event, Event.with_user(self.facilitator).search(domain))

    def test_facilitator_keeps_the_sheet_and_a_stranger_does_not(self):
        event = self.past_event.with_user(self.facilitator)
        event._fill_sheet()
        self.assertEqual(len(event.attendance_ids), 3)
        with self.assertRaises(Exception) as refusal:
            self.past_event.with_user(self.stranger).action_open_sheet()
        self.assertIn("partnership.partnership", str(refusal.exception))
