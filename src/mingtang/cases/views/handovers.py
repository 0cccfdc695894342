"""Handing over a window (交接): a list of what waits, which both clerks confirm."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingtang.cases import access, queries
from mingtang.cases.access import Sight
from mingtang.cases.actions import handovers as actions
from mingtang.cases.forms.handovers import DeclineForm, OfferForm
from mingtang.cases.queries import CaseRow, HandoverRow
from mingtang.cases.views import showing, words
from mingtang.cases.views.sending import once
from mingtang.cases.views.work import work_nav
from mingtang.core.cases import Officer, Stage
from mingtang.core.decider import Refused
from mingtang.core.handovers import HandoverStage
from mingtang.core.people import POWERS, Power, Role
from mingtang.people import queries as people
from mingtang.people.access import actor_of, needs
from mingtang.people.queries import Actor
from mingtang.ui import refusals

STAGES = {
    HandoverStage.OFFERED: ("warn", gettext_lazy("待确认")),
    HandoverStage.CONFIRMED: ("good", gettext_lazy("已交接")),
    HandoverStage.DECLINED: ("bad", gettext_lazy("未接")),
    HandoverStage.WITHDRAWN: ("idle", gettext_lazy("已收回")),
}


@needs(Power.CASE_INTAKE)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What was handed to me and by me, the newest first."""
    me = actor_of(request).person
    rows = queries.handovers_of(me)
    names = people.names(sorted({p for row in rows for p in (row.giver, row.receiver)}))
    context = {
        "work_nav": work_nav(request),
        "lines": [_line(row, names, me) for row in rows],
    }
    return render(request, "cases/handovers.html", context)


@needs(Power.CASE_INTAKE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose what is handed over, and to whom."""
    actor = actor_of(request)
    giver, sent = _officer(actor), request.method == "POST"
    form = OfferForm(_colleagues(actor), request.POST if sent else None)
    departments = access.departments_served(actor, Power.CASE_INTAKE)
    rows = queries.to_hand_over(actor.person, departments)
    chosen = request.POST.getlist("case") if sent else _own(rows, actor, giver)
    context: dict[str, Any] = {
        "work_nav": work_nav(request),
        "form": form,
        "lines": [{**_case(row), "chosen": row.number in chosen} for row in rows],
    }
    if not sent:
        return render(request, "cases/handover_new.html", context)
    if not form.is_valid():
        return render(request, "cases/handover_new.html", context, status=422)
    try:
        receipt = actions.offer(
            numbers=chosen,
            receiver=form.cleaned_data["receiver"],
            note=form.cleaned_data["note"],
            giver=giver,
            at=timezone.localtime(),
            once=once(request, "hand-over", "new"),
        )
    except Refused as refused:
        context |= {"refused": refusals.sentence(refused), "code": refused.code}
        return render(request, "cases/handover_new.html", context, status=409)
    messages.success(request, _("交接单已提出，对方确认后生效。"))
    return redirect("cases:handover", receipt.key)


@needs(Power.CASE_INTAKE)
@require_GET
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """One list, for the two it concerns."""
    return _shown(request, _mine(request, key))


@needs(Power.CASE_INTAKE)
@require_POST
def settle(request: HttpRequest, key: str, act: str) -> HttpResponse:
    """Confirm it, decline it, or take it back (确认、不接、收回)."""
    row, actor, at = _mine(request, key), actor_of(request), timezone.localtime()
    sent, me = once(request, act, key), actor.person
    form = DeclineForm(request.POST) if act == "decline" else None
    try:
        match act:
            case "confirm":
                seen, officer = request.POST.getlist("case"), _officer(actor)
                actions.confirm(key=key, seen=seen, officer=officer, at=at, once=sent)
            case "decline":
                reason = request.POST.get("reason", "")[:500]
                actions.decline(key=key, reason=reason, by=me, at=at, once=sent)
            case "withdraw":
                actions.withdraw(key=key, by=me, at=at, once=sent)
            case _:
                raise Http404
    except Refused as refused:
        said = {"refused": refusals.sentence(refused), "code": refused.code}
        return _shown(request, row, form=form, status=409, **said)
    return redirect("cases:handover", key)


# ── Whose, and what of it is shown ──────────────────────────────────────────


def _officer(actor: Actor) -> Officer:
    """Return the clerk as the record names them: at the window they are stationed at."""
    post = next(post for post in actor.appointments if Power.CASE_INTAKE in POWERS[post.role])
    return Officer(
        person=actor.person,
        staff_no=post.staff_no,
        organisation=post.organisation,
        office=post.office,
    )


def _mine(request: HttpRequest, key: str) -> HandoverRow:
    row, me = queries.handover(key), actor_of(request).person
    if row is None or me not in (row.giver, row.receiver):
        raise Http404
    return row


def _colleagues(actor: Actor) -> list[tuple[str, str]]:
    """Return who else takes in applications in the organisations one does it for."""
    found = {}
    for organisation in sorted(actor.organisations_with(Power.CASE_INTAKE)):
        for post in people.staff(organisation=organisation):
            if Power.CASE_INTAKE in POWERS[Role(post.role)] and post.person != actor.person:
                office = people.office_name(post.office)
                name = getattr(post, "name", "")
                found[post.person] = " ".join(filter(None, [name, post.staff_no, office]))
    return sorted(found.items(), key=lambda one: one[1])


def _own(rows: list[CaseRow], actor: Actor, giver: Officer) -> list[str]:
    """Return what is marked from the beginning: taken in at this window, or taken over."""
    held = queries.held_by(actor.person)
    return [
        row.number
        for row in rows
        if row.number in held or (giver.office and row.office == giver.office)
    ]


def _case(row: CaseRow, *, waits: bool = True) -> dict[str, Any]:
    """Return a line of the list; what has left the window shows no name any more."""
    sight = Sight.OFFICE if waits else Sight.OVERSIGHT
    return {
        "number": row.number,
        "name": words.item_name(row),
        "applicant": showing.applicant_name(row, sight=sight),
        "stage": words.STAGES[Stage(row.stage)],
        "due": row.intake_due,
        "office": people.office_name(row.office),
    }


def _line(row: HandoverRow, names: Any, me: str) -> dict[str, Any]:
    lamp, word = STAGES[HandoverStage(row.stage)]
    return {
        "row": row,
        "lamp": lamp,
        "word": word,
        "giver": names.get(row.giver, row.giver),
        "receiver": names.get(row.receiver, row.receiver),
        "to_me": row.receiver == me,
    }


def _shown(
    request: HttpRequest,
    row: HandoverRow,
    *,
    form: DeclineForm | None = None,
    status: int = 200,
    refused: str = "",
    code: str = "",
) -> HttpResponse:
    me = actor_of(request).person
    found = queries.cases_with(row.cases)
    departments = access.departments_served(actor_of(request), Power.CASE_INTAKE)
    waiting = queries.waiting_at_window(row.cases, departments)
    offered = row.stage == HandoverStage.OFFERED
    context = {
        "work_nav": work_nav(request),
        **_line(row, people.names([row.giver, row.receiver]), me),
        "lines": [
            {**_case(found[number], waits=number in waiting), "waits": number in waiting}
            for number in row.cases
        ],
        "receives": offered and me == row.receiver,
        "gives": offered and me == row.giver,
        "form": form or DeclineForm(),
        "declining": form is not None,
        "refused": refused,
        "code": code,
    }
    return render(request, "cases/handover.html", context, status=status)
