"""What a seal was used for (用印记录): each use bound to a document, a decision and a letter."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingtang.core import mandates
from mingtang.core.people import Power
from mingtang.papers import access, queries
from mingtang.people.access import actor_of, needs
from mingtang.people.queries import names, organisation_name
from mingtang.trust import queries as trust

PAGE = 50


@needs(Power.MANDATE_GRANT, Power.CASE_DECIDE, Power.TRADE_ENTER, Power.INSPECTION_READ)
@require_GET
def uses(request: HttpRequest, seal: str) -> HttpResponse:
    """Every use of one seal, newest first."""
    row = trust.seal(seal)
    if row is None or not access.may_see_uses(actor_of(request), row):
        raise Http404
    found = queries.uses_of(row.seal_no).filter(certificate=row.fingerprint)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    people = names([paper.sealed_by for paper in page.object_list])
    lines = [
        {
            "row": paper,
            "user": people.get(paper.sealed_by, ""),
            "letter_key": mandates.key(paper.letter_no),
        }
        for paper in page.object_list
    ]
    context = {
        "seal": row,
        "organ_name": organisation_name(row.organ, row.organ_name),
        "page": page,
        "lines": lines,
    }
    return render(request, "papers/uses.html", context)
