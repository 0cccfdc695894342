"""What is traded and by which rules, for everybody (交易品类和规程)."""

from collections import defaultdict

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mingtang.core.trading.kinds import TradeCategory
from mingtang.trading import queries
from mingtang.trading.queries import KindRow
from mingtang.ui.access import public


@public("what is traded here, and by which procedures")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The six categories and the procedures in use."""
    by_category: dict[str, list[KindRow]] = defaultdict(list)
    for kind in queries.kinds():
        by_category[kind.category].append(kind)
    context = {
        "categories": [(code.value, by_category[code.value]) for code in TradeCategory],
        "total": len(queries.kinds()),
        "procedures": [
            (row, len(queries.kinds_by(row.code))) for row in queries.procedures() if row.in_use
        ],
    }
    return render(request, "trading/home.html", context)


@public("what is traded in one category")
@require_safe
def category(request: HttpRequest, category: str) -> HttpResponse:
    """The kinds of a category, each with the procedure it usually uses."""
    if category not in set(TradeCategory):
        raise Http404
    procedures = {row.code: row for row in queries.procedures()}
    kinds = [kind for kind in queries.kinds() if kind.category == category]
    context = {
        "category": category,
        "kinds": [(kind, procedures.get(kind.procedure)) for kind in kinds],
        "illustrative": any(kind.illustrative for kind in kinds),
    }
    return render(request, "trading/category.html", context)


@public("the rules an auction is run by, each with its source")
@require_safe
def procedure(request: HttpRequest, code: str, version: int | None = None) -> HttpResponse:
    """One procedure: every parameter in words with its source, its phases drawn, its versions."""
    row = queries.procedure(code)
    versions = queries.procedure_versions(code)
    if row is None or version not in (None, *(one.version for one in versions)):
        raise Http404
    shown = version or row.version
    context = {
        "row": row,
        "shown": next(one for one in versions if one.version == shown),
        "newest": shown == row.version,
        "content": queries.procedure_version(code, shown),
        "kinds": queries.kinds_by(code),
        "versions": versions,
    }
    return render(request, "trading/procedure.html", context)
