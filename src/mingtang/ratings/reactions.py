"""What ratings do when something happens elsewhere: whatever comes to its end can be rated.

A number that was served at a window is rated apart from any case: the window is rated, not the
decision. Its ballot names no item, for what somebody came for is sealed.
"""

from collections.abc import Sequence

from mingtang.core import cases
from mingtang.core.ballots import ServedAt
from mingtang.core.cases import CaseDecided, CaseNotAccepted, CaseWithdrawn
from mingtang.core.queues import TicketFinished
from mingtang.ledger.reactions import Heard, Reaction
from mingtang.ledger.replay import histories
from mingtang.ratings import actions
from mingtang.ratings.actions import Finished


def _issue(heard: Sequence[Heard]) -> None:
    """Cases were closed, however they ended: each has its ballot."""
    found = histories([one.stream for one in heard])
    actions.issue([_finished(one, [w.event for w in found[one.stream]]) for one in heard])


def _finished(heard: Heard, events: Sequence[cases.Event]) -> Finished:
    filed = next(event for event in events if isinstance(event, cases.CaseFiled))
    return Finished(
        origin=heard.stream,
        item=filed.terms.item,
        department=filed.terms.department,
        channel=ServedAt(filed.channel),
        at=heard.event.at,
    )


def _issue_to_numbers(heard: Sequence[Heard]) -> None:
    """Numbers were served: each has its ballot."""
    actions.issue([_served(one) for one in heard])


def _served(heard: Heard) -> Finished:
    event: TicketFinished = heard.event
    return Finished(
        origin=actions.origin_of_number(heard.stream, event.number),
        item="",
        department=event.window,
        channel=ServedAt.WINDOW,
        at=event.at,
    )


CLOSED = (CaseDecided, CaseNotAccepted, CaseWithdrawn)
# From the beginning of the log: there are as many ballots as services that came to their end, and
# those of long ago are too old to be used.
REACTIONS = (
    Reaction("ratings.ballots", CLOSED, together=_issue),
    Reaction("ratings.numbers", (TicketFinished,), together=_issue_to_numbers, from_now=True),
)
