import runpy

from odoo.tests import tagged
from odoo.tools.misc import file_path
from odoo.tools.sql import column_exists

from .common import PartnershipCase


@tagged("post_install", "-at_install")
class TestMigration(PartnershipCase):
    """What brings a database of 19.0.1.0.0 up to date, on rows as they were then."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scripts = {
            when: runpy.run_path(
                file_path(f"partnership_management/migrations/19.0.1.1.0/{when}-migrate.py")
            )
            for when in ("pre", "post")
        }

    def _convert(self, zones):
        """:param zones: dict membership -> the text that it had"""
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE partnership_membership ADD COLUMN zone varchar")
        for membership, zone in zones.items():
            self.env.cr.execute(
                "UPDATE partnership_membership SET zone = %s WHERE id = %s", [zone, membership.id]
            )
        self.env.invalidate_all()
        self.scripts["post"]["convert_zones"](self.env)

    def test_zones(self):
        north, firm = self._create_member("Test north"), self._create_member("Test firm")
        left = self._create_member("Test left", date_start="2020-01-01", date_end="2021-12-31")
        back = self.env["partnership.membership"].create(
            {
                "partnership_id": self.partnership.id,
                "partner_id": left.partner_id.id,
                "role_id": self.role_formal.id,
                "date_start": "2023-01-01",
            }
        )
        self._convert({north: "Test north", firm: "test North ", left: "Test south"})
        self.assertEqual(north.zone_id.name, "Test north")
        self.assertEqual(firm.zone_id, north.zone_id, "one value, however it is written")
        self.assertFalse(back.zone_id)
        trait = self.env["partnership.trait"].search([("partner_id", "=", left.partner_id.id)])
        self.assertEqual(trait.value_id.name, "Test south")
        self.assertEqual((str(trait.date_start), str(trait.date_end)), ("2020-01-01", "2022-12-31"))
        self.assertFalse(column_exists(self.env.cr, "partnership_membership", "zone"))

    def test_stage_history(self):
        """From the day that the partnership was made; what is there already stays."""
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM partnership_stage_history WHERE partnership_id = %s",
            [self.partnership.id],
        )
        self.env.invalidate_all()
        for _again in range(2):
            self.scripts["post"]["begin_stage_history"](self.env)
        history = self.partnership.stage_history_ids
        self.assertEqual(history.stage_id, self.partnership.stage_id)
        self.assertEqual(len(history), 1)
        self.assertFalse(history.date_end)

    def test_informal_roles(self):
        role = self.env.ref("partnership_management.partnership_role_informal")
        role.is_informal = False
        self.scripts["post"]["mark_informal_roles"](self.env)
        self.assertTrue(role.is_informal)
        self.assertFalse(self.role_formal.is_informal)

    def test_kept_search(self):
        kept = self.env["ir.filters"].create(
            {
                "name": "Test zones",
                "model_id": "partnership.membership",
                "domain": "[('zone', 'ilike', 'north')]",
                "context": "{'group_by': ['zone']}",
            }
        )
        self.env.flush_all()
        self.scripts["pre"]["rename_in_searches"](self.env.cr)
        self.env.invalidate_all()
        self.assertEqual(kept.domain, "[('zone_id', 'ilike', 'north')]")
        self.assertEqual(kept.context, "{'group_by': ['zone_id']}")
