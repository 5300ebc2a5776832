from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestSheetRpc(PartnershipCase):
    """What the screen of the sheet asks for and sends, as the facilitator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council = cls._create_member("Test council")
        cls.firm = cls._create_member("Test firm", group=cls.group_economic)
        cls.resident = cls._create_member(cls._create_person("Test resident"))
        cls.vacant = cls._create_member("Test vacant member")
        cls.seats = (
            cls._create_seat(cls.council)
            + cls._create_seat(cls.firm)
            + cls._create_seat(cls.resident)
            + cls._create_seat(cls.vacant)
        )
        cls.titular = cls._create_mandate(cls.seats[0], "Test titular", office="chair").person_id
        cls.alternate = cls._create_mandate(cls.seats[0], "Test alternate", "alternate").person_id
        cls.firm_titular = cls._create_mandate(cls.seats[1], "Test firm titular").person_id
        cls.meeting = cls._create_meeting().with_user(cls.facilitator)
        cls.meeting.attendance_sheet_open()
        cls.row_council, cls.row_firm, cls.row_resident, cls.row_vacant = (
            cls.meeting.attendance_ids.filtered(lambda row, seat=seat: row.seat_id == seat)
            for seat in cls.seats
        )

    def _lines(self, sheet=None):
        sheet = sheet or self.meeting.attendance_sheet_read()
        return {line["id"]: line for line in sheet["rows"]}

    def _mark(self, rows, **values):
        return self.meeting.attendance_sheet_mark([[rows.ids, values]])

    def _close(self):
        self.meeting._close_sheet("absent")
        self.assertEqual(self.meeting.partnership_state, "closed")

    # -- What the screen reads --------------------------------------------------------------

    def test_lines_say_who_in_what_capacity(self):
        lines = self._lines()
        council, firm, resident, vacant = (
            lines[row.id]
            for row in (self.row_council, self.row_firm, self.row_resident, self.row_vacant)
        )
        self.assertEqual(council["member"], "Test council")
        self.assertEqual(council["person"], {"id": self.titular.id, "name": "Test titular"})
        self.assertEqual((council["capacity"], council["office"]), ("titular", "Chair"))
        self.assertEqual([other["name"] for other in council["others"]], ["Test alternate"])
        self.assertEqual(firm["group_id"], self.group_economic.id)
        self.assertEqual((resident["capacity"], resident["member"]), ("member", "Test resident"))
        self.assertEqual((vacant["capacity"], vacant["person"]), ("vacant", False))
        self.assertTrue(all(line["is_lead"] and not line["proxy"] for line in lines.values()))

    def test_meeting_and_groups_of_the_day(self):
        sheet = self.meeting.attendance_sheet_read()
        self.assertEqual(sheet["meeting"]["state"], "open")
        self.assertEqual(sheet["meeting"]["date"], "06/03/2024")
        self.assertTrue(sheet["meeting"]["has_begun"])
        self.firm.with_context(transition_date="2024-06-10").interest_group_id = self.group_civil
        sheet = self.meeting.attendance_sheet_read()
        self.assertEqual(self._lines(sheet)[self.row_firm.id]["group_id"], self.group_economic.id)
        self.assertEqual(
            [group["name"] for group in sheet["groups"]], ["Test councils", "Test firms"]
        )

    def test_queries_do_not_grow_with_seats(self):
        def count(number):
            body = self._create_body(f"Test body of {number}")
            for index in range(number):
                seat = self._create_seat(
                    self._create_member(f"Test member {number} {index}"), body=body
                )
                self._create_mandate(seat, f"Test person {number} {index}")
                self._create_mandate(seat, f"Test alternate {number} {index}", "alternate")
            meeting = self._create_meeting(body=body).with_user(self.facilitator)
            meeting.attendance_sheet_open()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            sheet = meeting.attendance_sheet_read()
            self.assertEqual(len(sheet["rows"]), number)
            reading = self.env.cr.sql_log_count - before
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            meeting.attendance_sheet_mark([[meeting.attendance_ids.ids, {"status": "present"}]])
            self.env.flush_all()
            return reading, self.env.cr.sql_log_count - before

        count(2)
        few, many = count(8), count(80)
        self.assertEqual(few, many)
        self.assertLess(few[0], 40)

    # -- Marking ----------------------------------------------------------------------------

    def test_mark_many_rows_at_once(self):
        sheet = self.meeting.attendance_sheet_mark(
            [
                [(self.row_council + self.row_firm).ids, {"status": "present"}],
                [self.row_resident.ids, {"status": "excused", "reason": "Test illness"}],
                [self.row_council.ids, {"mode": "remote"}],
            ]
        )
        lines = self._lines(sheet)
        self.assertEqual(lines[self.row_council.id]["status"], "present")
        self.assertEqual(lines[self.row_council.id]["mode"], "remote")
        self.assertEqual(lines[self.row_firm.id]["status"], "present")
        self.assertEqual(lines[self.row_resident.id]["reason"], "Test illness")
        self.assertEqual(self.row_firm.user_id, self.facilitator)
        self.assertEqual((sheet["quorum"]["have"], sheet["quorum"]["reached"]), (2, True))

    def test_marking_twice_changes_nothing_more(self):
        self._mark(self.row_council, status="present")
        sheet = self._mark(self.row_council, status="present")
        self.assertEqual(self._lines(sheet)[self.row_council.id]["status"], "present")
        self.assertEqual(len(sheet["rows"]), 4)

    def test_coming_after_all_takes_proxy_and_reason_back(self):
        self._mark(self.row_firm, status="present")
        self._mark(
            self.row_council, status="excused", reason="Test illness", proxy_id=self.firm_titular.id
        )
        self.assertEqual(self._lines()[self.row_council.id]["proxy"]["name"], "Test firm titular")
        self._mark(self.row_council, status="present")
        self.assertFalse(self.row_council.proxy_id or self.row_council.reason)

    def test_undo_restores_what_was_there(self):
        before = {"status": "excused", "reason": "Test illness", "proxy_id": self.alternate.id}
        self._mark(self.row_council, **before)
        self._mark(self.row_council, status="not_recorded")
        self.assertFalse(self.row_council.reason)
        self._mark(self.row_council, status="absent", reason="")
        self.assertIs(self.row_council.reason, False)
        self._mark(self.row_council, **before)
        self.assertEqual(self.row_council.reason, "Test illness")
        self.assertEqual(self.row_council.proxy_id, self.alternate)

    def test_only_fields_of_the_sheet_are_written(self):
        with self.assertRaises(ValueError):
            self._mark(self.row_council, seat_id=self.seats[1].id)
        with self.assertRaises(ValueError):
            self._mark(self.row_council, status="present", user_id=self.officer.id)

    def test_rows_of_another_sheet_are_refused(self):
        other = self._create_meeting("2024-06-10 16:00:00")
        other._fill_sheet()
        with self.assertRefused("removed from this sheet", exception=UserError):
            self._mark(other.attendance_ids[0], status="present")

    def test_row_that_another_tablet_removed_is_refused(self):
        guest = self.meeting.attendance_sheet_add("Test guest")["changed"]
        self.meeting.attendance_sheet_remove(guest)
        with self.assertRefused("removed from this sheet", exception=UserError):
            self.meeting.attendance_sheet_mark([[guest, {"status": "late"}]])

    def test_nobody_is_present_for_a_vacant_seat(self):
        with self.assertRefused("say who came", "Test vacant member"):
            self._mark(self.row_vacant, status="present")

    # -- The rest ---------------------------------------------------------------------------

    def test_the_rest_is_present(self):
        self._mark(self.row_council, status="excused")
        sheet = self.meeting.attendance_sheet_mark_rest("present")
        self.assertEqual(set(sheet["changed"]), {self.row_firm.id, self.row_resident.id})
        self.assertEqual(self.row_council.status, "excused")
        self.assertEqual(self.row_vacant.status, "not_recorded")
        self.assertFalse(self.meeting.attendance_sheet_mark_rest("present")["changed"])

    def test_the_rest_is_absent(self):
        self._mark(self.row_council, status="present")
        sheet = self.meeting.attendance_sheet_mark_rest("absent")
        self.assertEqual(len(sheet["changed"]), 3)
        self.assertEqual(self.row_vacant.status, "absent")
        self.assertEqual(self.row_council.status, "present")

    def test_the_rest_leaves_what_says_something(self):
        self.env["partnership.attendance"]._record(
            self.meeting, self.alternate, self.council.partner_id, status="present"
        )
        self._mark(self.row_firm, reason="Test word of an import")
        self._mark(self.row_resident, proxy_id=self.alternate.id)
        sheet = self.meeting.attendance_sheet_mark_rest("present")
        self.assertFalse(sheet["changed"], "the seat of the council is represented already")
        self.assertEqual(
            set(self.meeting.attendance_sheet_mark_rest("absent")["changed"]),
            {self.row_council.id, self.row_vacant.id},
        )

    # -- Came instead -----------------------------------------------------------------------

    def test_alternate_came_instead(self):
        sheet = self.meeting.attendance_sheet_came_instead(self.row_council.id, self.alternate.id)
        holder, substitute = (self._lines(sheet)[row_id] for row_id in sheet["changed"])
        self.assertEqual((holder["status"], holder["is_lead"]), ("excused", True))
        self.assertEqual((substitute["status"], substitute["capacity"]), ("present", "alternate"))
        self.assertEqual(substitute["seat_id"], self.seats[0].id)
        self.assertFalse(substitute["is_lead"])
        self.assertFalse(holder["others"], "the alternate is there already")
        again = self.meeting.attendance_sheet_came_instead(self.row_council.id, self.alternate.id)
        self.assertEqual(again["changed"], sheet["changed"])

    def test_absent_stays_absent_when_somebody_came_instead(self):
        self._mark(self.row_council, status="absent")
        self.meeting.attendance_sheet_came_instead(self.row_council.id, self.alternate.id)
        self.assertEqual(self.row_council.status, "absent")

    def test_new_person_came_instead_without_mandate(self):
        sheet = self.meeting.attendance_sheet_came_instead(self.row_council.id, " Test newcomer ")
        substitute = self._lines(sheet)[sheet["changed"][1]]
        self.assertEqual(substitute["capacity"], "unmandated")
        person = self.env["res.partner"].browse(substitute["person"]["id"])
        self.assertEqual(
            (person.name, person.parent_id), ("Test newcomer", self.council.partner_id)
        )
        self.assertEqual(sheet["quorum"]["have"], 0, "without mandate nobody counts")

    def test_somebody_came_for_a_vacant_seat(self):
        sheet = self.meeting.attendance_sheet_came_instead(self.row_vacant.id, "Test newcomer")
        self.assertEqual(self.row_vacant.status, "absent")
        self.assertEqual(self._lines(sheet)[sheet["changed"][1]]["capacity"], "unmandated")

    def test_guest_who_turns_out_to_have_come_instead(self):
        guest = self.env["partnership.attendance"].create(
            {
                "event_id": self.meeting.id,
                "person_id": self.alternate.id,
                "organisation_id": self.council.partner_id.id,
            }
        )
        sheet = self.meeting.attendance_sheet_came_instead(self.row_council.id, self.alternate.id)
        self.assertEqual(sheet["changed"], [self.row_council.id, guest.id])
        self.assertEqual((guest.seat_id, guest.status), (self.seats[0], "present"))

    def test_came_instead_refused(self):
        other_seat = self._create_seat(self.council)
        other = self._create_mandate(other_seat, "Test second titular").person_id
        self.meeting.attendance_sheet_open()
        guest = self.meeting.attendance_sheet_add("Test guest")["changed"][0]
        for row_id, person, words, error in (
            (self.row_council.id, self.titular.id, "holds this seat", UserError),
            (self.row_council.id, other.id, "is on the sheet already", UserError),
            (self.row_council.id, self.firm.partner_id.id, "is an organisation", UserError),
            (self.row_council.id, "  ", "Say who it is", UserError),
            (guest, self.alternate.id, "is a guest", UserError),
        ):
            with self.subTest(words), self.assertRefused(words, exception=error):
                self.meeting.attendance_sheet_came_instead(row_id, person)

    def test_undo_of_came_instead(self):
        self._mark(self.row_council, status="late")
        sheet = self.meeting.attendance_sheet_came_instead(self.row_council.id, self.alternate.id)
        holder, substitute = sheet["changed"]
        sheet = self.meeting.attendance_sheet_remove([substitute], [[[holder], {"status": "late"}]])
        self.assertNotIn(substitute, self._lines(sheet))
        self.assertEqual(self.row_council.status, "late")

    # -- Guests -----------------------------------------------------------------------------

    def test_add_a_guest(self):
        sheet = self.meeting.attendance_sheet_add("Test guest", "Test agency")
        guest = self._lines(sheet)[sheet["changed"][0]]
        self.assertEqual((guest["capacity"], guest["member"]), ("guest", "Test agency"))
        organisation = self.env["res.partner"].browse(guest["organisation_id"])
        self.assertTrue(organisation.is_company)
        again = self.meeting.attendance_sheet_add(guest["person"]["id"], organisation.id)
        self.assertEqual(again["changed"], sheet["changed"])

    def test_adding_who_is_on_the_sheet_marks_the_row(self):
        sheet = self.meeting.attendance_sheet_add(self.titular.id)
        self.assertEqual(sheet["changed"], self.row_council.ids)
        self.assertEqual(self.row_council.status, "present")

    def test_adding_an_alternate_takes_the_seat(self):
        sheet = self.meeting.attendance_sheet_add(self.alternate.id)
        row = self._lines(sheet)[sheet["changed"][0]]
        self.assertEqual((row["capacity"], row["seat_id"]), ("alternate", self.seats[0].id))

    def test_one_more_person_of_a_member(self):
        self._mark(self.row_council, status="present")
        sheet = self.meeting.attendance_sheet_add("Test second", self.council.partner_id.id)
        row = self._lines(sheet)[sheet["changed"][0]]
        self.assertEqual((row["capacity"], row["is_lead"]), ("unmandated", False))
        self.assertEqual(self.row_council.status, "present")

    def test_guest_for_a_person_is_refused(self):
        with self.assertRefused("is a person: choose an organisation", exception=UserError):
            self.meeting.attendance_sheet_add("Test guest", self.titular.id)

    # -- Closed and cancelled ---------------------------------------------------------------

    def test_closing_asks_for_unmarked_rows(self):
        action = self.meeting.action_close_sheet()
        self.assertEqual(action["res_model"], "partnership.sheet.close")
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.facilitator)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual((wizard.unmarked_count, wizard.unmarked), (4, "absent"))
        wizard.action_close()
        self.assertEqual(self.meeting.partnership_state, "closed")
        self.assertEqual(set(self.meeting.attendance_ids.mapped("status")), {"absent"})

    def test_closed_sheet_is_corrected_and_logged(self):
        self._close()
        before = self._log(self.meeting)
        self._mark(self.row_council, status="present")
        self.assertIn("Absent → Present", (self._log(self.meeting) - before).text)
        before = self._log(self.meeting)
        self._mark(self.row_council, status="present")
        self.assertFalse(self._log(self.meeting) - before, "nothing was corrected")

    def test_opening_a_closed_sheet_changes_nothing(self):
        self._close()
        self._create_seat(self._create_member("Test late member"))
        sheet = self.meeting.attendance_sheet_open()
        self.assertEqual((sheet["meeting"]["state"], len(sheet["rows"])), ("closed", 4))

    def test_undo_on_a_closed_sheet_deletes_nothing(self):
        self._close()
        sheet = self.meeting.attendance_sheet_came_instead(self.row_council.id, self.alternate.id)
        substitute = sheet["changed"][1]
        sheet = self.meeting.attendance_sheet_remove(
            [substitute], [[self.row_council.ids, {"status": "absent"}]]
        )
        self.assertEqual(self._lines(sheet)[substitute]["status"], "not_recorded")

    def test_nothing_is_recorded_at_a_cancelled_meeting(self):
        self.meeting.action_cancel_meeting()
        self.assertEqual(self.meeting.attendance_sheet_open()["rows"], [])
        for method, arguments in (
            ("attendance_sheet_mark", [[]]),
            ("attendance_sheet_mark_rest", ["present"]),
            ("attendance_sheet_add", ["Test guest"]),
            ("attendance_sheet_remove", [[]]),
        ):
            with self.subTest(method), self.assertRefused("was cancelled", exception=UserError):
                getattr(self.meeting, method)(*arguments)
        with self.assertRefused("was cancelled", exception=ValidationError):
            self.env["partnership.attendance"]._record(
                self.meeting, self.titular, self.council.partner_id, status="present"
            )
        self.meeting.action_plan_meeting()
        self.assertEqual(len(self.meeting.attendance_sheet_open()["rows"]), 4)

    def test_recorded_meeting_is_not_cancelled(self):
        self._mark(self.row_council, status="present")
        with self.assertRefused("Presence is recorded", exception=UserError):
            self.meeting.action_cancel_meeting()

    def test_sheet_closes_once_the_meeting_has_begun(self):
        tomorrow = self._create_meeting("2024-06-16 08:00:00").with_user(self.facilitator)
        self.assertFalse(tomorrow.attendance_sheet_open()["meeting"]["has_begun"])
        with self.assertRefused("can be closed once it has begun", exception=UserError):
            tomorrow.action_close_sheet()

    @freeze_time("2024-06-14 22:30:00")
    def test_all_day_meeting_begins_with_its_day_in_the_partnership(self):
        meeting = self._create_meeting(
            "2024-06-15 00:00:00", allday=True, start_date="2024-06-15", stop_date="2024-06-15"
        )
        self.assertTrue(meeting._has_begun(), "half past midnight in Brussels")
        self.partnership.tz = "UTC"
        self.assertFalse(meeting._has_begun())

    # -- Who may ----------------------------------------------------------------------------

    def test_others_are_refused(self):
        calls = (
            ("attendance_sheet_open", []),
            ("attendance_sheet_read", []),
            ("attendance_sheet_mark", [[[self.row_council.ids, {"status": "present"}]]]),
            ("attendance_sheet_mark_rest", ["absent"]),
            ("attendance_sheet_came_instead", [self.row_council.id, self.alternate.id]),
            ("attendance_sheet_add", [self.alternate.id]),
            ("attendance_sheet_remove", [self.row_council.ids]),
            ("action_open_sheet", []),
        )
        for user in (self.stranger, self.employee, self.portal_user):
            meeting = self.meeting.with_user(user)
            for method, arguments in calls:
                with (
                    self.subTest(user=user.login, method=method),
                    self.assertRefused(exception=AccessError),
                ):
                    getattr(meeting, method)(*arguments)
        self.assertEqual(set(self.meeting.attendance_ids.mapped("status")), {"not_recorded"})

    def test_officer_may(self):
        self.meeting.with_user(self.officer).attendance_sheet_mark(
            [[self.row_council.ids, {"status": "present"}]]
        )
        self.assertEqual(self.row_council.user_id, self.officer)

    def test_event_that_is_no_meeting_has_no_sheet(self):
        event = self.env["calendar.event"].create(
            {"name": "Test lunch", "start": "2024-06-03 10:00:00", "stop": "2024-06-03 11:00:00"}
        )
        with self.assertRefused("is not a meeting of a partnership", exception=UserError):
            event.with_user(self.facilitator).attendance_sheet_open()

    def test_open_button_leads_to_the_screen(self):
        action = self.meeting.action_open_sheet()
        self.assertEqual(action["tag"], "partnership_attendance_sheet")
        self.assertEqual(action["path"], "attendance-sheet")
        self.assertEqual(action["context"]["active_id"], self.meeting.id)
