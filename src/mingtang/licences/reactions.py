"""What licences do when something happens elsewhere: they hear events, not rooms.

A decision registers the licence; a version that was registered, issued anew or renewed orders its
paper; a paper that was made issues it. Each step is heard by a reader of its own, so that a crash
between two of them is healed by the next round.
"""

from collections.abc import Sequence
from typing import Any

from mingtang.core.cases import CaseDecided, CaseFiled, CaseNotAccepted, CaseWithdrawn
from mingtang.core.licences import LicenceDeemedRenewed, LicenceRegistered, LicenceReissued
from mingtang.core.papers import PaperIssued
from mingtang.ledger.reactions import Heard, Reaction
from mingtang.licences.actions import issuing, printing, registering, renewing
from mingtang.licences.actions.issuing import Made


def _renew(heard: Sequence[Heard]) -> None:
    """A case was filed to renew a licence, or such a case came to nothing."""
    filed = {_key(one): one.event for one in heard if getattr(one.event, "renews", "")}
    renewing.apply(filed)
    renewing.end({_key(one): one.event.at for one in heard if _came_to_nothing(one.event)})


def _came_to_nothing(event: Any) -> bool:
    refused = isinstance(event, CaseDecided) and not event.granted
    return refused or isinstance(event, CaseNotAccepted | CaseWithdrawn)


def _register(heard: Sequence[Heard]) -> None:
    """Cases were granted: whatever of their items gives a licence is registered."""
    registering.register([_key(one) for one in heard if one.event.granted])


def _order_papers(heard: Sequence[Heard]) -> None:
    """There are new versions: their papers are ordered."""
    printing.order_papers(list(dict.fromkeys(map(_key, heard))))


def _issue(heard: Sequence[Heard]) -> None:
    """Papers were made: the licences among them are issued."""
    made = [one for one in heard if one.event.about.startswith("licence/")]
    issuing.issue([Made(_key(one), one.event.at) for one in made])


def _key(heard: Heard) -> str:
    return heard.stream.partition("/")[2]


# In this order, what one does is heard by the next in the same round.
REACTIONS = (
    Reaction(
        "licences.renewals",
        (CaseFiled, CaseDecided, CaseNotAccepted, CaseWithdrawn),
        together=_renew,
        from_now=True,
    ),
    Reaction("licences.register", (CaseDecided,), together=_register, from_now=True),
    Reaction(
        "licences.papers",
        (LicenceRegistered, LicenceReissued, LicenceDeemedRenewed),
        together=_order_papers,
    ),
    Reaction("licences.issue", (PaperIssued,), together=_issue),
)
