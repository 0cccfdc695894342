"""Legal opinions (法律意见): counsel's list, one question laid out for them, and who asks."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.cases import access, queries
from mingtang.cases.access import Sight
from mingtang.cases.actions import counsel
from mingtang.cases.forms.counsel import AskForm, DeclineForm, GiveForm
from mingtang.cases.queries import CaseFile, CaseRow, OpinionRow
from mingtang.cases.views import legs, showing, words
from mingtang.cases.views.clocks import clock_card
from mingtang.cases.views.sending import once
from mingtang.cases.views.work import work_nav
from mingtang.catalogue import queries as catalogue
from mingtang.core import cases, clock
from mingtang.core.cases import Conclusion, Officer, Stage
from mingtang.core.decider import Refused
from mingtang.core.people import Power, Role
from mingtang.core.worktime import add_working_days
from mingtang.ledger.orders import Receipt
from mingtang.people import queries as people
from mingtang.people.access import actor_of, needs
from mingtang.ui import refusals

Values = dict[str, Any]
HANDLING = (Power.CASE_REVIEW, Power.CASE_DECIDE)
RUNNING = (Stage.REVIEWING, Stage.DECIDING)
PER_PAGE = 30
USUAL_DAYS = 3  # working days an answer is asked for in, unless the officer says otherwise


# ── Counsel's list ──────────────────────────────────────────────────────────


@needs(Power.CASE_COUNSEL)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The list alone."""
    return render(request, "cases/opinions.html", _listing(request))


@needs(Power.CASE_COUNSEL)
@require_GET
def detail(request: HttpRequest, number: str, request_no: int) -> HttpResponse:
    """One question beside the list, with the case it is about."""
    return _laid_out(request, _asked_of(request, number, request_no))


@needs(Power.CASE_COUNSEL)
@require_POST
def give(request: HttpRequest, number: str, request_no: int) -> HttpResponse:
    """Give the opinion (出具法律意见)."""
    asked, form = _asked_of(request, number, request_no), GiveForm(request.POST)

    def act() -> Receipt:
        return counsel.give(
            number=number,
            request=request_no,
            conclusion=Conclusion(form.cleaned_data["conclusion"]),
            opinion=form.cleaned_data["opinion"],
            officer=_counsel(request, asked),
            at=timezone.localtime(),
            once=once(request, f"opinion-{request_no}", number),
        )

    return _answered(request, asked, "give", form, act)


@needs(Power.CASE_COUNSEL)
@require_POST
def decline(request: HttpRequest, number: str, request_no: int) -> HttpResponse:
    """Step back (回避)."""
    asked, form = _asked_of(request, number, request_no), DeclineForm(request.POST)

    def act() -> Receipt:
        return counsel.decline(
            number=number,
            request=request_no,
            interest=form.cleaned_data["interest"],
            officer=_counsel(request, asked),
            at=timezone.localtime(),
            once=once(request, f"decline-{request_no}", number),
        )

    return _answered(request, asked, "decline", form, act)


def _asked_of(request: HttpRequest, number: str, request_no: int) -> OpinionRow:
    """Return a question this person may answer, or did. Raises Http404 for any other."""
    asked = queries.opinion(number, request_no)
    if asked is None or not access.is_asked(actor_of(request), asked):
        raise Http404
    return asked


def _counsel(request: HttpRequest, asked: OpinionRow) -> Officer:
    officer = access.officer_for(actor_of(request), Power.CASE_COUNSEL, asked.body)
    if officer is None:
        raise Http404
    return officer


def _answered(
    request: HttpRequest, asked: OpinionRow, name: str, form: Form, act: Callable[[], Receipt]
) -> HttpResponse:
    if not form.is_valid():
        return _laid_out(request, asked, status=422, typed={name: form})
    try:
        act()
    except Refused as refused:
        said = refusals.sentence(refused)
        return _laid_out(
            request, asked, status=409, refused=said, code=refused.code, typed={name: form}
        )
    if name == "decline":  # it is not theirs to see any more
        return redirect("cases:opinions")
    return redirect("cases:opinion", asked.case_id, asked.request)


def _listing(request: HttpRequest) -> Values:
    """Return the questions with their tabs; every count is of the very list it stands on."""
    actor, today = actor_of(request), clock.civil_day(timezone.now())
    bodies = actor.organisations_with(Power.CASE_COUNSEL)
    lists: dict[str, tuple[str, Any]] = {
        "todo": (_("待答复"), queries.opinions_to_give(bodies, actor.person)),
        "done": (_("已答复"), queries.opinions_given(actor.person)),
    }
    tab = request.GET.get("tab", "todo")
    tab = tab if tab in lists else "todo"
    page = Paginator(lists[tab][1], PER_PAGE).get_page(request.GET.get("page"))
    return {
        "work_nav": work_nav(request),
        "tabs": [
            {
                "key": key,
                "word": word,
                "count": len(found) if key == "todo" else found.count(),
                "current": key == tab,
            }
            for key, (word, found) in lists.items()
        ],
        "tab": tab,
        "page": page,
        "lines": [_line(row, today) for row in page],
        "selected": "",
    }


def _line(row: OpinionRow, today: date) -> Values:
    state, word = words.opinion_lamp(row, today=today)
    return {
        "row": row,
        "name": words.item_name(row.case),
        "department": words.body_name(row.case.department),
        "lamp": state,
        "lamp_word": word,
    }


def _laid_out(
    request: HttpRequest,
    asked: OpinionRow,
    *,
    status: int = 200,
    refused: str = "",
    code: str = "",
    typed: Mapping[str, Form] = {},
) -> HttpResponse:
    row = asked.case
    case = queries.case_file(row)
    today, calendar = clock.civil_day(timezone.now()), catalogue.calendar()
    content = showing.content_of(row)
    is_open = asked.closed_date is None
    own = access.is_own(actor_of(request), row)
    context = {
        **_listing(request),
        "row": row,
        "asked": asked,
        "selected": asked.pk,
        "name": words.item_name(row),
        "department": words.body_name(row.department),
        "stage": words.STAGES[Stage(row.stage)],
        "opinion": _told(case, asked.request),
        "clock": clock_card(row, today=today, calendar=calendar),
        "applicant": showing.applicant(case, sight=Sight.OFFICE),
        "answers": showing.answers(case, content),
        "materials": showing.materials(case, content),
        "legs": legs.lines_of(case, today=today, calendar=calendar),
        "give": typed.get("give") or (GiveForm() if is_open and not own else None),
        "decline": typed.get("decline") or (DeclineForm() if is_open else None),
        "own": own,
        "refused": refused,
        "code": code,
    }
    return render(request, "cases/opinion.html", context, status=status)


# ── Who asks ────────────────────────────────────────────────────────────────


@needs(*HANDLING)
@require_GET
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """What counsel was asked in this case and said, and the form to ask."""
    return _shown(request, *_handled(request, number))


@needs(*HANDLING)
@require_POST
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for a legal opinion (征求法律意见)."""
    row, officer = _handled(request, number)
    form = AskForm(request.POST, bodies=_bodies())
    if not form.is_valid():
        return _shown(request, row, officer, form=form, status=422)
    try:
        counsel.ask(
            number=number,
            **form.cleaned_data,
            officer=officer,
            at=timezone.localtime(),
            once=once(request, "ask", number),
        )
    except Refused as refused:
        said = refusals.sentence(refused)
        return _shown(request, row, officer, form=form, status=409, refused=said, code=refused.code)
    return redirect("cases:case-opinions", number)


def may_ask(request: HttpRequest, row: CaseRow) -> bool:
    """Whether this officer may ask counsel about the case, or see what was said."""
    return _handler(request, row) is not None


def told(case: CaseFile) -> list[Values]:
    """Return every question of a case with what became of it, for its officers."""
    return [_told(case, request.number) for request in case.state.requests]


def _handler(request: HttpRequest, row: CaseRow) -> Officer | None:
    actor = actor_of(request)
    found = (access.officer_for(actor, power, row.department) for power in HANDLING)
    return next(filter(None, found), None)


def _handled(request: HttpRequest, number: str) -> tuple[CaseRow, Officer]:
    """Return an accepted case of one's own department. Raises Http404 for any other."""
    row = queries.by_number(number)
    officer = _handler(request, row) if row else None
    if row is None or officer is None or row.accepted_date is None:
        raise Http404
    return row, officer


def _bodies() -> list[tuple[str, str]]:
    """Return the organisations that have counsel, to choose from."""
    return [(code, words.body_name(code)) for code in people.organisations_with_role(Role.COUNSEL)]


def _shown(
    request: HttpRequest,
    row: CaseRow,
    officer: Officer,
    *,
    form: Form | None = None,
    status: int = 200,
    refused: str = "",
    code: str = "",
) -> HttpResponse:
    case = queries.case_file(row)
    today, calendar = clock.civil_day(timezone.now()), catalogue.calendar()
    may = row.stage in RUNNING and not access.is_own(actor_of(request), row)
    bodies = _bodies()
    usual = add_working_days(today, USUAL_DAYS, calendar=calendar).date
    state, word = words.lamp(row, today=today, calendar=calendar)
    context = {
        "work_nav": work_nav(request),
        "row": row,
        "name": words.item_name(row),
        "lamp": state,
        "lamp_word": word,
        "opinions": told(case),
        "ask": (form or AskForm(bodies=bodies, initial={"due_date": usual}))
        if may and bodies
        else None,
        "nobody": may and not bodies,
        "refused": refused,
        "code": code,
    }
    return render(request, "cases/case_opinions.html", context, status=status)


def _told(case: CaseFile, number: int) -> Values:
    """Return one question, who asked, and what became of it."""
    request = case.state.request(number)
    found: Values = {
        "number": number,
        "body": words.body_name(request.body),
        "due": request.due_date,
        "open": request.closed_date is None,
        "declined": [],
        "conclusion": words.CONCLUSIONS[Conclusion(request.conclusion)]
        if request.conclusion
        else "",
        "kind": words.CONCLUSION_KINDS.get(request.conclusion, "idle"),
    }
    for written in case.history:
        event = written.event
        if getattr(event, "request", None) != number:
            continue
        match event:
            case cases.OpinionAsked():
                found |= {"question": event.question, "asked_at": event.at}
                found["asker"] = words.officer_name(event.officer)
            case cases.OpinionGiven():
                found |= {"text": event.opinion, "given_at": event.at}
                found["giver"] = words.officer_name(event.officer)
            case cases.OpinionDeclined():
                found["declined"].append(words.officer_name(event.officer))
            case cases.OpinionForgone():
                found["grounds"] = event.grounds
            case _:
                pass
    return found
