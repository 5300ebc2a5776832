from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MockEmail

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-10 10:00:00")
class TestApology(PartnershipCase, MockEmail):
    """The council has a titular and two alternates; the titular speaks for the firm as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council, cls.firm = (cls._create_member(f"Test {name}") for name in ("council", "firm"))
        cls.seat, cls.firm_seat = cls._create_seat(cls.council), cls._create_seat(cls.firm)
        cls.resident = cls._create_person("Test resident")
        cls._create_seat(cls._create_member(cls.resident))
        cls.mandate = cls._create_mandate(cls.seat, "Test titular")
        cls.titular = cls.mandate.person_id
        cls.deputy, cls.second = (
            cls._create_mandate(cls.seat, f"Test {name}", "alternate").person_id
            for name in ("deputy", "second")
        )
        cls.expert = cls._create_person("Test expert")
        cls.meeting = cls._create_meeting(
            "2024-06-24 16:00:00",
            partner_ids=(cls.titular + cls.resident + cls.expert).ids,
            user_id=cls.facilitator.id,
        )

    def _guest(self, person):
        return self.meeting.attendee_ids.filtered(lambda guest: guest.partner_id == person)

    def _apologise(self, person=None, seat=None, **values):
        guest = self._guest(person or self.titular)
        with self.mock_mail_gateway():
            return guest._apologise(seat or self.seat, **values)

    def _also_for_the_firm(self):
        self._create_mandate(self.firm_seat, self.titular)
        return self.seat + self.firm_seat

    def _row(self, person=None, organisation=None):
        return self.meeting.attendance_ids.filtered(
            lambda row: (
                row.person_id == (person or self.titular)
                and row.organisation_id == (organisation or self.council.partner_id)
            )
        )

    def test_apology_goes_to_the_row_of_the_seat(self):
        self._apologise(reason=" Test journey ")
        row = self._row()
        self.assertEqual((row.status, row.answer), ("excused", "declined"))
        self.assertEqual((row.reason, row.seat_id), ("Test journey", self.seat))
        self.assertEqual(self.meeting.partnership_state, "planned")
        self.assertEqual(self._guest(self.titular).state, "declined")
        self.assertFalse(self._new_mails)

    def test_note_tells_who_but_not_why(self):
        self._apologise(reason="Test journey", substitute="Test neighbour")
        note = self._log(self.meeting)[0]
        self.assertEqual(note.kind, "apology")
        self.assertEqual(note.author_id, self.titular)
        self.assertIn("Test council", note.text)
        self.assertIn("Test neighbour", note.text)
        self.assertNotIn("journey", "".join(self._log(self.meeting).mapped("text")))

    def test_sheet_respects_the_apology(self):
        self._apologise(reason="Test journey")
        self.meeting.partner_ids = [Command.set([])]
        self.meeting._fill_sheet()
        rows = self.meeting.attendance_ids.filtered(lambda row: row.seat_id == self.seat)
        self.assertEqual(rows, self._row())
        self.assertEqual((rows.status, rows.reason), ("excused", "Test journey"))
        with freeze_time("2024-06-25"):
            self.meeting._close_sheet("absent")
        self.env.flush_all()
        outcome = self.env["partnership.participation.report"].search(
            [("event_id", "=", self.meeting.id), ("seat_id", "=", self.seat.id)]
        )
        self.assertEqual(outcome.outcome, "excused")

    def test_alternate_is_invited(self):
        invited = self._apologise(alternate_id=self.deputy.id)
        self.assertEqual(invited, self.deputy)
        self.assertEqual(self._new_mails.recipient_ids, self.deputy)
        self.assertIn(self._guest(self.deputy)._get_answer_token(), self._new_mails.body_html)
        self.assertEqual(self._row().substitute, "Test deputy")
        self.assertEqual(self.meeting.partnership_notice, "kept")
        self.meeting.action_update_guests()
        self.assertIn(self.deputy, self.meeting.partner_ids)

    def test_alternate_without_address_is_a_guest_without_mail(self):
        self.deputy.email = False
        self.assertFalse(self._apologise(alternate_id=self.deputy.id))
        self.assertFalse(self._new_mails)
        self.assertIn(self.deputy, self.meeting.partner_ids)

    def test_only_an_alternate_of_the_seat(self):
        for person in (self.expert, self.resident, self.titular):
            with self.assertRefused("alternate", exception=UserError):
                self._apologise(alternate_id=person.id)
        self.assertFalse(self.meeting.attendance_ids)

    def test_alternate_who_declined_is_not_offered(self):
        guest = self._guest(self.titular)
        self.assertEqual(guest._get_available_alternates(self.seat), self.deputy + self.second)
        self._apologise(alternate_id=self.deputy.id)
        self._apologise(self.deputy)
        self.assertEqual(guest._get_available_alternates(self.seat), self.second)

    def test_somebody_else_is_noted_and_not_created(self):
        contacts = self.env["res.partner"].search_count([])
        self._apologise(substitute="Test neighbour")
        self.assertEqual(self._row().substitute, "Test neighbour")
        self.assertEqual(self.env["res.partner"].search_count([]), contacts)
        self.assertFalse(self._new_mails)

    def test_apology_of_an_alternate_does_not_hide_the_titular(self):
        self.meeting.partner_ids = [Command.link(self.deputy.id)]
        self._apologise(self.deputy, reason="Test illness")
        self.meeting._fill_sheet()
        self.assertEqual(self._row().status, "not_recorded")
        self.assertEqual(self._row(self.deputy).status, "excused")

    def test_taking_it_back(self):
        self._apologise(reason="Test journey", alternate_id=self.deputy.id)
        self._guest(self.titular)._accept(self.seat)
        row = self._row()
        self.assertEqual((row.status, row.answer), ("not_recorded", "accepted"))
        self.assertFalse(row.reason or row.substitute)
        self.assertEqual(self._guest(self.titular).state, "accepted")
        self.assertIn("takes the apology back", self._log(self.meeting)[0].text)
        self.assertIn("Test deputy", self._log(self.meeting)[0].text)

    def test_reason_stays_when_only_the_alternate_changes(self):
        self._apologise(reason="Test journey")
        self._apologise(alternate_id=self.second.id)
        self.assertEqual(
            (self._row().reason, self._row().substitute), ("Test journey", "Test second")
        )

    def test_representative_of_two_organisations(self):
        seats = self._also_for_the_firm()
        guest = self._guest(self.titular)
        self.assertEqual(guest._get_invited_seats(), seats)
        self._apologise(reason="Test conflict")
        self.assertEqual(guest.state, "needsAction")
        self.assertEqual(guest._get_seat_answer(self.firm_seat), "none")
        guest._accept(self.firm_seat)
        self.assertEqual(guest.state, "accepted")
        self.assertEqual(guest._get_seat_answer(self.seat), "declined")
        self.meeting._fill_sheet()
        firm = self._row(organisation=self.firm.partner_id)
        self.assertEqual((firm.status, firm.answer), ("not_recorded", "accepted"))
        self.assertEqual((self._row().status, self._row().answer), ("excused", "declined"))
        self._apologise(seat=self.firm_seat)
        self.assertEqual(guest.state, "declined")

    def test_yes_for_one_organisation_is_no_yes_for_the_other(self):
        self._also_for_the_firm()
        guest = self._guest(self.titular)
        guest._accept(self.seat)
        self.assertEqual(guest._get_seat_answer(self.firm_seat), "none")
        self.meeting._fill_sheet()
        self.assertEqual(self._row(organisation=self.firm.partner_id).answer, "none")

    def test_mandate_that_ends_on_the_day(self):
        self.mandate.date_end = "2024-06-24"
        self._apologise(reason="Test journey")
        self.assertEqual(self._row().status, "excused")

    def test_mandate_that_ended_the_day_before(self):
        guest = self._guest(self.titular)
        self.mandate.date_end = "2024-06-23"
        self.assertIn("mandate", guest._get_answer_refusal())
        for answer in (guest._accept, guest._apologise):
            with self.assertRefused("mandate", exception=UserError):
                answer(self.seat)
        self.assertFalse(self.meeting.attendance_ids)

    def test_successor_is_not_excused_by_the_predecessor(self):
        self._apologise(reason="Test journey")
        self.mandate.date_end = "2024-06-20"
        new = self._create_mandate(self.seat, "Test new", date_start="2024-06-21").person_id
        self.meeting._fill_sheet()
        self.assertEqual(self._row(new).seat_id, self.seat)
        self.assertEqual(self._row(new).status, "not_recorded")
        self.assertEqual((self._row().status, self._row().seat_id.id), ("excused", False))
        self.assertEqual(self._row().reason, "Test journey")

    def test_member_who_left_and_came_back(self):
        """The seat of the first membership is no longer held; the one of the second is."""
        self.council.write({"date_end": "2024-06-15", "end_reason": "Test left"})
        self.assertTrue(self._guest(self.titular)._get_answer_refusal())
        back = self._create_member(self.council.partner_id, date_start="2024-06-20")
        seat = self._create_seat(back)
        self._create_mandate(seat, self.titular)
        self.assertFalse(self._guest(self.titular)._get_answer_refusal())
        self._apologise(seat=seat)
        self.assertEqual((self._row().seat_id, self._row().membership_id), (seat, back))

    def test_no_answer_once_it_has_begun_or_is_cancelled(self):
        guest = self._guest(self.titular)
        with freeze_time("2024-06-24 16:00:00"), self.assertRefused("begun", exception=UserError):
            guest._accept(self.seat)
        self.meeting.action_cancel_meeting()
        with self.assertRefused("cancelled", exception=UserError):
            guest._apologise(self.seat)

    def test_presence_that_is_recorded_is_not_written_over(self):
        self.meeting._fill_sheet()
        self._row().status = "present"
        with self.assertRefused("recorded already", exception=UserError):
            self._apologise()

    def test_foreign_seat(self):
        with self.assertRefused("do not hold", exception=UserError):
            self._guest(self.titular)._accept(self.firm_seat)

    def test_guest_without_a_seat_answers_for_nobody(self):
        guest = self._guest(self.expert)
        guest._answer_for_guest("declined")
        self.assertEqual(guest.state, "declined")
        self.assertFalse(self.meeting.attendance_ids)
        with self.assertRefused("seat", exception=UserError):
            self._guest(self.titular)._answer_for_guest("declined")

    def test_individual_member(self):
        seat = self._guest(self.resident)._get_invited_seats()
        self._apologise(self.resident, seat, reason="Test illness")
        row = self.meeting.attendance_ids
        self.assertEqual((row.person_id, row.organisation_id.id), (self.resident, False))
        self.assertEqual((row.status, row.seat_id), ("excused", seat))

    def test_body_without_seats(self):
        empty = self._create_body("Test empty body")
        meeting = self._create_meeting(
            "2024-06-24 16:00:00", body=empty, partner_ids=self.titular.ids
        )
        self.assertFalse(meeting.attendee_ids._get_answer_refusal())
        self.assertFalse(meeting.attendee_ids._get_invited_seats())
        meeting.attendee_ids._answer_for_guest("accepted")
        self.assertEqual(meeting.attendee_ids.state, "accepted")

    def test_cancelled_meeting_drops_apologies_and_says_so(self):
        self._apologise(reason="Test journey")
        self.meeting.with_user(self.facilitator).action_cancel_meeting()
        self.assertFalse(self.meeting.attendance_ids)
        body = "".join(self._log(self.meeting).mapped("text"))
        self.assertIn("Apologies had come from: Test titular (Test council)", body)
        self.assertNotIn("journey", body)

    def test_apology_keeps_the_meeting_from_being_deleted(self):
        self._apologise()
        with self.assertRefused("Presence is recorded", exception=UserError):
            self.meeting.unlink()

    def test_anonymised_substitute(self):
        self._apologise(alternate_id=self.deputy.id, reason="Test journey")
        self.env.flush_all()
        self.deputy.with_user(self.administrator)._partnership_anonymise()
        self.assertNotIn("deputy", self._row().substitute)
        self.assertEqual(self._row().reason, "Test journey")
        self.titular.with_user(self.administrator)._partnership_anonymise()
        self.assertFalse(self._row().substitute or self._row().reason)

    def test_many_guests_cost_no_query_each(self):
        """Whose guests stay is found for all seats at once."""

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.meeting._get_guests()
            return self.env.cr.sql_log_count - before

        def add(names):
            for name in names:
                seat = self._create_seat(self._create_member(f"Test member {name}"))
                person = self._create_mandate(seat, f"Test person {name}").person_id
                self.env["partnership.attendance"]._record(
                    self.meeting, person, seat.partner_id, status="excused"
                )

        add("ab")
        few = count()
        add("cdefghij")
        self.assertLessEqual(count(), few)

    def test_facilitator_records_an_apology_on_the_sheet(self):
        meeting = self.meeting.with_user(self.facilitator)
        meeting._fill_sheet()  # far ahead, it is opened after a question
        sheet = meeting.attendance_sheet_open()
        [line] = [row for row in sheet["rows"] if row["seat_id"] == self.seat.id]
        meeting.attendance_sheet_mark([[[line["id"]], {"status": "excused", "reason": "Called"}]])
        self.assertEqual((self._row().status, self._row().reason), ("excused", "Called"))
        self._guest(self.titular)._accept(self.seat)
        self.assertEqual(self._row().status, "not_recorded")
