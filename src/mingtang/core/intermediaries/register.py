"""The register of intermediaries (中介机构名录): who asked to join, who is listed, who no more.

    ──ask──▶ asked ──admit──▶ listed ──suspend──▶ suspended ──reinstate──▶ listed
               └─turn down       │                   │
                                 └──────remove───────┴──▶ removed

Whoever is listed may ask again with other qualifications: what is published stands until the new is
admitted. Everything about a listed body is public: 优化营商环境条例 art. 43.

Whom to ask for there is a person: name and phone are sealed, so that they can be erased once they
are published no more and wait for nobody (个人信息保护法 art. 47). On the page of a listed body
they are public like the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, assert_never

from mingtang.core.cases.terms import Document
from mingtang.core.clock import civil_day
from mingtang.core.decider import Decider, require
from mingtang.core.wire import Sealed


class Standing(StrEnum):
    NONE = "none"
    ASKED = "asked"  # 待审核
    TURNED_DOWN = "turned_down"  # 未通过
    LISTED = "listed"  # 在册
    SUSPENDED = "suspended"  # 暂停
    REMOVED = "removed"  # 移出


@dataclass(frozen=True, kw_only=True)
class Qualification:
    """资质, for one kind of service."""

    service: str
    name: str
    number: str
    until: date  # last day it is good


@dataclass(frozen=True, kw_only=True)
class BodyContent:
    """What is published of a body. Its code is a 统一社会信用代码 (GB 32100)."""

    code: str
    name: str
    contact: str
    phone: str
    qualifications: tuple[Qualification, ...]
    documents: tuple[Document, ...]  # the qualifications as files


def is_qualified(content: BodyContent | None, service: str, day: date) -> bool:
    """Whether a qualification for this service is good on `day`."""
    held = content.qualifications if content else ()
    return any(one.service == service and one.until >= day for one in held)


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class AskToJoin:
    """申请入驻, or to have other qualifications published."""

    content: BodyContent
    represents: bool  # whoever asks may act for this body
    services_known: bool  # every qualification is for a service in force
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AdmitBody:
    """审核通过并公布. `own`: the reviewer is an agent of the body."""

    manages: bool
    own: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TurnDownBody:
    """审核不通过."""

    reason: str
    manages: bool
    own: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SuspendBody:
    """暂停. `need`: the need a complaint about which was upheld; empty for another reason."""

    reason: str
    need: str = ""
    manages: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ReinstateBody:
    """恢复."""

    reason: str
    manages: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RemoveBody:
    """移出名录."""

    reason: str
    manages: bool
    by: str
    at: datetime


Command = AskToJoin | AdmitBody | TurnDownBody | SuspendBody | ReinstateBody | RemoveBody

# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class IntermediaryAsked:
    """Of entries from before the contact was sealed: it cannot be erased there."""

    kind: ClassVar[str] = "intermediary.asked.v1"
    content: BodyContent
    by: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class IntermediaryRequested:
    """Asked to be listed, or to have something else published."""

    kind: ClassVar[str] = "intermediary.asked.v2"
    content: BodyContent  # without contact and phone
    contact: Sealed
    phone: Sealed
    by: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class IntermediaryAdmitted:
    kind: ClassVar[str] = "intermediary.admitted.v1"
    name: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class IntermediaryTurnedDown:
    kind: ClassVar[str] = "intermediary.turned-down.v1"
    reason: Sealed  # for the body alone
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class IntermediarySuspended:
    kind: ClassVar[str] = "intermediary.suspended.v1"
    reason: str
    need: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class IntermediaryReinstated:
    kind: ClassVar[str] = "intermediary.reinstated.v1"
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class IntermediaryRemoved:
    kind: ClassVar[str] = "intermediary.removed.v1"
    reason: str
    by: str
    at: datetime


Event = (
    IntermediaryAsked
    | IntermediaryRequested
    | IntermediaryAdmitted
    | IntermediaryTurnedDown
    | IntermediarySuspended
    | IntermediaryReinstated
    | IntermediaryRemoved
)
EVENTS = (
    IntermediaryAsked,
    IntermediaryRequested,
    IntermediaryAdmitted,
    IntermediaryTurnedDown,
    IntermediarySuspended,
    IntermediaryReinstated,
    IntermediaryRemoved,
)


@dataclass(frozen=True)
class State:
    standing: Standing = Standing.NONE
    content: BodyContent | None = None  # as published; None: never admitted
    asked: BodyContent | None = None  # waits for review


# ── The rules ───────────────────────────────────────────────────────────────


def decide(body: State, command: Command) -> Sequence[Event]:
    """Return the event `command` leads to.

    Raises Refused, each with `intermediary.` before it: not-its-agent, suspended, waiting,
    name-missing, no-qualification, service-unknown, qualification-expired (name), no-evidence,
    unchanged; not-its-manager, own-body, nothing-to-review, reason-missing, not-listed,
    not-suspended.
    """
    if isinstance(command, AskToJoin):
        return [_ask(body, command)]
    require(command.manages, "intermediary.not-its-manager")
    by, at = command.by, command.at
    if not isinstance(command, AdmitBody):
        require(command.reason.strip() != "", "intermediary.reason-missing")
    match command:
        case AdmitBody() | TurnDownBody():
            require(not command.own, "intermediary.own-body")
            return [_reviewed(body, command)]
        case SuspendBody(reason=reason):
            require(body.standing is Standing.LISTED, "intermediary.not-listed")
            return [IntermediarySuspended(reason=reason, need=command.need, by=by, at=at)]
        case ReinstateBody(reason=reason):
            require(body.standing is Standing.SUSPENDED, "intermediary.not-suspended")
            return [IntermediaryReinstated(reason=reason, by=by, at=at)]
        case RemoveBody(reason=reason):
            standing = (Standing.LISTED, Standing.SUSPENDED)
            require(body.standing in standing, "intermediary.not-listed")
            return [IntermediaryRemoved(reason=reason, by=by, at=at)]
        case _:
            assert_never(command)


def _ask(body: State, command: AskToJoin) -> IntermediaryRequested:
    content, today = command.content, civil_day(command.at)
    require(command.represents, "intermediary.not-its-agent")
    require(body.standing is not Standing.SUSPENDED, "intermediary.suspended")
    require(body.asked is None, "intermediary.waiting")
    require(content.name.strip() != "", "intermediary.name-missing")
    require(content.qualifications != (), "intermediary.no-qualification")
    require(command.services_known, "intermediary.service-unknown")
    for one in content.qualifications:
        require(one.until >= today, "intermediary.qualification-expired", name=one.name)
    require(content.documents != (), "intermediary.no-evidence")
    same = body.standing is Standing.LISTED and content == body.content
    require(not same, "intermediary.unchanged")
    return IntermediaryRequested(
        content=replace(content, contact="", phone=""),
        contact=Sealed(content.contact),
        phone=Sealed(content.phone),
        by=Sealed(command.by),
        at=command.at,
    )


def _reviewed(
    body: State, command: AdmitBody | TurnDownBody
) -> IntermediaryAdmitted | IntermediaryTurnedDown:
    require(body.asked is not None, "intermediary.nothing-to-review")
    assert body.asked is not None
    if isinstance(command, AdmitBody):
        return IntermediaryAdmitted(name=body.asked.name, by=command.by, at=command.at)
    return IntermediaryTurnedDown(reason=Sealed(command.reason), by=command.by, at=command.at)


def requested(event: IntermediaryAsked | IntermediaryRequested) -> BodyContent:
    """Return what was asked to be published, whom to ask for with it."""
    if isinstance(event, IntermediaryAsked):
        return event.content
    return replace(event.content, contact=event.contact, phone=event.phone)


def past_requests(events: Sequence[Event]) -> tuple[int, ...]:
    """Return the places, from 0, of requests that are published no more and wait for nobody.

    What a listed or suspended body publishes stays, and so does what waits for review.
    """
    requests: list[int] = []
    waiting = published = -1
    for place, event in enumerate(events):
        match event:
            case IntermediaryAsked() | IntermediaryRequested():
                requests.append(place)
                waiting = place
            case IntermediaryAdmitted():
                waiting, published = -1, waiting
            case IntermediaryTurnedDown():
                waiting = -1
            case IntermediaryRemoved():
                waiting = published = -1
            case _:
                pass
    return tuple(place for place in requests if place not in (waiting, published))


def evolve(body: State, event: Event) -> State:
    match event:
        case IntermediaryAsked() | IntermediaryRequested():
            first = body.standing is not Standing.LISTED
            standing = Standing.ASKED if first else Standing.LISTED
            return replace(body, standing=standing, asked=requested(event))
        case IntermediaryAdmitted():
            return State(Standing.LISTED, body.asked)
        case IntermediaryTurnedDown():
            first = body.standing is Standing.ASKED
            standing = Standing.TURNED_DOWN if first else body.standing
            return replace(body, standing=standing, asked=None)
        case IntermediarySuspended():
            return replace(body, standing=Standing.SUSPENDED)
        case IntermediaryReinstated():
            return replace(body, standing=Standing.LISTED)
        case IntermediaryRemoved():
            return State(Standing.REMOVED, body.content)
        case _:
            assert_never(event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
