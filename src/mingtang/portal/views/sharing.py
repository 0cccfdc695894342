"""The graph of shared data in public (数据资源共享): page and file."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mingtang.cases import queries as cases
from mingtang.catalogue import queries as catalogue
from mingtang.core.catalogue import key_of
from mingtang.core.wire import plain
from mingtang.papers import queries as papers
from mingtang.people.queries import organisation_name
from mingtang.portal import sharing as graph
from mingtang.portal.freshness import kept_while_unchanged
from mingtang.ui.access import public

LONGEST_TEXT = 100


@public("what need not be brought because another item gave it")
@require_safe
@kept_while_unchanged
def sharing(request: HttpRequest) -> HttpResponse:
    """The graph as picture and list, how often it spared somebody a material, and who read what."""
    text = request.GET.get("q", "").strip()[:LONGEST_TEXT]
    shown = graph.lines(text)
    context = {
        "text": text,
        "lines": shown,
        "picture": graph.picture(text, shown),
        "circles": graph.circles(),
        "spared": [
            {"department": organisation_name(one.department), "line": one}
            for one in cases.materials_spared()
        ],
        "looks": [
            {
                "reader": organisation_name(one.organisation),
                "organ": organisation_name(one.organ),
                "looks": one.looks,
            }
            for one in papers.looks_counted()
        ],
    }
    return render(request, "portal/sharing.html", context)


@public("open data: whose result is whose material")
@require_safe
@kept_while_unchanged
def sharing_json(request: HttpRequest) -> HttpResponse:
    """`mingtang.sharing.v1`: see docs/formats/sharing.md."""
    found = graph.graph()
    said: dict[str, Any] = {
        "format": "mingtang.sharing.v1",
        "resources": [plain(one) for one in catalogue.directory().values()],
        "items": [
            {"code": code, "key": key_of(code), "name": name} for code, name in found.names.items()
        ],
        "edges": [plain(edge) for edge in found.edges],
        "circles": [list(circle) for circle in found.circles],
    }
    text = json.dumps(said, ensure_ascii=False, indent=1)
    return HttpResponse(f"{text}\n", content_type="application/json")
