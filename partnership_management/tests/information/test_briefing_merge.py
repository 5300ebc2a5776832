from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..actor.merge_common import MergeCase
from .briefing_common import BriefingCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestBriefingMerge(BriefingCase):
    """What is known of who was informed survives merged contacts and anonymised persons."""

    _merge = MergeCase._merge

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env, "test_clerk", "base.group_user,base.group_partner_manager"
        )

    def test_two_readers_become_one(self):
        other = self._create_person("Ann Twin")
        briefing = self._create_briefing(
            readers=[(self.ann, self.council), (other, self.council), (other, self.firm)]
        )
        briefing.action_send()
        twin = briefing.receipt_ids.filtered(
            lambda receipt: receipt.person_id == other and receipt.membership_id == self.council
        )
        token = (briefing.receipt_ids - twin).sudo()[0].access_token
        twin.write({"date_read": "2024-06-15"})
        twin._confirm_relayed("Test told", "2024-06-15")
        self._merge(other, into=self.ann)
        council, firm = briefing.receipt_ids.sorted("membership_id")
        self.assertEqual((council.person_id, firm.person_id), (self.ann, self.ann))
        self.assertEqual(council.sudo().access_token, token)
        self.assertEqual(str(council.date_read), "2024-06-15")
        self.assertEqual(council.relay_evidence, "Test told")
        self.assertIn("Ann Twin", briefing.message_ids[0].body)

    def test_two_memberships_become_one(self):
        double = self._create_member("Test council (double)")
        briefing = self._create_briefing(readers=[(self.ann, double), (self.ann, self.council)])
        briefing.action_send()
        briefing.receipt_ids[0].date_read = "2024-06-15"
        other = self._create_briefing(readers=[(self.bert, double)])
        self._merge(double.partner_id, into=self.council.partner_id)
        self.assertEqual(briefing.receipt_ids.membership_id, self.council)
        self.assertEqual(str(briefing.receipt_ids.date_read), "2024-06-15")
        self.assertEqual(other.receipt_ids.membership_id, self.council)

    def test_contact_and_member_stay(self):
        guest = self._create_person("Test guest")
        friend = self._create_member("Test friend")
        briefing = self._create_briefing(readers=[(guest, None), (guest, friend)])
        with self.assertRefused("Test guest", exception=UserError):
            guest.unlink()
        briefing.action_send()
        with self.assertRefused("Test friend", "end the membership", exception=UserError):
            friend.unlink()

    def test_member_on_a_draft_may_go(self):
        friend = self._create_member("Test friend")
        briefing = self._create_briefing(readers=[(self.ann, friend)])
        friend.unlink()
        self.assertFalse(briefing.receipt_ids)

    def test_anonymise(self):
        meeting = self._hold_meeting({self.ann: "absent"})
        meeting.partnership_minutes = "<p>Ann Test was ill</p>"
        briefing = self._create_briefing(
            readers=[(self.ann, self.council)], name="Letter of Ann Test", body="<p>Ann Test</p>"
        )
        briefing.action_send()
        briefing.receipt_ids._confirm_relayed("Ann Test told Bert Test", "2024-06-15")
        self.ann.with_user(self.administrator)._partnership_anonymise()
        self.env.invalidate_all()
        receipt = briefing.receipt_ids
        for text in (
            briefing.name,
            briefing.body,
            receipt.relay_evidence,
            receipt.display_name,
            meeting.partnership_minutes,
        ):
            self.assertNotIn("Ann Test", text)
        self.assertIn("Bert Test", receipt.relay_evidence)
        self.assertEqual((briefing.read_text, briefing.relay_count), ("1/1", 1))
        self.assertFalse(receipt.sudo().access_token)

    def test_looked_up(self):
        if "privacy.lookup.wizard" not in self.env:
            self.skipTest("privacy_lookup is not installed")
        self._create_briefing(readers=[(self.ann, self.council)])
        wizard = self.env["privacy.lookup.wizard"].create(
            {"name": self.ann.name, "email": self.ann.email}
        )
        wizard.action_lookup()
        self.assertIn("partnership.briefing.receipt", wizard.line_ids.mapped("res_model"))
