from freezegun import freeze_time

from odoo.tests import tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2025-07-01")
class TestTurnoverReport(PartnershipCase):
    """A council whose titulars are replaced twice, once unplanned; a firm that keeps its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council = cls._create_seat(cls._create_member("Test council"))
        cls.firm = cls._create_seat(cls._create_member("Test firm", date_start="2024-07-02"))
        cls.resident = cls._create_seat(cls._create_member(cls._create_person("Test resident")))
        cls.first = cls._create_mandate(
            cls.council, "Test first", date_end="2024-06-30", end_kind="unplanned"
        ).person_id
        cls.second = cls._create_mandate(
            cls.council,
            "Test second",
            date_start="2024-07-01",
            date_end="2024-12-31",
            end_kind="planned",
        ).person_id
        cls.third = cls._create_mandate(
            cls.council, "Test third", date_start="2025-01-01"
        ).person_id
        cls.keeper = cls._create_mandate(cls.firm, "Test keeper").person_id
        for start in ("2024-03-04", "2024-09-02", "2025-03-03"):
            meeting = cls._create_meeting(f"{start} 16:00:00")
            meeting._fill_sheet()
            meeting.attendance_ids.filtered("person_id").status = "present"
            meeting._close_sheet()
        cls.Report = cls.env["partnership.turnover.report"].with_user(cls.facilitator)

    def _row(self, seat, year):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.Report.search(
            [("organisation_id", "=", seat.partner_id.id), ("year", "=", str(year))]
        )

    def test_persons_who_no_longer_came(self):
        row = self._row(self.council, 2025)
        self.assertEqual((row.persons_before, row.persons_gone, row.turnover), (2, 2, 1))
        row = self._row(self.firm, 2025)
        self.assertEqual((row.persons_before, row.persons_gone, row.turnover), (1, 0, 0))
        self.assertEqual(self._row(self.council, 2024).persons_before, 0)

    def test_titulars_who_were_replaced(self):
        row = self._row(self.council, 2024)
        self.assertEqual((row.replacements_planned, row.replacements_unplanned), (0, 1))
        self.assertAlmostEqual(row.seat_years, 1, 3)
        self.assertAlmostEqual(row.titular_turnover, 1, 3)
        row = self._row(self.council, 2025)
        self.assertEqual((row.replacements_planned, row.replacements_unplanned), (1, 0))
        self.assertAlmostEqual(row.seat_years, 182 / 365, 3, "to the day of the question")
        self.assertEqual(self._row(self.firm, 2025).replacements, 0)

    def test_same_person_again_is_no_replacement(self):
        self.council.mandate_ids.filtered(
            lambda mandate: mandate.person_id == self.third
        ).date_end = "2025-03-31"
        self._create_mandate(self.council, self.third, date_start="2025-04-01")
        self.assertEqual(self._row(self.council, 2025).replacements, 1)

    def test_rates_of_many_are_of_their_parts(self):
        self.env.flush_all()
        found = self.Report._read_group(
            [("partnership_id", "=", self.partnership.id), ("year", "=", "2025")],
            [],
            ["turnover:avg", "titular_turnover:avg"],
        )
        turnover, titulars = found[0]
        self.assertAlmostEqual(turnover, 2 / 3)
        self.assertAlmostEqual(titulars, 1 / (2 * 182 / 365), 3)

    def _turnovers(self, model, *domain):
        """:return: dict institution -> its turnover of 2025, as the report ``model`` shows it"""
        self.env.flush_all()
        self.env.invalidate_all()
        here = [("partnership_id", "=", self.partnership.id), ("date", "=", "2025-01-01"), *domain]
        groups = self.env[model].with_user(self.facilitator)
        return dict(groups._read_group(here, ["organisation_id"], ["turnover:avg"]))

    def test_both_reports_say_the_same(self):
        """Also of who came for an institution before it was a member, or as its guest."""
        guest = self._create_organisation("Test guest")
        meeting = self._create_meeting("2024-10-07 16:00:00")
        for organisation, name in ((guest, "Test visitor"), (self.firm.partner_id, "Test aide")):
            person = self._create_person(name, parent=organisation)
            self.env["partnership.attendance"]._record(
                meeting, person, organisation, status="present"
            )
        meeting._close_sheet("not_recorded")
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE partnership_attendance SET membership_id = NULL, seat_id = NULL
                WHERE event_id = %s""",
            [meeting.id],
        )
        models = ("partnership.turnover.report", "partnership.representation.report")
        for members in ([], [("membership_id", "!=", False)]):
            turnover, representation = (self._turnovers(model, *members) for model in models)
            self.assertEqual(turnover, representation, members)
            self.assertEqual(turnover[self.council.partner_id], 1)
            self.assertEqual(turnover[self.firm.partner_id], 0.5, "the aide has not come again")
            self.assertEqual(guest in turnover, not members)

    def test_titular_turnover_is_that_of_the_figures(self):
        """On the last day of a year; of several members as of one."""
        Figure = self.env["partnership.membership.figure"]
        Figure._refresh((self.council + self.firm).membership_id, "2024-12-31")
        self.env.flush_all()
        here = [("partnership_id", "=", self.partnership.id)]
        for seats in (self.council, self.firm, self.council + self.firm):
            ((figure,),) = Figure._read_group(
                [*here, ("partner_id", "in", seats.partner_id.ids), ("month", "=", "2024-12-01")],
                [],
                ["titular_turnover:avg"],
            )
            ((report,),) = self.Report._read_group(
                [*here, ("organisation_id", "in", seats.partner_id.ids), ("year", "=", "2024")],
                [],
                ["titular_turnover:avg"],
            )
            self.assertAlmostEqual(figure, report, 6, seats.mapped("display_name"))

    def test_a_seat_since_yesterday_is_no_data(self):
        new = self._create_seat(self._create_member("Test new", date_start="2025-06-30"))
        row = self._row(new, 2025)
        self.assertIs(row.titular_turnover, False)
        Figure = self.env["partnership.membership.figure"]
        Figure._refresh(new.membership_id, "2025-07-01")
        figure = Figure.search([("membership_id", "=", new.membership_id.id)])
        self.assertIs(figure.titular_turnover, False)
        self.assertEqual(str(figure.window_start), "2025-06-30", "not from before it was a member")

    def test_a_person_counts_once_a_year(self):
        """Whoever it came for; in two years it is two."""
        meeting = self._create_meeting("2025-05-05 16:00:00")
        self.env["partnership.attendance"]._record(
            meeting, self.keeper, self.council.partner_id, status="present"
        )
        meeting._close_sheet("absent")
        self.env.flush_all()
        self.env.invalidate_all()
        Rows = self.env["partnership.representation.report"].with_user(self.facilitator)
        here = [("partnership_id", "=", self.partnership.id)]
        counts = dict(Rows._read_group(here, ["year"], ["representatives:sum"]))
        for year in ("2024", "2025"):
            came = Rows.search([*here, ("year", "=", year), ("representatives", "=", 1)])
            self.assertEqual(counts[year], len(came.person_id), year)
        self.assertEqual(counts, {"2024": 3, "2025": 2})
        self.assertEqual(Rows._read_group(here, [], ["representatives:sum"]), [(5,)])

    def test_institutions_only(self):
        rows = self.Report.search([("partnership_id", "=", self.partnership.id)])
        self.assertEqual(rows.organisation_id, (self.council + self.firm).partner_id)
        self.assertEqual(len(rows), 4)
        self.assertEqual(len(set(rows.ids)), 4)

    def test_year_after_the_seat_ended(self):
        """Who left with their institution is gone all the same."""
        rows = self.env["partnership.attendance"].search(
            [("person_id", "=", self.keeper.id), ("date", ">", "2025-01-01")]
        )
        rows.status = "not_recorded"
        self.firm.date_end = "2024-12-31"
        rows.status = "absent"
        row = self._row(self.firm, 2025)
        self.assertEqual((row.turnover, row.seat_years, row.titular_turnover), (1, 0, 0))

    def test_rows_open_to_who_came(self):
        action = self._row(self.council, 2025).action_open_rows()
        rows = self.env[action["res_model"]].with_user(self.facilitator).search(action["domain"])
        self.assertEqual(rows.person_id, self.first + self.second + self.third)
        self.assertEqual(action["views"][0][1], "list")

    def test_foreign_team_sees_nothing(self):
        self.assertFalse(self.Report.with_user(self.stranger).search([]) & self._all())

    def _all(self):
        return self.Report.sudo().search([("partnership_id", "=", self.partnership.id)])
