"""The map is the territory: who may know whom, and what stands on its own."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.sources import ENVIRONMENT, ROOT, core_modules, files, tree, where

STANDARD_LIBRARY = "sys.path = [p for p in sys.path if 'site-packages' not in p]\n"
ON_THEIR_OWN = {
    "core": ([module.__name__ for module in core_modules()], STANDARD_LIBRARY),
    "verifier": ([f"mingtang.verifier.{p.stem}" for p in files("verifier/*.py")], STANDARD_LIBRARY),
    # A witness signs, so it may use a library of cryptography; but nothing of ours.
    "witness": ([f"mingtang.witness.{p.stem}" for p in files("witness/*.py")], ""),
}


def test_import_contracts_hold():
    lint = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([lint], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout[-3000:]


@pytest.mark.parametrize("floor", ON_THEIR_OWN)
def test_it_imports_without_django_and_without_our_rooms(floor):
    """Core and verifier need the standard library alone: nothing that is installed."""
    given, prepare = ON_THEIR_OWN[floor]
    names = [name.removesuffix(".__init__") for name in given]
    assert len(names) > 3
    code = (
        f"import importlib, sys\n{prepare}"
        "for name in ('django', 'mingtang.ledger', 'mingtang.ui'): sys.modules[name] = None\n"
        f"for name in {names}: importlib.import_module(name)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True
    )
    assert run.stderr == ""


def test_no_file_is_named_for_being_handy():
    handy = ("utils.py", "util.py", "helpers.py", "common.py", "misc.py")
    found = [p for name in handy for p in files(name) + files(name, under=ROOT / "tests")]
    assert found == []


def test_what_a_module_asks_of_another_is_there():
    """Two changes that each were right alone may part a name from those who call it."""
    missing = []
    for path in files("*.py"):
        if path.name == "__main__.py" or "migrations" in path.parts:
            continue
        name = ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)
        module = importlib.import_module(name.removesuffix(".__init__"))
        nodes = list(ast.walk(tree(path)))
        own = {node.arg for node in nodes if isinstance(node, ast.arg)}
        own |= {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        for node in nodes:
            match node:
                case ast.Attribute(value=ast.Name(id=asked)) if asked not in own:
                    other = getattr(module, asked, None)
                    ours = isinstance(other, ModuleType) and other.__name__.startswith("mingtang.")
                    if ours and not hasattr(other, node.attr):
                        missing.append(f"{where(path, node)} {asked}.{node.attr}")
    assert missing == []
