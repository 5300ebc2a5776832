from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestMergePerson(MergeCase):
    def test_rows_and_mandates_follow(self):
        self._record(self.titular, self.council.partner_id, status="present")
        target = self._create_person("Test target")
        self._merge(self.titular, into=target)
        row = self.meeting.attendance_ids
        self.assertEqual((row.person_id, row.status), (target, "present"))
        self.assertEqual(row.mandate_id.person_id, target)
        self.assertEqual(self.seat.titular_id, target)
        self.assertConsistent()

    def test_the_better_row_counts(self):
        order = ["present", "late", "excused", "absent", "not_recorded"]
        for worse, better in zip(order[1:], order, strict=False):
            for first, second in ((worse, better), (better, worse)):
                with self.subTest(first=first, second=second):
                    person, double = (self._create_person(f"Test {name}") for name in "ab")
                    meeting = self._create_meeting()
                    organisation = self.council.partner_id
                    self._record(person, organisation, meeting, status=first)
                    self._record(double, organisation, meeting, status=second, reason="Test why")
                    self._merge(double, into=person)
                    row = meeting.attendance_ids
                    self.assertEqual((row.person_id, row.status), (person, better))
                    self.assertEqual(row.reason, "Test why")
                    label = dict(self.Attendance._fields["status"].selection)[worse]
                    self.assertIn(label, self._log(meeting)[0].text)
                    self.assertNotIn("Test why", self._log(meeting)[0].text)
                    self.assertConsistent()

    def test_nothing_that_the_other_row_says_is_lost(self):
        proxy = self._create_person("Test proxy")
        seated = self._record(self.titular, self.council.partner_id, status="absent")
        seated.write({"reason": "Test strike", "proxy_id": proxy.id})
        self.meeting.attendance_ids.mode = "remote"
        guest = self._record(self.double, self.council.partner_id, status="excused")
        guest.write({"reason": "Test illness", "seat_id": False})
        self.meeting._close_sheet()
        self._merge(self.titular, into=self.double)
        row = self.meeting.attendance_ids
        self.assertEqual(row.status, "excused")
        self.assertEqual((row.seat_id, row.membership_id), (self.seat, self.council))
        self.assertEqual(row.mandate_id, self.seat.mandate_ids)
        self.assertEqual((row.mode, row.proxy_id), ("remote", proxy))
        self.assertEqual(set(row.reason.split("; ")), {"Test strike", "Test illness"})
        self.assertConsistent()

    def test_guest_without_organisation(self):
        """NULL organisations clash too: the index compares them as one."""
        self._record(self.titular, status="late")
        self._record(self.double, status="present")
        self._merge(self.double, into=self.titular)
        self.assertEqual(self.meeting.attendance_ids.status, "present")

    def test_rows_for_two_organisations_both_stay(self):
        firm = self._create_member("Test firm")
        self._create_seat(firm)
        self._record(self.titular, self.council.partner_id, status="present")
        self._record(self.double, firm.partner_id, status="absent")
        self._merge(self.double, into=self.titular)
        self.assertEqual(len(self.meeting.attendance_ids), 2)
        self.assertConsistent()

    def test_seat_without_another_row_keeps_one(self):
        """Of one person on two seats one row is left; the other seat was expected all the same."""
        other = self._create_seat(self.council)
        self.Attendance.create(
            [
                {
                    "event_id": self.meeting.id,
                    "person_id": person.id,
                    "organisation_id": self.council.partner_id.id,
                    "seat_id": seat.id,
                    "status": status,
                }
                for person, seat, status in (
                    (self.titular, self.seat, "present"),
                    (self.double, other, "absent"),
                )
            ]
        )
        self.meeting._close_sheet("absent")
        before = self._figures()
        self._merge(self.double, into=self.titular)
        rows = self.meeting.attendance_ids.grouped("seat_id")
        self.assertEqual(
            (rows[self.seat].person_id, rows[self.seat].status), (self.titular, "present")
        )
        self.assertEqual((rows[other].person_id.ids, rows[other].status), ([], "absent"))
        self.assertEqual(self._figures(), before)
        self.assertConsistent()

    def _figures(self):
        self.env.flush_all()
        return self.env["partnership.participation.report"]._read_group(
            [("event_id", "=", self.meeting.id)],
            [],
            ["expected:sum", "represented:sum", "presence_rate:avg"],
        )

    def test_three_at_once(self):
        third = self._create_person("Test third")
        for person, status in (
            (self.titular, "absent"),
            (self.double, "late"),
            (third, "present"),
        ):
            self._record(person, self.council.partner_id, status=status)
        self._merge(self.double, third, into=self.titular)
        self.assertEqual(self.meeting.attendance_ids.status, "present")
        self.assertEqual(self._log(self.meeting)[0].text.count("<li>"), 2)

    def test_proxy_to_oneself(self):
        self._record(
            self.titular, self.council.partner_id, status="excused", proxy_id=self.double.id
        )
        self._merge(self.double, into=self.titular)
        row = self.meeting.attendance_ids
        self.assertFalse(row.proxy_id)
        self.assertIn("Test double", self._log(self.meeting)[0].text)
        self.assertConsistent()

    def test_proxy_follows(self):
        self._record(
            self.titular, self.council.partner_id, status="absent", proxy_id=self.double.id
        )
        target = self._create_person("Test target")
        self._merge(self.double, into=target)
        self.assertEqual(self.meeting.attendance_ids.proxy_id, target)

    def test_overlapping_mandates_are_refused(self):
        self._create_mandate(self.seat, self.double, "alternate", date_start="2024-03-01")
        self._record(self.double, self.council.partner_id, status="present")
        with self.assertRefused("Test titular", "03/01/2024", exception=UserError):
            self._merge(self.double, into=self.titular)
        with self.assertRefused("Test council", "03/01/2024", exception=UserError):
            self._merge(self.double, into=self.titular, user=self.officer)
        self.assertEqual(self.meeting.attendance_ids.person_id, self.double)

    def test_message_tells_an_outsider_no_more_than_the_contacts(self):
        self._create_mandate(self.seat, self.double, "alternate")
        with self.assertRaises(UserError) as refusal:
            self._merge(self.double, into=self.titular)
        for secret in (self.body.name, self.partnership.name, "Test council"):
            self.assertNotIn(secret, str(refusal.exception))

    def test_titular_of_two_seats_is_refused(self):
        self._create_mandate(self._create_seat(self.council), self.double)
        with self.assertRefused("01/01/2024", exception=UserError):
            self._merge(self.double, into=self.titular)

    def test_successive_mandates_are_merged(self):
        self.seat.mandate_ids.date_end = "2024-02-29"
        self._create_mandate(self.seat, self.double, date_start="2024-03-01")
        self._merge(self.double, into=self.titular)
        self.assertEqual(self.seat.mandate_ids.person_id, self.titular)
        self.assertConsistent()

    def test_unmandated_double_becomes_the_titular(self):
        self._record(self.double, self.council.partner_id, status="present", seat_id=self.seat.id)
        self.assertFalse(self.meeting.attendance_ids.mandate_id)
        self._merge(self.double, into=self.titular)
        self.assertEqual(self.meeting.attendance_ids.mandate_id, self.seat.mandate_ids)

    def test_person_is_not_merged_with_its_organisation(self):
        self._record(self.titular, self.council.partner_id, status="present")
        self.titular.parent_id = False
        stray = self._create_organisation("Test stray")
        for organisation in (self.council.partner_id, stray):
            with self.assertRefused("Test titular", organisation.name, exception=UserError):
                self._merge(self.titular, into=organisation)
            with self.assertRefused("Test titular", exception=UserError):
                self._merge(organisation, into=self.titular)
        plain = self._create_person("Test plain contact")
        self._merge(plain, into=self.council.partner_id)
        self.assertTrue(self.council.partner_id.is_company)

    def test_person_who_came_for_the_other(self):
        other = self._create_person("Test employer")
        self._record(self.titular, other, status="present")
        with self.assertRefused("Test titular", "Test employer", "06/03/2024", exception=UserError):
            self._merge(self.titular, into=other)

    def test_clash_that_nobody_has_thought_of_stops_the_merge(self):
        """The core would delete every row of the merged contact."""
        self._record(self.titular, status="late")
        self._record(self.double, status="present")
        wizard = self.registry["base.partner.merge.automatic.wizard"]
        with (
            patch.object(wizard, "_find_clashes", lambda *_args: []),
            self.assertRefused("Test double", "Attendance", exception=UserError),
        ):
            self._merge(self.double, into=self.titular)
        self.assertEqual(len(self.meeting.attendance_ids), 2)

    def test_external_ids_of_folded_rows_stay(self):
        rows = self._record(self.titular, status="late") + self._record(
            self.double, status="present"
        )
        for name, row in zip("ab", rows, strict=True):
            self.env["ir.model.data"].create(
                {"module": "__test__", "name": name, "model": row._name, "res_id": row.id}
            )
        self._merge(self.double, into=self.titular)
        for name in "ab":
            self.assertEqual(self.env.ref(f"__test__.{name}"), self.meeting.attendance_ids)

    def test_queries_do_not_grow_with_the_rows(self):
        def count(meetings):
            person, double = (self._create_person(f"Test {name}") for name in "cd")
            for index in range(meetings):
                meeting = self._create_meeting(f"2024-05-{index + 1:02} 16:00:00")
                self._record(person, meeting=meeting, status="late")
                self._record(double, meeting=meeting, status="absent")
            wizard = self.env["base.partner.merge.automatic.wizard"]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            wizard._merge_attendance(person + double, person)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(1)
        self.assertLessEqual(count(20), count(2) + 2)
