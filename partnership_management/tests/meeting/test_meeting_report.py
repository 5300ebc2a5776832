from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import SQL

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-07-15")
class TestMeetingReport(PartnershipCase):
    """Meetings held against planned, their notice and quorum, who came and who read the minutes:
    four meetings of the board, one of which was cancelled and one is ahead, and one of a group."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seats = cls.env["partnership.seat"]
        for name in ("Test council", "Test firm", "Test farm"):
            seat = cls._create_seat(cls._create_member(name))
            cls._create_mandate(seat, f"{name} titular")
            cls.seats += seat
        cls.first, cls.second, cls.lost, cls.ahead = (
            cls._create_meeting(f"2024-{month}-03 16:00:00") for month in ("05", "06", "07", "08")
        )
        cls.group = cls._create_body("Test group", level="thematic", quorum_type="none")
        cls.other = cls._create_meeting("2024-06-10 16:00:00", body=cls.group)
        cls._hold(cls.first, 3)
        cls._hold(cls.second, 1)
        cls._hold(cls.other, 0)
        cls.lost.action_cancel_meeting()
        cls.Report = cls.env["partnership.meeting.report"].with_user(cls.facilitator)

    @classmethod
    def _hold(cls, meeting, present):
        meeting._fill_sheet()
        meeting.attendance_ids.sorted("seat_id")[:present].status = "present"
        meeting._close_sheet("absent")

    def _row(self, meeting):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.Report.search([("event_id", "=", meeting.id)])

    def _group(self, *measures, by="body_id"):
        self.env.flush_all()
        self.env.invalidate_all()
        return {
            key[0]: key[1:]
            for key in self.Report._read_group(
                [("partnership_id", "=", self.partnership.id)], [by], measures
            )
        }

    def test_one_row_for_each_meeting_of_a_body(self):
        rows = self.Report.search([("partnership_id", "=", self.partnership.id)])
        self.assertEqual(
            rows.event_id, self.ahead + self.lost + self.other + self.second + self.first
        )
        self.assertEqual(
            [(row.level, row.state) for row in rows],
            [
                ("decision", "planned"),
                ("decision", "cancelled"),
                ("thematic", "closed"),
                ("decision", "closed"),
                ("decision", "closed"),
            ],
        )
        self.ahead.active = False
        self.assertFalse(self._row(self.ahead))

    def test_held_against_planned(self):
        found = self._group("planned:sum", "held:sum", "cancelled:sum", "held_rate:avg")
        board = found[self.body]
        self.assertEqual(board[:3], (4, 2, 1))
        self.assertAlmostEqual(board[3], 2 / 3, msg="the one ahead is not decided")
        self.assertEqual(found[self.group], (1, 1, 0, False), "one is not enough for a rate")

    def test_quorum_is_kept_as_it_was(self):
        self.assertEqual(self.first.partnership_quorum, "reached")
        self.assertEqual(self.second.partnership_quorum, "missed")
        self.assertFalse(self.other.partnership_quorum, "the group asks for none")
        self.body.quorum_share = 10
        self.assertEqual(self._row(self.second).quorum, "missed")
        self.assertFalse(self.first.copy().partnership_quorum)

    def test_quorum_follows_a_correction(self):
        rows = self.second.attendance_ids.with_user(self.facilitator)
        rows.filtered(lambda row: row.status == "absent")[0].status = "late"
        self.assertEqual(self._row(self.second).quorum, "reached")
        rows.status = "absent"
        self.assertEqual(self._row(self.second).quorum, "missed")

    def test_quorum_of_a_guest_who_takes_a_seat(self):
        alternate = self._create_mandate(self.seats[1], "Test alternate", "alternate").person_id
        self.env["partnership.attendance"].with_user(self.facilitator)._record(
            self.second, alternate, self.seats[1].partner_id, status="present"
        )
        self.assertEqual(self._row(self.second).quorum, "reached")

    def test_body_without_seats(self):
        body = self._create_body("Test empty group")
        meeting = self._create_meeting("2024-06-11 16:00:00", body=body)
        meeting._close_sheet()
        row = self._row(meeting)
        self.assertEqual((row.quorum, row.expected, row.represented), ("missed", 0, 0))

    def test_rates_of_quorum_and_notice_need_three(self):
        found = self._group("quorum_rate:avg", "notice_rate:avg")
        self.assertEqual(found[self.body], (False, False))
        third = self._create_meeting("2024-06-20 16:00:00")
        self._hold(third, 2)
        (self.first + self.second + third).flush_recordset()
        self.first.partnership_notice_date = "2024-04-01"
        self.second.partnership_notice_date = "2024-06-02"
        third.partnership_notice_date = "2024-06-01"
        quorum, notice = self._group("quorum_rate:avg", "notice_rate:avg")[self.body]
        self.assertAlmostEqual(quorum, 2 / 3)
        self.assertAlmostEqual(notice, 2 / 3)

    def test_presence_is_that_of_the_participation_report(self):
        presence = self._group("represented:sum", "expected:sum", "presence_rate:avg")
        represented, expected, rate = presence[self.body]
        self.assertEqual((represented, expected), (4, 6))
        self.assertAlmostEqual(rate, 4 / 6)
        participation = self.env["partnership.participation.report"]._read_group(
            [("body_id", "=", self.body.id)], [], ["presence_rate:avg"]
        )
        self.assertAlmostEqual(participation[0][0], rate)

    def test_presence_of_meetings_of_different_size(self):
        """Of 6 seats 4 and of 1 seat none: 4 of 7, not the mean of 67 % and 0 %."""
        seat = self._create_seat(self._create_member("Test mill"), body=self.group)
        self._create_mandate(seat, "Test miller")
        self._hold(self._create_meeting("2024-06-12 16:00:00", body=self.group), 0)
        rate = self._group("presence_rate:avg", by="partnership_id")[self.partnership][0]
        self.assertAlmostEqual(rate, 4 / 7)

    def _inform(self, meeting, kind="minutes", **values):
        """Minutes to the three members, the first of which has two readers."""
        briefing = self.env["partnership.briefing"].create(
            {"name": "Test minutes", "kind": kind, "event_id": meeting.id, **values}
        )
        people = self.seats.mandate_ids.mapped(lambda each: (each.membership_id, each.person_id))
        people.append((self.seats[0].membership_id, self.facilitator.partner_id))
        receipts = self.env["partnership.briefing.receipt"].create(
            [
                {
                    "briefing_id": briefing.id,
                    "membership_id": membership.id,
                    "person_id": person.id,
                }
                for membership, person in people
            ]
        )
        briefing.write({"state": "sent", "date_sent": "2024-05-05"})
        return briefing, receipts

    def test_informed_by_the_minutes(self):
        briefing, receipts = self._inform(self.first)
        due = briefing.date_due
        self.assertEqual(str(due), "2024-05-19")
        first = receipts.filtered(lambda each: each.membership_id == self.seats[0].membership_id)
        first[0].date_read = due
        first[1].date_read = "2024-05-06"
        (receipts - first)[0].date_read = "2024-05-20"
        row = self._row(self.first)
        self.assertEqual((row.briefings_read, row.briefings_due), (1, 3))
        self.assertAlmostEqual(row.informed_rate, 1 / 3)

    def test_minutes_are_due_on_their_date(self):
        self._inform(self.first)
        with freeze_time("2024-05-18"):
            self.assertEqual(self._row(self.first).briefings_due, 0)
        with freeze_time("2024-05-19"):
            self.assertEqual(self._row(self.first).briefings_due, 3)

    def test_minutes_sent_too_late_to_read_them_in_time(self):
        """Who is sent them afterwards, to catch up, was not to know of them by then."""
        _briefing, receipts = self._inform(self.first)
        receipts[-2:].date_sent = "2024-05-21 08:00:00"
        self.assertEqual(receipts[-1].membership_id, receipts[0].membership_id)
        self.assertEqual(self._row(self.first).briefings_due, 2)
        receipts.date_sent = "2024-05-19 20:00:00"
        self.assertEqual(self._row(self.first).briefings_due, 3)

    def test_only_sent_minutes_inform(self):
        self._inform(self.first, kind="document")
        briefing, _receipts = self._inform(self.second)
        briefing.state = "cancelled"
        self.assertEqual(self._row(self.first).briefings_due, 0)
        self.assertEqual(self._row(self.second).briefings_due, 0)

    def test_rows_open_to_what_is_behind(self):
        action = self._row(self.first).action_open_rows()
        seats = self.env[action["res_model"]].with_user(self.facilitator).search(action["domain"])
        self.assertEqual(seats.seat_id, self.seats)
        self.assertEqual(action["views"][0][1], "list")
        action = self._row(self.ahead).action_open_rows()
        self.assertEqual((action["res_model"], action["res_id"]), ("calendar.event", self.ahead.id))

    def test_foreign_team_sees_nothing(self):
        Report = self.Report.with_user(self.stranger)
        self.assertFalse(Report.search([("partnership_id", "=", self.partnership.id)]))

    def test_quorum_follows_a_mandate_that_was_told_late(self):
        """Somebody came without a mandate, and the letter that gives it is found later."""
        seat = self._create_seat(self._create_member("Test mill"), body=self.body)
        person = self._create_person("Test miller")
        meeting = self._create_meeting("2024-06-20 16:00:00")
        meeting._fill_sheet()
        self.env["partnership.attendance"]._record(
            meeting, person, seat.partner_id, status="present"
        )
        meeting.attendance_ids.sorted("seat_id")[:1].status = "present"
        meeting._close_sheet("absent")
        self.assertEqual(self._row(meeting).quorum, "missed")
        self._create_mandate(seat, person)
        self.assertEqual(self._row(meeting).quorum, "reached")

    def test_quorum_of_many_costs_as_few_queries_as_of_one(self):
        meetings = self.env["calendar.event"]
        for day in range(10, 20):
            meetings += self._create_meeting(f"2024-05-{day} 16:00:00")
        meetings._fill_sheet()
        meetings.attendance_ids.status = "present"
        meetings._close_sheet()

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            stored = self.env["partnership.meeting"].search([("event_id", "in", records.ids)])
            self.env.add_to_compute(stored._fields["quorum"], stored)
            self.env.flush_all()
            self.assertEqual(set(records.mapped("partnership_quorum")), {"reached"})
            return self.env.cr.sql_log_count - before

        count(meetings[:1])
        self.assertEqual(count(meetings[1:3]), count(meetings[3:]))

    def test_open_sheet_does_not_write_the_meeting(self):
        """Phones that check in at once would get into each other's way."""
        meeting = self._create_meeting("2024-07-15 00:00:00")
        meeting._fill_sheet()
        self.env.flush_all()
        self.env.invalidate_all()
        with self._without("UPDATE calendar_event"):
            meeting._check_in(self.seats.mandate_ids[0].person_id.id, [self.seats[0].partner_id.id])
            self.env.flush_all()

    @contextmanager
    def _without(self, words):
        """The block runs no query that contains ``words``."""
        queries = []
        execute = type(self.env.cr).execute

        def log(cr, query, *args, **kwargs):
            queries.append(str(query.code if isinstance(query, SQL) else query))
            return execute(cr, query, *args, **kwargs)

        with patch.object(type(self.env.cr), "execute", log):
            yield
        self.assertFalse([query for query in queries if words in query.replace('"', "")])
