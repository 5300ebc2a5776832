import psycopg2

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...models.figure.partnership_partnership import SETTINGS
from ..common import PartnershipCase

# DESIGN: the figures
DEFAULTS = (0.5, 0.5, 0.5, 0.4, 2, 0.25, 12, 35, 25, 20, 20)


@tagged("post_install", "-at_install")
class TestThreshold(PartnershipCase):
    def assertOutOfRange(self, fname, value, message):
        with (
            self.assertRaises(psycopg2.errors.CheckViolation, msg=fname) as refusal,
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.partnership[fname] = value
            self.env.flush_all()
        self.env.invalidate_all()
        constraint = refusal.exception.diag.constraint_name
        shown = self.env["ir.model.constraint"].search([("name", "=", constraint)]).message
        self.assertIn(message, shown)

    def test_defaults(self):
        self.assertEqual(tuple(self.partnership[fname] for fname in SETTINGS), DEFAULTS)

    def test_ranges(self):
        for fname in SETTINGS[:4] + ("on_paper_presence_under",):
            for value in (-0.01, 1.01):
                self.assertOutOfRange(fname, value, "between 0 and 100 %")
            self.partnership[fname] = 1
            self.partnership[fname] = 0
        for fname in ("pitfall_replacements", "on_paper_months"):
            self.assertOutOfRange(fname, -1, "cannot be negative")
        for fname in SETTINGS[7:]:
            self.assertOutOfRange(fname, -1, "cannot be negative")

    def test_one_weight_at_least(self):
        self.partnership.write(dict.fromkeys(SETTINGS[8:], 0))
        self.assertOutOfRange("weight_involvement", 0, "more than 0")

    def test_set_by_officers(self):
        """A facilitator sees them and may change the rest of the partnership."""
        own = self.partnership.with_user(self.facilitator)
        self.assertEqual(own.pitfall_irregular_under, 0.5)
        with self.assertRefused("officers", exception=AccessError):
            own.pitfall_irregular_under = 0.1
        with Form(own) as form:
            self.assertFalse(form.may_set_thresholds)
            form.area = "Test area"
        with Form(self.partnership.with_user(self.officer)) as form:
            form.pitfall_irregular_under = 0.6
        self.assertEqual(self.partnership.pitfall_irregular_under, 0.6)
