"""A project of another platform (其他平台项目): what its notice says, and where it says it.

Notices of other platforms are brought in so that everything for sale or to be bought in a
region is found in one place. They are told as they were written: an amount stands as integer
fen beside its own words, and where the words give no certain amount there is none. What is
public there is public here; nothing is sealed.

One notice is one stream. Reading the same notice again says nothing new and is refused;
reading it with other content corrects what is known, and the earlier content stays on record.
"""

from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import ClassVar, assert_never

from mingtang.core.decider import Decider, require

LONGEST_TITLE = 300
LONGEST_TEXT = 2_000


class NoticeKind(StrEnum):
    """What kind of notice it is."""

    TENDER_PLAN = "tender-plan"  # 招标计划
    NOTICE = "notice"  # 招标、采购、交易公告
    LAND_LISTING = "land-listing"  # 土地挂牌出让公告
    LAND_RESULT = "land-result"  # 土地成交结果


class Outcome(StrEnum):
    """How a sale ended."""

    SOLD = "sold"  # 成交
    FAILED = "failed"  # 流拍


@dataclass(frozen=True, kw_only=True)
class Amount:
    """An amount as it was written. Without `fen` its words give no certain amount."""

    written: str
    fen: int | None = None  # of a range, the lower end
    upper_fen: int | None = None  # of a range


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A point in time as far as it was written: a day, or a day and an hour."""

    written: str
    day: date
    at: datetime | None = None  # with offset; None: only the day was written


@dataclass(frozen=True, kw_only=True)
class Region:
    """Where it is. A platform's own zones have names and sometimes codes no standard knows."""

    path: tuple[str, ...] = ()  # province, prefecture, county: as far as it is known
    code: str = ""  # GB/T 2260 or the platform's own; empty: not known
    written_code: str = ""  # a retired code that `code` has taken the place of


@dataclass(frozen=True, kw_only=True)
class Detail:
    """Something else the notice says, under one of the names pages have words for."""

    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Result:
    outcome: Outcome
    winner: str = ""
    price: Amount | None = None


@dataclass(frozen=True, kw_only=True)
class ForeignNotice:
    """A notice of another platform."""

    source: str  # the platform's name
    source_id: str  # its number there; where it has none, a digest of what it says
    kind: NoticeKind
    category: str  # national category code: 01 works, 02 procurement, 03 land ...
    title: str
    project: str  # what notices of one project share: its name, or the number of the lot
    region: Region = Region()
    buyer: str = ""  # or seller
    agency: str = ""
    amount: Amount | None = None  # budget, or start price
    published: Moment | None = None
    deadline: Moment | None = None  # for bids
    place: str = ""
    area: str = ""  # as written: parts above and below ground, units, whatever they are
    details: tuple[Detail, ...] = ()
    result: Result | None = None
    url: str = ""  # shown, never fetched


def key_of(source: str, kind: NoticeKind, source_id: str) -> str:
    """Return the key of a notice: 20 letters and digits, the same for ever."""
    named = "\n".join((source, kind, source_id))
    return b32encode(sha256(named.encode()).digest())[:20].decode().lower()


# ── Command, events ─────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class RecordForeignNotice:
    """登记其他平台项目, or correct what is known of it."""

    notice: ForeignNotice
    by: str
    at: datetime


Command = RecordForeignNotice


@dataclass(frozen=True, kw_only=True)
class ForeignNoticeRecorded:
    kind: ClassVar[str] = "foreign-notice.recorded.v1"
    notice: ForeignNotice
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ForeignNoticeCorrected:
    kind: ClassVar[str] = "foreign-notice.corrected.v1"
    notice: ForeignNotice  # as it reads now, whole
    by: str
    at: datetime


Event = ForeignNoticeRecorded | ForeignNoticeCorrected
EVENTS = (ForeignNoticeRecorded, ForeignNoticeCorrected)


@dataclass(frozen=True)
class State:
    notice: ForeignNotice | None = None
    corrections: int = 0


# ── The rules ───────────────────────────────────────────────────────────────


def decide(state: State, command: Command) -> Sequence[Event]:
    """Return the event a reading of a notice leads to.

    Raises Refused: foreign-notice.unchanged, foreign-notice.source-missing,
    foreign-notice.title-missing, foreign-notice.other-notice, foreign-notice.too-long.
    """
    notice = command.notice
    _require_usable(notice)
    if state.notice is None:
        return [ForeignNoticeRecorded(notice=notice, by=command.by, at=command.at)]
    require(_identity(state.notice) == _identity(notice), "foreign-notice.other-notice")
    require(state.notice != notice, "foreign-notice.unchanged")
    return [ForeignNoticeCorrected(notice=notice, by=command.by, at=command.at)]


def _require_usable(notice: ForeignNotice) -> None:
    require(bool(notice.source and notice.source_id), "foreign-notice.source-missing")
    require(bool(notice.title.strip()), "foreign-notice.title-missing")
    require(len(notice.title) <= LONGEST_TITLE, "foreign-notice.too-long", limit=LONGEST_TITLE)
    texts: tuple[str, ...] = (
        notice.source,
        notice.source_id,
        notice.project,
        notice.buyer,
        notice.agency,
    )
    texts += (notice.place, notice.area, notice.url, *(one.text for one in notice.details))
    longest = max(map(len, texts))
    require(longest <= LONGEST_TEXT, "foreign-notice.too-long", limit=LONGEST_TEXT)


def _identity(notice: ForeignNotice) -> tuple[str, NoticeKind, str]:
    return notice.source, notice.kind, notice.source_id


def evolve(state: State, event: Event) -> State:
    match event:
        case ForeignNoticeRecorded():
            return State(event.notice)
        case ForeignNoticeCorrected():
            return State(event.notice, state.corrections + 1)
        case _:
            assert_never(event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
