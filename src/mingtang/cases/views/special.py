"""The dates of a case and what moves them (时限): extension, special procedures."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from mingtang.cases import access, queries
from mingtang.cases.actions import special
from mingtang.cases.forms.beside import RuleForm
from mingtang.cases.forms.special import BeginSpecialForm, EndSpecialForm, ExtendForm
from mingtang.cases.queries import CaseRow
from mingtang.cases.views import words
from mingtang.cases.views.clocks import clock_card, first_review_card
from mingtang.cases.views.sending import once
from mingtang.cases.views.work import work_nav
from mingtang.catalogue import queries as catalogue
from mingtang.core import clock
from mingtang.core.cases import (
    REFERRED,
    UNDER_REVIEW,
    ChangeRequested,
    Officer,
    Pausing,
    SpecialKind,
    Stage,
)
from mingtang.core.decider import Refused
from mingtang.core.people import Power
from mingtang.core.worktime import WorkCalendar
from mingtang.ledger.orders import Receipt
from mingtang.people.access import actor_of, needs
from mingtang.ui import refusals

HANDLING = (Power.CASE_REVIEW, Power.CASE_DECIDE)
HEADING = Power.MANDATE_GRANT  # a department's manager has it
RUNNING = UNDER_REVIEW
FORMS: dict[str, type[Form]] = {
    "extend": ExtendForm,
    "begin": BeginSpecialForm,
    "end": EndSpecialForm,
    "rule": RuleForm,
}


@needs(*HANDLING, HEADING)
@require_GET
def dates(request: HttpRequest, number: str) -> HttpResponse:
    """Why the dates are what they are, and what this officer may do about them."""
    return _shown(request, _seen(request, number))


@needs(HEADING)
@require_POST
def extend(request: HttpRequest, number: str) -> HttpResponse:
    """Extend the statutory term (延长期限)."""
    row = _seen(request, number)
    approver = _must(access.officer_for(actor_of(request), HEADING, row.department))
    form = ExtendForm(request.POST)

    def act() -> Receipt:
        return special.extend(
            number=number,
            days=form.cleaned_data["days"],
            reason=form.cleaned_data["extension_reason"],
            approver=approver,
            at=timezone.localtime(),
            once=once(request, "extend", number),
        )

    return done(request, row, "extend", form, act)


@needs(*HANDLING)
@require_POST
def begin(request: HttpRequest, number: str) -> HttpResponse:
    """Begin a special procedure (启动特别程序)."""
    row = _seen(request, number)
    officer = _must(_handler(request, row))
    form = BeginSpecialForm(request.POST)

    def act() -> Receipt:
        return special.begin_special(
            number=number,
            procedure=SpecialKind(form.cleaned_data["procedure"]),
            reason=form.cleaned_data["special_reason"],
            expected_days=form.cleaned_data["expected_days"],
            officer=officer,
            at=timezone.localtime(),
            once=once(request, "begin-special", number),
        )

    return done(request, row, "begin", form, act)


@needs(*HANDLING)
@require_POST
def end(request: HttpRequest, number: str) -> HttpResponse:
    """End it (结束特别程序)."""
    row = _seen(request, number)
    officer = _must(_handler(request, row))
    form = EndSpecialForm(request.POST)

    def act() -> Receipt:
        return special.end_special(
            number=number,
            result=form.cleaned_data["result"],
            officer=officer,
            at=timezone.localtime(),
            once=once(request, "end-special", number),
        )

    return done(request, row, "end", form, act)


# ── What the acts share ─────────────────────────────────────────────────────


def may_move(request: HttpRequest, row: CaseRow) -> bool:
    """Whether the dates of this case still move, and are this officer's business."""
    return row.stage in RUNNING and _concerns(request, row)


def _concerns(request: HttpRequest, row: CaseRow) -> bool:
    return bool(_handler(request, row) or _head(request, row))


def _seen(request: HttpRequest, number: str) -> CaseRow:
    """Return a case this officer's department handles. Raises Http404 for any other."""
    row = queries.by_number(number)
    if row is None or not _concerns(request, row):
        raise Http404
    return row


def _handler(request: HttpRequest, row: CaseRow) -> Officer | None:
    actor = actor_of(request)
    found = (access.officer_for(actor, power, row.department) for power in HANDLING)
    return next(filter(None, found), None)


def _head(request: HttpRequest, row: CaseRow) -> Officer | None:
    return access.officer_for(actor_of(request), HEADING, row.department)


def _must(officer: Officer | None) -> Officer:
    if officer is None:
        raise Http404
    return officer


def done(
    request: HttpRequest, row: CaseRow, name: str, form: Form, act: Callable[[], Receipt]
) -> HttpResponse:
    """Carry out what was filled in, and show the dates: as they now are, or why they stayed."""
    if not form.is_valid():
        return _shown(request, row, status=422, typed={name: form})
    try:
        act()
    except Refused as refused:
        said = refusals.sentence(refused)
        return _shown(request, row, status=409, refused=said, code=refused.code, typed={name: form})
    return redirect("cases:dates", row.number)


def _shown(
    request: HttpRequest,
    row: CaseRow,
    *,
    status: int = 200,
    refused: str = "",
    code: str = "",
    typed: Mapping[str, Form] = {},
) -> HttpResponse:
    today, calendar = clock.civil_day(timezone.now()), catalogue.calendar()
    state, word = words.lamp(row, today=today, calendar=calendar)
    context: dict[str, Any] = {
        "work_nav": work_nav(request),
        "row": row,
        "name": words.item_name(row),
        "stage": words.STAGES[Stage(row.stage)],
        "lamp": state,
        "lamp_word": word,
        "clock": clock_card(row, today=today, calendar=calendar),
        "first_clock": first_review_card(row, today=today, calendar=calendar),
        "pauses": _pauses(row, today, calendar),
        "refused": refused,
        "code": code,
        "over": _is_over(row, today),
        "body_at_work": _body_at_work(row),
        "hearing_at_work": _hearing_at_work(row),
        "changed": _changed(row),
        **_offered(request, row, typed, today),
    }
    return render(request, "cases/dates.html", context, status=status)


def _pauses(row: CaseRow, today: date, calendar: WorkCalendar) -> list[dict[str, Any]]:
    bodies = {one.pause: one.body_name for one in queries.contracted_of(row)}
    return [
        {**_pause(pause, today, calendar), "body": bodies.get(number, "")}
        for number, pause in enumerate(queries.pauses_of(row))
    ]


def _changed(row: CaseRow) -> dict[str, Any] | None:
    """Return the change that waits for a ruling, in the applicant's words."""
    if row.change_date is None:
        return None
    event: Any = queries.case_file(row).event(ChangeRequested)
    return {"day": row.change_date, "what": event.what}


def _pause(pause: Pausing, today: date, calendar: WorkCalendar) -> dict[str, Any]:
    return {
        "what": words.procedure(pause.kind),
        "from": pause.from_date,
        "until": pause.until_date,
        "expected": words.expected(pause, today=today, calendar=calendar),
    }


def _offered(
    request: HttpRequest, row: CaseRow, typed: Mapping[str, Form], today: date
) -> dict[str, Form | None]:
    """Return the forms this officer may fill in now, and any with what was typed into it."""
    open_now = _open_now(request, row, today)
    return {
        name: typed.get(name) or (form() if name in open_now else None)
        for name, form in FORMS.items()
    } | _begin_form(row, typed, open_now)


def _begin_form(
    row: CaseRow, typed: Mapping[str, Form], open_now: set[str]
) -> dict[str, Form | None]:
    """Leave a hearing out of what may begin, unless one was scheduled while the clock stood."""
    form = typed.get("begin") or (BeginSpecialForm() if "begin" in open_now else None)
    if form is not None and not queries.is_hearing_scheduled(row.number):
        choice: Any = form.fields["procedure"]
        choice.choices = [one for one in choice.choices if one[0] != SpecialKind.HEARING]
    return {"begin": form}


def _open_now(request: HttpRequest, row: CaseRow, today: date) -> set[str]:
    if row.stage not in RUNNING or access.is_own(actor_of(request), row):
        return set()
    handles, heads = _handler(request, row), _head(request, row)
    if row.special == REFERRED:  # it ends with its answer
        return set()
    if row.special:
        ends_itself = _body_at_work(row) or _hearing_at_work(row)
        return {"end"} if handles and not ends_itself else set()
    ruling = {"rule"} if handles and row.change_date else set()
    if _is_over(row, today):
        return ruling
    extends = row.stage != Stage.FIRST_REVIEW and not row.extended_days  # art. 43 knows none
    wanted = {"begin": handles, "extend": heads and extends}
    return ruling | {name for name, may in wanted.items() if may}


def _body_at_work(row: CaseRow) -> bool:
    """Whether the clock stands still for a contracted body: its delivery ends that, no officer."""
    last = len(row.pauses) - 1
    return bool(row.special) and any(c.pause == last for c in queries.contracted_of(row))


def _hearing_at_work(row: CaseRow) -> bool:
    """Whether the clock stands still for a hearing: its record ends that."""
    return row.special == SpecialKind.HEARING and queries.is_hearing_scheduled(row.number)


def _is_over(row: CaseRow, today: date) -> bool:
    """Whether the statutory term has run out: nothing moves it any more."""
    last = row.statutory_due
    running = row.stage in RUNNING and not row.special
    return running and last is not None and today > last
