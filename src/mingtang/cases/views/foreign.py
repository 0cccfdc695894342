"""Cases of other systems (外部办件), for those who oversee: found, their time lines, figures."""

from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mingtang.cases import queries
from mingtang.cases.queries import ForeignCaseRow, ForeignFigures, ForeignFile
from mingtang.cases.views.work import work_nav
from mingtang.catalogue import queries as catalogue
from mingtang.core.foreigncases import (
    Counting,
    ForeignClock,
    ForeignStanding,
    State,
    Unit,
    clock_of,
    is_past,
)
from mingtang.core.people import Power
from mingtang.people.access import needs
from mingtang.ui import formats

A_PAGE = 30
LONGEST_TEXT = 100
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
STANDINGS = {
    ForeignStanding.IN_TIME: gettext_lazy("按期办结"),
    ForeignStanding.LATE: gettext_lazy("超期办结"),
    ForeignStanding.OPEN: gettext_lazy("没有办结记录"),
    ForeignStanding.NO_DEADLINE: gettext_lazy("办结，没有期限"),
}
LAMPS = {
    ForeignStanding.IN_TIME: "good",
    ForeignStanding.LATE: "bad",
    ForeignStanding.OPEN: "idle",
    ForeignStanding.NO_DEADLINE: "idle",
}
UNITS = {
    Unit.WORKING_DAYS: gettext_lazy("个工作日"),
    Unit.CALENDAR_DAYS: gettext_lazy("个自然日"),
}

# ── The list ────────────────────────────────────────────────────────────────


@needs(Power.CASE_OVERSEE, Power.INSPECTION_READ)
@require_safe
def foreign_cases(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:LONGEST_TEXT]
    source, standing = request.GET.get("source", ""), request.GET.get("standing", "")
    standing = standing if standing in STANDINGS else ""
    found = queries.foreign_cases(text=text, source=source, standing=standing)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "work_nav": work_nav(request),
        "page": page,
        "lines": [_line(row) for row in page],
        "text": text,
        "source": source,
        "sources": queries.foreign_sources(),
        "standing": standing,
        "standings": list(STANDINGS.items()),
        "filtered": bool(text or source or standing),
    }
    return render(request, "cases/foreign_cases.html", context)


def _line(row: ForeignCaseRow) -> dict[str, Any]:
    standing = ForeignStanding(row.standing)
    return {"row": row, "lamp": LAMPS[standing], "lamp_word": STANDINGS[standing]}


# ── One case ────────────────────────────────────────────────────────────────


@needs(Power.CASE_OVERSEE, Power.INSPECTION_READ)
@require_safe
def foreign_case(request: HttpRequest, key: str) -> HttpResponse:
    """One case: what its log says of it, its clock, and every step."""
    found = queries.foreign_file(key)
    if found is None:
        raise Http404
    case = found.state
    clock = clock_of(case.outline, case.steps, calendar=catalogue.calendar())
    context = {
        "work_nav": work_nav(request),
        **_line(found.row),
        "facts": [fact for fact in _facts(found) if fact[1]],
        "clock": clock,
        "days": _days(clock, found.row),
        "how": _how(clock),
        "by_moment": case.outline.deadline and case.outline.counting is Counting.MOMENT,
        "is_open": case.outline.closed is None,
        "steps": _steps(case),
        "entries": [(one.index, len(one.event.steps)) for one in found.history],
    }
    return render(request, "cases/foreign_case.html", context)


def _facts(found: ForeignFile) -> list[tuple[str, str]]:
    """Return what the log says of the case, label and text, moments on the place's own clock."""
    told = found.state.outline
    return [
        (_("来源系统"), found.state.source),
        (_("收到"), local_moment(told.started)),
        (_("期限"), local_moment(told.deadline)),
        (_("计划办结"), local_moment(told.planned)),
        (_("办结"), local_moment(told.closed)),
        (_("渠道"), told.channel),
        (_("部门"), told.department),
        (_("组别"), told.group),
        (_("负责人"), told.responsible),
    ]


def local_moment(at: datetime | None) -> str:
    """Return a moment as the clock of the place showed it, with its distance from UTC."""
    return "" if at is None else f"{at:%Y-%m-%d %H:%M:%S} (UTC{at.isoformat()[-6:]})"


def _days(clock: ForeignClock, row: ForeignCaseRow) -> list[dict[str, Any]]:
    """Return the clock's figures for `{% figures %}`."""
    unit = UNITS[clock.unit]
    figures: list[dict[str, Any]] = []
    if clock.allowed_days is not None:
        figures.append({"label": _("时限"), "value": clock.allowed_days, "unit": unit})
    figures.append({"label": _("已用"), "value": clock.used_days, "unit": unit})
    if row.standing == ForeignStanding.LATE:
        figures.append({"label": _("超期"), "value": clock.over_days, "unit": unit})
    return figures


def _how(clock: ForeignClock) -> str:
    if clock.unit is Unit.WORKING_DAYS:
        return _("按本平台的工作日历数工作日，收到当天不计。")
    return _("有的日期不在本平台已正式公布的工作日历里，所以数自然日，收到当天不计。")


def _steps(case: State) -> list[dict[str, Any]]:
    """Return the time line, oldest first."""
    lines = []
    before: datetime | None = None
    for step in sorted(case.steps, key=lambda step: step.at):
        lines.append(
            {
                "step": step,
                "at": local_moment(step.at),
                "waited": _span(step.at - before) if before else "",
                "past_due": is_past(step.at, case.outline),
            }
        )
        before = step.at
    return lines


def _span(span: timedelta) -> str:
    if span >= DAY:
        return _("%(n)s 天") % {"n": _tenths(span, DAY)}
    if span >= HOUR:
        return _("%(n)s 小时") % {"n": _tenths(span, HOUR)}
    minutes = span // timedelta(minutes=1)
    return _("%(n)s 分钟") % {"n": minutes} if minutes else _("不到 1 分钟")


def _tenths(span: timedelta, unit: timedelta) -> str:
    whole, tenth = divmod(10 * span // unit, 10)
    return f"{whole:,}.{tenth}"


# ── Figures ─────────────────────────────────────────────────────────────────


@needs(Power.CASE_OVERSEE, Power.INSPECTION_READ)
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """What every log adds up to, to be recomputed from the rows of the list."""
    context = {
        "work_nav": work_nav(request),
        "logs": [_log(one) for one in queries.foreign_figures()],
    }
    return render(request, "cases/foreign_figures.html", context)


def _log(one: ForeignFigures) -> dict[str, Any]:
    spent = one.median_seconds
    share = f"{100 * one.late / one.judged:.1f}%" if one.judged else "—"
    total = {"late": formats.number(one.late), "judged": formats.number(one.judged)}
    url = f"{reverse('cases:foreign')}?"
    return {
        "source": one.source,
        "first": one.first,
        "last": one.last,
        "figures": [
            {"label": _("办件"), "value": formats.number(one.cases)},
            {"label": _("环节记录"), "value": formats.number(one.steps)},
            {"label": _("环节种类"), "value": formats.number(len(one.activities))},
            {
                "label": _("用时中位数"),
                "value": "—" if spent is None else _span(timedelta(seconds=spent)),
                "note": _("从收到到办结，自然时间"),
            },
            {
                "label": _("超期占比"),
                "value": share,
                "note": _("有期限又有办结记录的 %(judged)s 件中 %(late)s 件") % total,
            },
        ],
        "standings": [
            (name, LAMPS[standing], one.standings.get(standing, 0), f"{url}standing={standing}")
            for standing, name in STANDINGS.items()
        ],
        "activities": one.activities,
    }
