"""Every department's seal (印章公示): what anybody compares a paper with."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mingtang.people.access import public
from mingtang.people.queries import organisation_name
from mingtang.trust import queries
from mingtang.trust.templatetags.trust_seal import standing


@public("a seal nobody can compare proves nothing")
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Every seal there ever was, with fingerprint and standing; found by any of its marks."""
    words = request.GET.get("q", "").strip()
    rows = queries.seals(words=words)
    context = {"seals": [_shown(row) for row in rows], "words": words}
    return render(request, "trust/board.html", context)


def _shown(row: queries.SealRow) -> dict[str, Any]:
    lamp, word = standing(row, timezone.localdate())
    return {
        "row": row,
        "organ_name": organisation_name(row.organ, row.organ_name),
        "lamp": lamp,
        "word": word,
    }
