"""A hall's day as pages show it. Only `at_work` pages know who holds a number."""

from datetime import datetime
from typing import Any, assert_never

from django.http import Http404
from django.utils.translation import gettext as _

from mingtang.catalogue import queries as catalogue
from mingtang.core.clock import civil_day
from mingtang.core.halls import Door, HallRules, closed_on, door
from mingtang.core.queues import Stage
from mingtang.people import queries as people
from mingtang.windows import queries
from mingtang.windows.queries import HallRow, TicketRow

NEXT = 12  # numbers shown as coming


def hall_or_404(key: str) -> HallRow:
    row = queries.hall(key)
    if row is None:
        raise Http404
    return row


def board(hall: HallRow, now: datetime) -> dict[str, Any]:
    """Return what the big screen says: numbers and windows, nothing else.

    A booking is not among those who wait before its time.
    """
    day = civil_day(now)
    called = queries.called(hall.key, day)[: queries.ON_SCREEN]
    line = queries.due(hall.key, now)
    return {
        "hall": hall,
        "called": [(row.number, people.office_name(row.window)) for row in called],
        "coming": [row.number for row in line[:NEXT]],
        "count": len(line),
        "skipped": [row.number for row in queries.skipped(hall.key, day)[:NEXT]],
        "shut": why_shut(queries.rules_of(hall), now),
    }


def why_shut(rules: HallRules, now: datetime) -> str:
    """Return why no numbers are given now, and from when they are; empty: they are given."""
    day = civil_day(now)
    found, opens = door(rules, now, working=catalogue.calendar().is_working(day))
    when = {"time": f"{opens:%H:%M}" if opens else ""}
    match found:
        case Door.BREAK:
            return _("休息中，%(time)s 继续取号") % when
        case Door.EARLY:
            return _("%(time)s 开始取号") % when
        case Door.LATE:
            return _("今天已经停止取号")
        case Door.SHUT:
            closed = closed_on(rules, day)
            if closed is None:
                return _("今天不开放")
            return _("今天停办：%(reason)s") % {"reason": closed.reason}
        case Door.OPEN:
            return ""
        case _:
            assert_never(found)


def standing(row: TicketRow) -> dict[str, Any]:
    """Return where one number stands."""
    lamps = {
        Stage.WAITING: ("idle", _("等候中")),
        Stage.CALLED: ("good", _("请到窗口")),
        Stage.SKIPPED: ("warn", _("已过号")),
        Stage.FINISHED: ("good", _("已办结")),
        Stage.CANCELLED: ("paused", _("已取消")),
    }
    lamp, word = lamps[Stage(row.stage)]
    return {
        "ticket": row,
        "lamp": lamp,
        "word": word,
        "before": queries.before(row),
        "window": people.office_name(row.window),
        "wants": people.office_name(row.wants),
        "called_off": _called_off(row),
        "over": row.stage in (Stage.FINISHED, Stage.CANCELLED),
    }


def _called_off(row: TicketRow) -> str:
    """Return why the hall is closed on the day somebody waits for; empty: it is not."""
    hall = queries.hall(row.hall)
    if hall is None or row.stage != Stage.WAITING:
        return ""
    closed = closed_on(queries.rules_of(hall), row.day)
    return closed.reason if closed else ""
