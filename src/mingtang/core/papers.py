"""A paper (文书): what a person can hold, numbered, dated, sealed, and checked by anybody.

    ──order──▶ ordered ──issue──▶ issued ──serve──▶ served        read: any time after issue

A decision point is not complete without its paper. The paper is ordered with everything that
will stand on it, made in the background, and issued once: made again after a crash, it is
refused the second time. The seal is used under a mandate that is checked when the paper is
issued, not when it was ordered: what nobody may seal today is not issued today.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, assert_never

from mingtang.core.clock import civil_day
from mingtang.core.decider import Decider, Refused, require
from mingtang.core.mandates import Mandate
from mingtang.core.seals import Seal, SealUse, use_of, why_not
from mingtang.core.sheets import Sheet
from mingtang.core.wire import Sealed, canonical


class PaperKind(StrEnum):
    RECEIVED = "received"  # 收件回执
    CORRECTIONS = "corrections"  # 材料补正一次性告知书
    ACCEPTED = "accepted"  # 受理通知书
    NOT_ACCEPTED = "not_accepted"  # 不予受理决定书
    EXTENDED = "extended"  # 延期通知书
    SPECIAL = "special"  # 特别程序告知书
    RESTARTED = "restarted"  # 期限重新起算告知书
    HEARING_RIGHT = "hearing_right"  # 听证告知书
    HEARING_NOTICE = "hearing_notice"  # 听证通知书
    GRANTED = "granted"  # 准予许可决定书
    REFUSED = "refused"  # 不予许可决定书
    TO_BE_REVOKED = "to_be_revoked"  # 拟撤销行政许可告知书
    REVOKED = "revoked"  # 撤销行政许可决定书
    SERVICE = "service"  # 送达回证
    LICENCE = "licence"  # 证照
    ADMISSION = "admission"  # 竞买资格确认书
    SALE = "sale"  # 成交确认书


class ServedHow(StrEnum):
    """送达方式."""

    ONLINE = "online"  # 电子送达: opened by the addressee, signed in
    WINDOW = "window"  # 窗口领取
    POST = "post"  # 邮寄送达
    ELSEWHERE = "elsewhere"  # 委托或公告送达


@dataclass(frozen=True, kw_only=True)
class File:
    """The sealed PDF. Its signature cannot be guessed, so its plain digests tell nothing."""

    id: str  # of the vault
    sha256: str  # hex, of the file's bytes
    sm3: str  # hex, of the file's bytes
    size: int  # bytes


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who of the staff looked at it."""

    person: str
    staff_no: str
    organisation: str


def number_of(organ: str, word: str, year: int, serial: int) -> str:
    """Return a document number (文号): organ's short name, kind, year, serial of that year."""
    return f"{organ}{word}〔{year}〕{serial}号"


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class OrderPaper:
    """开具文书: everything that will stand on it is settled now.

    `series` and `serial` are its place in the organ's register; `serial` is looked up.
    """

    paper: PaperKind
    series: str
    serial: int
    about: str  # stream of what it states, e.g. "case/MT-7K2P-9QXD"
    cause: int  # entry of the act it states
    batch: str  # whose papers are made, printed and handed over together; or empty
    organ: str  # organisation code
    item: str  # item code, for the mandate
    user: str  # who uses the seal: the person who acted, or empty for whoever keeps it
    owner: str  # person in whose vault the file lies; empty where that is nobody
    sheet: Sheet
    at: datetime


@dataclass(frozen=True, kw_only=True)
class IssuePaper:
    """签发文书: it has been made and sealed; seal and mandate are as in force at this moment."""

    file: File
    content: str  # SHA-256 of the page before the seal was set, hex
    seal: Seal | None
    mandate: Mandate | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ServePaper:
    """送达文书: it has reached the addressee."""

    how: ServedHow
    recipient: str  # name of whoever took it
    by: str  # person who records it: the addressee, or staff
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Need:
    """What a case asks of a paper (查阅依据), looked up at the moment somebody opens it.

    国务院关于在线政务服务的若干规定 art. 7: read to handle a case that asks for it, and for no
    other end.
    """

    handed_in: bool  # the applicant handed it in: a part of the file
    closed: bool  # the case has come to its end
    in_hand: bool  # the reader has something to do in it now
    asked: bool  # its item asks for this very result


@dataclass(frozen=True, kw_only=True)
class ReadPaper:
    """查阅证照: a member of staff opens it for a case in hand. The holder sees this."""

    reader: Reader
    case: str  # number of the case it is read for
    purpose: str
    need: Need
    at: datetime


Command = OrderPaper | IssuePaper | ServePaper | ReadPaper

# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class PaperOrdered:
    kind: ClassVar[str] = "paper.ordered.v1"
    paper: PaperKind
    series: str
    serial: int
    number: str
    about: str
    cause: int
    batch: str
    organ: str
    item: str
    user: str
    owner: Sealed
    title: str
    addressee: Sealed
    sheet: Sealed  # canonical JSON of the sheet
    code: Sealed  # check code: whoever has the paper has it
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PaperIssued:
    kind: ClassVar[str] = "paper.issued.v1"
    about: str
    file: File
    content: str
    use: SealUse
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PaperServed:
    kind: ClassVar[str] = "paper.served.v1"
    about: str
    how: ServedHow
    recipient: Sealed
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PaperRead:
    kind: ClassVar[str] = "paper.read.v1"
    reader: Reader
    case: str
    purpose: str
    at: datetime


Event = PaperOrdered | PaperIssued | PaperServed | PaperRead
EVENTS = (PaperOrdered, PaperIssued, PaperServed, PaperRead)


@dataclass(frozen=True)
class State:
    ordered: bool = False
    issued: bool = False
    served: bool = False
    about: str = ""
    organ: str = ""
    item: str = ""
    user: str = ""
    ordered_at: datetime | None = None


# ── The rules ───────────────────────────────────────────────────────────────


def decide(state: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to.

    Raises Refused: paper.already-ordered, paper.code-missing, paper.unknown,
    paper.already-issued, seal.* and mandate.* (why it may not be sealed; facts: letter_no),
    paper.not-issued, paper.already-served, paper.recipient-missing, paper.purpose-missing,
    paper.case-closed, paper.case-not-in-hand, paper.not-asked.
    """
    match command:
        case OrderPaper():
            return [_order(state, command)]
        case IssuePaper():
            return [_issue(state, command)]
        case ServePaper():
            _require_issued(state)
            require(not state.served, "paper.already-served")
            require(bool(command.recipient.strip()), "paper.recipient-missing")
            return [
                PaperServed(
                    about=state.about,
                    how=command.how,
                    recipient=Sealed(command.recipient),
                    by=command.by,
                    at=command.at,
                )
            ]
        case ReadPaper():
            _require_issued(state)
            stated = bool(command.case.strip()) and bool(command.purpose.strip())
            require(stated, "paper.purpose-missing")
            require_needed(state, command.reader, command.need)
            return [
                PaperRead(
                    reader=command.reader,
                    case=command.case,
                    purpose=command.purpose,
                    at=command.at,
                )
            ]
        case _:
            assert_never(command)


def _order(state: State, command: OrderPaper) -> PaperOrdered:
    sheet = command.sheet
    require(not state.ordered, "paper.already-ordered")
    require(bool(sheet.code), "paper.code-missing")
    return PaperOrdered(
        paper=command.paper,
        series=command.series,
        serial=command.serial,
        number=sheet.number,
        about=command.about,
        cause=command.cause,
        batch=command.batch,
        organ=command.organ,
        item=command.item,
        user=command.user,
        owner=Sealed(command.owner),
        title=sheet.title,
        addressee=Sealed(sheet.addressee),
        sheet=Sealed(canonical(sheet)),
        code=Sealed(sheet.code),
        at=command.at,
    )


def _issue(state: State, command: IssuePaper) -> PaperIssued:
    require(state.ordered, "paper.unknown")
    require(not state.issued, "paper.already-issued")
    require_sealable(state, command.seal, command.mandate, at=command.at)
    assert command.seal is not None
    assert command.mandate is not None
    return PaperIssued(
        about=state.about,
        file=command.file,
        content=command.content,
        use=use_of(command.seal, command.mandate),
        at=command.at,
    )


def require_sealable(
    state: State, seal: Seal | None, mandate: Mandate | None, *, at: datetime
) -> None:
    """Refuse where the seal may not be set on this paper now. Asked before it is made, too."""
    obstacle = why_not(seal, mandate, organ=state.organ, item=state.item, day=civil_day(at))
    if obstacle is not None:
        raise Refused(obstacle, letter_no=mandate.letter_no if mandate else "")


def require_needed(state: State, reader: Reader, need: Need) -> None:
    """Refuse a look no case in hand asks for. An organ's own paper need not be asked for."""
    own = reader.organisation == state.organ
    require(need.handed_in or not need.closed, "paper.case-closed")
    require(need.handed_in or need.in_hand, "paper.case-not-in-hand")
    require(need.handed_in or need.asked or own, "paper.not-asked")


def _require_issued(state: State) -> None:
    require(state.ordered, "paper.unknown")
    require(state.issued, "paper.not-issued")


def evolve(state: State, event: Event) -> State:
    match event:
        case PaperOrdered():
            return State(
                ordered=True,
                about=event.about,
                organ=event.organ,
                item=event.item,
                user=event.user,
                ordered_at=event.at,
            )
        case PaperIssued():
            return replace(state, issued=True)
        case PaperServed():
            return replace(state, served=True)
        case PaperRead():
            return state
        case _:
            assert_never(event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
