from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestSheetCorrection(PartnershipCase):
    """A closed sheet is corrected, and the log of the meeting says what was changed, and whose."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council, cls.firm = cls._create_member("Test council"), cls._create_member("Test firm")
        cls.seat, cls.second = cls._create_seat(cls.council), cls._create_seat(cls.council)
        cls.titular = cls._create_mandate(cls.seat, "Test titular").person_id
        cls.other = cls._create_person("Test other")
        cls.meeting = cls._create_meeting().with_user(cls.facilitator)
        cls.meeting._close_sheet("absent")
        cls.row = cls.meeting.attendance_ids.filtered("person_id")
        cls.elsewhere = cls._create_meeting("2024-06-04 16:00:00")
        cls.env.flush_all()

    def _write(self, **values):
        """:return: what is logged of it"""
        before = self._log(self.meeting)
        self.row.write(values)
        logged = self._log(self.meeting) - before
        self.assertLessEqual(len(logged), 1)
        return str(logged.text or "")

    def test_whatever_a_row_says_is_logged_by_name(self):
        corrections = {
            "organisation_id": (self.firm.partner_id.id, ["Test council", "Test firm"]),
            "membership_id": (self.firm.id, ["Test council", "Test firm"]),
            "seat_id": (False, ["Test council in Test board", "–"]),
            "answer": ("declined", ["–", "Does not come"]),
            "substitute": ("Test neighbour", ["–", "Test neighbour"]),
            "status": ("excused", ["Absent", "Excused"]),
            "mode": ("remote", ["remote"]),
            "check_in": ("2024-06-03 16:05:00", ["checked in"]),
            "check_out": ("2024-06-03 17:05:00", ["left"]),
            "proxy_id": (self.other.id, ["proxy to Test other"]),
            "reason": ("Test illness", ["another reason"]),
        }
        self.assertLessEqual(set(corrections), set(self.row._get_said_fields()))
        for fname, (value, words) in corrections.items():
            with self.subTest(fname):
                point = self.env.cr.savepoint()
                text = self._write(**{fname: value})
                for word in ["Test titular", "→", *words]:
                    self.assertIn(word, text + "→" if fname == "reason" else text)
                self.assertNotIn("illness", text)
                self.assertFalse(self._write(**{fname: value}), "nothing changed, nothing logged")
                point.rollback()
                point.close()
                self.env.invalidate_all()

    def test_everything_that_a_client_writes_is_logged_or_refused(self):
        """Whatever field comes later."""
        told = {*self.row._get_said_fields(), "event_id", "person_id"}
        written = {
            name
            for name, field in self.row._fields.items()
            if self.row._is_own_field(field) and field.store and not field.readonly
        }
        self.assertLessEqual(written - {"training_hours"}, told)

    def test_seat_and_what_follows_from_it(self):
        text = self._write(seat_id=False, status="present")
        self.assertIn("Absent → Present", text)
        self.assertIn("Test council in Test board → –", text)

    def test_open_sheet_is_not_logged(self):
        meeting = self._create_meeting("2024-06-05 16:00:00").with_user(self.facilitator)
        meeting._fill_sheet()
        meeting.attendance_ids.write({"status": "excused", "seat_id": False})
        self.assertFalse(self._log(meeting))

    def test_whose_and_where_stays(self):
        for user in (self.facilitator, self.officer, self.administrator):
            row = self.row.with_user(user)
            for fname, other in (("person_id", self.other), ("event_id", self.elsewhere)):
                for value in (other.id, False, None, 0):
                    with self.assertRefused("Test titular", exception=UserError):
                        row.write({fname: value})
                row.write({fname: row[fname].id})
        vacant = self.meeting.attendance_ids - self.row
        with self.assertRefused("Test council", exception=UserError):
            vacant.write({"person_id": self.other.id, "status": "present"})

    def test_merge_takes_the_row_along(self):
        double = self._create_person("Test double")
        self.titular.email = double.email
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.titular + double).ids, double, extra_checks=False)
        self.assertEqual(self.row.person_id, double)
