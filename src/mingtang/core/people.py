"""People (人员): who is registered, who holds which role, and what a role may do.

A person is named by a random identifier. Name, identity number and phone are sealed: the public
log shows that somebody was registered or appointed, never who a citizen is.
Sources: 个人信息保护法 arts. 6, 51; GB/T 22239-2019 8.1.4 (separation of the three administrators).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, assert_never

from mingtang.core.decider import Decider, Refused, require
from mingtang.core.organisations import OrganisationKind
from mingtang.core.wire import Sealed

# ── Roles and powers ────────────────────────────────────────────────────────


class Role(StrEnum):
    WINDOW_CLERK = "window_clerk"  # 窗口工作人员
    REVIEWER = "reviewer"  # 审查人员
    CHIEF_REPRESENTATIVE = "chief_representative"  # 首席代表
    DEPARTMENT_MANAGER = "department_manager"  # 部门负责人
    CENTRE_MANAGER = "centre_manager"  # 中心管理人员
    GOVERNMENT_HEAD = "government_head"  # 政府负责人
    INSPECTOR = "inspector"  # 监察人员
    COUNSEL = "counsel"  # 法律顾问
    TRADE_OFFICER = "trade_officer"  # 交易经办人员
    TRADE_HOST = "trade_host"  # 竞价主持人
    TREASURER = "treasurer"  # 保证金会计
    SYSTEM_ADMIN = "system_admin"  # 系统管理员
    SECURITY_ADMIN = "security_admin"  # 安全管理员
    AUDIT_ADMIN = "audit_admin"  # 审计管理员


class Power(StrEnum):
    CASE_INTAKE = "case.intake"
    CASE_REVIEW = "case.review"
    CASE_DECIDE = "case.decide"
    CASE_REFER = "case.refer"  # sends a case above, and takes in the answer
    CASE_COUNSEL = "case.counsel"  # gives legal opinions
    JOINT_EXTEND = "joint.extend"  # extends a joint term: 行政许可法 42
    CASE_OVERSEE = "case.oversee"  # sees every case of one's own organisation, or of the province
    CATALOGUE_DRAFT = "catalogue.draft"
    CATALOGUE_PUBLISH = "catalogue.publish"
    CALENDAR_PUBLISH = "calendar.publish"
    MANDATE_GRANT = "mandate.grant"
    ORGANISATION_MANAGE = "organisation.manage"
    PERSON_APPOINT = "person.appoint"
    ACCOUNT_MANAGE = "account.manage"
    AUDIT_READ = "audit.read"
    INSPECTION_READ = "inspection.read"
    TRADE_ENTER = "trade.enter"  # enters projects, prepares their notices
    TRADE_REVIEW = "trade.review"  # reviews projects, publishes notices
    TRADE_QUALIFY = "trade.qualify"  # looks at who signs up
    TRADE_HOST = "trade.host"  # enters reserves; pauses and stops an auction, never alone
    DEPOSIT_MANAGE = "deposit.manage"
    INTERMEDIARY_MANAGE = "intermediary.manage"  # runs the register of intermediaries
    RATING_ANSWER = "rating.answer"  # calls back on bad ratings and sees to it that it is put right


POWERS: Mapping[Role, frozenset[Power]] = {
    Role.WINDOW_CLERK: frozenset({Power.CASE_INTAKE}),
    Role.REVIEWER: frozenset({Power.CASE_REVIEW, Power.CASE_REFER}),
    Role.CHIEF_REPRESENTATIVE: frozenset(
        {Power.CASE_INTAKE, Power.CASE_REVIEW, Power.CASE_DECIDE, Power.CASE_REFER}
    ),
    Role.DEPARTMENT_MANAGER: frozenset(
        {Power.CASE_OVERSEE, Power.CATALOGUE_DRAFT, Power.MANDATE_GRANT}
    ),
    Role.CENTRE_MANAGER: frozenset(
        {
            Power.CASE_OVERSEE,
            Power.CATALOGUE_DRAFT,
            Power.CATALOGUE_PUBLISH,
            Power.CALENDAR_PUBLISH,
            Power.MANDATE_GRANT,
            Power.ORGANISATION_MANAGE,
            Power.TRADE_REVIEW,
            Power.INTERMEDIARY_MANAGE,
            Power.RATING_ANSWER,
        }
    ),
    Role.GOVERNMENT_HEAD: frozenset({Power.JOINT_EXTEND}),
    Role.INSPECTOR: frozenset({Power.CASE_OVERSEE, Power.INSPECTION_READ}),
    Role.COUNSEL: frozenset({Power.CASE_COUNSEL}),
    Role.TRADE_OFFICER: frozenset({Power.TRADE_ENTER, Power.TRADE_QUALIFY}),
    Role.TRADE_HOST: frozenset({Power.TRADE_HOST}),
    Role.TREASURER: frozenset({Power.DEPOSIT_MANAGE}),
    Role.SYSTEM_ADMIN: frozenset({Power.ACCOUNT_MANAGE, Power.ORGANISATION_MANAGE}),
    Role.SECURITY_ADMIN: frozenset({Power.PERSON_APPOINT}),
    Role.AUDIT_ADMIN: frozenset({Power.AUDIT_READ}),
}
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
OF_A_DEPARTMENT = frozenset({Role.CHIEF_REPRESENTATIVE, Role.DEPARTMENT_MANAGER})
# Trading is the centre's own work, apart from those who supervise it: 招标投标法实施条例 5.
OF_A_CENTRE = frozenset({Role.CENTRE_MANAGER, Role.TRADE_OFFICER, Role.TRADE_HOST, Role.TREASURER})
# Who heads an organ (负责人), and who may be given a letter to act in its name: a department's
# chief representative, and where a centre acts itself, on its trading floor, its trade officer.
HEADS = frozenset({Role.DEPARTMENT_MANAGER, Role.CENTRE_MANAGER})
REPRESENTATIVES = frozenset({Role.CHIEF_REPRESENTATIVE, Role.TRADE_OFFICER})


def compatible(one: Role, other: Role) -> bool:
    """Whether one person may hold both: an administrator (三员) holds nothing else."""
    return one == other or not {one, other} & ADMINISTRATORS


class IdKind(StrEnum):
    """GB/T 39046 lists more; these are the ones a person brings to a window."""

    RESIDENT = "resident"  # 居民身份证
    PASSPORT = "passport"  # 护照
    HK_MACAO_PERMIT = "hk_macao_permit"  # 港澳居民来往内地通行证
    TAIWAN_PERMIT = "taiwan_permit"  # 台湾居民来往大陆通行证
    PERMANENT_RESIDENT = "permanent_resident"  # 外国人永久居留身份证
    OTHER = "other"


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class RegisterPerson:
    """登记人员. `same_number`: who is registered with this identity number already, or empty."""

    person: str
    name: str
    id_kind: IdKind
    id_number: str
    phone: str
    same_number: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AmendPerson:
    """更正人员信息."""

    name: str
    id_kind: IdKind
    id_number: str
    phone: str
    same_number: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Appoint:
    """任命. `organisation_kind` is None where no such organisation is registered."""

    role: Role
    organisation: str
    organisation_kind: OrganisationKind | None
    office: str = ""  # empty: stationed nowhere in particular
    office_open: bool = False
    staff_no: str
    title: str = ""
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class EndAppointment:
    """免职."""

    number: int
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class EntrustPerson:
    """委托代理人: another person may file for this one."""

    agent: str
    agent_known: bool
    scope: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class EndEntrustment:
    """解除委托."""

    agent: str
    reason: str
    by: str
    at: datetime


Command = RegisterPerson | AmendPerson | Appoint | EndAppointment | EntrustPerson | EndEntrustment

# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class PersonRegistered:
    kind: ClassVar[str] = "person.registered.v1"
    person: str
    name: Sealed
    id_kind: IdKind
    id_number: Sealed
    phone: Sealed
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PersonAmended:
    kind: ClassVar[str] = "person.amended.v1"
    person: str
    name: Sealed
    id_kind: IdKind
    id_number: Sealed
    phone: Sealed
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Appointed:
    kind: ClassVar[str] = "person.appointed.v1"
    person: str
    number: int  # counts this person's appointments, from 1
    role: Role
    organisation: str
    office: str
    staff_no: str  # worn on the badge: public
    title: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AppointmentEnded:
    kind: ClassVar[str] = "person.appointment-ended.v1"
    person: str
    number: int
    role: Role
    organisation: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PersonEntrusted:
    kind: ClassVar[str] = "person.entrusted.v1"
    person: str
    agent: str
    scope: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class EntrustmentEnded:
    kind: ClassVar[str] = "person.entrustment-ended.v1"
    person: str
    agent: str
    reason: str
    by: str
    at: datetime


Event = (
    PersonRegistered
    | PersonAmended
    | Appointed
    | AppointmentEnded
    | PersonEntrusted
    | EntrustmentEnded
)
EVENTS = (
    PersonRegistered,
    PersonAmended,
    Appointed,
    AppointmentEnded,
    PersonEntrusted,
    EntrustmentEnded,
)

# ── State ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Post:
    """An appointment that stands."""

    role: Role
    organisation: str
    office: str


@dataclass(frozen=True)
class State:
    person: str = ""  # empty: never registered
    name: str = ""
    id_kind: IdKind = IdKind.OTHER
    id_number: str = ""
    phone: str = ""
    appointments: int = 0  # ever made
    posts: tuple[tuple[int, Post], ...] = ()  # those that stand, by number
    agents: frozenset[str] = frozenset()

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(post.role for _, post in self.posts)


# ── The rules ───────────────────────────────────────────────────────────────


def decide(person: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to.

    Raises Refused: person.already-registered, person.unknown, person.name-missing,
    person.id-number-missing, person.number-taken, person.unchanged; person.own-appointment,
    person.organisation-unknown, person.role-needs-department, person.role-needs-centre,
    person.role-needs-government,
    person.office-not-open, person.staff-number-missing, person.already-appointed,
    person.roles-incompatible (facts: role, held), person.no-such-appointment,
    person.reason-missing; person.not-oneself, person.agent-unknown, person.already-agent,
    person.not-an-agent.
    """
    match command:
        case RegisterPerson():
            require(not person.person, "person.already-registered")
            _require_identity(command, command.person)
            return [
                PersonRegistered(
                    person=command.person,
                    name=Sealed(command.name),
                    id_kind=command.id_kind,
                    id_number=Sealed(command.id_number),
                    phone=Sealed(command.phone),
                    by=command.by,
                    at=command.at,
                )
            ]
        case _:
            require(person.person != "", "person.unknown")
    match command:
        case AmendPerson():
            return [_amend(person, command)]
        case Appoint():
            return [_appoint(person, command)]
        case EndAppointment():
            return [_end(person, command)]
        case EntrustPerson():
            return [_entrust(person, command)]
        case EndEntrustment():
            require(command.agent in person.agents, "person.not-an-agent")
            require(command.by in (person.person, command.agent), "person.not-oneself")
            return [
                EntrustmentEnded(
                    person=person.person,
                    agent=command.agent,
                    reason=command.reason,
                    by=command.by,
                    at=command.at,
                )
            ]
        case _:
            assert_never(command)


def _require_identity(command: RegisterPerson | AmendPerson, person: str) -> None:
    require(command.name.strip() != "", "person.name-missing")
    require(command.id_number.strip() != "", "person.id-number-missing")
    require(command.same_number in ("", person), "person.number-taken")


def _amend(person: State, command: AmendPerson) -> PersonAmended:
    _require_identity(command, person.person)
    now = (person.name, person.id_kind, person.id_number, person.phone)
    then = (command.name, command.id_kind, command.id_number, command.phone)
    require(now != then, "person.unchanged")
    return PersonAmended(
        person=person.person,
        name=Sealed(command.name),
        id_kind=command.id_kind,
        id_number=Sealed(command.id_number),
        phone=Sealed(command.phone),
        by=command.by,
        at=command.at,
    )


def _appoint(person: State, command: Appoint) -> Appointed:
    require(command.by != person.person, "person.own-appointment")
    _require_place(command)
    require(command.staff_no.strip() != "", "person.staff-number-missing")
    post = Post(command.role, command.organisation, command.office)
    require(post not in [held for _, held in person.posts], "person.already-appointed")
    for held in sorted(person.roles):
        if not compatible(held, command.role):
            raise Refused("person.roles-incompatible", role=command.role, held=held)
    return Appointed(
        person=person.person,
        number=person.appointments + 1,
        role=command.role,
        organisation=command.organisation,
        office=command.office,
        staff_no=command.staff_no,
        title=command.title,
        by=command.by,
        at=command.at,
    )


def _require_place(command: Appoint) -> None:
    """A chief representative acts for one department; a centre is run by its own people.

    The administrators serve the whole installation, before it has any organisation.
    """
    kind = command.organisation_kind
    everywhere = command.role in ADMINISTRATORS and not command.organisation
    require(everywhere or kind is not None, "person.organisation-unknown")
    if command.role in OF_A_DEPARTMENT:
        require(kind is OrganisationKind.DEPARTMENT, "person.role-needs-department")
    if command.role is Role.GOVERNMENT_HEAD:
        require(kind is OrganisationKind.GOVERNMENT, "person.role-needs-government")
    if command.role in OF_A_CENTRE:
        require(kind is OrganisationKind.CENTRE, "person.role-needs-centre")
    require(not command.office or command.office_open, "person.office-not-open")


def _end(person: State, command: EndAppointment) -> AppointmentEnded:
    post = dict(person.posts).get(command.number)
    if post is None:
        raise Refused("person.no-such-appointment")
    require(command.by != person.person, "person.own-appointment")
    require(command.reason.strip() != "", "person.reason-missing")
    return AppointmentEnded(
        person=person.person,
        number=command.number,
        role=post.role,
        organisation=post.organisation,
        reason=command.reason,
        by=command.by,
        at=command.at,
    )


def _entrust(person: State, command: EntrustPerson) -> PersonEntrusted:
    require(command.by == person.person, "person.not-oneself")
    require(command.agent_known and command.agent != person.person, "person.agent-unknown")
    require(command.agent not in person.agents, "person.already-agent")
    return PersonEntrusted(
        person=person.person,
        agent=command.agent,
        scope=command.scope,
        by=command.by,
        at=command.at,
    )


def evolve(person: State, event: Event) -> State:
    match event:
        case PersonRegistered() | PersonAmended():
            return replace(
                person,
                person=event.person,
                name=event.name,
                id_kind=event.id_kind,
                id_number=event.id_number,
                phone=event.phone,
            )
        case Appointed():
            post = (event.number, Post(event.role, event.organisation, event.office))
            return replace(person, appointments=event.number, posts=(*person.posts, post))
        case AppointmentEnded():
            standing = tuple(post for post in person.posts if post[0] != event.number)
            return replace(person, posts=standing)
        case PersonEntrusted():
            return replace(person, agents=person.agents | {event.agent})
        case EntrustmentEnded():
            return replace(person, agents=person.agents - {event.agent})
        case _:
            assert_never(event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
