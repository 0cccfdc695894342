"""What papers do when something happens elsewhere: a record of each service; another try."""

from collections.abc import Sequence

from mingtang.core.mandates import MandateGranted, MandatePublished
from mingtang.core.papers import PaperServed
from mingtang.core.seals import SealHandedOver, SealMade, SealResumed
from mingtang.ledger.reactions import Heard, Reaction
from mingtang.papers.actions import making, service


def _order_records(heard: Sequence[Heard]) -> None:
    """A paper reached its addressee: the record of it is ordered."""
    service.order_records(heard)


def _try_again(heard: Sequence[Heard]) -> None:
    """A seal or a letter may now carry what it did not: whatever waits for that is tried."""
    making.try_what_was_not_allowed(at=heard[-1].event.at)


REACTIONS = (
    Reaction("papers.service", (PaperServed,), together=_order_records, sets_aside=True),
    Reaction(
        "papers.again",
        (MandateGranted, MandatePublished, SealHandedOver, SealMade, SealResumed),
        together=_try_again,
        from_now=True,
    ),
)
