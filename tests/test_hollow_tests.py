"""The lint that finds tests which cannot fail."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / ".ci/hollow_tests.py"
HELPERS = """
KNOWN = (1, 2)

def helper(self):
    assert self.found

def empty(self):
    for each in self.found:
        assert each
"""
HOLLOW = {
    "no assertion": "self.find()",
    "over what is found": "for each in self.find():\n    self.assertTrue(each)",
    "inside another loop": "for each in KNOWN:\n    for x in each.find():\n        assert x",
    "over no name of a constant": "found = self.find()\nfor each in found:\n    assert each",
    "sometimes filled": "a = [1]\na = self.find()\nfor each in a:\n    assert each",
    "over a part": "for each in [x for x in KNOWN if x > 7]:\n    assert each",
    "in a generator": "all(self.assertTrue(each) for each in self.find())",
    "by a helper that may see nothing": "self.empty()",
    "over nothing": "for each in ():\n    assert each",
}
SOUND = {
    "assertion": "assert self.find()",
    "before the loop": "self.assertTrue(self.f)\nfor each in self.f:\n    assert each",
    "over a literal": "for each in (1, 2):\n    assert each",
    "over a constant": "for each, _ in enumerate(KNOWN):\n    with self.x:\n        assert each",
    "over a local literal": "given = {1: 2}\nfor a, b in given.items():\n    assert a == b",
    "over all of a literal": "for each in [x + 1 for x in KNOWN]:\n    assert each",
    "in step with a literal": "for a, b in zip(self.f(), (1, 2), strict=True):\n    assert a == b",
    "what is looped over": "for each in self.assertLogs():\n    each()",
    "refusal": "with self.assertRaises(ValueError):\n    self.find()",
    "helper": "self.helper()",
    "in the browser": "self.start_tour('/odoo', 'x')",
}


@pytest.fixture
def find(tmp_path):
    def find(body):
        lines = "\n    ".join(body.split("\n"))
        (tmp_path / "test_it.py").write_text(f"{HELPERS}\ndef test_it(self):\n    {lines}\n")
        return runpy.run_path(str(SCRIPT))["find"]([tmp_path])

    return find


@pytest.mark.parametrize("body", HOLLOW.values(), ids=HOLLOW)
def test_hollow_is_found(find, body):
    (line,) = find(body)
    assert line.endswith("test_it.py:11: test_it has no assertion that is sure to be reached")


@pytest.mark.parametrize("body", SOUND.values(), ids=SOUND)
def test_sound_passes(find, body):
    assert find(body) == []


def test_command(tmp_path):
    """It says where, and fails; without a finding it is silent."""
    file = tmp_path / "test_it.py"
    for body, code in (("pass", 1), ("assert find()", 0)):
        file.write_text(f"class TestIt:\n    def test_it(self):\n        {body}\n")
        result = subprocess.run([sys.executable, SCRIPT, tmp_path], capture_output=True, text=True)
        assert result.returncode == code
        assert ("test_it.py:2" in result.stderr) == bool(code)
