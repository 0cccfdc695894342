"""The desk of those who write items (事项管理): what is there, what is open, what it lacks."""

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mingtang.catalogue import access, queries
from mingtang.catalogue.templatetags import catalogue_words as words
from mingtang.core.people import Power
from mingtang.people.access import actor_of, needs
from mingtang.people.queries import organisation_name

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

A_PAGE = 30
STATES = (
    ("open", gettext_lazy("有草稿")),
    ("in_force", gettext_lazy("在用")),
    ("withdrawn", gettext_lazy("已取消")),
    ("", gettext_lazy("全部")),
)


@needs(Power.CATALOGUE_DRAFT, Power.CATALOGUE_PUBLISH)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The items this person may write, unfinished ones first."""
    departments = access.departments_of(actor_of(request))
    asked = {name: request.GET.get(name, "").strip() for name in ("state", "department", "q")}
    rows = queries.for_editors(
        departments=departments,
        state=asked["state"],
        department=asked["department"],
        text=asked["q"],
    )
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "page": page,
        "items": [_line(row) for row in page],
        "states": [(code, label, _address(asked, state=code)) for code, label in STATES],
        "departments": [
            {"name": organisation_name(code, name), "items": items, "drafts": drafts, "code": code,
             "url": _address(asked, department=code), "current": code == asked["department"]}
            for code, name, items, drafts in queries.departments_of_items(departments)
        ],
        "everywhere": _address(asked, department=""),
        "report": queries.quality_report(departments),
    }  # fmt: skip
    return render(request, "catalogue/desk.html", context)


def _line(row: queries.ItemRow) -> dict[str, Any]:
    chips: list[tuple[StrOrPromise, str]] = [
        (words.STATES[row.state], words.STATE_CHIPS[row.state])
    ]
    chips.append((words.CATEGORIES[row.category], ""))
    if row.version:
        chips.append((_("第 %(version)s 版") % {"version": row.version}, ""))
    if row.draft and row.shortcomings:
        chips.append((_("草稿，缺 %(number)s 项") % {"number": row.shortcomings}, "warn"))
    elif row.draft:
        chips.append((_("草稿要素齐全，可以发布"), "good"))
    return {
        "title": words.either(row, "name"),
        "url": reverse("catalogue:item", args=[row.key]),
        "department": words.department(row),
        "code": row.code,
        "chips": chips,
    }


def _address(asked: dict[str, str], **changes: str) -> str:
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in {**asked, **changes}.items() if value})
    return f"?{query.urlencode()}"
