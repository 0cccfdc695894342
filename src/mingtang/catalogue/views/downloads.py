"""What anybody may fetch of an item in force: its flow as BPMN or SVG, its form as JSON Schema."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mingtang.catalogue import queries
from mingtang.catalogue.templatetags.catalogue_words import either
from mingtang.core.bpmn import bpmn as bpmn_file
from mingtang.core.catalogue import ItemContent
from mingtang.core.decider import Refused
from mingtang.core.flow import flow
from mingtang.core.formfields import json_schema
from mingtang.people.access import public
from mingtang.ui.flowchart import flow_chart


@public("the flow of a published item is a public element of it")
@require_safe
def bpmn(request: HttpRequest, key: str) -> HttpResponse:
    """The flow as BPMN 2.0."""
    content = _in_force(key)
    name = either(content, "name")
    file = bpmn_file(flow(content), process=f"item.{key}", name=name, english=_english())
    response = HttpResponse(file, content_type="application/xml")
    response.headers["Content-Disposition"] = f'attachment; filename="{key}.bpmn"'
    return response


@public("the flow of a published item is a public element of it")
@require_safe
def svg(request: HttpRequest, key: str) -> HttpResponse:
    """The flow as a drawing."""
    content = _in_force(key)
    title = _("“%(item)s”办理流程图") % {"item": either(content, "name")}
    drawing = flow_chart(flow(content), title=title, english=_english())
    return HttpResponse(drawing, content_type="image/svg+xml")


@public("the application form of a published item is a public element of it")
@require_safe
def schema(request: HttpRequest, key: str) -> HttpResponse:
    """The application form as JSON Schema."""
    content = _in_force(key)
    address = request.build_absolute_uri(request.path)
    name = either(content, "name")
    found = json_schema(content.form, title=name, address=address, english=_english())
    return JsonResponse(
        found,
        content_type="application/schema+json",
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )


def _in_force(key: str) -> ItemContent:
    try:
        return queries.item_in_force(key).content
    except Refused:
        raise Http404 from None


def _english() -> bool:
    return (get_language() or "").startswith("en")
