"""Events of trading as rows, a module per subject."""

from mingtang.trading.projection.foreign import FOREIGN
from mingtang.trading.projection.rules import TRADE_KINDS, TRADE_PROCEDURE

SUBJECTS = (FOREIGN, TRADE_KINDS, TRADE_PROCEDURE)

__all__ = ["FOREIGN", "SUBJECTS", "TRADE_KINDS", "TRADE_PROCEDURE"]
