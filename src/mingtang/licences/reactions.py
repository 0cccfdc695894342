"""What licences do when something happens elsewhere: they hear events, not rooms.

A decision registers the licence; a version that was registered, issued anew or renewed orders its
paper; a paper that was made issues it. Each step is heard by a reader of its own, so that a crash
between two of them is healed by the next round.
"""

from collections.abc import Sequence
from typing import Any

from mingtang.core.cases import (
    CaseDecided,
    CaseFiled,
    CaseNotAccepted,
    CaseWithdrawn,
    CommitmentsChecked,
)
from mingtang.core.clock import civil_day
from mingtang.core.licences import (
    DeliveredHow,
    LicenceCancelled,
    LicenceDeemedRenewed,
    LicenceIssued,
    LicenceRegistered,
    LicenceReissued,
    LicenceReplaced,
    LicenceResumed,
    LicenceRevoked,
    LicenceSuspended,
    RevocationTold,
)
from mingtang.core.papers import PaperIssued, PaperServed, ServedHow
from mingtang.core.wire import ERASED
from mingtang.ledger.reactions import Heard, Reaction
from mingtang.licences.actions import (
    boxes,
    hand_over,
    hearing,
    issuing,
    printing,
    registering,
    renewing,
)
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


def _open_revocation(heard: Heard) -> None:
    """What a grant rests on was found false: its organ is to tell the holder and hear them."""
    if not heard.event.held:
        finding = "" if heard.event.finding == ERASED else heard.event.finding
        hearing.open_for(case=_key(heard), finding=finding, at=heard.event.at)


def _order_papers(heard: Sequence[Heard]) -> None:
    """There are new versions: their papers are ordered."""
    printing.order_papers(list(dict.fromkeys(map(_key, heard))))


def _issue(heard: Sequence[Heard]) -> None:
    """Papers were made: the licences among them are issued."""
    made = [one for one in heard if _is_licence(one)]
    issuing.issue([Made(_key(one), one.event.at) for one in made])


def _sort_boxes(heard: Sequence[Heard]) -> None:
    """Licences became good, or are good no more: their holders' documents follow."""
    boxes.sort({_key(one) for one in heard}, today=civil_day(heard[-1].event.at))


def _hand_over(heard: Sequence[Heard]) -> None:
    """A licence's paper was handed over at a window, or posted: so was the licence."""
    for one in heard:
        event = one.event
        if _is_licence(one) and event.how in BY_HAND:
            hand_over(
                recipients={event.about.partition("/")[2]: event.recipient},
                how=BY_HAND[event.how],
                by=event.by,
                at=event.at,
            )


BY_HAND = {ServedHow.WINDOW: DeliveredHow.WINDOW, ServedHow.POST: DeliveredHow.POST}


def _is_licence(heard: Heard) -> bool:
    """Whether what happened, happened to the paper of a licence."""
    about_one = heard.event.about.startswith("licence/")
    return about_one and printing.is_of_a_version(_key(heard))


def _tell(heard: Sequence[Heard]) -> None:
    """Holders were told that a licence is to be revoked, or it was: the paper is ordered."""
    printing.order_notices(heard)


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
        "licences.revocations",
        (CommitmentsChecked,),
        _open_revocation,
        from_now=True,
        sets_aside=True,
    ),
    Reaction(
        "licences.papers",
        (LicenceRegistered, LicenceReissued, LicenceDeemedRenewed),
        together=_order_papers,
    ),
    Reaction("licences.notices", (RevocationTold, LicenceRevoked), together=_tell, sets_aside=True),
    Reaction("licences.issue", (PaperIssued,), together=_issue),
    Reaction(
        "licences.boxes",
        (
            LicenceIssued,
            LicenceSuspended,
            LicenceResumed,
            LicenceRevoked,
            LicenceCancelled,
            LicenceReissued,
            LicenceReplaced,
            LicenceDeemedRenewed,
        ),
        together=_sort_boxes,
    ),
    Reaction("licences.handed-over", (PaperServed,), together=_hand_over),
)
