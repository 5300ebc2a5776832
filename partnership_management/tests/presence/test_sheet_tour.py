from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
class TestSheetTour(PartnershipCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seats = cls.env["partnership.seat"]
        for number in range(8):
            cls.seats += cls._create_seat(cls._create_member(f"Test member {number:02}"))
            cls._create_mandate(cls.seats[number], f"Test titular {number:02}")
            cls._create_mandate(cls.seats[number], f"Test alternate {number:02}", "alternate")
        cls.vacant = cls._create_seat(cls._create_member("Test vacant"))
        cls.meeting = cls._create_meeting()

    def test_mark_a_sheet(self):
        """The address alone opens the sheet, as it does when the page is loaded again."""
        self.start_tour(
            f"/odoo/partnership-meetings/{self.meeting.id}/attendance-sheet",
            "partnership_attendance_sheet_mark",
            login="test_facilitator",
        )
        outcome = {
            (row.person_id.name or row.membership_id.partner_id.name): (row.status, row.reason)
            for row in self.meeting.attendance_ids
        }
        present = {f"Test titular {number:02}": ("present", False) for number in (0, 2, 4, 6, 7)}
        self.assertEqual(
            outcome,
            {
                **present,
                "Test titular 01": ("excused", "Test illness"),
                "Test alternate 01": ("present", False),
                "Test titular 03": ("absent", False),
                "Test titular 05": ("late", False),
                "Test guest": ("present", False),
                "Test vacant": ("absent", False),
            },
        )
        self.assertEqual(self.meeting.partnership_state, "closed")
        messages = self._log(self.meeting).mapped("text")
        self.assertIn("Present → Late", "".join(messages))
        giver = self.meeting.attendance_ids.filtered("proxy_id")
        self.assertEqual(giver.membership_id, self.seats[3].membership_id)

    def test_hours_of_a_meeting_that_runs(self):
        now = fields.Datetime.now()
        self.body.proxy_allowed = True
        meeting = self._create_meeting()
        meeting.write({"start": now - timedelta(minutes=42), "stop": now + timedelta(minutes=78)})
        self.start_tour(
            f"/odoo/partnership-meetings/{meeting.id}/attendance-sheet",
            "partnership_attendance_sheet_hours",
            login="test_facilitator",
        )
        rows = {row.seat_id: row for row in meeting.attendance_ids}
        came, left, stayed = (rows[seat] for seat in self.seats[:3])
        self.assertEqual((came.status, left.status), ("late", "present"))
        for moment in (came.check_in, left.check_out):
            self.assertAlmostEqual(moment, now, delta=timedelta(minutes=5))
        self.assertFalse(stayed.check_out or left.check_in)
        self.assertEqual(left.proxy_id, stayed.person_id)
