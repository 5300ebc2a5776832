from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .briefing_common import BriefingCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestBriefing(BriefingCase):
    def test_reading_days_come_from_the_partnership(self):
        self.partnership.briefing_reading_days = 21
        with Form(self.env["partnership.briefing"]) as form:
            form.name = "Test newsletter"
            form.partnership_id = self.partnership
            self.assertEqual(form.reading_days, 21)
            form.reading_days = 3
        self.assertEqual(form.record.reading_days, 3)
        self.assertFalse(form.record.date_due, "not before it is sent")

    def test_place_comes_from_the_meeting(self):
        meeting = self._create_meeting()
        briefing = self._create_briefing(event_id=meeting.id)
        self.assertEqual(briefing.partnership_id, self.partnership)
        self.assertEqual(briefing.body_id, self.body)

    def test_foreign_meeting_is_refused(self):
        foreign = self.env["partnership.partnership"].create({"name": "Test foreign"})
        meeting = self._create_meeting()
        with self.assertRefused("Test foreign"):
            self._create_briefing(event_id=meeting.id).partnership_id = foreign

    def test_foreign_member_is_refused(self):
        foreign = self.env["partnership.partnership"].create({"name": "Test foreign"})
        member = self._create_member("Test stranger", partnership_id=foreign.id)
        with self.assertRefused("Test stranger", "Test partnership"):
            self._create_briefing(
                receipt_ids=[Command.create({"person_id": self.ann.id, "membership_id": member.id})]
            )

    def test_one_receipt_for_each_member(self):
        briefing = self._create_briefing(readers=[(self.ann, self.council)])
        values = {"person_id": self.ann.id, "briefing_id": briefing.id}
        briefing.receipt_ids.create({**values, "membership_id": self.firm.id})
        briefing.receipt_ids.create(values)
        self.assertEqual(len(briefing.receipt_ids), 3)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            briefing.receipt_ids.create({**values, "membership_id": self.council.id})

    def test_copy_is_a_draft(self):
        briefing = self._create_briefing(readers=[(self.ann, self.council)])
        copy = briefing.copy()
        self.assertEqual((copy.state, copy.date_sent, len(copy.receipt_ids)), ("draft", False, 0))

    def test_copy_has_its_own_files(self):
        briefing = self._create_briefing().with_user(self.facilitator)
        briefing.attachment_ids = briefing.attachment_ids.create({"name": "a.txt", "raw": b"Test"})
        copy = briefing.copy()
        briefing.unlink()
        self.assertEqual(copy.attachment_ids.raw, b"Test")
        self.assertEqual(copy.attachment_ids.res_id, copy.id)

    def test_draft_may_be_deleted(self):
        briefing = self._create_briefing(readers=[(self.ann, self.council)])
        briefing.with_user(self.facilitator).unlink()
        self.assertFalse(briefing.exists())

    def test_negative_days_are_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._create_briefing(reading_days=-1)

    def test_attachments_belong_to_the_briefing(self):
        file = self.env["ir.attachment"].create({"name": "a.txt", "raw": b"a"})
        briefing = self._create_briefing(attachment_ids=[Command.link(file.id)])
        self.assertEqual((file.res_model, file.res_id), (briefing._name, briefing.id))

    def test_foreign_file_is_not_sent(self):
        foreign = self.env["partnership.partnership"].create(
            {"name": "Test foreign", "user_ids": self.stranger.ids}
        )
        secret = self._create_briefing(
            partnership_id=foreign.id,
            attachment_ids=[Command.create({"name": "secret.txt", "raw": b"secret"})],
        )
        link = [Command.link(secret.attachment_ids.id)]
        briefing = self._create_briefing().with_user(self.facilitator)
        with self.assertRaises(AccessError):
            briefing.attachment_ids = link
        with self.assertRaises(AccessError):
            self.env["partnership.briefing"].with_user(self.facilitator).create(
                {
                    "name": "Test theft",
                    "partnership_id": self.partnership.id,
                    "attachment_ids": link,
                }
            )

    def test_own_file_is_sent(self):
        """As the screen does it: the file is uploaded first, and belongs to nothing yet."""
        Attachment = self.env["ir.attachment"].with_user(self.facilitator)
        file = Attachment.create(
            {"name": "a.txt", "raw": b"a", "res_model": "partnership.briefing", "res_id": 0}
        )
        briefing = self._create_briefing().with_user(self.facilitator)
        briefing.attachment_ids = [Command.link(file.id)]
        self.assertEqual(file.res_id, briefing.id)

    def test_team_reads_no_token(self):
        briefing = self._create_briefing(readers=[(self.ann, self.council)])
        receipt = briefing.receipt_ids.with_user(self.facilitator)
        self.assertNotIn("access_token", receipt.fields_get())
        self.assertEqual(receipt.display_name, "Ann Test (Test council)")


@tagged("post_install", "-at_install")
class TestBriefingDelete(BriefingCase):
    def test_what_was_sent_stays(self):
        briefing = self._create_briefing(readers=[(self.ann, self.council)])
        briefing.sudo().write({"state": "sent", "date_sent": "2024-06-15"})
        briefing.receipt_ids.date_sent = "2024-06-15 10:00:00"
        with self.assertRefused("Test briefing", "cancel", exception=UserError):
            briefing.unlink()
        with self.assertRefused("Ann Test", exception=UserError):
            briefing.receipt_ids.unlink()
        with self.assertRefused("Cancel it", exception=UserError):
            briefing.body = "<p>Something else</p>"
