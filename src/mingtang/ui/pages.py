"""Pages any room may answer with (通用页面)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """A request whose view asks whether the whole page is wanted, or a part of it."""

    htmx: HtmxDetails


def explain(
    request: HttpRequest,
    *,
    status: int,
    happened: str,
    kept: str = "",
    next_steps: list[tuple[str, str]] | None = None,
    code: str = "",
) -> HttpResponse:
    """Answer with the error page: what happened, what was kept, what next.

    `next_steps` are (label, address) pairs, the first one the most likely; `code` is the stable
    code of a refusal (`case.not-awaiting-acceptance`), shown small so that it can be quoted.
    """
    context = {"happened": happened, "kept": kept, "next_steps": next_steps or [], "code": code}
    return render(request, "ui/error.html", context, status=status)
