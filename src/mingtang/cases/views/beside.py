"""Dates beside the main clock (其他时限): what is awaited, to be ruled on, checked, delivered."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingtang.cases import access, queries
from mingtang.cases.access import Sight
from mingtang.cases.actions import beside
from mingtang.cases.forms.beside import CheckForm, RuleForm, SiteCheckForm
from mingtang.cases.queries import CaseFile, CaseRow, TaskRow
from mingtang.cases.views import showing, special, words
from mingtang.cases.views.sending import once
from mingtang.cases.views.special import HANDLING
from mingtang.cases.views.work import work_nav
from mingtang.catalogue import queries as catalogue
from mingtang.core import clock
from mingtang.core.cases import Officer, Stage
from mingtang.core.catalogue import ItemContent
from mingtang.core.decider import Refused
from mingtang.core.people import POWERS, Power, Role
from mingtang.core.worktime import WorkCalendar
from mingtang.ledger.orders import Receipt
from mingtang.people import queries as people
from mingtang.people.access import Actor, actor_of, needs
from mingtang.ui import refusals

LINES = 30
DECIDED = (Stage.GRANTED, Stage.REFUSED)
Rows = QuerySet[CaseRow]


@needs(Power.CASE_INTAKE, *HANDLING, Power.CASE_OVERSEE)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Everything that has a date of its own, soonest first; each list is the one it counts."""
    lists = _lists(actor_of(request))
    tab = request.GET.get("tab", "")
    tab = tab if tab in lists else next(iter(lists))
    _word, found, due_of = lists[tab]
    page = Paginator(found, LINES).get_page(request.GET.get("page"))
    today, calendar = clock.civil_day(timezone.now()), catalogue.calendar()
    tasks = queries.tasks_of_cases([row.number for row in page])
    context = {
        "work_nav": work_nav(request),
        "tabs": [
            {"key": key, "word": word, "count": rows.count(), "current": key == tab}
            for key, (word, rows, _due) in lists.items()
        ],
        "tab": tab,
        "page": page,
        "lines": [
            {
                **_line(request, tab, row, due_of(row, calendar), today, calendar),
                "url": _page(actor_of(request), row, tasks.get(row.number, [])),
            }
            for row in page
        ],
    }
    return render(request, "cases/beside.html", context)


def _page(actor: Actor, row: CaseRow, tasks: Sequence[TaskRow]) -> str:
    """Return the address of a case's page, for those who may open it."""
    sees = access.is_own(actor, row) or access.handles(actor, tasks)
    if not sees and Power.CASE_OVERSEE in actor.powers:
        sees = access.oversees(actor, row)
    return reverse("cases:progress", args=[row.number]) if sees else ""


Due = Callable[[CaseRow, WorkCalendar], date | None]


def _lists(actor: Actor) -> dict[str, tuple[str, Rows, Due]]:
    """Return the lists that are this person's: name, cases, and which date of theirs counts."""
    handled = frozenset().union(*(actor.organisations_with(power) for power in HANDLING))
    overseen: frozenset[str] | None = frozenset()
    if Power.CASE_OVERSEE in actor.powers:
        overseen = access.departments_overseen(actor)
    taken: frozenset[str] | None = frozenset()
    if Power.CASE_INTAKE in actor.powers:
        taken = access.departments_served(actor, Power.CASE_INTAKE)
    theirs = None if overseen is None else handled | overseen
    lists: dict[str, tuple[str, Rows, Due]] = {}
    anyone = None if theirs is None or taken is None else theirs | taken
    lists["follow"] = (_("容缺待补"), queries.awaited(anyone), _deferred_due)
    if theirs is None or theirs:
        lists["change"] = (_("变更待认定"), queries.to_rule_on(theirs), _statutory_due)
        ahead = queries.hearings_ahead(theirs, today=clock.civil_day(timezone.now()))
        lists["hearing"] = (_("听证"), ahead, _hearing_date)
        lists["check"] = (_("承诺待核查"), queries.to_check(theirs), _check_due)
    lists["deliver"] = (_("待送达"), queries.to_deliver(anyone), queries.delivery_due)
    return lists


def _deferred_due(row: CaseRow, calendar: WorkCalendar) -> date:
    assert row.deferred_due is not None
    return row.deferred_due


def _statutory_due(row: CaseRow, calendar: WorkCalendar) -> date:
    assert row.statutory_due is not None
    return row.statutory_due


def _hearing_date(row: CaseRow, calendar: WorkCalendar) -> date | None:
    """The day that counts next; None before its notices are served."""
    found: date | None = row.hearing_date  # type: ignore[attr-defined]
    return found


def _check_due(row: CaseRow, calendar: WorkCalendar) -> date:
    assert row.check_due is not None
    return row.check_due


def _line(
    request: HttpRequest,
    tab: str,
    row: CaseRow,
    due: date | None,
    today: date,
    calendar: WorkCalendar,
) -> dict[str, Any]:
    state, word = "paused", _("等待送达")
    if due is not None:
        state, word = words.day_lamp(due, today=today, calendar=calendar)
    return {
        "row": row,
        "name": words.item_name(row),
        "applicant": showing.applicant_name(row, sight=Sight.OVERSIGHT),
        "department": words.body_name(row.department),
        "due": due,
        "lamp": state,
        "lamp_word": word,
        "act": _act(actor_of(request), tab, row),
    }


def _act(actor: Actor, tab: str, row: CaseRow) -> tuple[str, str] | None:
    """Return what this person may do about a line: the word and where."""
    if access.is_own(actor, row):
        return None
    if tab == "follow" and access.officer_for(actor, Power.CASE_INTAKE, row.department):
        return _("代收补交"), reverse("cases:follow", args=[row.number])
    if tab == "change" and _handler(actor, row):
        return _("认定"), reverse("cases:dates", args=[row.number])
    if tab == "hearing" and _handler(actor, row):
        return _("听证"), reverse("cases:hearing", args=[row.number])
    if tab == "check" and _handler(actor, row):
        return _("核查"), reverse("cases:check", args=[row.number])
    return None


def shown(
    actor: Actor, case: CaseFile, content: ItemContent, *, today: date, calendar: WorkCalendar
) -> dict[str, Any]:
    """Return what a case's page says of the dates beside its clock, and where one does something
    about each."""
    row, own = case.row, access.is_own(actor, case.row)
    found: dict[str, Any] = {"follows": None, "check": None, "delivery": None, "change_url": ""}
    if row.deferred_due is not None:
        names = showing.material_names(content)
        serves = access.officer_for(actor, Power.CASE_INTAKE, row.department) is not None
        found["follows"] = {
            **_dated(row.deferred_due, today, calendar),
            "materials": [names.get(key, key) for key in row.deferred],
            "url": reverse("cases:follow", args=[row.number]) if own or serves else "",
        }
    if row.check_due is not None:
        handles = not own and _handler(actor, row) is not None
        found["check"] = {
            **_dated(row.check_due, today, calendar),
            "url": reverse("cases:check", args=[row.number]) if handles else "",
        }
    if row.stage in DECIDED and queries.to_deliver(None).filter(number=row.number).exists():
        found["delivery"] = _dated(queries.delivery_due(row, calendar), today, calendar)
    if own and row.stage in special.RUNNING and row.change_date is None:
        found["change_url"] = reverse("cases:change", args=[row.number])
    return found


def follows(row: CaseRow, *, today: date, calendar: WorkCalendar) -> dict[str, Any] | None:
    """Return until when a case waits for what was accepted without; None: for nothing."""
    return _dated(row.deferred_due, today, calendar) if row.deferred_due else None


def _dated(due: date, today: date, calendar: WorkCalendar) -> dict[str, Any]:
    state, word = words.day_lamp(due, today=today, calendar=calendar)
    return {"due": due, "lamp": state, "lamp_word": word}


# ── A check of what was promised ────────────────────────────────────────────


@needs(*HANDLING)
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, number: str) -> HttpResponse:
    """What was promised in place of which material, and what became of it (承诺核查)."""
    row, officer = _handled(request, number)
    if row.check_due is None:
        return redirect("cases:progress", number)
    form = CheckForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return _check(request, row, form, status=200 if request.method == "GET" else 422)
    try:
        beside.record_check(
            number=number,
            held=form.cleaned_data["held"] == "yes",
            finding=form.cleaned_data["finding"],
            officer=officer,
            at=timezone.localtime(),
            once=once(request, "check", number),
        )
    except Refused as refused:
        return _check(request, row, form, refused=refused)
    return redirect("cases:progress", number)


def _check(
    request: HttpRequest,
    row: CaseRow,
    form: Form,
    *,
    status: int = 200,
    refused: Refused | None = None,
) -> HttpResponse:
    today, calendar = clock.civil_day(timezone.now()), catalogue.calendar()
    assert row.check_due is not None
    state, word = words.day_lamp(row.check_due, today=today, calendar=calendar)
    texts = {m.key: m for m in showing.content_of(row).materials}
    context = {
        "work_nav": work_nav(request),
        "row": row,
        "name": words.item_name(row),
        "applicant": showing.applicant(queries.case_file(row), sight=Sight.OFFICE),
        "lamp": state,
        "lamp_word": word,
        "promises": [
            (words.either(texts[key].name, texts[key].name_en), texts[key].commitment)
            for key in row.commitments
            if key in texts
        ],
        "form": form,
        "refused": refusals.sentence(refused) if refused else "",
        "code": refused.code if refused else "",
    }
    return render(request, "cases/check.html", context, status=409 if refused else status)


# ── A check on site ─────────────────────────────────────────────────────────


@needs(Power.CASE_REVIEW)
@require_http_methods(["GET", "POST"])
def site_check(request: HttpRequest, number: str) -> HttpResponse:
    """Write down what two officers or more saw on site (现场核查)."""
    actor, row = actor_of(request), queries.by_number(number)
    officer = access.has_in_hand(actor, row) if row else None
    if row is None or officer is None:
        raise Http404
    colleagues = {
        one.person: one
        for one in people.staff(organisation=officer.organisation)
        if one.person != actor.person and Power.CASE_REVIEW in POWERS[Role(one.role)]
    }
    names = people.names(list(colleagues))
    choices = [
        (one.person, f"{names.get(one.person, '')} {one.staff_no}") for one in colleagues.values()
    ]
    form = SiteCheckForm(choices, request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return _site_check(request, row, form, status=200 if request.method == "GET" else 422)
    try:
        beside.record_site_check(
            number=number,
            officer=officer,
            others=[
                Officer(person=one.person, staff_no=one.staff_no, organisation=one.organisation)
                for one in map(colleagues.__getitem__, form.cleaned_data["others"])
            ],
            checked_date=form.cleaned_data["checked_date"],
            place=form.cleaned_data["place"],
            finding=form.cleaned_data["seen"],
            at=timezone.localtime(),
            once=once(request, "site-check", number),
        )
    except Refused as refused:
        return _site_check(request, row, form, refused=refused)
    return redirect("cases:progress", number)


def _site_check(
    request: HttpRequest,
    row: CaseRow,
    form: Form,
    *,
    status: int = 200,
    refused: Refused | None = None,
) -> HttpResponse:
    case = queries.case_file(row)
    context = {
        "work_nav": work_nav(request),
        "row": row,
        "name": words.item_name(row),
        "answers": showing.answers(case, showing.content_of(row)),
        "form": form,
        "refused": refusals.sentence(refused) if refused else "",
        "code": refused.code if refused else "",
    }
    return render(request, "cases/site_check.html", context, status=409 if refused else status)


# ── Whether a change is one in substance ────────────────────────────────────


@needs(*HANDLING)
@require_POST
def rule(request: HttpRequest, number: str) -> HttpResponse:
    """Say whether what the applicant changed is another application now (认定变更)."""
    row, officer = _handled(request, number)
    form = RuleForm(request.POST)

    def act() -> Receipt:
        return beside.rule_on_change(
            number=number,
            substantial=form.cleaned_data["substantial"] == "yes",
            reason=form.cleaned_data["ruling_reason"],
            officer=officer,
            at=timezone.localtime(),
            once=once(request, "rule", number),
        )

    return special.done(request, row, "rule", form, act)


# ── Who ─────────────────────────────────────────────────────────────────────


def _handled(request: HttpRequest, number: str) -> tuple[CaseRow, Officer]:
    """Return a case this officer's department handles. Raises Http404 for any other."""
    row = queries.by_number(number)
    officer = _handler(actor_of(request), row) if row else None
    if row is None or officer is None:
        raise Http404
    return row, officer


def _handler(actor: Actor, row: CaseRow) -> Officer | None:
    found = (access.officer_for(actor, power, row.department) for power in HANDLING)
    return next(filter(None, found), None)
