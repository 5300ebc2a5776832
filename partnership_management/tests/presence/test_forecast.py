import itertools
import random

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged

from ...tools.quorum_forecast import (
    Seat,
    get_balance_chance,
    get_chance,
    get_gains,
    get_quorum_chance,
)
from ..common import PartnershipCase

CHECK = [Seat(0.9, 1, "public")] * 5 + [Seat(0.6, 1, "economic")] * 4 + [Seat(0.5, 1, "civil")] * 4


def brute_force(seats, needed, ceiling):
    """:return: (quorum, quorum and balance), by looking at each possible assembly"""
    quorum = balance = 0.0
    for coming in itertools.product((False, True), repeat=len(seats)):
        chance, groups = 1.0, {}
        for seat, comes in zip(seats, coming, strict=True):
            chance *= seat.chance if comes else 1 - seat.chance
            groups[seat.group] = groups.get(seat.group, 0) + comes * seat.units
        total = sum(groups.values())
        if total + 1e-9 >= needed:
            quorum += chance
            if all(100 * units <= ceiling * total + 1e-9 for units in groups.values()):
                balance += chance
    return quorum, balance


class TestForecastNumbers(BaseCase):
    """The probabilities, without a database."""

    def test_check_values(self):
        self.assertEqual(round(get_quorum_chance(CHECK, 7), 2), 0.94)
        self.assertEqual(round(get_balance_chance(CHECK, 7, 49), 2), 0.34)

    def test_chance_of_a_seat(self):
        self.assertEqual(get_chance(0, 0, 0.6), 0.6)
        self.assertEqual(get_chance(4, 4, 0.5), 0.75)
        self.assertAlmostEqual(get_chance(0, 6, 0.5), 0.2)

    def test_brute_force(self):
        dice = random.Random(20240603)
        for _trial in range(150):
            seats = [
                Seat(
                    dice.choice((0, 1, dice.random())),
                    dice.choice((0, 1, 1, 0.25, 1.5, 0.3333)),
                    dice.choice("abc"),
                )
                for _seat in range(dice.randint(0, 8))
            ]
            needed = dice.choice((0, 1, 2, 2.5, 3.25, 6))
            ceiling = dice.choice((20, 100 / 3, 49, 50, 75, 100))
            quorum, balance = brute_force(seats, needed, ceiling)
            with self.subTest(seats=seats, needed=needed, ceiling=ceiling):
                self.assertAlmostEqual(get_quorum_chance(seats, needed), quorum)
                self.assertAlmostEqual(get_balance_chance(seats, needed, ceiling), balance)
                for number, gain in enumerate(get_gains(seats, needed)):
                    sure = [*seats]
                    sure[number] = seats[number]._replace(chance=1)
                    raised, _balance = brute_force(sure, needed, ceiling)
                    self.assertAlmostEqual(gain, raised - quorum)

    def test_nobody(self):
        self.assertEqual(get_quorum_chance([], 0), 1)
        self.assertEqual(get_quorum_chance([], 1), 0)
        self.assertEqual(get_balance_chance([], 1, 49), 0)
        self.assertEqual(get_gains([], 1), [])

    def test_half_of_decimals_is_exact(self):
        """Ten times 0.1 is 1, and a half is a half."""
        seats = [Seat(1, 0.1, number % 2) for number in range(10)]
        self.assertEqual(get_quorum_chance(seats, 1), 1)
        self.assertEqual(get_balance_chance(seats, 1, 50), 1)
        self.assertEqual(get_balance_chance(seats, 1, 49.99), 0)

    def test_two_hundred_seats(self):
        """The sums stay as many as there are seats; looking at each assembly would never end."""
        seats = [
            Seat(number % 9 / 10 + 0.1, 1 + number % 2 / 2, number % 7) for number in range(200)
        ]
        self.assertAlmostEqual(get_quorum_chance(seats, 120), 0.7158, 4)
        self.assertLessEqual(
            get_balance_chance(seats, 120, 49), get_quorum_chance(seats, 120) + 1e-9
        )
        self.assertEqual(len(get_gains(seats, 120)), 200)


@tagged("post_install", "-at_install")
@freeze_time("2024-06-10 10:00:00")
class TestForecast(PartnershipCase):
    """A board of three members with a quorum of two votes, which met four times."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seats, cls.persons = cls.env["partnership.seat"], cls.env["res.partner"]
        for name, group in (
            ("council", cls.group_public),
            ("firm", cls.group_economic),
            ("club", cls.group_civil),
        ):
            member = cls._create_member(f"Test {name}", group=group, date_start="2021-01-01")
            seat = cls._create_seat(member)
            cls.persons += cls._create_mandate(seat, f"Test {name} person").person_id
            cls.seats += seat
        cls.meeting = cls._create_meeting(
            "2024-06-24 16:00:00", partner_ids=cls.persons.ids
        ).with_user(cls.facilitator)

    @classmethod
    def _hold(cls, start, *statuses, answers=(False, False, False)):
        """A closed meeting at which the three were there or not."""
        meeting = cls._create_meeting(f"{start} 16:00:00")
        for person, seat, status, answer in zip(
            cls.persons, cls.seats, statuses, answers, strict=True
        ):
            cls.env["partnership.attendance"]._record(
                meeting, person, seat.partner_id, status=status, answer=answer
            )
        meeting._close_sheet()
        return meeting

    def _forecast(self):
        found = self.meeting._get_forecast()
        lines = {line["seat"]: line for line in found["seats"]}
        return found, [lines[seat] for seat in self.seats]

    def _chances(self):
        return [round(line["chance"], 4) for line in self._forecast()[1]]

    def test_without_history(self):
        found, lines = self._forecast()
        self.assertEqual((found["base_rate"], found["meetings"]), (0.5, 0))
        self.assertEqual([line["chance"] for line in lines], [0.5] * 3)
        self.assertEqual((found["needed"], found["quorum"]), (2, 0.5))
        self.assertEqual([line["gain"] for line in lines], [0.25] * 3)

    def test_history_given_the_answer(self):
        for month in (2, 3, 4, 5):
            self._hold(
                f"2024-0{month}-05", "present", "absent", "excused",
                answers=("accepted", "accepted", "declined"),
            )  # fmt: skip
        self.meeting.attendee_ids.state = "accepted"
        third = round(1 / 3, 4)
        rate = 1 / 3
        self.assertAlmostEqual(self._forecast()[0]["base_rate"], rate)
        self.assertEqual(self._chances(), [round((4 + 4 * rate) / 8, 4), round(rate / 2, 4), third])
        self.assertIsNone(self._forecast()[1][0]["gain"])

    def test_an_answer_that_was_never_given_has_the_rate_of_the_body(self):
        for month in (3, 4, 5):
            self._hold(
                f"2024-0{month}-05", "present", "present", "absent", answers=["accepted"] * 3
            )
        self.assertEqual(self._chances(), [round(2 / 3, 4)] * 3)

    def test_import_without_answers_is_a_habit_without_an_answer(self):
        for month in (3, 4, 5):
            self._hold(f"2024-0{month}-05", "present", "absent", "not_recorded")
        rate = 1 / 2
        self.assertEqual(
            self._chances(), [round((3 + 4 * rate) / 7, 4), round(4 * rate / 7, 4), rate]
        )

    def test_base_rate_is_of_twelve_months_if_there_are_three_meetings(self):
        self._hold("2022-01-05", "present", "present", "present")
        self.assertEqual(self._forecast()[0]["base_rate"], 1)
        for day in ("2024-03-05", "2024-04-05", "2024-05-05"):
            self._hold(day, "absent", "absent", "absent")
        found, _lines = self._forecast()
        self.assertEqual((found["base_rate"], found["meetings"]), (0, 3))

    def test_base_rate_is_not_stretched_over_36_months(self):
        self._hold("2021-06-09", "present", "present", "present")
        self.assertEqual(self._forecast()[0]["meetings"], 0)
        self._hold("2021-06-10", "present", "present", "absent")
        self.assertEqual(self._forecast()[0]["meetings"], 1)

    def test_open_and_cancelled_meetings_teach_nothing(self):
        meeting = self._create_meeting("2024-05-05 16:00:00")
        meeting._fill_sheet()
        meeting.attendance_ids.status = "present"
        self._create_meeting("2024-05-06 16:00:00").action_cancel_meeting()
        self.assertEqual(self._forecast()[0]["meetings"], 0)

    def test_who_comes_without_a_mandate_does_not_vote(self):
        stranger = self._create_person("Test stranger")
        for month in (3, 4, 5):
            meeting = self._hold(f"2024-0{month}-05", "excused", "absent", "absent")
            self.env["partnership.attendance"]._record(
                meeting, stranger, self.seats[0].partner_id, status="present"
            )
        self.assertEqual(self._forecast()[0]["base_rate"], 0)

    def test_alternate_who_came_after_the_apology(self):
        deputy = self._create_mandate(self.seats[0], "Test deputy", "alternate").person_id
        for month in (3, 4, 5):
            meeting = self._hold(
                f"2024-0{month}-05", "excused", "absent", "absent",
                answers=("declined", False, False),
            )  # fmt: skip
            self.env["partnership.attendance"]._record(
                meeting, deputy, self.seats[0].partner_id, status="present"
            )
        guest = self.meeting.attendee_ids.filtered(
            lambda guest: guest.partner_id == self.persons[0]
        )
        guest.sudo()._apologise(self.seats[0])
        [line, *_others] = self._forecast()[1]
        self.assertEqual(line["answer"], "declined")
        self.assertAlmostEqual(line["chance"], (3 + 4 / 3) / 7)

    def test_answers_of_alternates_and_of_two_organisations(self):
        deputy = self._create_mandate(self.seats[0], "Test deputy", "alternate").person_id
        guest = self.meeting.attendee_ids.filtered(
            lambda guest: guest.partner_id == self.persons[0]
        )
        guest.sudo()._apologise(self.seats[0], alternate_id=deputy.id)
        self.assertEqual(self._forecast()[1][0]["answer"], "declined")
        self.meeting.attendee_ids.filtered(
            lambda guest: guest.partner_id == deputy
        ).state = "accepted"
        self.assertEqual(self._forecast()[1][0]["answer"], "accepted")

    def test_vacant_seat_does_not_come_and_is_not_called(self):
        self.seats[2].mandate_ids.date_end = "2024-06-23"
        line = self._forecast()[1][2]
        self.assertEqual((line["chance"], line["gain"]), (0, None))
        self.body.quorum_base = "filled"
        self.assertEqual(self._forecast()[0]["base"], 2)

    def test_mandate_that_ends_on_the_day(self):
        self.seats[2].mandate_ids.date_end = "2024-06-24"
        self.assertEqual(self._forecast()[1][2]["chance"], 0.5)

    def test_quorum_by_weight_and_by_seats(self):
        self.seats[0].vote_weight = 2.5
        self.body.quorum_share = 50
        found, _lines = self._forecast()
        self.assertEqual((found["base"], found["needed"]), (4.5, 2.25))
        self.assertEqual(found["quorum"], 0.5)
        self.body.write({"quorum_type": "seats", "quorum_seats": 3})
        self.assertEqual(self._forecast()[0]["quorum"], 0.125)

    def test_balance(self):
        self.body.group_ceiling = 50
        self.assertEqual(self._forecast()[0]["balance"], 0.5)
        self.body.group_ceiling = 49
        self.assertEqual(self._forecast()[0]["balance"], 0.125)

    def test_member_who_left_and_came_back_is_new(self):
        for month in (2, 3, 4):
            self._hold(f"2024-0{month}-05", "present", "absent", "absent")
        member = self.seats[0].membership_id
        member.write({"date_end": "2024-04-30", "end_reason": "Test left"})
        back = self._create_member(member.partner_id, date_start="2024-06-01")
        seat = self._create_seat(back)
        self._create_mandate(seat, self.persons[0])
        found = self.meeting._get_forecast()
        chances = {line["seat"]: line["chance"] for line in found["seats"]}
        self.assertEqual(set(chances), set(self.seats[1:] + seat))
        self.assertEqual(chances[seat], found["base_rate"])
        self.assertLess(chances[self.seats[1]], found["base_rate"])

    def test_dialog(self):
        self.seats[0].vote_weight = 2
        self.meeting.attendee_ids.filtered(
            lambda guest: guest.partner_id == self.persons[1]
        ).state = "accepted"
        action = self.meeting.action_forecast()
        forecast = self.env[action["res_model"]].with_user(self.facilitator)
        forecast = forecast.browse(action["res_id"])
        self.assertIn("2 of 4 votes", forecast.summary)
        self.assertIn("no closed meeting", forecast.explanation)
        self.assertEqual(
            [line.partner_id.name for line in forecast.line_ids],
            ["Test council", "Test club", "Test firm"],
        )
        self.assertEqual(forecast.line_ids.mapped("is_to_call"), [True, True, False])
        self.assertEqual(forecast.line_ids[0].email, self.persons[0].email)

    def test_dialog_without_quorum_or_seats(self):
        def summary(meeting):
            action = meeting.with_user(self.facilitator).action_forecast()
            return self.env[action["res_model"]].browse(action["res_id"]).summary

        self.body.quorum_type = "none"
        self.assertIn("asks for no quorum", summary(self.meeting))
        empty = self._create_meeting("2024-06-24 16:00:00", body=self._create_body("Test empty"))
        self.assertIn("no seats", summary(empty))
        event = self._create_meeting(
            "2024-06-24 16:00:00", partnership_body_id=False, partnership_id=self.partnership.id
        )
        with self.assertRefused("not a meeting of a body", exception=UserError):
            event.action_forecast()

    def test_forecast_is_the_teams(self):
        self.meeting.action_forecast()
        for user in (self.stranger, self.employee, self.portal_user):
            with self.assertRaises(AccessError):
                self.meeting.with_user(user).action_forecast()
            self.assertFalse(
                self.env["partnership.quorum.forecast"].sudo().with_user(user).has_access("write")
            )
        Forecast = self.env["partnership.quorum.forecast"].with_user(self.stranger)
        self.assertFalse(Forecast.search([]))

    def test_no_query_per_seat(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.meeting._get_forecast()
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for number in range(12):
            seat = self._create_seat(self._create_member(f"Test member {number}"))
            self._create_mandate(seat, f"Test person {number}")
        self.assertLessEqual(count(), few)
