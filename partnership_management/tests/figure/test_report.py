from freezegun import freeze_time

from odoo.tests import tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-12-31")
class TestReport(PartnershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council = cls._create_member("Test council", date_start="2022-01-01")
        cls.firm = cls._create_member(
            "Test firm", group=cls.group_economic, date_start="2022-01-01"
        )
        cls.seat_council = cls._create_seat(cls.council)
        cls.seat_firm = cls._create_seat(cls.firm)
        cls.persons = [cls._create_person(f"Test person {number}") for number in range(4)]
        cls._create_mandate(cls.seat_council, cls.persons[0])

    @classmethod
    def _hold(cls, start, came, status="present", close="absent"):
        """Hold a meeting to which ``came``, a list of (person, organisation), came."""
        meeting = cls._create_meeting(start)
        for person, organisation in came:
            cls.env["partnership.attendance"]._record(meeting, person, organisation, status=status)
        meeting._close_sheet(close)
        return meeting

    def _read(self, model, domain, groupby, aggregates, **context):
        self.env.flush_all()
        Report = self.env[model].with_context(**context)
        return {
            tuple(row[: len(groupby)]): tuple(row[len(groupby) :])
            for row in Report._read_group(
                [("partnership_id", "=", self.partnership.id), *domain], groupby, aggregates
            )
        }

    def test_presence_rate_is_eight_of_ten(self):
        for month in range(1, 11):
            came = [(self.persons[0], self.council.partner_id)] if month <= 8 else []
            self._hold(f"2024-{month:02}-05 10:00:00", came)
        self._hold("2024-11-05 10:00:00", [], close="not_recorded")
        rates = self._read(
            "partnership.participation.report",
            [],
            ["partner_id"],
            ["represented:sum", "expected:sum", "presence_rate:avg"],
        )
        self.assertEqual(rates[(self.council.partner_id,)], (8, 10, 0.8))
        self.assertEqual(rates[(self.firm.partner_id,)], (0, 10, 0.0))

    def test_fewer_than_three_are_not_enough(self):
        council = self.council.partner_id
        came = [(self.persons[0], council)]
        rates = ["presence_rate:avg", "commitment_rate:avg", "expected:sum"]
        for month, expected in ((1, False), (2, False), (3, 1.0)):
            self._hold(f"2024-{month:02}-05 10:00:00", came)
            found = self._read("partnership.participation.report", [], ["partner_id"], rates)
            self.assertEqual(found[(council,)], (expected, expected, month))
            self._hold(f"2024-{month:02}-06 10:00:00", [], close="not_recorded")

    def test_role_and_group_are_those_of_the_day(self):
        self._hold("2024-02-05 10:00:00", [])
        self.firm.with_context(transition_date="2024-03-01").write(
            {"role_id": self.role_active.id, "interest_group_id": self.group_civil.id}
        )
        self._hold("2024-03-01 10:00:00", [])
        groups = self._read(
            "partnership.participation.report",
            [("seat_id", "=", self.seat_firm.id)],
            ["date:month", "role_id", "interest_group_id", "sector"],
            ["__count"],
        )
        self.assertEqual(
            [key[1:] for key in sorted(groups, key=lambda key: key[0])],
            [
                (self.role_formal, self.group_economic, "economic"),
                (self.role_active, self.group_civil, "civil"),
            ],
        )

    def test_groups_are_in_their_own_order(self):
        """Also where the groups were not made in that order, and where a seat has none."""
        late = self.group_public.copy({"name": "Test late", "sequence": 900})
        early = self.group_public.copy({"name": "Test early", "sequence": -900})
        resident = self._create_member(self._create_person("Test resident"), group=late)
        resident.with_context(transition_date="2024-02-01").interest_group_id = False
        for name, group in (("Test late firm", late), ("Test early firm", early)):
            self._create_seat(self._create_member(name, group=group))
        self._create_seat(resident)
        self._hold("2024-02-05 10:00:00", [])
        self.env.flush_all()
        Report = self.env["partnership.participation.report"].with_user(self.officer)
        here = [("partnership_id", "=", self.partnership.id)]
        for order, found in (
            (None, [early, self.group_public, self.group_economic, late, late.browse()]),
            ("interest_group_id DESC", [late.browse(), late, self.group_economic]),
        ):
            rows = Report.formatted_read_group(
                here, ["interest_group_id"], ["__count"], order=order, limit=len(found)
            )
            ids = [row["interest_group_id"] and row["interest_group_id"][0] for row in rows]
            self.assertEqual(ids, [group.id for group in found])
        lines = Report.search(here, order="interest_group_id, id")
        self.assertEqual(lines[0].interest_group_id, early)

    def test_planned_and_cancelled_meetings_do_not_count(self):
        self._create_meeting("2024-04-05 10:00:00")
        self._create_meeting("2024-05-05 10:00:00").action_cancel_meeting()
        self._create_meeting("2024-06-05 10:00:00")._fill_sheet()
        self.assertFalse(
            self._read("partnership.participation.report", [], ["event_id"], ["__count"])
        )

    def test_several_representatives_the_best_stands(self):
        council = self.council.partner_id
        meeting = self._hold(
            "2024-04-05 10:00:00", [(self.persons[1], council), (self.persons[0], council)]
        )
        self.env.flush_all()
        line = self.env["partnership.participation.report"].search(
            [("event_id", "=", meeting.id), ("seat_id", "=", self.seat_council.id)]
        )
        self.assertEqual((line.outcome, line.person_id), ("titular", self.persons[0]))
        rows = self.env["partnership.attendance"].search(line.action_open_rows()["domain"])
        self.assertEqual(rows.person_id, self.persons[0] + self.persons[1])

    def test_turnover_of_representatives(self):
        """Three persons came in 2023, one of them and a new one in 2024: two of three are gone."""
        council = self.council.partner_id
        first, second, third, fourth = self.persons
        self._hold("2023-05-05 10:00:00", [(person, council) for person in (first, second, third)])
        self._hold("2024-05-06 10:00:00", [(first, council)])
        self._hold("2024-06-06 10:00:00", [(first, council), (fourth, council)])
        years = self._read(
            "partnership.representation.report",
            [("organisation_id", "=", council.id)],
            ["year"],
            ["representatives:sum", "turnover:avg", "newcomers:avg", "date_first:min"],
        )
        self.assertEqual(years[("2023",)][0], 3)
        self.assertIs(years[("2023",)][1], False, "nobody had come before: there is no turnover")
        self.assertEqual(years[("2024",)][0], 2)
        self.assertAlmostEqual(years[("2024",)][1], 2 / 3)
        self.assertEqual(years[("2024",)][2], 0.5)
        self.assertNotIn(("2025",), years, "nobody has left in a year without a meeting")

    def test_late_counts_unless_asked_otherwise(self):
        council = self.council.partner_id
        self._hold("2024-05-06 10:00:00", [(self.persons[0], council)], status="late")
        self._hold("2024-06-06 10:00:00", [(self.persons[1], council)])
        model = "partnership.representation.report"
        late = self._read(model, [], ["year"], ["representatives:sum"])
        on_time = self._read(
            model, [], ["year"], ["representatives:sum"], presence_status=["present"]
        )
        self.assertEqual((late[("2024",)][0], on_time[("2024",)][0]), (2, 1))
        statuses = self._read(
            "partnership.participation.report",
            [("seat_id", "=", self.seat_council.id)],
            ["status"],
            ["represented:sum"],
        )
        self.assertEqual(statuses, {("late",): (1,), ("present",): (1,)})
        unknown = self._read(
            model, [], ["year"], ["representatives:sum"], presence_status=["x'; DROP"]
        )
        self.assertEqual(unknown, late, "an unknown status is not asked of the database")

    def test_reports_show_the_own_partnerships_only(self):
        self._hold("2024-05-06 10:00:00", [(self.persons[0], self.council.partner_id)])
        self.env.flush_all()
        for model in (
            "partnership.participation.report",
            "partnership.representation.report",
            "partnership.composition.report",
            "partnership.body.share",
        ):
            domain = [("partnership_id", "=", self.partnership.id)]
            for user, seen in (
                (self.facilitator, True),
                (self.officer, True),
                (self.stranger, False),
            ):
                found = self.env[model].with_user(user).search_count(domain)
                self.assertEqual(bool(found), seen, f"{model} as {user.login}")

    def test_number_of_queries_does_not_grow(self):
        self._hold("2024-05-06 10:00:00", [(self.persons[0], self.council.partner_id)])
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            self.env["partnership.participation.report"].sudo()._read_group(
                [("partnership_id", "=", self.partnership.id)],
                ["interest_group_id", "date:month", "outcome"],
                ["__count"],
            )
