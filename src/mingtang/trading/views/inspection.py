"""What an inspector looks at on the trading floor (交易监察)."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingtang.core.people import Power
from mingtang.people.access import needs
from mingtang.trading.queries import settling

A_PAGE = 20


@needs(Power.INSPECTION_READ)
@never_cache
@require_GET
def inspection(request: HttpRequest) -> HttpResponse:
    """The lots of which several bidders were paid for from one account.

    Who they are stays secret until the end, here as everywhere (法释〔2016〕18号 art. 18).
    """
    page = Paginator(settling.lots_paid_together(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "trading/inspection.html", {"page": page})
