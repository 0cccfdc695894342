"""The market in public (中介超市): needs, services, the register, figures, how one is chosen."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from mingtang.core.intermediaries.needs.terms import Stage
from mingtang.core.intermediaries.register import Standing
from mingtang.intermediaries import queries
from mingtang.intermediaries.views import showing
from mingtang.people.access import public

PAGE = 20


def _asked(request: HttpRequest, *names: str) -> dict[str, str]:
    return {name: request.GET.get(name, "").strip()[:100] for name in names}


@public("what is sought, by whom it was won, and where it stands: 优化营商环境条例 art. 43")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Every need ever published (采购公告), the newest first."""
    asked = _asked(request, "stage", "service", "words")
    if asked["stage"] not in {*Stage}:
        asked["stage"] = ""
    today = timezone.localdate()
    page = Paginator(queries.public_needs(**asked), PAGE).get_page(request.GET.get("page"))
    context = {
        "lines": [showing.need_line(row, today=today) for row in page],
        "page": page,
        "asked": asked,
        "stages": [(stage.value, word) for stage, (_lamp, word) in showing.STAGES.items()],
        "services": sorted(queries.service_names().items(), key=lambda pair: pair[1]),
        "overdue": [showing.need_line(row, today=today) for row in queries.overdue(today)],
    }
    return render(request, "intermediaries/home.html", context)


@public("which services the law may ask for, on which basis, how long, at which price")
@require_GET
def services(request: HttpRequest) -> HttpResponse:
    """The published list of services (中介服务事项清单)."""
    rows = queries.services(in_force=False)
    current = [showing.service_card(queries.service_content(row)) for row in rows if row.in_force]
    gone = [row for row in rows if not row.in_force]
    return render(request, "intermediaries/services.html", {"services": current, "gone": gone})


@public("who may render services, and who may not any more")
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The register of bodies (机构名录), searched by name, code and service."""
    asked = _asked(request, "words", "service")
    page = Paginator(queries.registered(**asked), PAGE).get_page(request.GET.get("page"))
    names = queries.service_names()
    context = {
        "lines": [showing.body_line(row, names) for row in page],
        "page": page,
        "asked": asked,
        "services": sorted(names.items(), key=lambda pair: pair[1]),
    }
    return render(request, "intermediaries/register.html", context)


@public("one listed body: its qualifications, what it won, how it was rated")
@require_GET
def body(request: HttpRequest, code: str) -> HttpResponse:
    row = queries.body(code)
    if row is None or row.standing not in queries.PUBLIC:
        raise Http404
    today, names = timezone.localdate(), queries.service_names()
    content = queries.content_of(row)
    held = content.qualifications if content else ()
    context: dict[str, Any] = {
        **showing.body_line(row, names),
        "content": content,
        "held": [(one, names.get(one.service, one.service), one.until >= today) for one in held],
        "needs": [showing.need_line(need, today=today) for need in queries.of_bodies([code])],
        "figures": [one for one in queries.figures(by_body=True) if one.body == code],
        "good": row.standing == Standing.LISTED,
    }
    return render(request, "intermediaries/body.html", context)


@public("how long each service and each body took, for anybody to compare")
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Mean days by service and by body, and how many no clock counted."""
    by_body = queries.figures(by_body=True)
    context = {"by_service": queries.figures(by_body=False), "by_body": by_body}
    return render(request, "intermediaries/figures.html", context)


@public("the formula by which a body is chosen, so that anybody can work it out again")
@require_GET
def how(request: HttpRequest) -> HttpResponse:
    """How one is chosen (选取办法)."""
    return render(request, "intermediaries/how.html")
