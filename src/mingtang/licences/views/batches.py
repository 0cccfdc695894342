"""Licences of a batch (批量制证): how far they are, printed in one, handed over in one act."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from mingtang.core.decider import Refused
from mingtang.core.licences import DeliveredHow, Stage
from mingtang.ledger.orders import Outcome
from mingtang.licences import access, actions, queries
from mingtang.licences.access import Sight
from mingtang.licences.forms import BatchHandOverForm, workbooks
from mingtang.licences.ports.binding import bind
from mingtang.licences.queries import LicenceRow
from mingtang.licences.views import showing
from mingtang.licences.views.desk import shown_to, stuck_lines
from mingtang.licences.views.work import STAFF, work_nav
from mingtang.papers import queries as papers
from mingtang.people import queries as people
from mingtang.people.access import actor_of, needs
from mingtang.people.views.filling import filled, once
from mingtang.ui import refusals
from mingtang.vault import queries as vault

AT_ONCE = 100  # certificates bound into one file


@needs(*STAFF)
@require_GET
def batches(request: HttpRequest) -> HttpResponse:
    """The batches whose licences this person sees, the newest first."""
    found = queries.batches_among(shown_to(actor_of(request)))
    page = Paginator(found, 30).get_page(request.GET.get("page"))
    context = {
        "work_nav": work_nav(request),
        "page": page,
        "lines": [{**one, "organ": people.organisation_name(one["organ"])} for one in page],
    }
    return render(request, "licences/batches.html", context)


@needs(*STAFF)
@require_GET
def batch(request: HttpRequest, number: str) -> HttpResponse:
    """One batch: how far its making is, what is stuck, what waits to be handed over."""
    return _page(request, number, BatchHandOverForm(label_suffix="", initial=_initial()))


def _initial() -> dict[str, str]:
    return {"how": DeliveredHow.WINDOW.value}


def _page(
    request: HttpRequest, number: str, form: BatchHandOverForm, *, status: int = 200, **extra: Any
) -> HttpResponse:
    rows = _seen(request, number)
    actor = actor_of(request)
    may = access.handing_over(actor)
    context: dict[str, Any] = {
        "work_nav": work_nav(request),
        "number": number,
        "first": rows[0] if rows else None,
        "organ": people.organisation_name(rows[0].organ, rows[0].organ_name) if rows else "",
        "lines": [_line(row, may(row)) for row in rows],
        "of": len(rows),
        "made": sum(bool(row.paper) for row in rows),
        "parts": _parts(len(_to_print(rows))),
        "follows": bool(rows) and access.staff_sight(actor, rows[0]) is Sight.OFFICE,
        "waiting": sum(map(queries.waits_at_a_window, rows)),
        "hands_over": any(map(may, rows)),
        "stuck": stuck_lines(queries.stuck(batch=number)),
        "form": form,
        **extra,
    }
    return render(request, "licences/batch.html", context, status=status)


def _line(row: LicenceRow, may: bool) -> dict[str, Any]:
    waits = may and queries.waits_at_a_window(row)
    return {**showing.line(row, full=True), "waits": waits}


def _parts(count: int) -> list[tuple[int, int, int]]:
    """Return the files the certificates are bound into: which, from where to where."""
    starts = range(0, count, AT_ONCE)
    return [(n, start + 1, min(start + AT_ONCE, count)) for n, start in enumerate(starts, 1)]


def _seen(request: HttpRequest, number: str) -> list[LicenceRow]:
    """Return the licences of a batch in row order. Raises Http404 when there is nothing to see."""
    actor = actor_of(request)
    rows = list(queries.of_batch(number))
    sight = access.staff_sights(actor)
    if not any(sight(row) in (Sight.OFFICE, Sight.WINDOW) for row in rows):
        rows = []  # of a batch of which one hands over some, one sees all
    stuck = queries.stuck(organs=access.organs_overseen(actor), batch=number)
    if not rows and not stuck:
        raise Http404
    return rows


# ── For the printer ─────────────────────────────────────────────────────────


@needs(*STAFF)
@require_GET
def printed(request: HttpRequest, number: str, part: int) -> HttpResponse:
    """All certificates of a batch in one file, in row order: copies for the printer."""
    wanted = _to_print(_seen(request, number))[(part - 1) * AT_ONCE : part * AT_ONCE]
    if not wanted:
        raise Http404
    response = HttpResponse(bind(_files(wanted)), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{number}-{part}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _to_print(rows: Sequence[LicenceRow]) -> list[LicenceRow]:
    """Return those that can be handed over: made, and neither suspended nor ended since."""
    return [row for row in rows if row.paper and row.stage == Stage.VALID]


def _files(rows: Sequence[LicenceRow]) -> list[bytes]:
    """Return the sealed files of these licences; what was erased is left out."""
    found = [papers.paper(row.paper) for row in rows]
    return [data for paper in found if paper and (data := vault.bytes_of(paper.file))]


@needs(*STAFF)
@require_GET
def listing(request: HttpRequest, number: str) -> HttpResponse:
    """The delivery list (发证清单), to be printed and signed."""
    rows = _seen(request, number)
    context = {
        "number": number,
        "first": rows[0] if rows else None,
        "organ": people.organisation_name(rows[0].organ, rows[0].organ_name) if rows else "",
        "lines": [showing.line(row, full=True) for row in _to_print(rows)],
        "today": timezone.localdate(),
    }
    return render(request, "licences/listing.html", context)


@needs(*STAFF)
@require_GET
def workbook(request: HttpRequest, number: str) -> HttpResponse:
    """The delivery list as a spreadsheet."""
    lines = [showing.line(row, full=True) for row in _to_print(_seen(request, number))]
    return HttpResponse(
        workbooks.listing(number, lines),
        content_type=workbooks.XLSX,
        headers={
            "Content-Disposition": f'attachment; filename="{number}-list.xlsx"',
            "Cache-Control": "private, no-store",
        },
    )


# ── Into the holders' hands ─────────────────────────────────────────────────


@needs(*STAFF)
@require_POST
def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """Record the hand-over of all that were picked, in one act with a result for each."""
    actor, form = actor_of(request), filled(BatchHandOverForm, request)
    may = access.handing_over(actor)
    rows = {row.key: row for row in _seen(request, number) if may(row)}
    picked = [rows[key] for key in request.POST.getlist("key") if key in rows]
    if not form.is_valid():
        return _page(request, number, form, status=422)
    if not picked:
        form.add_error(None, _("请至少选一份。"))
        return _page(request, number, form, status=422)
    outcomes = _handed_over(request, picked, form)
    refused = _refused(picked, outcomes)
    done = len(picked) - len(refused)
    if done:
        said = ngettext("%(n)s 份发证已记入账本。", "%(n)s 份发证已记入账本。", done) % {"n": done}
        messages.success(request, said)
    if refused:
        return _page(request, number, form, status=409, refused=refused)
    return redirect("licences:batch", number)


def _handed_over(
    request: HttpRequest, picked: Sequence[LicenceRow], form: BatchHandOverForm
) -> dict[str, Outcome]:
    one, typed = form.cleaned_data["recipient"].strip(), once(request)
    person = actor_of(request).person
    return actions.hand_over(
        recipients={row.key: one or row.holder_name for row in picked},
        how=DeliveredHow(form.cleaned_data["how"]),
        by=person,
        at=timezone.localtime(),
        once={row.key: f"{person}/licence/hand-over/{row.key}/{typed}" for row in picked}
        if typed
        else None,
    )


def _refused(
    picked: Sequence[LicenceRow], outcomes: dict[str, Outcome]
) -> list[tuple[LicenceRow, str]]:
    found = []
    for row in picked:
        outcome = outcomes[row.key]
        if isinstance(outcome, Refused):
            found.append((row, refusals.sentence(outcome)))
        elif isinstance(outcome, Exception):
            found.append((row, refusals.sentence(Refused("licence.failed"))))
    return found
