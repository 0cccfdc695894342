"""Organisations (单位) and offices (办公场所): who is there, who may file, which window is open.

An organisation is a public body that handles matters, or a unit that files them. Public bodies are
entered by staff; anybody may enter the unit they file for, and is then its first agent (代理人).
Source: 行政许可法 art. 29 (an application may be made through an agent); codes GB 32100.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, assert_never

from mingtang.core.decider import Decider, require


class OrganisationKind(StrEnum):
    DEPARTMENT = "department"  # 部门
    CENTRE = "centre"  # 公共服务中心
    GOVERNMENT = "government"  # 人民政府
    ENTERPRISE = "enterprise"  # 企业
    PUBLIC_INSTITUTION = "public_institution"  # 事业单位
    SOCIAL_ORGANISATION = "social_organisation"  # 社会组织
    OTHER = "other"


PUBLIC_BODIES = frozenset({OrganisationKind.DEPARTMENT, OrganisationKind.CENTRE})


class OfficeKind(StrEnum):
    WINDOW = "window"  # 窗口
    DEPARTMENT_OFFICE = "department_office"  # 部门办公室


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """What is written down about an organisation. All of it is public."""

    name: str
    name_en: str = ""
    short_name: str = ""
    uscc: str = ""  # 统一社会信用代码
    phone: str = ""
    address: str = ""


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class RegisterOrganisation:
    """登记单位. `by_staff`: somebody whose office it is to enter organisations."""

    code: str
    organisation_kind: OrganisationKind
    particulars: Particulars
    by_staff: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AmendOrganisation:
    """更正单位信息."""

    particulars: Particulars
    by_staff: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NameAgent:
    """指定代理人: this person may file for the organisation."""

    person: str
    person_known: bool
    scope: str  # what for, in words
    by_staff: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RemoveAgent:
    """取消代理人."""

    person: str
    reason: str
    by_staff: bool
    by: str
    at: datetime


Command = RegisterOrganisation | AmendOrganisation | NameAgent | RemoveAgent


@dataclass(frozen=True, kw_only=True)
class OpenOffice:
    """设立办公场所. Opening a closed one again is allowed."""

    code: str
    organisation: str
    organisation_known: bool
    office_kind: OfficeKind
    name: str
    address: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CloseOffice:
    """撤销办公场所."""

    reason: str
    by: str
    at: datetime


OfficeCommand = OpenOffice | CloseOffice

# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class OrganisationRegistered:
    kind: ClassVar[str] = "organisation.registered.v1"
    code: str
    organisation_kind: OrganisationKind
    particulars: Particulars
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OrganisationAmended:
    kind: ClassVar[str] = "organisation.amended.v1"
    code: str
    particulars: Particulars
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AgentNamed:
    kind: ClassVar[str] = "organisation.agent-named.v1"
    code: str
    person: str
    scope: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AgentRemoved:
    kind: ClassVar[str] = "organisation.agent-removed.v1"
    code: str
    person: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OfficeOpened:
    kind: ClassVar[str] = "office.opened.v1"
    code: str
    organisation: str
    office_kind: OfficeKind
    name: str
    address: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OfficeClosed:
    kind: ClassVar[str] = "office.closed.v1"
    code: str
    reason: str
    by: str
    at: datetime


Event = OrganisationRegistered | OrganisationAmended | AgentNamed | AgentRemoved
OfficeEvent = OfficeOpened | OfficeClosed
EVENTS = (
    OrganisationRegistered,
    OrganisationAmended,
    AgentNamed,
    AgentRemoved,
    OfficeOpened,
    OfficeClosed,
)

# ── State ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class State:
    code: str = ""  # empty: never registered
    organisation_kind: OrganisationKind = OrganisationKind.OTHER
    particulars: Particulars | None = None
    registered_by: str = ""
    agents: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Office:
    code: str = ""
    open: bool = False


# ── The rules of an organisation ────────────────────────────────────────────


def decide(organisation: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to.

    Raises Refused: organisation.already-registered, organisation.name-missing,
    organisation.public-body-needs-staff, organisation.unknown, organisation.unchanged,
    organisation.not-its-agent, organisation.agent-unknown, organisation.already-agent,
    organisation.not-an-agent, organisation.reason-missing.
    """
    match command:
        case RegisterOrganisation():
            return [_register(organisation, command)]
        case AmendOrganisation(particulars=particulars):
            _require_standing(organisation, command)
            require(particulars.name.strip() != "", "organisation.name-missing")
            require(particulars != organisation.particulars, "organisation.unchanged")
            return [
                OrganisationAmended(
                    code=organisation.code, particulars=particulars, by=command.by, at=command.at
                )
            ]
        case NameAgent():
            _require_standing(organisation, command)
            require(command.person_known, "organisation.agent-unknown")
            require(command.person not in organisation.agents, "organisation.already-agent")
            return [
                AgentNamed(
                    code=organisation.code,
                    person=command.person,
                    scope=command.scope,
                    by=command.by,
                    at=command.at,
                )
            ]
        case RemoveAgent():
            _require_standing(organisation, command)
            require(command.person in organisation.agents, "organisation.not-an-agent")
            require(command.reason.strip() != "", "organisation.reason-missing")
            return [
                AgentRemoved(
                    code=organisation.code,
                    person=command.person,
                    reason=command.reason,
                    by=command.by,
                    at=command.at,
                )
            ]
        case _:
            assert_never(command)


def _register(organisation: State, command: RegisterOrganisation) -> OrganisationRegistered:
    require(not organisation.code, "organisation.already-registered")
    require(command.particulars.name.strip() != "", "organisation.name-missing")
    public_body = command.organisation_kind in PUBLIC_BODIES
    require(command.by_staff or not public_body, "organisation.public-body-needs-staff")
    return OrganisationRegistered(
        code=command.code,
        organisation_kind=command.organisation_kind,
        particulars=command.particulars,
        by=command.by,
        at=command.at,
    )


def _require_standing(
    organisation: State, command: AmendOrganisation | NameAgent | RemoveAgent
) -> None:
    """An organisation is spoken for by its agents; before it has any, by who entered it."""
    require(organisation.code != "", "organisation.unknown")
    speaks = organisation.agents or {organisation.registered_by}
    require(command.by_staff or command.by in speaks, "organisation.not-its-agent")


def evolve(organisation: State, event: Event) -> State:
    match event:
        case OrganisationRegistered():
            return State(event.code, event.organisation_kind, event.particulars, event.by)
        case OrganisationAmended():
            return replace(organisation, particulars=event.particulars)
        case AgentNamed():
            return replace(organisation, agents=organisation.agents | {event.person})
        case AgentRemoved():
            return replace(organisation, agents=organisation.agents - {event.person})
        case _:
            assert_never(event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)

# ── The rules of an office ──────────────────────────────────────────────────


def decide_office(office: Office, command: OfficeCommand) -> Sequence[OfficeEvent]:
    """Return the events `command` leads to.

    Raises Refused: office.already-open, office.organisation-unknown, office.name-missing,
    office.not-open, office.reason-missing.
    """
    match command:
        case OpenOffice():
            require(not office.open, "office.already-open")
            require(command.organisation_known, "office.organisation-unknown")
            require(command.name.strip() != "", "office.name-missing")
            return [
                OfficeOpened(
                    code=command.code,
                    organisation=command.organisation,
                    office_kind=command.office_kind,
                    name=command.name,
                    address=command.address,
                    by=command.by,
                    at=command.at,
                )
            ]
        case CloseOffice():
            require(office.open, "office.not-open")
            require(command.reason.strip() != "", "office.reason-missing")
            return [
                OfficeClosed(code=office.code, reason=command.reason, by=command.by, at=command.at)
            ]
        case _:
            assert_never(command)


def evolve_office(office: Office, event: OfficeEvent) -> Office:
    match event:
        case OfficeOpened():
            return Office(event.code, open=True)
        case OfficeClosed():
            return replace(office, open=False)
        case _:
            assert_never(event)


OFFICE_DECIDER: Decider[Office, OfficeCommand, OfficeEvent] = Decider(
    Office(), decide_office, evolve_office
)
