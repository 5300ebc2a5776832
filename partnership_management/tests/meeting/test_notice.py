from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.mail.tests.common import MockEmail

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-10 10:00:00")
class TestNotice(PartnershipCase, MockEmail):
    """A board that is invited seven days ahead meets on 24 June: by 17 June."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seats = cls.env["partnership.seat"]
        for name in ("council", "firm"):
            cls.seats += cls._create_seat(cls._create_member(f"Test {name}"))
        cls.titular = cls._create_mandate(cls.seats[0], "Test titular").person_id
        cls.deputy = cls._create_mandate(cls.seats[0], "Test deputy", "alternate").person_id
        cls.other = cls._create_mandate(cls.seats[1], "Test other").person_id
        cls.meeting = cls._create_meeting(
            "2024-06-24 16:00:00", partner_ids=(cls.titular + cls.other).ids
        ).with_user(cls.facilitator)

    def _send(self):
        with self.mock_mail_gateway():
            self._invite(self.meeting)
        self.env.flush_all()

    def _wizard(self, **values):
        action = self.meeting.action_invite()
        return (
            self.env["partnership.invitation"]
            .with_user(self.facilitator)
            .with_context(**action["context"])
            .create(values)
        )

    def assertNotice(self, notice, date):
        self.env.flush_all()
        found = self.meeting.partnership_notice_date
        self.assertEqual((self.meeting.partnership_notice, str(found or "")), (notice, date))

    def test_due_date(self):
        self.assertEqual(str(self.meeting.partnership_notice_due), "2024-06-17")
        self.assertNotice(False, "")
        self.body.notice_days = 10
        self.assertEqual(str(self.meeting.partnership_notice_due), "2024-06-14")
        self.meeting.write({"start": "2024-06-30 23:00:00", "stop": "2024-06-30 23:30:00"})
        self.assertEqual(str(self.meeting.partnership_notice_due), "2024-06-21")

    def test_due_date_of_a_closed_meeting_stays(self):
        meeting = self._create_meeting("2024-06-03 16:00:00")
        meeting._close_sheet("absent")
        self.body.notice_days = 20
        self.assertEqual(str(meeting.partnership_notice_due), "2024-05-27")

    def test_event_without_a_body_has_no_notice(self):
        event = self._create_meeting(
            "2024-06-24 16:00:00",
            partnership_body_id=False,
            partnership_id=self.partnership.id,
            partner_ids=self.other.ids,
        )
        self.assertFalse(event.partnership_notice_due)
        with self.mock_mail_gateway():
            self._invite(event)
        self.assertFalse(event.partnership_notice)

    def test_kept_on_the_last_day(self):
        """It is still 17 June in Brussels, until ten in the evening in UTC."""
        with freeze_time("2024-06-17 21:59:00"):
            self.assertFalse(self._wizard().is_late)
            self._send()
        self.assertNotice("kept", "2024-06-17")

    def test_missed_the_day_after(self):
        with freeze_time("2024-06-17 22:01:00"):
            self.assertTrue(self._wizard().is_late)
            self._send()
        self.assertNotice("missed", "2024-06-18")

    def test_guest_added_late_without_a_seat(self):
        self._send()
        with freeze_time("2024-06-20"):
            self.meeting.partner_ids = [Command.link(self._create_person("Test expert").id)]
            self.assertFalse(self._wizard().is_late)
            self._send()
        self.assertNotice("kept", "2024-06-10")

    def test_alternate_of_who_was_invited_in_time(self):
        self._send()
        with freeze_time("2024-06-20"):
            self.meeting.partner_ids = [Command.link(self.deputy.id)]
            self._send()
        self.assertNotice("kept", "2024-06-10")

    def test_seat_forgotten(self):
        self.meeting.partner_ids = [Command.unlink(self.other.id)]
        self._send()
        self.assertNotice("kept", "2024-06-10")
        with freeze_time("2024-06-20"):
            self.meeting.partner_ids = [Command.link(self.other.id)]
            self.assertTrue(self._wizard().is_late)
            self._send()
        self.assertNotice("missed", "2024-06-20")

    def test_person_appointed_after_the_due_date(self):
        self._send()
        with freeze_time("2024-06-20"):
            self.seats[1].mandate_ids.date_end = "2024-06-18"
            new = self._create_mandate(self.seats[1], "Test new", date_start="2024-06-19")
            self.meeting.partner_ids = [Command.set((self.titular + new.person_id).ids)]
            self._send()
        self.assertNotice("kept", "2024-06-10")

    def test_another_day_makes_new_invitations_due(self):
        self._send()
        self.meeting.write({"start": "2024-06-25 16:00:00", "stop": "2024-06-25 18:00:00"})
        self.assertNotice(False, "")
        self.assertEqual(self.meeting._get_uninvited().partner_id, self.titular + self.other)
        self.meeting.write({"start": "2024-06-24 16:00:00", "stop": "2024-06-24 18:00:00"})
        self.assertNotice("kept", "2024-06-10")

    def test_another_hour_of_the_day_keeps_the_notice(self):
        self._send()
        with freeze_time("2024-06-20"):
            self.meeting.write({"start": "2024-06-24 17:00:00", "stop": "2024-06-24 19:00:00"})
            self.assertNotice("kept", "2024-06-10")
            self._send()
        self.assertNotice("kept", "2024-06-10")

    def test_correcting_the_day_of_a_meeting_that_was_held(self):
        self._send()
        with freeze_time("2024-06-25"):
            self.meeting._fill_sheet()
            self.meeting.write({"start": "2024-06-23 16:00:00", "stop": "2024-06-23 18:00:00"})
        self.assertNotice("kept", "2024-06-10")

    def test_removed_guest_does_not_take_the_notice_along(self):
        self._send()
        self.meeting.partner_ids = [Command.set([])]
        self.assertNotice("kept", "2024-06-10")

    def test_copy_is_not_invited(self):
        self._send()
        copy = self.meeting.copy({"start": "2024-07-24 16:00:00", "stop": "2024-07-24 18:00:00"})
        self.assertFalse(copy.partnership_notice_date)
        self.assertEqual(str(copy.partnership_notice_due), "2024-07-17")

    def test_all_day_meeting(self):
        self.meeting = self._create_meeting(
            "2024-06-24", allday=True, start_date="2024-06-24", stop_date="2024-06-24",
            partner_ids=self.titular.ids,
        ).with_user(self.facilitator)  # fmt: skip
        self.assertEqual(str(self.meeting.partnership_notice_due), "2024-06-17")
        self._send()
        self.assertNotice("kept", "2024-06-10")
        self.assertTrue(self.meeting.attendee_ids._is_invited_for_the_day())

    # ------------------------------------------------------------
    # The dialog
    # ------------------------------------------------------------

    def test_organiser_who_sees_no_partnership_moves_it(self):
        """The calendar is open to employees; the day is that of the partnership all the same."""
        for allday in (False, True):
            meeting = self._create_meeting(
                "2024-06-24 16:00:00",
                partner_ids=self.titular.ids,
                user_id=self.employee.id,
                allday=allday,
                **({"start_date": "2024-06-24", "stop_date": "2024-06-24"} if allday else {}),
            )
            with self.mock_mail_gateway():
                self._invite(meeting.with_user(self.facilitator))
            moved = {"start": "2024-06-27 16:00:00", "stop": "2024-06-27 18:00:00"}
            if allday:
                moved = {"start_date": "2024-06-27", "stop_date": "2024-06-27"}
            self.env.flush_all()
            self.env.invalidate_all()
            with self.subTest(allday=allday), self.mock_mail_gateway():
                meeting.with_user(self.employee).write(moved)
                self.assertEqual(str(meeting.partnership_date), "2024-06-27")
                self.assertFalse(meeting.partnership_notice)

    def test_dialog_says_who_is_invited(self):
        self.other.email = False
        action = self.meeting.action_invite()
        Wizard = self.env["partnership.invitation"].with_user(self.facilitator)
        with Form(Wizard.with_context(**action["context"])) as form:
            self.assertEqual(form.recipient_ids.ids, self.titular.ids)
            self.assertEqual(form.unreachable_ids.ids, self.other.ids)
            form.way = "other"
            self.assertEqual(
                sorted(form.recipient_ids.ids), sorted((self.titular + self.other).ids)
            )
        with self.mock_mail_gateway():
            self._wizard().action_send()
        self.assertEqual(self._new_mails.recipient_ids, self.titular)

    def test_invited_by_letter(self):
        wizard = self._wizard(way="other", date="2024-06-03")
        with self.mock_mail_gateway():
            wizard.action_send()
        self.assertFalse(self._new_mails)
        self.assertNotice("kept", "2024-06-03")
        self.assertFalse(self.meeting._get_uninvited())

    def test_letter_that_came_late(self):
        with freeze_time("2024-06-20"):
            wizard = self._wizard(way="other", date="2024-06-18")
            self.assertTrue(wizard.is_late)
            wizard.action_send()
        self.assertNotice("missed", "2024-06-18")

    def test_letter_of_tomorrow(self):
        with self.assertRefused("still to come", exception=UserError):
            self._wizard(way="other", date="2024-06-11").action_send()

    def test_invitation_is_the_teams(self):
        for user in (self.stranger, self.employee):
            meeting = self.meeting.with_user(user)
            with self.assertRaises(AccessError):
                meeting.action_invite()
            with self.assertRaises(AccessError):
                self.env["partnership.invitation"].with_user(user).create(
                    {"event_ids": self.meeting.ids}
                )

    def test_filter_of_invitations_due(self):
        later = self._create_meeting("2024-07-24 16:00:00")
        due = [
            ("partnership_state", "=", "planned"),
            ("partnership_notice_date", "=", False),
            ("partnership_notice_due", "<=", "today +7d"),
            ("partnership_is_over", "=", False),
            ("id", "in", (self.meeting + later).ids),
        ]
        self.assertEqual(self.env["calendar.event"].search(due), self.meeting)
        self._send()
        self.assertFalse(self.env["calendar.event"].search(due))
