"""Where the link to rate with is shown (评价入口): to whoever was served, and at the window."""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingtang.cases.access import Sight
from mingtang.cases.queries import CaseRow
from mingtang.cases.views import words as case_words
from mingtang.cases.views.mine import seen_case
from mingtang.core.people import Power
from mingtang.core.queues import Stage as Ticketed
from mingtang.core.queues import stream_key
from mingtang.people.access import actor_of, needs, public
from mingtang.ratings import actions, queries
from mingtang.ratings.ports import tokens
from mingtang.ratings.views import words
from mingtang.ratings.views.work import work_nav
from mingtang.windows import queries as halls
from mingtang.windows.access import is_at
from mingtang.windows.queries import TicketRow


@public("asks itself: whose case it is, or who knows its number and phone")
@never_cache
@require_GET
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """The link and its code, for whoever the finished case is of."""
    row, sight = seen_case(request, number)
    if sight not in (Sight.OWN, Sight.TRACKING):
        raise Http404
    up = reverse("cases:progress", args=[number])
    return _shown(request, _of_case(row), "ratings/of_case.html", up=up)


@needs(Power.CASE_INTAKE, Power.CASE_DECIDE)
@never_cache
@require_GET
def at_window(request: HttpRequest, number: str) -> HttpResponse:
    """The code, large, to be shown or printed for the applicant by whoever handled the case."""
    row, sight = seen_case(request, number)
    if sight is not Sight.OFFICE:
        raise Http404
    return _shown(request, _of_case(row), "ratings/at_window.html", work_nav=work_nav(request))


@public("whoever knows the random address of the number's page was served by that number")
@never_cache
@require_GET
def of_number(request: HttpRequest, page_key: str) -> HttpResponse:
    """The link and its code, for whoever holds a number that was served."""
    row = halls.ticket(page_key)
    if row is None or row.stage != Ticketed.FINISHED:
        raise Http404
    up = reverse("windows:ticket", args=[page_key])
    return _shown(request, _of_number(row), "ratings/of_case.html", up=up)


@needs(Power.CASE_INTAKE)
@never_cache
@require_GET
def number_at_window(request: HttpRequest, window: str) -> HttpResponse:
    """The code of whoever was served last at this window, for a screen that faces them, until the
    next one is called. It renews itself."""
    hall = halls.hall_of_window(window)
    if hall is None or not is_at(actor_of(request), window):
        raise Http404
    today = timezone.localdate()
    row = halls.last_served(hall.key, today, window)
    more = {"work_nav": work_nav(request), "follows": True}
    if row is None or halls.at_window(hall.key, today, window):
        return render(request, "ratings/at_window.html", {"nobody": True, **more})
    return _shown(request, _of_number(row), "ratings/at_window.html", **more)


@dataclass(frozen=True, slots=True)
class _Ended:
    """What was finished, as its link is shown."""

    origin: str
    number: str
    name: str


def _of_case(row: CaseRow) -> _Ended:
    """Raises Http404 for a case that is not closed."""
    if row.closed_at is None:
        raise Http404
    return _Ended(f"case/{row.number}", row.number, case_words.item_name(row))


def _of_number(row: TicketRow) -> _Ended:
    stream = f"queue/{stream_key(row.hall, row.day)}"
    name = words.department_name(row.window)
    return _Ended(actions.origin_of_number(stream, row.number), row.number, name)


def _shown(request: HttpRequest, ended: _Ended, template: str, **more: object) -> HttpResponse:
    token = actions.token_of(ended.origin)
    ballot = queries.ballot(tokens.digest_of(token))
    context = {
        "number": ended.number,
        "name": ended.name,
        "last": ballot.last_date if ballot else None,  # None: a second or two after the end
        "used": queries.rating(tokens.rating_of(token)) is not None,
        "token": token,
        "address": f"{settings.URL}{reverse('ratings:give', args=[token])}",
        **more,
    }
    return render(request, template, context)
