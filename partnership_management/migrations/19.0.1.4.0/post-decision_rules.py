from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Every body has a rule by which it decides, archived ones too."""
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    env["partnership.body"].search([])._add_default_rules()
