"""The demonstration's trading floor (交易大厅): what was sold, what failed, what can be bid for.

Every act goes through the same actions a person would use, at the moment it would have happened.
Bidders that nobody sits behind sign with keys kept beside the other secrets of the demonstration.
"""

from mingtang.config.demo.trading.bidding import keep, kept, open_live
from mingtang.config.demo.trading.floor import Crew, Hand, Offered, crew, hands, hear, offered, pay
from mingtang.config.demo.trading.past import live

__all__ = [
    "Crew",
    "Hand",
    "Offered",
    "crew",
    "hands",
    "hear",
    "keep",
    "kept",
    "live",
    "offered",
    "open_live",
    "pay",
]
