from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestSheetArchived(PartnershipCase):
    """Nothing is recorded at a meeting that nobody sees."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seat = cls._create_seat(cls._create_member("Test council"))
        cls.titular = cls._create_mandate(cls.seat, "Test titular").person_id
        cls.guest = cls._create_person("Test guest")
        cls.meeting = cls._create_meeting().with_user(cls.facilitator)
        cls.meeting.attendance_sheet_open()
        cls.row = cls.meeting.attendance_ids
        cls.meeting.active = False
        cls.env.flush_all()

    def _get_calls(self):
        meeting, row = self.meeting, self.row
        Attendance = self.env["partnership.attendance"].with_user(self.facilitator)
        new = {"event_id": meeting.id, "person_id": self.guest.id, "status": "present"}
        names = ["event_id/.id", "person_id/.id", "status"]
        return {
            "open": meeting.attendance_sheet_open,
            "mark": lambda: meeting.attendance_sheet_mark([[row.ids, {"status": "present"}]]),
            "mark_rest": lambda: meeting.attendance_sheet_mark_rest("absent"),
            "came_instead": lambda: meeting.attendance_sheet_came_instead(row.id, self.guest.id),
            "add": lambda: meeting.attendance_sheet_add(self.guest.id),
            "remove": lambda: meeting.attendance_sheet_remove(row.ids),
            "action_open_sheet": meeting.action_open_sheet,
            "action_close_sheet": meeting.action_close_sheet,
            "action_cancel_meeting": meeting.action_cancel_meeting,
            "action_plan_meeting": meeting.action_plan_meeting,
            "action_renew_check_in": meeting.action_renew_check_in,
            "close": lambda: meeting._close_sheet("absent"),
            "check in": lambda: meeting.sudo()._check_in(self.titular.id, [row.organisation_id.id]),
            "record": lambda: Attendance._record(
                meeting, self.titular, row.organisation_id, status="excused"
            ),
            "create": lambda: Attendance.create(new),
            "write": lambda: row.write({"status": "late"}),
            "proxy": lambda: row.write({"proxy_id": self.guest.id}),
            "import": lambda: self._load(
                Attendance, names, [str(meeting.id), str(self.guest.id), "Present"]
            ),
        }

    def _load(self, model, names, line):
        messages = model.load(names, [line])["messages"]
        if messages:
            raise UserError(messages[0]["message"])

    def test_every_call_is_refused(self):
        for name, call in self._get_calls().items():
            with self.subTest(name), self.assertRefused("unarchive", exception=UserError):
                call()
        self.assertFalse(self.meeting._filtered_recorded())

    def test_apology_is_refused(self):
        meeting = self._create_meeting("2024-06-24 16:00:00", partner_ids=self.titular.ids)
        meeting.active = False
        with self.assertRefused("cancelled", exception=UserError):
            meeting.attendee_ids._apologise(self.seat)

    def test_every_call_holds_once_it_is_unarchived(self):
        """The calls above are refused for that reason alone."""
        self.meeting.active = True
        for name, call in self._get_calls().items():
            with self.subTest(name):
                point = self.env.cr.savepoint()
                call()
                point.rollback()
                point.close()
                self.env.invalidate_all()

    def test_it_can_still_be_read(self):
        [line] = self.meeting.attendance_sheet_read()["rows"]
        self.assertEqual(line["person"]["name"], "Test titular")
