"""The resource directory (政务信息资源目录): which organ supplies which results to whom.

    ──publish──▶ version 1 ──publish──▶ version 2 … ──withdraw──▶ withdrawn ──publish──▶ …

An entry is what a material can name (`catalogue.Material.supplied_by`). It is found among an
applicant's e-licences by the type of licence or by the item that gave it, never by the organ:
whichever level issued it, it is the same (证照互认). Sources: 国务院关于在线政务服务的若干规定
art. 7; 政务信息资源共享管理暂行办法 arts. 9, 10 (shared with all, or on conditions with some;
what is not shared names the law for it, and has no entry here).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, assert_never

from mingtang.core.decider import Decider, require
from mingtang.core.licences.identifier import SIGNS

CODE = re.compile(r"[a-z][a-z0-9-]{1,39}").fullmatch
LONGEST = {"name": 200, "name_en": 200, "supplier": 60, "supplier_name": 200, "basis": 500}
MOST = 100  # items, types, departments that one entry names
TYPE_LENGTH = 21


@dataclass(frozen=True, kw_only=True)
class ResourceContent:
    """Everything one version of an entry says."""

    code: str  # small letters, digits, hyphens, e.g. "business-licence"
    name: str
    name_en: str = ""
    supplier: str  # organisation code of whoever answers for it
    supplier_name: str
    items: tuple[str, ...] = ()  # codes of the items whose result it is
    types: tuple[str, ...] = ()  # codes of the licence types, 21 signs
    recipients: tuple[str, ...] = ()  # departments it is supplied to; none: to every one
    basis: str  # what allows it to be shared

    def is_for(self, department: str) -> bool:
        return not self.recipients or department in self.recipients

    def is_given_by(self, *, item: str, type: str) -> bool:
        """Whether a licence of this type, granted by this item, is what the entry means."""
        return item in self.items or type in self.types


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class PublishResource:
    """编入目录: enter a resource, or bring its entry up to date. `publisher_manages`: looked up,
    whether `by` publishes items for the centre."""

    content: ResourceContent
    publisher_manages: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class WithdrawResource:
    """移出目录: it is supplied no longer; what was read stays on record."""

    reason: str
    publisher_manages: bool
    by: str
    at: datetime


Command = PublishResource | WithdrawResource

# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class ResourcePublished:
    kind: ClassVar[str] = "resource.published.v1"
    version: int  # from 1
    content: ResourceContent
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ResourceWithdrawn:
    kind: ClassVar[str] = "resource.withdrawn.v1"
    reason: str
    by: str
    at: datetime


Event = ResourcePublished | ResourceWithdrawn
EVENTS = (ResourcePublished, ResourceWithdrawn)


@dataclass(frozen=True)
class State:
    version: int = 0
    code: str = ""
    content: ResourceContent | None = None  # supplied today


# ── The rules ───────────────────────────────────────────────────────────────


def decide(resource: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to.

    Raises Refused: resource.publisher-not-manager, resource.code-malformed,
    resource.code-changed, resource.name-missing, resource.supplier-missing,
    resource.basis-missing, resource.result-missing, resource.type-malformed (facts: type),
    resource.too-long (facts: limit), resource.too-many (facts: limit), resource.unchanged,
    resource.not-supplied, resource.reason-missing.
    """
    require(command.publisher_manages, "resource.publisher-not-manager")
    match command:
        case PublishResource(content=content):
            _require_complete(content)
            require(resource.code in ("", content.code), "resource.code-changed")
            require(content != resource.content, "resource.unchanged")
            version = resource.version + 1
            return [
                ResourcePublished(version=version, content=content, by=command.by, at=command.at)
            ]
        case WithdrawResource():
            require(resource.content is not None, "resource.not-supplied")
            require(bool(command.reason.strip()), "resource.reason-missing")
            return [ResourceWithdrawn(reason=command.reason, by=command.by, at=command.at)]
        case _:
            assert_never(command)


def _require_complete(content: ResourceContent) -> None:
    require(bool(CODE(content.code)), "resource.code-malformed")
    for element in ("name", "supplier", "basis"):
        require(bool(getattr(content, element).strip()), f"resource.{element}-missing")
    require(bool(content.items or content.types), "resource.result-missing")
    for type in content.types:
        proper = len(type) == TYPE_LENGTH and not {*type} - {*SIGNS}
        require(proper, "resource.type-malformed", type=type)
    for element, limit in LONGEST.items():
        require(len(getattr(content, element)) <= limit, "resource.too-long", limit=limit)
    for element in ("items", "types", "recipients"):
        require(len(getattr(content, element)) <= MOST, "resource.too-many", limit=MOST)


def evolve(resource: State, event: Event) -> State:
    match event:
        case ResourcePublished():
            return State(event.version, event.content.code, event.content)
        case ResourceWithdrawn():
            return replace(resource, content=None)
        case _:
            assert_never(event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
