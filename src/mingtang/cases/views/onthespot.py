"""On the spot (当场办结): from acceptance to the papers in the applicant's hand, on one screen."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.cases import access, queries
from mingtang.cases.actions import onthespot
from mingtang.cases.queries import CaseRow
from mingtang.cases.views import desk, proving, showing, words
from mingtang.cases.views.sending import once
from mingtang.core import cases
from mingtang.core.catalogue import ResultKind
from mingtang.core.decider import Refused
from mingtang.core.papers import PaperKind, ServedHow
from mingtang.core.people import Power
from mingtang.papers import actions as papers_actions
from mingtang.papers import queries as papers
from mingtang.people.access import actor_of, needs
from mingtang.ui.pages import HtmxRequest

CERTIFICATE_FOLLOWS = timedelta(seconds=15)


@needs(Power.CASE_DECIDE)
@require_POST
def settle(request: HttpRequest, number: str) -> HttpResponse:
    """Accept and grant it at once, with the materials checked on the same page."""
    proving.require_desk(request)
    row, officer = desk.must_act(request, number)
    decider = access.officer_for(actor_of(request), Power.CASE_DECIDE, row.department)
    if decider is None:
        raise Http404
    if desk.shortfalls(request, row):
        said = _("有材料标为不符合，不能当场办结。请改为一次性告知补正；已经当场改好的，改回符合。")
        return desk.shown(request, row, officer, status=422, refused=said)
    try:
        onthespot.settle(
            number=number,
            granted=True,
            reason="",
            officer=decider,
            at=timezone.localtime(),
            once=once(request, "settle", number),
        )
    except Refused as refused:
        return desk.refusal(request, row, officer, refused)
    return redirect("cases:desk-settled", number)


@needs(Power.CASE_DECIDE)
@require_GET
def settled(request: HtmxRequest, number: str) -> HttpResponse:
    """What has come of it: each paper as soon as it is made, to print and to hand over."""
    row = _settled_here(request, number)
    template = "cases/parts/settled.html" if request.htmx else "cases/settled.html"
    return render(request, template, _context(request, row))


@needs(Power.CASE_DECIDE)
@require_POST
def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """Record that the papers were handed to whoever is at the window (当场送达、发证)."""
    row = _settled_here(request, number)
    by, recipient = actor_of(request).person, request.POST.get("recipient", "").strip()[:80]
    for paper in _papers(number):
        if paper.issued_at is None or paper.served_at is not None:
            continue
        with suppress(Refused):  # the applicant opened it this very moment
            papers_actions.serve(
                key=paper.key,
                how=ServedHow.WINDOW,
                recipient=recipient or row.applicant_name,
                by=by,
                at=timezone.localtime(),
            )
    return redirect("cases:desk-settled", number)


def _settled_here(request: HttpRequest, number: str) -> CaseRow:
    """Return a case whose decision was this officer's. Raises Http404 for any other."""
    row, actor = queries.by_number(number), actor_of(request)
    own = [t for t in queries.tasks_of(number) if t.key == cases.DECISION and t.done_at]
    if row is None or not any(task.person == actor.person for task in own):
        raise Http404
    return row


def _papers(number: str) -> list[papers.PaperRow]:
    """Return what is handed over; a record of service says that it was, and stays."""
    found = papers.papers_about(f"case/{number}") + papers.papers_about(f"licence/{number}")
    return [paper for paper in found if paper.paper != PaperKind.SERVICE]


def _waiting(row: CaseRow, made: list[papers.PaperRow]) -> bool:
    """Whether something is still being made. A certificate is ordered a moment after the notice;
    an item whose certificates are not electronic has none, and is not waited for long."""
    if not made or any(paper.issued_at is None for paper in made):
        return True
    certificate = showing.content_of(row).result_kind is ResultKind.CERTIFICATE
    there = any(paper.paper == PaperKind.LICENCE for paper in made)
    assert row.closed_at is not None
    return certificate and not there and timezone.now() - row.closed_at < CERTIFICATE_FOLLOWS


def _context(request: HttpRequest, row: CaseRow) -> dict[str, Any]:
    made = _papers(row.number)
    waiting = _waiting(row, made)
    handed = bool(made) and all(paper.served_at for paper in made)
    return {
        **desk.listing(request),
        "row": row,
        "name": words.item_name(row),
        "papers": papers.lines(made),
        "waiting": waiting,
        "handed": handed,
        "steps": _steps(waiting=waiting, handed=handed),
        "next_url": reverse("cases:desk"),
    }


def _steps(*, waiting: bool, handed: bool) -> list[dict[str, str]]:
    """Return the line of steps: accepted, decided, made, handed over."""
    making = "now" if waiting else "done"
    handing = "done" if handed else "next" if waiting else "now"
    return [
        {"name": _("受理"), "state": "done"},
        {"name": _("决定：准予"), "state": "done"},
        {"name": _("制作文书和证照"), "state": making},
        {"name": _("交给申请人"), "state": handing},
    ]
