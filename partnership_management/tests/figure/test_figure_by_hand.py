import random
from collections import defaultdict
from datetime import date, datetime, time, timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from ...tools.attendance import PRESENT
from ..common import PartnershipCase
from .figure_by_hand import DAY, ByHand

STATUSES = ("present", "present", "late", "excused", "absent", "absent", "not_recorded")


@tagged("post_install", "-at_install")
class TestFigureByHand(PartnershipCase):
    """Partnerships made up by chance: every figure of every month is what its definition says,
    also where the past was corrected."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.persons = [cls._create_person(f"Test person {number}") for number in range(12)]
        cls.group = cls._create_body("Test group")

    def setUp(self):
        super().setUp()
        clock = freeze_time("2025-01-15")
        clock.start()
        self.addCleanup(clock.stop)

    def test_figures(self):
        self.seen = defaultdict(set)
        for seed in range(4):
            with self.subTest(seed=seed):
                self.chance = random.Random(seed)
                members = self._make_members()
                self._make_briefings(members)
                meetings = self._hold_meetings()
                self._compare(members)
                self._correct(members, meetings)
                self._compare(members)
                members.filtered(lambda member: not member.date_end).date_end = "2025-01-14"
        alike = {name for name, values in self.seen.items() if len(values) < 2}
        self.assertTrue(self.seen)
        self.assertFalse(alike, "chance has made up too little")

    def _day(self, first, last):
        first, last = date.fromisoformat(first), date.fromisoformat(last)
        return first + timedelta(days=self.chance.randrange((last - first).days))

    def _make_members(self):
        members = self.env["partnership.membership"]
        for number in range(4):
            member = self._create_member(
                f"Test organisation {number}",
                role=self.chance.choice([self.role_formal, self.role_informal]),
                date_start=self._day("2020-01-01", "2021-12-31"),
            )
            for body in [self.body, self.group][: self.chance.choice([1, 1, 2])]:
                seat = self._create_seat(member, body, vote_weight=self.chance.choice([1, 2, 3]))
                self._make_mandates(seat)
            members |= member
        for member in members[:2]:
            step = self._day("2022-01-01", "2024-06-01")
            member.with_context(
                transition_date=step, transition_reason="Test"
            ).role_id = self.role_active
        members[3].date_end = self._day("2023-06-01", "2024-12-01")
        resident = self._create_member(
            self._create_person("Test resident"), date_start="2021-02-01"
        )
        self._create_seat(resident)
        return members | resident

    def _make_mandates(self, seat):
        """Titulars who follow each other, at times with a gap, at times on again; an alternate."""
        begin = seat.date_start
        own = self.chance.sample(self.persons, 4)
        for _number in range(4):
            end = begin + timedelta(days=self.chance.randrange(150, 600))
            last = end >= date(2024, 12, 1)
            self._create_mandate(
                seat,
                self.chance.choice(own[:3]),
                date_start=begin,
                date_end=not last and end,
                end_kind=not last and self.chance.choice(["planned", "unplanned"]),
                authority=self.chance.choice(["commits", "recommends"]),
            )
            begin = end + timedelta(days=self.chance.choice([1, 1, 90]))
            if last or begin > date(2024, 12, 1):
                break
        self._create_mandate(seat, own[3], kind="alternate", authority="reports")

    def _hold_meetings(self):
        meetings = self.env["calendar.event"]
        for _number in range(22):
            day = self._day("2021-03-01", "2025-01-10")
            body = self.chance.choice([self.body, self.body, self.group])
            meeting = self._create_meeting(f"{day} 1{self.chance.randrange(10)}:00:00", body)
            meeting._fill_sheet()
            for row in meeting.attendance_ids:
                self._mark(row)
            if self.chance.random() < 0.9:
                meeting._close_sheet()
                meetings |= meeting
        return meetings

    def _mark(self, row):
        vacant = "absent" if row.date.day % 4 else "not_recorded"
        status = self.chance.choice(STATUSES) if row.person_id else vacant
        row.status = status
        if status not in PRESENT and row.person_id and self.chance.random() < 0.2:
            row.proxy_id = self.chance.choice(
                [each for each in self.persons if each != row.person_id]
            )
        there = row.event_id.attendance_ids.filtered(
            lambda other: other.organisation_id == row.organisation_id
        ).person_id
        others = [each for each in self.persons if each not in there]
        if row.organisation_id and self.chance.random() < 0.4:
            self.env["partnership.attendance"].create(
                {
                    "event_id": row.event_id.id,
                    "seat_id": row.seat_id.id,
                    "person_id": self.chance.choice(others).id,
                    "status": self.chance.choice(PRESENT),
                }
            )

    def _make_briefings(self, members):
        for _number in range(14):
            sent = self._day("2022-06-01", "2025-01-10")
            due = sent + timedelta(days=14)
            briefing = self.env["partnership.briefing"].create(
                {
                    "name": "Test news",
                    "partnership_id": self.partnership.id,
                    "kind": self.chance.choice(["minutes", "document", "newsletter", "handover"]),
                    "ask_relay": self.chance.random() < 0.6,
                    "receipt_ids": [
                        Command.create({"person_id": person.id, "membership_id": member.id})
                        for member in members
                        for person in self.chance.sample(self.persons, 2)
                        if self.chance.random() < 0.8
                    ],
                }
            )
            state = self.chance.choice(["sent", "sent", "sent", "cancelled"])
            briefing.write({"state": state, "date_sent": sent})
            for receipt in briefing.receipt_ids:
                late = self.chance.choice([None, 0, 14, 15, 60])
                if late is not None:
                    moment = time(self.chance.choice([0, 12, 23]), 30)
                    receipt.date_sent = datetime.combine(sent + timedelta(days=late), moment)
                if self.chance.random() < 0.5:
                    receipt.date_read = min(
                        due + timedelta(days=self.chance.randrange(-10, 6)), date(2025, 1, 15)
                    )
                if self.chance.random() < 0.3:
                    receipt.write({"date_relayed": sent + DAY, "relay_evidence": "Test notice"})

    def _correct(self, members, meetings):
        """Change the past in each of the ways in which it may be changed."""
        for row in self.chance.sample(list(meetings.attendance_ids), 6):
            if row.person_id:
                row.write({"proxy_id": False, "status": self.chance.choice(STATUSES)})
        meeting = self.chance.choice(meetings)
        meeting.write(
            {
                "start": meeting.start - timedelta(days=45),
                "stop": meeting.stop - timedelta(days=45),
            }
        )
        open_mandates = members.mandate_ids.filtered(
            lambda mandate: not mandate.date_end and mandate.date_start < date(2024, 6, 1)
        )
        for mandate in open_mandates[:2]:
            mandate.write({"date_end": "2024-06-30", "end_kind": "unplanned"})
        sent = self.env["partnership.briefing"].search(
            [("partnership_id", "=", self.partnership.id), ("state", "=", "sent")]
        )
        sent[0].action_cancel()
        for receipt in self.chance.sample(list(sent[1:].receipt_ids), 8):
            if not receipt.date_relayed:
                day = receipt.briefing_id.date_sent + DAY
                receipt.write({"date_relayed": day, "relay_evidence": "Test notice"})

    def _compare(self, members):
        """Bring the figures up to date, and look at each row of them."""
        Figure = self.env["partnership.membership.figure"]
        Figure._run_postponed()
        Figure._refresh(members)
        members.invalidate_recordset()
        figures = Figure.search([("membership_id", "in", members.ids)])
        self.assertGreater(len(figures), 100)
        self.env.cr.execute(
            "SELECT * FROM partnership_membership_figure WHERE id IN %s", [tuple(figures.ids)]
        )
        rows = self.env.cr.dictfetchall()
        by_hand = {member.id: ByHand(member) for member in members}
        for row in rows:
            figures = by_hand[row["membership_id"]]
            figures.see_from(row["date"])
            expected = figures.compute()
            for name, value in expected.items():
                self.seen[name].add(value)
            found = {name: row[name] for name in expected}
            self.assertEqual(
                self._rounded(found),
                self._rounded(expected),
                f"{figures.member.display_name}, {row['date']}",
            )

    def _rounded(self, figures):
        return {
            name: round(value, 6) if isinstance(value, float) else value
            for name, value in figures.items()
        }
