from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .check_in_common import CheckInCase, _text


@tagged("post_install", "-at_install")
@freeze_time("2024-06-03 16:05:00")
class TestCheckInRefused(CheckInCase):
    """Whatever is refused has its page and its status, shows no names, and writes nothing."""

    def _assert_refused(self, status, *words, path=None):
        """Both looking and checking in are refused."""
        text = _text(self._get(status, path=path))
        again = self._post(self.titular, self.council.partner_id, status=status, path=path)
        for page in (text, again):
            for word in words:
                self.assertIn(word, page)
            self.assertNotIn("Test titular", page)
            self.assertNotIn("Test council", page)
        self.assertFalse(
            self.meeting.attendance_ids.filtered(lambda row: row.status != "not_recorded")
        )

    def test_unknown_code(self):
        for token in (
            "1",
            "nothing",
            f"{self.meeting.id}-{'0' * 24}",
            "%00",
            "999999999-" + "a" * 24,
        ):
            with self.subTest(token=token):
                path = f"/partnership/check-in/{token}"
                self._assert_refused(404, "not good", path=path)
        self.assertEqual(self.meeting.partnership_state, "planned")

    def test_code_that_was_renewed(self):
        old = self._path()
        self.meeting.action_renew_check_in()
        self._assert_refused(404, "no longer", path=old)

    def test_code_of_another_meeting(self):
        """It is good for the other meeting only, and that one has not begun."""
        other = self._create_meeting("2024-07-01 16:00:00")
        self._assert_refused(403, "early", "7/1/24, 5:00", path=self._path(other))
        self.assertFalse(other.attendance_ids)

    def test_before_and_after(self):
        cases = (
            ("2024-06-03 14:59:59", 403, "5:00"),
            ("2024-06-03 18:00:01", 410, "over"),
            ("2024-06-04 16:05:00", 410, "over"),
        )
        for now, status, words in cases:
            with self.subTest(now=now), freeze_time(now):
                self._assert_refused(status, words)
        for now in ("2024-06-03 15:00:00", "2024-06-03 18:00:00"):
            with self.subTest(now=now), freeze_time(now):
                self._get()

    def test_all_day_is_the_day_of_the_partnership(self):
        """Brussels is two hours ahead of UTC in June."""
        meeting = self._create_meeting(
            "2024-06-03 00:00:00",
            allday=True,
            start_date="2024-06-03",
            stop_date="2024-06-03",
        )
        cases = (
            ("2024-06-02 21:59:00", 403),
            ("2024-06-02 22:01:00", 200),
            ("2024-06-03 21:59:00", 200),
            ("2024-06-03 22:01:00", 410),
        )
        for now, status in cases:
            with self.subTest(now=now), freeze_time(now):
                self._get(status, path=self._path(meeting))

    def test_closed_sheet(self):
        self.meeting._close_sheet()
        before = self._log(self.meeting)
        self._assert_refused(410, "closed")
        self.assertEqual(self._log(self.meeting), before)

    def test_cancelled_meeting(self):
        self.meeting.action_cancel_meeting()
        self._assert_refused(410, "cancelled")
        self.assertFalse(self.meeting.attendance_ids)

    def test_person_who_is_not_expected(self):
        organisation = self.council.partner_id
        forged = (
            (self.outsider, organisation),
            (self.outsider, 0),
            (self.resident, organisation),
            (self.titular, self.firm.partner_id),
            (self.titular, 0),
            (organisation, organisation),
            (self.env.user.partner_id, 0),
            ("", organisation),
            ("x", organisation),
            ("-1", organisation),
            ("1 OR 1=1", organisation),
            (self.titular, "y"),
            (self.titular, "99999999999999999999"),
        )
        for person, each in forged:
            with self.subTest(person=person, organisation=each):
                text = self._post(person, each, status=403)
                self.assertIn("not on the list", text)
        self.assertFalse(self.meeting.attendance_ids)
        self.assertEqual(self.meeting.partnership_state, "planned")

    def test_one_of_two_organisations_is_forged(self):
        """All or nothing."""
        self._post(self.double, self.firm.partner_id, self.council.partner_id, status=403)
        self.assertFalse(self.meeting.attendance_ids)

    def test_alternate_of_last_year(self):
        self.council.mandate_ids.filtered(
            lambda mandate: mandate.kind == "alternate"
        ).date_end = "2024-05-31"
        self._post(self.alternate, self.council.partner_id, status=403)
        self.assertFalse(self.meeting.attendance_ids)

    def test_seat_that_ended(self):
        self.council.date_end = "2024-06-02"
        self._post(self.titular, self.council.partner_id, status=403)

    def test_nothing_is_ticked(self):
        response = self.url_open(
            self._path(), data={"csrf_token": self._get_token(), "person": self.double.id}
        )
        self.assertEqual(response.status_code, 400)
        self.assertIn("tick at least one", response.text)
        self.assertFalse(self.meeting.attendance_ids)

    def test_without_a_token_of_the_form(self):
        data = {"person": self.titular.id, "organisation": self.council.partner_id.id}
        with self.assertLogs("odoo.http", "WARNING"):
            response = self.url_open(self._path(), data=data)
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.meeting.attendance_ids)

    def test_looking_never_writes(self):
        self._get(path=f"{self._path()}?person={self.titular.id}&organisation=0")
        self.assertFalse(self.meeting.attendance_ids)

    def test_nothing_is_kept_on_the_way(self):
        response = self.url_open(self._path())
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertEqual(response.headers["X-Robots-Tag"], "noindex")

    def test_anonymous_visitor_has_no_rights(self):
        """The page gives nobody the sheet: public users read no presence otherwise."""
        self._post(self.titular, self.council.partner_id)
        public = self.env.ref("base.public_user")
        self.assertFalse(self.env["partnership.attendance"].with_user(public).has_access("read"))
        self.assertEqual(
            self._rows(self.meeting)[self.titular].check_in, datetime(2024, 6, 3, 16, 5)
        )
