"""What conftest.py promises to every other test."""

import logging
from unittest import mock

import pytest
from odoo_test_helper import FakeModelLoader

from odoo import fields, models
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


class TestFakeModels(TransactionCase):
    """The loader of odoo-test-helper, in Odoo 19's way."""

    def setUp(self):
        super().setUp()
        self.loader = FakeModelLoader(self.env, "odoo.addons.partnership_management.tests")
        self.loader.backup_registry()
        self.addCleanup(self._check_restored)

        class Fake(models.Model):
            _module = "partnership_management"  # as if it stood in that addon
            _name = "partnership.fake"
            _description = "Fake"
            _inherit = ["mail.thread"]

            name = fields.Char()

        class ResPartner(models.Model):
            _module = "partnership_management"
            _inherit = "res.partner"

            fake_id = fields.Many2one("partnership.fake")

        self.loader.update_registry((Fake, ResPartner))

    def _check_restored(self):
        self.loader.restore_registry()
        self.assertNotIn("partnership.fake", self.env)
        self.assertNotIn("fake_id", self.env["res.partner"]._fields)
        self.env["res.partner"].create({"name": "After"})

    def test_fake_models(self):
        fake = self.env["partnership.fake"].create({"name": "Fake"})
        partner = self.env["res.partner"].create({"name": "Partner", "fake_id": fake.id})
        found = self.env["res.partner"].search([("fake_id.name", "=", "Fake")])
        self.assertEqual(found, partner)
        fake.message_post(body="Followed")
