"""How much the room takes (限流): from one paddle, in one message, and on how many sockets."""

from collections import OrderedDict
from dataclasses import dataclass

BODY = 4_096  # bytes of one message
BURST = 2.0  # seconds' worth of messages a paddle may send at once
PADDLES = 50_000  # remembered; the one that sent longest ago goes first
SOCKETS = 20_000  # watchers of one process


@dataclass(slots=True)
class _Bucket:
    left: float
    filled: float  # seconds on the clock it was last filled


class Pace:
    """Lets each sender send so many messages a second, and a few more at once."""

    def __init__(self, per_second: float) -> None:
        self.per_second = per_second
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def allows(self, sender: str, now: float) -> bool:
        """Whether this sender may send one more message. `now`: seconds on a steady clock."""
        most = self.per_second * BURST
        bucket = self._buckets.get(sender)
        if bucket is None:
            bucket = self._buckets[sender] = _Bucket(most, now)
            if len(self._buckets) > PADDLES:
                self._buckets.popitem(last=False)
        bucket.left = min(most, bucket.left + (now - bucket.filled) * self.per_second)
        bucket.filled = now
        self._buckets.move_to_end(sender)
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True
