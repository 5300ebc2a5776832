from odoo import SUPERUSER_ID, api
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..concurrent_common import ConcurrentCase


@tagged("post_install", "-at_install")
class TestStageTwoAtOnce(ConcurrentCase):
    """Two users move one partnership in the same moment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.made = {}
        cls.addClassCleanup(cls._remove)
        with cls.registry.cursor() as cr:
            env = cls._env(cr)
            stages = env["partnership.stage"].create(
                [{"name": f"Test parallel {number}", "sequence": number} for number in (1, 2, 3)]
            )
            cls.made["stages"] = stages.ids
            cls.made["place"] = (
                env["partnership.partnership"]
                .create({"name": "Test parallel", "stage_id": stages[0].id})
                .id
            )

    @classmethod
    def _env(cls, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    @classmethod
    def _remove(cls):
        with cls.registry.cursor() as cr:
            env = cls._env(cr)
            env["partnership.partnership"].browse(cls.made.get("place", [])).unlink()
            env["partnership.stage"].browse(cls.made.get("stages", [])).unlink()

    def _look(self, env):
        env["partnership.partnership"].browse(self.made["place"]).stage_history_ids.mapped(
            "date_end"
        )

    def test_history_stays_a_line(self):
        def move(stage_id):
            def job(env):
                place = env["partnership.partnership"].browse(self.made["place"])
                place.with_context(stage_reason="Test").stage_id = stage_id

            return job

        with mute_logger("odoo.sql_db"):  # the second is refused by the database, and runs again
            self._run_at_once(*map(move, self.made["stages"][1:]))
        with self.registry.cursor() as cr:
            place = self._env(cr)["partnership.partnership"].browse(self.made["place"])
            history = place.stage_history_ids.sorted("id")
            self.assertEqual(len(history), 3)
            self.assertEqual(history.filtered(lambda step: not step.date_end), history[-1])
            self.assertEqual(history[-1].stage_id, place.stage_id)
