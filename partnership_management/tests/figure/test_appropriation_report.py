from freezegun import freeze_time

from odoo.tests import tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-07-15")
class TestAppropriationReport(PartnershipCase):
    """Members in the bands of their latest figures, and by how grave their risks are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = ("Test none", "Test low", "Test middle", "Test high")
        cls.members = cls.env["partnership.membership"].union(
            *[cls._create_member(name) for name in names]
        )
        cls.guest = cls._create_member("Test guest", role=cls.role_informal)
        cls.none, cls.low, cls.middle, cls.high = cls.members
        cls.env["partnership.membership.figure"]._refresh(cls.members)
        cls._appropriate(cls.low, 24.9)
        cls._appropriate(cls.middle, 50)
        cls._appropriate(cls.high, 75)
        cls.Report = cls.env["partnership.appropriation.report"].with_user(cls.facilitator)

    @classmethod
    def _appropriate(cls, member, index):
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE partnership_membership_figure SET appropriation = %s, coverage = 60"
            " WHERE membership_id = %s",
            [index, member.id],
        )
        cls.env.invalidate_all()

    def _row(self, member):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.Report.search([("membership_id", "=", member.id)])

    def _risk(self, member, *kinds):
        self.env["partnership.pitfall"].create(
            [
                {"membership_id": member.id, "kind": kind, "date_open": "2024-07-01"}
                for kind in kinds
            ]
        )

    def test_bands(self):
        rows = [self._row(member) for member in self.members]
        self.assertEqual([row.band for row in rows], ["0", "1", "3", "4"])
        self.assertEqual([row.severity_band for row in rows], ["0"] * 4)

    def test_formal_members_and_others(self):
        rows = self.Report.search([("partnership_id", "=", self.partnership.id)])
        self.assertEqual(rows.filtered("is_formal").membership_id, self.members)
        self.assertEqual(rows.membership_id - self.members, self.guest)

    def test_severity(self):
        seat = self._create_seat(self.middle)
        seat.vote_weight = 2
        self.env["partnership.membership.figure"]._refresh(self.middle)
        self._risk(self.low, "absent")
        self._risk(self.middle, "absent", "uninformed")
        row = self._row(self.low)
        self.assertEqual((row.pitfalls, row.severity, row.severity_band), (1, 1, "1"))
        row = self._row(self.middle)
        self.assertEqual((row.pitfalls, row.severity, row.severity_band), (2, 4, "3"))
        self.env["partnership.pitfall"].search([("membership_id", "=", self.low.id)])._dismiss("x")
        self.assertEqual(self._row(self.low).severity_band, "0")

    def test_counts_by_band_and_severity(self):
        self._risk(self.low, "absent")
        self.env.flush_all()
        found = self.Report._read_group(
            [("partnership_id", "=", self.partnership.id), ("is_formal", "=", True)],
            ["band", "severity_band"],
            ["members:sum", "appropriation:avg"],
        )
        self.assertEqual(
            [(band, severity, members) for band, severity, members, _index in found],
            [("0", "0", 1), ("1", "1", 1), ("3", "0", 1), ("4", "0", 1)],
        )

    def test_member_of_today(self):
        self.high.date_end = "2024-07-01"
        self.env.flush_all()
        domain = [("is_formal", "=", True), ("membership_id.is_current", "=", True)]
        rows = self.Report.search([("partnership_id", "=", self.partnership.id), *domain])
        self.assertEqual(rows.membership_id, self.none + self.low + self.middle)

    def test_row_opens_the_member(self):
        action = self._row(self.low).action_open_membership()
        self.assertEqual(action["res_id"], self.low.id)

    def test_foreign_team_sees_nothing(self):
        Report = self.Report.with_user(self.stranger)
        self.assertFalse(Report.search([("partnership_id", "=", self.partnership.id)]))
