"""What a bidder has of the money they paid (保证金收据): every arrival, and its entry."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mingtang.people import queries as people
from mingtang.people.access import actor_of, signed_in
from mingtang.trading import access, queries
from mingtang.trading.queries import deposits


@signed_in
@never_cache
@require_safe
def receipt(request: HttpRequest, key: str) -> HttpResponse:
    """The receipt of one's own deposit, once any of it is there."""
    own = queries.application(key)
    if own is None or not access.is_own(actor_of(request), own):
        raise Http404
    came, standing, lot = deposits.bookings(key), deposits.standing(key), queries.lot(own.lot)
    if not came or standing is None or lot is None:
        raise Http404
    project = queries.announced_project(lot.project)
    context = {
        "own": own,
        "lot": lot,
        "project": project,
        "centre": people.organisation_name(project.centre) if project else standing.bank.holder,
        "standing": standing,
        "bookings": came,
        "received_fen": sum(one.amount_fen for one in came),
        "refunds": deposits.refunds(key),
    }
    return render(request, "trading/deposit_receipt.html", context)
