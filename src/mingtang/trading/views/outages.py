"""Interruptions for everybody (系统中断和顺延): the published rule, and every time it was used."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mingtang.core.trading.outages import RULE
from mingtang.trading import queries
from mingtang.trading.actions.outages import EVERY
from mingtang.trading.queries.outages import RULES, WORK
from mingtang.ui.access import public

A_PAGE = 50


@public("by which rule an interruption moves deadlines, and every interruption there was")
@require_safe
def outages(request: HttpRequest) -> HttpResponse:
    """The rule in words, and every interruption with what it moved."""
    page = Paginator(queries.interruptions(), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rule": RULE,
        "work_rule": RULES[WORK],
        "every": int(EVERY.total_seconds()),
        "page": page,
    }
    return render(request, "trading/outages.html", context)
