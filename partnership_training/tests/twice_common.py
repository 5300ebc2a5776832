from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import get_db_name
from odoo.tools import SQL, mute_logger

from odoo.addons.partnership_management.tests.concurrent_common import ConcurrentCase

from .place_common import PlaceCase

# Other people's rows, or such as tell the screens that something happened
NOISE = ("bus_bus", "res_device_log", "ir_cron_trigger", "ir_cron_progress")


class RowCase:
    """How many rows are new, in all tables."""

    @classmethod
    def _get_marks(cls, cr):
        """:return: dict table -> the last id in it"""
        cr.execute(
            """
            SELECT c.table_name
              FROM information_schema.columns c
              JOIN information_schema.tables t USING (table_schema, table_name)
             WHERE c.table_schema = 'public' AND c.column_name = 'id'
               AND c.data_type IN ('integer', 'bigint') AND t.table_type = 'BASE TABLE'
            """
        )
        tables = [name for (name,) in cr.fetchall() if name not in NOISE]
        return cls._query(cr, tables, SQL("COALESCE(MAX(id), 0)"))

    @classmethod
    def _query(cls, cr, tables, what):
        """:return: dict table -> ``what`` of it"""
        parts = [
            SQL("SELECT %s, %s FROM %s", table, what, SQL.identifier(table)) for table in tables
        ]
        cr.execute(SQL(" UNION ALL ").join(parts))
        return dict(cr.fetchall())

    @classmethod
    def _count(cls, cr):
        """:return: dict table -> number of rows, of those that have new ones"""
        parts = [
            SQL(
                "SELECT %s, COUNT(*) FROM %s WHERE id > %s HAVING COUNT(*) > 0",
                table,
                SQL.identifier(table),
                mark,
            )
            for table, mark in cls.marks.items()
        ]
        cr.execute(SQL(" UNION ALL ").join(parts))
        return dict(cr.fetchall())

    def _subtract(self, after, before):
        counts = {table: after.get(table, 0) - before.get(table, 0) for table in after}
        return {table: count for table, count in counts.items() if count}


class TwiceCase(ConcurrentCase, RowCase, PlaceCase):
    """What two make at once, on data that is committed, and removed by SQL: what is recorded has
    guards."""

    @classmethod
    def setUpClass(cls):
        registry = Registry(get_db_name())
        with registry.cursor() as cr:
            cls.marks = cls._get_marks(cr)
        cls.addClassCleanup(cls._forget, registry)
        super().setUpClass()
        cls._prepare()
        cls.env.flush_all()
        cls.env.cr.postcommit.clear()
        cls.cr._cnx.commit()
        cls.env.invalidate_all()

    @classmethod
    def _prepare(cls):
        """Make what the cases are about."""

    # ------------------------------------------------------------
    # The data
    # ------------------------------------------------------------

    @classmethod
    def _forget(cls, registry):
        """Remove what is new: again and again, until nothing that is left is in the way."""
        with registry.cursor() as cr, mute_logger("odoo.sql_db"):
            while left := cls._count(cr):
                removed = [table for table in left if cls._remove_rows(cr, table)]
                if not removed:
                    raise AssertionError(f"left behind: {left}")
        registry.clear_all_caches()

    @classmethod
    def _remove_rows(cls, cr, table):
        """:return: whether the new rows of ``table`` are gone"""
        statement = SQL("DELETE FROM %s WHERE id > %s", SQL.identifier(table), cls.marks[table])
        cr.execute("SAVEPOINT forget")
        try:
            cr.execute(statement)
        except Exception:  # noqa: BLE001 another table comes first, see _forget
            cr.execute("ROLLBACK TO SAVEPOINT forget")
            return False
        cr.execute("RELEASE SAVEPOINT forget")
        return True

    # ------------------------------------------------------------
    # Once, and twice
    # ------------------------------------------------------------

    def _get_env(self, cr, user=None):
        context = {"tracking_disable": True, "no_mail_to_attendees": True}
        return api.Environment(cr, (user or self.facilitator).id, context)

    def _count_once(self, job, user):
        """:return: dict table -> how many rows ``job`` makes; they are not kept"""
        with self.registry.cursor() as cr:
            before = self._count(cr)
            job(self._get_env(cr, user))
            cr.flush()
            after = self._count(cr)
            cr.rollback()
        return self._subtract(after, before)

    def _check_twice(self, job, times=2, user=None, **expected):
        """Run ``job``, which takes an environment, several times at once: it makes what it makes
        when it is run one time. The others read a sentence, or are given the same record.

        :param expected: ``says``, what is said to who comes later; ``opens``, whether that is the
                         record of the first; ``uncounted``, a table that is the user's own
        """
        once = self._count_once(job, user)
        own = once.pop(expected.get("uncounted"), None)
        self.assertTrue(once, "it makes nothing")
        with self.registry.cursor() as cr:
            before = self._count(cr)
        said, given = [], []
        with mute_logger("odoo.sql_db"):
            self._run_at_once(*[partial(self._try, job, user, said, given)] * times)
        with self.registry.cursor() as cr:
            twice = self._subtract(self._count(cr), before)
        if own:
            del twice[expected["uncounted"]]
        self.assertEqual(twice, once)
        self.assertEqual(len(said) + len(given), times)
        if expected.get("says"):
            texts = said + [self._get_message(result) for result in given]
            heard = [text for text in texts if expected["says"] in text]
            self.assertEqual(len(heard), times - 1, (said, given))
        else:
            self.assertFalse(said)
        if expected.get("opens"):
            targets = {(result.get("res_id"), str(result.get("domain"))) for result in given}
            self.assertEqual(len(targets), 1, given)

    def _try(self, job, user, said, given, env):
        try:
            result = job(self._get_env(env.cr, user))
            env.cr.flush()
        except UserError as error:
            env.cr.rollback()
            said.append(str(error))
        else:
            given.append(result)

    def _get_message(self, result):
        """:return: what a notification says"""
        return (result.get("params") or {}).get("message", "") if isinstance(result, dict) else ""

    def _look(self, env):
        env.cr.execute("SELECT 1 FROM res_users LIMIT 1")  # takes the view of the data
        self.assertEqual(env.uid, SUPERUSER_ID)

    @classmethod
    def _wizard(cls, model, action, **values):
        context = {k: v for k, v in action["context"].items() if k.startswith("default_")}
        return cls._open(model, values, **context)

    @classmethod
    def _open(cls, model, values, **context):
        """:return: a dialog of the facilitator"""
        wizard = cls.env[model].with_user(cls.facilitator).with_context(**context)
        return wizard.create(values)

    def _press(self, record, method, **expected):
        """Two press the button ``method`` of ``record``."""
        model, ids = record._name, record.ids

        def job(env):
            return getattr(env[model].browse(ids), method)()

        self._check_twice(job, **expected)

    def _create(self, model, values, **expected):
        def job(env):
            env[model].create(values)

        self._check_twice(job, **expected)
