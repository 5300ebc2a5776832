from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestPrivate(PartnershipCase):
    """Meetings that an employee keeps private, and meetings that the system user organises."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council = cls._create_member("Test council")
        cls.seat = cls._create_seat(cls.council)
        cls.titular = cls._create_mandate(cls.seat, "Test titular").person_id
        cls.private = cls._create_meeting(
            name="Test secret", user_id=cls.employee.id, privacy="private"
        )
        cls.by_system = cls._create_meeting(
            "2024-06-04 16:00:00", user_id=cls.env.ref("base.user_root").id
        )
        cls.shy = new_test_user(cls.env, "test_shy", "base.group_user")
        cls.shy.res_users_settings_id.calendar_default_privacy = "private"
        cls.by_shy = cls._create_meeting("2024-06-05 16:00:00", user_id=cls.shy.id)
        cls.meetings = cls.private + cls.by_system + cls.by_shy

    def _as(self, user, records):
        self.env.flush_all()
        self.env.invalidate_all()
        return records.with_user(user)

    def test_team_keeps_the_sheet_of_a_private_meeting(self):
        for meeting in self._as(self.facilitator, self.meetings):
            meeting.action_open_sheet()
            meeting.attendance_ids.write({"status": "present", "reason": "Test reason"})
            meeting._close_sheet("absent")
            self.assertEqual(meeting.partnership_state, "closed")
            meeting.attendance_ids.status = "late"
        self.assertEqual(self.private.attendance_ids.user_id, self.facilitator)

    def test_name_stays_hidden(self):
        private = self._as(self.facilitator, self.private)
        private._fill_sheet()
        private.attendance_ids.status = "present"
        private._close_sheet()
        private = self._as(self.facilitator, self.private)
        row = private.attendance_ids
        line = self.env["partnership.participation.report"].with_user(self.facilitator)
        line = line.search([("event_id", "=", private.id)])
        for name in (
            private.display_name,
            private.name,
            row.read(["event_id"])[0]["event_id"][1],
            line.read(["event_id"])[0]["event_id"][1],
        ):
            self.assertEqual(name, "Busy")
        self.assertEqual(self._as(self.employee, self.private).name, "Test secret")

    def test_presence_is_read_by_the_team_alone(self):
        private = self._as(self.facilitator, self.private)
        private._fill_sheet()
        row = self._as(self.facilitator, private.attendance_ids)
        self.assertEqual(row.date.isoformat(), "2024-06-03")
        for user in (self.stranger, self.employee):
            with self.assertRaises(AccessError):
                self._as(user, row).read(["status"])
            with self.assertRaises(AccessError):
                self._as(user, self.private)._fill_sheet()

    def test_private_meetings_count_in_the_reports(self):
        for meeting in self._as(self.facilitator, self.meetings):
            meeting._fill_sheet()
            meeting.attendance_ids.status = "present"
            meeting._close_sheet()
        self.env.flush_all()
        report = self.env["partnership.participation.report"].with_user(self.facilitator)
        [(rate, expected)] = report._read_group(
            [("body_id", "=", self.body.id)], [], ["presence_rate:avg", "expected:sum"]
        )
        self.assertEqual((rate, expected), (1.0, 3))

    def test_meetings_are_counted_whoever_organises_them(self):
        Event = self._as(self.facilitator, self.env["calendar.event"])
        domain = [("partnership_body_id", "=", self.body.id)]
        for groupby in (
            ["partnership_body_id"],
            ["partnership_state"],
            ["partnership_id", "partnership_date:month"],
        ):
            for aggregate in ("__count", "id:count"):
                counts = Event._read_group(domain, groupby, [aggregate])
                self.assertEqual(sum(row[-1] for row in counts), 3, (groupby, aggregate))
        groups = Event.formatted_read_group(domain, ["partnership_body_id"], ["__count"])
        self.assertEqual(groups[0]["__count"], 3)
        sets = Event.formatted_read_grouping_sets(
            domain, [["partnership_body_id"], ["partnership_state"]], ["__count"]
        )
        self.assertEqual([groups[0]["__count"] for groups in sets], [3, 3])
        self.assertEqual(self._as(self.facilitator, self.body).meeting_count, 3)
        self.assertEqual(self._as(self.facilitator, self.partnership).meeting_count, 3)

    def test_what_is_private_is_not_grouped_by(self):
        """Of the name of a meeting not even a count is told."""
        Event = self._as(self.facilitator, self.env["calendar.event"])
        domain = [("partnership_body_id", "=", self.body.id)]
        names = Event._read_group(domain, ["partnership_body_id", "name"], ["__count"])
        self.assertNotIn("Test secret", [row[1] for row in names])
        plain = self.env["calendar.event"].create(
            {"name": "Test plain secret", "user_id": self.employee.id, "privacy": "private"}
        )
        counts = Event._read_group([("id", "=", plain.id)], ["user_id"], ["__count"])
        self.assertFalse(counts, "events that are no meetings are counted as ever")

    def test_history_of_a_private_meeting_is_not_read(self):
        private = self._as(self.facilitator, self.private)
        private._fill_sheet()
        private.attendance_ids.status = "present"
        private._close_sheet()
        private.attendance_ids.status = "late"
        message = self._log(self.private)[0]
        self.assertIn("Test titular", message.text)
        with self.assertRaises(AccessError):
            self._as(self.stranger, message).read(["text"])
