"""Referrals (转报): the list of legs with who is late, and one case's legs with what is done."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.cases import access, queries
from mingtang.cases.actions import referral
from mingtang.cases.forms.referral import (
    AnswerForm,
    HandOverForm,
    RecallForm,
    ReferForm,
    UrgeForm,
)
from mingtang.cases.queries import CaseFile, CaseRow
from mingtang.cases.views import showing, words
from mingtang.cases.views.filing import keep_upload, recorded
from mingtang.cases.views.sending import once
from mingtang.cases.views.work import work_nav
from mingtang.catalogue import queries as catalogue
from mingtang.core import cases, clock
from mingtang.core.cases import Answer, Leg, Officer, Stage
from mingtang.core.decider import Refused
from mingtang.core.people import Power
from mingtang.core.worktime import WorkCalendar
from mingtang.ledger.orders import Receipt
from mingtang.people.access import actor_of, needs
from mingtang.ui import refusals
from mingtang.vault import actions as vault_actions

Values = dict[str, Any]
RUNNING = (Stage.REVIEWING, Stage.DECIDING)
PER_PAGE = 30


# ── Every leg ───────────────────────────────────────────────────────────────


@needs(Power.CASE_REFER, Power.CASE_OVERSEE)
@require_GET
def legs(request: HttpRequest) -> HttpResponse:
    """Which cases lie with a body outside the system, and who is late (转报一览)."""
    departments = _departments(request)
    today, calendar = clock.civil_day(timezone.now()), catalogue.calendar()
    open_lines = [_line(row, today, calendar) for row in queries.open_legs(departments)]
    open_lines.sort(key=lambda line: (line["due"] is None, line["due"] or line["row"].ordered_date))
    closed = queries.closed_legs(departments)
    tab = "done" if request.GET.get("tab") == "done" else "todo"
    page: Page[queries.LegRow] | Page[Values]
    if tab == "done":
        page = Paginator(closed, PER_PAGE).get_page(request.GET.get("page"))
        lines = [_line(row, today, calendar) for row in page]
    else:
        page = Paginator(open_lines, PER_PAGE).get_page(request.GET.get("page"))
        lines = list(page)
    counts = {"todo": len(open_lines), "done": closed.count()}
    context = {
        "work_nav": work_nav(request),
        "tabs": [
            {"key": key, "word": word, "count": counts[key], "current": key == tab}
            for key, word in (("todo", _("在外办理")), ("done", _("已经答复或者撤回")))
        ],
        "late": sum(line["lamp"] == "bad" for line in open_lines),
        "near": sum(line["lamp"] == "warn" for line in open_lines),
        "lines": lines,
        "page": page,
    }
    return render(request, "cases/legs.html", context)


def _departments(request: HttpRequest) -> frozenset[str] | None:
    """Return whose legs the reader may see: their own departments', those they oversee; None:
    everybody's."""
    actor = actor_of(request)
    own = access.departments_served(actor, Power.CASE_REFER) or frozenset()
    if Power.CASE_OVERSEE not in actor.powers:
        return own
    overseen = access.departments_overseen(actor)
    return None if overseen is None else own | overseen


def _line(row: queries.LegRow, today: date, calendar: WorkCalendar) -> Values:
    shown = leg_facts(queries.leg_of(row), today=today, calendar=calendar)
    return {
        **shown,
        "row": row,
        "name": words.item_name(row.case),
        "department": words.body_name(row.department),
    }


def leg_facts(leg: Leg, *, today: date, calendar: WorkCalendar) -> Values:
    """Return a leg as every page may show it: to whom, for how long, and how it stands."""
    due = cases.leg_due(leg, calendar=calendar)
    state, word = words.leg_lamp(leg, today=today, calendar=calendar)
    return {
        "leg": leg,
        "due": due.date if due else None,
        "provisional": due.provisional if due else False,
        "lamp": state,
        "lamp_word": word,
        "answer": str(words.ANSWERS[Answer(leg.answer)]) if leg.answer else "",
    }


def lines_of(case: CaseFile, *, today: date, calendar: WorkCalendar) -> list[Values]:
    """Return the legs of a case for its pages, in their order."""
    return [leg_facts(leg, today=today, calendar=calendar) for leg in case.state.legs]


def ahead(case: CaseFile, *, calendar: WorkCalendar) -> list[str]:
    """Return what still has to be sent above before the case may be granted, in sentences."""
    state = case.state
    if state.terms is None or state.stage not in RUNNING:
        return []
    sent = {leg.body for leg in state.legs if leg.closed_date is None or leg.answer}
    last = cases.first_review_due(state, calendar=calendar)
    said = []
    for to in state.terms.referred_to:
        if to.body not in sent and last is not None:
            facts = {"body": to.body, "day": last.date.isoformat()}
            said.append(
                _(
                    "准予之前须报送%(body)s；本机关最迟 %(day)s 审查完毕并报送"
                    "（行政许可法第四十三条）。"
                )
                % facts
            )
        elif to.body not in sent:
            said.append(_("准予之前须报送%(body)s。") % {"body": to.body})
    return said


# ── One case's legs ─────────────────────────────────────────────────────────


@needs(Power.CASE_REFER)
@require_GET
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """Every leg of one case, what was said in each, and what may be done next."""
    return _shown(request, *_seen(request, number))


@needs(Power.CASE_REFER)
@require_POST
def refer(request: HttpRequest, number: str) -> HttpResponse:
    """Send it above (转报)."""
    row, officer = _seen(request, number)
    form = _refer_form(queries.case_file(row), request.POST)

    def act() -> Receipt:
        given = form.cleaned_data
        return referral.refer(
            number=number,
            body=form.to,
            days=given.get("days") or 0,
            basis=given.get("basis", ""),
            reason=given["referral_reason"],
            documents=tuple(given.get("documents", ())),
            officer=officer,
            at=timezone.localtime(),
            once=once(request, "refer", number),
        )

    return _done(request, row, officer, "refer", form, act)


@needs(Power.CASE_REFER)
@require_POST
def hand_over(request: HttpRequest, number: str, leg: int) -> HttpResponse:
    """Record that the body took it (登记交接)."""
    row, officer = _seen(request, number)
    form = HandOverForm(request.POST, prefix=f"leg{leg}")

    def act() -> Receipt:
        return referral.hand_over(
            number=number,
            leg=leg,
            **form.cleaned_data,
            officer=officer,
            at=timezone.localtime(),
            once=once(request, f"hand-over-{leg}", number),
        )

    return _done(request, row, officer, f"hand_over-{leg}", form, act)


@needs(Power.CASE_REFER)
@require_POST
def urge(request: HttpRequest, number: str, leg: int) -> HttpResponse:
    """Ask the body for its answer (催办)."""
    row, officer = _seen(request, number)
    form = UrgeForm(request.POST, prefix=f"leg{leg}")

    def act() -> Receipt:
        return referral.urge(
            number=number,
            leg=leg,
            message=form.cleaned_data["message"],
            officer=officer,
            at=timezone.localtime(),
            once=once(request, f"urge-{leg}", number),
        )

    return _done(request, row, officer, f"urge-{leg}", form, act)


@needs(Power.CASE_REFER)
@require_POST
def answer(request: HttpRequest, number: str, leg: int) -> HttpResponse:
    """Record what the body answered (登记答复)."""
    row, officer = _seen(request, number)
    form = AnswerForm(request.POST, request.FILES, prefix=f"leg{leg}")

    def act() -> Receipt:
        given, at = form.cleaned_data, timezone.localtime()
        upload = given["document"]
        kept = keep_upload(upload, owner="", at=at) if upload else None
        try:
            return referral.answer(
                number=number,
                leg=leg,
                answer=Answer(given["answer"]),
                answer_no=given["answer_no"],
                answer_date=given["answer_date"],
                received_date=given["arrived_date"],
                document=recorded("", kept) if kept else None,
                officer=officer,
                at=at,
                once=once(request, f"answer-{leg}", number),
            )
        except Refused:
            if kept:  # nobody's: it was not recorded
                vault_actions.drop_document(kept.id)
            raise

    return _done(request, row, officer, f"answer-{leg}", form, act)


@needs(Power.CASE_REFER)
@require_POST
def recall(request: HttpRequest, number: str, leg: int) -> HttpResponse:
    """Take it back (撤回转报)."""
    row, officer = _seen(request, number)
    form = RecallForm(request.POST, prefix=f"leg{leg}")

    def act() -> Receipt:
        return referral.recall(
            number=number,
            leg=leg,
            reason=form.cleaned_data["recall_reason"],
            officer=officer,
            at=timezone.localtime(),
            once=once(request, f"recall-{leg}", number),
        )

    return _done(request, row, officer, f"recall-{leg}", form, act)


# ── What the acts share ─────────────────────────────────────────────────────


def may_refer(request: HttpRequest, row: CaseRow) -> bool:
    """Whether the legs of this case are this officer's business."""
    return access.officer_for(actor_of(request), Power.CASE_REFER, row.department) is not None


def _seen(request: HttpRequest, number: str) -> tuple[CaseRow, Officer]:
    """Return an accepted case of one's own department. Raises Http404 for any other."""
    row = queries.by_number(number)
    officer = (
        access.officer_for(actor_of(request), Power.CASE_REFER, row.department) if row else None
    )
    if row is None or officer is None or row.accepted_date is None:
        raise Http404
    return row, officer


def _done(
    request: HttpRequest,
    row: CaseRow,
    officer: Officer,
    name: str,
    form: Form,
    act: Callable[[], Receipt],
) -> HttpResponse:
    if not form.is_valid():
        return _shown(request, row, officer, status=422, typed={name: form})
    try:
        act()
    except Refused as refused:
        said = refusals.sentence(refused)
        return _shown(
            request,
            row,
            officer,
            status=409,
            refused=said,
            code=refused.code,
            typed={name: form},
        )
    return redirect("cases:case-legs", row.number)


def _shown(
    request: HttpRequest,
    row: CaseRow,
    officer: Officer,
    *,
    status: int = 200,
    refused: str = "",
    code: str = "",
    typed: dict[str, Form] | None = None,
) -> HttpResponse:
    case, typed = queries.case_file(row), typed or {}
    today, calendar = clock.civil_day(timezone.now()), catalogue.calendar()
    may = row.stage in RUNNING and not access.is_own(actor_of(request), row)
    state, word = words.lamp(row, today=today, calendar=calendar)
    context = {
        "work_nav": work_nav(request),
        "row": row,
        "name": words.item_name(row),
        "stage": words.STAGES[Stage(row.stage)],
        "lamp": state,
        "lamp_word": word,
        "legs": [
            {
                **line,
                **_record(case, line["leg"].number),
                **(_offered(line["leg"], typed, today, calendar) if may else {}),
            }
            for line in lines_of(case, today=today, calendar=calendar)
        ],
        "ahead": ahead(case, calendar=calendar),
        "refer": (typed.get("refer") or _refer_form(case)) if may else None,
        "refused": refused,
        "code": code,
    }
    return render(request, "cases/case_legs.html", context, status=status)


def _refer_form(case: CaseFile, data: Any = None) -> ReferForm:
    terms = case.state.terms
    assert terms is not None
    away = {leg.body for leg in case.state.open_legs()}
    lines = showing.materials(case, showing.content_of(case.row))
    names = {line["key"]: line["name"] for line in lines}
    papers = [(one.id, names.get(one.material, one.material)) for one in case.state.documents]
    named = [to for to in terms.referred_to if to.body not in away]
    return ReferForm(data, named=named, documents=papers)


def _offered(leg: Leg, typed: dict[str, Form], today: date, calendar: WorkCalendar) -> Values:
    """Return the forms of what may be done to a leg now, and any with what was typed into it."""
    if leg.closed_date is not None:
        return {}
    number, prefix = leg.number, f"leg{leg.number}"
    forms: dict[str, type[Form]] = {"recall": RecallForm}
    if leg.handed_date is None:
        forms["hand_over"] = HandOverForm
    else:
        forms["answer_form"] = AnswerForm
        if cases.nearness_of(leg, today=today, calendar=calendar) is not None:
            forms["urge"] = UrgeForm
    shown: Values = {}
    for name, form in forms.items():
        key = f"{name.removesuffix('_form')}-{number}"
        shown[name] = typed.get(key) or form(prefix=prefix)
    return shown


def _record(case: CaseFile, number: int) -> Values:
    """Return what was written down about a leg, for the officers of its department."""
    found: Values = {"urgings": []}
    for written in case.history:
        event = written.event
        if getattr(event, "leg", None) != number:
            continue
        match event:
            case cases.CaseReferred():
                found["order"], found["papers"] = event, _papers(case, event)
                found["by"] = words.officer_name(event.officer)
            case cases.LegHandedOver():
                found["handed"] = event
            case cases.LegUrged():
                found["urgings"].append(event)
            case cases.LegAnswered():
                found["answered"] = event
            case cases.LegRecalled():
                found["recalled"] = event
            case _:
                pass
    return found


def _papers(case: CaseFile, event: cases.CaseReferred) -> list[Values]:
    names = showing.material_names(showing.content_of(case.row))
    return [
        {"name": names.get(one.material, one.material), "sha256": one.sha256, "sm3": one.sm3}
        for one in event.documents
    ]
