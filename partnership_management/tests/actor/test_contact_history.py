from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestContactHistory(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guest = cls._create_person("Test guest")
        cls.proxy = cls._create_person("Test proxy")
        cls.Attendance._record(cls.meeting, cls.guest, status="excused", proxy_id=cls.proxy.id)
        cls.Attendance._record(cls.meeting, cls.titular, cls.council.partner_id, status="present")

    def test_contacts_in_a_partnership_are_not_deleted(self):
        contacts = self.council.partner_id + self.titular + self.guest + self.proxy
        for contact in contacts:
            for user in (self.clerk, self.facilitator, self.administrator):
                with self.assertRefused(contact.name, "archive", exception=UserError):
                    contact.with_user(user).unlink()
        with self.assertRefused("archive", exception=UserError):
            (contacts + self.double).with_user(self.clerk).unlink()
        self.double.with_user(self.clerk).unlink()

    def test_refusal_tells_an_outsider_no_partnership(self):
        with self.assertRaises(UserError) as refusal:
            self.titular.with_user(self.clerk).unlink()
        self.assertNotIn(self.partnership.name, str(refusal.exception))
        with self.assertRefused(self.partnership.name, exception=UserError):
            self.titular.with_user(self.facilitator).unlink()

    def test_contact_of_a_user(self):
        person = self.portal_user.partner_id
        self.Attendance._record(self.meeting, person, status="present")
        self.portal_user.unlink()
        with self.assertRefused(person.name, exception=UserError):
            person.unlink()

    def test_organisation_with_its_people(self):
        """Deleting a parent does not take children along that have a history."""
        parent = self._create_organisation("Test parent")
        self.guest.parent_id = parent
        parent.unlink()
        self.assertTrue(self.guest.exists())

    def test_archived_contacts_keep_everything(self):
        self.meeting._close_sheet("absent")
        report = self.env["partnership.participation.report"]
        self.env.flush_all()
        domain = [("event_id", "=", self.meeting.id)]
        fnames = ["partner_id", "person_id", "outcome", "presence_rate", "role_id"]
        before = report.search(domain).read(fnames, load=None)
        self.assertTrue(before)
        (self.council.partner_id + self.titular + self.guest + self.proxy).action_archive()
        self.role_formal.active = False
        self.group_public.active = False
        self.body.active = False
        self.partnership.active = False
        self.env.flush_all()
        self.env.invalidate_all()
        for user in (self.env.user, self.facilitator, self.officer):
            self.assertEqual(report.with_user(user).search(domain).read(fnames, load=None), before)
        self.assertEqual(len(self.meeting.attendance_ids), 2)
        self.assertEqual(self.seat.titular_id, self.titular)
        self.assertEqual(self.council.partner_id.name, "Test council")
