"""What every test here has to keep to, and what pytest lacks for Odoo 19.

- A warning or an error in Odoo's log during a test fails it.
- A test that wants a browser or a server and is skipped fails: it has shown nothing.
- `odoo_test_helper.FakeModelLoader` works, see the end.
"""

import contextlib
import logging
from unittest import mock

import pytest

from odoo.models import MetaModel
from odoo.orm import model_classes
from odoo.tests import BaseCase, HttpCase
from odoo.tools import OrderedSet

# Odoo gives these only to tests inside addons, and fails for those in tests/ without them.
BaseCase.test_tags = {"standard", "at_install"}


class Complaints(logging.Handler):
    """Keep warnings and errors; those that a test expects (assertLogs, mute_logger) do not come."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        message = record.getMessage()
        if not message.startswith("Error received after termination"):  # of a page being closed
            self.lines.append(f"{record.levelname} {record.name}: {message}")


@contextlib.contextmanager
def clean_log():
    handler = Complaints()
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
    if handler.lines:
        pytest.fail("\n".join(["in Odoo's log:", *handler.lines]), pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    with clean_log():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    with clean_log():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    with clean_log():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and issubclass(item.cls or int, HttpCase):
        report.outcome = "failed"
        report.longrepr = f"skipped, though it must run: {report.longrepr[-1]}"
    return report


# odoo-test-helper 2.1.3 knows Odoo up to 18, and its authors will not bring it to 19. Its class
# is the same here; the three methods that reach into the registry are done in 19's way.
MetaModel.module_to_models = MetaModel._module_to_models__
from odoo_test_helper import FakeModelLoader  # noqa: E402 - it reads that attribute on import


def backup_registry(self):
    self.models = {name: model._base_classes__ for name, model in self.env.registry.items()}
    self.children = {
        name: (OrderedSet(model._inherit_children), set(model._inherits_children))
        for name, model in self.env.registry.items()
    }
    self.definitions = {name: list(defs) for name, defs in MetaModel.module_to_models.items()}


def update_registry(self, odoo_models):
    registry, cr = self.env.registry, self.env.cr
    self.env.flush_all()
    with mock.patch.object(cr, "commit"):
        names = [model_classes.add_to_registry(registry, model)._name for model in odoo_models]
        registry._setup_models__(cr, names)
        registry.init_models(cr, names, {"module": self._module_name})


def restore_registry(self):
    registry = self.env.registry
    for name in set(registry) - set(self.models):
        del registry.models[name]
    for name, bases in self.models.items():
        model = registry[name]
        model._inherit_children, model._inherits_children = self.children[name]
        model._base_classes__ = bases
    MetaModel.module_to_models.clear()
    MetaModel.module_to_models.update(self.definitions)
    registry._setup_models__(self.env.cr)


FakeModelLoader.backup_registry = backup_registry
FakeModelLoader.update_registry = update_registry
FakeModelLoader.restore_registry = restore_registry
