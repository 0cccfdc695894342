"""An e-licence (电子证照): registered from a decision, issued with its paper, and its life.

    ──register──▶ making ──issue──▶ valid ◀──resume── suspended
                                     │ └──suspend──▶
                                     ├──reissue──▶ making (next version) ──issue──▶ valid
                                     ├──revoke──▶ revoked    ├──cancel──▶ cancelled
                                     └──replace──▶ replaced, by the one a renewal gave

"Expired" is worked out from the last day, never stored. A renewal that nobody decided in time is
deemed granted (行政许可法 art. 50). The stream is named after the case that granted the licence;
identifier, holder and fields are sealed: the log is no register to look people up in. Read
making, standing, hearing, renewal in this order.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mingtang.core.decider import Decider
from mingtang.core.licences import hearing, making, renewal, standing
from mingtang.core.licences.hearing import (
    AnswerRevocation,
    DropRevocation,
    OpenRevocation,
    RevocationAnswered,
    RevocationDropped,
    RevocationOpened,
    RevocationTold,
    TellHolder,
)
from mingtang.core.licences.making import (
    DeliveredHow,
    DeliverLicence,
    IssueLicence,
    LicenceDelivered,
    LicenceIssued,
    LicenceRegistered,
    LicenceReissued,
    RegisterLicence,
    ReissueLicence,
    ReissueReason,
)
from mingtang.core.licences.renewal import (
    ApplyForRenewal,
    DeemRenewed,
    EndRenewal,
    LicenceDeemedRenewed,
    LicenceReplaced,
    RenewalAppliedFor,
    RenewalEnded,
    ReplaceLicence,
)
from mingtang.core.licences.standing import (
    CancellationGround,
    CancelLicence,
    LicenceCancelled,
    LicenceResumed,
    LicenceRevoked,
    LicenceSuspended,
    ResumeLicence,
    RevokeLicence,
    SuspendLicence,
)
from mingtang.core.licences.state import (
    ENDED,
    EXPIRED,
    Hearing,
    HearingStage,
    RevocationGround,
    Stage,
    State,
    shown,
)
from mingtang.core.licences.terms import Holder, Signatory, Value

Command = (
    RegisterLicence
    | IssueLicence
    | DeliverLicence
    | SuspendLicence
    | ResumeLicence
    | RevokeLicence
    | CancelLicence
    | ReissueLicence
    | ApplyForRenewal
    | EndRenewal
    | ReplaceLicence
    | DeemRenewed
    | OpenRevocation
    | TellHolder
    | AnswerRevocation
    | DropRevocation
)
Event = (
    LicenceRegistered
    | LicenceIssued
    | LicenceDelivered
    | LicenceSuspended
    | LicenceResumed
    | LicenceRevoked
    | LicenceCancelled
    | LicenceReissued
    | RenewalAppliedFor
    | RenewalEnded
    | LicenceReplaced
    | LicenceDeemedRenewed
    | RevocationOpened
    | RevocationTold
    | RevocationAnswered
    | RevocationDropped
)
EVENTS = (
    LicenceRegistered,
    LicenceIssued,
    LicenceDelivered,
    LicenceSuspended,
    LicenceResumed,
    LicenceRevoked,
    LicenceCancelled,
    LicenceReissued,
    RenewalAppliedFor,
    RenewalEnded,
    LicenceReplaced,
    LicenceDeemedRenewed,
    RevocationOpened,
    RevocationTold,
    RevocationAnswered,
    RevocationDropped,
)

_DECIDE: Mapping[type[Command], Callable[[State, Any], Sequence[Event]]] = {
    RegisterLicence: making.register,
    IssueLicence: making.issue,
    DeliverLicence: making.deliver,
    SuspendLicence: standing.suspend,
    ResumeLicence: standing.resume,
    RevokeLicence: standing.revoke,
    CancelLicence: standing.cancel,
    ReissueLicence: making.reissue,
    ApplyForRenewal: renewal.apply_for_renewal,
    EndRenewal: renewal.end_renewal,
    ReplaceLicence: renewal.replace_licence,
    DeemRenewed: renewal.deem_renewed,
    OpenRevocation: hearing.open_revocation,
    TellHolder: hearing.tell_holder,
    AnswerRevocation: hearing.answer,
    DropRevocation: hearing.drop,
}
_EVOLVE: Mapping[type[Event], Callable[[State, Any], State]] = {
    LicenceRegistered: making.registered,
    LicenceIssued: making.issued,
    LicenceDelivered: making.delivered,
    LicenceSuspended: standing.suspended,
    LicenceResumed: standing.resumed,
    LicenceRevoked: standing.revoked,
    LicenceCancelled: standing.cancelled,
    LicenceReissued: making.reissued,
    RenewalAppliedFor: renewal.renewal_applied_for,
    RenewalEnded: renewal.renewal_ended,
    LicenceReplaced: renewal.replaced,
    LicenceDeemedRenewed: renewal.deemed_renewed,
    RevocationOpened: hearing.opened,
    RevocationTold: hearing.told,
    RevocationAnswered: hearing.answered,
    RevocationDropped: hearing.dropped,
}


def decide(licence: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to. The refusals stand with each rule."""
    return _DECIDE[type(command)](licence, command)


def evolve(licence: State, event: Event) -> State:
    return _EVOLVE[type(event)](licence, event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)

__all__ = [
    "DECIDER",
    "ENDED",
    "EVENTS",
    "EXPIRED",
    "AnswerRevocation",
    "ApplyForRenewal",
    "CancelLicence",
    "CancellationGround",
    "Command",
    "DeemRenewed",
    "DeliverLicence",
    "DeliveredHow",
    "DropRevocation",
    "EndRenewal",
    "Event",
    "Hearing",
    "HearingStage",
    "Holder",
    "IssueLicence",
    "LicenceCancelled",
    "LicenceDeemedRenewed",
    "LicenceDelivered",
    "LicenceIssued",
    "LicenceRegistered",
    "LicenceReissued",
    "LicenceReplaced",
    "LicenceResumed",
    "LicenceRevoked",
    "LicenceSuspended",
    "OpenRevocation",
    "RegisterLicence",
    "ReissueLicence",
    "ReissueReason",
    "RenewalAppliedFor",
    "RenewalEnded",
    "ReplaceLicence",
    "ResumeLicence",
    "RevocationAnswered",
    "RevocationDropped",
    "RevocationGround",
    "RevocationOpened",
    "RevocationTold",
    "RevokeLicence",
    "Signatory",
    "Stage",
    "State",
    "SuspendLicence",
    "TellHolder",
    "Value",
    "shown",
]
