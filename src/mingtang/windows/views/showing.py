"""A hall's day as pages show it. Only `at_work` pages know who holds a number."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from mingtang.core.clock import civil_day
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
    }


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
        "over": row.stage in (Stage.FINISHED, Stage.CANCELLED),
    }
