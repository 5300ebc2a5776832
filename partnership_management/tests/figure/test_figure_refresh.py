from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .figure_common import TODAY, FigureCase


@tagged("post_install", "-at_install")
class TestFigureRefresh(FigureCase):
    """When figures are written: at night, and with what changes them."""

    def _commit(self):
        """What would be done before a commit."""
        self.env.cr.flush()

    def _months(self, membership=None):
        membership = membership or self.council
        figures = self.env["partnership.membership.figure"].search(
            [("membership_id", "=", membership.id)], order="month"
        )
        return [figure.month.strftime("%Y-%m") for figure in figures]

    def assertKept(self, day, **expected):
        """The figures as they are, without a refresh by the test."""
        self._commit()
        self.assertFigure(day=day, refresh=False, **expected)

    # ------------------------------------------------------------
    # Closing and correcting
    # ------------------------------------------------------------

    def test_closing_writes_the_months_up_to_today(self):
        self._hold("2024-10-10", (self.seat, self.titular))
        self._commit()
        self.assertEqual(self._months(), ["2024-10", "2024-11", "2024-12", "2025-01"])
        self.assertKept("2024-10-01", expected=1, date=date(2024, 10, 31))
        self.assertKept("2025-01-01", expected=1, date=date.fromisoformat(TODAY))

    def test_latest_figures_of_the_membership(self):
        self._hold("2024-10-10", (self.seat, self.titular))
        self._commit()
        latest = self.council.figure_id
        self.assertEqual((latest.month, latest.represented), (date(2025, 1, 1), 1))
        self.assertEqual(latest.latest_of_ids, self.council)

    def test_an_open_sheet_changes_nothing(self):
        meeting = self._create_meeting("2024-10-10 10:00:00")
        meeting._fill_sheet()
        self._mark(meeting, self.seat, self.titular)
        self.assertKept("2025-01-01", expected=0)

    def test_a_correction_recomputes_the_past(self):
        meeting = self._hold("2024-10-10")
        self.assertKept("2024-12-01", represented=0)
        meeting.attendance_ids.status = "present"
        for month in ("2024-10-01", "2024-12-01", "2025-01-01"):
            self.assertKept(month, represented=1)

    def test_who_came_as_well_is_a_correction(self):
        meeting = self._hold("2024-10-10")
        self._mark(meeting, self.seat, self.persons[0])
        self.assertKept("2024-11-01", represented=1, valid=0)

    def test_a_later_meeting_leaves_earlier_months_alone(self):
        self._hold("2024-10-10")
        self._commit()
        before = self._figure(day="2024-10-31", refresh=False)
        self._hold("2024-12-10")
        self._commit()
        self.assertEqual(self._figure(day="2024-10-31", refresh=False), before)
        self.assertKept("2024-12-01", expected=2)

    def test_a_meeting_is_moved_to_another_month(self):
        meeting = self._hold("2024-10-10")
        self._commit()
        meeting.write({"start": "2024-11-20 10:00:00", "stop": "2024-11-20 12:00:00"})
        self.assertKept("2024-10-01", expected=0)
        self.assertKept("2024-11-01", expected=1)

    def test_many_meetings_are_one_refresh(self):
        """Closing an imported history does not recompute it once per meeting."""
        meetings = self.env["calendar.event"]
        for month in range(1, 13):
            meetings += self._create_meeting(f"2024-{month:02}-10 10:00:00")
        self._commit()
        calls = []
        Figure = type(self.env["partnership.membership.figure"])
        self.patch(Figure, "_write_figures", lambda _self, asked, ids: calls.append(ids))
        for meeting in meetings:
            meeting._close_sheet("absent")
        self._commit()
        self.assertEqual(calls, [[self.council.id]])

    # ------------------------------------------------------------
    # Dates of mandates, seats, memberships
    # ------------------------------------------------------------

    def test_a_mandate_that_ended_earlier(self):
        for day in ("2024-10-10", "2024-11-10", "2024-12-10"):
            self._hold(day, (self.seat, self.titular))
        self.assertKept("2024-12-01", valid=3)
        self.mandate.date_end = "2024-10-31"
        self.assertKept("2024-10-01", valid=1, no_authority=False)
        self.assertKept("2024-12-01", valid=1, represented=3, no_authority=True)

    def test_authority_of_a_mandate(self):
        self._hold("2024-10-10", (self.seat, self.titular))
        self.mandate.authority = "listens"
        self.assertKept("2024-10-01", no_authority=True)

    def test_weight_of_a_seat(self):
        self._hold("2024-10-10")
        self._commit()
        self.seat.vote_weight = 4
        self.assertKept("2025-01-01", vote_weight=4.0)
        self.assertKept("2024-10-01", vote_weight=1.0)

    def test_weights_count_from_now_on(self):
        for day in ("2024-08-10", "2024-09-10", "2024-10-10"):
            self._hold(day, (self.seat, self.persons[0]))
        self._hold("2024-11-10")
        self.assertKept("2025-01-01", involvement=0.75, choice=0.5, coverage=60.0)
        self.partnership.weight_choice = 0
        self.assertKept("2025-01-01", appropriation=75.0)
        self.assertKept("2024-12-01", coverage=60.0, appropriation=64.5833)

    def test_a_change_of_role_in_the_past(self):
        self._hold("2024-10-10")
        self._commit()
        self.council.with_context(transition_date="2024-11-15").role_id = self.role_active
        self.assertKept("2024-10-01", role_id=self.role_formal.id)
        self.assertKept("2024-11-01", role_id=self.role_active.id)

    def test_no_row_after_the_end(self):
        self._hold("2024-10-10")
        self._commit()
        self.council.date_end = "2024-11-20"
        self._commit()
        self.assertEqual(self._months(), ["2024-10", "2024-11"])
        self.assertKept("2024-11-01", date=date(2024, 11, 20))
        self.assertEqual(self.council.figure_id.month, date(2024, 11, 1))

    def test_who_left_and_came_back(self):
        """Two memberships, two series: the second begins with its own start."""
        self._hold("2024-10-10", (self.seat, self.titular))
        self.council.date_end = "2024-10-31"
        again = self._create_member(self.council.partner_id, date_start="2024-12-01")
        seat = self._create_seat(again)
        self._create_mandate(seat, self.titular)
        self._hold("2024-12-10", (seat, self.titular))
        self._commit()
        self.assertEqual(self._months(), ["2024-10"])
        self.assertEqual(self._months(again), ["2024-12", "2025-01"])
        self.assertFigure(again, expected=1, represented=1)
        self.env["partnership.membership.figure"]._refresh(self.council, "2024-12-31")
        self.assertEqual(self._months(), ["2024-10"])

    def test_figures_go_with_the_membership(self):
        member = self._create_member("Test mistake", date_start="2024-10-01")
        self._commit()
        self.assertEqual(self._months(member), ["2025-01"])
        figure = member.figure_id
        member.unlink()
        self._commit()
        self.assertFalse(figure.exists())

    # ------------------------------------------------------------
    # At night
    # ------------------------------------------------------------

    def _run_at_night(self, day):
        self.env.flush_all()
        with freeze_time(f"{day} 03:00:00"), self.enter_registry_test_mode():
            self.env.ref("partnership_management.ir_cron_refresh_figures").method_direct_trigger()
        self.env.invalidate_all()

    def test_every_night_the_month_in_course(self):
        self._hold("2024-10-10")
        self._commit()
        self._run_at_night("2025-01-20")
        self.assertKept("2025-01-01", date=date(2025, 1, 20))
        self.assertEqual(self._months()[-1], "2025-01")

    def test_the_first_night_settles_the_month_before(self):
        self._hold("2024-10-10")
        self._commit()
        self._run_at_night("2025-03-02")
        self.assertKept("2025-01-01", date=date(2025, 1, 31))
        self.assertKept("2025-02-01", date=date(2025, 2, 28))
        self.assertKept("2025-03-01", date=date(2025, 3, 2))

    def test_figures_begin_with_the_first_meeting(self):
        """Of members that have none yet, as after an update."""
        self._hold("2024-10-10")
        self._commit()
        self.env["partnership.membership.figure"].search([]).unlink()
        self._run_at_night("2025-01-20")
        self.assertEqual(self._months()[0], "2024-10")

    def test_candidates_of_whom_there_is_nothing_to_count(self):
        """At night they are passed over, until there is something: a hundred thousand of them
        would have a row of zeros each month."""
        card, guest, reader = (
            self._create_member(f"Test {name}", self.role_contacted)
            for name in ("card", "guest", "reader")
        )
        self._create_seat(guest)
        briefing = self.env["partnership.briefing"].create(
            {"name": "Test news", "partnership_id": self.partnership.id}
        )
        self.env["partnership.briefing.receipt"].create(
            {
                "briefing_id": briefing.id,
                "person_id": self.persons[0].id,
                "membership_id": reader.id,
            }
        )
        self._commit()
        with freeze_time("2025-02-20 04:00:00"):
            due = {row[0] for row in self.env["partnership.membership.figure"]._find_due()}
        self.assertEqual(
            due & {*(card | guest | reader | self.council).ids},
            {guest.id, reader.id, self.council.id},
        )
        self._open_round()
        card.role_id = self.role_formal
        self._commit()
        with freeze_time("2025-02-20 04:00:00"):
            due = {row[0] for row in self.env["partnership.membership.figure"]._find_due()}
        self.assertIn(card.id, due)

    def test_a_night_is_done_once(self):
        self._hold("2024-10-10")
        self._run_at_night("2025-01-20")
        with freeze_time("2025-01-20 04:00:00"):
            self.assertFalse(self.env["partnership.membership.figure"]._find_due())
        self.council.date_end = "2025-01-10"
        self._commit()
        with freeze_time("2025-06-20 04:00:00"):
            due = self.env["partnership.membership.figure"]._find_due()
        self.assertNotIn(self.council.id, [row[0] for row in due])

    def test_day_of_each_partnership(self):
        """At 23:30 UTC a new month has begun in Brussels, and not in the Azores."""
        islands = self.env["partnership.partnership"].create(
            {"name": "Test islands", "tz": "Atlantic/Azores"}
        )
        member = self._create_member(
            "Test islander", date_start="2024-01-01", partnership_id=islands.id
        )
        with freeze_time("2025-01-31 23:30:00"):
            self.env["partnership.membership.figure"]._refresh()
        self.assertFigure(day="2025-02-01", refresh=False, date=date(2025, 2, 1))
        self.assertFigure(member, day="2025-01-01", refresh=False, date=date(2025, 1, 31))

    def test_number_of_queries_does_not_grow(self):
        Figure = self.env["partnership.membership.figure"]
        few = self.council + self._members(2)
        many = few + self._members(27)
        self._hold("2024-10-10")
        self._commit()
        Figure._refresh(few)
        with self.assertQueryCount(3):
            Figure._refresh(few)
        with self.assertQueryCount(3):
            Figure._refresh(many)
        for members in (few, many):
            with self.assertQueryCount(4):
                Figure._refresh_periods(
                    (member_id, date(2024, 10, 1), None, None) for member_id in members.ids
                )

    def _members(self, count):
        members = self.council.browse()
        for number in range(count):
            members += self._create_member(f"Test member {count}-{number}")
            self._create_seat(members[-1])
        return members

    # ------------------------------------------------------------
    # Who sees them
    # ------------------------------------------------------------

    def test_foreign_users_read_nothing(self):
        self._hold("2024-10-10")
        self._commit()
        figure = self.council.figure_id
        self.assertEqual(figure.with_user(self.facilitator).expected, 1)
        for user in (self.stranger, self.employee, self.portal_user):
            with self.assertRaises(AccessError):
                figure.with_user(user).read(["expected"])
        with self.assertRaises(AccessError):
            figure.with_user(self.facilitator).expected = 5

    def test_representatives_do_not_read_figures_of_their_member(self):
        self._create_mandate(self.seat, self.portal_user.partner_id, "alternate")
        self._hold("2024-10-10")
        self._commit()
        member = self.council.with_user(self.portal_user)
        self.assertTrue(member.read(["partner_id"]))
        for fname in self.council._fields:
            if fname.startswith("figure_"):
                with self.assertRaises(AccessError):
                    member.read([fname])

    def test_two_companies(self):
        company = self.env["res.company"].create({"name": "Test other company"})
        other = self.env["partnership.partnership"].create(
            {"name": "Test other", "company_id": company.id}
        )
        member = self._create_member("Test foreign member", partnership_id=other.id)
        self._commit()
        self.assertEqual(self._months(member), ["2025-01"])
        Figure = self.env["partnership.membership.figure"].with_user(self.officer)
        self.assertFalse(Figure.search([("membership_id", "=", member.id)]))
        self.assertTrue(Figure.search([("membership_id", "=", self.council.id)]))

    # ------------------------------------------------------------
    # Merged contacts
    # ------------------------------------------------------------

    def _merge(self, source, into):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge([source.id, into.id], into, extra_checks=False)
        self._commit()

    def test_memberships_that_become_one(self):
        self._hold("2024-10-10")
        twin = self._create_member("Test twin council", date_start="2024-06-01")
        seat = self._create_seat(twin, body=self._create_body("Test other body"))
        self._create_mandate(seat, self.persons[0])
        self._hold("2024-11-10", (seat, self.persons[0]), body=seat.body_id)
        self._commit()
        self._merge(twin.partner_id, self.council.partner_id)
        self.assertFalse(twin.exists())
        self.assertKept("2024-10-01", expected=1)
        self.assertKept("2025-01-01", expected=2, represented=1)
        self.assertEqual(self._months()[0], "2024-10")

    def test_persons_that_become_one(self):
        for day, number in (("2024-09-10", 0), ("2024-10-10", 0), ("2024-11-10", 1)):
            self._hold(day, (self.seat, self.persons[number]))
        self.assertKept("2024-12-01", continuity=0.5556, representatives=2)
        self._merge(self.persons[1], self.persons[0])
        self.assertKept("2024-12-01", continuity=1.0, representatives=1)

    def test_a_long_history(self):
        """A correction reaches no further than a meeting can be in the window."""
        day = date(2019, 1, 10)
        meeting = self._hold(day.isoformat())
        self._commit()
        self.assertEqual(len(self._months()), 73)
        before = self._figure(day="2022-02-28", refresh=False)
        meeting.attendance_ids.status = "present"
        self.assertKept("2021-12-01", represented=1)
        self.assertEqual(self._figure(day="2022-02-28", refresh=False), before)
        self.assertKept("2022-01-01", expected=0)
