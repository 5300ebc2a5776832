from freezegun import freeze_time

from odoo.tests import tagged

from .common import PartnershipCase


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
        self.assertAlmostEqual(row.seat_years, 366 / 365.25, 3)
        self.assertAlmostEqual(row.titular_turnover, 365.25 / 366, 3)
        row = self._row(self.council, 2025)
        self.assertEqual((row.replacements_planned, row.replacements_unplanned), (1, 0))
        self.assertAlmostEqual(row.seat_years, 182 / 365.25, 3, "to the day of the question")
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
        self.assertAlmostEqual(titulars, 1 / (2 * 182 / 365.25), 3)

    def test_institutions_only(self):
        rows = self.Report.search([("partnership_id", "=", self.partnership.id)])
        self.assertEqual(rows.organisation_id, (self.council + self.firm).partner_id)
        self.assertEqual(len(rows), 4)
        self.assertEqual(len(set(rows.ids)), 4)

    def test_year_after_the_seat_ended(self):
        """Who left with their institution is gone all the same."""
        self.firm.date_end = "2024-12-31"
        self.env["partnership.attendance"].search(
            [("person_id", "=", self.keeper.id), ("date", ">", "2025-01-01")]
        ).status = "absent"
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
