from datetime import date

from odoo.tests import tagged

from .figure_by_hand import ByHand
from .figure_common import FigureCase


@tagged("post_install", "-at_install")
class TestFigurePresence(FigureCase):
    """Presence, commitment and regularity of a member, and what the window does to them."""

    def test_eight_of_ten(self):
        self._hold_months("ppppplppaa")
        self.assertFigure(
            expected=10,
            represented=8,
            absent=2,
            presence_rate=0.8,
            commitment_rate=0.8,
            regularity=0.8,
            longest_absence=2,
            date=date(2024, 12, 31),
            month=date(2024, 12, 1),
            window_start=date(2024, 1, 1),
        )

    def test_an_apology_commits_and_is_no_presence(self):
        self._hold_months("ppeea")
        self.assertFigure(
            expected=5, represented=2, excused=2, absent=1, presence_rate=0.4, commitment_rate=0.8
        )

    def test_a_proxy_is_an_apology_and_ends_a_run(self):
        self._hold_months("aa")
        meeting = self._create_meeting("2024-03-10 10:00:00")
        meeting._fill_sheet()
        self._mark(meeting, self.seat, self.titular, "absent", proxy_id=self.persons[0].id)
        meeting._close_sheet("absent")
        self._hold("2024-04-10")
        self.assertFigure(expected=4, excused=1, absent=3, longest_absence=2, regularity=0.5)

    def test_not_recorded_counts_nowhere_and_ends_no_run(self):
        self._hold_months("panapn")
        self.assertFigure(expected=4, represented=2, absent=2, longest_absence=2, regularity=0.5)

    def test_fewer_than_three_are_not_enough(self):
        self._hold_months("pa")
        self.assertFigure(
            expected=2,
            represented=1,
            presence_rate=None,
            commitment_rate=None,
            regularity=None,
            involvement=None,
            appropriation=None,
            coverage=0.0,
        )

    def test_no_meeting_at_all(self):
        """Neither a body without meetings nor an actor without a seat has rates."""
        newcomer = self._create_member("Test newcomer", date_start="2024-06-01")
        for member in (self.council, newcomer):
            self.assertFigure(
                member, expected=0, presence_rate=None, appropriation=None, on_paper=False
            )
        self.assertFigure(newcomer, seat_years=0.0, titular_turnover=None, vote_weight=1.0)

    def test_vacant_is_absent(self):
        firm = self._create_member("Test firm", date_start="2018-01-01")
        self._create_seat(firm)
        self._hold_months("ppp")
        self._hold("2024-05-10")
        self.assertFigure(firm, expected=1, represented=0, absent=1)
        self.assertFigure(expected=4, represented=3, absent=1)

    def test_vacant_and_unmarked_is_not_recorded(self):
        """Wherever an outcome is read: a seat that nobody holds is absent where it was marked so,
        and not recorded where the sheet was closed so."""
        firm = self._create_member("Test firm", date_start="2018-01-01")
        seat = self._create_seat(firm)
        marked = self._hold("2024-05-10", (self.seat, self.titular), (seat, None, "absent"))
        meeting = self._hold("2024-06-10", (self.seat, self.titular), unmarked="not_recorded")
        self.assertFigure(firm, expected=1, absent=1)
        by_hand = ByHand(firm)
        by_hand.see_from(date(2024, 12, 31))
        self.assertEqual(by_hand.compute()["absent"], 1)
        self.env.flush_all()
        for event, outcome, expected in ((marked, "vacant", 2), (meeting, "not_recorded", 1)):
            here = [("event_id", "=", event.id)]
            report = self.env["partnership.participation.report"]
            line = report.search([*here, ("seat_id", "=", seat.id)])
            self.assertEqual((line.outcome, line.expected), (outcome, expected - 1))
            line = self.env["partnership.meeting.report"].search(here)
            self.assertEqual((line.expected, line.represented), (expected, 1))
        ahead = self._create_meeting("2025-01-20 10:00:00")
        counted = [(row[0], row[2]) for row in ahead._count_answers()]
        self.assertIn((seat.id, marked.id), counted)
        self.assertNotIn((seat.id, meeting.id), counted)

    def test_runs_of_two_seats_add_up(self):
        other = self._create_seat(self.council, body=self._create_body("Test group"))
        self._create_mandate(other, self.persons[0])
        self._hold_months("paapa")
        for month in range(1, 5):
            self._hold(f"2024-{month:02}-20", body=other.body_id)
        self.assertFigure(expected=9, represented=2, longest_absence=6, regularity=round(1 / 3, 4))

    def test_an_individual_speaks_for_itself(self):
        person = self._create_person("Test individual")
        member = self._create_member(person, date_start="2018-01-01")
        seat = self._create_seat(member)
        for month in range(1, 4):
            self._hold(f"2024-{month:02}-10", (seat, person))
        self.assertFigure(
            member,
            represented=3,
            valid=3,
            validity_rate=1.0,
            choice=None,
            no_authority=False,
            appropriation=100.0,
            coverage=35.0,
        )

    # ------------------------------------------------------------
    # The window
    # ------------------------------------------------------------

    def test_twelve_months_up_to_the_day(self):
        for day in ("2023-06-30", "2023-07-01", "2024-01-10", "2024-06-30", "2024-07-01"):
            self._hold(day)
        self.assertFigure(day="2024-06-30", expected=3, window_start=date(2023, 7, 1))

    def test_stretched_to_the_third_meeting(self):
        """An assembly meets once a year."""
        for year in (2020, 2021, 2022, 2023, 2024):
            self._hold(f"{year}-05-10", (self.seat, self.titular))
        self.assertFigure(expected=3, represented=3, window_start=date(2022, 5, 10))

    def test_stretched_to_the_third_meeting_of_two_seats(self):
        """Two seats in an assembly that meets once a year: of three meetings six were expected,
        and the two of the first year were not filled."""
        second = self._create_seat(self.council)
        person = self._create_mandate(second, self.persons[0]).person_id
        for year in (2021, 2022, 2023, 2024):
            came = ((self.seat, self.titular), (second, person)) if year > 2022 else ()
            self._hold(f"{year}-05-10", *came)
        self.assertFigure(
            expected=6, represented=4, presence_rate=0.6667, window_start=date(2022, 5, 10)
        )
        by_hand = ByHand(self.council)
        by_hand.see_from(date(2024, 12, 31))
        self.assertEqual(by_hand.compute()["expected"], 6)

    def test_stretched_to_36_months_at_most(self):
        for day in ("2021-12-31", "2022-01-01", "2024-05-10"):
            self._hold(day)
        self.assertFigure(expected=2, presence_rate=None, window_start=date(2022, 1, 1))

    def test_what_is_not_recorded_does_not_fill_the_window(self):
        for day in ("2022-03-10", "2023-03-10", "2024-03-10"):
            self._hold(day)
        self._hold("2024-04-10", unmarked="not_recorded")
        self.assertFigure(expected=3, window_start=date(2022, 3, 10))

    def test_several_meetings_on_the_third_day(self):
        other = self._create_seat(self.council, body=self._create_body("Test group"))
        self._create_mandate(other, self.persons[0])
        self._hold("2022-03-10")
        self._hold("2022-03-10", body=other.body_id)
        self._hold("2023-03-10")
        self._hold("2024-03-10")
        self.assertFigure(expected=4, window_start=date(2022, 3, 10))

    def test_day_of_the_partnership(self):
        """23:30 UTC on 31 December is 2024 in Lisbon and 2025 in Brussels."""
        self._create_meeting("2024-12-31 23:30:00")
        meeting = self.env["calendar.event"].search([], order="id desc", limit=1)
        meeting._close_sheet("absent")
        self.assertFigure(expected=0)
        self.assertFigure(day="2025-01-01", expected=1)

    # ------------------------------------------------------------
    # Absent in a row, on paper
    # ------------------------------------------------------------

    def test_absent_three_times_in_a_row(self):
        for outcomes, expected in (("paaa", True), ("aaap", False), ("aa", False), ("paea", False)):
            with self.subTest(outcomes=outcomes):
                member = self._create_member(f"Test {outcomes}", date_start="2018-01-01")
                body = self._create_body(f"Test body {outcomes}")
                seat = self._create_seat(member, body=body)
                self._create_mandate(seat, self.titular)
                self._hold_months(outcomes, seat=seat, body=body)
                self.assertFigure(member, absent_in_a_row=expected)

    def test_a_row_is_of_meetings_not_of_seats(self):
        """Two seats absent at two meetings are two; one seat of two that came breaks the row."""
        other = self._create_seat(self.council)
        self._create_mandate(other, self.persons[0])
        self._hold("2024-01-10")
        self._hold("2024-02-10")
        self.assertFigure(absent=4, absent_in_a_row=False)
        self._hold("2024-03-10", (other, self.persons[0]))
        self._hold("2024-04-10")
        self.assertFigure(absent_in_a_row=False)
        self._hold("2024-05-10")
        self._hold("2024-06-10", unmarked="not_recorded")
        self._hold("2024-07-10")
        self.assertFigure(absent_in_a_row=True)

    def test_on_paper(self):
        self._hold("2024-03-10")
        self.assertFigure(expected=1, on_paper=True)

    def test_not_on_paper_once_somebody_came(self):
        self._hold("2024-03-10", (self.seat, self.titular))
        self._hold("2024-04-10")
        self.assertFigure(expected=2, on_paper=False)

    def test_on_paper_under_one_in_four(self):
        self._hold_months("paaaa")
        self.assertFigure(presence_rate=0.2, on_paper=True)
        self.partnership.on_paper_presence_under = 0.2
        self.assertFigure(on_paper=False)

    def test_on_paper_after_twelve_months(self):
        member = self._create_member("Test young", date_start="2024-01-02")
        self._create_seat(member)
        self._hold("2024-03-10")
        self.assertFigure(member, on_paper=False)
        self.assertFigure(member, day="2025-01-01", on_paper=False)
        self.assertFigure(member, day="2025-01-02", on_paper=True)

    def test_on_paper_without_a_break(self):
        """Who was informal in between has been formal only since then."""
        for day, role in (("2023-05-01", self.role_informal), ("2024-02-01", self.role_active)):
            self.council.with_context(transition_date=day, transition_reason="Test").role_id = role
        self._hold("2024-03-10")
        self.assertFigure(on_paper=False, role_id=self.role_active.id)
        self.assertFigure(day="2023-04-30", role_id=self.role_formal.id)
        self.assertFigure(day="2023-05-01", role_id=self.role_informal.id)

    def test_nothing_expected_in_a_year_is_not_on_paper(self):
        self._hold("2023-03-10")
        self.assertFigure(on_paper=False, expected=1)

    def test_who_left_is_not_on_paper(self):
        self._hold("2024-03-10")
        self.council.date_end = "2024-12-20"
        self.assertFigure(day="2024-11-30", on_paper=True)
        self.assertFigure(on_paper=False, date=date(2024, 12, 20))
