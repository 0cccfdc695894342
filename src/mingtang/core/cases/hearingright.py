"""The right to a hearing (听证权利): told, reached, made use of or not; or no need to ask.

The organ announces and holds one of its own accord where the law says so or a great public interest
is touched: 行政许可法 art. 46. Before it decides on what directly touches a weighty interest of the
applicant and another, it tells both of their right to one; each may ask within five days of being
told, and it is held within twenty: art. 47. They pay nothing for it. The five days are working
days, as art. 82 counts the organ's own, and run for each party from when the notice reached it:
before that nobody has lost anything, and nothing is decided.

The calendar may change meanwhile; the last day to ask stays the one that was given in writing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar, NamedTuple

from mingtang.core.cases.filing import is_own
from mingtang.core.cases.hearings import APPLICANT, Ending, Hearing, HearingGround, Party, Stand
from mingtang.core.cases.special import SpecialEnded, SpecialKind, resumption
from mingtang.core.cases.state import Stage, State, require_stranger, terms_of_case
from mingtang.core.cases.terms import Officer
from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused, require
from mingtang.core.wire import ERASED, Sealed
from mingtang.core.worktime import WorkCalendar, add_working_days

ASK_DAYS = 5  # art. 47 para. 1, working days
HOLD_DAYS = 20  # art. 47 para. 1, working days (art. 82)
CALLED_OFF = "听证申请已撤回，不再举行听证"


@dataclass(frozen=True, kw_only=True)
class Interested:
    """利害关系人. `person`: through whom it acts online, looked up; empty: nobody is known."""

    name: str
    person: str = ""


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class AnnounceHearing:
    """公告听证, of the organ's own accord. `matter`: what it is about, for everybody to read."""

    ground: HearingGround
    matter: str
    basis: str  # the article, or why the public interest is great
    interested: tuple[Interested, ...]
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TellOfHearing:
    """告知听证权利: to the applicant, and to those with an interest."""

    interest: str  # what weighty interest is touched, and how
    interested: tuple[Interested, ...]
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NoteRightReached:
    """听证告知书送达: what a served paper does; the five days begin."""

    hearing: int
    party: int
    reached_date: date
    at: datetime
    calendar: WorkCalendar


@dataclass(frozen=True, kw_only=True)
class PartyActs:
    """What a party does itself, or an officer takes down for it (`taken_by`)."""

    hearing: int
    party: int
    person: str = ""
    represents: frozenset[str] = frozenset()  # for whom else this person may act today
    taken_by: Officer | None = None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AskForHearing(PartyActs):
    """申请听证. `reason`: what is to be heard; need not be given."""

    reason: str
    calendar: WorkCalendar


@dataclass(frozen=True, kw_only=True)
class ForgoHearing(PartyActs):
    """放弃听证: no need to wait for the last day."""


@dataclass(frozen=True, kw_only=True)
class WithdrawFromHearing(PartyActs):
    """撤回听证申请, until it begins."""

    reason: str
    calendar: WorkCalendar


# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class HearingAnnounced:
    kind: ClassVar[str] = "case.hearing-announced.v1"
    hearing: int  # counts the hearings of the case, from 1
    ground: HearingGround
    matter: str
    basis: str
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class HearingPartyNamed:
    """Somebody has an interest in a hearing the organ announced."""

    kind: ClassVar[str] = "case.hearing-party-named.v1"
    hearing: int
    party: int
    name: Sealed
    person: Sealed
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class HearingRightTold:
    """One for each party: each has a paper of its own."""

    kind: ClassVar[str] = "case.hearing-right-told.v1"
    hearing: int
    party: int  # 0: the applicant
    name: Sealed  # empty: the applicant, who is named in the case
    person: Sealed
    stake: Sealed  # what weighty interest is touched
    officer: Officer
    at: datetime


@dataclass(frozen=True, kw_only=True)
class HearingRightReached:
    kind: ClassVar[str] = "case.hearing-right-reached.v1"
    hearing: int
    party: int
    reached_date: date
    ask_due: date
    provisional: bool
    calendar: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class HearingAsked:
    kind: ClassVar[str] = "case.hearing-asked.v1"
    hearing: int
    party: int
    reason: Sealed
    taken_by: Officer | None
    hold_due: date  # of the first that asked
    provisional: bool
    calendar: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class HearingForgone:
    kind: ClassVar[str] = "case.hearing-forgone.v1"
    hearing: int
    party: int
    taken_by: Officer | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class HearingWithdrawn:
    kind: ClassVar[str] = "case.hearing-withdrawn.v1"
    hearing: int
    party: int
    reason: Sealed
    taken_by: Officer | None
    at: datetime


# ── The rules ───────────────────────────────────────────────────────────────


def announce(
    case: State, command: AnnounceHearing
) -> Sequence[HearingAnnounced | HearingPartyNamed]:
    """Refusals: case.unknown, case.not-under-review, case.own-case, case.other-department,
    case.hearing-open, case.matter-missing, case.reason-missing, case.hearing-party-missing."""
    _require_free(case, command.officer, command.at)
    require(bool(command.matter.strip()), "case.matter-missing")
    require(bool(command.basis.strip()), "case.reason-missing")
    number = len(case.hearings) + 1
    announced = HearingAnnounced(
        hearing=number,
        ground=command.ground,
        matter=command.matter.strip(),
        basis=command.basis.strip(),
        officer=command.officer,
        at=command.at,
    )
    named = [
        HearingPartyNamed(
            hearing=number,
            party=party.number,
            name=Sealed(party.name),
            person=Sealed(party.person),
            officer=command.officer,
            at=command.at,
        )
        for party in _numbered(command.interested)
    ]
    return [announced, *named]


def tell(case: State, command: TellOfHearing) -> Sequence[HearingRightTold]:
    """Refusals: case.unknown, case.not-under-review, case.own-case, case.other-department,
    case.hearing-open, case.interest-missing, case.hearing-party-missing."""
    _require_free(case, command.officer, command.at)
    require(bool(command.interest.strip()), "case.interest-missing")
    return [
        HearingRightTold(
            hearing=len(case.hearings) + 1,
            party=party.number,
            name=Sealed(party.name),
            person=Sealed(party.person),
            stake=Sealed(command.interest),
            officer=command.officer,
            at=command.at,
        )
        for party in (Party(APPLICANT), *_numbered(command.interested))
    ]


def reach(case: State, command: NoteRightReached) -> Sequence[HearingRightReached]:
    """Refusals: case.unknown, case.hearing-unknown, case.hearing-over, case.hearing-no-right,
    case.hearing-reached-already."""
    hearing, party = open_hearing(case, command.hearing, command.party)
    require(party.told_date is not None, "case.hearing-no-right")
    require(party.reached_date is None, "case.hearing-reached-already")
    last = add_working_days(command.reached_date, ASK_DAYS, calendar=command.calendar)
    return [
        HearingRightReached(
            hearing=hearing.number,
            party=party.number,
            reached_date=command.reached_date,
            ask_due=last.date,
            provisional=last.provisional,
            calendar=command.calendar.version,
            at=command.at,
        )
    ]


def ask(case: State, command: AskForHearing) -> Sequence[HearingAsked]:
    """Whoever was told may ask before the notice was served, too: its days are not over then.

    Refusals: case.unknown, case.hearing-unknown, case.hearing-over, case.not-yours,
    case.own-case, case.other-department, case.hearing-no-right, case.hearing-answered,
    case.hearing-asked-late (facts: until).
    """
    hearing, party = _answering(case, command)
    hold = add_working_days(civil_day(command.at), HOLD_DAYS, calendar=command.calendar)
    first = hearing.hold_due is None
    return [
        HearingAsked(
            hearing=hearing.number,
            party=party.number,
            reason=Sealed(command.reason),
            taken_by=command.taken_by,
            hold_due=hold.date if hearing.hold_due is None else hearing.hold_due,
            provisional=hold.provisional and first,
            calendar=command.calendar.version,
            at=command.at,
        )
    ]


def forgo(case: State, command: ForgoHearing) -> Sequence[HearingForgone]:
    """Refusals: case.unknown, case.hearing-unknown, case.hearing-over, case.not-yours,
    case.own-case, case.other-department, case.hearing-no-right, case.hearing-answered,
    case.hearing-asked-late (facts: until)."""
    hearing, party = _answering(case, command)
    return [
        HearingForgone(
            hearing=hearing.number,
            party=party.number,
            taken_by=command.taken_by,
            at=command.at,
        )
    ]


def withdraw(
    case: State, command: WithdrawFromHearing
) -> Sequence[HearingWithdrawn | SpecialEnded]:
    """When nobody asks for it any more, the clocks that stood still for it go on.

    Refusals: case.unknown, case.hearing-unknown, case.hearing-over, case.not-yours,
    case.own-case, case.other-department, case.hearing-not-asked, case.hearing-begun.
    """
    hearing, party = acting(case, command)
    require(party.stand is Stand.ASKED, "case.hearing-not-asked")
    begun = hearing.starts_at is not None and command.at >= hearing.starts_at
    require(not begun, "case.hearing-begun")
    withdrawn = HearingWithdrawn(
        hearing=hearing.number,
        party=party.number,
        reason=Sealed(command.reason),
        taken_by=command.taken_by,
        at=command.at,
    )
    left = hearing.with_party(replace(party, stand=Stand.WITHDRAWN))
    if left.needed or case.special != SpecialKind.HEARING:
        return [withdrawn]
    return [withdrawn, resumption(case, CALLED_OFF, None, command.at, command.calendar)]


def require_heard(case: State, *, cites: Sequence[int], at: datetime) -> None:
    """Refuse a decision before everybody was heard who may be, or one that leaves the record out.

    行政许可法 art. 48 para. 2: the decision is taken on the record of the hearing. Refusals:
    case.hearing-right-unserved, case.hearing-window-open (facts: until), case.hearing-not-held,
    case.hearing-required (facts: basis), case.hearing-record-unknown,
    case.hearing-record-not-cited.
    """
    day = civil_day(at)
    for hearing in case.hearings:
        if hearing.waits(day):
            require(not hearing.unserved(), "case.hearing-right-unserved")
            raise Refused("case.hearing-window-open", until=hearing.last_ask_day())
        require(bool(hearing.ended) or not hearing.needed, "case.hearing-not-held")
    held = {one.number for one in case.hearings if one.ended == Ending.HELD}
    basis = terms_of_case(case).hearing_basis  # art. 46: where the law says so
    require(not basis or bool(held), "case.hearing-required", basis=basis)
    require(set(cites) <= held, "case.hearing-record-unknown")
    require(held <= set(cites), "case.hearing-record-not-cited")


# ── What the rules share ────────────────────────────────────────────────────


class Acting(NamedTuple):
    hearing: Hearing
    party: Party


def open_hearing(case: State, number: int, party: int = APPLICANT) -> Acting:
    """Return a hearing that is not over, and one of its parties.

    Refusals: case.unknown, case.hearing-unknown, case.hearing-over.
    """
    terms_of_case(case)
    hearing = next((one for one in case.hearings if one.number == number), None)
    found = hearing.party(party) if hearing else None
    if hearing is None or found is None:
        raise Refused("case.hearing-unknown")
    require(not hearing.ended, "case.hearing-over")
    return Acting(hearing, found)


def acting(case: State, command: PartyActs) -> Acting:
    """Return the hearing and the party that acts in it: the person it is, or an officer for it.

    Refusals: those of `open_hearing`, case.not-yours, case.own-case, case.other-department.
    """
    found = open_hearing(case, command.hearing, command.party)
    if command.taken_by is not None:
        require_ours(case, command.taken_by)
        return found
    theirs = bool(command.person) and command.person == found.party.person
    if found.party.number == APPLICANT:
        theirs = is_own(case, command.person, command.represents)
    require(theirs, "case.not-yours")
    return found


def require_ours(case: State, officer: Officer) -> None:
    """Refusals: case.unknown, case.own-case, case.other-department."""
    terms = terms_of_case(case)
    require_stranger(case, officer.person)
    require(officer.organisation == terms.department, "case.other-department")


def _answering(case: State, command: AskForHearing | ForgoHearing) -> Acting:
    hearing, party = acting(case, command)
    require(party.told_date is not None, "case.hearing-no-right")
    require(party.stand is Stand.OPEN, "case.hearing-answered")
    in_time = party.may_still_ask(civil_day(command.at))
    require(in_time, "case.hearing-asked-late", until=party.ask_due)
    return Acting(hearing, party)


def _require_free(case: State, officer: Officer, at: datetime) -> None:
    terms_of_case(case)
    require(case.stage in (Stage.REVIEWING, Stage.DECIDING), "case.not-under-review")
    require_ours(case, officer)
    day = civil_day(at)
    require(not any(one.is_live(day) for one in case.hearings), "case.hearing-open")


def _numbered(interested: Sequence[Interested]) -> list[Party]:
    names = [one.name.strip() for one in interested]
    require(all(names), "case.hearing-party-missing")
    return [
        Party(number, name=name, person=one.person)
        for number, (name, one) in enumerate(zip(names, interested, strict=True), 1)
    ]


# ── What changes ────────────────────────────────────────────────────────────


def announced(case: State, event: HearingAnnounced) -> State:
    hearing = Hearing(event.hearing, (Party(APPLICANT),), ground=event.ground)
    return replace(case, hearings=(*_settled(case, event.at), hearing))


def party_named(case: State, event: HearingPartyNamed) -> State:
    hearing = case.hearing(event.hearing)
    party = Party(event.party, name=opened(event.name), person=opened(event.person))
    return with_hearing(case, replace(hearing, parties=(*hearing.parties, party)))


def told(case: State, event: HearingRightTold) -> State:
    party = Party(
        event.party,
        name=opened(event.name),
        person=opened(event.person),
        told_date=civil_day(event.at),
    )
    if event.hearing <= len(case.hearings):
        hearing = case.hearing(event.hearing)
        return with_hearing(case, replace(hearing, parties=(*hearing.parties, party)))
    hearing = Hearing(event.hearing, (party,))
    return replace(case, hearings=(*_settled(case, event.at), hearing))


def reached(case: State, event: HearingRightReached) -> State:
    return _with_party(case, event, reached_date=event.reached_date, ask_due=event.ask_due)


def asked(case: State, event: HearingAsked) -> State:
    case = _with_party(case, event, stand=Stand.ASKED)
    return with_hearing(case, replace(case.hearing(event.hearing), hold_due=event.hold_due))


def forgone(case: State, event: HearingForgone) -> State:
    case = _with_party(case, event, stand=Stand.FORGONE)
    return _off_if_nobody_asks(case, event.hearing, civil_day(event.at))


def withdrawn(case: State, event: HearingWithdrawn) -> State:
    case = _with_party(case, event, stand=Stand.WITHDRAWN)
    hearing = case.hearing(event.hearing)
    if hearing.needed:
        return case
    idle = replace(
        hearing, hold_due=None, starts_at=None, place="", put_off="", chair=None, challenge=None
    )
    return _off_if_nobody_asks(with_hearing(case, idle), event.hearing, civil_day(event.at))


def with_hearing(case: State, changed: Hearing) -> State:
    hearings = tuple(changed if one.number == changed.number else one for one in case.hearings)
    return replace(case, hearings=hearings)


def _with_party(
    case: State,
    event: HearingRightReached | HearingAsked | HearingForgone | HearingWithdrawn,
    **changes: Any,
) -> State:
    hearing = case.hearing(event.hearing)
    party = hearing.party(event.party)
    assert party is not None
    return with_hearing(case, hearing.with_party(replace(party, **changes)))


def _off_if_nobody_asks(case: State, number: int, day: date) -> State:
    hearing = case.hearing(number)
    if hearing.is_live(day):
        return case
    return with_hearing(case, replace(hearing, ended=Ending.OFF, ended_date=day))


def _settled(case: State, at: datetime) -> tuple[Hearing, ...]:
    """Return the hearings there were: those that time ended are over once there is another."""
    day = civil_day(at)
    return tuple(
        one if one.ended else replace(one, ended=Ending.OFF, ended_date=day)
        for one in case.hearings
    )


def opened(value: str) -> str:
    """Return a sealed value, empty once it has been erased."""
    return "" if value == ERASED else value
