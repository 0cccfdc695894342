"""The hearing itself (举行听证): when and where, who chairs it, and its record.

行政许可法 art. 48: applicant and those with an interest are told time and place seven days before;
it is held in public; whoever reviewed the application does not chair it, and a party that finds the
chair has a direct interest may ask for another; the reviewers give their evidence and reasons, the
parties answer; the record is given to those who took part to read and sign. Seven working days
(art. 82) lie between the notice and the hearing, neither day counted. The law does not say who
rules on a challenge: here it is the organ's head, who therefore chairs nothing.

The clocks stand still from the notice, which says how long it takes, to the record: art. 45.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import ClassVar

from mingtang.core.cases.hearingright import (
    PartyActs,
    acting,
    open_hearing,
    opened,
    require_ours,
    with_hearing,
)
from mingtang.core.cases.hearings import APPLICANT, Ending, Hearing
from mingtang.core.cases.special import (
    SpecialBegun,
    SpecialEnded,
    SpecialKind,
    may_stop,
    resumption,
)
from mingtang.core.cases.state import (
    DECISION,
    INTAKE,
    State,
    terms_of_case,
)
from mingtang.core.cases.terms import Document, Officer
from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused, require
from mingtang.core.wire import Sealed
from mingtang.core.worktime import WorkCalendar, add_working_days, working_days_between

NOTICE_DAYS = 7  # art. 48(1), working days
WHY_IT_STOPS = "举行听证"


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """Whether a party came, and signed the record; a party that did not sign: why."""

    party: int
    came: bool
    signed: bool = False
    unsigned_reason: str = ""


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class ScheduleHearing:
    """通知听证: once more when it is put off, and then with a reason.

    `chair_heads`: whether the chair is the organ's manager today. `private_reason`: why it is not
    held in public (art. 5: secrets of the state, of business, privacy); empty: it is.
    """

    hearing: int
    starts_at: datetime
    place: str
    chair: Officer
    chair_heads: bool
    private_reason: str = ""
    reason: str = ""
    officer: Officer
    at: datetime
    calendar: WorkCalendar


@dataclass(frozen=True, kw_only=True)
class ChallengeChair(PartyActs):
    """申请主持人回避."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class RuleOnChallenge:
    """决定是否回避, before it begins. `heads`: whether the approver is the organ's manager today;
    `chair`: who chairs it instead, where it is upheld."""

    hearing: int
    upheld: bool
    reason: str
    chair: Officer | None
    chair_heads: bool
    approver: Officer
    heads: bool
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ChangeChair:
    """更换主持人, without a challenge."""

    hearing: int
    chair: Officer
    chair_heads: bool
    reason: str
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RecordHearing:
    """制作听证笔录, by whoever chaired it."""

    hearing: int
    presenters: tuple[Officer, ...]  # reviewers who gave evidence and reasons
    evidence: str  # what they said
    statements: str  # what the parties said to it
    attendance: tuple[Attendance, ...]
    document: Document | None  # the signed record
    officer: Officer
    at: datetime
    calendar: WorkCalendar


# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class HearingScheduled:
    kind: ClassVar[str] = "case.hearing-scheduled.v1"
    hearing: int
    starts_at: datetime
    place: str
    chair: Officer
    public: bool
    private_reason: Sealed
    reason: Sealed  # why it was put off; empty: it was not
    late: bool  # no day was left within the twenty
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class HearingNotified:
    """One for each party: each has a paper of its own."""

    kind: ClassVar[str] = "case.hearing-notified.v1"
    hearing: int
    party: int
    starts_at: datetime
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ChairChallenged:
    kind: ClassVar[str] = "case.chair-challenged.v1"
    hearing: int
    party: int
    chair: Officer
    reason: Sealed
    taken_by: Officer | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ChallengeRuled:
    kind: ClassVar[str] = "case.challenge-ruled.v1"
    hearing: int
    party: int
    upheld: bool
    reason: Sealed
    approver: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ChairChanged:
    kind: ClassVar[str] = "case.chair-changed.v1"
    hearing: int
    chair: Officer
    reason: Sealed
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class HearingHeld:
    kind: ClassVar[str] = "case.hearing-held.v1"
    hearing: int
    held_date: date
    chair: Officer
    presenters: tuple[Officer, ...]
    came: tuple[int, ...]  # parties
    signed: tuple[int, ...]
    evidence: Sealed
    statements: Sealed
    unsigned: Sealed  # who did not sign, and why
    document: Document
    at: datetime


# ── The rules ───────────────────────────────────────────────────────────────


def schedule(
    case: State, command: ScheduleHearing
) -> Sequence[HearingScheduled | HearingNotified | SpecialBegun]:
    """What is too late is refused as long as a day is left in time; then it is recorded as late.

    Refusals: case.unknown, case.hearing-unknown, case.hearing-over, case.own-case,
    case.other-department, case.hearing-not-needed, case.reason-missing (put off without one),
    case.hearing-place-missing, case.hearing-too-early (facts: first), case.hearing-too-late
    (facts: last), case.hearing-challenge-open (another chair, instead of a ruling), those of
    `_require_chair`.
    """
    hearing, _applicant = open_hearing(case, command.hearing)
    require_ours(case, command.officer)
    require(hearing.needed, "case.hearing-not-needed")
    put_off = hearing.starts_at is not None
    require(not put_off or bool(command.reason.strip()), "case.reason-missing")
    require(bool(command.place.strip()), "case.hearing-place-missing")
    day, today = civil_day(command.starts_at), civil_day(command.at)
    first = first_day(today, calendar=command.calendar)
    require(day >= first, "case.hearing-too-early", first=first)
    last = hearing.hold_due
    late = last is not None and day > last
    in_time = last is not None and first <= last
    require(not (late and in_time), "case.hearing-too-late", last=last)
    same = hearing.chair is not None and command.chair.person == hearing.chair.person
    require(same or hearing.challenge is None, "case.hearing-challenge-open")
    _require_chair(case, hearing, command.chair, heads=command.chair_heads)
    scheduled = HearingScheduled(
        hearing=hearing.number,
        starts_at=command.starts_at,
        place=command.place.strip(),
        chair=command.chair,
        public=not command.private_reason.strip(),
        private_reason=Sealed(command.private_reason.strip()),
        reason=Sealed(command.reason.strip()),
        late=late,
        officer=command.officer,
        at=command.at,
    )
    notified = [
        HearingNotified(
            hearing=hearing.number,
            party=party.number,
            starts_at=command.starts_at,
            officer=command.officer,
            at=command.at,
        )
        for party in hearing.parties
    ]
    return [scheduled, *notified, *_standing_still(case, command, today, day)]


def _standing_still(
    case: State, command: ScheduleHearing, today: date, day: date
) -> list[SpecialBegun]:
    """Stop the clocks, where they run and are in time; the notice says how long it takes."""
    if not may_stop(case, command.at):
        return []
    eve = today - timedelta(days=1)
    days = working_days_between(eve, day, calendar=command.calendar)
    return [
        SpecialBegun(
            procedure=SpecialKind.HEARING,
            reason=Sealed(WHY_IT_STOPS),
            expected_days=max(days, 1),
            officer=command.officer,
            at=command.at,
        )
    ]


def challenge(case: State, command: ChallengeChair) -> Sequence[ChairChallenged]:
    """Refusals: those of `acting`, case.hearing-not-scheduled, case.hearing-begun,
    case.hearing-challenge-open, case.hearing-challenged-already, case.reason-missing."""
    hearing, party = acting(case, command)
    chair = _chair_before(hearing, command.at)
    require(hearing.challenge is None, "case.hearing-challenge-open")
    require(chair.person not in party.challenged, "case.hearing-challenged-already")
    require(bool(command.reason.strip()), "case.reason-missing")
    return [
        ChairChallenged(
            hearing=hearing.number,
            party=party.number,
            chair=chair,
            reason=Sealed(command.reason),
            taken_by=command.taken_by,
            at=command.at,
        )
    ]


def rule(case: State, command: RuleOnChallenge) -> Sequence[ChallengeRuled | ChairChanged]:
    """Refusals: case.unknown, case.hearing-unknown, case.hearing-over, case.own-case,
    case.other-department, case.hearing-not-scheduled, case.hearing-begun,
    case.hearing-no-challenge, case.not-organ-head, case.hearing-own-challenge,
    case.reason-missing, case.chair-missing, those of `_require_chair`."""
    hearing, _applicant = open_hearing(case, command.hearing)
    approver = command.approver
    require_ours(case, approver)
    chair = _chair_before(hearing, command.at)
    require(hearing.challenge is not None, "case.hearing-no-challenge")
    assert hearing.challenge is not None
    require(command.heads, "case.not-organ-head")
    require(approver.person != chair.person, "case.hearing-own-challenge")
    require(bool(command.reason.strip()), "case.reason-missing")
    ruled = ChallengeRuled(
        hearing=hearing.number,
        party=hearing.challenge,
        upheld=command.upheld,
        reason=Sealed(command.reason),
        approver=approver,
        at=command.at,
    )
    if not command.upheld:
        return [ruled]
    if command.chair is None or command.chair.person == chair.person:
        raise Refused("case.chair-missing")
    _require_chair(case, hearing, command.chair, heads=command.chair_heads)
    changed = ChairChanged(
        hearing=hearing.number,
        chair=command.chair,
        reason=Sealed(command.reason),
        officer=approver,
        at=command.at,
    )
    return [ruled, changed]


def change_chair(case: State, command: ChangeChair) -> Sequence[ChairChanged]:
    """Refusals: case.unknown, case.hearing-unknown, case.hearing-over, case.own-case,
    case.other-department, case.hearing-not-scheduled, case.hearing-begun,
    case.hearing-challenge-open, case.chair-missing, case.reason-missing, those of
    `_require_chair`."""
    hearing, _applicant = open_hearing(case, command.hearing)
    require_ours(case, command.officer)
    chair = _chair_before(hearing, command.at)
    require(hearing.challenge is None, "case.hearing-challenge-open")  # it is ruled on, not evaded
    require(command.chair.person != chair.person, "case.chair-missing")
    require(bool(command.reason.strip()), "case.reason-missing")
    _require_chair(case, hearing, command.chair, heads=command.chair_heads)
    return [
        ChairChanged(
            hearing=hearing.number,
            chair=command.chair,
            reason=Sealed(command.reason),
            officer=command.officer,
            at=command.at,
        )
    ]


def record(case: State, command: RecordHearing) -> Sequence[HearingHeld | SpecialEnded]:
    """Refusals: case.unknown, case.hearing-unknown, case.hearing-over,
    case.hearing-not-scheduled, case.hearing-not-begun, case.hearing-challenge-open,
    case.hearing-not-chair, case.hearing-chair-reviewed, case.hearing-presenters,
    case.hearing-evidence-missing, case.hearing-attendance, case.hearing-unsigned,
    case.hearing-record-missing."""
    hearing, _applicant = open_hearing(case, command.hearing)
    chair = hearing.chair
    if chair is None or hearing.starts_at is None:
        raise Refused("case.hearing-not-scheduled")
    require(command.at >= hearing.starts_at, "case.hearing-not-begun")
    require(hearing.challenge is None, "case.hearing-challenge-open")
    require(command.officer.person == chair.person, "case.hearing-not-chair")
    require(chair.person not in reviewers_of(case), "case.hearing-chair-reviewed")
    _require_presenters(case, command, chair)
    require(bool(command.evidence.strip()), "case.hearing-evidence-missing")
    told = {one.number for one in hearing.parties}
    listed = [one.party for one in command.attendance]
    require(set(listed) == told and len(listed) == len(told), "case.hearing-attendance")
    came = [one for one in command.attendance if one.came]
    settled = all(one.signed or one.unsigned_reason.strip() for one in came)
    require(settled, "case.hearing-unsigned")
    if command.document is None:
        raise Refused("case.hearing-record-missing")
    held_date = civil_day(hearing.starts_at)
    held = HearingHeld(
        hearing=hearing.number,
        held_date=held_date,
        chair=chair,
        presenters=command.presenters,
        came=tuple(one.party for one in came),
        signed=tuple(one.party for one in came if one.signed),
        evidence=Sealed(command.evidence),
        statements=Sealed(command.statements),
        unsigned=Sealed("；".join(_why_unsigned(hearing, one) for one in came if not one.signed)),
        document=command.document,
        at=command.at,
    )
    if case.special != SpecialKind.HEARING:
        return [held]
    said = f"{held_date.isoformat()}已举行听证，制作笔录"
    return [held, resumption(case, said, chair, command.at, command.calendar)]


def _why_unsigned(hearing: Hearing, one: Attendance) -> str:
    party = hearing.party(one.party)
    name = party.name if party and party.number != APPLICANT else "申请人"
    return f"{name}：{one.unsigned_reason.strip()}"


def _require_presenters(case: State, command: RecordHearing, chair: Officer) -> None:
    department = terms_of_case(case).department
    ours = all(
        one.organisation == department or one.person in reviewers_of(case)
        for one in command.presenters
    )
    chairs = any(one.person == chair.person for one in command.presenters)
    require(bool(command.presenters) and ours and not chairs, "case.hearing-presenters")


def _chair_before(hearing: Hearing, at: datetime) -> Officer:
    """Return who is to chair it, as long as it has not begun."""
    if hearing.chair is None or hearing.starts_at is None:
        raise Refused("case.hearing-not-scheduled")
    require(at < hearing.starts_at, "case.hearing-begun")
    return hearing.chair


def _require_chair(case: State, hearing: Hearing, chair: Officer, *, heads: bool) -> None:
    """Refusals: case.hearing-chair-elsewhere, case.hearing-chair-reviewed,
    case.hearing-chair-party, case.hearing-chair-stepped-down, case.hearing-chair-heads."""
    department = terms_of_case(case).department
    require(chair.organisation == department, "case.hearing-chair-elsewhere")
    require(chair.person not in reviewers_of(case), "case.hearing-chair-reviewed")
    interested = {case.applicant, case.agent} | {one.person for one in hearing.parties}
    require(chair.person not in interested, "case.hearing-chair-party")
    require(chair.person not in hearing.stepped_down, "case.hearing-chair-stepped-down")
    require(not heads, "case.hearing-chair-heads")


def reviewers_of(case: State) -> frozenset[str]:
    """Return who reviewed the application, or has a part of the review in hand: art. 48(3)."""
    steps = [task for task in case.tasks if task.key not in (INTAKE, DECISION)]
    people = {task.person for task in steps} | {task.holder for task in steps}
    people |= {task.found_by.person for task in steps if task.found_by is not None}
    people |= {one.signed_by for one in case.signatures if one.done_at is not None}
    people |= {*case.on_site, *(one.person for one in case.requests)}
    return frozenset(people - {""})


def chairs_of(case: State) -> frozenset[str]:
    """Return who is to chair a hearing of the case that is not over."""
    chairs = (one.chair for one in case.hearings if not one.ended)
    return frozenset(chair.person for chair in chairs if chair is not None)


def first_day(notified: date, *, calendar: WorkCalendar) -> date:
    """Return the first day on which a hearing may be held whose notice is given on `notified`."""
    return add_working_days(notified, NOTICE_DAYS, calendar=calendar).date + timedelta(days=1)


# ── What changes ────────────────────────────────────────────────────────────


def scheduled(case: State, event: HearingScheduled) -> State:
    hearing = replace(
        case.hearing(event.hearing),
        starts_at=event.starts_at,
        place=event.place,
        public=event.public,
        private_reason=opened(event.private_reason),
        put_off=opened(event.reason),
        chair=event.chair,
        notified_date=civil_day(event.at),
    )
    return with_hearing(case, hearing)


def notified(case: State, event: HearingNotified) -> State:
    """The day is in what was scheduled; this is a party's own notice of it."""
    return case


def challenged(case: State, event: ChairChallenged) -> State:
    hearing = case.hearing(event.hearing)
    party = hearing.party(event.party)
    assert party is not None
    tried = replace(party, challenged=(*party.challenged, event.chair.person))
    return with_hearing(case, replace(hearing.with_party(tried), challenge=event.party))


def ruled(case: State, event: ChallengeRuled) -> State:
    hearing = replace(case.hearing(event.hearing), challenge=None)
    if event.upheld and hearing.chair is not None:
        hearing = replace(hearing, stepped_down=(*hearing.stepped_down, hearing.chair.person))
    return with_hearing(case, hearing)


def chair_changed(case: State, event: ChairChanged) -> State:
    return with_hearing(case, replace(case.hearing(event.hearing), chair=event.chair))


def held(case: State, event: HearingHeld) -> State:
    hearing = replace(case.hearing(event.hearing), ended=Ending.HELD, ended_date=event.held_date)
    return with_hearing(case, hearing)
