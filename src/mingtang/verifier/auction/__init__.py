"""Check an auction (核验竞价) from its record: who won, at which price, and every step to it.

Nothing is taken from the record but entries of the log and what opens their seals. Bids, ends,
extensions, winners, prices, allocations and refunds are worked out anew by the rules in the core.
"""

from mingtang.verifier.auction.checking import Checked, check_auction
from mingtang.verifier.auction.describing import describe_auction

__all__ = ["Checked", "check_auction", "describe_auction"]
