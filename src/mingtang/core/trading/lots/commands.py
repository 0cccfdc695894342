"""What can be asked of a lot."""

from dataclasses import dataclass
from datetime import datetime

from mingtang.core.trading.lots.events import Stopping, WinnerName
from mingtang.core.trading.lots.terms import LotContent
from mingtang.core.trading.outages import OutageRule
from mingtang.core.trading.parameters import Procedure


@dataclass(frozen=True, kw_only=True)
class AnnounceLot:
    """公告标的: its notice is out. `seed`: random, secret until the end, for a draw by lot."""

    project: str
    content: LotContent
    procedure: Procedure
    seed: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ChangeLot:
    """变更标的: by a change notice, before bidding opens."""

    content: LotContent
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class EnterReserve:
    """录入底价: by two persons, each for themselves. `hosts`: looked up, whether they may."""

    amount_fen: int
    hosts: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PlaceBid:
    """报价. `received` is the server's clock when it arrived, `at` when its turn came.

    Key and rank are those of the paddle's token; the signature under the key has been checked.
    """

    paddle: str
    key: str
    key_no: int  # of this paddle's keys the one in force, from 1
    rank: int  # of a priority right (优先购买权); 0: none
    price_fen: int
    ref: str
    signature: str
    received: datetime
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DeclareEntry:
    """参加限时竞价, or what follows a ceiling. `nonce`: the bidder's share in a draw by lot."""

    paddle: str
    key: str
    key_no: int
    rank: int
    nonce: str
    ref: str
    signature: str
    received: datetime
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A sealed offer as it is opened at the end: one bidder's last one."""

    application: str
    paddle: str
    price_fen: int
    quantity: int
    received: datetime


@dataclass(frozen=True, kw_only=True)
class CloseLot:
    """结束竞价: time is up. `offers`: every sealed offer there is, looked up."""

    offers: tuple[Offer, ...]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ProposeStop:
    """提议中止或终止: one host proposes, another confirms."""

    stopping: Stopping
    reason: str
    hosts: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ConfirmStop:
    """确认中止或终止, by another host; or turn the proposal down."""

    agrees: bool
    hosts: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class HaltLot:
    """中止或终止 with its whole project, by notice."""

    stopping: Stopping
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ResumeLot:
    """恢复竞价: what was left of each span is left again from then on."""

    resumes: datetime
    may_resume: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ShiftDeadlines:
    """顺延: the service was interrupted."""

    outage: str
    began: datetime
    recovered: datetime
    rule: OutageRule
    at: datetime


@dataclass(frozen=True, kw_only=True)
class BarPaddle:
    """取消竞买资格: no further bid of this paddle counts; those made stand."""

    paddle: str
    reason: str
    hosts: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NameWinners:
    """公布竞得人: names are secret until the end. Looked up by whoever closes the lot."""

    names: tuple[WinnerName, ...]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RecordContract:
    """登记成交合同."""

    paddle: str
    number: str
    amount_fen: int
    manages: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RecordDefault:
    """登记悔拍: the winner does not sign or pay. The deposit is forfeited."""

    paddle: str
    reason: str
    manages: bool
    by: str
    at: datetime


Command = (
    AnnounceLot
    | ChangeLot
    | EnterReserve
    | PlaceBid
    | DeclareEntry
    | CloseLot
    | ProposeStop
    | ConfirmStop
    | HaltLot
    | ResumeLot
    | ShiftDeadlines
    | BarPaddle
    | NameWinners
    | RecordContract
    | RecordDefault
)
