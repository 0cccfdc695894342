"""Letting a colleague do one's tasks for some days (委托代办)."""

from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from mingtang.cases import access, queries
from mingtang.cases.actions import delegating
from mingtang.cases.forms import once_key
from mingtang.cases.forms.teamwork import DelegateForm
from mingtang.cases.views import teampanel, words
from mingtang.cases.views.work import work_nav
from mingtang.core import clock
from mingtang.core.decider import Refused
from mingtang.people.access import Actor, actor_of, needs
from mingtang.ui import refusals


@needs(*access.SIGNING)
@require_GET
def delegations(request: HttpRequest) -> HttpResponse:
    """Whom one lets do one's tasks and when, and for whom one stands in."""
    return _shown(request)


@needs(*access.SIGNING)
@require_POST
def give(request: HttpRequest) -> HttpResponse:
    """Let a colleague do one's tasks (委托)."""
    actor = actor_of(request)
    form = DelegateForm(request.POST, colleagues=_colleagues(actor))
    if not form.is_valid():
        return _shown(request, form=form, status=422)
    department, deputy = form.chosen()
    giver = access.handler_for(actor, department)
    assert giver is not None, "only the actor's own departments are offered"
    once = once_key(request.POST)
    try:
        delegating.give_delegation(
            giver=giver,
            deputy=deputy,
            from_date=form.cleaned_data["from_date"],
            until_date=form.cleaned_data["until_date"],
            at=timezone.localtime(),
            once=f"{actor.person}/delegate/{once}" if once else None,
        )
    except Refused as refused:
        return _shown(request, form=form, status=409, refused=refused)
    return redirect("cases:delegations")


@needs(*access.SIGNING)
@require_POST
def end(request: HttpRequest, key: str) -> HttpResponse:
    """Take it back (收回)."""
    person = actor_of(request).person
    if key not in {row.key for row in queries.delegations_by(person)}:
        raise Http404
    try:
        delegating.end_delegation(key=key, by=person, at=timezone.localtime())
    except Refused as refused:
        return _shown(request, status=409, refused=refused)
    return redirect("cases:delegations")


def _colleagues(actor: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return whom the actor may choose, department by department, where there is anybody."""
    groups = (
        (department, access.deputies(actor, department))
        for department in access.departments_handled(actor)
    )
    return [
        (
            words.body_name(department),
            [(f"{department}/{person}", name) for person, name in found],
        )
        for department, found in groups
        if found
    ]


def _shown(
    request: HttpRequest,
    *,
    form: Form | None = None,
    status: int = 200,
    refused: Refused | None = None,
) -> HttpResponse:
    actor, today = actor_of(request), clock.civil_day(timezone.now())
    colleagues = _colleagues(actor)
    departments = access.departments_handled(actor)
    context: dict[str, Any] = {
        "work_nav": work_nav(request),
        "departments": [words.body_name(department) for department in departments],
        "given": [
            {
                "row": row,
                "who": teampanel.person_name(row.deputy, row.deputy_no),
                "department": words.body_name(row.department),
                "runs": row.ended_at is None and row.until_date >= today,
            }
            for row in queries.delegations_by(actor.person)
        ],
        "standing_in": teampanel.standing_in(actor, today),
        "form": (form or DelegateForm(colleagues=colleagues)) if colleagues else None,
        "refused": refusals.sentence(refused) if refused else "",
        "code": refused.code if refused else "",
    }
    return render(request, "cases/delegations.html", context, status=status)
