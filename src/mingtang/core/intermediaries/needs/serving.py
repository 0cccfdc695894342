"""From the contract to the rating: what the body does, and what whoever needs it says to that."""

from collections.abc import Sequence
from datetime import date, timedelta

from mingtang.core.clock import civil_day
from mingtang.core.decider import require
from mingtang.core.intermediaries.choosing import Way
from mingtang.core.intermediaries.needs.commands import (
    AcceptResult,
    AnswerComplaint,
    BeginService,
    ComplainOfService,
    DeliverResult,
    EndNeed,
    NoteContract,
    NoteCounted,
    NoteExcluded,
    NoteResumed,
    RateService,
    ReturnResult,
)
from mingtang.core.intermediaries.needs.events import (
    Event,
    NeedAccepted,
    NeedComplained,
    NeedComplaintAnswered,
    NeedContracted,
    NeedDelivered,
    NeedEnded,
    NeedRated,
    NeedReturned,
    NeedServiceBegun,
    NeedTimeCounted,
    NeedTimeExcluded,
    NeedTimeResumed,
)
from mingtang.core.intermediaries.needs.state import Round, State, terms_of
from mingtang.core.intermediaries.needs.terms import OVER, Stage
from mingtang.core.wire import Sealed
from mingtang.core.worktime import WorkCalendar, add_working_days, working_days_between

MOST_STARS = 5


def contract(need: State, command: NoteContract) -> Sequence[NeedContracted]:
    """Refusals: need.unknown, need.not-chosen, need.not-publisher, need.price-not-quoted
    (price_fen), need.over-ceiling (limit_fen), need.days-wrong (limit)."""
    content = terms_of(need).content
    require(need.stage is Stage.CHOSEN, "need.not-chosen")
    require(command.own, "need.not-publisher")
    if content.way is Way.QUOTE:
        same = command.price_fen == need.price_fen
        require(same, "need.price-not-quoted", price_fen=need.price_fen)
    limit = content.ceiling_fen
    require(0 < command.price_fen <= limit, "need.over-ceiling", limit_fen=limit)
    require(0 < command.days <= content.days, "need.days-wrong", limit=content.days)
    return [
        NeedContracted(
            price_fen=command.price_fen, days=command.days, by=Sealed(command.by), at=command.at
        )
    ]


def begin(need: State, command: BeginService) -> Sequence[NeedServiceBegun]:
    """Refusals: need.unknown, need.no-contract, need.not-its-agent."""
    terms_of(need)
    require(need.stage is Stage.CONTRACTED, "need.no-contract")
    require(command.represents, "need.not-its-agent")
    return [_begun(need, command, need.days)]


def _begun(need: State, command: BeginService | ReturnResult, days: int) -> NeedServiceBegun:
    service = terms_of(need).service
    # As with a special procedure, the first day counts if it is worked.
    eve = civil_day(command.at) - timedelta(days=1)
    return NeedServiceBegun(
        round=len(need.rounds) + 1,
        body=need.body,
        body_name=need.body_name,
        service=service.name,
        procedure=service.procedure,
        items=service.items,
        case=Sealed(need.case),
        days=days,
        due=add_working_days(eve, days, calendar=command.calendar).date,
        by=Sealed(command.by),
        at=command.at,
    )


def deliver(need: State, command: DeliverResult) -> Sequence[NeedDelivered]:
    """Refusals: need.unknown, need.not-serving, need.not-its-agent, need.no-document."""
    terms_of(need)
    require(need.stage is Stage.SERVING, "need.not-serving")
    require(command.represents, "need.not-its-agent")
    require(command.documents != (), "need.no-document")
    running, today = need.rounds[-1], civil_day(command.at)
    return [
        NeedDelivered(
            round=running.number,
            documents=command.documents,
            note=Sealed(command.note),
            case=Sealed(need.case),
            days=days_used(running, today, calendar=command.calendar),
            late_days=late_days(running, today, calendar=command.calendar),
            by=Sealed(command.by),
            at=command.at,
        )
    ]


def days_used(running: Round, today: date, *, calendar: WorkCalendar) -> int:
    """Return the worked days from the first day of a round up to and including `today`."""
    return working_days_between(running.since - timedelta(days=1), today, calendar=calendar)


def late_days(running: Round, today: date, *, calendar: WorkCalendar) -> int:
    """Return the worked days since a round was due; delivered on the due date is in time."""
    return working_days_between(running.due, today, calendar=calendar)


def accept(need: State, command: AcceptResult) -> Sequence[NeedAccepted]:
    """Refusals: need.unknown, need.not-delivered, need.not-publisher."""
    _require_delivered(need, own=command.own)
    return [NeedAccepted(by=Sealed(command.by), at=command.at)]


def return_result(need: State, command: ReturnResult) -> Sequence[Event]:
    """Refusals: need.unknown, need.not-delivered, need.not-publisher, need.reason-missing,
    need.days-wrong (limit)."""
    _require_delivered(need, own=command.own)
    require(command.reason.strip() != "", "need.reason-missing")
    require(0 < command.days <= need.days, "need.days-wrong", limit=need.days)
    returned = NeedReturned(reason=Sealed(command.reason), by=Sealed(command.by), at=command.at)
    return [returned, _begun(need, command, command.days)]


def _require_delivered(need: State, *, own: bool) -> None:
    terms_of(need)
    require(need.stage is Stage.DELIVERED, "need.not-delivered")
    require(own, "need.not-publisher")


def rate(need: State, command: RateService) -> Sequence[NeedRated]:
    """Refusals: need.unknown, need.not-accepted, need.not-publisher, need.rated-already,
    need.stars-wrong."""
    terms_of(need)
    require(need.stage is Stage.ACCEPTED, "need.not-accepted")
    require(command.own, "need.not-publisher")
    require(not need.stars, "need.rated-already")
    require(1 <= command.stars <= MOST_STARS, "need.stars-wrong")
    return [
        NeedRated(
            body=need.body,
            stars=command.stars,
            comment=Sealed(command.comment),
            by=Sealed(command.by),
            at=command.at,
        )
    ]


def complain(need: State, command: ComplainOfService) -> Sequence[NeedComplained]:
    """Refusals: need.unknown, need.nobody-chosen, need.not-publisher, need.complaint-open,
    need.reason-missing."""
    terms_of(need)
    require(need.body != "", "need.nobody-chosen")
    require(command.own, "need.not-publisher")
    require(not need.complaint, "need.complaint-open")
    require(command.text.strip() != "", "need.reason-missing")
    return [NeedComplained(text=Sealed(command.text), by=Sealed(command.by), at=command.at)]


def answer(need: State, command: AnswerComplaint) -> Sequence[NeedComplaintAnswered]:
    """Refusals: need.unknown, need.not-its-centre, need.no-complaint, need.reason-missing."""
    terms_of(need)
    require(command.manages, "need.not-its-centre")
    require(need.complaint, "need.no-complaint")
    require(command.reason.strip() != "", "need.reason-missing")
    return [
        NeedComplaintAnswered(
            body=need.body,
            upheld=command.upheld,
            reason=command.reason,
            by=command.by,
            at=command.at,
        )
    ]


def end(need: State, command: EndNeed) -> Sequence[NeedEnded]:
    """Refusals: need.unknown, need.over, need.not-publisher, need.reason-missing."""
    terms_of(need)
    require(need.stage not in OVER, "need.over")
    require(command.own or command.manages, "need.not-publisher")
    require(command.reason.strip() != "", "need.reason-missing")
    serving = need.stage is Stage.SERVING
    return [
        NeedEnded(
            round=need.rounds[-1].number if serving else 0,
            case=Sealed(need.case),
            reason=Sealed(command.reason),
            by=Sealed(command.by),
            at=command.at,
        )
    ]


# ── What the case says of the time ──────────────────────────────────────────


def note_excluded(need: State, command: NoteExcluded) -> Sequence[NeedTimeExcluded]:
    """Refusals: need.round-unknown, need.time-known."""
    require(not _round(need, command.round).noted, "need.time-known")
    return [NeedTimeExcluded(round=command.round, since=command.since, at=command.at)]


def note_counted(need: State, command: NoteCounted) -> Sequence[NeedTimeCounted]:
    """Refusals: need.round-unknown, need.time-known."""
    require(not _round(need, command.round).noted, "need.time-known")
    return [NeedTimeCounted(round=command.round, why=command.why, at=command.at)]


def note_resumed(need: State, command: NoteResumed) -> Sequence[NeedTimeResumed]:
    """Refusals: need.round-unknown, need.time-known."""
    running = _round(need, command.round)
    require(running.stands_still, "need.time-known")
    return [NeedTimeResumed(round=command.round, days=command.days, at=command.at)]


def _round(need: State, number: int) -> Round:
    require(0 < number <= len(need.rounds), "need.round-unknown")
    return need.rounds[number - 1]
