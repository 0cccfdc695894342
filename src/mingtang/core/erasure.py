"""Erasure (删除): a sealed value and its salt go, and the ledger says so.

The entry, its hash and every proof stand; the digest that is left opens nothing.
Source: 个人信息保护法 art. 47; what must be kept for a legal term is not erased before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, assert_never

from mingtang.core.decider import Decider, require


@dataclass(frozen=True, kw_only=True)
class Erase:
    """删除一条记录中的封存值. One stream per entry: `erasure/<index>`."""

    index: int
    names: tuple[str, ...]  # sealed fields to erase
    sealed: tuple[str, ...]  # sealed fields the entry has
    basis: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Erased:
    kind: ClassVar[str] = "ledger.erased.v1"
    index: int
    names: tuple[str, ...]
    basis: str
    by: str
    at: datetime


Command = Erase
Event = Erased
EVENTS = (Erased,)


@dataclass(frozen=True)
class State:
    erased: frozenset[str] = frozenset()


def decide(entry: State, command: Command) -> Sequence[Event]:
    """Refusals: erasure.nothing-named, erasure.not-sealed, erasure.already-erased,
    erasure.basis-missing."""
    require(bool(command.names), "erasure.nothing-named")
    require(set(command.names) <= set(command.sealed), "erasure.not-sealed")
    require(not entry.erased & set(command.names), "erasure.already-erased")
    require(bool(command.basis.strip()), "erasure.basis-missing")
    return [
        Erased(
            index=command.index,
            names=command.names,
            basis=command.basis,
            by=command.by,
            at=command.at,
        )
    ]


def evolve(entry: State, event: Event) -> State:
    match event:
        case Erased():
            return State(entry.erased | set(event.names))
        case _:
            assert_never(event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
