import runpy

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path


@tagged("post_install", "-at_install")
class TestMigrationJobs(TransactionCase):
    """A job keeps its hour, whether it is active and what it has done: it is the same under
    another name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.script = runpy.run_path(
            file_path("partnership_management/migrations/19.0.1.3.0/pre-crons.py")
        )

    def test_same_jobs_under_their_names(self):
        crons = {
            new: self.env.ref(f"partnership_management.{new}")
            for new in self.script["NAMES"].values()
        }
        codes = {new: cron.code for new, cron in crons.items()}
        for old, new in self.script["NAMES"].items():
            self.env["ir.model.data"].search(
                [("module", "=", "partnership_management"), ("name", "=", new)]
            ).name = old
            crons[new].code = "model._test_old()"
        self.env.flush_all()
        for _again in range(2):
            self.script["rename_jobs"](self.env.cr)
        self.env.registry.clear_cache()
        self.env.invalidate_all()
        found = {new: self.env.ref(f"partnership_management.{new}") for new in crons}
        self.assertEqual(found, crons)
        self.assertEqual({new: cron.code for new, cron in found.items()}, codes)
