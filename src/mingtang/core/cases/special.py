"""What moves the dates of a case under review: an extension, and procedures that stop the clock.

Extension (延长期限): once, at most ten working days, approved by the organ's head, the reason
told to the applicant: 行政许可法 art. 42. It moves the statutory date alone: the promise is the
organ's own word, and no law lets it off.

Special procedure (特别程序): hearing, inspection, testing … are not counted, but the time they take
is told in writing: art. 45. Both dates move by the worked days it lasts. It takes time off the
count and work off nobody: other steps of the review go on, only the decision waits for its result.
Whoever withdraws ends it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from mingtang.core.cases.state import (
    UNDER_REVIEW,
    Pausing,
    Stage,
    State,
    contracted_under_way,
    dates_moved,
    organ_of,
    pauses_until,
    require_stranger,
    term_of,
    terms_of_case,
)
from mingtang.core.cases.terms import Officer
from mingtang.core.clock import civil_day, due
from mingtang.core.decider import require
from mingtang.core.wire import Sealed
from mingtang.core.worktime import WorkCalendar, add_working_days

MOST_DAYS = 10  # art. 42 para. 1


class SpecialKind(StrEnum):
    """The closed list of art. 45."""

    HEARING = "hearing"  # 听证
    TENDER = "tender"  # 招标
    AUCTION = "auction"  # 拍卖
    INSPECTION = "inspection"  # 检验
    TESTING = "testing"  # 检测
    QUARANTINE = "quarantine"  # 检疫
    APPRAISAL = "appraisal"  # 鉴定
    EXPERT_REVIEW = "expert_review"  # 专家评审


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class ExtendTerm:
    """延长期限. `heads`: whether the approver is the organ's manager on this very day."""

    days: int
    reason: str
    approver: Officer
    heads: bool
    at: datetime
    calendar: WorkCalendar


@dataclass(frozen=True, kw_only=True)
class BeginSpecial:
    """启动特别程序. `expected_days`: working days it will take, told to the applicant."""

    procedure: SpecialKind
    reason: str
    expected_days: int
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class EndSpecial:
    """结束特别程序: the clock goes on."""

    result: str
    officer: Officer
    at: datetime
    calendar: WorkCalendar


# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class CaseExtended:
    kind: ClassVar[str] = "case.extended.v1"
    days: int
    reason: Sealed
    approver: Officer
    statutory_due_before: date
    statutory_due: date
    provisional: bool
    calendar: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SpecialBegun:
    kind: ClassVar[str] = "case.special-begun.v1"
    procedure: SpecialKind
    reason: Sealed
    expected_days: int
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SpecialEnded:
    kind: ClassVar[str] = "case.special-ended.v1"
    procedure: SpecialKind
    begun_date: date
    result: Sealed
    officer: Officer | None  # None: the applicant, or another party, took back what it was for
    statutory_due_before: date
    statutory_due: date
    promised_due_before: date
    promised_due: date
    provisional: bool
    calendar: str
    at: datetime


# ── The rules ───────────────────────────────────────────────────────────────


def extend(case: State, command: ExtendTerm) -> Sequence[CaseExtended]:
    """Refusals: case.unknown, case.not-under-review, case.own-case, case.other-department,
    case.special-open, case.extended-already, case.extension-too-long (facts: limit),
    case.not-organ-head, case.reason-missing, case.term-over, case.first-review-not-extended."""
    terms = terms_of_case(case)
    require(case.stage is not Stage.FIRST_REVIEW, "case.first-review-not-extended")  # art. 43
    _require_running(case, command.at, command.approver)
    require(command.approver.organisation == terms.department, "case.other-department")
    require(not case.special, "case.special-open")
    require(not case.extended_days, "case.extended-already")
    require(0 < command.days <= MOST_DAYS, "case.extension-too-long", limit=MOST_DAYS)
    require(command.heads, "case.not-organ-head")
    require(bool(command.reason.strip()), "case.reason-missing")
    last = due(
        term_of(replace(case, extended_days=command.days), promised=False),
        calendar=command.calendar,
    )
    assert last is not None
    assert case.statutory_due is not None
    return [
        CaseExtended(
            days=command.days,
            reason=Sealed(command.reason),
            approver=command.approver,
            statutory_due_before=case.statutory_due,
            statutory_due=last.date,
            provisional=last.provisional,
            calendar=command.calendar.version,
            at=command.at,
        )
    ]


def begin(case: State, command: BeginSpecial) -> Sequence[SpecialBegun]:
    """Refusals: case.unknown, case.not-under-review, case.own-case, case.other-department,
    case.special-open, case.expected-days-missing, case.reason-missing, case.term-over,
    case.hearing-not-scheduled."""
    terms_of_case(case)
    _require_running(case, command.at, command.officer)
    require(command.officer.organisation == organ_of(case), "case.other-department")
    require(not case.special, "case.special-open")
    require(command.expected_days > 0, "case.expected-days-missing")
    require(bool(command.reason.strip()), "case.reason-missing")
    hearing = command.procedure is SpecialKind.HEARING
    require(not hearing or hearing_scheduled(case), "case.hearing-not-scheduled")
    return [
        SpecialBegun(
            procedure=command.procedure,
            reason=Sealed(command.reason),
            expected_days=command.expected_days,
            officer=command.officer,
            at=command.at,
        )
    ]


def end(case: State, command: EndSpecial) -> Sequence[SpecialEnded]:
    """Refusals: case.unknown, case.special-not-open, case.contracted-open, case.hearing-open,
    case.own-case, case.other-department, case.opinion-missing."""
    terms_of_case(case)
    require(case.special in set(SpecialKind), "case.special-not-open")
    require(contracted_under_way(case) is None, "case.contracted-open")  # its delivery ends it
    hearing = case.special == SpecialKind.HEARING and hearing_scheduled(case)
    require(not hearing, "case.hearing-open")  # its record ends it, or who asked for it
    require_stranger(case, command.officer.person)
    require(command.officer.organisation == organ_of(case), "case.other-department")
    require(bool(command.result.strip()), "case.opinion-missing")
    return [resumption(case, command.result, command.officer, command.at, command.calendar)]


def resumption(
    case: State, result: str, officer: Officer | None, at: datetime, calendar: WorkCalendar
) -> SpecialEnded:
    """Return how the procedure under way ends: the clocks go on, and both dates move."""
    begun = case.pauses[-1].from_date
    resumed = replace(case, pauses=pauses_until(case, civil_day(at)))
    return SpecialEnded(
        procedure=SpecialKind(case.special),
        begun_date=begun,
        result=Sealed(result),
        officer=officer,
        **dates_moved(case, resumed, calendar=calendar),
        at=at,
    )


def hearing_scheduled(case: State) -> bool:
    """Whether a hearing is to be held whose time and place were given."""
    return any(not one.ended and one.starts_at is not None for one in case.hearings)


def may_stop(case: State, at: datetime) -> bool:
    """Whether the clocks of a case under review run, and in time, so that they may stand still."""
    running = case.stage in (Stage.REVIEWING, Stage.DECIDING) and not case.special
    return running and case.statutory_due is not None and civil_day(at) <= case.statutory_due


def _require_running(case: State, at: datetime, officer: Officer) -> None:
    """Neither comes after the term has run out: then it would only hide that it is late."""
    require(case.stage in UNDER_REVIEW, "case.not-under-review")
    require_stranger(case, officer.person)
    assert case.statutory_due is not None
    over = not case.special and civil_day(at) > case.statutory_due
    require(not over, "case.term-over")


def expected_end(pause: Pausing, *, calendar: WorkCalendar) -> date:
    """Return the last day a special procedure was said to take; its first day counts if worked."""
    eve = pause.from_date - timedelta(days=1)
    return add_working_days(eve, pause.expected_days, calendar=calendar).date


# ── What changes ────────────────────────────────────────────────────────────


def extended(case: State, event: CaseExtended) -> State:
    return replace(
        case,
        extended_days=event.days,
        statutory_due=event.statutory_due,
        provisional=event.provisional,
    )


def begun(case: State, event: SpecialBegun) -> State:
    pause = Pausing(event.procedure, civil_day(event.at), None, event.expected_days)
    return replace(case, special=event.procedure, pauses=(*case.pauses, pause))


def ended(case: State, event: SpecialEnded) -> State:
    return replace(
        case,
        special="",
        pauses=pauses_until(case, civil_day(event.at)),
        statutory_due=event.statutory_due,
        promised_due=event.promised_due,
        provisional=event.provisional,
    )
