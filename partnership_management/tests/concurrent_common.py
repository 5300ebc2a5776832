import threading
from functools import partial
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name


class ConcurrentCase(BaseCase):
    """Transactions that really run at the same time, on data that is committed and removed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())

    def _look(self, env):
        """Read what all transactions are about, so that each has its view of it."""

    def _run_at_once(self, *jobs):
        """Run ``jobs``, each of which takes an environment, in a transaction and thread each.

        All have taken their view of the data before any goes on; a transaction that fails with a
        serialisation error is run again, as Odoo does with a request.

        :return: the number of times that each was run
        """
        barrier, runs, errors = threading.Barrier(len(jobs), timeout=10), [0] * len(jobs), []

        def run(number, job, env):
            runs[number] += 1
            self._look(env)
            if runs[number] == 1:
                barrier.wait()
            job(env)

        def thread(number, job):
            try:
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
                    retrying(partial(run, number, job, env), env)
                    cr.commit()  # pylint: disable=invalid-commit
            except Exception as error:  # noqa: BLE001 handed over to the test
                errors.append(error)

        threads = [
            threading.Thread(target=thread, args=(number, job)) for number, job in enumerate(jobs)
        ]
        with (
            # The lock is held by the thread that loads the registry and runs the tests
            patch.object(Registry, "_lock", DummyRLock()),
            patch("odoo.service.model.random.uniform", return_value=0.05),
        ):
            for each in threads:
                each.start()
            for each in threads:
                each.join(timeout=20)
        self.assertFalse(errors)
        self.assertFalse([each for each in threads if each.is_alive()])
        self.assertGreater(sum(runs), len(jobs), "they got into each other's way")
        return runs
