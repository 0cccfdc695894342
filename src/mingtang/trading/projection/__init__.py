"""Events of trading as rows, a module per subject."""

from mingtang.trading.projection.deposits import DEPOSIT, STRAY
from mingtang.trading.projection.foreign import FOREIGN
from mingtang.trading.projection.lots import APPLICATION, LOT, OUTAGE
from mingtang.trading.projection.projects import TRADE
from mingtang.trading.projection.rules import TRADE_KINDS, TRADE_PROCEDURE

SUBJECTS = (APPLICATION, LOT, OUTAGE, FOREIGN, TRADE_KINDS, TRADE_PROCEDURE, DEPOSIT, STRAY, TRADE)

__all__ = [
    "APPLICATION",
    "DEPOSIT",
    "FOREIGN",
    "LOT",
    "OUTAGE",
    "STRAY",
    "SUBJECTS",
    "TRADE",
    "TRADE_KINDS",
    "TRADE_PROCEDURE",
]
