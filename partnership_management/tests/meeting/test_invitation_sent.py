from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import PartnershipCase
from ..sent_common import SentCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-10 10:00:00")
class TestInvitationSent(PartnershipCase, SentCase):
    """A board of three that is invited seven days ahead meets on 24 June: by 17 June."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.persons = cls.env["res.partner"]
        for name in ("Ann", "Bert", "Cora"):
            seat = cls._create_seat(cls._create_member(f"Test council of {name}"))
            cls.persons += cls._create_mandate(seat, f"Test {name}").person_id
        cls.ann, cls.bert, cls.cora = cls.persons
        cls.meeting = cls._create_meeting(
            "2024-06-24 16:00:00", partner_ids=cls.persons.ids
        ).with_user(cls.facilitator)

    def _send(self, *failing):
        with self._mails_leave(*failing):
            action = self._invite(self.meeting)
        self.env.flush_all()
        self.env.invalidate_all()
        return action

    def _get_guest(self, person):
        return self.meeting.attendee_ids.filtered(lambda guest: guest.partner_id == person)

    def _wizard(self, **values):
        action = self.meeting.action_invite()
        Wizard = self.env["partnership.invitation"].with_user(self.facilitator)
        return Wizard.with_context(**action["context"]).create(values)

    def _get_mailed(self):
        """:return: the persons who got a mail in the last block"""
        return self.env["res.partner"].search(
            [("email", "in", [address for mail in self.emails for address in mail["smtp_to_list"]])]
        )

    def assertCounts(self, sent=0, waiting=0, failed=0, answered=0, on=""):
        meeting = self.meeting
        self.assertEqual(
            (
                meeting.partnership_sent_count,
                meeting.partnership_waiting_count,
                meeting.partnership_failed_count,
                meeting.partnership_answered_count,
                str(meeting.partnership_notice_date or ""),
            ),
            (sent, waiting, failed, answered, on),
        )

    # ------------------------------------------------------------
    # What became of it
    # ------------------------------------------------------------

    def test_all_arrive(self):
        self.assertCounts()
        self.assertEqual(set(self.meeting.attendee_ids.mapped("mail_state")), {False})
        self.assertEqual(set(self.meeting.attendee_ids.mapped("mail_failure")), {False})
        action = self._send()
        self.assertIn("on their way: 3", action["params"]["message"])
        self.assertCounts(sent=3, on="2024-06-10")
        self.assertFalse(self.meeting.partnership_failed_text)
        self.assertFalse(self.env["mail.mail"].search([("model", "=", "calendar.event")]))
        self._get_guest(self.bert).sudo().state = "declined"
        self.assertCounts(sent=3, answered=1, on="2024-06-10")

    def test_server_is_down(self):
        with self._server_is_down():
            action = self._invite(self.meeting)
        self.env.invalidate_all()
        self.assertNotIn("sent", action["params"]["message"].lower())
        self.assertCounts(failed=3)
        self.assertFalse(self.meeting.partnership_notice)
        self.assertIn(
            "Test Ann, Test Bert, Test Cora (Connection failed",
            self.meeting.partnership_failed_text,
        )
        self.assertEqual(self.meeting._get_uninvited().partner_id, self.persons)
        due = [("id", "=", self.meeting.id), ("partnership_notice_date", "=", False)]
        self.assertTrue(self.meeting.search_count(due))
        self._send()
        self.assertCounts(sent=3, on="2024-06-10")
        self.assertEqual(self._get_mailed(), self.persons)

    def test_one_fails(self):
        self._send(self.bert)
        self.assertCounts(sent=2, failed=1)
        self.assertEqual(self.meeting.partnership_failed_text, "Test Bert (Test mailbox is full)")
        self.assertFalse(self._get_guest(self.bert).partnership_invited_on)
        self._send()
        self.assertEqual(self._get_mailed(), self.bert)
        self.assertCounts(sent=3, on="2024-06-10")
        with self.assertRefused("nobody to write to", exception=UserError):
            self._send()
        self.assertFalse(self.emails, "who has it gets no second one")

    def test_failed_one_is_not_tried_besides(self):
        """Somebody who retries the failed mail in Odoo's own list sends none that is replaced."""
        self._send(self.bert)
        failed = self.env["mail.mail"].search([("state", "=", "exception")])
        self._send()
        failed.action_retry()
        with self._mails_leave():
            self._run_queue()
        self.assertFalse(self.emails)

    def test_seat_that_is_reached_too_late(self):
        self._send(self.bert)
        with freeze_time("2024-06-20 10:00:00"):
            self.assertTrue(self._wizard().is_late)
            self._send()
        self.assertCounts(sent=3, on="2024-06-20")
        self.assertEqual(self.meeting.partnership_notice, "missed")
        self.assertEqual(str(self._get_guest(self.ann).partnership_invited_on), "2024-06-10")

    def test_guest_without_a_seat_that_is_reached_late(self):
        expert = self._create_person("Test expert")
        self.meeting.partner_ids = [Command.link(expert.id)]
        self._send(expert)
        self.assertCounts(sent=3, failed=1)
        with freeze_time("2024-06-20 10:00:00"):
            self._send()
        self.assertCounts(sent=4, on="2024-06-10")
        self.assertEqual(self.meeting.partnership_notice, "kept")

    def test_wrong_address(self):
        """Odoo deletes the mail to an address that is none, and keeps what became of it."""
        self.bert.email = "test@bert@example"
        self._send()
        self.assertCounts(sent=2, failed=1)
        self.assertIn("Invalid email address", self.meeting.partnership_failed_text)
        self.bert.email = "test.bert@test.example"
        self._send()
        self.assertEqual(self._get_mailed(), self.bert)
        self.assertCounts(sent=3, on="2024-06-10")

    def test_mail_that_comes_back(self):
        self._send()
        with freeze_time("2024-06-11 10:00:00"):
            trigger = [
                ("cron_id", "=", self.env.ref("partnership_management.ir_cron_settle_mails").id)
            ]
            self.env["ir.cron.trigger"].search(trigger).unlink()
            self._come_back(self._get_guest(self.cora))
            self.assertEqual(self.env["ir.cron.trigger"].search_count(trigger), 1)
            self.env.invalidate_all()
            self.assertEqual(self.meeting.partnership_failed_count, 1)
            self._settle()
            self.assertCounts(sent=2, failed=1)
            self.assertIn("Test Cora", self.meeting.partnership_failed_text)
            self.assertFalse(self._get_guest(self.cora).partnership_invited_on)
            self._send()
        self.assertEqual(self._get_mailed(), self.cora)
        self.assertCounts(sent=3, on="2024-06-10")

    def test_mail_that_comes_back_after_the_meeting(self):
        self._send()
        with freeze_time("2024-06-25 10:00:00"):
            self._come_back(self._get_guest(self.cora))
            self._settle()
        self.assertEqual(str(self.meeting.partnership_notice_date), "2024-06-10")
        self.assertEqual(self.meeting.partnership_notice, "kept")

    def test_queue(self):
        """Until they have left nobody is invited, and nobody gets a second one."""
        self.env["ir.config_parameter"].set_param("mail.mail_force_send_limit", 1)
        self._send()
        self.assertFalse(self.emails)
        self.assertCounts(waiting=3)
        self.assertFalse(self.meeting._get_uninvited())
        with self.assertRefused("not sent twice", exception=UserError):
            self._send()
        self.assertFalse(self.emails)
        with freeze_time("2024-06-18 10:00:00"):
            with self._mails_leave(self.ann):
                self._run_queue()
            self._settle()
            self.assertCounts(sent=2, failed=1)
            self.assertEqual(str(self._get_guest(self.bert).partnership_invited_on), "2024-06-18")
            self.env["ir.config_parameter"].set_param("mail.mail_force_send_limit", 100)
            self._send()
        self.assertCounts(sent=3, on="2024-06-18")
        self.assertEqual(self.meeting.partnership_notice, "missed")

    def test_mail_that_somebody_takes_out_of_the_queue(self):
        self.env["ir.config_parameter"].set_param("mail.mail_force_send_limit", 1)
        self._send()
        mails = self.env["mail.mail"].search([("model", "=", "calendar.event")])
        self.assertEqual(len(mails), 3)
        mails[0].cancel()
        mails[1].unlink()
        self.env.invalidate_all()
        self.assertCounts(waiting=1, failed=2)
        self.assertIn("(Cancelled before it left)", self.meeting.partnership_failed_text)

    def test_another_hour_whose_mail_fails(self):
        """Who was invited for the day in time was; the hour is still to be told."""
        self._send()
        self.meeting.write({"start": "2024-06-24 17:00:00", "stop": "2024-06-24 19:00:00"})
        with freeze_time("2024-06-19 10:00:00"):
            self._send(self.ann)
            self.assertCounts(sent=2, failed=1)
            self.assertEqual(self.meeting._get_uninvited().partner_id, self.ann)
            self._send()
        self.assertCounts(sent=3, on="2024-06-10")
        self.assertEqual(self.meeting.partnership_notice, "kept")

    def test_told_otherwise(self):
        self._send(self.bert)
        self._wizard(way="other", date="2024-06-09").action_send()
        self.assertCounts(sent=3, on="2024-06-09")
        self.assertFalse(self.meeting._get_uninvited())

    def test_answer_of_who_was_not_reached(self):
        self._send(self.bert)
        self.assertEqual(self._get_guest(self.ann)._get_answer(), "none")
        self.assertIs(self._get_guest(self.bert)._get_answer(), False)

    def test_nothing_of_the_text_is_kept(self):
        """It holds a link with which anybody answers for the guest."""
        self._send(self.bert)
        messages = self.env["mail.message"].search([("model", "=", "calendar.event")])
        self.assertEqual(len(messages), 3)
        self.assertEqual(set(messages.mapped("message_type")), {"user_notification"})
        self.assertFalse(any(messages.mapped("body")))

    def test_person_who_is_anonymised(self):
        self._send(self.bert)
        notification = self._get_guest(self.bert).sudo().mail_message_id.notification_ids
        notification.failure_reason = "<test.bert@test.example>: no such user"
        wizard = self.env["partnership.anonymise"].with_user(self.administrator)
        mandates = self.env["partnership.mandate"].search([("person_id", "=", self.bert.id)])
        mandates.date_end = "2024-06-01"
        wizard.with_context(active_model="res.partner", active_ids=self.bert.ids).create(
            {}
        ).action_anonymise()
        self.env.invalidate_all()
        self.assertNotIn("test.bert", notification.failure_reason)
        self.assertFalse(self.env["mail.mail"].search([("recipient_ids", "in", self.bert.ids)]))

    def test_calendar_that_mails_nobody(self):
        self.env["ir.config_parameter"].set_param("calendar.block_mail", "1")
        self._send()
        self.assertCounts()
        self.assertFalse(self.meeting.attendee_ids.sudo().mail_message_id)

    def test_counts_without_a_query_for_each(self):
        self._send(self.bert)
        self.env.flush_all()
        meetings = self.meeting
        for _each in range(4):
            guests = [self._create_person(f"Test guest {number}").id for number in range(5)]
            meeting = self._create_meeting("2024-06-24 16:00:00", partner_ids=guests)
            with self._mails_leave():
                self._invite(meeting.with_user(self.facilitator))
            meetings += meeting.with_user(self.facilitator)
        self.env.flush_all()
        counts = []
        for records in (meetings[:1], meetings):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            records.mapped("partnership_failed_count")
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(len(set(counts)), 1, counts)

    # ------------------------------------------------------------
    # Who sees it
    # ------------------------------------------------------------

    def test_search_finds_what_is_read(self):
        """Of guests of meetings that somebody does not lead nothing is known to them, as of those
        whom no mail was sent."""
        self._send(self.bert)
        Guest = self.env["calendar.attendee"]
        states = [state for state, _label in Guest._fields["mail_state"].selection] + [False]
        for user in (self.facilitator, self.stranger):
            guests = Guest.with_user(user).search([])
            for state in states:
                with self.subTest(user=user.login, state=state):
                    expected = guests.filtered(lambda each, state=state: each.mail_state == state)
                    self.assertEqual(guests.search([("mail_state", "=", state)]), expected)
                    others = guests.search([("mail_state", "!=", state)])
                    self.assertEqual(others, guests - expected)

    def test_failures_are_the_teams(self):
        self._send(self.bert)
        guest = self._get_guest(self.bert)
        Guest = self.env["calendar.attendee"]
        domain = [("id", "=", guest.id), ("mail_state", "=", "failed")]
        self.assertTrue(Guest.with_user(self.facilitator).search(domain))
        self.assertEqual(guest.with_user(self.officer).mail_state, "failed")
        self.env.invalidate_all()
        self.assertFalse(Guest.with_user(self.stranger).search(domain))
        theirs = guest.with_user(self.stranger)
        self.assertEqual((theirs.mail_state, theirs.mail_failure), (False, False))
        theirs = self.meeting.with_user(self.stranger)
        self.assertEqual((theirs.partnership_failed_count, theirs.partnership_sent_count), (0, 0))
        self.assertFalse(theirs.partnership_failed_text)
        with self.assertRaises(AccessError):
            theirs.action_open_invitations()
        for user in (self.employee, self.portal_user):
            with self.assertRaises(AccessError):
                guest.with_user(user).read(["mail_state"])
            with self.assertRaises(AccessError):
                Guest.with_user(user).search(domain)
            with self.assertRaises(AccessError):
                self.meeting.with_user(user).read(["partnership_failed_text"])
        for user in (self.facilitator, self.administrator):
            with self.assertRaises(AccessError):
                guest.with_user(user).read(["mail_message_id"])
            with self.assertRaises(AccessError):
                guest.with_user(user).mail_message_id = False

    def test_list(self):
        self._send(self.bert)
        action = self.meeting.action_open_invitations()
        guests = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(guests.partner_id, self.persons)

    # ------------------------------------------------------------
    # Looked at before it goes
    # ------------------------------------------------------------

    def test_dialog_shows_recipients_and_text(self):
        self.cora.email = False
        self._send(self.bert)
        self.meeting.partner_ids = [Command.link(self._create_person("Test expert").id)]
        action = self.meeting.action_invite()
        Wizard = self.env["partnership.invitation"].with_user(self.facilitator)
        with Form(Wizard.with_context(**action["context"])) as form:
            self.assertEqual(
                self.env["res.partner"].browse(form.recipient_ids.ids).mapped("name"),
                ["Test Bert", "Test expert"],
            )
            self.assertEqual(form.unreachable_ids.ids, self.cora.ids)
            for text in (
                "test.ann@test.example",
                "Failed",
                "Test mailbox is full",
                "no e-mail address",
                "Not invited yet",
            ):
                self.assertIn(text, form.recipients)
            self.assertIn("Test meeting", form.subject)
            self.assertIn("Dear", form.preview)
            self.assertIn("Test Bert", form.preview)
            self.assertNotIn("/partnership/meeting/", form.preview, "the link is Bert's alone")

    def test_sent_mail_has_its_link(self):
        self._send()
        guests = [self._get_guest(person).sudo() for person in self.persons]
        links = [f"/partnership/meeting/{guest.id}/{guest._get_answer_token()}" for guest in guests]
        bodies = [mail["body"] for mail in self._mails]
        self.assertEqual([[link in body for link in links].count(True) for body in bodies], [1] * 3)
        self.assertTrue(all(any(link in body for body in bodies) for link in links))

    def test_link_is_not_in_what_others_look_at(self):
        """Not where Odoo shows what a template gives, nor in a mail that somebody sends elsewhere,
        whatever the client says."""
        template = self.env.ref("partnership_management.mail_template_invitation")
        template = template.with_user(self.facilitator).with_context(
            partnership_sending="partnership"
        )
        guest = self._get_guest(self.bert)
        preview = template.env["mail.template.preview"].create(
            {"mail_template_id": template.id, "resource_ref": f"{guest._name},{guest.id}"}
        )
        mail = template.send_mail(guest.id, email_values={"email_to": "test.fay@test.example"})
        for body in (preview.body_html, self.env["mail.mail"].sudo().browse(mail).body_html):
            self.assertIn("Test Bert", body)
            self.assertNotIn("/partnership/meeting/", body)

    def test_who_has_it_gets_it_again_if_asked(self):
        self._send()
        wizard = self._wizard()
        self.assertFalse(wizard.recipient_ids)
        with self.assertRefused("nobody to write to", exception=UserError):
            wizard.action_send()
        wizard.recipient_ids = self.ann
        with self._mails_leave():
            wizard.action_send()
        self.assertEqual(self._get_mailed(), self.ann)
        self.assertEqual(str(self.meeting.partnership_notice_date), "2024-06-10")

    def test_only_the_chosen_are_written_to(self):
        wizard = self._wizard()
        wizard.recipient_ids = self.ann + self.bert
        with self._mails_leave():
            wizard.action_send()
        self.assertEqual(self._get_mailed(), self.ann + self.bert)
        self.assertEqual(self.meeting._get_uninvited().partner_id, self.cora)

    def test_dialog_that_was_open_when_a_colleague_sent(self):
        """As the form saves it: who was due then is in what the client sends."""
        with Form(
            self._wizard().browse().with_context(**self.meeting.action_invite()["context"])
        ) as form:
            due = form.due
        self._send()
        wizard = self._wizard(due=due, recipient_ids=[Command.set(self.persons.ids)])
        with self._mails_leave(), self.assertRefused("nobody to write to", exception=UserError):
            wizard.action_send()
        self.assertFalse(self.emails)

    def test_dialog_writes_to_guests_alone(self):
        wizard = self._wizard()
        wizard.recipient_ids = self._create_person("Test nobody")
        with self._mails_leave(), self.assertRefused("nobody to write", exception=UserError):
            wizard.action_send()
        self.assertFalse(self.emails)

    def test_mail_on_its_way_is_not_sent_twice(self):
        self.env["ir.config_parameter"].set_param("mail.mail_force_send_limit", 1)
        wizard = self._wizard()
        self._send()
        with self.assertRefused("not sent twice", exception=UserError):
            wizard.action_send()
        self.assertFalse(self._wizard().choice_ids)

    def test_dialog_is_the_teams(self):
        """It tells of the body more than the calendar does."""
        action = self.meeting.action_invite()
        for user in (self.stranger, self.employee):
            Wizard = self.env["partnership.invitation"].with_user(user)
            Wizard = Wizard.with_context(**action["context"])
            with self.assertRaises(AccessError):
                Wizard.create({})
            with self.assertRaises(AccessError):
                Wizard.onchange({}, [], {"event_ids": {}, "notice_days": {}, "recipients": {}})
            with self.assertRaises(AccessError):
                Wizard.onchange(
                    {"event_ids": [Command.link(self.meeting.id)]},
                    ["event_ids"],
                    {"event_ids": {}, "notice_days": {}},
                )
        empty = self.env["partnership.invitation"].with_user(self.stranger).create({})
        with self.assertRaises(AccessError):
            empty.event_ids = self.meeting
            empty.mapped("notice_days")
