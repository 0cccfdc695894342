"""A hall on a Monday: what the examples of its queue begin with."""

from datetime import datetime, timedelta

from mingtang.core import queues
from mingtang.core.clock import CHINA
from mingtang.core.halls import HallRules
from mingtang.core.queues import (
    BookTicket,
    CallAgain,
    CallNext,
    CancelTicket,
    Channel,
    FinishTicket,
    RecallTicket,
    SkipTicket,
    TakeTicket,
    TransferTicket,
)

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
RULES = HallRules(
    name="演示大厅",
    windows=("w1", "w2"),
    opens=9 * 60,
    closes=17 * 60,
    seats=1,
    days_ahead=7,
    per_person=1,
)


def at(minutes):
    """Return the moment so many minutes after the hall opened on Monday."""
    return MONDAY + minutes * MINUTE


def take(minutes=0, **changed):
    values = {
        "hall": "centre",
        "rules": RULES,
        "working": True,
        "page_key": f"page-{minutes}",
        "visitor": "",
        "channel": Channel.COUNTER,
        "by": "P-CLERK",
        "at": at(minutes),
    }
    return TakeTicket(**{**values, **changed})


def book(slot, minutes=-60, **changed):
    values = {
        "hall": "centre",
        "rules": RULES,
        "working": True,
        "slot": at(slot),
        "page_key": f"page-b{slot}",
        "visitor": "P-ONE",
        "at": at(minutes),
    }
    return BookTicket(**{**values, **changed})


def call(minutes=1, window="w1", **changed):
    values = {"rules": RULES, "own_window": True, "by": "P-CLERK", "at": at(minutes)}
    return CallNext(window=window, **{**values, **changed})


def again(number, minutes=1, window="w1", **changed):
    values = {"rules": RULES, "own_window": True, "by": "P-CLERK", "at": at(minutes)}
    return CallAgain(number=number, window=window, **{**values, **changed})


def recall(minutes=1, window="w1", **changed):
    values = {"own_window": True, "by": "P-CLERK", "at": at(minutes)}
    return RecallTicket(window=window, **{**values, **changed})


def skip(minutes=1, window="w1", **changed):
    values = {"own_window": True, "by": "P-CLERK", "at": at(minutes)}
    return SkipTicket(window=window, **{**values, **changed})


def finish(minutes=1, window="w1", **changed):
    values = {"own_window": True, "by": "P-CLERK", "at": at(minutes)}
    return FinishTicket(window=window, **{**values, **changed})


def transfer(to="w2", minutes=1, window="w1", **changed):
    values = {"rules": RULES, "own_window": True, "by": "P-CLERK", "at": at(minutes)}
    return TransferTicket(window=window, to=to, **{**values, **changed})


def cancel(number, page_key, minutes=1):
    return CancelTicket(number=number, page_key=page_key, at=at(minutes))


def after(*commands):
    """Return the queue after these commands were carried out."""
    queue = queues.State()
    for command in commands:
        for event in queues.decide(queue, command):
            queue = queues.evolve(queue, event)
    return queue


def decide(command, *before):
    return queues.decide(after(*before), command)
