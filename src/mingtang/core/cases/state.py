"""What the rules remember of a case, and no more than they and its rows need."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from mingtang.core.cases.terms import Commitment, Document, Terms
from mingtang.core.clock import Extension, Interruption, Pause, Term
from mingtang.core.decider import Refused, require


class Stage(StrEnum):
    NONE = "none"
    FILED = "filed"  # 待受理
    CORRECTING = "correcting"  # 待补正
    REVIEWING = "reviewing"  # 审查中
    DECIDING = "deciding"  # 待决定
    GRANTED = "granted"  # 准予
    REFUSED = "refused"  # 不予许可
    NOT_ACCEPTED = "not_accepted"  # 不予受理
    WITHDRAWN = "withdrawn"  # 撤回


CLOSED = frozenset({Stage.GRANTED, Stage.REFUSED, Stage.NOT_ACCEPTED, Stage.WITHDRAWN})
RESTART = "change"  # kind of the interruption there is: the application changed in substance
INTAKE, DECISION = "intake", "decision"  # the two tasks every case has beside its item's steps


@dataclass(frozen=True)
class Task:
    """Something somebody has to do now, or did."""

    key: str  # INTAKE, DECISION, or a step's key
    department: str
    opened_at: datetime
    done_at: datetime | None = None
    person: str = ""  # who did it
    staff_no: str = ""
    finding: str = ""


@dataclass(frozen=True)
class Pausing:
    """特别程序: a time that is not counted."""

    kind: str
    from_date: date  # the first day that is not counted
    until_date: date | None  # the day the count goes on; None while it lasts
    expected_days: int  # working days, as told to the applicant


@dataclass(frozen=True)
class State:
    stage: Stage = Stage.NONE
    terms: Terms | None = None
    applicant: str = ""
    agent: str = ""
    batch: str = ""  # number of the batch it is a row of
    documents: tuple[Document, ...] = ()
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
    pauses: tuple[Pausing, ...] = ()
    deferrable: tuple[str, ...] = ()  # keys of materials that may follow (容缺)
    deferred: tuple[str, ...] = ()  # those accepted without, and not handed in yet
    deferred_due: date | None = None
    commitments: tuple[Commitment, ...] = ()  # made in place of materials (告知承诺)
    checked: bool = False  # what was promised has been looked into
    change_date: date | None = None  # a change of the application waits for a ruling since
    restarts: tuple[date, ...] = ()  # 中断: days from which the terms ran anew
    closed_date: date | None = None
    tasks: tuple[Task, ...] = ()

    def task(self, key: str) -> Task | None:
        """Return the task with this key that is open, if it is."""
        for task in self.tasks:
            if task.key == key and task.done_at is None:
                return task
        return None

    def done_steps(self) -> frozenset[str]:
        return frozenset(task.key for task in self.tasks if task.done_at is not None)


def terms_of_case(case: State) -> Terms:
    """Return the terms; refuse when nothing was filed under this number."""
    if case.terms is None:
        raise Refused("case.unknown")
    return case.terms


def term_of(case: State, *, promised: bool) -> Term:
    """Return the running term of an accepted case, with everything that moved it."""
    terms = terms_of_case(case)
    assert case.accepted_date is not None
    extension = Extension(case.extended_days, "行政许可法 第四十二条")
    return Term(
        budget_days=terms.promised_days if promised else terms.statutory_days,
        started=case.accepted_date,
        extensions=(extension,) if case.extended_days and not promised else (),
        pauses=tuple(Pause(p.kind, p.from_date, p.until_date, p.kind) for p in case.pauses),
        interruptions=tuple(map(restarted_on, case.restarts)),
    )


def restarted_on(day: date) -> Interruption:
    """Return the interruption of a change in substance: void before that day, anew from it."""
    return Interruption(RESTART, day, day, RESTART)


def pauses_until(case: State, day: date) -> tuple[Pausing, ...]:
    """Return the pauses of a case, the one under way ended on `day`: the day the count goes on."""
    if not case.special:
        return case.pauses
    *before, running = case.pauses
    return (*before, replace(running, until_date=day))


def require_stranger(case: State, person: str) -> None:
    """Refuse when an officer would handle a case of their own."""
    require(person not in (case.applicant, case.agent), "case.own-case")
