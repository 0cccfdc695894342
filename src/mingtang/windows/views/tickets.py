"""My number (我的号): taken or booked online, its page with how many go before, cancelling."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from mingtang.catalogue import queries as catalogue
from mingtang.core.decider import Refused
from mingtang.core.halls import HallRules, is_open_on, slots
from mingtang.core.queues import Channel
from mingtang.ledger.orders import Receipt
from mingtang.people.access import actor_of, public, signed_in
from mingtang.people.views.filling import carried_out, filled, once
from mingtang.ui import refusals
from mingtang.windows import actions, queries
from mingtang.windows.forms import BookForm, TicketForm
from mingtang.windows.queries import TicketRow
from mingtang.windows.views import purposes
from mingtang.windows.views.showing import hall_or_404, standing, why_shut


def once_of(request: HttpRequest, act: str) -> str | None:
    typed = once(request)
    return f"{actor_of(request).person}/queue/{act}/{typed}" if typed else None


def status(form: Form) -> int:
    if not form.is_bound:
        return 200
    return 409 if form.non_field_errors() else 422


# ── Taking and booking ──────────────────────────────────────────────────────


@signed_in
def take(request: HttpRequest, hall: str) -> HttpResponse:
    """Take a number online (网上取号)."""
    row = hall_or_404(hall)
    items = purposes.chosen(request)
    form = filled(TicketForm, request, items=items)
    given: list[Receipt] = []
    if request.method == "POST" and carried_out(
        form,
        lambda: given.append(
            actions.take(
                hall=hall,
                channel=Channel.ONLINE,
                visitor=actor_of(request).person,
                **form.said(),
                at=timezone.localtime(),
                once=once_of(request, f"take/{hall}"),
            )
        ),
    ):
        return redirect("windows:ticket", queries.ticket_taken(given[0].index).page_key)
    now = timezone.localtime()
    context = {
        "hall": row,
        "form": form,
        "count": len(queries.due(hall, now)),
        "shut": why_shut(queries.rules_of(row), now),
        **purposes.choosing(request, items),
    }
    return render(request, "windows/take.html", context, status=status(form))


@signed_in
def book(request: HttpRequest, hall: str) -> HttpResponse:
    """Book a quarter-hour of a day (预约)."""
    row = hall_or_404(hall)
    rules = queries.rules_of(row)
    days = _days(rules)
    day = _day(request, days)
    items = purposes.chosen(request)
    free = _free(hall, rules, day) if day else ()
    form = filled(BookForm, request, free=free, items=items)
    given: list[Receipt] = []
    if request.method == "POST" and carried_out(
        form,
        lambda: given.append(
            actions.book(
                hall=hall,
                **form.said(),
                visitor=actor_of(request).person,
                at=timezone.localtime(),
                once=once_of(request, f"book/{hall}"),
            )
        ),
    ):
        return redirect("windows:ticket", queries.ticket_taken(given[0].index).page_key)
    context = {
        "hall": row,
        "rules": rules,
        "form": form,
        "days": [(one, _address(one, items)) for one in days],
        "day": day,
        **purposes.choosing(request, items),
    }
    return render(request, "windows/book.html", context, status=status(form))


def _address(day: date, items: Sequence[tuple[str, str]]) -> str:
    """Return where this day is booked for the items that were chosen."""
    return f"?{urlencode([('day', day.isoformat()), *(('item', key) for key, _name in items)])}"


def _days(rules: HallRules) -> list[date]:
    """Return the days one may book now."""
    today, calendar = timezone.localdate(), catalogue.calendar()
    days = [today + timedelta(days=n) for n in range(rules.days_ahead + 1)]
    now = timezone.localtime()
    return [
        day
        for day in days
        if is_open_on(rules, day, working=calendar.is_working(day))
        and any(slot > now for slot in slots(rules, day))
    ]


def _day(request: HttpRequest, days: list[date]) -> date | None:
    asked = request.GET.get("day", "")
    return next((day for day in days if day.isoformat() == asked), days[0] if days else None)


def _free(hall: str, rules: HallRules, day: date) -> list[tuple[Any, str]]:
    """Return the quarter-hours of a day that have a seat left, each with its words."""
    taken, now = queries.booked(hall, [day]), timezone.localtime()
    left = [(slot, rules.seats - taken.get(slot, 0)) for slot in slots(rules, day) if slot > now]
    return [
        (
            slot,
            ngettext("%(time)s，余 %(n)s 位", "%(time)s，余 %(n)s 位", n)
            % {"time": f"{slot:%H:%M}", "n": n},
        )
        for slot, n in left
        if n > 0
    ]


# ── The number's own page ───────────────────────────────────────────────────


@public("whoever knows the random address holds the number; it says nothing of who they are")
@never_cache
@require_GET
def ticket(request: HttpRequest, page_key: str) -> HttpResponse:
    """One number: how many go before, which window, a QR to take along."""
    return _shown(request, _ticket(page_key))


@public("the part of a number's page that renews itself")
@never_cache
@require_GET
def now(request: HttpRequest, page_key: str) -> HttpResponse:
    return render(request, "windows/_ticket.html", standing(_ticket(page_key)))


@public("whoever knows the random address may give the number back")
@require_POST
def cancel(request: HttpRequest, page_key: str) -> HttpResponse:
    """Give the number back (取消)."""
    row = _ticket(page_key)
    try:
        actions.cancel(
            hall=row.hall,
            day=row.day,
            number=row.number,
            page_key=page_key,
            at=timezone.localtime(),
            once=f"queue/cancel/{page_key}/{typed}" if (typed := once(request)) else None,
        )
    except Refused as refused:
        return _shown(request, _ticket(page_key), refused=refusals.sentence(refused), status=409)
    messages.success(request, _("号已取消。"))
    return redirect("windows:ticket", page_key)


def _shown(
    request: HttpRequest, row: TicketRow, *, refused: str = "", status: int = 200
) -> HttpResponse:
    context = {
        **standing(row),
        "hall": queries.hall(row.hall),
        "checklists": purposes.checklists(row),
        "address": f"{settings.URL}{reverse('windows:ticket', args=[row.page_key])}",
        "refused": refused,
    }
    return render(request, "windows/ticket.html", context, status=status)


def _ticket(page_key: str) -> TicketRow:
    row = queries.ticket(page_key)
    if row is None:
        raise Http404
    return row
