#!/usr/bin/env python3
"""Find tests that cannot fail: those without an assertion that is sure to be reached.

One inside a loop counts only where the loop goes over something that is written down, since what
is searched for may be nothing: then the test passes, and has looked at nothing. Assert what is
looped over first. Arguments are folders; a line for each test that is found, and exit code 1.
"""

import ast
import sys
from pathlib import Path

ASSERTING = ("assert", "fail", "raises", "start_tour", "browser_js")
KEEPING = {"enumerate", "list", "reversed", "set", "sorted", "tuple", "zip", "items", "product"}
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def get_name(call):
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def is_filled(node, known):
    """:return: whether the value of an expression is sure not to be empty

    :param known: names of variables that are filled; one in capitals is a constant
    """
    if isinstance(node, ast.Name):
        return node.id in known or node.id.isupper()
    if isinstance(node, ast.Attribute):
        return node.attr in known or node.attr.isupper()
    if isinstance(node, ast.Subscript):
        return is_filled(node.value, known)
    if isinstance(node, ast.Constant):
        return bool(node.value)
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return any(
            is_filled(each.value, known) if isinstance(each, ast.Starred) else True
            for each in node.elts
        )
    if isinstance(node, ast.Dict):
        return bool(node.keys)
    if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        return all(not part.ifs and is_filled(part.iter, known) for part in node.generators)
    if isinstance(node, ast.BinOp):  # of lists
        return is_filled(node.left, known) or is_filled(node.right, known)
    if isinstance(node, ast.Call):
        parts = node.args or [getattr(node.func, "value", node)]
        if get_name(node) == "zip" and any(each.arg == "strict" for each in node.keywords):
            return any(is_filled(part, known) for part in parts)
        if get_name(node) == "range":
            return all(isinstance(part, ast.Constant) for part in parts)
        return get_name(node) in KEEPING and all(
            is_filled(part, known) for part in parts if part is not node
        )
    return False


def get_filled(block, outer=frozenset()):
    """:return: names that a file or a function only gives values which are sure not to be empty

    :param outer: names that are known around it
    """
    given = {}
    for node in walk(block):
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        for target in targets if isinstance(node, ast.Assign | ast.AnnAssign | ast.For) else ():
            if name := getattr(target, "id", getattr(target, "attr", None)):
                given.setdefault(name, []).append(getattr(node, "value", None))
    known = set(outer) - set(given)
    for _round in range(3):  # one may be made of another
        known |= {
            name for name, values in given.items() if all(is_filled(v, known) for v in values)
        }
    return known


def walk(block):
    """:return: iterator of what is in a file or a function, without what is local to functions
    inside it"""
    for node in ast.iter_child_nodes(block):
        if not isinstance(node, FUNCTIONS):
            yield node
            yield from walk(node)


def is_sure(statements, known, helpers):
    """:return: whether an assertion among ``statements`` is sure to be reached, as far as loops go

    :param helpers: names of functions that assert
    """
    nodes = list(statements)
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            name = get_name(node)
            if name in helpers or name.startswith(ASSERTING):
                return True
        loops = [node] if isinstance(node, ast.For) else getattr(node, "generators", [])
        if all(is_filled(loop.iter, known) for loop in loops):
            nodes += ast.iter_child_nodes(node)
        else:
            nodes += [loop.iter for loop in loops]
    return False


def get_functions(tree):
    """:return: list of the functions in a file that are not inside another one"""
    blocks = [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]
    return [node for block in blocks for node in block.body if isinstance(node, FUNCTIONS)]


def find(folders):
    """:return: list of "file:line: name" of the tests that cannot fail"""
    paths = sorted({path for folder in folders for path in Path(folder).rglob("*.py")})
    functions = []
    for path in paths:
        tree = ast.parse(path.read_text())
        outer = get_filled(tree)
        functions += [(path, each, get_filled(each, outer)) for each in get_functions(tree)]
    helpers, before = set(), None
    while helpers != before:
        before = set(helpers)
        helpers |= {each.name for _, each, known in functions if is_sure(each.body, known, helpers)}
    return [
        f"{path}:{each.lineno}: {each.name} has no assertion that is sure to be reached"
        for path, each, known in functions
        if each.name.startswith("test_") and not is_sure(each.body, known, helpers)
    ]


if __name__ == "__main__":
    found = find(sys.argv[1:])
    print("\n".join(found), file=sys.stderr)
    sys.exit(bool(found))
