"""Hearings (听证): a case's page for the organ and for those who are heard, and the public list.

Whoever opens the page finds what they may do now: the organ's officers, its head where a challenge
waits, the chair once it begins, applicant and those with an interest. Parties are not told one
another's names here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from mingtang.cases import access, queries
from mingtang.cases.actions import hearings as actions
from mingtang.cases.forms import hearings as forms
from mingtang.cases.queries import CaseFile, CaseRow
from mingtang.cases.views import hearingwords, showing, words
from mingtang.cases.views.filing import keep_upload, recorded
from mingtang.cases.views.sending import once
from mingtang.cases.views.work import work_nav
from mingtang.catalogue import queries as catalogue
from mingtang.core import cases, clock
from mingtang.core.cases import (
    APPLICANT,
    Attendance,
    Ending,
    Hearing,
    HearingGround,
    Officer,
    Stage,
    Stand,
    first_day,
    reviewers_of,
)
from mingtang.core.decider import Refused
from mingtang.core.papers import PaperKind
from mingtang.core.people import Power
from mingtang.ledger.orders import Receipt
from mingtang.papers.queries import Line
from mingtang.people import queries as people
from mingtang.people.access import Actor, actor_of, public, signed_in
from mingtang.ui import refusals
from mingtang.vault import actions as vault

Values = dict[str, Any]
HANDLING = (Power.CASE_REVIEW, Power.CASE_DECIDE)
HEADING = Power.MANDATE_GRANT  # a department's manager has it
RUNNING = (Stage.REVIEWING, Stage.DECIDING)
PER_PAGE = 30


@public("hearings are held in public; only what is announced is shown, and nobody's name")
@require_GET
def coming(request: HttpRequest) -> HttpResponse:
    """Which hearings are to be held in public, when and where (听证公告)."""
    found = queries.hearings_in_public(timezone.now())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    lines = [
        {
            "row": row,
            "matter": row.matter or words.item_name(row.case),
            "name": words.item_name(row.case) if row.matter else "",
            "department": words.body_name(row.department),
            "when": hearingwords.moment(row.starts_at) if row.starts_at else "",
        }
        for row in page
    ]
    return render(request, "cases/hearings_coming.html", {"page": page, "lines": lines})


# ── Who does what on a case's page ──────────────────────────────────────────


@dataclass(frozen=True)
class Seat:
    """As whom somebody opens the page: any of these, and at least one."""

    officer: Officer | None  # of the department that handles the case
    head: Officer | None  # its manager
    chair: Officer | None  # of the hearing at hand
    parties: frozenset[int]  # of the hearing at hand
    own: bool  # it is their own application


def _seat(actor: Actor, row: CaseRow, case: CaseFile) -> Seat:
    own = access.is_own(actor, row)
    hearing = _present(case)
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


def _present(case: CaseFile) -> Hearing | None:
    """Return the hearing at hand: the last there is."""
    return case.state.hearings[-1] if case.state.hearings else None


def may_open(actor: Actor, row: CaseRow) -> bool:
    """Whether the hearings of a case are this person's affair."""
    if access.is_own(actor, row) or queries.chairs(actor.person, row.number):
        return True
    office = any(access.officer_for(actor, p, row.department) for p in (*HANDLING, HEADING))
    return office or bool(queries.parties_of(row.number, actor.person))


def _seen(request: HttpRequest, number: str) -> tuple[CaseRow, CaseFile, Seat]:
    """Return a case whose hearings this person may see. Raises Http404 for any other."""
    row = queries.by_number(number)
    if row is None or row.accepted_date is None or not may_open(actor_of(request), row):
        raise Http404
    case = queries.case_file(row)
    return row, case, _seat(actor_of(request), row, case)


@signed_in
@require_GET
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """The hearings of one case, and what may be done now."""
    return _shown(request, *_seen(request, number))


# ── What may be done now ────────────────────────────────────────────────────


def _forms(
    case: CaseFile, seat: Seat, data: Any = None, files: Any = None
) -> Mapping[str, Callable[[], Form]]:
    """Return, by act, how the form of each thing this person may do now is made."""
    hearing, at = _present(case), timezone.localtime()
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


# ── The acts ────────────────────────────────────────────────────────────────


@signed_in
@require_POST
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Do one of what the page offers."""
    row, case, seat = _seen(request, number)
    offered = _forms(case, seat, request.POST, request.FILES)
    if act not in offered:
        return _shown(request, row, case, seat, status=409, refused=_gone())
    form: Any = offered[act]()
    if not form.is_valid():
        return _shown(request, row, case, seat, status=422, typed={act: form})
    common = {
        "number": number,
        "at": timezone.localtime(),
        "once": once(request, f"hearing-{act}", number),
    }
    try:
        _do(act, form, case, seat, actor_of(request), common)
    except Refused as refused:
        return _shown(
            request,
            row,
            case,
            seat,
            status=409,
            refused=refusals.sentence(refused),
            code=refused.code,
            typed={act: form},
        )
    return redirect("cases:hearing", number)


def _gone() -> str:
    return refusals.sentence(Refused("case.hearing-over"))


def _do(act: str, form: Any, case: CaseFile, seat: Seat, actor: Actor, common: Values) -> Receipt:
    """Carry out an act the page offered to this person."""
    name, _dash, party = act.partition("-")
    said: Values = form.cleaned_data
    if party.isdigit():
        by = {"party": int(party), "person": actor.person}
        return _party_act(name, said, by, case, common)
    if act == "take-down":
        by = {"party": int(said["party"]), "taken_by": seat.officer}
        return _party_act(said["what"], said, by, case, common)
    if act == "record":
        return _record(form, case, seat, common)
    if act == "rule":
        assert seat.head is not None, "it is offered to nobody else"
        return actions.rule(
            hearing=len(case.state.hearings),
            upheld=said["upheld"] == "yes",
            reason=said["ruling"],
            chair=_officer(said["chair"], case.row.department) if said["chair"] else None,
            approver=seat.head,
            **common,
        )
    return _officer_act(act, form, case, seat, common)


def _officer_act(act: str, form: Any, case: CaseFile, seat: Seat, common: Values) -> Receipt:
    said: Values = form.cleaned_data
    common = {**common, "officer": seat.officer}
    if act in ("tell", "announce"):
        common["interested"] = [actions.interested(*line) for line in said["interested"]]
    if act == "tell":
        return actions.tell(interest=said["interest"], **common)
    if act == "announce":
        ground = HearingGround(said["ground"])
        return actions.announce(ground=ground, matter=said["matter"], basis=said["basis"], **common)
    common |= {
        "hearing": len(case.state.hearings),
        "chair": _officer(said["chair"], case.row.department),
    }
    if act == "chair":
        return actions.change_chair(reason=said["chair_reason"], **common)
    return actions.schedule(
        starts_at=form.starts_at,
        place=said["place"],
        private_reason=said["private_reason"],
        reason=said.get("put_off", ""),
        **common,
    )


def _party_act(name: str, said: Values, by: Values, case: CaseFile, common: Values) -> Receipt:
    about = {"hearing": len(case.state.hearings), **by, **common}
    match name:
        case "ask":
            return actions.ask(reason=said["said"], **about)
        case "forgo":
            return actions.forgo(**about)
        case "withdraw":
            return actions.withdraw(reason=said["said"], **about)
        case _:
            return actions.challenge(reason=said["said"], **about)


def _record(form: forms.RecordForm, case: CaseFile, seat: Seat, common: Values) -> Receipt:
    assert seat.chair is not None, "it is offered to nobody else"
    said: Values = form.cleaned_data
    kept = keep_upload(said["document"], owner="", at=common["at"])
    attendance = [
        Attendance(
            party=number,
            came=said[f"party{number}"] != forms.ABSENT,
            signed=said[f"party{number}"] == forms.SIGNED,
            unsigned_reason=said["unsigned"],
        )
        for number in form.parties
    ]
    try:
        return actions.record(
            hearing=len(case.state.hearings),
            presenters=[_presenter(person, case) for person in said["presenters"]],
            evidence=said["evidence"],
            statements=said["statements"],
            attendance=attendance,
            document=recorded("", kept),
            officer=seat.chair,
            **common,
        )
    except Refused:
        vault.drop_document(kept.id)  # nobody's: it was not recorded
        raise


def _officer(person: str, department: str) -> Officer:
    found = access.colleague(person, department, Power)
    if found is None:
        raise Refused("case.hearing-chair-elsewhere")
    return found


def _presenter(person: str, case: CaseFile) -> Officer:
    """Return a reviewer as the record names them: of the department, or of a step's."""
    departments = dict.fromkeys([case.row.department, *(t.department for t in case.state.tasks)])
    found = (access.colleague(person, one, Power) for one in departments)
    there = next(filter(None, found), None)
    if there is None:
        raise Refused("case.hearing-presenters")
    return there


# ── The page ────────────────────────────────────────────────────────────────


def _shown(
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
    offered = {name: typed.get(name) or make() for name, make in _forms(case, seat).items()}
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
        "again": (live := _present(case)) is not None and live.starts_at is not None,
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
    hearing, row = _present(case), case.row
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
