"""Where the link to rate with is shown (评价入口): to the applicant, and at the window."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingtang.cases.access import Sight
from mingtang.cases.queries import CaseRow
from mingtang.cases.views import words as case_words
from mingtang.cases.views.mine import seen_case
from mingtang.core.people import Power
from mingtang.people.access import needs, public
from mingtang.ratings import actions, queries
from mingtang.ratings.ports import tokens
from mingtang.ratings.views.work import work_nav


@public("asks itself: whose case it is, or who knows its number and phone")
@never_cache
@require_GET
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """The link and its code, for whoever the finished case is of."""
    row, sight = seen_case(request, number)
    if sight not in (Sight.OWN, Sight.TRACKING):
        raise Http404
    return _shown(request, row, "ratings/of_case.html")


@needs(Power.CASE_INTAKE, Power.CASE_DECIDE)
@never_cache
@require_GET
def at_window(request: HttpRequest, number: str) -> HttpResponse:
    """The code, large, to be shown or printed for the applicant by whoever handled the case."""
    row, sight = seen_case(request, number)
    if sight is not Sight.OFFICE:
        raise Http404
    return _shown(request, row, "ratings/at_window.html", work_nav=work_nav(request))


def _shown(request: HttpRequest, row: CaseRow, template: str, **more: object) -> HttpResponse:
    token = actions.token_of(f"case/{row.number}")
    ballot = queries.ballot(tokens.digest_of(token))
    if row.closed_at is None:
        raise Http404
    context = {
        "row": row,
        "name": case_words.item_name(row),
        "last": ballot.last_date if ballot else None,  # None: a second or two after the end
        "used": queries.rating(tokens.rating_of(token)) is not None,
        "token": token,
        "address": f"{settings.URL}{reverse('ratings:give', args=[token])}",
        **more,
    }
    return render(request, template, context)
