"""A kind of intermediary service (中介服务), published with all that art. 43 wants public.

    ──publish──▶ in force ──publish──▶ in force, anew … ──withdraw──▶ withdrawn

Source: 优化营商环境条例 art. 43: a service that is a condition of an approval needs a law,
administrative regulation or decision of the State Council; its conditions, flow, time and fee are
public. Which procedure of 行政许可法 art. 45 it belongs to decides whether its time is counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, assert_never

from mingtang.core.cases.special import SpecialKind
from mingtang.core.catalogue import LegalBasis
from mingtang.core.decider import Decider, require

# What bodies outside the organ do of art. 45's list; a hearing, a tender, an auction is no service.
PROCEDURES = (
    SpecialKind.INSPECTION,
    SpecialKind.TESTING,
    SpecialKind.QUARANTINE,
    SpecialKind.APPRAISAL,
    SpecialKind.EXPERT_REVIEW,
)


@dataclass(frozen=True, kw_only=True)
class ServiceContent:
    """中介服务事项. Days are working days, money is fen."""

    code: str
    name: str
    name_en: str = ""
    bases: tuple[LegalBasis, ...]
    procedure: SpecialKind | None  # of art. 45; None: its time is counted like any other
    items: tuple[str, ...] = ()  # codes of the items whose review needs it by law
    conditions: str  # 服务条件: when it is needed
    flow: str  # 服务流程
    longest_days: int
    fee_rule: str  # 收费标准 and what it rests on
    qualification: str  # what a body must hold
    direct_most_fen: int = 0  # a body may be named without a choice up to here; 0: never
    direct_note: str = ""  # which rule sets that ceiling: it differs from place to place


@dataclass(frozen=True, kw_only=True)
class PublishService:
    """发布中介服务事项, for the first time or anew."""

    content: ServiceContent
    manages: bool  # whoever asks runs the register
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class WithdrawService:
    """取消中介服务事项."""

    reason: str
    manages: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class IntermediaryServicePublished:
    kind: ClassVar[str] = "intermediary-service.published.v1"
    content: ServiceContent
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class IntermediaryServiceWithdrawn:
    kind: ClassVar[str] = "intermediary-service.withdrawn.v1"
    reason: str
    by: str
    at: datetime


Command = PublishService | WithdrawService
Event = IntermediaryServicePublished | IntermediaryServiceWithdrawn
EVENTS = (IntermediaryServicePublished, IntermediaryServiceWithdrawn)


@dataclass(frozen=True)
class State:
    content: ServiceContent | None = None
    in_force: bool = False


def decide(service: State, command: Command) -> Sequence[Event]:
    """Return the event `command` leads to.

    Raises Refused, each with `intermediary-service.` before it: not-its-manager, code-missing,
    name-missing, no-basis, elements-missing, days-wrong, not-a-procedure, direct-note-missing,
    unchanged; not-in-force, reason-missing.
    """
    require(command.manages, "intermediary-service.not-its-manager")
    match command:
        case PublishService(content=content):
            _require_whole(content)
            same = service.in_force and content == service.content
            require(not same, "intermediary-service.unchanged")
            return [IntermediaryServicePublished(content=content, by=command.by, at=command.at)]
        case WithdrawService(reason=reason):
            require(service.in_force, "intermediary-service.not-in-force")
            require(reason.strip() != "", "intermediary-service.reason-missing")
            return [IntermediaryServiceWithdrawn(reason=reason, by=command.by, at=command.at)]
        case _:
            assert_never(command)


def _require_whole(content: ServiceContent) -> None:
    """Refuse what art. 43 does not let be asked of anybody."""
    require(content.code.strip() != "", "intermediary-service.code-missing")
    require(content.name.strip() != "", "intermediary-service.name-missing")
    bases = [basis for basis in content.bases if basis.title.strip()]
    require(bases != [], "intermediary-service.no-basis")
    elements = (content.conditions, content.flow, content.fee_rule, content.qualification)
    require(all(text.strip() for text in elements), "intermediary-service.elements-missing")
    require(content.longest_days > 0, "intermediary-service.days-wrong")
    of_the_list = content.procedure is None or content.procedure in PROCEDURES
    require(of_the_list, "intermediary-service.not-a-procedure")
    noted = content.direct_most_fen == 0 or content.direct_note.strip() != ""
    require(content.direct_most_fen >= 0 and noted, "intermediary-service.direct-note-missing")


def evolve(service: State, event: Event) -> State:
    match event:
        case IntermediaryServicePublished():
            return State(event.content, True)
        case IntermediaryServiceWithdrawn():
            return State(service.content, False)
        case _:
            assert_never(event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
