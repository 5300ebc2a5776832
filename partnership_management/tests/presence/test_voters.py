from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from ..common import PartnershipCase


def at(text):
    """:return: that hour, in UTC, of the day of the meeting"""
    return datetime.fromisoformat(f"2024-06-03 {text}")


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestVoters(PartnershipCase):
    """Who may vote at a moment of a meeting from 16:00 to 18:00 UTC, of which it is over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.body.write({"proxy_allowed": True, "proxy_max": 1})
        cls.resident = cls._create_person("Test resident")
        names = ("Test council", "Test firm", "Test farm")
        members = [cls._create_member(each) for each in (*names, cls.resident)]
        cls.council, cls.firm, cls.farm, cls.single = (cls._create_seat(each) for each in members)
        for seat in (cls.council, cls.firm, cls.farm):
            cls._create_mandate(seat, f"{seat.partner_id.name} titular")
        cls.deputy = cls._create_mandate(cls.council, "Test deputy", "alternate").person_id
        cls.meeting = cls._create_meeting()
        cls.meeting._fill_sheet()
        cls.rows = {row.seat_id: row for row in cls.meeting.attendance_ids}

    def _set(self, seat, status="present", came=None, left=None, proxy=None):
        """:param proxy: the seat whose person gets the proxy"""
        self.rows[seat].write(
            {
                "status": status,
                "check_in": came and at(came),
                "check_out": left and at(left),
                "proxy_id": self.rows[proxy].person_id.id if proxy else False,
            }
        )

    def _add(self, person, seat, **values):
        return self.env["partnership.attendance"]._record(
            self.meeting, person, seat.partner_id, status="present", **values
        )

    def _voters(self, moment=None):
        """:return: dict seat -> (name of who votes for it, way)"""
        rows, moment = self.meeting.attendance_ids, moment and at(moment)
        voters = self.meeting._get_voters(rows, moment)
        self.assertEqual(
            self.meeting._get_voting_seats(rows, moment),
            self.env["partnership.seat"].concat(*voters),
        )
        return {seat: (row.person_id.name, way) for seat, (row, way) in voters.items()}

    def _seats(self, moment=None):
        return set(self._voters(moment))

    def test_who_votes_for_a_seat_and_by_which_way(self):
        self._set(self.firm)
        self._set(self.single)
        self._set(self.farm, "excused", proxy=self.firm)
        self._set(self.council, "excused")
        self._add(self.deputy, self.council)
        expected = {
            self.council: ("Test deputy", "alternate"),
            self.firm: ("Test firm titular", "titular"),
            self.single: ("Test resident", "titular"),
            self.farm: ("Test firm titular", "proxy"),
        }
        self.assertEqual(self._voters(), expected)
        self.assertEqual(self._voters("17:00"), expected, "without hours all the time")

    def test_titular_before_the_alternate_while_both_are_there(self):
        deputy = self._add(self.deputy, self.council)
        self._set(self.council, "late", came="16:30", left="17:00")
        for moment, name in (
            ("16:29:59", "Test deputy"),
            ("16:30", "Test council titular"),
            ("16:59:59", "Test council titular"),
            ("17:00", "Test deputy"),
        ):
            with self.subTest(moment):
                self.assertEqual(self._voters(moment)[self.council][0], name)
        deputy.check_out = at("17:30")
        self.assertEqual(self._seats("17:30"), set())

    def test_there_at_check_in_and_no_more_at_check_out(self):
        self._set(self.firm, "late", came="16:42", left="17:10")
        for moment, there in (
            ("16:00", False),
            ("16:41:59", False),
            ("16:42", True),
            ("17:09:59", True),
            ("17:10", False),
            ("18:00", False),
        ):
            with self.subTest(moment):
                self.assertEqual(self.firm in self._seats(moment), there)
        self.assertIn(self.firm, self._seats(), "the whole sheet has no hour")

    def test_first_minutes_are_the_beginning_of_who_is_present_not_of_who_is_late(self):
        for status, came, there in (
            ("present", "15:30", True),
            ("present", "16:15", True),
            ("present", "16:15:01", False),
            ("late", "16:00", True),
            ("late", "16:00:01", False),
            ("late", None, True),
        ):
            with self.subTest(status=status, came=came):
                self._set(self.firm, status, came=came)
                self.assertEqual(self.firm in self._seats("16:00"), there)

    def test_hours_of_who_is_not_there_mean_nothing(self):
        for status in ("excused", "absent", "not_recorded"):
            self._set(self.firm, status, came="16:00", left="18:00")
            self.assertEqual((self._seats("17:00"), self._seats()), (set(), set()))

    def test_proxy_only_outside_the_hours_of_its_giver(self):
        self._set(self.firm)
        self._set(self.council, "late", came="16:30", left="17:10", proxy=self.firm)
        for moment, voter in (
            ("16:29", ("Test firm titular", "proxy")),
            ("16:30", ("Test council titular", "titular")),
            ("17:09", ("Test council titular", "titular")),
            ("17:10", ("Test firm titular", "proxy")),
        ):
            with self.subTest(moment):
                self.assertEqual(self._voters(moment)[self.council], voter)
        self.assertEqual(self._voters()[self.council], ("Test council titular", "titular"))

    def test_proxy_only_while_its_holder_is_there(self):
        self._set(self.firm, "late", came="16:30", left="17:10")
        self._set(self.farm, "excused", proxy=self.firm)
        both = {self.firm, self.farm}
        for moment, seats in (
            ("16:29", set()),
            ("16:30", both),
            ("17:09", both),
            ("17:10", set()),
        ):
            with self.subTest(moment):
                self.assertEqual(self._seats(moment), seats)

    def test_proxy_is_not_passed_on(self):
        self._set(self.single)
        self._set(self.firm, left="17:00", proxy=self.single)
        self._set(self.farm, "excused", proxy=self.firm)
        self.assertEqual(self._seats("16:59"), {self.single, self.firm, self.farm})
        self.assertEqual(self._seats("17:00"), {self.single, self.firm})
        self._set(self.firm, "absent", proxy=self.single)
        self.assertEqual(self._seats("17:00"), {self.single, self.firm})

    def test_holder_needs_a_mandate(self):
        guest = self._add(self._create_person("Test guest"), self.firm)
        self.rows[self.farm].write({"status": "excused", "proxy_id": guest.person_id.id})
        self.assertEqual(self._seats("17:00"), set())

    def test_body_that_allows_none_and_the_limit_at_each_moment(self):
        self._set(self.single)
        self._set(self.firm, left="17:00", proxy=self.single)
        self._set(self.farm, "excused", proxy=self.single)
        self.assertEqual(self._seats("16:30"), {self.single, self.firm, self.farm})
        first = min(self.farm, self.firm, key=lambda seat: self.rows[seat].id)
        self.assertEqual(self._seats("17:30"), {self.single, first}, "the first of the sheet")
        self.body.proxy_max = 2
        self.assertEqual(self._seats("17:30"), {self.single, self.firm, self.farm})
        self.body.proxy_allowed = False
        self.assertEqual(self._seats("17:30"), {self.single})

    def test_seat_counts_once(self):
        """The giver is gone, its alternate is there: the seat votes itself, and the place of the
        proxy is left for another one."""
        self._set(self.firm)
        self._set(self.council, left="16:30", proxy=self.firm)
        self._add(self.deputy, self.council)
        self._set(self.farm, "excused", proxy=self.firm)
        voters = self._voters("17:00")
        self.assertEqual(voters[self.council], ("Test deputy", "alternate"))
        self.assertEqual(voters[self.farm], ("Test firm titular", "proxy"))
        self.assertEqual(len(voters), 3)

    def test_person_of_two_members_who_gives_for_one(self):
        double = self.rows[self.firm].person_id
        self.rows[self.farm].mandate_id.date_end = "2024-06-02"
        self._create_mandate(self.farm, double, date_start="2024-06-03")
        row = self._add(double, self.farm)
        self._set(self.firm)
        row.check_out = at("17:00")
        self.assertEqual(self._seats("16:30"), {self.firm, self.farm})
        self.assertEqual(self._seats("17:00"), {self.firm})

    def test_quorum_is_of_the_whole_sheet(self):
        self.body.write({"quorum_type": "seats", "quorum_seats": 2})
        self._set(self.firm, left="16:10")
        self._set(self.single, "late", came="17:50")
        self.assertEqual(self._seats("17:00"), set())
        quorum = self.meeting._get_quorum()[self.meeting.id]
        self.assertEqual((quorum["have"], quorum["reached"]), (2, True))

    def test_queries_do_not_grow_with_rows(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            rows = self.meeting.attendance_ids
            before = self.env.cr.sql_log_count
            self.meeting._get_voters(rows, at("17:00"))
            return self.env.cr.sql_log_count - before

        for seat in (self.council, self.firm):
            self._set(seat, "late", came="16:30", left="17:30", proxy=self.single)
        few = count()
        for number in range(20):
            seat = self._create_seat(self._create_member(f"Test member {number}"))
            person = self._create_mandate(seat, f"Test person {number}").person_id
            self._add(person, seat, check_out=at("17:30"))
        self.assertEqual(count(), few)
        self.assertEqual(len(self._seats("17:00")), 22)
