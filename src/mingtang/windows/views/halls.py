"""Halls in public (办事大厅): who is called, how many wait, how long it took. No names."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.templatetags.catalogue_words import either, topic
from mingtang.core.halls import HallRules
from mingtang.people import queries as people
from mingtang.people.access import actor_of, public
from mingtang.windows import queries
from mingtang.windows.forms import clock
from mingtang.windows.views import purposes
from mingtang.windows.views.showing import board, hall_or_404, why_shut


@public("which halls there are, and how many wait in each")
@never_cache
@require_GET
def halls(request: HttpRequest) -> HttpResponse:
    """Every hall, with how many wait; for an item, those where it is served."""
    now = timezone.localtime()
    items = purposes.chosen(request)[:1]
    found = queries.halls_serving(items[0][0]) if items else queries.halls()
    lines = [
        {
            "hall": row,
            "count": len(queries.due(row.key, now)),
            "shut": why_shut(queries.rules_of(row), now),
        }
        for row in found
    ]
    context = {"lines": lines, "item": items[0] if items else None}
    return render(request, "windows/halls.html", context)


@public("one hall: its rules, how many wait, and where to take a number or book")
@never_cache
@require_GET
def hall(request: HttpRequest, hall: str) -> HttpResponse:
    """One hall and the published rules of its queue."""
    row = hall_or_404(hall)
    now = timezone.localtime()
    rules = queries.rules_of(row)
    context: dict[str, Any] = {
        **board(row, now),
        "rules": rules,
        "opens": clock(rules.opens),
        "closes": clock(rules.closes),
        "breaks": [f"{clock(one.begins)}-{clock(one.ends)}" for one in rules.breaks],
        "closed": [one for one in rules.closed if one.day >= now.date()],
        "windows": _served(rules),
        "mine": [
            t for t in queries.held_by(actor_of(request).person, now.date()) if t.hall == hall
        ],
    }
    return render(request, "windows/hall.html", context)


def _served(rules: HallRules) -> list[tuple[str, list[str]]]:
    """Return each window with the topics and items it serves; none: everything."""
    said = {one.window: one for one in rules.serving}
    named = catalogue.named([key for one in rules.serving for key in one.items])
    names = {row.key: either(row, "name") for row in named}
    found = []
    for window in rules.windows:
        one = said.get(window)
        topics = [topic(code) for code in one.topics] if one else []
        items = [names.get(key, key) for key in one.items] if one else []
        found.append((people.office_name(window), topics + items))
    return found


@public("hangs in the hall: numbers and windows, nothing personal")
@never_cache
@require_GET
def screen(request: HttpRequest, hall: str) -> HttpResponse:
    """The big screen (叫号大屏)."""
    return render(request, "windows/screen.html", _screen(hall))


@public("the part of the big screen that renews itself")
@never_cache
@require_GET
def screen_now(request: HttpRequest, hall: str) -> HttpResponse:
    return render(request, "windows/_screen.html", _screen(hall))


def _screen(hall: str) -> dict[str, Any]:
    now = timezone.localtime()
    return {**board(hall_or_404(hall), now), "now": now}


@public("how long people waited, hour by hour, for anybody to compare")
@require_GET
def waiting(request: HttpRequest, hall: str) -> HttpResponse:
    """Waiting times of one day (等候时间)."""
    row = hall_or_404(hall)
    today = timezone.localdate()
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = today
    hours = [
        {
            "hour": f"{one.hour:02}:00-{one.hour:02}:59",
            "people": one.people,
            "mean": _minutes(one.mean_seconds),
            "longest": _minutes(one.longest_seconds),
        }
        for one in queries.waiting_times(hall, day)
    ]
    context = {"hall": row, "day": day, "today": today, "hours": hours}
    return render(request, "windows/waiting.html", context)


def _minutes(seconds: int) -> str:
    """Seconds in minutes with one decimal, downwards."""
    return f"{seconds // 6 / 10:.1f}"
