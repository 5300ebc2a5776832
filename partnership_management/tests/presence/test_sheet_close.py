from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestSheetClose(PartnershipCase):
    """What opening and closing make of rows that nobody marked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seat = cls._create_seat(cls._create_member("Test council"))
        cls.mandate = cls._create_mandate(cls.seat, "Test titular")
        cls.titular = cls.mandate.person_id
        cls.vacant = cls._create_seat(cls._create_member("Test firm"))
        cls.meeting = cls._create_meeting()

    def _close(self, meetings, unmarked):
        """Close as the user does, with the answer to what unmarked rows stand for."""
        action = meetings.action_close_sheet()
        self.assertEqual(action["res_model"], "partnership.sheet.close")
        wizard = self.env["partnership.sheet.close"].with_context(**action["context"])
        wizard.create({"unmarked": unmarked}).action_close()

    def test_sheet_that_was_never_opened_asks_too(self):
        self._close(self.meeting, "absent")
        self.assertEqual(self.meeting.partnership_state, "closed")
        self.assertEqual(self.meeting.attendance_ids.mapped("status"), ["absent", "absent"])

    def test_nothing_to_ask_where_all_is_marked(self):
        self.meeting._fill_sheet()
        self.meeting.attendance_ids.status = "excused"
        self.assertFalse(self.meeting.action_close_sheet())
        self.assertEqual(self.meeting.partnership_state, "closed")

    def test_closed_sheets_are_not_asked_again(self):
        """Closing many, with some that are closed: what was not recorded there stays so."""
        self._close(self.meeting, "not_recorded")
        other = self._create_meeting("2024-06-10 16:00:00")
        self._close(self.meeting + other, "absent")
        self.assertEqual(set(other.attendance_ids.mapped("status")), {"absent"})
        self.assertEqual(set(self.meeting.attendance_ids.mapped("status")), {"not_recorded"})
        self.meeting._close_sheet("absent")
        self.assertEqual(set(self.meeting.attendance_ids.mapped("status")), {"not_recorded"})

    def test_words_kept_as_reason_are_not_absence(self):
        self.meeting._fill_sheet()
        self._rows(self.meeting)[self.titular].reason = "Test word"
        self.meeting._close_sheet("absent")
        self.assertEqual(self._rows(self.meeting)[self.titular].status, "not_recorded")

    def test_holder_of_the_day_is_on_the_sheet(self):
        """Mandates that are written after the sheet was opened."""
        self.meeting._fill_sheet()
        successor = self._create_person("Test successor")
        self.mandate.date_end = "2024-06-02"
        self._create_mandate(self.seat, successor, date_start="2024-06-03")
        holder = self._create_mandate(self.vacant, "Test first holder").person_id
        self.meeting._fill_sheet()
        rows = self._rows(self.meeting)
        self.assertEqual(set(rows), {successor, holder})
        self.assertEqual(rows[successor].mandate_id.person_id, successor)
        unchanged = self.meeting.attendance_ids
        self.meeting._fill_sheet()
        self.assertEqual(self.meeting.attendance_ids, unchanged)

    def test_recorded_row_of_a_former_holder_stays(self):
        self.meeting._fill_sheet()
        row = self._rows(self.meeting)[self.titular]
        row.status = "excused"
        self.mandate.date_end = "2024-06-02"
        self._create_mandate(self.seat, "Test successor", date_start="2024-06-03")
        self.meeting._fill_sheet()
        self.assertEqual(self.meeting.attendance_ids.filtered("seat_id").exists() & row, row)
        self.assertEqual(len(self.meeting.attendance_ids), 2)

    def test_person_of_a_new_seat_keeps_a_row(self):
        """The seat of a person ends and another one of the same member begins."""
        self.meeting._fill_sheet()
        self.seat.date_end = "2024-06-01"
        seat = self._create_seat(self.seat.membership_id, date_start="2024-06-02")
        self._create_mandate(seat, self.titular)
        self.meeting._fill_sheet()
        self.assertEqual(self._rows(self.meeting)[self.titular].seat_id, seat)

    def test_another_person_on_a_closed_sheet_is_logged(self):
        self.meeting._fill_sheet()
        row = self._rows(self.meeting)[self.titular]
        row.status = "present"
        self.meeting._close_sheet("absent")
        before = self._log(self.meeting)
        row.person_id = self._create_person("Test namesake")
        message = self._log(self.meeting) - before
        self.assertEqual(len(message), 1)
        self.assertIn("Test titular (Test council): Present → Test namesake", message.text)

    def test_closing_before_the_begin_is_refused(self):
        meeting = self._create_meeting("2024-06-16 16:00:00")
        with self.assertRefused("Test meeting", "2024", exception=UserError):
            meeting.action_close_sheet()
        self.assertFalse(meeting.attendance_ids)
