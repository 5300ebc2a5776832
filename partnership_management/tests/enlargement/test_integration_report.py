from datetime import date

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.tests import tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2025-07-15")
class TestIntegrationReport(PartnershipCase):
    """Three members of old, and what becomes of those who come in by a round."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Report = cls.env["partnership.integration.report"]
        cls.round = cls.env["partnership.enlargement.round"].create(
            {"name": "Test round", "partnership_id": cls.partnership.id}
        )
        cls.old = cls.env["partnership.membership"].union(
            *(cls._create_member(f"Test old {number}", date_start="2020-01-01") for number in "abc")
        )
        for member, index in zip(cls.old, (20, 60, 70), strict=True):
            cls._appropriate(member, "2024-06-30", index)

    @classmethod
    def _create_entrant(cls, name, informal="2023-12-01", formal="2024-03-15", **values):
        """An actor that took part informally, and became a member by the round."""
        entrant = cls._create_member(name, cls.role_informal, date_start=informal, **values)
        if formal:
            entrant.with_context(transition_date=formal).write(
                {"role_id": cls.role_formal.id, "round_id": cls.round.id}
            )
        return entrant

    @classmethod
    def _appropriate(cls, member, day, index):
        """Give the member figures of a month."""
        cls.env["partnership.membership.figure"]._refresh(member, day)
        cls.env.cr.execute(
            """UPDATE partnership_membership_figure SET appropriation = %s
                WHERE membership_id = %s AND month = %s""",
            [index, member.id, date.fromisoformat(day).replace(day=1)],
        )
        cls.env.invalidate_all()

    def _contribute(self, member, *days):
        """Pass a result on inside the organisation."""
        for day in days:
            briefing = self.env["partnership.briefing"].create(
                {
                    "name": "Test minutes",
                    "partnership_id": self.partnership.id,
                    "body": "<p>Test</p>",
                    "ask_relay": True,
                    "state": "sent",
                    "date_sent": "2024-01-15",
                }
            )
            self.env["partnership.briefing.receipt"].create(
                {
                    "briefing_id": briefing.id,
                    "membership_id": member.id,
                    "person_id": member.partner_id.id,
                    "date_relayed": day,
                    "relay_evidence": "Test evidence",
                }
            )

    def _row(self, member, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.Report.with_user(user or self.facilitator).search(
            [("membership_id", "=", member.id)]
        )

    def _total(self, *measures, domain=()):
        self.env.flush_all()
        ((*values,),) = self.Report.with_user(self.facilitator)._read_group(
            [("partnership_id", "=", self.partnership.id), *domain],
            [],
            [f"{measure}:avg" for measure in measures],
        )
        return values

    def test_from_informal_to_formal(self):
        row = self._row(self._create_entrant("Test beekeepers"))
        self.assertEqual(row.round_id, self.round)
        self.assertEqual((row.members, row.informal, row.is_converted), (1, 1, True))
        self.assertEqual(
            (str(row.date_informal), str(row.date_formal)), ("2023-12-01", "2024-03-15")
        )
        self.assertEqual(row.days_to_formal, 105)

    def test_member_from_the_start_was_not_converted(self):
        row = self._row(self.old[0])
        self.assertEqual((row.members, row.informal, row.is_converted), (0, 0, False), "a founder")
        self.assertTrue(row.is_founder)
        self.assertIs(row.days_to_formal, False)
        self.assertIs(row.conversion, False)

    def test_who_became_informal_later_was_not_converted(self):
        member = self.old[0]
        member.with_context(transition_date="2024-05-01").role_id = self.role_informal
        member.with_context(
            transition_date="2024-06-01", transition_reason="Test"
        ).role_id = self.role_formal
        row = self._row(member)
        self.assertEqual((row.informal, row.is_converted), (0, False))
        self.assertEqual(str(row.date_formal), "2020-01-01")

    def test_still_informal(self):
        member = self._create_entrant("Test choir", formal=None)
        card = self.env["partnership.candidate"].create(
            {"partnership_id": self.partnership.id, "partner_id": member.partner_id.id}
        )
        card.round_id = self.round
        row = self._row(member)
        self.assertEqual((row.members, row.informal, row.converted), (0, 1, 0))
        self.assertEqual(row.round_id, self.round, "that of its card")
        self.assertFalse(row.date_formal or row.due)
        self.assertFalse(self._row(self._create_member("Test contact", self.role_contacted)))

    def test_conversion_needs_three(self):
        self._create_entrant("Test a")
        self._create_entrant("Test b", formal=None)
        self.assertIs(self._total("conversion")[0], False)
        self._create_entrant("Test c", formal="2024-01-10")
        self._create_entrant("Test d", formal="2024-03-10")
        conversion, days = self._total("conversion", "days_to_formal")
        self.assertEqual((conversion, days), (0.75, 100))

    def test_appropriation_beside_the_others(self):
        entrant = self._create_entrant("Test beekeepers")
        for day, index in (("2024-06-30", 30), ("2024-09-30", 40), ("2025-03-31", 55)):
            self._appropriate(entrant, day, index)
        fellow = self._create_entrant("Test choir")
        self._appropriate(fellow, "2024-06-30", 99)
        row = self._row(entrant)
        self.assertEqual((row.appropriation_3, row.others_3), (30, 60), "of the old ones alone")
        self.assertEqual((row.appropriation_6, row.others_6), (40, False), "nobody to compare with")
        self.assertEqual(row.appropriation_12, 55)

    def test_others_are_members_on_the_day(self):
        self._create_entrant("Test beekeepers")
        guest = self._create_member("Test guest", self.role_informal)
        self._appropriate(guest, "2024-06-30", 100)
        self.assertEqual(self._row(self._create_entrant("Test choir")).others_3, 60)
        self.old[2].with_context(transition_date="2024-06-15").role_id = self.role_informal
        self._appropriate(self.old[2], "2024-06-30", 70)
        self.assertIs(self._row(self._create_entrant("Test band")).others_3, False, "two are left")

    def test_without_a_round_the_year_is_the_wave(self):
        members = [self._create_member(f"Test {name}", date_start="2024-03-01") for name in "ab"]
        for member in members:
            self._appropriate(member, "2024-06-30", 90)
        self.assertEqual(self._row(members[0]).others_3, 60)
        late = self._create_member("Test late", date_start="2023-03-01")
        for member in (late, *members, *self.old):
            self._appropriate(member, "2023-06-30", 50)
        self.assertEqual(self._row(late).others_3, 50)

    def test_days_to_come_are_not_filled(self):
        entrant = self._create_entrant("Test beekeepers", formal="2025-04-15")
        self._appropriate(entrant, "2025-07-15", 42)
        self.assertEqual(self._row(entrant).appropriation_3, 42, "three months to the day")
        late = self._create_entrant("Test choir", formal="2025-04-16")
        self._appropriate(late, "2025-07-15", 42)
        self.assertIs(self._row(late).appropriation_3, False)

    def test_day_is_that_of_the_partnership(self):
        entrant = self._create_entrant("Test choir", formal="2025-04-16")
        self.partnership.tz = "Pacific/Auckland"
        with freeze_time("2025-07-15 13:00:00"):
            self._appropriate(entrant, "2025-07-16", 42)
            self.assertEqual(self._row(entrant).appropriation_3, 42)

    def test_median_of_the_round(self):
        for number, index in enumerate((10, 20, 90)):
            self.assertIs(self._total("appropriation_3", domain=self._by_round())[0], False)
            entrant = self._create_entrant(f"Test {number}")
            self._appropriate(entrant, "2024-06-30", index)
        values = self._total("appropriation_3", "others_3", domain=self._by_round())
        self.assertEqual(values, [20, 60])

    def _by_round(self):
        return [("round_id", "=", self.round.id)]

    def test_first_contribution(self):
        entrant = self._create_entrant("Test beekeepers")
        self._contribute(entrant, "2024-02-01")
        row = self._row(entrant)
        self.assertEqual((row.contributed, row.months_to_contribution), (0, False), "before entry")
        self._contribute(entrant, "2024-11-15", "2024-06-15")
        row = self._row(entrant)
        self.assertEqual(str(row.date_contribution), "2024-06-15")
        self.assertAlmostEqual(row.months_to_contribution, 92 / 30.4375)
        self.env["partnership.briefing"].search([]).action_cancel()
        self.assertEqual(self._row(entrant).contributed, 0, "withdrawn")

    def test_retention(self):
        stayed = self._create_entrant("Test a")
        left = self._create_entrant("Test b", date_end=False)
        left.date_end = "2025-03-14"
        lowered = self._create_entrant("Test c")
        lowered.with_context(transition_date="2025-03-15").role_id = self.role_contacted
        new = self._create_entrant("Test d", formal="2024-07-16")
        last_day = self._create_entrant("Test e")
        last_day.date_end = "2025-03-15"
        found = [
            (row.due, row.stayed, row.retention)
            for row in map(self._row, (stayed, left, lowered, new, last_day))
        ]
        self.assertEqual(found, [(1, 1, 1), (1, 0, 0), (1, 0, 0), (0, 0, False), (1, 1, 1)])
        self.assertEqual(self._total("retention", domain=self._by_round()), [0.5])

    def test_group_is_that_of_the_day_of_entry(self):
        entrant = self._create_entrant("Test beekeepers", group=self.group_civil)
        entrant.with_context(transition_date="2025-01-01").interest_group_id = self.group_economic
        row = self._row(entrant)
        self.assertEqual((row.interest_group_id, row.sector), (self.group_civil, "civil"))

    def test_opens_what_is_behind(self):
        entrant = self._create_entrant("Test beekeepers")
        self._appropriate(entrant, "2024-02-29", 10)
        self._appropriate(entrant, "2024-06-30", 30)
        row = self._row(entrant)
        self.assertEqual(row.action_open_membership()["res_id"], entrant.id)
        action = row.action_open_figures()
        figures = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(figures.mapped("appropriation"), [30])
        action = self.round.with_user(self.facilitator).action_open_integration()
        self.assertEqual(self.Report.search(action["domain"]).membership_id, entrant)

    def test_same_number_of_queries_for_many(self):
        for number in range(3):
            self._create_entrant(f"Test {number}")

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Report.search([]).read(["appropriation_12", "others_12", "days_to_formal"])
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for number in range(20):
            self._create_entrant(f"Test more {number}")
        self.assertEqual(count(), few)

    def test_foreign_users(self):
        entrant = self._create_entrant("Test beekeepers")
        self.assertTrue(self._row(entrant, self.officer))
        self.assertFalse(self._row(entrant, self.stranger))

    def test_months_are_those_of_the_calendar(self):
        """By hand, for each day of entry in a month of 31 days."""
        for day in (29, 30, 31):
            entered = date(2024, 8, day)
            entrant = self._create_entrant(f"Test {day}", formal=str(entered))
            point = entered + relativedelta(months=6)
            self._appropriate(entrant, "2025-02-28", 33)
            self.assertEqual(point, date(2025, 2, 28))
            self.assertEqual(self._row(entrant).appropriation_6, 33)
