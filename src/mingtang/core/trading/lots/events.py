"""What happens to a lot. Numbers are public, names are not until it is over."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from mingtang.core.trading.lots.terms import LotContent
from mingtang.core.trading.parameters import Procedure
from mingtang.core.wire import Sealed


class Part(StrEnum):
    """Where a lot stands in its course."""

    BEFORE = "before"
    FREE = "free"  # 自由报价
    BLACKOUT = "blackout"  # 静默
    ASKING = "asking"  # 询问
    TIMED = "timed"  # 限时竞价
    OPEN = "open"  # 竞价, one open period
    SEALED = "sealed"  # 密封报价
    FALLING = "falling"  # 减价
    CEILING = "ceiling"  # 最高限价已到，询问
    ONE_SHOT = "one-shot"  # 一次报价
    PAUSED = "paused"  # 中止
    OVER = "over"


class Stopping(StrEnum):
    PAUSE = "pause"  # 中止
    END = "end"  # 终止


class Verdict(StrEnum):
    SOLD = "sold"  # 成交
    NO_BIDS = "no-bids"  # 无人报价
    BELOW_RESERVE = "below-reserve"  # 未达底价
    TOO_FEW = "too-few"  # 竞买人不足
    LEADER_BARRED = "leader-barred"  # 领先者被取消资格


@dataclass(frozen=True, kw_only=True)
class LotAward:
    """What one winner gets. `price_fen` is of the whole, or of a unit where sold by units."""

    paddle: str
    price_fen: int
    quantity: int


@dataclass(frozen=True, kw_only=True)
class LotDraw:
    """摇号: what the draw was made from. Anybody recomputes it (`closing.drawn`)."""

    seed: str
    paddles: tuple[str, ...]
    nonces: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class WinnerName:
    paddle: str
    name: str


@dataclass(frozen=True, kw_only=True)
class LotAnnounced:
    kind: ClassVar[str] = "lot.announced.v1"
    project: str
    content: LotContent
    procedure: Procedure  # as its version was when the notice went out
    seed: Sealed  # its digest binds us: nobody chooses the seed once they know who takes part
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LotChanged:
    kind: ClassVar[str] = "lot.changed.v1"
    content: LotContent
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ReserveEntered:
    """`agreed`: a second person entered the same amount, and it is set."""

    kind: ClassVar[str] = "lot.reserve-entered.v1"
    amount: Sealed  # fen, in figures
    agreed: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PaddleAppeared:
    """A paddle acts for the first time, or under a new key. Key and rank are public from here."""

    kind: ClassVar[str] = "lot.paddle-appeared.v1"
    paddle: str
    key: str  # P-256 point, uncompressed, base64url
    key_no: int
    rank: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class BidPlaced:
    kind: ClassVar[str] = "lot.bid-placed.v1"
    no: int  # from 1
    paddle: str
    price_fen: int
    part: Part
    ref: str
    signature: str
    received: datetime
    at: datetime


@dataclass(frozen=True, kw_only=True)
class EntryDeclared:
    kind: ClassVar[str] = "lot.entry-declared.v1"
    paddle: str
    part: Part
    nonce: Sealed
    ref: str
    signature: str
    received: datetime
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CeilingReached:
    kind: ClassVar[str] = "lot.ceiling-reached.v1"
    paddle: str
    at: datetime  # when the bid was received


@dataclass(frozen=True, kw_only=True)
class StopProposed:
    kind: ClassVar[str] = "lot.stop-proposed.v1"
    stopping: Stopping
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class StopDeclined:
    kind: ClassVar[str] = "lot.stop-declined.v1"
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LotSuspended:
    """`proposed_by` is empty where a notice stopped the whole project."""

    kind: ClassVar[str] = "lot.suspended.v1"
    reason: str
    proposed_by: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LotResumed:
    kind: ClassVar[str] = "lot.resumed.v1"
    resumes: datetime
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LotStopped:
    kind: ClassVar[str] = "lot.stopped.v1"
    reason: str
    proposed_by: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DeadlinesShifted:
    """`asked` is the end of the asking window; it and `end` are None where they follow."""

    kind: ClassVar[str] = "lot.deadlines-shifted.v1"
    outage: str
    sign_up_until: datetime
    deposit_until: datetime
    opens: datetime
    closes: datetime
    asked: datetime | None
    end: datetime | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PaddleBarred:
    kind: ClassVar[str] = "lot.paddle-barred.v1"
    paddle: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LotClosed:
    """`ended` is when it ended by its rules; `at`, when that was written down."""

    kind: ClassVar[str] = "lot.closed.v1"
    verdict: Verdict
    awards: tuple[LotAward, ...]
    reserve_fen: int  # opened now; 0: there was none
    draw: LotDraw | None
    offers: tuple[str, ...]  # applications whose sealed offers were opened: each finds its own
    bidders: int
    bids: int
    extensions: int
    ended: datetime
    at: datetime


@dataclass(frozen=True, kw_only=True)
class WinnersNamed:
    kind: ClassVar[str] = "lot.winners-named.v1"
    names: tuple[WinnerName, ...]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ContractRecorded:
    kind: ClassVar[str] = "lot.contract-recorded.v1"
    paddle: str
    number: str
    amount_fen: int
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class WinnerDefaulted:
    kind: ClassVar[str] = "lot.winner-defaulted.v1"
    paddle: str
    reason: str
    by: str
    at: datetime


Event = (
    LotAnnounced
    | LotChanged
    | ReserveEntered
    | PaddleAppeared
    | BidPlaced
    | EntryDeclared
    | CeilingReached
    | StopProposed
    | StopDeclined
    | LotSuspended
    | LotResumed
    | LotStopped
    | DeadlinesShifted
    | PaddleBarred
    | LotClosed
    | WinnersNamed
    | ContractRecorded
    | WinnerDefaulted
)
