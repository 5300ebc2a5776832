from datetime import timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .clock_common import MOMENTS, ZONES, ClockCase, ClockWalk, june

FIRST, SECOND, THIRD = MOMENTS
DATED = (
    "partnership.membership",
    "partnership.seat",
    "partnership.mandate",
    "partnership.relation",
    "partnership.relation.side",
    "partnership.trait",
    "partnership.enlargement.round",
)


@tagged("post_install", "-at_install")
@freeze_time("2024-06-10 10:00:00")
class TestClock(ClockCase):
    """What day it is, of one record and of many."""

    def test_day_of_one(self):
        members = self._create_members()
        seats = self._create_seats(members)
        for moment in MOMENTS:
            with self._at(moment):
                for records in (self.places, self.boards, members, seats):
                    found = {name: record._get_today() for name, record in records.items()}
                    self.assertDays(moment, found)

    def test_day_of_several_has_come_in_all(self):
        both = self.places["west"] + self.places["east"]
        with self._at(FIRST):
            self.assertEqual(both._get_today(), june(14))
        with self._at(SECOND):
            self.assertEqual(both._get_today(), june(15))

    def test_day_of_none_is_that_of_the_user(self):
        """In Los Angeles."""
        with self._at("2024-06-15 06:59:00"):
            self.assertEqual(self.env["partnership.seat"]._get_today(), june(14))
            self.assertEqual(self.env["partnership.partnership"]._get_today(), june(14))
        with self._at("2024-06-15 07:01:00"):
            self.assertEqual(self.env["partnership.seat"]._get_today(), june(15))

    def test_grouped(self):
        members = self._create_members()
        all_of_them = self.env["partnership.membership"].union(*members.values())
        with self._at(SECOND):
            self.assertEqual(
                all_of_them._grouped_by_today(),
                {
                    june(15): members["west"] + members["middle"],
                    june(16): members["east"],
                },
            )

    def test_who_reads_no_partnership_has_its_day(self):
        """The day of a meeting is not the day of whoever looks."""
        meeting = self._create_day("east", 15).with_user(self.employee)
        self.assertFalse(self.places["east"].with_user(self.employee).has_access("read"))
        for moment, is_over in ((FIRST, False), (SECOND, True)):
            with self._at(moment):
                self.assertEqual(meeting._get_today(), june(MOMENTS[moment]["east"]))
                self.assertIs(meeting.partnership_is_over, is_over)
                found = meeting.search([("partnership_is_over", "=", True)])
                self.assertIs(meeting in found, is_over)

    def test_zone_that_is_new_or_left(self):
        """What the zones are is kept in a cache: it follows them."""
        member = self._create_members(date_end="2024-06-14")["west"]
        current = [("is_current", "=", True), ("id", "=", member.id)]
        with self._at(FIRST):
            self.assertTrue(member.search(current))
            self.places["west"].tz = "Pacific/Auckland"
            self.assertFalse(member.search(current))
            self.assertFalse(member.is_current)
            self.places["west"].tz = "Pacific/Pago_Pago"
            self.assertTrue(member.search(current))
            self.assertTrue(member.is_current)

    def test_one_day_everywhere_costs_no_condition(self):
        Seat = self.env["partnership.seat"]
        with self._at("2024-06-15 10:30:00"):
            self.assertEqual(Seat._domain_valid_today(), Seat._domain_valid_on(june(15)))
        with self._at(SECOND):
            self.assertNotEqual(Seat._domain_valid_today(), Seat._domain_valid_on(june(15)))

    def test_no_query_for_each(self):
        records = self.env["partnership.membership"]
        for number in range(5):
            for name, place in self.places.items():
                records += self._create_member(f"Test {name} {number}", partnership_id=place.id)
        with self._at(SECOND):
            records.fetch(["date_start", "date_end", "partnership_id"])
            self.places["west"].search([]).fetch(["tz"])
            with self.assertQueryCount(0):
                self.assertEqual(set(records.mapped("is_current")), {True})
            records.search([("is_current", "=", True)])
            with self.assertQueryCount(1):
                records.search([("is_current", "=", True)])


@tagged("post_install", "-at_install")
@freeze_time("2024-06-10 10:00:00")
class TestClockWalk(ClockWalk, ClockCase):
    """Everything that begins or ends on one of the days around, in each zone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        zone = cls.env["partnership.dimension"].search([("kind", "=", "zone")], limit=1)
        for name, place in cls.places.items():
            value = cls.env["partnership.dimension.value"].create(
                {"name": f"Test {name}", "dimension_id": zone.id, "partnership_id": place.id}
            )
            for day in (13, 14, 15, 16):
                cls._fill(name, place, value, day)
            cls._open_round(partnership_id=place.id, date_end=june(15))

    @classmethod
    def _fill(cls, name, place, value, day):
        """What ends on that day, and what begins on the day after."""
        started = june(day) + timedelta(days=1)
        long = {"partnership_id": place.id, "date_start": "2024-01-01"}
        member = cls._create_member(f"Test ends {name} {day}", **long, date_end=june(day))
        seat = cls._create_seat(member, cls.boards[name], date_end=june(day))
        cls._create_mandate(seat, f"Test ends {name} {day}", date_end=june(day))
        stays = cls._create_member(f"Test stays {name} {day}", **long)
        seat = cls._create_seat(stays, cls.boards[name])
        cls._create_mandate(seat, f"Test begins {name} {day}", date_start=started)
        tie = {"membership_id": member.id, "other_id": stays.id, "date_start": "2024-02-01"}
        cls.env["partnership.relation"].create({**tie, "date_end": june(day)})
        trait = {"partner_id": stays.partner_id.id, "dimension_id": value.dimension_id.id}
        cls.env["partnership.trait"].create(
            {**trait, **long, "value_id": value.id, "date_end": june(day)}
        )
        cls._create_day(name, day)

    def _fill_due(self, name, place, day):
        """What is to be done by that day; the all-day meetings want no more notice."""
        self.boards[name].notice_days = 0
        reader = self._create_person(f"Test reader {name} {day}")
        briefing = self.env["partnership.briefing"].create(
            {
                "name": f"Test briefing {name} {day}",
                "partnership_id": place.id,
                "reading_days": 1,
                "receipt_ids": [Command.create({"person_id": reader.id})],
            }
        )
        briefing.sudo().write({"state": "sent", "date_sent": june(day) - timedelta(days=1)})
        self.assertEqual(briefing.date_due, june(day))
        self.env["partnership.candidate"].create(
            {
                "partnership_id": place.id,
                "partner_id": self._create_organisation(f"Test actor {name} {day}").id,
                "interest_group_id": self.group_civil.id,
                "review_date": june(day),
            }
        )

    def _fill_ahead(self, name, place):
        """What begins on the fifteenth."""
        self._open_round(partnership_id=place.id, date_start=june(15), state="draft")
        begins = {"partnership_id": place.id, "date_start": june(15)}
        member = self._create_member(f"Test begins {name}", **begins)
        self._create_seat(member, self.boards[name], date_start=june(15))
        value = self.env["partnership.dimension.value"].search(
            [("partnership_id", "=", place.id)], limit=1
        )
        trait = {"dimension_id": value.dimension_id.id, "value_id": value.id}
        self.env["partnership.trait"].create(
            {"partner_id": member.partner_id.id, **begins, **trait}
        )

    def test_search_finds_what_is_computed(self):
        for name, place in self.places.items():
            for day in (13, 14, 15, 16):
                self._fill_due(name, place, day)
            self._fill_ahead(name, place)
        changing = self._walk()
        self.assertEqual(
            changing & self._get_own_fields(),
            {
                "partnership.seat.is_vacant",
                "calendar.event.partnership_is_over",
                "calendar.event.partnership_notice_passed",
                "partnership.briefing.is_past_due",
                "partnership.briefing.receipt.is_past_due",
                "partnership.candidate.is_review_due",
            }
            | {f"{model}.{fname}" for model in DATED for fname in ("is_current", "has_ended")}
            | {f"{model}.is_ahead" for model in DATED if "relation" not in model},
        )

    def _get_own_fields(self):
        return {
            f"{model._name}.{fname}"
            for model, fname in self._iter_searchable()
            if "partnership_training" not in model._fields[fname]._modules
        }

    def test_as_the_facilitator_sees_it(self):
        for moment, days in MOMENTS.items():
            for name in ZONES:
                with self._at(moment):
                    mandates = self.env["partnership.mandate"].with_user(self.facilitator)
                    found = mandates.search(
                        [("is_current", "=", True), ("body_id", "=", self.boards[name].id)]
                    )
                    ended = {f"Test ends {name} {day}" for day in range(days[name], 17)}
                    begun = {f"Test begins {name} {day}" for day in range(13, days[name])}
                    self.assertEqual(set(found.person_id.mapped("name")), ended | begun)

    def test_counts(self):
        """By the same day: on the partnership, its body, its members and their contacts."""
        for moment, days in MOMENTS.items():
            for name in ZONES:
                with self._at(moment):
                    left = days[name] - 13  # of the four that end, so many have ended
                    place, board = self.places[name], self.boards[name]
                    self.assertEqual(place.member_count, 8 - left)
                    self.assertEqual(place.relation_count, 4 - left)
                    self.assertEqual(board.seat_count, 8 - left)
                    for day in (14, 15):
                        member = place.membership_ids.filtered(
                            lambda each, name=name, day=day: (
                                each.partner_id.name == f"Test ends {name} {day}"
                            )
                        )
                        still = int(day >= days[name])
                        mandate = member.mandate_ids
                        self.assertEqual(member.seat_count, still)
                        self.assertEqual(member.mandate_count, still)
                        self.assertEqual(member.relation_count, still)
                        self.assertEqual(member.partner_id.partnership_membership_count, still)
                        self.assertEqual(mandate.person_id.partnership_mandate_count, still)
                        self.assertEqual(
                            member.partner_id.partnership_ids, place if still else place.browse()
                        )
                        holder = mandate.person_id if still else mandate.person_id.browse()
                        self.assertEqual(member.seat_ids.titular_id, holder)

    def test_portal_user_whose_mandate_ends(self):
        for name in ZONES:
            person = self._create_person(f"Test portal {name}")
            member = self._create_member(f"Test portal {name}", partnership_id=self.places[name].id)
            seat = self._create_seat(member, self.boards[name])
            self._create_mandate(seat, person, date_end="2024-06-15")
            user = new_test_user(self.env, f"test_clock_{name}", "base.group_portal")
            user.partner_id = person
            for moment, days in MOMENTS.items():
                with self._at(moment):
                    mine = member.with_user(user).search([("is_mine", "=", True)])
                    self.assertEqual(mine.ids, member.ids if days[name] <= 15 else [])

    def test_composition_has_the_day_of_each_partnership(self):
        for moment, days in MOMENTS.items():
            with self._at(moment):
                for report in ("report", "share", "summary", "wave"):
                    Report = self.env[f"partnership.composition.{report}"]
                    found = {
                        name: set(self._search_days(Report, place))
                        for name, place in self.places.items()
                    }
                    self.assertEqual(found, {name: {june(day)} for name, day in days.items()})
                for name, board in self.boards.items():
                    shares = self.env["partnership.body.share"].search(
                        [("body_id", "=", board.id), ("dimension", "=", "group")]
                    )
                    self.assertEqual(sum(shares.mapped("seats")), 8 - (days[name] - 13))
                    members = self.places[name].composition_member_count
                    self.assertEqual(members, 8 - (days[name] - 13))

    def _search_days(self, Report, place):
        """:return: list of the days of which the rows of a partnership are"""
        domain = [("partnership_id", "=", place.id)]
        if "date" in Report._fields:
            return Report.search(domain).mapped("date")
        return Report.search([*domain, ("kind", "=", "year")]).mapped("date_end")

    def test_composition_of_a_day_is_of_that_day(self):
        with self._at(SECOND):
            for report in ("report", "share", "summary", "wave"):
                Report = self.env[f"partnership.composition.{report}"].with_context(
                    as_of="2024-05-31"
                )
                days = set(self._search_days(Report, self.places["east"]))
                self.assertEqual({str(day) for day in days}, {"2024-05-31"})

    def test_years_of_seats(self):
        for moment, days in MOMENTS.items():
            with self._at(moment):
                for name in ZONES:
                    row = self.env["partnership.turnover.report"].search(
                        [
                            ("organisation_id.name", "=", f"Test stays {name} 13"),
                            ("year", "=", "2024"),
                        ]
                    )
                    self.assertAlmostEqual(row.seat_years * 366, 152 + days[name])


@tagged("post_install", "-at_install")
@freeze_time("2024-06-10 10:00:00")
class TestClockReports(ClockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = cls._create_members(date_start="2020-01-01")
        cls.seats = cls._create_seats(cls.members)
        cls.meetings = {}
        for name, seat in cls.seats.items():
            cls._create_mandate(seat, f"Test titular {name}")
            meeting = cls._create_day(name, 15, start_date="2023-06-15", stop_date="2023-06-15")
            meeting._fill_sheet()
            meeting.attendance_ids.status = "present"
            meeting._close_sheet()
            cls.meetings[name] = meeting

    def test_presence_of_twelve_months(self):
        for moment, days in MOMENTS.items():
            with self._at(moment):
                expected = {name: int(day == 14) for name, day in days.items()}
                for places in (self.places, self.boards):
                    everywhere = places["west"].union(*places.values())
                    everywhere.mapped("figure_expected")
                    found = {name: place.figure_expected for name, place in places.items()}
                    self.assertEqual(found, expected)
                    for name, place in places.items():
                        action = place.action_open_presence()
                        rows = self.env[action["res_model"]].search_count(action["domain"])
                        self.assertEqual(rows, expected[name])

    def test_minutes_are_due_with_their_day(self):
        for name, meeting in self.meetings.items():
            reader = {
                "membership_id": self.members[name].id,
                "person_id": self.seats[name].titular_id.id,
            }
            briefing = self.env["partnership.briefing"].create(
                {
                    "name": "Test minutes",
                    "kind": "minutes",
                    "partnership_id": self.places[name].id,
                    "event_id": meeting.id,
                    "receipt_ids": [Command.create(reader)],
                }
            )
            briefing.sudo().write({"state": "sent", "date_sent": "2024-06-01"})
            self.assertEqual(str(briefing.date_due), "2024-06-15")
        for moment, days in MOMENTS.items():
            with self._at(moment):
                rows = {
                    name: self.env["partnership.meeting.report"].search(
                        [("event_id", "=", meeting.id)]
                    )
                    for name, meeting in self.meetings.items()
                }
                self.assertEqual(
                    {name: row.briefings_due for name, row in rows.items()},
                    {name: int(day >= 15) for name, day in days.items()},
                )

    def test_figures_are_as_of_the_day(self):
        for moment in MOMENTS:
            with self._at(moment):
                self._run_job("partnership.membership.figure", "_cron_refresh")
                found = {name: each.figure_id.date for name, each in self.members.items()}
                self.assertDays(moment, found)

    def test_readiness_is_of_the_day(self):
        for moment in MOMENTS:
            with self._at(moment):
                self._run_job("partnership.partnership", "_cron_refresh_readiness")
                found = {name: place.readiness_date for name, place in self.places.items()}
                self.assertDays(moment, found)
