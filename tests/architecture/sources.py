"""The project as its tests read it: files, syntax trees, the modules of the core."""

import ast
import importlib
import os
import pkgutil
from functools import cache
from pathlib import Path
from types import ModuleType

import mingtang.core

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "mingtang"
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}


def files(pattern: str, *, under: Path = SOURCE) -> list[Path]:
    return sorted(path for path in under.rglob(pattern) if "__pycache__" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def where(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


@cache
def core_modules() -> tuple[ModuleType, ...]:
    names = [m.name for m in pkgutil.walk_packages(mingtang.core.__path__, "mingtang.core.")]
    return tuple(importlib.import_module(name) for name in sorted(names))


def rules() -> list[ModuleType]:
    """Return the modules of the core that have events of their own: a decider or two each."""
    return [module for module in core_modules() if hasattr(module, "EVENTS")]


def names_in(node: ast.AST) -> set[str]:
    """Return every identifier a piece of code mentions, the last part of a dotted one."""
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return names | {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
