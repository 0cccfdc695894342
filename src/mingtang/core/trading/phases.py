"""The phases a lot goes through under a procedure (交易阶段), in order, for pages to draw."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from mingtang.core.trading.parameters import (
    Award,
    Bidding,
    Extension,
    Period,
    Procedure,
)


class Phase(StrEnum):
    NOTICE = "notice"  # 公告
    SIGN_UP = "sign-up"  # 报名和保证金
    FREE = "free"  # 自由报价
    OPEN = "open"  # 竞价, one open period
    BLACKOUT = "blackout"  # 静默
    ASKING = "asking"  # 询问
    TIMED = "timed"  # 限时竞价
    SEALED = "sealed"  # 密封报价
    FALLING = "falling"  # 减价
    ONE_SHOT = "one-shot"  # 一次报价
    LOT = "lot"  # 摇号
    EVALUATION = "evaluation"  # 评审
    ALLOCATION = "allocation"  # 配售
    CONFIRMATION = "confirmation"  # 成交确认
    PUBLICATION = "publication"  # 结果公示
    REFUND = "refund"  # 退还保证金


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One phase, and how long it lasts where the procedure says."""

    phase: Phase
    period: Period | None = None
    seconds: int = 0
    extension: Extension | None = None
    only_if_reached: bool = False  # after a ceiling only


_MAIN = {
    Bidding.LISTING: Phase.FREE,
    Bidding.AUCTION: Phase.OPEN,
    Bidding.SEALED: Phase.SEALED,
    Bidding.DUTCH: Phase.FALLING,
    Bidding.MULTI_UNIT: Phase.SEALED,
}


def stages(procedure: Procedure) -> tuple[Stage, ...]:
    """Return the phases of a procedure, in order."""
    return (*_before(procedure), *_bidding(procedure), *_after(procedure))


def _before(procedure: Procedure) -> Iterator[Stage]:
    yield Stage(phase=Phase.NOTICE, period=procedure.notice)
    yield Stage(phase=Phase.SIGN_UP)


def _bidding(procedure: Procedure) -> Iterator[Stage]:
    open_period = procedure.bidding is Bidding.AUCTION
    moves = procedure.extension if open_period else None
    yield Stage(phase=_MAIN[procedure.bidding], period=procedure.free, extension=moves)
    if procedure.blackout_seconds:
        yield Stage(phase=Phase.BLACKOUT, seconds=procedure.blackout_seconds)
    if procedure.asking_seconds:
        yield Stage(phase=Phase.ASKING, seconds=procedure.asking_seconds)
    if procedure.countdown_seconds:
        yield Stage(
            phase=Phase.TIMED,
            seconds=procedure.countdown_seconds,
            extension=procedure.extension,
        )
    if procedure.ceiling:
        phase = Phase(procedure.ceiling.then.value)
        seconds = procedure.ceiling.quoting_seconds
        yield Stage(phase=phase, seconds=seconds, only_if_reached=True)


def _after(procedure: Procedure) -> Iterator[Stage]:
    if procedure.award is Award.EVALUATION:
        yield Stage(phase=Phase.EVALUATION)
    if procedure.allocation:
        yield Stage(phase=Phase.ALLOCATION)
    yield Stage(phase=Phase.CONFIRMATION, period=procedure.signing)
    if procedure.publication:
        yield Stage(phase=Phase.PUBLICATION, period=procedure.publication)
    if procedure.deposit:
        yield Stage(phase=Phase.REFUND, period=procedure.refund)
