from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .check_in_common import CheckInCase, _text


@tagged("post_install", "-at_install")
@freeze_time("2024-06-03 16:05:00")
class TestCheckIn(CheckInCase):
    """Somebody scans the code at the meeting, and is on the sheet."""

    def _names(self, page):
        return [" ".join(each.text_content().split()) for each in page.xpath("//summary/b")]

    def test_page_lists_who_is_expected(self):
        page = self._get()
        self.assertEqual(
            self._names(page), ["Test alternate", "Test double", "Test resident", "Test titular"]
        )
        text = _text(page)
        for words in ("Test board", "Test partnership", "6:00", "instead of Test titular"):
            self.assertIn(words, text)
        self.assertFalse(self.meeting.attendance_ids, "looking writes nothing")
        self.assertEqual(self.meeting.partnership_state, "planned")

    def test_first_check_in_opens_the_sheet(self):
        text = self._post(self.titular, self.council.partner_id)
        self.assertIn("Welcome", text)
        row = self._rows(self.meeting)[self.titular]
        self.assertEqual(
            (row.status, row.mode, row.check_in, row.seat_id),
            ("present", "in_person", datetime(2024, 6, 3, 16, 5), self.council),
        )
        self.assertEqual(row.user_id, self.env.ref("base.public_user"))
        self.assertEqual(self.meeting.partnership_state, "open")
        self.assertEqual(len(self.meeting.attendance_ids), 5)
        marked = self.meeting.attendance_ids.filtered(lambda row: row.status != "not_recorded")
        self.assertEqual(marked, row)

    def test_second_check_in_changes_nothing(self):
        self._post(self.titular, self.council.partner_id)
        row = self._rows(self.meeting)[self.titular]
        with freeze_time("2024-06-03 17:00:00"):
            text = self._post(self.titular, self.council.partner_id)
            self.assertIn("6:05", text)
            self.assertIn("already", text)
            self.assertIn("6:05", _text(self._get()))
        self.assertEqual(row.check_in, datetime(2024, 6, 3, 16, 5))
        self.assertEqual(len(self.meeting.attendance_ids), 5)

    def test_marked_by_hand_before(self):
        self.meeting.with_user(self.facilitator)._fill_sheet()
        row = self._rows(self.meeting)[self.titular]
        row.with_user(self.facilitator).write({"status": "late", "mode": "remote"})
        text = self._post(self.titular, self.council.partner_id)
        self.assertIn("already", text)
        self.assertEqual((row.status, row.mode, row.check_in), ("late", "remote", False))
        self.assertEqual(row.user_id, self.facilitator)

    def test_apology_is_overruled_and_noted(self):
        self.env["partnership.attendance"]._record(
            self.meeting,
            self.titular,
            self.council.partner_id,
            status="excused",
            reason="Test illness",
            proxy_id=self.double.id,
            answer="declined",
            substitute="Test neighbour",
        )
        self._post(self.titular, self.council.partner_id)
        row = self._rows(self.meeting)[self.titular]
        self.assertEqual((row.status, row.proxy_id.id, row.reason), ("present", False, False))
        self.assertEqual(row.answer, "declined", "what was announced stays")
        self.assertEqual(len(self.meeting.attendance_ids), 5)
        note = self._log(self.meeting)[0].text
        self.assertIn("Excused", note)
        self.assertIn("Present", note)
        self.assertNotIn("illness", note)

    def test_for_both_organisations(self):
        self._post(self.double, self.firm.partner_id, self.farm.partner_id)
        self.assertEqual(
            self._status(self.double), {"Test firm": "present", "Test farm": "present"}
        )

    def test_for_one_of_two_and_then_the_other(self):
        self._post(self.double, self.farm.partner_id)
        self.assertEqual(
            self._status(self.double), {"Test firm": "not_recorded", "Test farm": "present"}
        )
        text = self._post(self.double, self.firm.partner_id, self.farm.partner_id)
        self.assertIn("already", text)
        self.assertIn("Welcome", text)
        self.assertEqual(set(self._status(self.double).values()), {"present"})

    def test_alternate_comes_instead(self):
        self._post(self.alternate, self.council.partner_id)
        rows = self._rows(self.meeting)
        self.assertEqual(rows[self.titular].status, "excused")
        self.assertEqual(rows[self.alternate].status, "present")
        self.assertEqual(rows[self.alternate].seat_id, self.council)
        self.assertEqual(rows[self.alternate].mandate_id.kind, "alternate")
        self.assertTrue(rows[self.alternate].check_in)
        self.assertIn("already", self._post(self.alternate, self.council.partner_id))
        self.assertEqual(len(self.meeting.attendance_ids), 6)

    def test_alternate_comes_as_well(self):
        self._post(self.titular, self.council.partner_id)
        self._post(self.alternate, self.council.partner_id)
        rows = self._rows(self.meeting)
        self.assertEqual(rows[self.titular].status, "present")
        self.assertEqual(rows[self.alternate].status, "present")

    def test_titular_comes_after_all(self):
        self._post(self.alternate, self.council.partner_id)
        self._post(self.titular, self.council.partner_id)
        self.assertEqual(self._status(self.titular), {"Test council": "present"})
        self.assertEqual(self._status(self.alternate), {"Test council": "present"})

    def test_individual_comes_for_itself(self):
        self._post(self.resident)
        self.assertEqual(self._status(self.resident), {"": "present"})

    def test_mandate_that_ends_that_day_still_counts(self):
        self.council.mandate_ids.filtered(
            lambda mandate: mandate.person_id == self.titular
        ).date_end = "2024-06-03"
        self._post(self.titular, self.council.partner_id)
        self.assertEqual(self._rows(self.meeting)[self.titular].mandate_id.kind, "titular")

    def test_mandate_that_ended_the_day_before_does_not(self):
        self.council.mandate_ids.filtered(
            lambda mandate: mandate.person_id == self.titular
        ).date_end = "2024-06-02"
        self.assertNotIn("Test titular", _text(self._get()))
        self._post(self.titular, self.council.partner_id, status=403)

    def test_seat_given_while_the_sheet_is_open(self):
        self._post(self.resident)
        seat = self._create_seat(self._create_member("Test newcomer"))
        person = self._create_mandate(seat, "Test late titular").person_id
        self._post(person, seat.partner_id)
        self.assertEqual(self._status(person), {"Test newcomer": "present"})

    def test_portal_user_is_preselected(self):
        self._create_mandate(self.vacant, self.portal_user.partner_id)
        self.authenticate("test_portal", "test_portal")
        page = self._get()
        self.assertEqual(len(page.xpath("//details[@open]")), 1)
        [name] = page.xpath("//details[@open]/summary/b")
        self.assertEqual(name.text_content(), self.portal_user.partner_id.name)
        self._post(self.portal_user.partner_id, self.vacant.partner_id)
        row = self._rows(self.meeting)[self.portal_user.partner_id]
        self.assertEqual((row.status, row.user_id), ("present", self.portal_user))

    def test_body_without_seats(self):
        body = self._create_body("Test empty group")
        meeting = self._create_meeting(body=body)
        page = self._get(path=self._path(meeting))
        self.assertIn("Nobody is expected", _text(page))
        self._post(self.titular, path=self._path(meeting), status=403)
        self.assertEqual(meeting.partnership_state, "planned")

    def test_page_needs_no_scripts_of_the_site(self):
        self.assertFalse(self._get().xpath("//script[@src]"))

    def test_page_costs_the_same_for_many(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.meeting._get_check_in_persons()
            return self.env.cr.sql_log_count - before

        few = count()
        for number in range(20):
            seat = self._create_seat(self._create_member(f"Test member {number}"))
            self._create_mandate(seat, f"Test person {number}")
        self.assertEqual(count(), few)
