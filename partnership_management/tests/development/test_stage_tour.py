from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
class TestStageTour(PartnershipCase, HttpCase):
    def test_tour(self):
        """Moving on by dragging and in the status bar asks why; a criterion ticked, it does not."""
        start, middle = self.env["partnership.stage"].create(
            [
                {"name": "Test start", "sequence": 1001},
                {"name": "Test middle", "sequence": 1002},
            ]
        )
        self.partnership.with_context(stage_reason="Test").stage_id = start
        self.env["partnership.stage"].search(
            [("id", "not in", (start | middle).ids)]
        ).active = False
        self.env["partnership.stage.criterion"].create({"name": "Test rules", "stage_id": start.id})
        with mute_logger("odoo.http"):  # what is refused with a dialog
            self.start_tour(
                "/odoo/partnerships", "partnership_stage_tour", login="test_facilitator"
            )
        self.env.invalidate_all()
        steps = self.partnership.stage_history_ids.sorted("id")[2:].filtered("reason")
        self.assertEqual(steps.mapped("reason"), ["Test reason of the board", "Test second reason"])
        self.assertEqual(set(steps.mapped("unmet")), {"Test rules"})
        self.assertEqual(self.partnership.stage_id, middle)
        self.assertFalse(self.partnership.stage_history_ids[0].unmet)
