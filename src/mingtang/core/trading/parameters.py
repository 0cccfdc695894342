"""What a trading procedure is made of (交易规程参数): plain values, each with its source.

Spans of the timed part are integer seconds, 0 meaning there is none. Shares are per mille.
Periods of days say whether they are working days, because the rules do.
"""

from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    ASCENDING = "ascending"  # 增价
    DESCENDING = "descending"  # 减价
    REVERSE = "reverse"  # 反向竞价: the lowest wins


class Bidding(StrEnum):
    """竞价方式."""

    LISTING = "listing"  # 挂牌加限时竞价: free quotation, then a countdown every bid restarts
    AUCTION = "auction"  # 网络拍卖: one open period, whose end late bids move
    SEALED = "sealed"  # 一次性密封报价
    DUTCH = "dutch"  # 减价竞价: the price falls until somebody takes it
    MULTI_UNIT = "multi-unit"  # 多标的按报价成交: price and quantity, each pays what they bid


class Unit(StrEnum):
    WORKING_DAYS = "working-days"
    CALENDAR_DAYS = "calendar-days"
    HOURS = "hours"


@dataclass(frozen=True, kw_only=True)
class Period:
    number: int  # from 1
    unit: Unit


class Entry(StrEnum):
    """Who may enter the timed part (限时竞价参加资格)."""

    ALL = "all"  # whoever signed up and paid
    QUOTED = "quoted"  # made a valid free quotation
    ASKED = "asked"  # said so in the asking window
    QUOTED_AND_ASKED = "quoted-and-asked"


class TimedStart(StrEnum):
    """What the first bid of the timed part has to reach."""

    HIGHEST = "highest"  # the best quotation so far
    NEXT = "next"  # a step beyond it


@dataclass(frozen=True, kw_only=True)
class Extension:
    """延时: a valid bid in the last `window_seconds` moves the end to `by_seconds` after it."""

    window_seconds: int
    by_seconds: int
    most: int = 0  # times it may move; 0: as often as there are bids


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """From this price on, this step."""

    from_fen: int
    step_fen: int


@dataclass(frozen=True, kw_only=True)
class BidStep:
    """竞价幅度. Without a table and with `least_fen` 0 the notice of the lot says how much."""

    least_fen: int = 0
    most_fen: int = 0  # 0: no bound
    table: tuple[StepRow, ...] = ()
    most_at_once: int = 0  # steps in one bid; 0: as many as one likes, always whole ones


@dataclass(frozen=True, kw_only=True)
class Clock:
    """减价钟: every so many seconds the price falls by this share of the start price."""

    every_seconds: int
    fall_permille: int


class Secrecy(StrEnum):
    PUBLIC = "public"
    SEALED = "sealed"  # a commitment, opened at close


@dataclass(frozen=True, kw_only=True)
class Reserve:
    """底价. Shares are 0 where the rule leaves it open."""

    secrecy: Secrecy
    of_start_permille: int = 0  # 1000: it is the start price
    least_of_appraisal_permille: int = 0
    entered_within_seconds: int = 0  # of the close; 0: at any time before


class AfterCeiling(StrEnum):
    ONE_SHOT = "one-shot"  # 一次报价: the one nearest to the average of all wins
    LOT = "lot"  # 摇号


@dataclass(frozen=True, kw_only=True)
class Ceiling:
    """最高限价 and what follows once it is reached."""

    then: AfterCeiling
    asking_seconds: int = 0  # to say that one takes part in what follows
    quoting_seconds: int = 0  # for the one-shot quotation
    least_bidders: int = 1  # to draw a lot, at least two


class PriorityRight(StrEnum):
    SAME_PRICE = "same-price"  # may bid the same price, and wins it


@dataclass(frozen=True, kw_only=True)
class Priority:
    """优先购买权."""

    right: PriorityRight
    ranked: bool  # holders in the order of their ranks, then of their bids


@dataclass(frozen=True, kw_only=True)
class AllocationRow:
    """From this many valid bidders on, this share of them, best first, is served."""

    from_bidders: int
    winners_permille: int


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """配售: by price, then by time of bid; each pays what they bid."""

    table: tuple[AllocationRow, ...]
    partly: bool  # the last one served may get less than they asked for


class Award(StrEnum):
    BEST_PRICE = "best-price"
    EVALUATION = "evaluation"  # 综合评审, by a committee


class Base(StrEnum):
    """What a deposit is a share of."""

    START_PRICE = "start-price"
    ESTIMATE = "estimate"  # 项目估算价
    BUDGET = "budget"


class DepositDue(StrEnum):
    SIGN_UP_END = "sign-up-end"
    BIDDING_START = "bidding-start"


@dataclass(frozen=True, kw_only=True)
class Deposit:
    """保证金: between these shares of its base, paid by then by the bank's booking time."""

    least_permille: int
    most_permille: int
    base: Base
    due: DepositDue


class Payee(StrEnum):
    """Whom the centre pays what it keeps of a deposit."""

    SELLER = "seller"  # 委托方、转让方
    COURT = "court"  # 人民法院


@dataclass(frozen=True, kw_only=True)
class Payout:
    """转付: whom a winner's deposit is paid on to, when, and how soon. What is forfeited, too."""

    to: Payee
    at_end: bool  # as soon as it is sold; otherwise once the contract is there
    within: Period


@dataclass(frozen=True, kw_only=True)
class Again:
    """再次交易 of what was not sold: how soon, after which notice, how much cheaper."""

    within: Period  # from the end of the failed sale to the new bidding, at most
    notice: Period  # 公告期, at least, in place of the usual one
    fall_permille: int  # of the failed sale's start price, at most


class Sureness(StrEnum):
    """How sure a source is."""

    A = "A"  # the text itself was read
    B = "B"  # one secondary source
    C = "C"  # not checked against the text: check it before relying on it


@dataclass(frozen=True, kw_only=True)
class Source:
    """依据: the rule some parameters follow."""

    parameters: tuple[str, ...]  # names out of PARAMETERS
    rule: str  # law and article, or rule
    rule_en: str = ""
    sure: Sureness
    note: str = ""
    note_en: str = ""


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """交易规程: everything one version of it says."""

    code: str  # small letters, digits and dashes
    name: str
    name_en: str
    bidding: Bidding
    direction: Direction
    award: Award = Award.BEST_PRICE
    notice: Period | None = None  # 公告期, at least
    free: Period | None = None  # 自由报价期 or the one open period, at least
    blackout_seconds: int = 0  # 静默期: at the end of the free period, no bids
    asking_seconds: int = 0  # 询问期: who goes on to the timed part
    entry: Entry | None = None
    timed_start: TimedStart | None = None
    countdown_seconds: int = 0  # 限时竞价倒计时
    extension: Extension | None = None
    clock: Clock | None = None
    step: BidStep | None = None
    reserve: Reserve | None = None
    ceiling: Ceiling | None = None
    priority: Priority | None = None
    least_bidders: int = 1
    most_bids: int = 0  # of one bidder; 0: as many as one likes
    allocation: Allocation | None = None
    deposit: Deposit | None = None
    signing: Period | None = None  # 成交确认 or contract, after the end, at most
    publication: Period | None = None  # 结果公示期, at least
    refund: Period | None = None  # of the deposits of those who did not win, at most
    payout: Payout | None = None  # of the winner's deposit, and of what is forfeited
    again: Again | None = None  # where the rule says something of a second sale
    sources: tuple[Source, ...]


# Parameters of which a procedure has to say the source, if it says anything of them.
PARAMETERS = (
    "bidding",
    "direction",
    "award",
    "notice",
    "free",
    "blackout_seconds",
    "asking_seconds",
    "entry",
    "timed_start",
    "countdown_seconds",
    "extension",
    "clock",
    "step",
    "reserve",
    "ceiling",
    "priority",
    "least_bidders",
    "most_bids",
    "allocation",
    "deposit",
    "signing",
    "publication",
    "refund",
    "payout",
    "again",
)


def said(procedure: Procedure) -> tuple[str, ...]:
    """Return the parameters this procedure says something of."""
    return tuple(name for name in PARAMETERS if getattr(procedure, name))
