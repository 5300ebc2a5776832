"""Odoo's own test runner and pytest find the same tests in the addons."""

from pathlib import Path

import pytest

from odoo.modules import Manifest
from odoo.tests.loader import get_module_test_cases, get_test_modules


@pytest.mark.parametrize("addon", ["partnership_management", "partnership_training"])
def test_both_find_the_same(request, addon):
    folder = Path(Manifest.for_addon(addon).path) / "tests"
    collector = pytest.Dir.from_parent(request.session, path=folder)
    by_pytest = [
        f"{item.cls.__module__}.{item.cls.__name__}.{item.originalname}"
        for item in request.session.genitems(collector)
    ]
    by_odoo = [
        case.id() for module in get_test_modules(addon) for case in get_module_test_cases(module)
    ]
    assert len(by_odoo) > 400
    assert set(by_odoo) ^ set(by_pytest) == set()
    assert sorted(by_odoo) == sorted(by_pytest)
