"""What may be asked of a queue."""

from dataclasses import dataclass
from datetime import datetime

from mingtang.core.halls import HallRules, Purpose
from mingtang.core.queues.terms import Channel


@dataclass(frozen=True, kw_only=True)
class TakeTicket:
    """取号. Name and phone may be empty."""

    hall: str
    rules: HallRules | None  # None: the hall was never arranged
    working: bool  # today is a working day
    page_key: str  # random: whoever knows it holds the number
    visitor: str  # person; empty at the counter
    name: str = ""
    phone: str = ""
    purposes: tuple[Purpose, ...] = ()  # empty: not said
    channel: Channel
    by: str  # member of staff; empty: the visitor
    at: datetime


@dataclass(frozen=True, kw_only=True)
class BookTicket:
    """预约 a quarter-hour."""

    hall: str
    rules: HallRules | None
    working: bool  # the day of `slot` is a working day
    slot: datetime  # when the quarter-hour begins
    page_key: str
    visitor: str
    name: str = ""
    phone: str = ""
    purposes: tuple[Purpose, ...] = ()
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CancelTicket:
    """取消: by whoever knows the key of its page."""

    number: str
    page_key: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CallNext:
    """叫号. `own_window`: the clerk is stationed there and takes in cases."""

    window: str
    rules: HallRules | None
    own_window: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CallAgain:
    """按号呼叫: one that was skipped, or sent on to a window."""

    number: str
    window: str
    rules: HallRules | None
    own_window: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RecallTicket:
    """重呼: the number now at the window, once more."""

    window: str
    own_window: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SkipTicket:
    """过号: nobody came."""

    window: str
    own_window: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TransferTicket:
    """转窗."""

    window: str
    to: str
    rules: HallRules | None
    own_window: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class FinishTicket:
    """办结离窗."""

    window: str
    own_window: bool
    by: str
    at: datetime


AtWindow = CallNext | CallAgain | RecallTicket | SkipTicket | TransferTicket | FinishTicket
Command = TakeTicket | BookTicket | CancelTicket | AtWindow
