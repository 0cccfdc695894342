"""No event is forgotten: each has its kind, is read back, is copied into rows."""

import ast
import inspect
import re
import textwrap
import typing
from dataclasses import is_dataclass
from types import ModuleType

import pytest

from mingtang.config.wiring import SUBJECTS
from mingtang.core.decider import Decider
from mingtang.core.history import WIRE
from mingtang.ledger.actions import ERASURE
from tests.architecture.sources import core_modules, rules

KIND = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*\.v[1-9][0-9]*")
RULES = pytest.mark.parametrize("module", rules(), ids=lambda module: module.__name__)


def members(union: object) -> tuple[type, ...]:
    return typing.get_args(union) or (union,)  # type: ignore[return-value]


def deciders(module: ModuleType) -> dict[str, Decider]:
    """Return a module's deciders by what stands before their name: "" or "Office"."""
    found = {n: v for n, v in vars(module).items() if isinstance(v, Decider)}
    assert found, f"{module.__name__} has events and no decider"
    return {name.removesuffix("DECIDER").rstrip("_").title(): d for name, d in found.items()}


def events_of(module: ModuleType, prefix: str) -> tuple[type, ...]:
    return members(getattr(module, f"{prefix}Event"))


DECIDERS = [
    (module, prefix, decider) for module in rules() for prefix, decider in deciders(module).items()
]


@RULES
def test_a_module_lists_exactly_the_events_its_deciders_know(module):
    known = [event for prefix in deciders(module) for event in events_of(module, prefix)]
    assert len(module.EVENTS) == len(set(module.EVENTS))
    assert set(module.EVENTS) == set(known)


@RULES
def test_every_event_of_a_module_can_be_read_back(module):
    assert [event for event in module.EVENTS if WIRE.events.get(event.kind) is not event] == []


def test_whatever_has_a_kind_is_an_event_of_the_history():
    found = {
        value
        for module in core_modules()
        for value in vars(module).values()
        if isinstance(value, type)
        and is_dataclass(value)
        and typing.get_origin(value.__annotations__.get("kind")) is typing.ClassVar
    }
    assert found == set(WIRE.events.values())


def test_kinds_are_unique_and_have_a_version():
    kinds = [event.kind for module in rules() for event in module.EVENTS]
    assert sorted(kinds) == sorted(WIRE.events)
    assert [kind for kind in kinds if not KIND.fullmatch(kind)] == []


def test_every_decider_is_the_subject_of_one_family_of_streams():
    known = [id(decider) for _, _, decider in DECIDERS]
    assert sorted(id(subject.decider) for subject in SUBJECTS) == sorted(known)
    families = [subject.family for subject in SUBJECTS]
    assert len(families) == len(set(families))


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.family)
def test_every_event_is_copied_into_rows_or_is_said_not_to_be(subject):
    if subject is ERASURE:
        assert subject.tables == ()  # an erasure takes away; the rows show it by what is missing
        return
    [known] = [events_of(m, prefix) for m, prefix, d in DECIDERS if d is subject.decider]
    matched = _matched(subject.project)
    if len(known) == 1 and not matched:
        return  # all there is needs no telling apart
    assert matched == {event.__name__ for event in known}


def _matched(function: object) -> set[str]:
    """Return the classes a function's cases name."""
    code = ast.parse(textwrap.dedent(inspect.getsource(function)))
    classes = [node.cls for node in ast.walk(code) if isinstance(node, ast.MatchClass)]
    return {c.attr if isinstance(c, ast.Attribute) else c.id for c in classes}  # type: ignore[attr-defined]
