"""The flow chart of an item on a page. `{% load catalogue_flow %}`."""

from collections.abc import Collection, Mapping
from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mingtang.catalogue.templatetags.catalogue_words import either
from mingtang.core.catalogue import ItemContent
from mingtang.core.flow import flow
from mingtang.core.flow import walked as edges_walked
from mingtang.ui.flowchart import flow_chart as drawing
from mingtang.ui.flowchart import in_words

register = template.Library()


@register.inclusion_tag("catalogue/_flow.html")
def flow_chart(
    content: ItemContent, reached: Collection[str] = (), now: Collection[str] = ()
) -> Mapping[str, Any]:
    """`{% flow_chart content %}`: the chart and the same in words.

    For a case: `reached` are the nodes it has been at (core.flow: "applied", "accepted",
    "step.<key>" ...), `now` those open now.
    """
    graph, english = flow(content), (get_language() or "").startswith("en")
    walked = edges_walked(graph, reached) if reached else frozenset()
    chart = drawing(
        graph,
        title=_("“%(item)s”办理流程图") % {"item": either(content, "name")},
        walked=walked,
        now=now,
        english=english,
    )
    return {"chart": chart, "lines": in_words(graph, walked=walked, now=now, english=english)}
