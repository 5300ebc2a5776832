from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-03 16:42:00")
class TestHours(PartnershipCase):
    """Presence from a time on, or until one, at a meeting from 18:00 to 20:00 in Brussels, 16:00
    UTC; it is 18:42 there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council, cls.firm = (cls._create_member(f"Test {name}") for name in ("council", "firm"))
        cls.seat, cls.firm_seat = cls._create_seat(cls.council), cls._create_seat(cls.firm)
        cls.titular = cls._create_mandate(cls.seat, "Test titular").person_id
        cls.holder = cls._create_mandate(cls.firm_seat, "Test holder").person_id
        cls.meeting = cls._create_meeting().with_user(cls.facilitator)
        cls.meeting.attendance_sheet_open()
        cls.row = cls.meeting.attendance_ids.filtered(lambda row: row.seat_id == cls.seat)
        cls.beginning = cls.meeting.start

    def _tap(self, **values):
        self.meeting.attendance_sheet_mark([[self.row.ids, values]])

    def _times(self):
        """:return: when the person came and left, in hours and minutes UTC"""
        return tuple(
            moment and f"{moment:%H:%M}" for moment in (self.row.check_in, self.row.check_out)
        )

    # -- What a row may say -----------------------------------------------------------------

    def test_nobody_leaves_before_coming(self):
        self.row.write({"status": "late", "check_in": "2024-06-03 16:42:00"})
        with self.assertRefused("Test titular", "before coming", "6:30", "6:42"):
            self.row.check_out = "2024-06-03 16:30:00"
        self.row.check_out = "2024-06-03 16:42:00"
        with self.assertRefused("Test titular", "before coming"):
            self.row.check_in = "2024-06-03 16:43:00"
        self.assertEqual(self._times(), ("16:42", "16:42"))

    def test_what_is_no_time_is_refused(self):
        for value in ("yesterday", "2024-06-03 25:00:00", "0001-01-01 00:00:00", -1):
            for fname in ("check_in", "check_out"):
                with self.subTest(fname=fname, value=value), self.assertRefused("not a date"):
                    self._tap(**{fname: value})

    def test_who_is_there_all_the_time_gives_no_proxy(self):
        for values in (
            {"status": "present"},
            {"status": "late"},
            {"status": "late", "check_in": "2024-06-03 16:00:00"},
            {"status": "present", "check_in": "2024-06-03 15:50:00"},
            {"status": "present", "check_in": "2024-06-03 16:15:00"},
        ):
            with self.subTest(values=values), self.assertRefused("Test titular", "left earlier"):
                self.row.write({"proxy_id": self.holder.id, **values})

    def test_who_came_later_or_left_earlier_gives_one(self):
        for values in (
            {"status": "present", "check_in": "2024-06-03 16:15:01"},
            {"status": "late", "check_in": "2024-06-03 16:00:01"},
            {"status": "present", "check_in": False, "check_out": "2024-06-03 17:10:00"},
        ):
            with self.subTest(values=values):
                self.row.write({"proxy_id": self.holder.id, **values})
                self.assertEqual(self.row.proxy_id, self.holder)
        with self.assertRefused("Test titular", "left earlier"):
            self.row.check_out = False
        with self.assertRefused("Test titular", "somebody else"):
            self.row.proxy_id = self.titular

    def test_beginning_of_a_whole_day_is_its_midnight_here(self):
        """In Brussels the third of June begins on the second, 22:00 UTC."""
        self.meeting.sudo().write({"allday": True, "start_date": "2024-06-03"})
        self.row.write({"status": "late", "check_in": "2024-06-02 22:00:00"})
        self.assertEqual(self.row._get_hours({}), (None, None))
        self.row.check_in = "2024-06-02 22:00:01"
        self.assertEqual(self.row._get_hours({}), (self.row.check_in, None))

    def test_hours_of_a_closed_sheet_are_a_correction_on_the_clock_of_the_partnership(self):
        self.partnership.tz = "Asia/Tokyo"  # nine hours ahead of UTC
        self.row.status = "present"
        self.meeting._close_sheet("absent")
        self.row.check_out = "2024-06-03 17:10:00"
        self.assertIn("left 6/4/24, 2:10", self._log(self.meeting)[0].text)
        self.row.check_in = "2024-06-03 16:20:00"
        self.assertIn("checked in 6/4/24, 1:20", self._log(self.meeting)[0].text)

    def test_hours_keep_a_row(self):
        self.row.check_out = "2024-06-03 17:10:00"
        with self.assertRefused("Test titular", exception=UserError):
            self.row.unlink()
        with self.assertRefused("Test titular", exception=UserError):
            self.meeting.action_take_back_sheet()

    # -- What a tap writes ------------------------------------------------------------------

    def test_late_is_now_while_the_meeting_runs(self):
        self._tap(status="late")
        self.assertEqual(self._times(), ("16:42", False))
        with freeze_time("2024-06-03 17:00:00"):
            self._tap(status="late")
        self.assertEqual(self._times(), ("16:42", False), "it came once")
        self._tap(status="present")
        self.assertEqual(self._times(), (False, False), "it was not late after all")

    def test_late_is_of_no_hour_when_the_meeting_does_not_run(self):
        for moment in ("2024-06-03 16:00:00", "2024-06-03 18:00:01", "2024-06-15 10:00:00"):
            with self.subTest(moment=moment), freeze_time(moment):
                self._tap(status="late")
                self.assertEqual(self._times(), (False, False))
                self._tap(status="not_recorded")
        with freeze_time("2024-06-03 18:00:00"):
            self._tap(status="late")
        self.assertEqual(self._times(), ("18:00", False))

    def test_hour_of_a_tap_that_waited_for_a_connection_holds(self):
        self._tap(status="late", check_in="2024-06-03 16:31:00")
        self._tap(check_out="2024-06-03 16:40:00")
        self.assertEqual(self._times(), ("16:31", "16:40"))
        self._tap(status="late", check_in=False, check_out=False)
        self.assertEqual(self._times(), (False, False), "undone, the meeting running or not")

    def test_who_is_not_there_has_no_hours(self):
        for status in ("excused", "absent", "not_recorded"):
            with self.subTest(status=status):
                self._tap(status="late", check_out="2024-06-03 17:10:00")
                self._tap(status=status)
                self.assertEqual(self._times(), (False, False))

    def test_check_in_by_phone_stays_when_present_is_tapped(self):
        self.meeting.sudo()._check_in(self.titular.id, [self.council.partner_id.id])
        self._tap(status="present")
        self.assertEqual((self.row.status, *self._times()), ("present", "16:42", False))

    def test_proxy_holds_for_who_comes_late_or_leaves_and_for_nobody_else(self):
        self._tap(status="excused", proxy_id=self.holder.id)
        self._tap(status="late")
        self.assertEqual(self.row.proxy_id, self.holder, "it was given for the time before")
        self._tap(status="present")
        self.assertFalse(self.row.proxy_id)
        self._tap(check_out="2024-06-03 17:10:00", proxy_id=self.holder.id)
        self.assertEqual((self.row.status, self.row.proxy_id), ("present", self.holder))
        self._tap(check_out=False)
        self.assertFalse(self.row.proxy_id, "who stayed after all votes")

    # -- What does not change ---------------------------------------------------------------

    def test_figures_are_the_same_with_hours_as_without(self):
        rows = self.meeting.attendance_ids
        rows.status = "present"
        self.meeting._close_sheet("absent")
        report = self.env["partnership.participation.report"]
        names = ("seat_id", "outcome", "represented", "expected", "person_id", "presence_rate")

        def read():
            self.env.flush_all()
            self.env.invalidate_all()
            lines = report.search([("event_id", "=", self.meeting.id)], order="id")
            return lines.read(names), self.meeting._get_quorum()

        before = read()
        self.row.write({"check_out": "2024-06-03 16:10:00", "proxy_id": self.holder.id})
        rows.write({"check_in": "2024-06-03 16:05:00"})
        self.assertEqual(read(), before)
        self.assertEqual(len(before[0]), 2)

    def test_rows_of_one_person_that_are_merged_take_the_hours_of_one(self):
        twin = self._create_person("Test twin")
        values = {"event_id": self.meeting.id, "person_id": twin.id}
        values |= {"organisation_id": self.council.partner_id.id, "seat_id": self.seat.id}
        self.row.sudo().create({**values, "status": "late", "check_in": "2024-06-03 16:42:00"})
        self.row.write({"status": "present", "check_out": "2024-06-03 16:30:00"})
        self.env.flush_all()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.titular + twin).ids, self.titular)
        self.assertEqual((self.row.status, *self._times()), ("present", False, "16:30"))
        self.row._check_hours()

    # -- Who reads and writes it ------------------------------------------------------------

    def test_portal_reads_the_hours_of_its_organisation_alone(self):
        self.row.write({"status": "present", "check_out": "2024-06-03 17:10:00"})
        self.meeting._close_sheet("absent")
        self.portal_user.partner_id.parent_id = self.council.partner_id
        Attendance = self.row.with_user(self.portal_user)
        [line] = Attendance.search_read([("check_out", "!=", False)], ["check_out", "check_in"])
        self.assertEqual((line["id"], str(line["check_out"])), (self.row.id, "2024-06-03 17:10:00"))
        self.portal_user.partner_id.parent_id = self.firm.partner_id
        self.env.invalidate_all()
        self.assertFalse(Attendance.search([("check_out", "!=", False)]))

    def test_others_write_no_hours(self):
        for user in (self.stranger, self.employee, self.portal_user):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self.row.with_user(user).write({"check_out": "2024-06-03 17:10:00"})
        self.assertFalse(self.row.check_out)
