from freezegun import freeze_time

from odoo.tests import tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestQuorum(PartnershipCase):
    """Ten seats: nine of organisations, each with titular and alternate, one of a resident."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.body.write({"quorum_type": "weight", "quorum_share": 50})
        cls.resident = cls._create_person("Test resident")
        cls.seats = cls.env["partnership.seat"]
        for number in range(9):
            cls.seats += cls._create_seat(cls._create_member(f"Test member {number}"))
        cls.seats += cls._create_seat(cls._create_member(cls.resident))
        for number, seat in enumerate(cls.seats[:9]):
            cls._create_mandate(seat, f"Test titular {number}")
            cls._create_mandate(seat, f"Test alternate {number}", "alternate")
        cls.meeting = cls._create_meeting()
        cls.meeting._fill_sheet()
        cls.rows = cls.seats.mapped(
            lambda seat: cls.meeting.attendance_ids.filtered(lambda row: row.seat_id == seat)
        )

    def _quorum(self, meeting=None):
        meeting = meeting or self.meeting
        quorum = meeting._get_quorum()[meeting.id]
        return quorum["have"], quorum["needed"], quorum["base"], quorum["reached"]

    def _give_proxy(self, giver, holder):
        giver.write({"status": "excused", "proxy_id": holder.person_id.id})

    def test_share_of_weight(self):
        self.assertEqual(self._quorum(), (0, 5, 10, False))
        self.rows[:4].status = "present"
        self.assertEqual(self._quorum(), (4, 5, 10, False))
        self.rows[9].status = "late"
        self.assertEqual(self._quorum(), (5, 5, 10, True))

    def test_weights_of_seats(self):
        self.seats[0].vote_weight = 4
        self.rows[0].status = "present"
        self.assertEqual(self._quorum(), (4, 7, 13, False), "half of 13 votes is 7 votes")
        self.rows[1:4].status = "present"
        self.assertEqual(self._quorum(), (7, 7, 13, True))
        self.seats[1].vote_weight = 0.5
        self.assertEqual(self._quorum(), (6.5, 6.25, 12.5, True))

    def test_number_of_seats(self):
        self.body.write({"quorum_type": "seats", "quorum_seats": 3})
        self.seats[0].vote_weight = 5
        self.rows[:2].status = "present"
        self.assertEqual(self._quorum(), (2, 3, 10, False))
        self.rows[2].status = "present"
        self.assertEqual(self._quorum(), (3, 3, 10, True))

    def test_no_quorum_asked(self):
        self.body.quorum_type = "none"
        self.assertEqual(self._quorum(), (0, 0, 10, True))

    def test_filled_seats_are_the_base(self):
        vacant = self._create_seat(self._create_member("Test vacant member"))
        self.meeting._fill_sheet()
        self.assertEqual(self._quorum()[1:3], (6, 11))
        self.body.quorum_base = "filled"
        self.assertEqual(self._quorum()[1:3], (5, 10))
        self.assertNotIn(vacant, self.meeting._get_voting_seats(self.meeting.attendance_ids))

    def test_alternate_counts_and_unmandated_does_not(self):
        self.body.write({"quorum_type": "seats", "quorum_seats": 2})
        alternate = (
            self.seats[0]
            .mandate_ids.filtered(lambda mandate: mandate.kind == "alternate")
            .person_id
        )
        Attendance = self.env["partnership.attendance"]
        Attendance._record(self.meeting, alternate, self.seats[0].partner_id, status="present")
        self.assertEqual(self._quorum()[0], 1)
        unmandated = self._create_person("Test unmandated")
        row = Attendance._record(
            self.meeting, unmandated, self.seats[1].partner_id, status="present"
        )
        self.assertEqual(row.seat_id, self.seats[1])
        self.assertEqual(self._quorum()[0], 1)

    def test_titular_and_alternate_count_once(self):
        alternate = (
            self.seats[0]
            .mandate_ids.filtered(lambda mandate: mandate.kind == "alternate")
            .person_id
        )
        self.rows[0].status = "present"
        self.env["partnership.attendance"]._record(
            self.meeting, alternate, self.seats[0].partner_id, status="present"
        )
        self.assertEqual(self._quorum()[0], 1)

    def test_proxies_up_to_the_limit(self):
        self.body.proxy_max = 2
        self.rows[0].status = "present"
        for giver in self.rows[1:4]:
            self._give_proxy(giver, self.rows[0])
        self.assertEqual(self._quorum()[0], 3, "the seat and two of three proxies")
        self.body.proxy_max = 0
        self.assertEqual(self._quorum()[0], 1)
        self.body.write({"proxy_max": 5, "proxy_allowed": False})
        self.assertEqual(self._quorum()[0], 1)

    def test_first_proxies_of_the_sheet_count(self):
        self.seats[2].vote_weight = 3
        self.rows[0].status = "present"
        self._give_proxy(self.rows[2], self.rows[0])
        self._give_proxy(self.rows[1], self.rows[0])
        self.assertEqual(self._quorum()[0], 2)

    def test_proxy_to_somebody_absent_or_without_mandate_does_not_count(self):
        self._give_proxy(self.rows[1], self.rows[0])
        self.assertEqual(self._quorum()[0], 0, "nobody is there to vote")
        guest = self.env["partnership.attendance"]._record(
            self.meeting, self._create_person("Test guest"), status="present"
        )
        self._give_proxy(self.rows[2], guest)
        self.assertEqual(self._quorum()[0], 0)

    def test_proxy_of_a_seat_that_is_there_anyway_takes_no_place(self):
        self.rows[0].status = "present"
        alternate = (
            self.seats[1]
            .mandate_ids.filtered(lambda mandate: mandate.kind == "alternate")
            .person_id
        )
        self._give_proxy(self.rows[1], self.rows[0])
        self.env["partnership.attendance"]._record(
            self.meeting, alternate, self.seats[1].partner_id, status="present"
        )
        self._give_proxy(self.rows[2], self.rows[0])
        self.assertEqual(self._quorum()[0], 3, "the limit of one is left for the other proxy")

    def test_seat_ended_before_the_meeting_does_not_count(self):
        self.rows[1:6].status = "present"
        self.assertEqual(self._quorum(), (5, 5, 10, True))
        self.seats[0].date_end = "2024-06-01"
        self.rows[0].status = "present"
        self.assertEqual(self._quorum(), (5, 5, 9, True))

    def test_mandate_ended_before_the_meeting_does_not_count(self):
        self.rows[0].status = "present"
        self.seats[0].mandate_ids.date_end = "2024-06-01"
        self.assertEqual(self._quorum()[0], 0)

    def test_body_without_seats_never_has_its_quorum(self):
        empty = self._create_body("Test empty body", quorum_type="weight", quorum_share=0)
        meeting = self._create_meeting(body=empty)
        self.assertEqual(self._quorum(meeting), (0, 0, 0, False))
        empty.quorum_type = "none"
        self.assertTrue(self._quorum(meeting)[3])

    def test_many_meetings_cost_as_few_queries_as_one(self):
        meetings = self.meeting
        for day in range(10, 14):
            meetings += self._create_meeting(f"2024-06-{day} 16:00:00")
        for meeting in meetings[1:]:
            meeting._fill_sheet()

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records._get_quorum()
            return self.env.cr.sql_log_count - before

        one = count(self.meeting)
        self.assertEqual(count(meetings), one)
        self.assertLess(one, 12)
