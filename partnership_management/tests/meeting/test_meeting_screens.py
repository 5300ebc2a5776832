from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 12:00:00")
class TestMeetingScreens(PartnershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_seat(cls._create_member(cls._create_person("Test resident")))
        cls.held = cls._create_meeting("2024-06-03 16:00:00")
        cls.next = cls._create_meeting("2024-06-20 16:00:00")

    def _search(self, action, user=None):
        action = self.env.ref(f"partnership_management.{action}")
        domain = safe_eval(action.domain, {"uid": (user or self.facilitator).id})
        return self.env["calendar.event"].with_user(user or self.facilitator).search(domain)

    def test_worklist_of_meetings_without_presence(self):
        def listed():
            return self._search("calendar_event_action_to_record") & (self.held + self.next)

        self.assertEqual(listed(), self.held)
        self.held._fill_sheet()
        self.assertEqual(listed(), self.held, "an open sheet is not recorded yet")
        self.held._close_sheet("absent")
        self.assertFalse(listed())
        cancelled = self._create_meeting("2024-06-10 16:00:00")
        cancelled.action_cancel_meeting()
        self.assertNotIn(cancelled, self._search("calendar_event_action_to_record"))

    def test_held_is_said_of_a_closed_sheet_alone(self):
        """A meeting whose time has passed is over, which says nothing of its sheet."""
        field = self.env["ir.model.fields"]._get("calendar.event", "partnership_is_over")
        self.assertEqual(field.field_description, "Over")
        views = self.env["ir.ui.view"].search([("arch_db", "like", "%partnership_is_over%")])
        named = [
            node.get("string")
            for view in views
            for node in etree.fromstring(view.arch).iter("filter")
            if "partnership_is_over" in (node.get("domain") or "")
        ]
        actions = self.env["ir.actions.act_window"].search(
            [("domain", "like", "%partnership_is_over%")]
        )
        named += actions.mapped("name")
        self.assertGreater(len(named), 2)
        for name in named:
            self.assertNotIn("held", name.lower())
        report = self.env["partnership.meeting.report"]._fields
        self.assertIn("sheet is closed", report["held"].help)

    def test_all_day_meeting_is_over_the_day_after(self):
        values = {"allday": True, "start_date": "2024-06-15", "stop_date": "2024-06-15"}
        meeting = self._create_meeting("2024-06-15 00:00:00", **values)
        for now, over in (("2024-06-15 20:00:00", False), ("2024-06-16 08:00:00", True)):
            with self.subTest(now), freeze_time(now):
                meeting.invalidate_recordset()
                found = meeting.search(
                    [("id", "=", meeting.id), ("partnership_is_over", "=", True)]
                )
                self.assertEqual((meeting.partnership_is_over, bool(found)), (over, over))
                self.assertNotEqual(
                    found,
                    meeting.search([("id", "=", meeting.id), ("partnership_is_over", "=", False)]),
                )

    def test_meeting_is_called_after_its_body(self):
        Event = self.env["calendar.event"].with_user(self.facilitator)
        with Form(Event) as form:
            form.partnership_body_id = self.body
            self.assertEqual(form.name, self.body.name)
            form.name = "Extra meeting"
            form.partnership_body_id = self._create_body("Test group")
            self.assertEqual(form.name, "Extra meeting")

    def test_count_is_of_the_list_it_opens(self):
        """Meetings without a body are listed, cancelled ones are not."""
        self._create_meeting("2024-06-10 16:00:00").action_cancel_meeting()
        self.next.copy({"partnership_body_id": False})
        partnership = self.partnership.with_user(self.facilitator)
        action = partnership.action_open_meetings()
        listed = self.held.with_user(self.facilitator).search(
            Domain(action["domain"]) & Domain("partnership_state", "!=", "cancelled")
        )
        self.assertEqual(partnership.meeting_count, len(listed))
        self.assertEqual(partnership.meeting_count, 3)

    def test_meetings_are_events_of_a_partnership(self):
        lunch = self.env["calendar.event"].create(
            {"name": "Test lunch", "start": "2024-06-03 10:00:00", "stop": "2024-06-03 11:00:00"}
        )
        meetings = self._search("calendar_event_action_meetings")
        self.assertLessEqual(self.held + self.next, meetings)
        self.assertNotIn(lunch, meetings)

    def test_body_fills_in_the_partnership(self):
        form = Form(self.env["calendar.event"].with_user(self.facilitator))
        form.name = "Test board meeting"
        form.partnership_body_id = self.body
        self.assertEqual(form.partnership_id, self.partnership)
        meeting = form.save()
        self.assertEqual(meeting.partnership_state, "planned")
        quick = Form(
            self.env["calendar.event"].with_user(self.facilitator),
            "calendar.view_calendar_event_form_quick_create",
        )
        quick.name = "Test quick meeting"
        quick.partnership_body_id = self.body
        self.assertEqual(quick.save().partnership_id, self.partnership)

    def test_calendar_of_others_still_works(self):
        """Whoever may not read the partnership sees the event, without the buttons."""
        specification = {
            "name": {},
            "partnership_state": {},
            "partnership_id": {"fields": {"display_name": {}}},
            "partnership_body_id": {"fields": {"display_name": {}}},
        }
        for user in (self.stranger, self.employee):
            with self.subTest(user=user.login):
                event = self.held.with_user(user)
                [values] = event.web_read(specification)
                self.assertEqual(values["partnership_state"], "planned")
                with self.assertRaises(AccessError):
                    event.action_open_sheet()
        views = self.env["calendar.event"].with_user(self.employee).get_views([(False, "form")])
        self.assertNotIn("action_open_sheet", views["views"]["form"]["arch"])

    def test_screens_open_for_a_facilitator(self):
        for name in ("calendar_event_action_meetings", "calendar_event_action_to_record"):
            action = self.env.ref(f"partnership_management.{name}")
            views = [(view.view_id.id, view.view_mode) for view in action.view_ids]
            with self.subTest(name):
                found = self.env["calendar.event"].with_user(self.facilitator).get_views(views)
                self.assertEqual(len(found["views"]), len(views))

    def test_many_sheets_are_closed_at_once(self):
        other = self._create_meeting("2024-06-04 16:00:00")
        meetings = (self.held + other).with_user(self.facilitator)
        meetings._fill_sheet()
        action = meetings.action_close_sheet()
        wizard = self.env[action["res_model"]].with_user(self.facilitator)
        wizard = wizard.with_context(**action["context"]).create({"unmarked": "not_recorded"})
        self.assertEqual(wizard.unmarked_count, 2)
        wizard.action_close()
        self.assertEqual(set(meetings.mapped("partnership_state")), {"closed"})
