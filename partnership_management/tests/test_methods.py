import inspect
from contextlib import contextmanager
from unittest.mock import patch

from lxml import etree

from odoo.exceptions import UserError
from odoo.models import BaseModel
from odoo.sql_db import Cursor
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .access_common import AccessCase, FieldWalk

WRITES = ("INSERT", "UPDATE", "DELETE")
# Methods of Odoo that we extend: who calls them is looked at by the walks over fields and rules
ORM = {name for name in dir(BaseModel) if not name.startswith("_")}


class MethodWalk(FieldWalk):
    """Every button and every method that can be called from outside, on a record of others."""

    def _get_public_methods(self):
        """:return: list of (record, name of the method, number of values it must be given)"""
        found = []
        for model in self.env.values():
            record = model if model._abstract else self._get_record(model._name)
            if not record:
                continue
            for name in sorted(set(dir(type(model))) - ORM):
                if not name.startswith("_") and self._is_ours(model, name):
                    values = inspect.signature(getattr(record, name)).parameters.values()
                    required = [each for each in values if each.default is each.empty]
                    found.append((record, name, len(required)))
        return found

    def _is_ours(self, model, name):
        """:return: whether the addon defines the method, and does not only add to that of Odoo"""
        modules = [
            vars(definition)[name].__module__
            for definition in type(model).__mro__
            if inspect.isfunction(vars(definition).get(name))
        ]
        return bool(modules) and all(f".{self.addon}." in module for module in modules[-1:])

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_no_method_works_on_a_foreign_record(self):
        """It is refused; or it says nothing of the record, and writes nothing."""
        methods = self._get_public_methods()
        self.assertGreater(len(methods), 10)
        names = [name for name in self._get_names() if name]
        for record, name, required in methods:
            for login in ("stranger", "employee", "portal_user"):
                theirs = record.with_user(getattr(self, login))
                what = f"{login}: {record._name}.{name}"
                self.env.flush_all()
                with self.cr.savepoint() as savepoint, self._writes() as writes:
                    try:
                        result = getattr(theirs, name)(*[[]] * required)
                        self.env.flush_all()
                    except UserError:
                        result = None
                    self.assertFalse(writes, what)
                    savepoint.rollback()
                self.env.invalidate_all()
                for word in names:
                    self.assertNotIn(word, repr(result), what)

    def _get_names(self):
        """:return: names that say something of the records of the test partnership"""
        return self.env["res.partner"].search([("name", "=like", "Test c%")]).mapped("name")

    @contextmanager
    def _writes(self):
        """Give the list of statements that write, apart from dialogs."""
        statements = []
        execute = Cursor.execute

        def note(cursor, query, params=None, **kwargs):
            text = (query.code if isinstance(query, SQL) else str(query)).strip()
            if text.startswith(WRITES) and not self._is_dialog(text):
                statements.append(text[:200])
            return execute(cursor, query, params, **kwargs)

        with patch.object(Cursor, "execute", note):
            yield statements

    def _is_dialog(self, text):
        dialogs = [model._table for model in self.env.values() if model._transient]
        return any(f'"{table}"' in text for table in dialogs)

    # Reports without a row in these tests: their buttons open the list behind a row
    unfilled = ()

    def test_every_button_is_such_a_method(self):
        """So that no button is outside of the walk."""
        methods = {(record._name, name) for record, name, _required in self._get_public_methods()}
        views = self.env["ir.ui.view"].search([("type", "in", ("form", "list", "kanban"))])
        tried = set()
        for view in views.filtered(lambda view: (view.xml_id or "").startswith(f"{self.addon}.")):
            model = self.env.get(view.model)
            if model is None or model._transient or model._name in self.unfilled:
                continue
            for button in etree.fromstring(view.arch).iter("button"):
                name = button.get("name")
                if button.get("type") == "object" and self._is_ours(model, name):
                    tried.add((model._name, name))
        self.assertTrue(tried)
        self.assertFalse(tried - methods)


@tagged("post_install", "-at_install")
class TestMethods(MethodWalk, AccessCase):
    pass
