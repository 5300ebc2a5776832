import runpy

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools.misc import file_path
from odoo.tools.sql import column_exists

from ..common import GROUP, PartnershipCase

OURS = {"partnership_management", "partnership_training"}
# The fields that everybody reads who may read the event, and why
OPEN = {
    "partnership_id": "whose meeting it is; its name is what the invitation says",
    "partnership_body_id": "which body meets, as on the invitation",
    "partnership_tool": "a choice of three words that says nothing of persons",
    "partnership_need": "a choice of two words that says nothing of persons",
    "partnership_state": "whether the meeting takes place",
    "partnership_date": "the day of the event where the partnership is",
    "partnership_notice_due": "by when the body wants its invitations sent",
    "partnership_notice_date": "when the invitations were sent, as every guest knows",
    "partnership_notice": "what the last two say together",
    "partnership_is_over": "whether the end of the event has passed",
}
KIND = ("partnership_tool", "partnership_need", "partnership_state")


@tagged("post_install", "-at_install")
@freeze_time("2024-06-10 10:00:00")
class TestMeetingFields(PartnershipCase):
    """What a calendar event, which is everybody's, has of a meeting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seat = cls._create_seat(cls._create_member("Test council"))
        cls.titular = cls._create_mandate(cls.seat, "Test titular").person_id
        cls.meeting = cls._create_meeting(user_id=cls.employee.id)
        cls.body.quorum_type = "seats"
        cls.body.quorum_seats = 1

    def _create_plain(self, user=None, **values):
        Event = self.env["calendar.event"].with_user(user or self.env.user)
        return Event.create(
            {
                "name": "Test plain",
                "start": "2024-06-24 16:00:00",
                "stop": "2024-06-24 18:00:00",
                **values,
            }
        )

    def _get_kind(self, event):
        return tuple(event[fname] for fname in KIND)

    def _close(self):
        self.meeting.with_user(self.facilitator)._fill_sheet()
        self.meeting.attendance_ids.status = "present"
        self.meeting.with_user(self.facilitator)._close_sheet()

    # What is open

    def test_open_fields(self):
        fields = self.env["calendar.event"]._fields.values()
        ours = [field for field in fields if set(field._modules) & OURS]
        closed = [field for field in ours if field.groups]
        self.assertEqual({field.name for field in ours if not field.groups}, set(OPEN))
        for field in closed:
            self.assertFalse(field.copy, f"{field.name}: others edit the series of a meeting")

    def test_quorum_is_the_team_s(self):
        self._close()
        for user, expected in ((self.stranger, False), (self.facilitator, "reached")):
            self.env.invalidate_all()
            self.assertEqual(self.meeting.with_user(user).partnership_quorum, expected, user.login)
        with self.assertRefused(exception=AccessError):
            self.meeting.with_user(self.employee).read(["partnership_quorum"])
        stored = self.env["partnership.meeting"].search([("event_id", "=", self.meeting.id)])
        self.assertEqual((stored.quorum, stored.partnership_id), ("reached", self.partnership))
        for user in (self.facilitator, self.officer, self.administrator):
            with self.assertRefused(exception=AccessError):
                stored.with_user(user).quorum = "missed"
        self.meeting.with_user(self.facilitator).attendance_ids.status = "absent"
        self.assertEqual(self.meeting.with_user(self.facilitator).partnership_quorum, "missed")
        self.assertEqual(stored.quorum, "missed")

    def test_employee_edits_an_own_meeting(self):
        """Alone and in a series, of which new events are copies of the first."""
        meeting = self.meeting.with_user(self.employee)
        meeting.write({"name": "Test renamed", "location": "Test hall"})
        meeting.start = "2024-06-04 16:00:00"
        self.meeting.write(
            {
                "recurrency": True,
                "rrule_type": "weekly",
                "tue": True,
                "count": 3,
                "end_type": "count",
            }
        )
        meeting.write({"recurrence_update": "all_events", "wed": True, "tue": False})
        series = self.env["calendar.event"].search([("name", "=", "Test renamed")])
        self.assertEqual(series.partnership_body_id, self.body)
        self.assertEqual({self._get_kind(event) for event in series}, {self._get_kind(meeting)})
        with Form(self.env["calendar.event"].with_user(self.employee)) as form:
            form.name = "Test own"
        own = form.save()
        self.assertEqual(self._get_kind(own), (False, False, False))

    def test_employee_plans_no_meeting_of_a_partnership(self):
        """A body is named by those who read it; a copy of a meeting would be one more of it."""
        for values in (
            {"partnership_body_id": self.body.id},
            {"partnership_id": self.partnership.id},
        ):
            with self.assertRefused(exception=AccessError):
                self._create_plain(self.employee, **values)
            with self.assertRefused(exception=AccessError):
                self._create_plain(self.employee).write(values)
        with self.assertRefused(exception=AccessError):
            self.meeting.with_user(self.employee).copy()

    def test_guests_follow_whoever_moves_the_meeting(self):
        meeting = self._create_plain(
            self.facilitator, partnership_body_id=self.body.id, user_id=self.employee.id
        )
        self.assertTrue(meeting.partnership_guests_follow)
        meeting.with_user(self.employee).start = "2024-06-25 16:00:00"
        with self.assertRefused(exception=AccessError):
            meeting.with_user(self.employee).read(["partnership_guests_follow"])
        self.assertTrue(meeting.copy().partnership_guests_follow)

    def test_series_names_its_own_body_alone(self):
        """Whoever edits a series of which the first event is theirs makes copies of that."""
        self.meeting.write(
            {
                "recurrency": True,
                "rrule_type": "weekly",
                "mon": True,
                "count": 2,
                "end_type": "count",
            }
        )
        series = {"recurrence_id": self.meeting.recurrence_id.id}
        other = self._create_body("Test other")
        with self.assertRefused(exception=AccessError):
            self._create_plain(self.employee, partnership_body_id=other.id, **series)
        own = self._create_plain(self.employee, recurrency=True, rrule_type="daily", count=2)
        with self.assertRefused(exception=AccessError):
            self._create_plain(
                self.employee,
                partnership_body_id=self.body.id,
                recurrence_id=own.recurrence_id.id,
            )

    # Tool, need and state

    def test_events_of_no_partnership_have_none(self):
        for values in (
            {},
            {"partnership_tool": "training"},
            {"partnership_need": "external"},
            {"partnership_state": "planned"},
        ):
            event = self._create_plain(**values)
            self.assertEqual(self._get_kind(event), (False, False, False), values)
        event.write({"partnership_tool": "information", "partnership_need": "internal"})
        self.assertEqual(self._get_kind(event), (False, False, False))
        with self.assertRefused("is not written", exception=UserError):
            event.with_user(self.employee).partnership_state = "planned"
        for method in ("action_cancel_meeting", "action_open_sheet"):
            with self.assertRefused("not a meeting of a partnership", exception=UserError):
                getattr(event.with_user(self.facilitator), method)()

    def test_events_of_a_partnership_have_them(self):
        default = ("coordination", "internal", "planned")
        for values, expected in (
            ({"partnership_id": self.partnership.id}, default),
            ({"partnership_body_id": self.body.id}, default),
            ({"partnership_body_id": self.body.id, "partnership_tool": False}, default),
            (
                {"partnership_body_id": self.body.id, "partnership_need": "external"},
                ("coordination", "external", "planned"),
            ),
        ):
            self.assertEqual(self._get_kind(self._create_plain(**values)), expected, values)
            event = self._create_plain()
            event.write(values)
            self.assertEqual(self._get_kind(event), expected, values)
        for falsy in (False, None, ""):
            event.write({"partnership_tool": falsy})
            self.assertEqual(event.partnership_tool, "coordination")
        event.write({"partnership_id": False, "partnership_body_id": False})
        self.assertEqual(self._get_kind(event), (False, False, False))

    def test_form_shows_them_with_the_body(self):
        with Form(self.env["calendar.event"].with_user(self.facilitator)) as form:
            form.name = "Test form"
            self.assertFalse(form.partnership_tool)
            form.partnership_body_id = self.body
            self.assertEqual(form.partnership_tool, "coordination")
            form.partnership_need = "external"
        self.assertEqual(self._get_kind(form.save()), ("coordination", "external", "planned"))

    def test_imported(self):
        result = self.env["calendar.event"].load(
            ["name", "start", "stop", "partnership_body_id/.id", "partnership_tool"],
            [
                ["Test a", "2024-07-01 08:00:00", "2024-07-01 09:00:00", str(self.body.id), ""],
                ["Test b", "2024-07-01 08:00:00", "2024-07-01 09:00:00", "", "Training"],
            ],
        )
        events = self.env["calendar.event"].browse(result["ids"])
        self.assertEqual(
            [self._get_kind(event) for event in events],
            [("coordination", "internal", "planned"), (False, False, False)],
        )

    def test_new_events_of_a_series(self):
        event = self._create_plain(
            partnership_body_id=self.body.id,
            partnership_tool="information",
            recurrency=True,
            rrule_type="weekly",
            mon=True,
            count=3,
            end_type="count",
        )
        series = event.recurrence_id.calendar_event_ids
        self.assertEqual(len(series), 3)
        for each in series:
            self.assertEqual(self._get_kind(each), ("information", "internal", "planned"))

    def test_closed_meeting_keeps_tool_and_need(self):
        self._close()
        for user in (self.employee, self.facilitator, self.officer, self.administrator):
            for fname, value in (
                ("partnership_tool", "training"),
                ("partnership_need", "external"),
            ):
                for new in (value, False, None, ""):
                    with self.assertRefused("Test meeting", "figures", exception=UserError):
                        self.meeting.with_user(user).write({fname: new})
        same = {"partnership_tool": "coordination", "name": "Test renamed"}
        self.meeting.with_user(self.facilitator).write(same)
        self.assertEqual(self.meeting.name, "Test renamed")

    # Another time

    def test_recorded_meeting_is_moved_by_its_team(self):
        """Whoever organises the event: what is recorded is the team's."""
        self._close()
        company = self.env["res.company"].create({"name": "Test other company"})
        other = new_test_user(
            self.env,
            "test_other",
            GROUP % "officer",
            company_id=company.id,
            company_ids=company.ids,
        )
        for user in (self.employee, self.stranger, other):
            for values in (
                {"start": "2024-06-04 16:00:00", "stop": "2024-06-04 18:00:00"},
                {"start": "2024-06-03 15:00:00"},
                {"stop": "2024-06-03 19:00:00"},
                {"duration": 4},
                {"allday": True, "start_date": "2024-06-03", "stop_date": "2024-06-03"},
            ):
                with self.assertRefused("only the team", "Test partn", exception=AccessError):
                    self.meeting.with_user(user).with_context(partnership_sync=True).write(values)
        self.meeting.with_user(self.employee).write({"start": self.meeting.start, "name": "Test x"})
        self.meeting.with_user(self.facilitator).start = "2024-06-04 16:00:00"
        log = self._log(self.meeting)
        self.assertEqual((log.kind, log.author_id), ("move", self.facilitator.partner_id))
        self.assertIn("06/03/2024; the meeting has moved to 06/04/2024", log.text)

    def test_other_hours_are_logged(self):
        self._close()
        self.meeting.with_user(self.officer).write(
            {"start": "2024-06-03 15:00:00", "stop": "2024-06-03 18:00:00"}
        )
        text = self._log(self.meeting).text.replace("\u202f", " ")
        self.assertIn("06/03/2024, 6:00 PM–8:00 PM", text)
        self.assertIn("06/03/2024, 5:00 PM–8:00 PM", text)

    def test_client_is_no_synchronisation(self):
        """Whatever it puts into the context: the meeting would leave its series."""
        self._close()
        for key in (True, "calendar", {"x": 1}):
            with self.assertRefused("Presence is recorded", exception=UserError):
                self.meeting.with_user(self.employee).with_context(partnership_sync=key).unlink()
        self.assertFalse(self.meeting.sudo().partnership_is_local)

    def test_meeting_without_presence_is_moved_by_its_owner(self):
        self.meeting.with_user(self.employee).start = "2024-06-05 16:00:00"
        self.assertEqual(str(self.meeting.partnership_date), "2024-06-05")
        self.assertFalse(self._log(self.meeting))

    # What stood there until 19.0.1.1.0

    def test_migration(self):
        self._close()
        plain, planned = self._create_plain(), self._create_meeting("2024-06-24 16:00:00")
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE calendar_event ADD COLUMN partnership_quorum varchar")
        self.env.cr.execute(
            "UPDATE calendar_event SET partnership_quorum = 'missed' WHERE id = %s",
            [self.meeting.id],
        )
        self.env.cr.execute("DELETE FROM partnership_meeting")
        self.env.cr.execute(
            """UPDATE calendar_event SET partnership_tool = 'coordination',
                   partnership_need = 'internal', partnership_state = 'planned' WHERE id = %s""",
            [plain.id],
        )
        script = runpy.run_path(
            file_path("partnership_management/migrations/19.0.1.2.0/post-meeting_fields.py")
        )
        for _again in range(2):
            script["migrate"](self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        stored = self.env["partnership.meeting"].search([])
        self.assertEqual(stored.event_id, self.meeting)
        self.assertEqual((stored.quorum, stored.partnership_id), ("missed", self.partnership))
        self.assertFalse(column_exists(self.env.cr, "calendar_event", "partnership_quorum"))
        self.assertEqual(self._get_kind(plain), (False, False, False))
        self.assertEqual(self._get_kind(planned), ("coordination", "internal", "planned"))
        self.assertEqual(self.meeting.partnership_state, "closed")

    def test_guests_are_not_lost(self):
        """The organiser invites, the guests of a recorded meeting change: nothing is moved."""
        self._close()
        guest = self._create_person("Test guest")
        self.meeting.with_user(self.employee).partner_ids = [Command.link(guest.id)]
        self.assertIn(guest, self.meeting.partner_ids)
