"""What every test here has to keep to, and what pytest lacks for Odoo 19.

- A warning or an error in Odoo's log during a test fails it.
- A test that wants a browser or a server and is skipped fails: it has shown nothing.
"""

import contextlib
import logging

import pytest

from odoo.tests import BaseCase, HttpCase

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
