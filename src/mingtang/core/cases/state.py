"""What the rules remember of a case, and no more than they and its rows need."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from mingtang.core.cases.hearings import Hearing, closed
from mingtang.core.cases.signatures import Signature
from mingtang.core.cases.terms import Commitment, Document, Officer, Terms
from mingtang.core.clock import Extension, Interruption, Pause, Term, due
from mingtang.core.decider import Refused, require
from mingtang.core.worktime import WorkCalendar


class Stage(StrEnum):
    NONE = "none"
    FILED = "filed"  # 待受理
    CORRECTING = "correcting"  # 待补正
    FIRST_REVIEW = "first_review"  # 初审中
    REVIEWING = "reviewing"  # 审查中
    DECIDING = "deciding"  # 待决定
    GRANTED = "granted"  # 准予
    REFUSED = "refused"  # 不予许可
    NOT_ACCEPTED = "not_accepted"  # 不予受理
    WITHDRAWN = "withdrawn"  # 撤回


CLOSED = frozenset({Stage.GRANTED, Stage.REFUSED, Stage.NOT_ACCEPTED, Stage.WITHDRAWN})
UNDER_REVIEW = (Stage.FIRST_REVIEW, Stage.REVIEWING, Stage.DECIDING)  # a clock runs
RESTART = "change"  # kind of the interruption there is: the application changed in substance
INTAKE, DECISION = "intake", "decision"  # the two tasks every case has beside its item's steps
FIRST_REVIEW = "first-review"  # the task of whoever reviews first (初审), where there is one
REFERRED = "referral"  # what stops a clock while a body outside the system has the case


@dataclass(frozen=True)
class Task:
    """Something somebody has to do now, or did."""

    key: str  # INTAKE, FIRST_REVIEW, DECISION, or a step's key
    department: str
    opened_at: datetime
    done_at: datetime | None = None
    person: str = ""  # who did it
    staff_no: str = ""
    finding: str = ""
    found_by: Officer | None = None  # whose finding waits for signers (后加签)
    holder: str = ""  # who took it on or was given it; empty: anybody of the department
    holder_no: str = ""
    round: int = 1  # one more than the returns before it began
    returned: bool = False  # to be done again: it counts as a record only
    reminded_date: date | None = None


@dataclass(frozen=True)
class Pausing:
    """特别程序: a time that is not counted."""

    kind: str
    from_date: date  # the first day that is not counted
    until_date: date | None  # the day the count goes on; None while it lasts
    expected_days: int  # working days, as told to the applicant


@dataclass(frozen=True)
class HandedUp:
    """初审报送: passed up to be decided, and what the clock of the first review was then."""

    day: date  # the decider's term is counted from here
    due: date  # last day of the first review
    pauses: tuple[Pausing, ...]
    restarts: tuple[date, ...]


@dataclass(frozen=True)
class Contracted:
    """中介服务: one round of a contracted service the case was told of."""

    service: str
    body_name: str
    counted: str  # why its time is counted; empty: it is not
    pause: int  # which of the case's pauses it is; -1: none


@dataclass(frozen=True)
class Leg:
    """转报: the case lies, or lay, with a body outside the system."""

    number: int
    body: str
    days: int  # working days it has, from the day it took the case
    basis: str
    standstill: bool  # the case's own clock stands still meanwhile
    ordered_date: date
    handed_date: date | None = None
    reminded: str = ""  # near | over: what was last said of its term
    urged: int = 0  # times
    answer: str = ""
    answer_no: str = ""
    answer_date: date | None = None
    closed_date: date | None = None  # answered, recalled, or ended with the case


@dataclass(frozen=True)
class Request:
    """征求法律意见: counsel of a body was asked."""

    number: int
    body: str
    due_date: date
    declined_by: tuple[str, ...] = ()  # who stepped back
    person: str = ""  # who gave it
    conclusion: str = ""
    closed_date: date | None = None  # given, not waited for, or ended with the case


@dataclass(frozen=True)
class State:
    stage: Stage = Stage.NONE
    terms: Terms | None = None
    applicant: str = ""
    agent: str = ""
    batch: str = ""  # number of the batch it is a row of
    documents: tuple[Document, ...] = ()
    visits: int = 0  # times somebody came to a window for it
    received_date: date | None = None
    intake_due: date | None = None
    corrected: bool = False  # the one correction notice has been given
    accepted_date: date | None = None
    deemed: bool = False
    statutory_due: date | None = None
    promised_due: date | None = None
    provisional: bool = False
    extended_days: int = 0  # working days the statutory term was extended by
    special: str = ""  # the special procedure under way
    pauses: tuple[Pausing, ...] = ()  # of the clock that runs: a first review keeps its own
    handed: HandedUp | None = None  # after a first review (初审)
    contracted: tuple[Contracted, ...] = ()
    deferrable: tuple[str, ...] = ()  # keys of materials that may follow (容缺)
    deferred: tuple[str, ...] = ()  # those accepted without, and not handed in yet
    deferred_due: date | None = None
    commitments: tuple[Commitment, ...] = ()  # made in place of materials (告知承诺)
    checked: bool = False  # what was promised has been looked into
    change_date: date | None = None  # a change of the application waits for a ruling since
    restarts: tuple[date, ...] = ()  # 中断: days from which the terms ran anew
    closed_date: date | None = None
    tasks: tuple[Task, ...] = ()
    legs: tuple[Leg, ...] = ()
    requests: tuple[Request, ...] = ()
    hearings: tuple[Hearing, ...] = ()
    on_site: tuple[str, ...] = ()  # persons who looked at it on site (现场核查)
    returns: int = 0
    signatures: tuple[Signature, ...] = ()
    copies: tuple[str, ...] = ()  # persons it was copied to (抄送)

    def holder(self, key: str) -> str:
        """Return whose an open task, or a signature, is by its key; empty: nobody's."""
        task = self.task(key)
        if task is not None:
            return task.holder
        return next((one.person for one in self.signatures if one.key == key), "")

    def task(self, key: str) -> Task | None:
        """Return the task with this key that is open, if it is."""
        for task in self.tasks:
            if task.key == key and task.done_at is None:
                return task
        return None

    def leg(self, number: int) -> Leg:
        return self.legs[number - 1]

    def open_legs(self) -> tuple[Leg, ...]:
        return tuple(leg for leg in self.legs if leg.closed_date is None)

    def request(self, number: int) -> Request:
        return self.requests[number - 1]

    def open_requests(self) -> tuple[Request, ...]:
        return tuple(one for one in self.requests if one.closed_date is None)

    def hearing(self, number: int) -> Hearing:
        return self.hearings[number - 1]

    def done_steps(self) -> frozenset[str]:
        return frozenset(t.key for t in self.tasks if t.done_at is not None and not t.returned)


def terms_of_case(case: State) -> Terms:
    """Return the terms; refuse when nothing was filed under this number."""
    if case.terms is None:
        raise Refused("case.unknown")
    return case.terms


def term_of(case: State, *, promised: bool) -> Term:
    """Return the running term of an accepted case, with everything that moved it.

    It is the term of the organ that has the case: first the lower one's, which promises nothing
    beside the law, and from the day it handed over the deciding one's.
    """
    terms = terms_of_case(case)
    assert case.accepted_date is not None
    if terms.first_review and case.handed is None:
        days, extended = terms.first_review.days, 0
    else:
        days = terms.promised_days if promised else terms.statutory_days
        extended = 0 if promised else case.extended_days
    started = case.handed.day if case.handed else case.accepted_date
    return term_with(days, started, case.pauses, case.restarts, extended=extended)


def dates_moved(case: State, moved: State, *, calendar: WorkCalendar) -> dict[str, Any]:
    """Return what an event says of both dates: as they were, and as they are in `moved`."""
    statutory = due(term_of(moved, promised=False), calendar=calendar)
    promised = due(term_of(moved, promised=True), calendar=calendar)
    assert statutory is not None
    assert promised is not None
    return {
        "statutory_due_before": case.statutory_due,
        "statutory_due": statutory.date,
        "promised_due_before": case.promised_due,
        "promised_due": promised.date,
        "provisional": statutory.provisional,
        "calendar": calendar.version,
    }


def first_review_term(case: State) -> Term | None:
    """Return the term of the first review, also when it is over; None where there is none."""
    first = terms_of_case(case).first_review
    if first is None or case.accepted_date is None:
        return None
    if case.handed is None:
        return term_with(first.days, case.accepted_date, case.pauses, case.restarts)
    handed = case.handed
    return term_with(first.days, case.accepted_date, handed.pauses, handed.restarts)


def term_with(
    days: int,
    started: date,
    pauses: Iterable[Pausing],
    restarts: Iterable[date],
    *,
    extended: int = 0,
) -> Term:
    extension = Extension(extended, "行政许可法 第四十二条")
    return Term(
        budget_days=days,
        started=started,
        extensions=(extension,) if extended else (),
        pauses=tuple(Pause(p.kind, p.from_date, p.until_date, p.kind) for p in pauses),
        interruptions=tuple(map(restarted_on, restarts)),
    )


def organ_of(case: State) -> str:
    """Return which organ has the case: whoever reviews first, until it is handed over."""
    terms = terms_of_case(case)
    if terms.first_review is not None and case.handed is None:
        return terms.first_review.organ
    return terms.department


def restarted_on(day: date) -> Interruption:
    """Return the interruption of a change in substance: void before that day, anew from it."""
    return Interruption(RESTART, day, day, RESTART)


def pauses_until(case: State, day: date) -> tuple[Pausing, ...]:
    """Return the pauses of a case, the one under way ended on `day`: the day the count goes on."""
    if not case.special:
        return case.pauses
    *before, running = case.pauses
    return (*before, replace(running, until_date=day))


def contracted_under_way(case: State) -> Contracted | None:
    """Return the contracted service the clock stands still for, if it does for one."""
    last = len(case.pauses) - 1
    return next((c for c in case.contracted if case.special and c.pause == last), None)


def asides_until(case: State, day: date) -> dict[str, Any]:
    """Return legs, requests and hearings, all that is open ended on `day`: nobody is waited for
    any more."""
    return {
        "legs": tuple(replace(leg, closed_date=leg.closed_date or day) for leg in case.legs),
        "requests": tuple(
            replace(one, closed_date=one.closed_date or day) for one in case.requests
        ),
        "hearings": closed(case.hearings, day),
    }


def require_stranger(case: State, person: str) -> None:
    """Refuse when an officer would handle a case of their own."""
    require(person not in (case.applicant, case.agent), "case.own-case")
