"""Upward referral (转报): a body outside the system has its say before the organ decides.

    ordered ──handed over──▶ with the body ──answered──▶ granted | refused | returned | needs more
       └───────────────── recalled ◀──────────┘

Each leg has a clock of its own: working days from the day the body took it, as its law says. The
case's own clock goes on beside it (行政许可法 art. 45 lists all that is not counted, and this
is not on the list), unless the published item names a law that leaves the body's time out. The
lower organ finishes its own review within twenty days (art. 43). Whoever withdraws ends every leg.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from mingtang.core import clock
from mingtang.core.cases.state import (
    REFERRED,
    Leg,
    Pausing,
    Stage,
    State,
    dates_moved,
    pauses_until,
    require_stranger,
    term_of,
    terms_of_case,
)
from mingtang.core.cases.terms import Document, Officer, Terms
from mingtang.core.catalogue import FIRST_REVIEW_DAYS, Referral
from mingtang.core.clock import Standing, civil_day, due
from mingtang.core.decider import Refused, require
from mingtang.core.wire import Sealed
from mingtang.core.worktime import Due, WorkCalendar


class Answer(StrEnum):
    """答复: what the body said."""

    GRANTED = "granted"  # 同意
    REFUSED = "refused"  # 不同意
    RETURNED = "returned"  # 退回
    NEEDS_MORE = "needs_more"  # 需要补充: a new leg follows


class Nearness(StrEnum):
    NEAR = "near"  # 临期
    OVER = "over"  # 逾期


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class ReferCase:
    """转报. `days` and `basis` count only for a body the item does not name."""

    body: str
    days: int
    basis: str
    reason: str
    documents: tuple[str, ...]  # ids of what is handed over
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RecordHandover:
    """登记交接: the body took it, and gave a receipt."""

    leg: int
    receipt_no: str
    received_by: str
    received_date: date
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RemindOfLeg:
    """临期、逾期提醒: what time does, once for each."""

    leg: int
    at: datetime
    calendar: WorkCalendar


@dataclass(frozen=True, kw_only=True)
class UrgeLeg:
    """催办: ask the body for its answer, when its time is nearly or wholly over."""

    leg: int
    message: str
    officer: Officer
    at: datetime
    calendar: WorkCalendar


@dataclass(frozen=True, kw_only=True)
class RecordAnswer:
    """登记答复. `answer_date` stands on it; on `received_date` it was here."""

    leg: int
    answer: Answer
    answer_no: str
    answer_date: date
    received_date: date
    document: Document | None
    officer: Officer
    at: datetime
    calendar: WorkCalendar


@dataclass(frozen=True, kw_only=True)
class RecallLeg:
    """撤回转报."""

    leg: int
    reason: str
    officer: Officer
    at: datetime
    calendar: WorkCalendar


# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Resumed:
    """What the dates were, and what they are now that the clock goes on."""

    statutory_due_before: date
    statutory_due: date
    promised_due_before: date
    promised_due: date
    provisional: bool
    calendar: str


@dataclass(frozen=True, kw_only=True)
class CaseReferred:
    kind: ClassVar[str] = "case.referred.v1"
    leg: int  # counts the legs of the case, from 1
    to: Referral
    named: bool  # the item says it goes there
    reason: Sealed
    documents: tuple[Document, ...]
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LegHandedOver:
    kind: ClassVar[str] = "case.leg-handed-over.v1"
    leg: int
    receipt_no: str
    received_by: Sealed
    received_date: date
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LegReminded:
    kind: ClassVar[str] = "case.leg-reminded.v1"
    leg: int
    nearness: Nearness
    due: date
    calendar: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LegUrged:
    kind: ClassVar[str] = "case.leg-urged.v1"
    leg: int
    message: Sealed
    due: date
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LegAnswered:
    kind: ClassVar[str] = "case.leg-answered.v1"
    leg: int
    answer: Answer
    answer_no: str
    answer_date: date
    received_date: date
    document: Document | None
    resumed: Resumed | None  # the case's clock had stood still
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LegRecalled:
    kind: ClassVar[str] = "case.leg-recalled.v1"
    leg: int
    reason: Sealed
    resumed: Resumed | None
    officer: Officer
    at: datetime


# ── The rules ───────────────────────────────────────────────────────────────


def refer(case: State, command: ReferCase) -> Sequence[CaseReferred]:
    """Refusals: case.unknown, case.not-under-review, case.own-case, case.other-department,
    case.body-missing, case.leg-open-already, case.leg-days-missing, case.leg-basis-missing,
    case.reason-missing, case.document-unknown, case.nothing-handed-over, case.special-open."""
    terms = terms_of_case(case)
    require(case.stage in (Stage.REVIEWING, Stage.DECIDING), "case.not-under-review")
    _require_ours(case, terms, command.officer)
    body = command.body.strip()
    require(bool(body), "case.body-missing")
    require(all(leg.body != body for leg in case.open_legs()), "case.leg-open-already")
    named = next((one for one in terms.referred_to if one.body == body), None)
    to = named or Referral(body=body, days=command.days, basis=command.basis.strip())
    require(to.days > 0, "case.leg-days-missing")
    require(bool(to.basis), "case.leg-basis-missing")
    require(bool(command.reason.strip()), "case.reason-missing")
    # What stands still twice cannot be told apart again: one thing stops a clock at a time.
    stopping = any(leg.standstill for leg in case.open_legs())
    require(not to.standstill_basis or not (case.special or stopping), "case.special-open")
    held = {document.id: document for document in case.documents}
    require(set(command.documents) <= set(held), "case.document-unknown")
    require(bool(command.documents) or not held, "case.nothing-handed-over")
    return [
        CaseReferred(
            leg=len(case.legs) + 1,
            to=to,
            named=named is not None,
            reason=Sealed(command.reason),
            documents=tuple(held[id] for id in command.documents),
            officer=command.officer,
            at=command.at,
        )
    ]


def hand_over(case: State, command: RecordHandover) -> Sequence[LegHandedOver]:
    """Refusals: case.unknown, case.leg-unknown, case.leg-closed, case.own-case,
    case.other-department, case.leg-handed-over-already, case.receipt-missing,
    case.day-impossible, case.special-open."""
    leg = _open_leg(case, command.leg, command.officer)
    require(leg.handed_date is None, "case.leg-handed-over-already")
    given = command.receipt_no.strip() and command.received_by.strip()
    require(bool(given), "case.receipt-missing")
    _require_between(leg.ordered_date, command.received_date, civil_day(command.at))
    require(not (leg.standstill and case.special), "case.special-open")
    return [
        LegHandedOver(
            leg=leg.number,
            receipt_no=command.receipt_no.strip(),
            received_by=Sealed(command.received_by.strip()),
            received_date=command.received_date,
            officer=command.officer,
            at=command.at,
        )
    ]


def remind(case: State, command: RemindOfLeg) -> Sequence[LegReminded]:
    """Refusals: case.unknown, case.leg-unknown, case.leg-closed, case.nothing-to-remind-of."""
    leg = _open_leg(case, command.leg)
    nearness = nearness_of(leg, today=civil_day(command.at), calendar=command.calendar)
    last = leg_due(leg, calendar=command.calendar)
    known = leg.reminded in (nearness, Nearness.OVER)
    require(nearness is not None and not known, "case.nothing-to-remind-of")
    assert nearness is not None
    assert last is not None
    return [
        LegReminded(
            leg=leg.number,
            nearness=nearness,
            due=last.date,
            calendar=command.calendar.version,
            at=command.at,
        )
    ]


def urge(case: State, command: UrgeLeg) -> Sequence[LegUrged]:
    """Refusals: case.unknown, case.leg-unknown, case.leg-closed, case.own-case,
    case.other-department, case.leg-in-time, case.message-missing."""
    leg = _open_leg(case, command.leg, command.officer)
    nearness = nearness_of(leg, today=civil_day(command.at), calendar=command.calendar)
    require(nearness is not None, "case.leg-in-time")
    require(bool(command.message.strip()), "case.message-missing")
    last = leg_due(leg, calendar=command.calendar)
    assert last is not None
    return [
        LegUrged(
            leg=leg.number,
            message=Sealed(command.message),
            due=last.date,
            officer=command.officer,
            at=command.at,
        )
    ]


def answer(case: State, command: RecordAnswer) -> Sequence[LegAnswered]:
    """Refusals: case.unknown, case.leg-unknown, case.leg-closed, case.own-case,
    case.other-department, case.leg-not-handed-over, case.answer-number-missing,
    case.answer-document-missing, case.day-impossible."""
    leg = _open_leg(case, command.leg, command.officer)
    require(leg.handed_date is not None, "case.leg-not-handed-over")
    assert leg.handed_date is not None
    # What the organ will rest on is there to be read.
    decides = command.answer in (Answer.GRANTED, Answer.REFUSED)
    require(bool(command.answer_no.strip()), "case.answer-number-missing")
    require(not decides or command.document is not None, "case.answer-document-missing")
    _require_between(leg.handed_date, command.answer_date, command.received_date)
    _require_between(leg.handed_date, command.received_date, civil_day(command.at))
    return [
        LegAnswered(
            leg=leg.number,
            answer=command.answer,
            answer_no=command.answer_no.strip(),
            answer_date=command.answer_date,
            received_date=command.received_date,
            document=command.document,
            resumed=_resumed(case, leg, command.received_date, command.calendar),
            officer=command.officer,
            at=command.at,
        )
    ]


def recall(case: State, command: RecallLeg) -> Sequence[LegRecalled]:
    """Refusals: case.unknown, case.leg-unknown, case.leg-closed, case.own-case,
    case.other-department, case.reason-missing."""
    leg = _open_leg(case, command.leg, command.officer)
    require(bool(command.reason.strip()), "case.reason-missing")
    return [
        LegRecalled(
            leg=leg.number,
            reason=Sealed(command.reason),
            resumed=_resumed(case, leg, civil_day(command.at), command.calendar),
            officer=command.officer,
            at=command.at,
        )
    ]


def require_answers(case: State, *, granted: bool, cites: Sequence[int]) -> None:
    """Refuse a decision that does not wait for a leg, or goes against whoever decides above.

    Refusals: case.leg-open (facts: body), case.leg-not-answered, case.referral-missing (facts:
    body), case.referral-not-granted (facts: body).
    """
    for leg in case.open_legs():
        raise Refused("case.leg-open", body=leg.body)
    answered = {leg.number for leg in case.legs if leg.answer}
    require(set(cites) <= answered, "case.leg-not-answered")
    for to in terms_of_case(case).referred_to if granted else ():
        said = [leg.answer for leg in case.legs if leg.body == to.body and leg.answer]
        require(bool(said), "case.referral-missing", body=to.body)
        require(said[-1] == Answer.GRANTED, "case.referral-not-granted", body=to.body)


def _require_ours(case: State, terms: Terms, officer: Officer) -> None:
    require_stranger(case, officer.person)
    require(officer.organisation == terms.department, "case.other-department")


def _open_leg(case: State, number: int, officer: Officer | None = None) -> Leg:
    terms = terms_of_case(case)
    leg = next((one for one in case.legs if one.number == number), None)
    if leg is None:
        raise Refused("case.leg-unknown")
    require(leg.closed_date is None, "case.leg-closed")
    if officer is not None:
        _require_ours(case, terms, officer)
    return leg


def _require_between(first: date, day: date, last: date) -> None:
    require(first <= day <= last, "case.day-impossible", first=first, last=last)


def _resumed(case: State, leg: Leg, day: date, calendar: WorkCalendar) -> Resumed | None:
    """Return the dates from which the clock goes on, if this leg had stopped it."""
    if not leg.standstill or leg.handed_date is None:
        return None
    running = replace(case, pauses=pauses_until(case, day))
    return Resumed(**dates_moved(case, running, calendar=calendar))


# ── The leg's own clock ─────────────────────────────────────────────────────


def term_of_leg(leg: Leg) -> clock.Term | None:
    """Return the term the body has; None before it took the case."""
    if leg.handed_date is None:
        return None
    return clock.Term(budget_days=leg.days, started=leg.handed_date)


def leg_due(leg: Leg, *, calendar: WorkCalendar) -> Due | None:
    """Return the last day of the body's own term; None before it took the case."""
    term = term_of_leg(leg)
    return due(term, calendar=calendar) if term else None


def leg_standing(leg: Leg, *, today: date, calendar: WorkCalendar) -> Standing | None:
    """Return how the body stands against its own term; None before it took the case."""
    term = term_of_leg(leg)
    if term is None:
        return None
    return clock.standing(term, today=today, calendar=calendar, closed=leg.closed_date)


def nearness_of(leg: Leg, *, today: date, calendar: WorkCalendar) -> Nearness | None:
    """Return whether an open leg is near its term or over it."""
    match leg_standing(leg, today=today, calendar=calendar):
        case Standing.NEAR:
            return Nearness.NEAR
        case Standing.OVER:
            return Nearness.OVER
        case _:
            return None


def first_review_due(case: State, *, calendar: WorkCalendar) -> Due | None:
    """Return by when what the item sends above has to be on its way (初审期限): art. 43.

    None before acceptance, while the clock stands still, and where nothing is sent above.
    """
    if case.accepted_date is None or not terms_of_case(case).referred_to:
        return None
    term = replace(term_of(case, promised=False), budget_days=FIRST_REVIEW_DAYS, extensions=())
    return due(term, calendar=calendar)


# ── What changes ────────────────────────────────────────────────────────────


def referred(case: State, event: CaseReferred) -> State:
    leg = Leg(
        number=event.leg,
        body=event.to.body,
        days=event.to.days,
        basis=event.to.basis,
        standstill=bool(event.to.standstill_basis),
        ordered_date=civil_day(event.at),
    )
    return replace(case, legs=(*case.legs, leg))


def handed_over(case: State, event: LegHandedOver) -> State:
    leg = case.leg(event.leg)
    case = _with(case, replace(leg, handed_date=event.received_date))
    if not leg.standstill:
        return case
    pause = Pausing(REFERRED, event.received_date, None, leg.days)
    return replace(case, special=REFERRED, pauses=(*case.pauses, pause))


def reminded(case: State, event: LegReminded) -> State:
    return _with(case, replace(case.leg(event.leg), reminded=event.nearness))


def urged(case: State, event: LegUrged) -> State:
    leg = case.leg(event.leg)
    return _with(case, replace(leg, urged=leg.urged + 1))


def answered(case: State, event: LegAnswered) -> State:
    leg = replace(
        case.leg(event.leg),
        answer=event.answer,
        answer_no=event.answer_no,
        answer_date=event.answer_date,
        closed_date=event.received_date,
    )
    return _going_on(_with(case, leg), event.resumed, event.received_date)


def recalled(case: State, event: LegRecalled) -> State:
    day = civil_day(event.at)
    return _going_on(_with(case, replace(case.leg(event.leg), closed_date=day)), event.resumed, day)


def _going_on(case: State, resumed: Resumed | None, day: date) -> State:
    if resumed is None:
        return case
    return replace(
        case,
        special="",
        pauses=pauses_until(case, day),
        statutory_due=resumed.statutory_due,
        promised_due=resumed.promised_due,
        provisional=resumed.provisional,
    )


def _with(case: State, changed: Leg) -> State:
    legs = tuple(changed if leg.number == changed.number else leg for leg in case.legs)
    return replace(case, legs=legs)
