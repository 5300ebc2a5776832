from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..sent_common import SentCase
from .briefing_common import BriefingCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestBriefingSent(BriefingCase, SentCase):
    """What became of the e-mails of a briefing, and of a handover."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.briefing = cls._create_briefing(
            readers=[(cls.ann, cls.council), (cls.bert, cls.firm)]
        ).with_user(cls.facilitator)

    def _send(self, *failing, method="action_send"):
        with self._mails_leave(*failing):
            action = getattr(self.briefing, method)()
        self.env.flush_all()
        self.env.invalidate_all()
        return action

    def _get_receipt(self, person):
        return self.briefing.receipt_ids.filtered(lambda receipt: receipt.person_id == person)

    def _get_addresses(self):
        return sorted(address for mail in self.emails for address in mail["smtp_to_list"])

    def _wizard(self, briefings=None):
        action = (briefings or self.briefing).action_open_send()
        Wizard = self.env["partnership.briefing.mailing"].with_user(self.facilitator)
        return Wizard.with_context(**action["context"])

    def test_all_arrive(self):
        self._send()
        self.assertEqual(self.briefing.receipt_ids.mapped("mail_state"), ["sent", "sent"])
        self.assertEqual(self.briefing.receipt_ids.mapped("mail_failure"), [False, False])
        self.assertFalse(self.briefing.failed_text)
        self.assertFalse(self.briefing.unsent_count)
        mails = self.env["mail.mail"].search([("model", "=", "partnership.briefing.receipt")])
        self.assertFalse(mails, "they are deleted, and it is known all the same")

    def test_one_fails(self):
        self._send(self.bert)
        receipt = self._get_receipt(self.bert)
        self.assertEqual(
            (receipt.mail_state, receipt.mail_failure), ("failed", "Test mailbox is full")
        )
        self.assertEqual(self.briefing.failed_text, "Bert Test (Test mailbox is full)")
        self.assertEqual(self.briefing.unsent_count, 1)
        failed = [("briefing_id", "=", self.briefing.id), ("mail_state", "=", "failed")]
        self.assertEqual(self.env["partnership.briefing.receipt"].search(failed), receipt)
        token = receipt.sudo().access_token
        with freeze_time("2024-06-17 10:00:00"):
            self._send()
        self.assertEqual(self._get_addresses(), ["bert.test@test.example"])
        self.assertEqual(str(receipt.date_sent), "2024-06-17 10:00:00", "it went out on that day")
        self.assertEqual(str(self._get_receipt(self.ann).date_sent), "2024-06-15 10:00:00")
        self.assertEqual(receipt.sudo().access_token, token)
        self.assertEqual(receipt.mail_state, "sent")

    def test_server_is_down(self):
        with self._server_is_down():
            action = self.briefing.action_send()
        self.env.invalidate_all()
        self.assertIn("on their way: 2", action["params"]["message"])
        self.assertEqual(self.briefing.receipt_ids.mapped("mail_state"), ["failed", "failed"])
        self.assertEqual(self.briefing.unsent_count, 2)

    def test_queue(self):
        self.env["ir.config_parameter"].set_param("mail.mail_force_send_limit", 1)
        self._send()
        self.assertEqual((self.briefing.waiting_count, self.briefing.unsent_count), (2, 0))
        self._send()
        mails = self.env["mail.mail"].search([("model", "=", "partnership.briefing.receipt")])
        self.assertEqual(len(mails), 2, "what waits is not sent twice")
        with self._mails_leave():
            self._run_queue()
        self.assertFalse(self.briefing.waiting_count)
        self.assertEqual(self.briefing.receipt_ids.mapped("mail_state"), ["sent", "sent"])

    def test_reminder_that_fails(self):
        """The first e-mail arrived: it is due since then."""
        self._send()
        with freeze_time("2024-06-17 10:00:00"):
            self._send(self.bert, method="action_remind")
            self.assertEqual(self._get_receipt(self.bert).mail_state, "failed")
        with freeze_time("2024-07-20 10:00:00"):
            self._send()
        receipt = self._get_receipt(self.bert)
        self.assertEqual(str(receipt.date_sent), "2024-06-15 10:00:00")
        self.assertEqual(receipt.mail_state, "sent")

    def test_who_has_read_is_not_written_to(self):
        self._send(self.bert)
        self._get_receipt(self.bert).action_tell()
        self.assertFalse(self.briefing.failed_text)
        self._send()
        self.assertFalse(self.emails)

    def test_person_of_two_members(self):
        self.briefing.receipt_ids = [
            Command.create({"person_id": self.ann.id, "membership_id": self.firm.id})
        ]
        self._send(self.ann)
        self.assertEqual(self._get_receipt(self.ann).mapped("mail_state"), ["failed", "failed"])
        self._send()
        self.assertEqual(self._get_addresses(), ["ann.test@test.example"])
        self.assertEqual(self._get_receipt(self.ann).mapped("mail_state"), ["sent", "sent"])

    def test_failed_mail_informs_nobody(self):
        """It is due, and not read: as for who has no address."""
        self._send(self.bert)
        self.assertFalse(self._get_receipt(self.bert).date_read)
        self.env.flush_all()
        due = self.env["partnership.briefing.receipt"]._sql_due()
        self.env.cr.execute(due)
        found = {row[0]: row[-1] for row in self.env.cr.fetchall()}
        self.assertEqual(
            (found[self.council.id], found[self.firm.id]), (False, False), "neither has read it"
        )
        self._get_receipt(self.ann).sudo()._confirm_read()
        self.env.flush_all()
        self.env.cr.execute(due)
        found = {row[0]: row[-1] for row in self.env.cr.fetchall()}
        self.assertEqual((found[self.council.id], found[self.firm.id]), (True, False))

    def test_states_without_a_query_for_each(self):
        briefings = self.briefing
        for _each in range(4):
            briefings += self._create_briefing(
                readers=[(self.ann, self.council), (self.bert, self.firm)]
            ).with_user(self.facilitator)
        with self._mails_leave(self.bert):
            briefings.action_send()
        self.env.flush_all()
        counts = []
        briefings.mapped("failed_text")  # what is read once, such as the groups of the user
        for records in (briefings[:1], briefings):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            records.mapped("failed_text")
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(len(set(counts)), 1, counts)

    # Who sees it, and what is looked at before it goes

    def test_states_are_the_teams(self):
        self._send(self.bert)
        receipt = self._get_receipt(self.bert)
        self.env.invalidate_all()
        for user in (self.stranger, self.employee, self.portal_user):
            for record, fname in (
                (receipt, "mail_state"),
                (receipt, "mail_failure"),
                (self.briefing, "failed_text"),
            ):
                with self.assertRaises(AccessError):
                    record.with_user(user).read([fname])
        with self.assertRaises(AccessError):
            receipt.with_user(self.facilitator).read(["mail_message_id"])

    def test_dialog(self):
        self.bert.email = False
        with Form(self._wizard()) as form:
            self.assertEqual(form.recipient_ids.ids, self.ann.ids)
            self.assertEqual(form.unreachable_ids.ids, self.bert.ids)
            for text in ("Ann Test", "ann.test@test.example", "no e-mail address", "Not sent yet"):
                self.assertIn(text, form.recipients)
            self.assertIn("Test briefing", form.subject)
            self.assertIn("Ann Test", form.preview)
            self.assertNotIn("/partnership/briefing/", form.preview)
        with self._mails_leave():
            action = form.record.action_send()
        self.assertIn("Bert Test", action["params"]["message"])
        self.assertEqual(self.briefing.state, "sent")
        self.assertEqual(self._get_addresses(), ["ann.test@test.example"])

    def test_link_is_not_in_what_others_look_at(self):
        """Not where Odoo shows what a template gives, nor in a mail that somebody sends elsewhere,
        whatever the client says."""
        self._send()
        receipt = self._get_receipt(self.ann)
        for name in ("mail_template_briefing", "mail_template_briefing_reminder"):
            template = self.env.ref(f"partnership_management.{name}").with_user(self.facilitator)
            template = template.with_context(partnership_sending="partnership")
            preview = template.env["mail.template.preview"].create(
                {"mail_template_id": template.id, "resource_ref": f"{receipt._name},{receipt.id}"}
            )
            mail = template.send_mail(
                receipt.id, email_values={"email_to": "fay.test@test.example"}
            )
            for body in (preview.body_html, self.env["mail.mail"].sudo().browse(mail).body_html):
                self.assertIn("Ann Test", body)
                self.assertNotIn("/partnership/briefing/", body)

    def test_dialog_again(self):
        self._send()
        wizard = self._wizard().create({})
        self.assertFalse(wizard.recipient_ids)
        with self.assertRefused("nobody to write to", exception=UserError):
            wizard.action_send()
        wizard.recipient_ids = self.ann
        with freeze_time("2024-06-16 10:00:00"), self._mails_leave():
            wizard.action_send()
        self.assertEqual(self._get_addresses(), ["ann.test@test.example"])
        self.assertEqual(str(self._get_receipt(self.ann).date_sent), "2024-06-15 10:00:00")

    def test_dialog_that_was_open_when_a_colleague_sent(self):
        first, second = (self._wizard().create({}) for _each in range(2))
        with self._mails_leave():
            first.action_send()
        self.assertEqual(len(self.emails), 2)
        with self._mails_leave(), self.assertRefused("nobody to write to", exception=UserError):
            second.action_send()
        self.assertFalse(self.emails)

    def test_dialog_of_several(self):
        other = self._create_briefing(readers=[(self.rosa, self.resident)], name="Test other")
        wizard = self._wizard(self.briefing + other.with_user(self.facilitator)).create({})
        self.assertEqual(wizard.recipient_ids, self.ann + self.bert + self.rosa)
        self.assertIn("Test other", wizard.recipients)
        with self._mails_leave():
            wizard.action_send()
        self.assertEqual(len(self.emails), 3)

    def test_dialog_is_the_teams(self):
        context = self.briefing.action_open_send()["context"]
        for user in (self.stranger, self.employee, self.portal_user):
            Wizard = self.env["partnership.briefing.mailing"].with_user(user)
            with self.assertRaises(AccessError):
                Wizard.create({"briefing_ids": self.briefing.ids})
            with self.assertRaises(AccessError):
                self.briefing.with_user(user).action_open_send()
            if user == self.stranger:
                empty = Wizard.with_context(**context).create({})
                self.assertFalse(empty.briefing_ids or empty.recipient_ids)
                self.assertNotIn("Ann", empty.recipients)

    # Handovers

    def test_handover_that_fails(self):
        mandate = self.council_seat.mandate_ids
        mandate.write({"date_end": "2024-06-10", "end_kind": "planned"})
        eve = self._create_person("Eve Test", parent=self.council.partner_id)
        self._create_mandate(self.council_seat, eve, date_start="2024-06-14")
        action = mandate.with_user(self.facilitator).action_hand_over()
        self.briefing = self.briefing.browse(action["res_id"])
        self._send(eve)
        self._settle()
        self.assertEqual(mandate.handover_state, "due")
        self._send()
        self._settle()
        self.assertEqual(mandate.handover_state, "sent")
        self._come_back(self._get_receipt(eve))
        self._settle()
        self.assertEqual(mandate.handover_state, "due")
        self._get_receipt(eve).action_tell()
        self.assertEqual(mandate.handover_state, "acknowledged")
