"""Looking for items (找事项), departments, and the guide to one item (办事指南)."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.queries import Facets, ItemRow, Wanted
from mingtang.catalogue.templatetags import place_words as places
from mingtang.core.catalogue import Category, ItemContent
from mingtang.core.decider import Refused
from mingtang.core.quality import WHOLLY_ONLINE
from mingtang.ledger import queries as log
from mingtang.portal import bodies, sharing, words
from mingtang.portal.freshness import kept_while_unchanged
from mingtang.ui.access import public
from mingtang.ui.pages import HtmxRequest, explain

A_PAGE = 20
LONGEST_TEXT = 100
CHIPS_SHOWN = 12  # of a row of choices; the rest unfolds
PACES = {"spot": True, "promised": False}
VISITS = ("0", "1")


@public("what can be done here, and where")
@require_safe
@kept_while_unchanged
def items(request: HtmxRequest) -> HttpResponse:
    """The list of items with its rows of choices; only that part for htmx."""
    wanted = _wanted(request.GET)
    facets = catalogue.facets(wanted)
    paginator = Paginator(catalogue.items(wanted), A_PAGE)
    paginator.count = facets.total  # counted already
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "wanted": wanted,
        "filters": _filters(request.GET, facets),
        "kept": [(name, request.GET[name]) for name in CHOICES if request.GET.get(name)],
        "page": page,
        "items": [row_of(row) for row in page],
    }
    part = request.htmx and not request.htmx.history_restore_request
    return render(request, "portal/_results.html" if part else "portal/items.html", context)


def _wanted(asked: QueryDict) -> Wanted:
    """Read what somebody looks for; a choice there is not is no choice."""
    category, audience = asked.get("category", ""), asked.get("audience", "")
    visits = asked.get("visits", "")
    return Wanted(
        text=asked.get("q", "").strip()[:LONGEST_TEXT],
        department=asked.get("department", ""),
        category=category if category in set(Category) else "",
        topic=asked.get("topic", ""),
        audience=audience if audience in words.AUDIENCES else "",
        on_the_spot=PACES.get(asked.get("pace", "")),
        visits=int(visits) if visits in VISITS else None,
    )


# ── Rows of choices ─────────────────────────────────────────────────────────

CHOICES = ("category", "department", "topic", "audience", "pace", "visits")


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    url: str
    count: int | None
    current: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One row of choices, the first being no choice (不限)."""

    label: str
    chips: list[Chip]
    more: list[Chip]


def _filters(asked: QueryDict, facets: Facets) -> list[Row]:
    departments = [(c, _department(c, facets), n) for c, n in facets.departments.items()]
    return [
        _row(_("类别"), "category", asked, [
            (code, words.category(code), facets.categories.get(code, 0)) for code in Category
        ]),
        _row(_("主题"), "topic", asked, [
            (code, words.topic(code), count) for code, count in facets.topics.items()
        ]),
        _row(_("部门"), "department", asked, departments),
        _row(_("服务对象"), "audience", asked, [
            (code, str(label), facets.audiences.get(code, 0))
            for code, label in words.AUDIENCES.items()
        ]),
        _row(_("办件类型"), "pace", asked, [
            ("spot", _("即办件"), facets.on_the_spot), ("promised", _("承诺件"), facets.promised),
        ]),
        _row(_("到现场次数"), "visits", asked, [
            ("0", _("0 次"), facets.visits.get(0, 0)), ("1", _("1 次"), facets.visits.get(1, 0)),
        ]),
    ]  # fmt: skip


def _department(code: str, facets: Facets) -> str:
    return bodies.name(code, facets.names[code])


def _row(label: str, name: str, asked: QueryDict, choices: list[tuple[str, str, int]]) -> Row:
    chosen = asked.get(name, "")
    others = _without(asked, name)
    chips = [Chip(_("不限"), others, None, not chosen)]
    chips += [
        Chip(text, f"{others}{name}={quote(value)}", count, value == chosen)
        for value, text, count in choices
        if count or value == chosen
    ]
    shown = [chip for place, chip in enumerate(chips) if place <= CHIPS_SHOWN or chip.current]
    return Row(label, shown, [chip for chip in chips if chip not in shown])


def _without(asked: QueryDict, name: str) -> str:
    """Return the address of the list with all that was asked but this, ready for one more."""
    query = asked.copy()
    for left_out in ("page", name):
        query.pop(left_out, None)
    return f"{reverse('portal:items')}?{query.urlencode()}{'&' if query else ''}"


# ── A row of the list ───────────────────────────────────────────────────────


def row_of(row: ItemRow) -> dict[str, Any]:
    """Return an item as `{% item_row %}` shows it."""
    guide = reverse("portal:guide", args=[row.key])
    return {
        "title": words.named(row.name, row.name_en),
        "url": guide,
        "department": bodies.name(row.department, row.department_name),
        "code": row.code,
        "chips": chips(row),
        "actions": _actions(row, guide),
    }


def chips(row: ItemRow) -> list[tuple[str, str]]:
    found = [(words.category(row.category), "")]
    if row.legacy:
        return [*found, (_("已取消，仅供查阅"), "warn")]
    if row.on_the_spot:
        found.append((_("即办件"), "good"))
    elif row.promised_days is not None:
        found.append((_("承诺 %(days)s 个工作日") % {"days": row.promised_days}, "good"))
    if row.visits is not None:
        found.append((_("到现场 %(times)s 次") % {"times": row.visits}, ""))
    if row.online_depth >= WHOLLY_ONLINE:
        found.append((_("全程网办"), "info"))
    return found


def _actions(row: ItemRow, guide: str) -> list[tuple[str, str]]:
    if row.legacy or row.category == Category.NON_LICENCE:
        return [(_("查阅"), guide)]
    return [(_("在线办理"), reverse("cases:apply", args=[row.key])), (_("办事指南"), guide)]


# ── Departments ─────────────────────────────────────────────────────────────


@public("which departments do what here")
@require_safe
@kept_while_unchanged
def departments(request: HttpRequest) -> HttpResponse:
    facets = catalogue.facets(Wanted())
    browse = reverse("portal:items")
    tiles = [
        {"name": _department(code, facets), "count": count, "url": f"{browse}?department={code}"}
        for code, count in facets.departments.items()
    ]
    return render(request, "portal/departments.html", {"tiles": tiles, "total": facets.total})


# ── The guide to one item ───────────────────────────────────────────────────


@public("how an item is done: conditions, materials, steps, limits, fees")
@require_safe
@kept_while_unchanged
def guide(request: HttpRequest, key: str) -> HttpResponse:
    """The guide page: every public element of the version in force, and where it is recorded."""
    try:
        found = catalogue.item_in_force(key)
    except Refused:
        return _not_in_force(request, key)
    if found.key != key:  # asked for by its code
        return redirect("portal:guide", found.key)
    versions = catalogue.versions(key)
    recorded, handlers = versions[0], _handlers(found)
    entry = log.entry(recorded.index)
    context = {
        "item": found.content,
        "title": words.named(found.content.name, found.content.name_en),
        "key": key,
        "version": found.version,
        "earlier": versions[1:],
        "stub": {
            "what": _("办事指南第 %(version)s 版") % {"version": found.version},
            "at": recorded.published_at,
            "index": recorded.index,
            "fingerprint": bytes(entry.leaf).hex() if entry else "",
            "download_url": reverse("portal:receipt", args=[recorded.index]),
            "verify_url": reverse("portal:entry", args=[recorded.index]),
        },
        "index": recorded.index,
        "address": request.build_absolute_uri(reverse("portal:guide", args=[key])),
        "anchors": [*([("where", _("谁在哪里办"))] if handlers else []), *_anchors(found.content)],
        "handlers": handlers,
        "spared": sharing.spared(found.content),
        "uses": sharing.uses(found.content.code),
        "bundles": [
            (words.named(row.name, row.name_en), reverse("portal:bundle", args=[row.key]))
            for row in catalogue.bundles_of_item(key)
        ],
    }
    return render(request, "portal/guide.html", context)


def _handlers(found: catalogue.Published) -> list[dict[str, Any]]:
    """Return who handles it where (谁在哪里办), if there is anything to choose or to know of it."""
    known = catalogue.handlers(found.key, found.content)
    if len(known) < 2 and not found.content.first_reviews:
        return []
    return [
        {
            **line,
            "first_review": one.first_review,
            "url": f"{reverse('cases:apply', args=[found.key])}?organ={one.organ}",
        }
        for one, line in zip(known, places.lines(known), strict=True)
    ]


def _not_in_force(request: HttpRequest, key: str) -> HttpResponse:
    """Say of an item that was here that it is gone; of one that never was, nothing."""
    known = catalogue.versions(key)
    if not known:
        raise Http404
    content = catalogue.version(key, known[0].version)
    return explain(
        request,
        status=410,
        happened=_("“%(item)s”已取消，不再受理") % {"item": content.name},
        kept=_("已经受理的办件照旧办完。每一版办事指南都留在账本里。"),
        next_steps=[
            (_("找别的事项"), reverse("portal:items")),
            (_("看账本里的最后一版"), reverse("portal:entry", args=[known[0].index])),
        ],
        code="item.not-in-force",
    )


def _anchors(content: ItemContent) -> list[tuple[str, str]]:
    """Return the sections of `catalogue/_guide.html` that this item has."""
    anchors = [
        ("basics", _("基本信息")),
        ("basis", _("设定依据")),
        ("conditions", _("受理条件")),
        ("materials", _("申请材料")),
        ("steps", _("办理流程")),
        ("first-review", _("下级初审")),
        ("referral", _("转报")),
        ("fees", _("收费")),
        ("result", _("审批结果")),
        ("questions", _("常见问题")),
        ("place", _("地点和电话")),
    ]
    absent = {
        "questions": not content.questions,
        "first-review": not content.first_reviews,
        "referral": not content.referred_to,
    }
    return [one for one in anchors if not absent.get(one[0])]
