from odoo.tests import tagged

from .figure_common import FigureCase


@tagged("post_install", "-at_install")
class TestFigureRepresentation(FigureCase):
    """Who came for a member, by what right, and how often that changes."""

    def _hold_with(self, *numbers):
        """A meeting in each month, with these persons (by number) on the council's seat."""
        for month, number in enumerate(numbers, start=1):
            came = number if isinstance(number, tuple) else (number,)
            self._hold(f"2024-{month:02}-10", *((self.seat, self.persons[one]) for one in came))

    def test_continuity_of_one(self):
        self._hold_with(0, 0, 0, 0, 0, 0)
        self.assertFigure(continuity=1.0, representatives=1)

    def test_continuity_of_four_and_two(self):
        self._hold_with(0, 0, 1, 0, 1, 0)
        self.assertFigure(continuity=0.5556, representatives=2)

    def test_continuity_of_two_two_one_one(self):
        self._hold_with(0, 1, 2, 3, 0, 1)
        self.assertFigure(continuity=0.2778, representatives=4)

    def test_continuity_needs_three(self):
        self._hold_with(0, 0)
        self._hold("2024-05-10")
        self.assertFigure(expected=3, represented=2, continuity=None, validity_rate=None)

    def test_the_most_frequent_stands_for_several(self):
        """1 came alone twice, so it stands for the meeting to which 0 came too."""
        self._hold_with((0, 1), 1, 1, 1)
        self.assertFigure(continuity=1.0, representatives=2, represented=4)

    def test_the_best_outcome_goes_before_the_most_frequent(self):
        self._hold_with(0, 0, 0)
        self._hold("2024-05-10", (self.seat, self.titular), (self.seat, self.persons[0]))
        self.assertFigure(continuity=0.625, represented=4, valid=1)

    def test_the_oldest_contact_breaks_a_tie(self):
        self._hold_with((1, 0), (1, 0), (1, 0))
        self.assertFigure(continuity=1.0, representatives=2)

    def test_most_frequent_in_the_window(self):
        """What somebody came to before the window does not count in it."""
        for month in range(1, 7):
            self._hold(f"2023-{month:02}-10", (self.seat, self.persons[0]))
        self._hold_with((0, 1), 1, 1)
        self.assertFigure(continuity=1.0)

    def test_valid_representation(self):
        self._create_mandate(self.seat, self.persons[0], kind="alternate")
        self._hold_with(0, 1, 1)
        self._hold("2024-05-10", (self.seat, self.titular))
        self._hold("2024-06-10")
        self.assertFigure(represented=4, valid=2, validity_rate=0.5, expected=5)

    def test_a_mandate_holds_on_its_last_day(self):
        self.mandate.date_end = "2024-02-10"
        for month in (1, 2, 3):
            self._hold(f"2024-{month:02}-10", (self.seat, self.titular))
        self.assertFigure(represented=3, valid=2, validity_rate=0.6667)

    def test_choice_is_of_organisations(self):
        self._hold_with(0, 0, 0)
        self._create_mandate(self.seat, self.persons[0], kind="alternate")
        self.assertFigure(validity_rate=1.0, continuity=1.0, choice=1.0, coverage=60.0)

    def test_archived_contacts_count(self):
        self._hold_with(0, 0, 0)
        self.persons[0].active = False
        self.council.partner_id.active = False
        self.assertFigure(represented=3, continuity=1.0)

    # ------------------------------------------------------------
    # Titulars and authority
    # ------------------------------------------------------------

    def _replace(self, day, person, end_kind="planned", seat=None):
        seat = seat or self.seat
        before = seat.mandate_ids.filtered(lambda one: one.kind == "titular" and not one.date_end)
        before.write({"date_end": f"{day[:8]}{int(day[8:]) - 1:02}", "end_kind": end_kind})
        return self._create_mandate(seat, person, date_start=day)

    def test_titular_turnover(self):
        self._replace("2024-03-02", self.persons[0])
        self._replace("2024-09-02", self.persons[1], end_kind="unplanned")
        self._hold_with(0, 0, 0)
        self.assertFigure(
            replacements_planned=1, replacements_unplanned=1, seat_years=1.0, titular_turnover=2.0
        )

    def test_turnover_of_two_seats(self):
        self._create_seat(self.council)
        self._replace("2024-03-02", self.persons[0])
        self._hold_months("ppp")
        self.assertFigure(replacements_planned=1, seat_years=2.0, titular_turnover=0.5)

    def test_turnover_before_three_meetings(self):
        """A yearly turnover needs no three cases; the window goes back three years, of which the
        last has 366 days."""
        self._replace("2023-03-02", self.persons[0], end_kind="unplanned")
        self.assertFigure(
            expected=0, replacements_unplanned=1, titular_turnover=round(366 / 1096, 4)
        )

    def test_the_same_person_again_is_no_replacement(self):
        self._replace("2024-03-02", self.titular)
        self._hold_months("ppp")
        self.assertFigure(replacements_planned=0, titular_turnover=0.0)

    def test_the_first_titular_replaces_nobody(self):
        firm = self._create_member("Test firm", date_start="2024-01-01")
        self._create_mandate(self._create_seat(firm), self.persons[0], date_start="2024-05-01")
        self.assertFigure(firm, replacements_planned=0, replacements_unplanned=0)

    def test_an_end_without_a_kind_is_planned(self):
        self._replace("2024-03-02", self.persons[0], end_kind=False)
        self.assertFigure(replacements_planned=1, replacements_unplanned=0)

    def test_no_authority(self):
        self.assertFigure(no_authority=False)
        self.mandate.authority = "reports"
        self.assertFigure(no_authority=True)
        self._create_mandate(self.seat, self.persons[0], "alternate", date_start="2024-12-31")
        self.assertFigure(no_authority=False)
        self.assertFigure(day="2024-11-30", no_authority=True)

    def test_without_a_seat_nobody_needs_authority(self):
        self.seat.date_end = "2024-06-30"
        self.assertFigure(day="2024-06-30", no_authority=False)
        self.assertFigure(no_authority=False, vote_weight=1.0)

    def test_weight_is_the_largest_of_the_day(self):
        self.seat.vote_weight = 2
        self._create_seat(self.council, vote_weight=5, date_end="2024-11-30")
        self._create_seat(self.council, vote_weight=3, date_start="2025-01-01")
        self.assertFigure(vote_weight=2.0)
        self.assertFigure(day="2024-11-30", vote_weight=5.0)

    def test_seat_of_a_year_that_is_not_whole(self):
        firm = self._create_member("Test firm", date_start="2024-07-02")
        self._create_seat(firm)
        self.assertFigure(firm, seat_years=0.5)
