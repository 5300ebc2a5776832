import ast
import re
from pathlib import Path

from odoo.modules import Manifest
from odoo.tests import BaseCase, tagged

ADDONS = ("partnership_management", "partnership_training")
APART = {"tests", "migrations"}  # tests say the day; a migration runs where no mixin is yet
CLOCK = "partnership_management/models/partnership_clock_mixin.py"
# What else may ask what day it is: (file, what it says) -> why
EXCEPTIONS = {
    (CLOCK, "fields.Date.context_today"): "of no partnership there is only the day of the user",
}
OF_SQL = re.compile(
    r"\b(CURRENT_DATE|CURRENT_TIMESTAMP|LOCALTIMESTAMP|now\(\)|statement_timestamp|clock_timestamp)",
    re.I,
)


def find_days(text):
    """:return: list of (line, what it says) where Python source, or SQL in it, asks for the day of
    the user, the server or the database"""
    found = []
    for node in ast.walk(ast.parse(text)):
        says = ast.unparse(node)
        if isinstance(node, ast.Attribute) and (
            node.attr in ("context_today", "utcnow")
            or (node.attr == "today" and says.lower().split(".")[-2] in ("date", "datetime"))
            or says in ("datetime.now", "datetime.datetime.now")
        ):
            found.append((node.lineno, says))
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("date", "to_date")
            and re.search(r"\bnow\b|context_timestamp", says)
        ):
            found.append((node.lineno, says))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            is_query = re.search(r"\b(SELECT|UPDATE|DELETE|INSERT|AT TIME ZONE)\b", node.value)
            found += [(node.lineno, says) for says in is_query and OF_SQL.findall(node.value) or ()]
    return found


@tagged("post_install", "-at_install")
class TestClockSource(BaseCase):
    def _read_all(self):
        """:return: dict path from the folder of the addons -> source"""
        sources = {}
        for addon in ADDONS:
            root = Path(Manifest.for_addon(addon).path)
            for path in root.rglob("*.py"):
                if not APART & set(path.relative_to(root).parts):
                    sources[str(path.relative_to(root.parent))] = path.read_text()
        return sources

    def test_no_other_day_than_that_of_the_partnership(self):
        found = {
            (path, says): line
            for path, text in self._read_all().items()
            for line, says in find_days(text)
        }
        others = [
            f"{path}:{line}: {says}: take the day from partnership.clock.mixin"
            for (path, says), line in found.items()
            if (path, says) not in EXCEPTIONS
        ]
        self.assertFalse(others, "\n".join(others))
        self.assertEqual(EXCEPTIONS.keys() - found.keys(), set(), "not needed any more")

    def test_one_method(self):
        places = [
            path
            for path, text in self._read_all().items()
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef) and node.name == "_get_today"
        ]
        self.assertEqual(places, [CLOCK])

    def test_each_way_to_ask_is_found(self):
        for text in (
            "fields.Date.context_today(self)",
            "date = fields.Date(default=fields.Date.context_today)",
            "fields.Date.today()",
            "date.today()",
            "datetime.date.today()",
            "datetime.now(zone).date()",
            "datetime.utcnow()",
            "fields.Datetime.now().date()",
            "deadline <= now.date()",
            "fields.Datetime.context_timestamp(self, now).date()",
            "SQL('SELECT 1 WHERE date < CURRENT_DATE')",
            "SQL('SELECT now()::date')",
        ):
            with self.subTest(text):
                self.assertTrue(find_days(text))
        for text in ("fields.Datetime.now()", "event.start.date()", "self._get_today()"):
            with self.subTest(text):
                self.assertFalse(find_days(text))
