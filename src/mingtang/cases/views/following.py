"""What follows after acceptance (补交, 变更): handed in by applicants, or at a window for them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from mingtang.cases import access, queries
from mingtang.cases.actions import beside
from mingtang.cases.forms.beside import ChangeForm
from mingtang.cases.queries import CaseRow
from mingtang.cases.views import correcting, showing, words
from mingtang.cases.views.clocks import clock_card
from mingtang.cases.views.sending import once
from mingtang.cases.views.work import work_nav
from mingtang.catalogue import queries as catalogue
from mingtang.core import clock
from mingtang.core.cases import UNDER_REVIEW, Officer
from mingtang.core.decider import Refused
from mingtang.core.people import Power
from mingtang.people.access import actor_of, signed_in
from mingtang.ui import refusals


@signed_in
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, number: str) -> HttpResponse:
    """Hand in what was accepted without (补交容缺材料)."""
    row, officer = _theirs_or_window(request, number)
    if row.deferred_due is None:
        return redirect("cases:progress", number)
    actor, at = actor_of(request), timezone.localtime()
    owner = (row.agent or row.applicant) if officer else ""
    case, content = queries.case_file(row), showing.content_of(row)
    making = correcting.Following(case, content, actor, owner)
    if request.method == "GET":
        return _follow(request, row, making, officer)
    making.take(request, at=at)
    if making.wrong or request.POST.get("do") == "keep":
        return _follow(request, row, making, officer, status=422 if making.wrong else 200)
    try:
        beside.hand_in_deferred(
            number=number,
            documents=making.documents(),
            person="" if officer else actor.person,
            taken_by=officer,
            at=at,
            once=once(request, "follow", number),
        )
    except Refused as refused:
        return _follow(request, row, making, officer, refused=refused)
    making.forget()
    return redirect("cases:beside" if officer else "cases:progress", *([] if officer else [number]))


@signed_in
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, number: str) -> HttpResponse:
    """Change an application under review (申请变更)."""
    row = _own(request, number)
    if row.stage not in UNDER_REVIEW or row.change_date is not None:
        return redirect("cases:progress", number)
    actor, at = actor_of(request), timezone.localtime()
    case, content = queries.case_file(row), showing.content_of(row)
    making = correcting.Changing(case, content, actor)
    if request.method == "GET":
        return _change(request, row, making, ChangeForm())
    making.take(request, at=at)
    form = ChangeForm(request.POST)
    if making.wrong or not form.is_valid():
        return _change(request, row, making, form, status=422)
    try:
        beside.request_change(
            number=number,
            person=actor.person,
            what=form.cleaned_data["what"],
            documents=making.documents(),
            form=making.changed_fields(),
            at=at,
            once=once(request, "change", number),
        )
    except Refused as refused:
        return _change(request, row, making, form, refused=refused)
    making.forget()
    return redirect("cases:progress", number)


# ── Whose case, and what it is shown with ───────────────────────────────────


def _theirs_or_window(request: HttpRequest, number: str) -> tuple[CaseRow, Officer | None]:
    """Return a case that is one's own, or one a window serves. Raises Http404 for any other."""
    row, actor = queries.by_number(number), actor_of(request)
    if row is None:
        raise Http404
    if access.is_own(actor, row):
        return row, None
    officer = access.officer_for(actor, Power.CASE_INTAKE, row.department)
    if officer is None:
        raise Http404
    return row, officer


def _own(request: HttpRequest, number: str) -> CaseRow:
    row = queries.by_number(number)
    if row is None or not access.is_own(actor_of(request), row):
        raise Http404
    return row


def _follow(
    request: HttpRequest,
    row: CaseRow,
    making: correcting.Correction,
    officer: Officer | None,
    *,
    status: int = 200,
    refused: Refused | None = None,
) -> HttpResponse:
    today = clock.civil_day(timezone.now())
    context = {
        **_common(request, row, making, refused),
        "work_nav": work_nav(request) if officer else None,
        "at_window": officer is not None,
        "due": row.deferred_due,
        "late": row.deferred_due is not None and today > row.deferred_due,
    }
    return render(request, "cases/follow.html", context, status=409 if refused else status)


def _change(
    request: HttpRequest,
    row: CaseRow,
    making: correcting.Correction,
    form: ChangeForm,
    *,
    status: int = 200,
    refused: Refused | None = None,
) -> HttpResponse:
    today, calendar = clock.civil_day(timezone.now()), catalogue.calendar()
    context = {
        **_common(request, row, making, refused),
        "form": form,
        "clock": clock_card(row, today=today, calendar=calendar),
    }
    return render(request, "cases/change.html", context, status=409 if refused else status)


def _common(
    request: HttpRequest, row: CaseRow, making: correcting.Correction, refused: Refused | None
) -> dict[str, Any]:
    return {
        "row": row,
        "name": words.item_name(row),
        "making": making,
        "refused": refusals.sentence(refused) if refused else "",
        "code": refused.code if refused else "",
    }
