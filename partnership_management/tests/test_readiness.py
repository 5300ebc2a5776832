from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.partnership_readiness_threshold import SETTINGS
from .pitfall_common import PitfallCase

# DESIGN: the figures
DEFAULTS = (80, 60, 0.3, 50, 6)


@tagged("post_install", "-at_install")
class TestReadiness(PitfallCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = cls.council + cls._create_member("Test firm", group=cls.group_economic)
        cls.members += cls._create_member("Test association", group=cls.group_civil)

    def _set_maturity(self, *appropriation, replacements=0, seat_years=1):
        for member, value in zip(self.members, appropriation, strict=True):
            self._set_figures(
                member,
                appropriation=value,
                replacements_unplanned=replacements,
                seat_years=seat_years,
            )

    def _read(self, **values):
        """:return: the readiness of the test partnership, after writing ``values`` on it"""
        self.partnership.write(values)
        return self.partnership._get_readiness()[self.partnership.id]

    def test_settings(self):
        self.assertEqual(tuple(self.partnership[fname] for fname in SETTINGS), DEFAULTS)
        own = self.partnership.with_user(self.facilitator)
        for fname in SETTINGS:
            with self.assertRefused("officers", exception=AccessError):
                own[fname] = 1
        self.partnership.with_user(self.officer).representativeness_target = 70

    def test_figures_of_maturity(self):
        self._set_maturity(50, 60, 90, replacements=1, seat_years=2)
        found = self._read()
        self.assertEqual(found["values"]["appropriation"], 60)
        self.assertEqual(found["values"]["turnover"], 0.5)
        self.assertIn("median appropriation of the members 60, 60 or more", found["reasons"][0])
        self.assertIn("turnover 0.50 (3 in 6 years of seats), over 0.30", found["reasons"][1])

    def test_no_data(self):
        found = self._read()
        self.assertEqual(found["signal"], "not_now")
        self.assertIsNone(found["values"]["appropriation"])
        self.assertIsNone(found["values"]["turnover"])
        self._set_maturity(50, 60, None)
        found = self._read()
        self.assertIsNone(found["values"]["appropriation"])
        self.assertIn("not enough data on appropriation (2 members)", found["reasons"][0])

    def test_as_of_a_past_day(self):
        """The figures of then, of who was a member then."""
        for day, value in (("2024-03-31", 20), ("2024-09-30", 70)):
            for member in self.members:
                self._set_figures(member, day, appropriation=value, seat_years=1)
        late = self._create_member("Test late", role=self.role_informal)
        self._set_figures(late, "2024-09-30", appropriation=0, seat_years=1)
        late.with_context(transition_date="2024-10-01").role_id = self.role_formal
        for day, value in (("2024-04-15", 20), ("2024-09-30", 70)):
            values = self.partnership._get_readiness(day)[self.partnership.id]["values"]
            self.assertEqual(values["appropriation"], value)
            self.assertEqual(values["members"], 3)
        self.assertEqual(self._read()["values"]["members"], 4)
