"""A case's page of hearings: for the organ and for those who are heard.

Whoever opens it finds what they may do now: the organ's officers, its head where a challenge
waits, the chair once it begins, applicant and those with an interest. Parties are not told one
another's names here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mingtang.cases import access, queries
from mingtang.cases.forms import hearings as forms
from mingtang.cases.queries import CaseFile, CaseRow
from mingtang.cases.views import hearingwords, showing, words
from mingtang.cases.views.work import work_nav
from mingtang.catalogue import queries as catalogue
from mingtang.core import cases, clock
from mingtang.core.cases import (
    APPLICANT,
    Ending,
    Hearing,
    HearingGround,
    Officer,
    Stage,
    Stand,
    first_day,
    reviewers_of,
)
from mingtang.core.papers import PaperKind
from mingtang.core.people import Power
from mingtang.papers.queries import Line
from mingtang.people import queries as people
from mingtang.people.access import Actor, actor_of

Values = dict[str, Any]
HANDLING = (Power.CASE_REVIEW, Power.CASE_DECIDE)
HEADING = Power.MANDATE_GRANT  # a department's manager has it
RUNNING = (Stage.REVIEWING, Stage.DECIDING)
PER_PAGE = 30


@dataclass(frozen=True)
class Seat:
    """As whom somebody opens the page: any of these, and at least one."""

    officer: Officer | None  # of the department that handles the case
    head: Officer | None  # its manager
    chair: Officer | None  # of the hearing at hand
    parties: frozenset[int]  # of the hearing at hand
    own: bool  # it is their own application


def seat_of(actor: Actor, row: CaseRow, case: CaseFile) -> Seat:
    own = access.is_own(actor, row)
    hearing = latest(case)
    found = (access.officer_for(actor, power, row.department) for power in HANDLING)
    chair = hearing.chair if hearing and hearing.chair else None
    chairs = chair is not None and chair.person == actor.person
    named = queries.parties_of(row.number, actor.person)
    parties = {one.party for one in named if hearing and one.hearing == hearing.number}
    return Seat(
        officer=next(filter(None, found), None) if not own else None,
        head=access.officer_for(actor, HEADING, row.department) if not own else None,
        chair=chair if chairs else None,
        parties=frozenset(parties | ({APPLICANT} if own and hearing else set())),
        own=own,
    )


def latest(case: CaseFile) -> Hearing | None:
    """Return the hearing at hand: the last there is."""
    return case.state.hearings[-1] if case.state.hearings else None


def may_open(actor: Actor, row: CaseRow) -> bool:
    """Whether the hearings of a case are this person's affair."""
    if access.is_own(actor, row) or queries.chairs(actor.person, row.number):
        return True
    office = any(access.officer_for(actor, p, row.department) for p in (*HANDLING, HEADING))
    return office or bool(queries.parties_of(row.number, actor.person))


def found_for(request: HttpRequest, number: str) -> tuple[CaseRow, CaseFile, Seat]:
    """Return a case whose hearings this person may see. Raises Http404 for any other."""
    row = queries.by_number(number)
    if row is None or row.accepted_date is None or not may_open(actor_of(request), row):
        raise Http404
    case = queries.case_file(row)
    return row, case, seat_of(actor_of(request), row, case)


def forms_for(
    case: CaseFile, seat: Seat, data: Any = None, files: Any = None
) -> Mapping[str, Callable[[], Form]]:
    """Return, by act, how the form of each thing this person may do now is made."""
    hearing, at = latest(case), timezone.localtime()
    if case.state.stage not in RUNNING:
        return {}
    live = hearing if hearing and hearing.is_live(clock.civil_day(at)) else None
    found: dict[str, Callable[[], Form]] = {}
    if seat.officer and live is None:
        found["tell"] = lambda: forms.TellForm(data, prefix="tell")
        basis = case.state.terms.hearing_basis if case.state.terms else ""
        said = {"ground": HearingGround.LAW, "basis": basis} if basis else {}
        found["announce"] = lambda: forms.AnnounceForm(data, prefix="announce", initial=said)
    if live is None:
        return found
    for party in sorted(seat.parties):
        found |= _party_forms(live, party, at, data)
    if seat.officer:
        found |= _officer_forms(case, live, at, data)
    begun = live.starts_at is not None and at >= live.starts_at
    if seat.head and live.challenge is not None and not begun:
        choices = _chairs(case, live)
        found["rule"] = lambda: forms.RuleForm(data, prefix="rule", chairs=choices)
    if seat.chair and begun and live.challenge is None:
        found["record"] = lambda: _record_form(case, live, data, files)
    return found


def _officer_forms(
    case: CaseFile, live: Hearing, at: datetime, data: Any
) -> dict[str, Callable[[], Form]]:
    found: dict[str, Callable[[], Form]] = {}
    again = live.starts_at is not None
    if live.needed:
        found["schedule"] = lambda: forms.ScheduleForm(
            data, prefix="schedule", chairs=_chairs(case, live), again=again
        )
    if live.starts_at is not None and at < live.starts_at and live.challenge is None:
        found["chair"] = lambda: forms.ChairForm(data, prefix="chair", chairs=_chairs(case, live))
    parties = _party_names(live)
    found["take-down"] = lambda: forms.TakeDownForm(data, prefix="take", parties=parties)
    return found


def _party_forms(
    live: Hearing, number: int, at: datetime, data: Any
) -> dict[str, Callable[[], Form]]:
    party = live.party(number)
    assert party is not None
    found: dict[str, Callable[[], Form]] = {}
    begun = live.starts_at is not None and at >= live.starts_at
    if party.may_still_ask(clock.civil_day(at)):
        found[f"ask-{number}"] = lambda: forms.AskForm(data, prefix="ask")
        found[f"forgo-{number}"] = lambda: forms.ForgoForm(data, prefix="forgo")
    if party.stand is Stand.ASKED and not begun:
        found[f"withdraw-{number}"] = lambda: forms.WithdrawHearingForm(data, prefix="back")
    chair = live.chair
    free = live.challenge is None and chair is not None and chair.person not in party.challenged
    if free and not begun:
        found[f"challenge-{number}"] = lambda: forms.ChallengeForm(data, prefix="challenge")
    return found


def _chairs(case: CaseFile, live: Hearing) -> list[tuple[str, str]]:
    """Return whom the law lets chair it: of the organ, and had no part in the review."""
    barred = reviewers_of(case.state) | set(live.stepped_down) | {case.state.applicant}
    barred |= {case.state.agent, *(one.person for one in live.parties)}
    found = _colleagues(case.row.department)
    return [
        (person, word)
        for person, word in found.items()
        if person not in barred and not access.heads(people.actor(person), case.row.department)
    ]


def _colleagues(department: str) -> dict[str, str]:
    posts = people.staff(organisation=department)
    return {post.person: f"{post.name} {post.staff_no}" for post in reversed(posts)}


def _record_form(case: CaseFile, live: Hearing, data: Any, files: Any) -> forms.RecordForm:
    reviewers = reviewers_of(case.state)
    chair = live.chair.person if live.chair else ""
    ours = _colleagues(case.row.department)
    for step in case.state.tasks:
        if step.person and step.person in reviewers and step.person not in ours:
            ours[step.person] = (
                f"{people.names([step.person]).get(step.person, '')} {step.staff_no}"
            )
    first = sorted(ours.items(), key=lambda one: one[0] not in reviewers)
    there = [one for one in first if one[0] != chair]
    return forms.RecordForm(
        data, files, prefix="record", presenters=there, parties=_party_names(live)
    )


def _party_names(live: Hearing) -> list[tuple[int, str]]:
    """Return the parties as an officer knows them."""
    return [(one.number, one.name or hearingwords.party_word(one.number)) for one in live.parties]


def page_of(
    request: HttpRequest,
    row: CaseRow,
    case: CaseFile,
    seat: Seat,
    *,
    status: int = 200,
    refused: str = "",
    code: str = "",
    typed: Mapping[str, Form] | None = None,
) -> HttpResponse:
    typed = typed or {}
    today, calendar = clock.civil_day(timezone.now()), catalogue.calendar()
    offered = {name: typed.get(name) or make() for name, make in forms_for(case, seat).items()}
    state, word = words.lamp(row, today=today, calendar=calendar)
    office = bool(seat.officer or seat.head or seat.chair)
    context = {
        "work_nav": work_nav(request) if office else [],
        "row": row,
        "name": words.item_name(row),
        "stage": words.STAGES[Stage(row.stage)],
        "lamp": state,
        "lamp_word": word,
        "hearings": [
            line_of(case, one, today=today, office=office) for one in reversed(case.state.hearings)
        ],
        "papers": _papers(row, actor_of(request), office=office, own=seat.own),
        "party_acts": _grouped(offered),
        "tell": offered.get("tell"),
        "announce": offered.get("announce"),
        "schedule": offered.get("schedule"),
        "again": (live := latest(case)) is not None and live.starts_at is not None,
        "chair_form": offered.get("chair"),
        "take_down": offered.get("take-down"),
        "rule": offered.get("rule"),
        "record": offered.get("record"),
        "first": first_day(today, calendar=calendar) if "schedule" in offered else None,
        "refused": refused,
        "code": code,
    }
    return render(request, "cases/hearing.html", context, status=status)


def _papers(row: CaseRow, actor: Actor, *, office: bool, own: bool) -> list[Line]:
    """Return the notices of the case's hearings: all for the office, else a party's own."""
    return [
        line
        for line in showing.paper_lines(row)
        if line.row.paper in (PaperKind.HEARING_RIGHT, PaperKind.HEARING_NOTICE)
        and (
            office
            or line.row.owner == actor.person
            or (own and not access.is_of_another(line.row, row))
        )
    ]


def _grouped(offered: Mapping[str, Form]) -> list[Values]:
    """Return what a party may do, for each party this person is."""
    found: dict[int, Values] = {}
    for act, form in offered.items():
        name, _dash, number = act.partition("-")
        if number.isdigit():
            line = found.setdefault(int(number), {"acts": {}})
            line[name] = form
            line["acts"][name] = act
    return list(found.values())


def line_of(case: CaseFile, hearing: Hearing, *, today: date, office: bool) -> Values:
    """Return one hearing as its page shows it; names of parties to the office alone."""
    state, word = hearingwords.lamp(hearing, today=today)
    found: Values = {
        "hearing": hearing,
        "lamp": state,
        "lamp_word": word,
        "ground": hearingwords.GROUNDS[HearingGround(hearing.ground)] if hearing.ground else "",
        "parties": [
            {
                "word": hearingwords.party_word(one.number),
                "name": one.name if office else "",
                "reached": one.reached_date,
                "stand": hearingwords.stand_word(one, today=today),
            }
            for one in hearing.parties
        ],
        "when": hearingwords.moment(hearing.starts_at) if hearing.starts_at else "",
        "chair": words.officer_name(hearing.chair) if hearing.chair else "",
        "held": hearing.ended == Ending.HELD,
    }
    for written in case.history:
        event = written.event
        if getattr(event, "hearing", None) != hearing.number:
            continue
        match event:
            case cases.HearingAnnounced():
                found |= {"matter": event.matter, "basis": event.basis}
            case cases.HearingRightTold() if event.party == APPLICANT:
                found["stake"] = event.stake
            case cases.ChairChallenged():
                found["challenge"] = event if hearing.challenge is not None else None
            case cases.HearingHeld():
                came = [hearingwords.party_word(number) for number in event.came]
                found |= {"record": event, "came": came}
                found["presenters"] = [words.officer_name(one) for one in event.presenters]
            case _:
                pass
    return found


def card(case: CaseFile, actor: Actor, *, at: datetime) -> Values | None:
    """Return the last hearing for another page of the case; None: there is none to speak of."""
    hearing, row = latest(case), case.row
    may = row.accepted_date is not None and may_open(actor, row)
    today = clock.civil_day(at)
    if hearing is None:
        office = may and not access.is_own(actor, row) and row.stage in RUNNING
        return {"line": None, "open": True} if office else None
    return {"line": line_of(case, hearing, today=today, office=False), "open": may}


def of_others(actor: Actor, *, at: datetime) -> list[Values]:
    """Return the hearings on others' applications this person has an interest in, newest first."""
    today = clock.civil_day(at)
    return [
        {
            "number": one.case_id,
            "name": words.item_name(one.case),
            "lamp": hearingwords.row_lamp(one, today=today),
        }
        for one in queries.hearings_of_party(actor.person)[:PER_PAGE]
    ]
