"""No command is forgotten: each has an example that is carried out and one that is refused.

Examples stand in tests/core. A test is an example of a command when it names it, or names
something made from it: `ACCEPT = cases.AcceptCase(…)`, `complete(…)`.
"""

import ast

import pytest

from tests.architecture.sources import ROOT, files, names_in, tree
from tests.architecture.test_events import deciders, members, rules

COMMANDS = [
    command
    for module in rules()
    for prefix in deciders(module)
    for command in members(getattr(module, f"{prefix}Command"))
]
TESTS = files("*.py", under=ROOT / "tests" / "core")
ASKING = {"decide", "when", "after"}  # what examples call to put a command to the rules


def _made_from() -> dict[str, set[str]]:
    """Return what each name at the top of a file of examples is made from."""
    made: dict[str, set[str]] = {}
    for path in TESTS:
        for node in tree(path).body:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    for name in names_in(target):
                        made.setdefault(name, set()).update(names_in(node.value))
            elif isinstance(node, ast.FunctionDef) and not node.name.startswith("test_"):
                made.setdefault(node.name, set()).update(names_in(node))
    return made


def _commands_in(names: set[str], made: dict[str, set[str]]) -> set[str]:
    known = {command.__name__ for command in COMMANDS}
    seen: set[str] = set()
    while names - seen:
        name = (names - seen).pop()
        seen.add(name)
        if name not in known:
            names = names | made.get(name, set())
    return seen & known


def examples() -> tuple[set[str], set[str]]:
    """Return the commands that are carried out somewhere, and those that are refused."""
    made = _made_from()
    done: set[str] = set()
    refused: set[str] = set()
    for path in TESTS:
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                names = names_in(node)
                if "refused" in names:
                    refused |= _commands_in(names, made)
                    names = _carried_out(node)
                done |= _commands_in(names, made)
    return done, refused


def _carried_out(test: ast.FunctionDef) -> set[str]:
    """Return what a test that also expects a refusal names where the rules are to say yes."""
    names: set[str] = set()
    for statement in test.body:
        if isinstance(statement, ast.With) and "refused" in names_in(statement.items[0]):
            continue
        if ASKING & names_in(statement):
            names |= names_in(statement)
    return names


DONE, REFUSED = examples()
EACH = pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)


@EACH
def test_a_command_has_an_example_that_is_carried_out(command):
    assert command.__name__ in DONE


@EACH
def test_a_command_has_an_example_that_is_refused(command):
    assert command.__name__ in REFUSED
