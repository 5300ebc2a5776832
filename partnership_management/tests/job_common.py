from unittest.mock import patch

from odoo.addons.base.models import ir_cron


class JobWalk:
    """A job that has no time for more than a batch goes on where it stopped. Each job of the addon
    has a test of its name, in which there is something to do for it three times."""

    allow_inherited_tests_method = True  # Odoo's own runner, too, runs what stands here
    addon = None

    def _get_crons(self):
        """:return: dict name -> ir.cron"""
        data = self.env["ir.model.data"].search(
            [("module", "=", self.addon), ("model", "=", "ir.cron")]
        )
        return {each.name: self.env["ir.cron"].browse(each.res_id) for each in data}

    def test_every_job_is_stopped(self):
        crons = self._get_crons()
        self.assertTrue(crons)
        for name in crons:
            self.assertTrue(hasattr(self, f"test_{name}"), f"{name}: no test stops it")

    def test_names_follow_one_pattern(self):
        crons = self._get_crons()
        self.assertEqual(
            {name: cron.code for name, cron in crons.items()},
            {name: f"model._{name.removeprefix('ir_')}()" for name in crons},
        )

    def assertGoesOn(self, name, get_left):
        """Three runs that are each stopped after a batch of one do all that there is to do.

        :param get_left: function that returns what is still to do
        """
        self.env.flush_all()
        count = len(get_left())
        self.assertGreaterEqual(count, 3, name)
        for run in range(1, count + 1):
            self._run_one_batch(name)
            self.assertEqual(len(get_left()), count - run, f"{name}: after run {run}")

    def _run_one_batch(self, name):
        """Run the job as Odoo does, with batches of one and no time for a second."""
        Cron = type(self.env["ir.cron"])
        run_in_batches = Cron._run_in_batches
        with (
            patch.object(ir_cron, "MIN_TIME_PER_JOB", 0),
            patch.object(ir_cron, "MIN_RUNS_PER_JOB", 1),
            patch.object(
                Cron,
                "_run_in_batches",
                lambda cron, keys, _size, work: run_in_batches(cron, keys, 1, work),
            ),
            self.enter_registry_test_mode(),
        ):
            self.env.ref(f"{self.addon}.{name}").method_direct_trigger()
        self.env.invalidate_all()
