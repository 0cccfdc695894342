"""Hearings (听证): the public list, and what officers and those who are heard do."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from mingtang.cases import access, queries
from mingtang.cases.actions import hearings as actions
from mingtang.cases.forms import hearings as forms
from mingtang.cases.queries import CaseFile
from mingtang.cases.views import hearingwords, words
from mingtang.cases.views.filing import keep_upload, recorded
from mingtang.cases.views.hearingshowing import (
    PER_PAGE,
    Seat,
    Values,
    forms_for,
    found_for,
    page_of,
)
from mingtang.cases.views.sending import once
from mingtang.core.cases import (
    Attendance,
    HearingGround,
    Officer,
)
from mingtang.core.decider import Refused
from mingtang.core.people import Power
from mingtang.ledger.orders import Receipt
from mingtang.people.access import Actor, actor_of, public, signed_in
from mingtang.ui import refusals
from mingtang.vault import actions as vault


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


@signed_in
@require_GET
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """The hearings of one case, and what may be done now."""
    return page_of(request, *found_for(request, number))


@signed_in
@require_POST
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Do one of what the page offers."""
    row, case, seat = found_for(request, number)
    offered = forms_for(case, seat, request.POST, request.FILES)
    if act not in offered:
        return page_of(request, row, case, seat, status=409, refused=_gone())
    form: Any = offered[act]()
    if not form.is_valid():
        return page_of(request, row, case, seat, status=422, typed={act: form})
    common = {
        "number": number,
        "at": timezone.localtime(),
        "once": once(request, f"hearing-{act}", number),
    }
    try:
        _do(act, form, case, seat, actor_of(request), common)
    except Refused as refused:
        return page_of(
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
