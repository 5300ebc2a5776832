from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PartnershipCase


@tagged("post_install", "-at_install")
class TestAccessForeign(PartnershipCase):
    """What people try who may read a meeting or a record, but are not of its team."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seat = cls._create_seat(cls._create_member("Test council"))
        cls._create_mandate(cls.seat, cls.portal_user.partner_id)
        cls.guests = cls.portal_user.partner_id
        cls.meeting = cls._create_meeting(partner_ids=[Command.set(cls.guests.ids)])
        cls.foreign = cls.env["partnership.partnership"].create(
            {"name": "Test foreign partnership", "user_ids": cls.stranger.ids}
        )
        cls.foreign_body = cls._create_body("Test foreign", partnership_id=cls.foreign.id)

    def assertStateStays(self, user, exception):
        meeting = self.meeting.with_user(user)
        state = meeting.partnership_state
        for method in ("action_open_sheet", "action_close_sheet", "action_cancel_meeting"):
            with self.assertRefused(exception=exception):
                getattr(meeting, method)()
        self.assertEqual(self.meeting.partnership_state, state)

    def test_guest_of_the_portal_leaves_the_sheet_alone(self):
        """A representative reads the partnership and, as a guest, the meeting."""
        self.meeting.with_user(self.portal_user).check_access("read")
        self.assertStateStays(self.portal_user, AccessError)
        self.meeting._fill_sheet()
        self.assertStateStays(self.portal_user, AccessError)
        for method, *args in (
            ("attendance_sheet_read",),
            ("attendance_sheet_mark_rest", "present"),
            ("attendance_sheet_mark", [[self.meeting.attendance_ids.ids, {"status": "absent"}]]),
        ):
            with self.assertRefused(exception=AccessError):
                getattr(self.meeting.with_user(self.portal_user), method)(*args)

    def test_employee_and_stranger_leave_the_sheet_alone(self):
        for user in (self.employee, self.stranger):
            self.assertStateStays(user, AccessError)

    def test_state_is_not_written(self):
        """Whoever may write the event cannot make its sheet count, or stop counting."""
        for user in (self.employee, self.stranger, self.facilitator):
            with self.assertRefused("Meeting State", "not written", exception=AccessError):
                self.meeting.with_user(user).partnership_state = "closed"
        self.meeting.with_user(self.facilitator)._close_sheet()
        with self.assertRefused("Meeting State", exception=AccessError):
            self.meeting.with_user(self.employee).partnership_state = "planned"

    def test_employee_reads_the_event_whole(self):
        """A meeting is an event like any other to those who have nothing to do with it."""
        self.meeting._fill_sheet()
        values = self.meeting.with_user(self.employee).read()[0]
        self.assertEqual(values["partnership_state"], "open")
        self.assertNotIn("attendance_ids", values)

    def test_row_stays_on_its_sheet(self):
        foreign = self._create_meeting(body=self.foreign_body)
        row = self.env["partnership.attendance"]._record(
            foreign, self._create_person("Test guest"), status="present"
        )
        with self.assertRefused("Test guest", "its own sheet", exception=UserError):
            row.with_user(self.stranger).event_id = self.meeting
        row.with_user(self.stranger).write({"event_id": foreign.id, "status": "late"})
        self.assertEqual((row.event_id, row.status), (foreign, "late"))

    def test_nothing_is_given_to_a_foreign_partnership(self):
        spelling = self.env["partnership.spelling"].create(
            {"partnership_id": self.foreign.id, "name": "Tst"}
        )
        for record in (self.foreign_body, spelling):
            with self.assertRefused(exception=AccessError):
                record.with_user(self.stranger).partnership_id = self.partnership
        self.partnership.user_ids |= self.stranger
        for record in (self.foreign_body, spelling):
            with self.assertRefused(self.foreign.name, self.partnership.name, exception=UserError):
                record.with_user(self.stranger).partnership_id = self.partnership

    def test_seats_and_mandates_are_not_given_to_a_foreign_partnership(self):
        member = self._create_member("Test other", partnership_id=self.foreign.id)
        seat = self._create_seat(member, body=self.foreign_body)
        mandate = self._create_mandate(seat, "Test person")
        with self.assertRefused(exception=AccessError):
            mandate.with_user(self.stranger).seat_id = self.seat
        with self.assertRefused(exception=AccessError):
            seat.with_user(self.stranger).write(
                {"body_id": self.body.id, "membership_id": self.seat.membership_id.id}
            )

    def test_dialogs_are_ones_own(self):
        lists = self.env["partnership.import"].with_user(self.facilitator)
        line = self.env["partnership.import.line"].with_user(self.facilitator)
        line = line.create(
            {"import_id": lists.create({"partnership_id": self.partnership.id}).id, "cells": ["x"]}
        )
        self.assertEqual(line.read(["cells"])[0]["cells"], ["x"])
        for user in (self.stranger, self.officer):
            with self.assertRefused(exception=AccessError):
                line.with_user(user).read(["cells"])

    def test_every_dialog_has_its_rule(self):
        wizards = self.env["ir.model"].search(
            [("model", "=like", "partnership.%"), ("transient", "=", True)]
        )
        self.assertGreater(len(wizards), 5)
        for model in wizards:
            rules = model.rule_ids.filtered(lambda rule: not rule.groups)
            self.assertIn("create_uid", str(rules.mapped("domain_force")), model.model)
