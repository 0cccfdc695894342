"""What the rules remember of a joint case: its branches, its term, what was asked and answered."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from mingtang.core.bundles import JOINT_DAYS
from mingtang.core.cases.state import CLOSED, Pausing, Stage
from mingtang.core.cases.terms import Officer
from mingtang.core.clock import Extension, Pause, Term, civil_day, due
from mingtang.core.decider import Refused, require
from mingtang.core.worktime import WorkCalendar

EXTENSION_BASIS = "行政许可法 第四十二条第二款"
WAITING = frozenset({Stage.NONE, Stage.FILED, Stage.CORRECTING})  # for acceptance
DECIDED = frozenset({Stage.GRANTED, Stage.REFUSED})


class JointStage(StrEnum):
    NONE = "none"
    FILED = "filed"  # 待受理
    HANDLING = "handling"  # 并联审批中
    CONCLUDING = "concluding"  # 各部门已办结，待牵头部门出具结果
    GRANTED = "granted"  # 全部准予
    PARTLY = "partly"  # 部分准予
    REFUSED = "refused"  # 全部不予
    LAPSED = "lapsed"  # 没有一项作出决定：不予受理或者撤回


OPEN = frozenset({JointStage.FILED, JointStage.HANDLING, JointStage.CONCLUDING})


@dataclass(frozen=True, kw_only=True)
class Branch:
    """分项: one item of the bundle, and the case it became."""

    case: str  # number
    item: str  # stream key
    name: str
    name_en: str
    department: str


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a branch stands right now, read from its own stream by whoever asks the rules."""

    case: str
    stage: Stage
    accepted_date: date | None = None
    closed_date: date | None = None
    pauses: tuple[Pausing, ...] = ()

    @property
    def is_closed(self) -> bool:
        return self.stage in CLOSED


@dataclass(frozen=True)
class Consultation:
    """会商: what the lead asked, and who has not answered yet."""

    number: int  # from 1
    asked_at: datetime
    waiting: tuple[str, ...]  # departments


@dataclass(frozen=True)
class State:
    stage: JointStage = JointStage.NONE
    lead: str = ""  # organisation codes
    government: str = ""
    applicant: str = ""
    agent: str = ""
    branches: tuple[Branch, ...] = ()
    closed: tuple[tuple[str, Stage], ...] = ()  # branches that ended, and how
    accepted_date: date | None = None
    promised_days: int = JOINT_DAYS
    due: date | None = None  # last day of the joint term, inclusive
    promised_due: date | None = None  # of the promise, where it is shorter than the term
    provisional: bool = False
    asked_days: int = 0  # an extension is asked for and not answered
    asked_reason: str = ""
    extended_days: int = 0
    pauses: tuple[Pausing, ...] = ()  # of all branches, in a fixed order
    consultations: tuple[Consultation, ...] = ()
    withdrawn: tuple[str, ...] = ()  # branches its applicant took back in one act
    closed_date: date | None = None

    @property
    def departments(self) -> frozenset[str]:
        return frozenset(branch.department for branch in self.branches)


def term_of(
    accepted_date: date,
    *,
    days: int = JOINT_DAYS,
    extended_days: int = 0,
    pauses: tuple[Pausing, ...] = (),
) -> Term:
    """Return the joint term: 45 working days, what it was extended by, and what does not count.

    `days`: fewer for the term that was promised; an extension is of the law's term alone.

    While one branch is in a procedure of art. 45, the time is not counted for the whole: the
    article speaks of all terms of its section.
    """
    extension = Extension(extended_days, EXTENSION_BASIS)
    return Term(
        budget_days=days,
        started=accepted_date,
        extensions=(extension,) if extended_days else (),
        pauses=tuple(Pause(p.kind, p.from_date, p.until_date, p.kind) for p in pauses),
    )


def last_day(joint: State, *, calendar: WorkCalendar) -> tuple[date, bool]:
    """Return the last day and whether it is provisional: the one it had, while the clock stands."""
    assert joint.accepted_date is not None
    term = term_of(joint.accepted_date, extended_days=joint.extended_days, pauses=joint.pauses)
    found = due(term, calendar=calendar)
    if found is not None:
        return found.date, found.provisional
    assert joint.due is not None
    return joint.due, joint.provisional


def promised_day(joint: State, *, calendar: WorkCalendar) -> date | None:
    """Return the last day of the promise: the one it had, while the clock stands.

    None: no more is promised than the law says.
    """
    if joint.promised_days >= JOINT_DAYS:
        return None
    assert joint.accepted_date is not None
    term = term_of(joint.accepted_date, days=joint.promised_days, pauses=joint.pauses)
    found = due(term, calendar=calendar)
    return found.date if found is not None else joint.promised_due


def is_over(joint: State, at: datetime) -> bool:
    """Whether the term has run out: neither while the clock stands still, nor before acceptance."""
    stands_still = any(pause.until_date is None for pause in joint.pauses)
    return joint.due is not None and not stands_still and civil_day(at) > joint.due


def require_known(joint: State) -> None:
    """Refuse when nothing was filed under this number."""
    if joint.stage is JointStage.NONE:
        raise Refused("joint.unknown")


def require_running(joint: State, officer: Officer) -> None:
    """Refuse before acceptance and after the end, and an officer's own affair."""
    require_known(joint)
    running = joint.stage in (JointStage.HANDLING, JointStage.CONCLUDING)
    require(running, "joint.not-handling")
    require_no_party(joint, officer)


def require_lead(joint: State, officer: Officer) -> None:
    require(officer.organisation == joint.lead, "joint.not-lead")


def require_no_party(joint: State, officer: Officer) -> None:
    require(officer.person not in (joint.applicant, joint.agent), "case.own-case")


def ended(joint: State, stage: JointStage, at: datetime) -> State:
    return replace(joint, stage=stage, closed_date=civil_day(at), asked_days=0, asked_reason="")
