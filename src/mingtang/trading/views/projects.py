"""Projects of our own for everybody (交易项目): looking for one, and its notices in order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mingtang.core.trading.lots.terms import lot_key
from mingtang.core.trading.projects import NoticeSort, ProjectContent
from mingtang.trading import queries
from mingtang.trading.queries import NoticeRow, TradeRow, WantedProjects
from mingtang.trading.templatetags.procedure_words import CATEGORIES
from mingtang.trading.templatetags.project_words import WHENS, differences, next_time
from mingtang.trading.views.projectdesk import lots_in_words
from mingtang.ui import formats
from mingtang.ui.access import public

A_PAGE = 20
LONGEST_TEXT = 100

# ── The list ────────────────────────────────────────────────────────────────


@public("what is offered here, from its notice to its result")
@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    now, wanted = timezone.now(), _wanted(request)
    page = Paginator(queries.announced(wanted, at=now), A_PAGE).get_page(request.GET.get("page"))
    counts = queries.announced_counts(wanted, at=now)
    categories = [(code.value, str(name)) for code, name in CATEGORIES.items()]
    whens = [(code, str(word)) for code, (_lamp, word) in WHENS.items()]
    asked = [("q", wanted.text), ("category", wanted.category), ("when", wanted.when)]
    context = {
        "wanted": wanted,
        "kept": [(name, value) for name, value in asked if value and name != "q"],
        "filters": [
            (_("类别"), _chips("category", asked, categories, counts["category"])),
            (_("状态"), _chips("when", asked, whens, counts["when"])),
        ],
        "page": page,
        "projects": [line(row, now) for row in page],
    }
    return render(request, "trading/projects.html", context)


def _wanted(request: HttpRequest) -> WantedProjects:
    """Read what somebody looks for; a choice there is not is no choice."""
    category, when = request.GET.get("category", ""), request.GET.get("when", "")
    return WantedProjects(
        text=request.GET.get("q", "").strip()[:LONGEST_TEXT],
        category=category if category in set(CATEGORIES) else "",
        when=when if when in queries.WHEN else "",
    )


def _chips(
    name: str, asked: list[tuple[str, str]], choices: list[tuple[str, str]], counts: Any
) -> list[dict[str, Any]]:
    chosen = dict(asked)[name]
    others = [(key, value) for key, value in asked if value and key != name]

    def chip(value: str, label: str, count: int | None) -> dict[str, Any]:
        query = urlencode([*others, (name, value)] if value else others)
        return {"label": label, "url": f"?{query}", "count": count, "current": value == chosen}

    found = [chip(value, label, counts.get(value, 0)) for value, label in choices]
    shown = [one for one in found if one["count"] or one["current"]]
    return [chip("", _("不限"), None), *shown]


def line(row: TradeRow, now: datetime) -> dict[str, Any]:
    """Return a project as `{% item_row %}` shows it."""
    category = str(CATEGORIES[row.category])  # type: ignore[index]
    published = _("%(day)s 公告") % {"day": formats.civil_date(row.published_at)}
    whens = [WHENS[when] for when in queries.whens(row, at=now)]
    kinds = {"good": "good", "bad": "bad", "paused": "warn"}
    return {
        "title": row.title,
        "url": reverse("trading:project", args=[row.key]),
        "department": row.seller,
        "note": " · ".join(filter(None, (row.region, published, next_time(row)))),
        "chips": [
            (category, "info"),
            *((str(word), kinds.get(lamp, "")) for lamp, word in whens),
        ],
    }


# ── One project ─────────────────────────────────────────────────────────────

STOPS = (NoticeSort.CHANGE, NoticeSort.SUSPENSION, NoticeSort.RESUMPTION, NoticeSort.END)


@dataclass(frozen=True, slots=True)
class Part:
    """One tab of the project's time line."""

    name: str
    label: str
    count: int


@public("one project: its notices, its lots and what became of them")
@require_safe
def project(request: HttpRequest, key: str) -> HttpResponse:
    """A project's time line: 公告, 变更, 竞价, 结果, 合同, each a part of its own."""
    row = queries.announced_project(key)
    if row is None:
        raise Http404
    content = queries.project_content(row)
    notices = queries.project_notices(key)
    changes = [one for one in notices if one.sort in STOPS]
    results = [one for one in notices if one.sort == NoticeSort.RESULT]
    contracts = queries.contracts_of(key)
    shifted = queries.shifted_of(key)
    parts = [
        Part("offer", _("公告"), 1),
        Part("changes", _("变更"), len(changes) + len(shifted)),
        Part("bidding", _("竞价"), row.lots),
        Part("results", _("结果"), len(results)),
        Part("contracts", _("合同"), len(contracts)),
    ]
    asked = request.GET.get("part", "")
    context = {
        "row": row,
        "kind": queries.kind(row.kind),
        "content": content,
        "notices": notices,
        "parts": parts,
        "part": asked if asked in {part.name for part in parts} else "offer",
        "offer": notices[0],
        "offered": queries.project_content(notices[0]),
        "offered_lots": lots_in_words(queries.project_content(notices[0])),
        "changes": [(one, _changed(one, notices)) for one in changes],
        "shifted": shifted,
        "lots": _lots(row, content),
        "results": [_result(one, content, key) for one in results],
        "contracts": contracts,
        "whens": queries.whens(row, at=timezone.now()),
        "next_time": next_time(row),
    }
    return render(request, "trading/project.html", context)


def _changed(notice: NoticeRow, notices: list[NoticeRow]) -> list[tuple[str, Any]]:
    """Return lot by lot what a change notice changed: number and name, differences."""
    before = queries.project_content(notices[notice.no - 2])
    after = queries.project_content(notice)
    if notice.sort != NoticeSort.CHANGE or before is None or after is None:
        return []
    pairs = zip(before.lots, after.lots, strict=True)
    return [(f"{now.no}. {now.title}", differences(was, now)) for was, now in pairs if was != now]


def _lots(row: TradeRow, content: ProjectContent | None) -> Iterable[dict[str, Any]]:
    """Return the lots as they stand, with the room of each."""
    standing = {one.no: one for one in queries.lots_of(row.key)}
    for lot, procedure, _said in lots_in_words(content):
        yield {
            "lot": lot,
            "procedure": procedure,
            "row": standing.get(lot.no),
            "url": _lot_url(row.key, lot.no),
        }


def _result(notice: NoticeRow, content: ProjectContent | None, key: str) -> dict[str, Any]:
    """Return a result as its notice tells it: who got the lot, for how much, and when it ended."""
    row = queries.lot(lot_key(key, notice.lot or 0))
    names = {one.paddle: one.name for one in queries.winners_of(row)} if row else {}
    awards = queries.awards_of(row) if row else ()
    return {
        "notice": notice,
        "title": _lot_title(content, notice.lot),
        "url": _lot_url(key, notice.lot),
        "lot": row,
        "content": queries.content_of(row) if row else None,
        "awards": [(award, names.get(award.paddle, "")) for award in awards],
    }


def _lot_title(content: ProjectContent | None, no: int | None) -> str:
    lots = content.lots if content else ()
    return next((f"{lot.no}. {lot.title}" for lot in lots if lot.no == no), "")


def _lot_url(key: str, no: int | None) -> str:
    """Return the page of a lot; empty in an installation without one."""
    try:
        return reverse("trading:lot", args=[lot_key(key, no or 0)])
    except NoReverseMatch:
        return ""
