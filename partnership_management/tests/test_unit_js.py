from odoo.tests import HttpCase, tagged

SUITE = "@partnership_management"


def get_suite_id(name):
    """:return: how the runner of the unit tests names a suite in its address"""
    number = 0
    for letter in name:
        number = ((number << 5) - number + ord(letter)) & 0xFFFFFFFF
    return f"{number:08x}"


@tagged("post_install", "-at_install")
class TestUnitJs(HttpCase):
    def test_unit_tests_of_scripts(self):
        """Those of the addon alone: see ``static/tests/*.test.js``."""
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={get_suite_id(SUITE)}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
