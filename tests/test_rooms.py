"""The house: every model stands in a room, and knows only the rooms before its own."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

from odoo.modules import Manifest

ADDONS = ("partnership_management", "partnership_training")
MOST_LINES = 450
# More than two files of a model in one room -> why; see readme/DEVELOP.md
SEVERAL_FILES = {
    "calendar.event in meeting": "the event, its guests, and the invitations with their notice",
    "calendar.event in presence": "the sheet, its screens, the quorum, and what it keeps",
    "partnership.membership.figure in figure": "the rows, their SQL, rates, facets and refresh",
    "partnership.candidate in enlargement": "the card, steps, application, letter and admission",
}
# Fields to a model of a later room -> why
BACKWARDS = {
    "partnership.training.session.enrolment_ids": "a session is for those enrolled in it",
}


def read(node, name):
    """:return: what ``_name`` or ``_inherit`` of a class says, a str or a list of str, or None"""
    for statement in node.body:
        if isinstance(statement, ast.Assign) and statement.targets[0].id == name:
            value = statement.value
            if isinstance(value, ast.Constant):
                return value.value
            return [getattr(element, "value", None) for element in value.elts]
    return None


class House:
    """The models of an addon, as its files say.

    `rooms`: names of folders, in order of loading. `classes`: list of (room, file, model, node).
    `home`: dict model -> the room that makes it.
    """

    def __init__(self, addon):
        self.folder = Path(Manifest.for_addon(addon).path) / "models"
        names = re.findall(
            r"^from \. import (\w+)", (self.folder / "__init__.py").read_text(), re.M
        )
        self.rooms = [name for name in names if (self.folder / name).is_dir()]
        self.classes, self.home = [], {}
        for room in self.rooms:
            for file in sorted((self.folder / room).glob("*.py")):
                for node in ast.parse(file.read_text()).body:
                    if isinstance(node, ast.ClassDef):
                        self._add(room, file.name, node)

    def _add(self, room, file, node):
        name, inherit = read(node, "_name"), read(node, "_inherit")
        bases = [inherit] if isinstance(inherit, str) else inherit or []
        model = name or bases[0]
        self.classes.append((room, file, model, node))
        if name and name not in bases:
            self.home[name] = room

    def is_later(self, room, other):
        return self.rooms.index(other) > self.rooms.index(room)


@pytest.fixture(scope="module", params=ADDONS)
def house(request):
    return House(request.param)


def test_every_model_stands_in_a_room(house):
    loose = [file.name for file in house.folder.glob("*.py") if "mixin" not in file.name]
    assert loose == ["__init__.py"]
    assert {path.name for path in house.folder.iterdir() if path.is_dir()} - {"__pycache__"} == set(
        house.rooms
    )


def test_few_files_of_a_model_in_a_room(house):
    files = defaultdict(set)
    for room, file, model, _node in house.classes:
        files[f"{model} in {room}"].add(file)
    several = {place for place, names in files.items() if len(names) > 2}
    assert several - SEVERAL_FILES.keys() == set()


def test_those_with_several_files_have_them():
    found = defaultdict(set)
    for addon in ADDONS:
        for room, file, model, _node in House(addon).classes:
            found[f"{model} in {room}"].add(file)
    assert [place for place in SEVERAL_FILES if len(found[place]) < 3] == []


def test_no_method_twice_in_a_room(house):
    defined = defaultdict(list)
    for room, file, model, node in house.classes:
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef):
                defined[room, model, statement.name].append(file)
    assert {place: files for place, files in defined.items() if len(files) > 1} == {}


def test_no_field_leads_to_a_later_room(house):
    backwards = set()
    for room, _file, model, node in house.classes:
        for statement in node.body:
            if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
                continue
            call = statement.value
            comodel = call.args[0].value if call.args and hasattr(call.args[0], "value") else None
            if comodel in house.home and house.is_later(room, house.home[comodel]):
                backwards.add(f"{model}.{statement.targets[0].id}")
    assert backwards - BACKWARDS.keys() == set()


def test_no_room_imports_from_a_later_one(house):
    backwards = []
    for room in house.rooms:
        for file in (house.folder / room).glob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.ImportFrom) and node.level == 2:
                    other = (node.module or "").split(".")[0]
                    if other in house.rooms and house.is_later(room, other):
                        backwards.append(f"{room}/{file.name}: {node.module}")
    assert backwards == []


@pytest.mark.parametrize("addon", ADDONS)
def test_no_long_file(addon):
    root = Path(Manifest.for_addon(addon).path)
    lines = {
        str(path.relative_to(root)): len(path.read_text().splitlines())
        for folder in ("models", "wizard", "report", "controllers", "tools")
        for path in (root / folder).rglob("*.py")
    }
    assert len(lines) > 20
    assert {path: count for path, count in lines.items() if count > MOST_LINES} == {}
