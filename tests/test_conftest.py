"""What conftest.py promises to every other test."""

import logging
from unittest import mock

import pytest

from odoo.tests import TransactionCase

from conftest import clean_log


def test_a_warning_in_the_log_fails():
    with mock.patch.object(logging.getLogger(), "handlers", []):
        with pytest.raises(pytest.fail.Exception, match="WARNING odoo.x: oh 1"), clean_log():
            logging.getLogger("odoo.x").warning("oh %s", 1)


class TestExpectedWarning(TransactionCase):
    def test_an_expected_one_does_not(self):
        with clean_log(), self.assertLogs("odoo.x", "WARNING"):
            logging.getLogger("odoo.x").warning("as expected")
