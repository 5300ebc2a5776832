from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .briefing_common import BriefingCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestBriefingSend(BriefingCase):
    def test_recipients_of_a_body(self):
        """Whoever holds a seat that day; who represents two members gets a receipt for each."""
        self._create_mandate(self.firm_seat, self.ann, kind="alternate")
        self._create_seat(self._create_member("Test vacant"))
        self._create_mandate(self.council_seat, "Test early", "alternate", date_end="2024-06-14")
        briefing = self._create_briefing()
        self._add_recipients(briefing, source="body", body_id=self.body)
        readers = {
            (receipt.person_id.name, receipt.membership_id.partner_id.name)
            for receipt in briefing.receipt_ids
        }
        self.assertEqual(
            readers,
            {
                ("Ann Test", "Test council"),
                ("Ann Test", "Test firm"),
                ("Bert Test", "Test firm"),
                ("Rosa Test", "Rosa Test"),
                ("Test vacant", "Test vacant"),
            },
        )

    def test_recipients_are_added_once(self):
        briefing = self._create_briefing(readers=[(self.ann, self.council)])
        for _time in range(2):
            self._add_recipients(briefing, source="body", body_id=self.body)
        self.assertEqual(len(briefing.receipt_ids), 3)

    def test_recipients_of_a_role(self):
        """Only those whose membership has the role today; without seat the contact itself."""
        friend = self._create_member("Test friend", role=self.role_informal)
        self._create_member("Test gone", role=self.role_informal, date_end="2024-06-14")
        briefing = self._create_briefing()
        self._add_recipients(briefing, source="role", role_id=self.role_informal)
        self.assertEqual(briefing.receipt_ids.person_id, friend.partner_id)
        self.assertEqual(briefing.receipt_ids.membership_id, friend)

    def test_recipients_are_the_absentees(self):
        """Excused and absent, not those whose other seat was represented, nor unrecorded ones."""
        second = self._create_seat(self.council)
        self._create_mandate(second, "Test second")
        meeting = self._hold_meeting({self.ann: "absent", self.bert: "excused"})
        self._rows(meeting)[self.rosa].status = "not_recorded"
        self._rows(meeting)[second.titular_id].status = "present"
        briefing = self._create_briefing(kind="minutes", event_id=meeting.id)
        self._add_recipients(briefing, source="absentees")
        self.assertEqual(briefing.receipt_ids.person_id, self.bert)
        self.assertTrue(briefing.receipt_ids.was_absent)

    def test_absentees_of_an_open_sheet_are_not_known(self):
        briefing = self._create_briefing(event_id=self._create_meeting().id)
        with self.assertRefused("closed", exception=UserError):
            self._add_recipients(briefing, source="absentees")

    def test_absentee_who_left_since(self):
        meeting = self._hold_meeting({self.bert: "absent"})
        self.firm.date_end = "2024-06-10"
        briefing = self._create_briefing(event_id=meeting.id)
        with self.assertRefused("Nobody", exception=UserError):
            self._add_recipients(briefing, source="absentees")

    def test_member_that_came_back(self):
        """Who left and came back gets what concerns the present membership."""
        self.firm.date_end = "2024-05-31"
        again = self._create_member(self.firm.partner_id, date_start="2024-06-10")
        self._create_mandate(self._create_seat(again), self.bert)
        briefing = self._create_briefing()
        self._add_recipients(briefing, source="body", body_id=self.body)
        receipt = briefing.receipt_ids.filtered(lambda receipt: receipt.person_id == self.bert)
        self.assertEqual(receipt.membership_id, again)

    def test_dialog_says_who_has_no_email(self):
        self.bert.email = False
        wizard = self.env["partnership.briefing.recipients"].create(
            {"briefing_id": self._create_briefing().id, "body_id": self.body.id}
        )
        self.assertEqual(wizard.summary, "3 for 3 members")
        self.assertEqual(wizard.without_email, "Bert Test")

    def test_body_without_seats(self):
        briefing = self._create_briefing()
        with self.assertRefused("Nobody", exception=UserError):
            self._add_recipients(briefing, source="body", body_id=self._create_body("Test empty"))

    # -- Sending --------------------------------------------------------------

    def test_nothing_is_mailed_on_save(self):
        with Form(self._create_briefing()) as form:
            form.name = "Test changed"
        briefing = form.record
        self._add_recipients(briefing, source="body", body_id=self.body)
        self.assertFalse(self._mails())

    def test_send(self):
        briefing = self._create_briefing(readers=[(self.ann, self.council), (self.bert, self.firm)])
        action = briefing.with_user(self.facilitator).action_send()
        self.assertIn("2", action["params"]["message"])
        self.assertEqual((briefing.state, str(briefing.date_due)), ("sent", "2024-06-29"))
        tokens = briefing.receipt_ids.sudo().mapped("access_token")
        self.assertEqual(len(set(tokens)), 2)
        self.assertTrue(all(len(token) >= 43 for token in tokens))
        self.assertEqual(
            {str(day) for day in briefing.receipt_ids.mapped("date_expiry")}, {"2024-09-13"}
        )
        mails = self._mails()
        self.assertEqual(mails.recipient_ids, self.ann + self.bert)
        for mail in mails:
            receipt = briefing.receipt_ids.filtered(
                lambda receipt, mail=mail: receipt.person_id in mail.recipient_ids
            ).sudo()
            self.assertIn(f"/{receipt.id}/{receipt.access_token}", mail.body_html)
            for other in (briefing.receipt_ids - receipt).sudo():
                self.assertNotIn(other.access_token, mail.body_html)

    def test_one_mail_for_two_members(self):
        briefing = self._create_briefing(readers=[(self.ann, self.council), (self.ann, self.firm)])
        briefing.action_send()
        mail = self._mails()
        self.assertEqual(len(mail), 1)
        for receipt in briefing.receipt_ids.sudo():
            self.assertIn(receipt.access_token, mail.body_html)
        self.assertIn("Test council", mail.body_html)

    def test_send_twice_writes_once(self):
        briefing = self._create_briefing(readers=[(self.ann, self.council)])
        briefing.action_send()
        token = briefing.receipt_ids.sudo().access_token
        action = briefing.action_send()
        self.assertIn("Nobody", action["params"]["message"])
        self.assertEqual(len(self._mails()), 1)
        self.assertEqual(briefing.receipt_ids.sudo().access_token, token)

    def test_send_to_who_was_added_later(self):
        briefing = self._create_briefing(readers=[(self.ann, self.council)])
        briefing.action_send()
        briefing._add_readers([(self.bert, self.firm)])
        self.assertEqual(briefing.unsent_count, 1)
        briefing.action_send()
        self.assertEqual(self._mails().recipient_ids, self.ann + self.bert)
        self.assertEqual(len(self._mails()), 2)

    def test_who_has_no_email_is_named(self):
        self.bert.email = "no address"
        briefing = self._create_briefing(readers=[(self.ann, self.council), (self.bert, self.firm)])
        action = briefing.action_send()
        self.assertIn("Bert Test (Test firm)", action["params"]["message"])
        receipt = briefing.receipt_ids.filtered(lambda receipt: receipt.person_id == self.bert)
        self.assertFalse(receipt.date_sent)
        receipt.with_user(self.facilitator).action_tell()
        self.assertEqual(str(receipt.date_read), "2024-06-15")
        self.assertEqual(receipt.told_by_id, self.facilitator)

    def test_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.ann.lang = "fr_FR"
        template = self.env.ref("partnership_management.mail_template_briefing")
        template.with_context(lang="fr_FR").subject = "Bonjour {{ object.briefing_id.name }}"
        self._create_briefing(readers=[(self.ann, self.council)]).action_send()
        self.assertEqual(self._mails().subject, "Bonjour Test briefing")

    def test_what_was_sent_is_not_made_a_draft_again(self):
        briefing = self._create_briefing(readers=[(self.ann, self.council)])
        briefing = briefing.with_user(self.facilitator)
        briefing.action_send()
        for values in ({"state": "draft"}, {"state": "sent"}, {"date_sent": "2024-01-01"}):
            with self.assertRefused("Test briefing", "was sent", exception=UserError):
                briefing.write(values)
        briefing.action_cancel()
        with self.assertRefused("Test briefing", "was sent", exception=UserError):
            briefing.state = "sent"

    def test_what_is_not_sent(self):
        cancelled = self._create_meeting("2024-06-20 16:00:00")
        cancelled.action_cancel_meeting()
        readers = [(self.ann, self.council)]
        withdrawn = self._create_briefing(readers=readers)
        withdrawn.action_send()
        withdrawn.action_cancel()
        for word, briefing in (
            ("nothing to read", self._create_briefing(readers=readers, body="<p><br></p>")),
            ("no recipients", self._create_briefing()),
            ("its meeting", self._create_briefing(readers, kind="minutes", event_id=cancelled.id)),
            ("it was cancelled", withdrawn),
        ):
            with self.subTest(word), self.assertRefused(word, exception=UserError):
                briefing.action_send()
        self.assertEqual(len(self._mails()), 1)

    def test_stranger_sends_nothing(self):
        briefing = self._create_briefing(readers=[(self.ann, self.council)])
        for method in ("action_send", "action_remind", "action_cancel"):
            with self.assertRaises(AccessError):
                getattr(briefing.with_user(self.stranger), method)()
        self.assertFalse(self._mails())

    # -- Telling and reminding ------------------------------------------------

    def test_draft_is_not_told(self):
        briefing = self._create_briefing(readers=[(self.ann, self.council)])
        with self.assertRefused("not sent", exception=UserError):
            briefing.receipt_ids.action_tell()

    def test_told_does_not_change_who_has_read(self):
        briefing = self._create_briefing(readers=[(self.ann, self.council), (self.bert, self.firm)])
        briefing.action_send()
        ann, bert = briefing.receipt_ids
        ann._confirm_read()
        with freeze_time("2024-06-16 10:00:00"):
            briefing.receipt_ids.action_tell()
        self.assertEqual((str(ann.date_read), ann.told_by_id.ids), ("2024-06-15", []))
        self.assertEqual((str(bert.date_read), bert.told_by_id), ("2024-06-16", self.env.user))

    def test_reading_is_not_written_by_hand(self):
        """Told in person is an action of its day, under the name of who did it."""
        briefing = self._create_briefing(readers=[(self.ann, self.council)])
        briefing.action_send()
        receipt = briefing.receipt_ids.with_user(self.facilitator)
        reader = {"briefing_id": briefing.id, "person_id": self.bert.id}
        for values in (
            {"date_read": "2024-06-15"},
            {"date_read": "2023-01-01", "told_by_id": self.officer.id},
            {"date_sent": "2023-01-01 09:00:00"},
        ):
            for attempt in (
                lambda values=values: receipt.write(values),
                lambda values=values: receipt.create({**reader, **values}),
            ):
                with self.assertRefused("not written by hand", exception=AccessError):
                    attempt()
        with self.assertRaises(AccessError):
            receipt.with_user(self.stranger).action_tell()
        receipt.action_tell()
        self.assertEqual(receipt.told_by_id, self.facilitator)
        with self.assertRefused("not written by hand", exception=AccessError):
            receipt.date_read = False

    def test_remind(self):
        briefing = self._create_briefing(readers=[(self.ann, self.council), (self.bert, self.firm)])
        briefing.action_send()
        briefing.action_remind()
        self.assertEqual(len(self._mails()), 2, "not on the day on which it was sent")
        briefing.receipt_ids[0]._confirm_read()
        with freeze_time("2024-06-16 10:00:00"):
            for _time in range(2):
                briefing.action_remind()
        self.assertEqual(len(self._mails()), 3)
        with freeze_time("2024-12-16 10:00:00"):
            briefing.action_remind()
        self.assertEqual(len(self._mails()), 3, "the link has ended")

    def test_reminder_by_itself(self):
        """Off unless the partnership wants it; then once, so many days before it is due."""
        cron = self.env.ref("partnership_management.ir_cron_remind_briefings").method_direct_trigger
        briefing = self._create_briefing(readers=[(self.ann, self.council)])
        briefing.action_send()
        with freeze_time("2024-06-27 10:00:00"), self.enter_registry_test_mode():
            cron()
            self.assertEqual(len(self._mails()), 1)
        self.partnership.briefing_remind_days = 3
        for day, mails in (("25", 1), ("26", 2), ("27", 2), ("29", 2), ("30", 2)):
            with freeze_time(f"2024-06-{day} 10:00:00"), self.enter_registry_test_mode():
                cron()
                self.assertEqual(len(self._mails()), mails, day)

    def test_counts(self):
        briefing = self._create_briefing(
            readers=[(self.ann, self.council), (self.bert, self.firm)], ask_relay=True
        )
        briefing.action_send()
        briefing.receipt_ids[0]._confirm_relayed("Told the council", "2024-06-15")
        self.assertEqual((briefing.read_text, briefing.read_percent), ("1/2", 50))
        self.assertEqual(briefing.relay_count, 1)

    def test_counts_without_a_query_for_each(self):
        briefings = self.env["partnership.briefing"]
        for _each in range(8):
            briefings += self._create_briefing(readers=[(self.ann, self.council)])
        self.env.flush_all()
        for records in (briefings[:1], briefings):
            self.env.invalidate_all()
            with self.assertQueryCount(2):
                records.mapped("read_text")

    def test_rates_need_three(self):
        briefing = self._create_briefing(
            readers=[
                (self.ann, self.council),
                (self.bert, self.firm),
                (self.rosa, self.resident),
            ]
        )
        Receipt = self.env["partnership.briefing.receipt"]
        here = [("briefing_id", "=", briefing.id)]
        briefing.action_send()
        briefing.receipt_ids[0]._confirm_read()
        with freeze_time("2024-07-16 10:00:00"):
            briefing.receipt_ids[1]._confirm_read()
        rates = ["read_rate:avg", "in_time_rate:avg"]
        [(read, in_time)] = Receipt._read_group(here, [], rates)
        self.assertAlmostEqual(read, 2 / 3)
        self.assertAlmostEqual(in_time, 1 / 3)
        [(read, _in_time)] = Receipt._read_group(
            [("id", "in", briefing.receipt_ids[:2].ids)], [], rates
        )
        self.assertIs(read, False)

    def test_relay_by_the_team(self):
        briefing = self._create_briefing(readers=[(self.ann, self.council)])
        briefing.action_send()
        receipt = briefing.receipt_ids
        with self.assertRefused("Say how"):
            receipt.date_relayed = "2024-06-15"
        for day in ("2024-06-14", "2024-06-16"):
            with self.assertRefused("is not a day"):
                receipt.write({"date_relayed": day, "relay_evidence": "Told the council"})

    def test_files_of_another_are_not_taken(self):
        """Linking a file that belongs to another record does not make it the briefing's."""
        file = self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"a", "res_model": "res.partner", "res_id": self.ann.id}
        )
        briefing = self._create_briefing(attachment_ids=[Command.link(file.id)])
        self.assertNotEqual(file.res_model, briefing._name)
