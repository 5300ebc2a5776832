from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestAnswer(PartnershipCase):
    """What the guests answer goes to the sheet and stays there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seats = cls.env["partnership.seat"]
        cls.persons = cls.env["res.partner"]
        for name in ("council", "firm", "club"):
            seat = cls._create_seat(cls._create_member(f"Test {name}"))
            cls.persons += cls._create_mandate(seat, f"Test {name} person").person_id
            cls.seats += seat
        cls.meeting = cls._create_meeting("2024-06-24 16:00:00", partner_ids=cls.persons.ids)
        cls.meeting.attendee_ids.partnership_invited_for = cls.meeting.start

    def _guest(self, person):
        return self.meeting.attendee_ids.filtered(lambda guest: guest.partner_id == person)

    def _answers(self):
        rows = self._rows(self.meeting)
        return [rows[person].answer for person in self.persons]

    def test_answers_are_taken_when_the_sheet_is_filled(self):
        self._guest(self.persons[0]).do_accept()
        self._guest(self.persons[1]).do_decline()
        self.meeting._fill_sheet()
        self.assertEqual(self._answers(), ["accepted", "declined", "none"])
        self.assertEqual(set(self.meeting.attendance_ids.mapped("status")), {"not_recorded"})

    def test_answer_after_the_sheet_was_opened(self):
        self.meeting._fill_sheet()
        self._guest(self.persons[0]).do_tentative()
        self._guest(self.persons[2]).do_accept()
        self.assertEqual(self._answers(), ["tentative", "none", "accepted"])
        self._guest(self.persons[0]).do_accept()
        self.assertEqual(self._answers(), ["accepted", "none", "accepted"])

    def test_representative_answers_without_rights_on_the_sheet(self):
        self.persons[0].email = "test.council@test.example"
        user = self.env["res.users"].create(
            {
                "name": "Test council user",
                "login": "test_council_user",
                "partner_id": self.persons[0].id,
                "group_ids": [Command.set(self.env.ref("base.group_user").ids)],
            }
        )
        self.meeting._fill_sheet()
        self._guest(self.persons[0]).with_user(user).do_accept()
        self.assertEqual(self._answers()[0], "accepted")

    def test_answer_stays_when_the_guest_is_removed(self):
        self._guest(self.persons[0]).do_accept()
        self.meeting._fill_sheet()
        self.meeting.partner_ids = [Command.set([])]
        self.assertFalse(self.meeting.attendee_ids)
        self.meeting._fill_sheet()
        self.assertEqual(self._answers(), ["accepted", "none", "none"])

    def test_answer_is_settled_with_the_sheet(self):
        self.meeting.write({"start": "2024-06-14 16:00:00", "stop": "2024-06-14 18:00:00"})
        self._guest(self.persons[0]).do_accept()
        self.meeting._close_sheet("absent")
        self.assertEqual(self._answers()[0], "accepted")
        self._guest(self.persons[0]).do_decline()
        self.meeting._fill_sheet()
        self.assertEqual(self._answers()[0], "accepted")

    def test_who_was_not_invited_has_no_answer(self):
        self.meeting.attendee_ids.partnership_invited_for = False
        self.meeting._fill_sheet()
        self.assertEqual(self._answers(), [False] * 3)

    def test_import_has_no_answer(self):
        meeting = self._create_meeting("2024-06-03 16:00:00")
        row = self.env["partnership.attendance"]._record(
            meeting, self.persons[0], self.seats[0].partner_id, status="present"
        )
        meeting._close_sheet("absent")
        self.assertFalse(row.answer)

    def test_another_day_asks_anew(self):
        self.meeting.attendee_ids.state = "accepted"
        self.meeting.write({"start": "2024-06-24 17:00:00", "stop": "2024-06-24 19:00:00"})
        self.assertEqual(set(self.meeting.attendee_ids.mapped("state")), {"accepted"})
        self.env["partnership.attendance"]._record(
            self.meeting,
            self.persons[1],
            self.seats[1].partner_id,
            status="excused",
            reason="Test journey",
            answer="declined",
        )
        self.meeting.write({"start": "2024-06-25 16:00:00", "stop": "2024-06-25 18:00:00"})
        self.assertEqual(set(self.meeting.attendee_ids.mapped("state")), {"needsAction"})
        row = self._rows(self.meeting)[self.persons[1]]
        self.assertEqual((row.status, row.answer), ("excused", "declined"))
        self.meeting._fill_sheet()
        self.assertEqual(self._answers(), ["none", "declined", "none"])

    def test_sheet_shows_the_answer(self):
        self._guest(self.persons[0]).do_accept()
        meeting = self.meeting.with_user(self.facilitator)
        meeting._fill_sheet()  # far ahead, it is opened after a question
        sheet = meeting.attendance_sheet_open()
        answers = {row["person"]["name"]: row["answer"] for row in sheet["rows"]}
        self.assertEqual(answers["Test council person"], "accepted")
        self.assertEqual(answers["Test firm person"], "none")

    def test_answers_of_many_cost_no_query_each(self):
        self.meeting._fill_sheet()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(8):
            self.meeting.attendee_ids.state = "accepted"
            self.env.flush_all()
        self.assertEqual(self._answers(), ["accepted"] * 3)

    def test_merged_contacts_keep_the_answer(self):
        self._guest(self.persons[0]).do_accept()
        self.meeting._fill_sheet()
        double = self._create_person("Test council person", parent=self.seats[0].partner_id)
        self.env["partnership.attendance"]._record(
            self.meeting, double, self.seats[0].partner_id, status="excused"
        )
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.persons[0] + double).ids, self.persons[0]
        )
        row = self._rows(self.meeting)[self.persons[0]]
        self.assertEqual((row.status, row.answer), ("excused", "accepted"))
