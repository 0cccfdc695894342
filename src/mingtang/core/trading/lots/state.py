"""What we know of a lot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mingtang.core.trading.lots.events import LotAward, LotDraw, Stopping, Verdict
from mingtang.core.trading.lots.terms import LotContent
from mingtang.core.trading.parameters import Procedure


class Status(StrEnum):
    NONE = "none"
    ANNOUNCED = "announced"  # from notice to closing
    SUSPENDED = "suspended"
    STOPPED = "stopped"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Paddle:
    """号牌 as the lot has seen it."""

    key: str
    key_no: int
    rank: int  # 0: no priority right
    quoted: bool = False  # made a valid bid
    declared: bool = False  # takes part in the timed part
    barred: bool = False
    bids: int = 0  # counted where the procedure bounds them


@dataclass(frozen=True, slots=True)
class Best:
    """The bid that leads."""

    no: int
    paddle: str
    price_fen: int
    rank: int
    received: datetime
    timed: bool  # made in the timed part, or after a bid that was


@dataclass(frozen=True, slots=True)
class Ceiling:
    """最高限价已到: who takes part in what follows, in the order they said so."""

    begins: datetime  # what follows it
    asked: datetime  # until when one may say so
    paddle: str
    nonces: tuple[tuple[str, str], ...]  # paddle, nonce


@dataclass(frozen=True, slots=True)
class Proposal:
    stopping: Stopping
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Closing:
    """How it ended, and what became of its winners."""

    verdict: Verdict
    awards: tuple[LotAward, ...]
    reserve_fen: int
    draw: LotDraw | None
    ended: datetime
    named: bool = False
    contracts: frozenset[str] = frozenset()  # paddles that signed
    defaults: frozenset[str] = frozenset()  # paddles that did not


@dataclass(frozen=True, slots=True)
class State:
    """A lot. Content, procedure, opening and closing are there once it is announced."""

    status: Status = Status.NONE
    project: str = ""
    content: LotContent | None = None
    procedure: Procedure | None = None
    seed: str = ""
    sign_up_until: datetime | None = None  # this and what follows: as announced, changed, moved
    deposit_until: datetime | None = None
    opens: datetime | None = None
    closes: datetime | None = None
    asked: datetime | None = None  # end of the asking window; None: it follows from `closes`
    end: datetime | None = None  # where something moved it; None: it follows from the others
    paused: tuple[datetime, datetime] | None = None  # the last pause that was lifted
    suspended_at: datetime | None = None
    proposal: Proposal | None = None
    reserve_fen: int = 0  # agreed by two
    first_reserve: tuple[int, str] | None = None  # what one person entered, and who
    paddles: Mapping[str, Paddle] = field(default_factory=dict)
    best: Best | None = None
    bids: int = 0
    extensions: int = 0
    ceiling: Ceiling | None = None
    outages: frozenset[str] = frozenset()
    closing: Closing | None = None

    @property
    def terms(self) -> tuple[LotContent, Procedure]:
        assert self.content is not None, "nothing is asked of a lot before it is announced"
        assert self.procedure is not None
        return self.content, self.procedure

    @property
    def barred(self) -> frozenset[str]:
        """The paddles whose right to bid was taken (取消竞买资格)."""
        return frozenset(name for name, paddle in self.paddles.items() if paddle.barred)

    @property
    def hours(self) -> tuple[datetime, datetime]:
        """When bidding opens, and when its first part closes."""
        assert self.opens is not None, "nothing is asked of a lot before it is announced"
        assert self.closes is not None
        return self.opens, self.closes
