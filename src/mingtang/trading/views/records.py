"""The record of an auction, to keep and to check without us (竞价存证)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mingtang.core.trading.records import SUFFIX
from mingtang.people.access import public
from mingtang.trading.queries import records


@public("with it anybody runs the auction again, once it is over; it shows no loser's name")
@require_safe
def record(request: HttpRequest, key: str) -> HttpResponse:
    """The record of a lot that is over, as a file."""
    text = records.auction_record(key)
    if text is None:
        raise Http404("not over, or no checkpoint covers its end yet")
    headers = {"Content-Disposition": f'attachment; filename="{key}{SUFFIX}"'}
    return HttpResponse(text, content_type="application/json", headers=headers)
