import base64
from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..concurrent_common import ConcurrentCase

LISTS = {
    "attendance": (
        "Date,Person,E-mail,Organisation,Status\n"
        "2024-05-06,Test twice Nora,twice@test.example,Test twice firm,x\n"
        "2024-05-06,Test twice Otto,twice@test.example,Test twice firm,x\n"
        "2024-05-07,Test twice Nora,,Test twice firm,x\n"
    ),
    "members": (
        "Organisation,Since,Body,Titular,Alternate\n"
        "Test twice firm,2024-02-01,Test twice board,Test twice Nora,Test twice Otto\n"
        ",2024-02-01,Test twice board,Test twice Paul,\n"
    ),
    "decisions": (
        "Date,Title,Yes,No\n2024-05-06,Test twice roof,3,1\n2024-05-07,Test twice hall,1,3\n"
    ),
}
# How many there are of each, and of contacts, once a list of a kind is taken
COUNTED = {
    "partnership.attendance": {"attendance": 3},
    "calendar.event": {"attendance": 2},
    "partnership.membership": {"members": 2},
    "partnership.seat": {"members": 2},
    "partnership.mandate": {"members": 2},
    "partnership.decision": {"decisions": 2},
    "partnership.decision.count": {"decisions": 2},
}
CONTACTS = {"attendance": 3, "members": 4}


@tagged("post_install", "-at_install")
class TestImportTwoAtOnce(ConcurrentCase):
    """Two users take one list in the same moment, both from its preview."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self._remove)
        with self.registry.cursor() as cr:
            env = self._env(cr)
            self.role_id = (
                env["partnership.role"].create({"name": "Test twice", "is_formal": True}).id
            )
            place = env["partnership.partnership"].create({"name": "Test twice"})
            self.place_id = place.id
            env["partnership.body"].create(
                {"name": "Test twice board", "partnership_id": place.id, "level": "decision"}
            )

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def _remove(self):
        with self.registry.cursor() as cr:
            env = self._env(cr)
            here = [("partnership_id", "=", self.place_id)]
            env["partnership.import"].search(here).unlink()
            self._remove_decisions(env["partnership.decision"].search(here))
            rows = env["partnership.attendance"].search(here)
            rows._write_from_sheet({"status": "not_recorded"})
            rows.unlink()
            for model in (
                "partnership.meeting.log",
                "calendar.event",
                "partnership.mandate",
                "partnership.seat",
                "partnership.membership",
                "partnership.body",
            ):
                env[model].search(here).unlink()
            env["partnership.partnership"].browse(self.place_id).unlink()
            env["res.partner"].search([("name", "=like", "Test twice%")]).unlink()
            env["partnership.role"].browse(self.role_id).unlink()

    def _remove_decisions(self, decisions):
        """What is in the register stays there: nothing but SQL takes it out."""
        decisions.message_ids.unlink()
        for table, column in (
            ("partnership_decision_count", "decision_id"),
            ("partnership_decision", "id"),
        ):
            decisions.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE %s IN %s",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    tuple(decisions.ids) or (None,),
                )
            )
        decisions.env.invalidate_all()

    def _prepare(self, kind):
        """:return: id of an import at its preview, committed"""
        with self.registry.cursor() as cr:
            env = self._env(cr)
            wizard = env["partnership.import"].create(
                {
                    "kind": kind,
                    "partnership_id": self.place_id,
                    "body_id": env["partnership.body"]
                    .search([("partnership_id", "=", self.place_id)])
                    .id,
                    "role_id": self.role_id,
                    "date": "2024-03-01",
                    "file": base64.b64encode(LISTS[kind].encode()),
                    "filename": "twice.csv",
                }
            )
            wizard.action_read()
            wizard.action_match()
            wizard.action_accept_all()
            wizard.action_create_all()
            wizard.action_preview()
            self.assertEqual(set(wizard.line_ids.mapped("state")), {"take"})
            return wizard.id

    def _look(self, env):
        env["partnership.import"].search([("partnership_id", "=", self.place_id)]).mapped("state")

    def _count(self, env):
        counts = [
            env[model].search_count([("partnership_id", "=", self.place_id)]) for model in COUNTED
        ]
        return [*counts, env["res.partner"].search_count([("name", "=like", "Test twice%")])]

    def _take(self, wizard_id, said, env):
        try:
            env["partnership.import"].browse(wizard_id).action_import()
        except UserError as error:
            said.append(str(error))

    def _expect(self, kind):
        return [counts.get(kind, 0) for counts in (*COUNTED.values(), CONTACTS)]

    def _check_two_imports(self, kind):
        ids = [self._prepare(kind), self._prepare(kind)]
        said = []
        runs = self._run_at_once(*[partial(self._take, number, said) for number in ids])
        self.assertEqual(sorted(runs), [1, 2])
        self.assertFalse(said)
        with self.registry.cursor() as cr:
            env = self._env(cr)
            self.assertEqual(self._count(env), self._expect(kind))
            first, second = env["partnership.import"].browse(ids).sorted("taken_count")[::-1]
            self.assertEqual((first.taken_count, first.notice), (first.line_count, False))
            self.assertEqual(second.already_count, second.line_count)
            self.assertIn("taken already", second.notice)
            self.assertIn(str(second.line_count), second.notice)
            for fname in ("attendance_id", "membership_id", "decision_id"):
                self.assertEqual(first.line_ids[fname], second.line_ids[fname])

    def test_two_imports_of_attendance(self):
        self._check_two_imports("attendance")

    def test_two_imports_of_members(self):
        self._check_two_imports("members")

    def test_two_imports_of_decisions(self):
        self._check_two_imports("decisions")

    def test_two_clicks(self):
        """On one import: it is taken once, and the second click reads why nothing happened."""
        for kind in LISTS:
            with self.subTest(kind=kind):
                number, said = self._prepare(kind), []
                self._run_at_once(*[partial(self._take, number, said)] * 2)
                self.assertEqual(len(said), 1)
                self.assertIn("another step by now", said[0])
                with self.registry.cursor() as cr:
                    wizard = self._env(cr)["partnership.import"].browse(number)
                    self.assertEqual(wizard.taken_count, wizard.line_count)
