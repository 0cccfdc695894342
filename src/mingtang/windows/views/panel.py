"""The call panel of a window (叫号台): for the clerk who is stationed there, and nobody else."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from mingtang.core.decider import Refused
from mingtang.core.people import Power
from mingtang.core.phrases import PhraseUse
from mingtang.core.queues import Channel, Stage
from mingtang.ledger.orders import Receipt
from mingtang.people import queries as people
from mingtang.people.access import actor_of, needs
from mingtang.people.views import offering
from mingtang.people.views.filling import carried_out, filled
from mingtang.ui import refusals
from mingtang.windows import access, actions, queries
from mingtang.windows.forms import TicketForm
from mingtang.windows.queries import HallRow, TicketRow
from mingtang.windows.views import purposes
from mingtang.windows.views.showing import NEXT
from mingtang.windows.views.tickets import once_of, status
from mingtang.windows.views.work import work_nav

LONGEST = 200  # signs of a reason on a slip


@needs(Power.CASE_INTAKE)
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """The windows where I am stationed; straight on where there is one."""
    own = access.windows_of(actor_of(request))
    windows = [window for window in own if queries.hall_of_window(window)]
    if len(windows) == 1:
        return redirect("windows:at-window", windows[0])
    context = {
        "work_nav": work_nav(request),
        "windows": [(window, people.office_name(window)) for window in windows],
    }
    return render(request, "windows/panels.html", context)


@needs(Power.CASE_INTAKE)
@never_cache
@require_GET
def panel(request: HttpRequest, window: str) -> HttpResponse:
    """Who is here, who is next, and what can be done."""
    return _shown(request, _hall(request, window), window)


@needs(Power.CASE_INTAKE)
@never_cache
@require_GET
def line(request: HttpRequest, window: str) -> HttpResponse:
    """The part of the panel that renews itself."""
    return render(request, "windows/_line.html", _line(_hall(request, window), window))


@needs(Power.CASE_INTAKE)
def take(request: HttpRequest, window: str) -> HttpResponse:
    """Give a number to somebody who stands here (现场取号)."""
    hall = _hall(request, window)
    items = purposes.chosen(request)
    form = filled(TicketForm, request, items=items)
    given: list[Receipt] = []
    if request.method == "POST" and carried_out(
        form,
        lambda: given.append(
            actions.take(
                hall=hall.key,
                channel=Channel.COUNTER,
                **form.said(),
                by=actor_of(request).person,
                at=timezone.localtime(),
                once=once_of(request, f"give/{window}"),
            )
        ),
    ):
        return redirect("windows:ticket", queries.ticket_taken(given[0].index).page_key)
    context = {
        "work_nav": work_nav(request),
        "hall": hall,
        "window": window,
        "form": form,
        **purposes.choosing(request, items),
    }
    return render(request, "windows/give.html", context, status=status(form))


@needs(Power.CASE_INTAKE)
@require_POST
def act(request: HttpRequest, window: str, name: str) -> HttpResponse:
    """Call the next, call once more, skip, finish."""
    hall = _hall(request, window)
    do = actions.ACTS.get(name)
    if do is None:
        raise Http404
    return _done(request, hall, window, name, do)


@needs(Power.CASE_INTAKE)
@require_POST
def again(request: HttpRequest, window: str) -> HttpResponse:
    """Call one that was skipped or sent on."""
    hall = _hall(request, window)
    number = request.POST.get("number", "")[:8]
    return _done(request, hall, window, f"again/{number}", actions.call_again, number=number)


@needs(Power.CASE_INTAKE)
@require_POST
def transfer(request: HttpRequest, window: str) -> HttpResponse:
    """Send the number on to another window."""
    hall = _hall(request, window)
    to = request.POST.get("to", "")[:60]
    return _done(request, hall, window, f"transfer/{to}", actions.transfer, to=to)


@needs(Power.CASE_INTAKE)
@require_POST
def slip(request: HttpRequest, window: str) -> HttpResponse:
    """What is still missing, to print and take along (补齐清单). Nothing of it is kept."""
    hall = _hall(request, window)
    here = queries.at_window(hall.key, timezone.localdate(), window)
    context = {
        "work_nav": work_nav(request),
        "hall": hall,
        "window": window,
        "name": people.office_name(window),
        "number": here.number if here else "",
        "now": timezone.localtime(),
        "lines": [(item["name"], _lacking(request, item)) for item in purposes.checklists(here)],
    }
    return render(request, "windows/slip.html", context)


def _lacking(request: HttpRequest, item: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the materials of one item that were marked as missing, with the reasons given."""
    marked = []
    for material in item["materials"]:
        field = f"{item['key']}-{material['key']}"
        if request.POST.get(f"lack-{field}"):
            reason = request.POST.get(f"why-{field}", "").strip()[:LONGEST]
            marked.append((material["name"], reason))
    return marked


def _done(
    request: HttpRequest, hall: HallRow, window: str, name: str, do: Any, **said: str
) -> HttpResponse:
    try:
        do(
            hall=hall.key,
            window=window,
            **said,
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once_of(request, f"{name}/{window}"),
        )
    except Refused as refused:
        return _shown(request, hall, window, refused=refusals.sentence(refused), status=409)
    return redirect("windows:at-window", window)


def _shown(
    request: HttpRequest, hall: HallRow, window: str, *, refused: str = "", status: int = 200
) -> HttpResponse:
    others = [one for one in hall.windows if one != window]
    here = queries.at_window(hall.key, timezone.localdate(), window)
    context = {
        **_line(hall, window),
        "work_nav": work_nav(request),
        "name": people.office_name(window),
        "here": here,
        "checklists": purposes.checklists(here),
        "phrases": offering.offered(
            actor_of(request), PhraseUse.SHORTFALL, offering.SHORTFALLS, hall.key
        ),
        "others": [(one, people.office_name(one)) for one in others],
        "refused": refused,
    }
    return render(request, "windows/panel.html", context, status=status)


def _line(hall: HallRow, window: str) -> dict[str, Any]:
    today, now = timezone.localdate(), timezone.localtime()
    waiting = queries.line(hall.key, today)
    mine = queries.line_at(hall, today, window)
    free = [row for row in mine if row.moment <= now]
    sent_on = [row for row in waiting if row.wants not in ("", window)]
    return {
        "hall": hall,
        "window": window,
        "next": free[:NEXT],
        "count": len(free),
        "coming": [row for row in mine if row.moment > now][:NEXT],
        "callable": [_callable(row) for row in [*queries.skipped(hall.key, today), *sent_on]],
    }


def _callable(row: TicketRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "skipped": row.stage == Stage.SKIPPED,
        "wants": people.office_name(row.wants),
    }


def _hall(request: HttpRequest, window: str) -> HallRow:
    """Return the hall this window calls for. Raises Http404 unless it is the clerk's own window."""
    hall = queries.hall_of_window(window)
    if hall is None or not access.is_at(actor_of(request), window):
        raise Http404
    return hall
