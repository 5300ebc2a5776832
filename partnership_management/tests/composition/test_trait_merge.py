from freezegun import freeze_time

from odoo.tests import tagged

from ..actor.merge_common import MergeCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestTraitMerge(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Value = cls.env["partnership.dimension.value"]
        cls.zones = [
            Value._find_or_create_zone(name, cls.partnership) for name in ("Test a", "Test b")
        ]
        cls.kept = cls._create_organisation("Test kept")
        cls.folded = cls._create_organisation("Test folded")

    def _live(self, partner, zone, start, end=False):
        return self.env["partnership.trait"].create(
            {
                "partnership_id": self.partnership.id,
                "partner_id": partner.id,
                "dimension_id": zone.dimension_id.id,
                "value_id": zone.id,
                "date_start": start,
                "date_end": end,
            }
        )

    def _merge_and_read(self):
        self._merge(self.folded, into=self.kept)
        traits = self.env["partnership.trait"].search(
            [("partner_id", "=", self.kept.id)], order="date_start"
        )
        return [
            (trait.value_id.name, str(trait.date_start), trait.date_end and str(trait.date_end))
            for trait in traits
        ]

    def test_one_after_the_other(self):
        self._live(self.kept, self.zones[0], "2024-01-01", "2024-02-29")
        self._live(self.folded, self.zones[1], "2024-03-01")
        self.assertEqual(
            self._merge_and_read(),
            [("Test a", "2024-01-01", "2024-02-29"), ("Test b", "2024-03-01", False)],
        )

    def test_the_older_stays_and_the_rest_follows(self):
        self._live(self.kept, self.zones[0], "2024-01-01", "2024-03-31")
        self._live(self.folded, self.zones[1], "2024-03-01")
        self.assertEqual(
            self._merge_and_read(),
            [("Test a", "2024-01-01", "2024-03-31"), ("Test b", "2024-04-01", False)],
        )

    def test_what_gives_way_is_in_the_history(self):
        member = self._create_member(self.kept, zone_id=self.zones[0].id)
        self._live(self.folded, self.zones[1], "2024-03-01", "2024-04-30")
        self.assertEqual(self._merge_and_read(), [("Test a", "2024-01-01", False)])
        self.assertEqual(member.zone_id, self.zones[0])
        self.assertIn("Test b", self.partnership.message_ids[0].body)

    def test_zone_of_the_membership_that_is_left(self):
        member = self._create_member(self.kept)
        self._create_member(self.folded, date_start="2024-03-01", zone_id=self.zones[1].id)
        self.assertEqual(self._merge_and_read(), [("Test b", "2024-03-01", False)])
        self.assertEqual(member.zone_id, self.zones[1])
