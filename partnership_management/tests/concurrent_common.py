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


class ConcurrentMeetingCase(ConcurrentCase):
    """A meeting of a board of two seats: of a council, with a deputy, and of a resident."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            role = env["partnership.role"].create({"name": "Test race role", "is_formal": True})
            contacts = env["res.partner"].create(
                [
                    {"name": "Test race council", "is_company": True},
                    {"name": "Test race resident"},
                    {"name": "Test race titular"},
                    {"name": "Test race alternate"},
                ]
            )
            partnership = env["partnership.partnership"].create({"name": "Test race"})
            body = env["partnership.body"].create(
                {"name": "Test race board", "partnership_id": partnership.id}
            )
            members = env["partnership.membership"].create(
                [
                    {
                        "partnership_id": partnership.id,
                        "partner_id": contact.id,
                        "role_id": role.id,
                        "date_start": "2024-01-01",
                    }
                    for contact in contacts[:2]
                ]
            )
            seats = env["partnership.seat"].create(
                [
                    {
                        "body_id": body.id,
                        "membership_id": member.id,
                        "date_start": "2024-01-01",
                    }
                    for member in members
                ]
            )
            mandates = env["partnership.mandate"].create(
                [
                    {
                        "seat_id": seats[0].id,
                        "person_id": person.id,
                        "kind": kind,
                        "date_start": "2024-01-01",
                    }
                    for person, kind in zip(contacts[2:], ("titular", "alternate"), strict=True)
                ]
            )
            meeting = env["calendar.event"].create(
                {
                    "name": "Test race",
                    "partnership_body_id": body.id,
                    "start": "2024-06-03 10:00:00",
                    "stop": "2024-06-03 12:00:00",
                    "partner_ids": [],
                }
            )
            made = (meeting, mandates, seats, members, body, partnership, contacts, role)
            cls.made = [(records._name, records.ids) for records in made]
            cls.meeting_id = meeting.id
            cls.council_id, _resident, cls.titular_id, cls.alternate_id = contacts.ids
        cls.addClassCleanup(cls._remove)

    @classmethod
    def _remove(cls):
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            for model, ids in cls.made:
                env[model].browse(ids).unlink()
