from odoo import SUPERUSER_ID, api
from odoo.tests import tagged

from odoo.addons.partnership_management.tests.concurrent_common import ConcurrentCase


@tagged("post_install", "-at_install")
class TestNeedTwoAtOnce(ConcurrentCase):
    """Two press the button on a pitfall at the same moment, on data that is committed and
    removed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls.registry.cursor() as cr:
            env = cls._env(cr)
            role = env["partnership.role"].create({"name": "Test race role", "is_formal": True})
            contact = env["res.partner"].create({"name": "Test race council", "is_company": True})
            partnership = env["partnership.partnership"].create({"name": "Test race"})
            member = env["partnership.membership"].create(
                {
                    "partnership_id": partnership.id,
                    "partner_id": contact.id,
                    "role_id": role.id,
                    "date_start": "2024-01-01",
                }
            )
            pitfall = env["partnership.pitfall"].create(
                {"membership_id": member.id, "kind": "absent", "date_open": "2024-06-01"}
            )
            made = (pitfall, member, partnership, contact, role)
            cls.made = [(records._name, records.ids) for records in made]
            cls.pitfall_id = pitfall.id
        cls.addClassCleanup(cls._remove)

    @classmethod
    def _env(cls, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    @classmethod
    def _remove(cls):
        with cls.registry.cursor() as cr:
            env = cls._env(cr)
            env["partnership.training.need"].search([("pitfall_id", "=", cls.pitfall_id)]).unlink()
            for model, ids in cls.made:
                env[model].browse(ids).unlink()

    def _look(self, env):
        env["partnership.pitfall"].browse(self.pitfall_id).read(["kind"])

    def _raise(self, env):
        env["partnership.pitfall"].browse(self.pitfall_id).action_raise_need()

    def test_one_need_is_raised(self):
        """The second waits, is run again, and opens the need of the first."""
        self._run_at_once(self._raise, self._raise)
        with self.registry.cursor() as cr:
            found = self._env(cr)["partnership.training.need"].search(
                [("pitfall_id", "=", self.pitfall_id)]
            )
            self.assertEqual(len(found), 1)
