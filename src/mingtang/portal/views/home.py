"""The front page (首页): what can be done here, and what has just been done."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mingtang.core.catalogue import Category
from mingtang.ledger import queries as log
from mingtang.portal import entries, figures, words
from mingtang.portal.freshness import kept_while_unchanged
from mingtang.ui.access import public
from mingtang.ui.formats import number

TOPICS_SHOWN = 12
ENTRIES_SHOWN = 8


@public("the front page")
@require_safe
@kept_while_unchanged
def home(request: HttpRequest) -> HttpResponse:
    hall, filed = figures.of_hall(), figures.of_cases()
    facets = hall.facets
    browse = reverse("portal:items")
    context = {
        "total": facets.total,
        "departments": len(facets.departments),
        "quick": [
            (words.named(one.name, one.name_en), reverse("portal:guide", args=[one.key]))
            for one in hall.quick
        ],
        "figures": _strip(hall, filed),
        "topics": [
            {
                "name": words.topic(code),
                "about": words.about_topic(code),
                "count": count,
                "url": f"{browse}?topic={code}",
            }
            for code, count in list(facets.topics.items())[:TOPICS_SHOWN]
        ],
        "all_topics": len(facets.topics),
        "categories": [
            {
                "name": words.category(category),
                "about": words.ABOUT_CATEGORIES[category],
                "count": facets.categories.get(category, 0),
                "url": f"{browse}?category={category}",
            }
            for category in Category
        ],
        "letters": hall.letters,
        "lines": [entries.line(entry) for entry in log.latest(ENTRIES_SHOWN)],
    }
    return render(request, "portal/home.html", context)


def _strip(hall: figures.Hall, filed: figures.CaseFigures) -> list[dict[str, Any]]:
    return [
        {"label": _("公开事项"), "value": number(hall.facets.total), "unit": _("项")},
        {"label": _("累计申请"), "value": number(filed.filed), "unit": _("件")},
        {"label": _("已经受理"), "value": number(filed.accepted), "unit": _("件")},
        {"label": _("已作决定"), "value": number(filed.decided), "unit": _("件")},
        {"label": _("当场办结"), "value": filed.spot_share, "unit": "%"},
        {"label": _("实际用时 / 法定时限"), "value": filed.speed, "unit": "%"},
    ]
