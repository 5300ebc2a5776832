from odoo import Command
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
class TestMeetingActions(PartnershipCase):
    """The calendar is open to every employee; the screens of meetings list one's own only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.held = cls._create_meeting("2024-06-03 16:00:00")

    def _find(self, user, action, companies=None):
        domain = self.env.ref(f"partnership_management.{action}").domain
        Event = self.env["calendar.event"].with_user(user)
        if companies:
            Event = Event.with_context(allowed_company_ids=companies.ids)
        return Event.search(safe_eval(domain, {"uid": user.id}))

    def test_meetings_of_others_are_not_listed(self):
        for action in ("calendar_event_action_meetings", "calendar_event_action_to_record"):
            with self.subTest(action=action):
                self.assertIn(self.held, self._find(self.facilitator, action))
                self.assertIn(self.held, self._find(self.officer, action))
                self.assertNotIn(self.held, self._find(self.stranger, action))

    def test_meetings_of_another_company_are_not_listed(self):
        other = self.env["res.company"].create({"name": "Test other company"})
        self.officer.company_ids = [Command.link(other.id)]
        action = "calendar_event_action_meetings"
        self.assertNotIn(self.held, self._find(self.officer, action, other))
        self.assertIn(
            self.held, self._find(self.officer, action, other | self.partnership.company_id)
        )
