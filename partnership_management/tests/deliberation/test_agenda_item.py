from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
class TestAgendaItem(PartnershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meeting = cls._create_meeting()

    def _add(self, name, **values):
        return self.env["partnership.agenda.item"].create(
            {"name": name, "event_id": self.meeting.id, **values}
        )

    def test_number(self):
        """The next whole number, unless one is given; it stays when it is changed by hand."""
        first = self._add("Minutes of the last meeting", is_routine=True)
        second = self._add("Report")
        self.assertEqual((first + second).mapped("number"), ["1", "2"])
        second.number = "1a"
        self.assertEqual(self._add("Projects").number, "2")
        self.assertEqual(self._add("Shop", number="2a").number, "2a")
        self.assertEqual(self._add("Any other business").number, "3")
        self.assertEqual(second.display_name, "1a Report")

    def test_numbers_of_one_meeting(self):
        self._add("Report")
        other = self._create_meeting("2024-07-01 16:00:00")
        item = self._add("Report", event_id=other.id)
        self.assertEqual(item.number, "1")
        self.assertEqual((item.body_id, item.partnership_id), (self.body, self.partnership))

    def test_several_at_once(self):
        values = [{"name": name, "event_id": self.meeting.id} for name in ("One", "Two", "Three")]
        items = self.env["partnership.agenda.item"].create(values)
        self.assertEqual(items.mapped("number"), ["1", "2", "3"])

    def test_contacts_concerned_are_the_teams(self):
        item = self._add("Shop", partner_ids=self._create_organisation("Test shop").ids)
        self.assertTrue(item.with_user(self.facilitator).partner_ids)
        with self.assertRefused(exception=AccessError):
            item.with_user(self.stranger).read(["partner_ids"])

    def test_event_of_nobody(self):
        """An event that is no meeting has no agenda of ours in the calendar of others."""
        event = self.env["calendar.event"].create(
            {"name": "Test lunch", "start": "2024-06-03 10:00:00", "stop": "2024-06-03 11:00:00"}
        )
        item = self._add("Soup", event_id=event.id)
        self.assertFalse(item.partnership_id)
        with self.assertRefused(exception=AccessError):
            item.with_user(self.facilitator).read(["name"])
