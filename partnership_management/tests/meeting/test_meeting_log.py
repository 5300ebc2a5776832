import base64

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.mail.tests.common import MockEmail

from ..common import PartnershipCase

OURS = {"partnership_management", "partnership_training"}


@tagged("post_install", "-at_install")
@freeze_time("2024-06-10 10:00:00")
class TestMeetingLog(PartnershipCase, MockEmail):
    """One representative sends apologies ahead; at a meeting that was held a row is corrected."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env["res.company"].create({"name": "Test other company"})
        cls.elsewhere = new_test_user(
            cls.env,
            "test_elsewhere",
            "base.group_user",
            company_id=company.id,
            company_ids=company.ids,
        )
        cls.seat = cls._create_seat(cls._create_member("Test council"))
        cls.titular = cls._create_mandate(cls.seat, "Test titular").person_id
        cls.meeting = cls._create_meeting("2024-06-24 16:00:00", partner_ids=cls.titular.ids)
        cls.held = cls._create_meeting("2024-06-03 16:00:00", user_id=cls.employee.id)
        cls.foreign = cls.env["partnership.partnership"].create(
            {"name": "Test foreign partnership", "user_ids": cls.stranger.ids}
        )

    def setUp(self):
        super().setUp()
        with self.mock_mail_gateway():
            self.meeting.attendee_ids._apologise(
                self.seat, reason="Test journey", substitute="Test neighbour"
            )
        self.held.with_user(self.facilitator)._close_sheet("absent")
        row = self.held.attendance_ids
        row.with_user(self.facilitator).write({"status": "excused", "reason": "Test illness"})
        self.env.flush_all()
        self.env.invalidate_all()

    def _take_back(self):
        with self.mock_mail_gateway():
            self.meeting.attendee_ids._accept(self.seat)

    def test_employees_find_nothing_on_the_meeting(self):
        """In whatever field of ours, or message; of their own company, or of another one."""
        secrets = ("Test titular", "journey", "neighbour", "illness", "apolog", "xcused", "bsent")
        fields = self.env["calendar.event"]._fields.values()
        ours = [field.name for field in fields if set(field._modules) & OURS]
        self.assertIn("partnership_log_ids", ours)
        for user in (self.employee, self.elsewhere):
            for meeting in (self.meeting, self.held):
                found = []
                for fname in ours:
                    try:
                        found.append(str(meeting.with_user(user).read([fname])))
                    except AccessError:
                        continue
                self.assertGreater(len(found), 5)
                messages = self.env["mail.message"].with_user(user)
                messages = messages.search(
                    [("model", "=", "calendar.event"), ("res_id", "=", meeting.id)]
                )
                found += [str(values) for values in messages.read(["body", "subject", "preview"])]
                for secret in secrets:
                    self.assertNotIn(secret, "".join(found), user.login)
            with self.assertRefused(exception=AccessError):
                self.env["partnership.meeting.log"].with_user(user).search([])

    def test_team_reads_it(self):
        for user in (self.facilitator, self.officer, self.administrator):
            for meeting, kind in ((self.meeting, "apology"), (self.held, "correction")):
                log = meeting.with_user(user).partnership_log_ids
                self.assertEqual(log.kind, kind)
                self.assertIn("Test titular", log.text)
                self.assertNotIn("journey", log.text, "reasons are confidential")
        self.env.invalidate_all()
        self.assertFalse(self.meeting.with_user(self.stranger).partnership_log_ids)
        log = self._log(self.held)
        self.assertEqual(log.author_id, self.facilitator.partner_id)
        self.assertEqual(str(log.date), "2024-06-10 10:00:00")

    def test_nobody_writes_it(self):
        values = {"event_id": self.held.id, "kind": "move", "date": "2024-06-10", "text": "x"}
        for user in (self.facilitator, self.officer, self.administrator):
            log = self._log(self.held).with_user(user)
            for attempt in (
                lambda log=log: log.write({"text": "x"}),
                lambda log=log: log.unlink(),
                lambda log=log: log.create(values),
                lambda log=log: log.event_id.write(
                    {"partnership_log_ids": [Command.update(log.id, {"text": "x"})]}
                ),
            ):
                with self.assertRefused(exception=AccessError):
                    attempt()

    def test_file_is_read_by_the_team(self):
        log = self._log(self.held)
        file = self.env["ir.attachment"].create(
            {
                "name": "letter.txt",
                "datas": base64.b64encode(b"Test"),
                "res_model": log._name,
                "res_id": log.id,
            }
        )
        log.sudo().attachment_ids = file
        self.assertEqual(log.with_user(self.facilitator).attachment_ids.name, "letter.txt")
        with self.assertRefused(exception=AccessError):
            file.with_user(self.employee).read(["datas"])

    def test_one_row_for_each_meeting_and_operation(self):
        member = self._create_member("Test firm")
        self._create_seat(member)
        third = self._create_meeting("2024-06-04 16:00:00")
        third._close_sheet("absent")
        rows = third.attendance_ids + self.held.attendance_ids
        rows.with_user(self.facilitator).write({"status": "not_recorded"})
        self.assertEqual(len(self._log(third)), 1)
        self.assertEqual(self._log(third).text.count("<li>"), 2)
        self.assertEqual(len(self._log(self.held)), 2)

    def test_meeting_is_not_deleted_with_its_log(self):
        """The apology was taken back: nothing is recorded, and still something was said."""
        self._take_back()
        self.assertFalse(self.meeting._filtered_recorded())
        with self.assertRefused("Test meeting", "Cancel the meeting", exception=UserError):
            self.meeting.unlink()
        self.assertEqual(len(self._log(self.meeting)), 2)
        self.meeting.action_cancel_meeting()
        self.meeting.active = False
        self.assertEqual(len(self._log(self.meeting)), 2)

    def test_log_stays_in_its_partnership(self):
        self._take_back()
        body = self._create_body("Test foreign", partnership_id=self.foreign.id)
        for values in (
            {"partnership_body_id": body.id},
            {"partnership_body_id": body.id, "partnership_id": self.foreign.id},
            {"partnership_body_id": False, "partnership_id": False},
        ):
            with self.assertRefused("Test meeting", "log", exception=UserError):
                self.meeting.write(values)
        group = self._create_body("Test group")
        self.meeting.partnership_body_id = group
        self.assertEqual(self._log(self.meeting).body_id, group)

    def test_planned_meeting_is_deleted(self):
        """Another check-in code says nothing of anybody."""
        planned = self._create_meeting("2024-06-25 16:00:00")
        planned._fill_sheet()
        planned.with_user(self.facilitator).action_renew_check_in()
        log = self._log(planned)
        self.assertEqual(log.kind, "code")
        planned.unlink()
        self.assertFalse(log.exists())

    def test_merge_takes_the_author_along(self):
        self.assertEqual(self._log(self.meeting).author_id, self.titular)
        double = self._create_person("Test double")
        self.titular.email = double.email
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.titular + double).ids, double, extra_checks=False)
        self.assertEqual(self._log(self.meeting).author_id, double)

    def test_author_is_not_deleted(self):
        guest = self._create_person("Test guest")
        self.env["partnership.meeting.log"]._log("apology", {self.meeting: "x"}, guest)
        with self.assertRefused("Test guest", exception=UserError):
            guest.unlink()
