"""Adoption (认领实施清单): an organ handles, at its place, an item that another one published.

    ──adopt──▶ in force ──adopt again──▶ in force, for a newer version or with another promise
                  └──withdraw──▶ withdrawn ──adopt──▶ …

The item is shared by code and version: what it asks for, its form, steps and statutory term are
the published ones and nobody's to change. The adopting organ adds its own promise, where it is
found and its phone, and nothing else (条例 art. 35: the same item is handled by one standard
without difference; 许可法 art. 42: a promise never exceeds the law).

A new version of the item takes the place of the old one everywhere at once, as it does at home,
so that nobody is asked for what no longer counts: the adoption follows. Its promise stands, as far
as the new statutory term lets it; the organ is shown what is new, and confirms by adopting again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, assert_never

from mingtang.core.catalogue import ItemContent
from mingtang.core.decider import Decider, Refused, require
from mingtang.core.quality import PHONE

LONGEST_PHONE = 60
MOST_OFFICES = 20


def key_of(item: str, organ: str) -> str:
    """Return the key of the adoption of an item, given by its key, by an organ."""
    return f"{item}.{organ}"


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class AdoptItem:
    """认领事项, or change or confirm what was said.

    `seen`: version that was looked at; `content`, `version`: what is in force at this moment, None
    where nothing is; `organ_known`: it is a department; `open_offices`: codes of those there are.
    """

    item: str
    organ: str
    seen: int
    promised_days: int
    offices: tuple[str, ...]
    phone: str
    content: ItemContent | None
    version: int
    organ_known: bool
    open_offices: frozenset[str]
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class WithdrawAdoption:
    """退出认领: the organ is not competent any more. Cases under way go on."""

    reason: str
    by: str
    at: datetime


Command = AdoptItem | WithdrawAdoption

# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class ItemAdopted:
    kind: ClassVar[str] = "adoption.adopted.v1"
    item: str  # key of the shared item
    code: str
    version: int  # of the item, that was looked at
    organ: str
    promised_days: int  # working days; 0: on the spot
    offices: tuple[str, ...]
    phone: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AdoptionWithdrawn:
    kind: ClassVar[str] = "adoption.withdrawn.v1"
    item: str
    organ: str
    reason: str
    by: str
    at: datetime


Event = ItemAdopted | AdoptionWithdrawn
EVENTS = (ItemAdopted, AdoptionWithdrawn)

# ── State ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class State:
    adopted: ItemAdopted | None = None  # as it was last said
    in_force: bool = False


def promise_under(promised_days: int, statutory_days: int) -> int:
    """Return what is left of a promise under a version of the item with this statutory term."""
    return min(promised_days, statutory_days)


# ── The rules ───────────────────────────────────────────────────────────────


def decide(adoption: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to.

    Raises Refused: item.not-in-force, adoption.not-shared, adoption.first-reviewed,
    adoption.own-item, adoption.organ-unknown, adoption.version-moved-on,
    adoption.promise-impossible, adoption.promise-too-long (facts: limit),
    adoption.not-on-the-spot, adoption.office-missing, adoption.office-unknown,
    adoption.phone-unusable, adoption.unchanged; adoption.not-in-force, adoption.reason-missing.
    """
    match command:
        case AdoptItem():
            return [_adopted(adoption, command)]
        case WithdrawAdoption():
            require(adoption.in_force, "adoption.not-in-force")
            assert adoption.adopted is not None
            require(bool(command.reason.strip()), "adoption.reason-missing")
            return [
                AdoptionWithdrawn(
                    item=adoption.adopted.item,
                    organ=adoption.adopted.organ,
                    reason=command.reason.strip(),
                    by=command.by,
                    at=command.at,
                )
            ]
        case _:
            assert_never(command)


def _adopted(adoption: State, command: AdoptItem) -> ItemAdopted:
    content = command.content
    if content is None:
        raise Refused("item.not-in-force", item=command.item)
    require(content.adoptable and content.open_to_applications, "adoption.not-shared")
    # Who decides there, and who reviews first, the law has already said: art. 43.
    require(not content.first_reviews, "adoption.first-reviewed")
    require(command.organ != content.department, "adoption.own-item")
    require(command.organ_known, "adoption.organ-unknown")
    require(command.seen == command.version, "adoption.version-moved-on")
    _require_promise(content, command.promised_days)
    require(0 < len(command.offices) <= MOST_OFFICES, "adoption.office-missing")
    require(set(command.offices) <= command.open_offices, "adoption.office-unknown")
    phone = command.phone.strip()
    require(len(phone) <= LONGEST_PHONE and bool(PHONE(phone)), "adoption.phone-unusable")
    adopted = ItemAdopted(
        item=command.item,
        code=content.code,
        version=command.version,
        organ=command.organ,
        promised_days=command.promised_days,
        offices=tuple(dict.fromkeys(command.offices)),
        phone=phone,
        by=command.by,
        at=command.at,
    )
    before = adoption.adopted if adoption.in_force else None
    same = before is not None and replace(adopted, by=before.by, at=before.at) == before
    require(not same, "adoption.unchanged")
    return adopted


def _require_promise(content: ItemContent, days: int) -> None:
    limit = content.statutory_days
    assert limit is not None, "a published item has its limits"
    require(days >= 0, "adoption.promise-impossible")
    require(days <= limit, "adoption.promise-too-long", limit=limit)
    require(days > 0 or not content.steps, "adoption.not-on-the-spot")


def evolve(adoption: State, event: Event) -> State:
    match event:
        case ItemAdopted():
            return State(event, in_force=True)
        case AdoptionWithdrawn():
            return replace(adoption, in_force=False)
        case _:
            assert_never(event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
