"""Kinds of trades (交易品类): six categories, and what is traded in each. The list is data.

    ──publish──▶ version 1 ──publish──▶ version 2 …

The whole list is published at once, by whoever manages the centre. A kind that the next list
leaves out is traded no more; what was traded under it keeps it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from mingtang.core.decider import Decider, require
from mingtang.core.trading.codes import BUSINESS, DIGITS, LETTERS
from mingtang.core.wire import canonical

KEY = "list"  # there is one list
MOST_BYTES = 60_000  # of the whole list in the log, whose entries end at 65,535
LONGEST = {"name": 60, "name_en": 120}  # characters


class TradeCategory(StrEnum):
    """What is traded."""

    WORKS = "works"  # 工程建设
    PROCUREMENT = "procurement"  # 政府采购
    LAND = "land"  # 土地使用权
    MINING = "mining"  # 矿业权
    PROPERTY = "property"  # 国有产权
    OTHERS = "others"  # 其他


@dataclass(frozen=True, kw_only=True)
class Kind:
    """交易品类."""

    code: str  # a letter and two digits: the class in a trade code
    name: str
    name_en: str
    category: TradeCategory
    business: str  # 业务类型 of the national portal (core.trading.codes)
    procedure: str = ""  # code of the one usually used; empty: none published yet
    illustrative: bool = True  # our own, not from a standard


@dataclass(frozen=True, kw_only=True)
class PublishKinds:
    """发布交易品类. Two facts are looked up: whether the publisher manages the centre, and which
    procedures are in use."""

    kinds: tuple[Kind, ...]
    publisher_manages: bool
    procedures: frozenset[str]
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class KindsPublished:
    kind: ClassVar[str] = "trade-kinds.published.v1"
    version: int  # from 1
    kinds: tuple[Kind, ...]
    dropped: tuple[str, ...]  # codes of the list before that are traded no more
    by: str
    at: datetime


Command = PublishKinds
Event = KindsPublished
EVENTS = (KindsPublished,)


@dataclass(frozen=True)
class State:
    version: int = 0
    kinds: tuple[Kind, ...] = ()


def decide(state: State, command: Command) -> Sequence[Event]:
    """Return the event `command` leads to.

    Raises Refused: trade-kinds.publisher-not-manager, trade-kinds.unchanged, trade-kinds.none,
    trade-kinds.too-many, and of one kind (facts: kind) trade-kinds.code-wrong,
    trade-kinds.code-twice, trade-kinds.name-missing, trade-kinds.too-long (facts: limit),
    trade-kinds.business-unknown, trade-kinds.procedure-not-in-use.
    """
    require(command.publisher_manages, "trade-kinds.publisher-not-manager")
    _require_list(command.kinds)
    for kind in command.kinds:
        _require_kind(kind, command.procedures)
    require(command.kinds != state.kinds, "trade-kinds.unchanged")
    kept = {kind.code for kind in command.kinds}
    return [
        KindsPublished(
            version=state.version + 1,
            kinds=command.kinds,
            dropped=tuple(kind.code for kind in state.kinds if kind.code not in kept),
            by=command.by,
            at=command.at,
        )
    ]


def _require_list(kinds: Sequence[Kind]) -> None:
    require(bool(kinds), "trade-kinds.none")
    require(len(canonical(kinds).encode()) <= MOST_BYTES, "trade-kinds.too-many")
    codes: set[str] = set()
    for kind in kinds:
        require(kind.code not in codes, "trade-kinds.code-twice", kind=kind.code)
        codes.add(kind.code)


def _require_kind(kind: Kind, procedures: frozenset[str]) -> None:
    code = kind.code
    require(is_code(code), "trade-kinds.code-wrong", kind=code)
    named = bool(kind.name.strip() and kind.name_en.strip())
    require(named, "trade-kinds.name-missing", kind=code)
    for element, limit in LONGEST.items():
        fits = len(getattr(kind, element)) <= limit
        require(fits, "trade-kinds.too-long", kind=code, limit=limit)
    require(kind.business in BUSINESS, "trade-kinds.business-unknown", kind=code)
    usable = not kind.procedure or kind.procedure in procedures
    require(usable, "trade-kinds.procedure-not-in-use", kind=code)


def is_code(code: str) -> bool:
    """Whether it is a letter and two digits."""
    return len(code) == 3 and code[0] in LETTERS and not {*code[1:]} - {*DIGITS}


def evolve(state: State, event: Event) -> State:
    return State(event.version, event.kinds)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
