"""A case (办件): one application for one service item, from filing to decision.

    filed ──accept──▶ reviewing ──steps──▶ deciding ──decide──▶ granted | refused
      │ ▲                 (none: straight to deciding)
      │ └─corrections─ correcting            at any time before: withdrawn
      ├──refuse acceptance──▶ not accepted
      └──five working days──▶ reviewing (deemed accepted)

The statutory backbone is the state machine; an item's own steps hang in its middle. Read
filing, intake, review, special, decision in this order, then what stands beside them (deferral,
commitments, change, sitecheck): each holds what may be asked, what may have happened, what we
decide, what changes.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mingtang.core.cases import (
    change,
    commitments,
    decision,
    deferral,
    filing,
    intake,
    onthespot,
    review,
    sitecheck,
    special,
)
from mingtang.core.cases.change import (
    ChangeNoted,
    ChangeRequested,
    RequestChange,
    RuleOnChange,
    TermRestarted,
)
from mingtang.core.cases.commitments import CommitmentsChecked, RecordCheck, check_due
from mingtang.core.cases.decision import (
    CaseDecided,
    CaseRedated,
    DecideCase,
    RedateCase,
    delivery_due,
)
from mingtang.core.cases.deferral import DeferredReceived, HandInDeferred
from mingtang.core.cases.filing import (
    CaseFiled,
    CaseWithdrawn,
    CorrectionsReceived,
    FileApplication,
    SubmitCorrections,
    WithdrawCase,
)
from mingtang.core.cases.intake import (
    AcceptCase,
    CaseAccepted,
    CaseDeemedAccepted,
    CaseNotAccepted,
    CorrectionsNotified,
    DeemAccepted,
    Ground,
    NotifyCorrections,
    RefuseAcceptance,
)
from mingtang.core.cases.onthespot import SettleOnTheSpot
from mingtang.core.cases.review import CompleteStep, Finding, StepCompleted
from mingtang.core.cases.sitecheck import RecordSiteCheck, SiteChecked
from mingtang.core.cases.special import (
    BeginSpecial,
    CaseExtended,
    EndSpecial,
    ExtendTerm,
    SpecialBegun,
    SpecialEnded,
    SpecialKind,
    expected_end,
)
from mingtang.core.cases.state import (
    CLOSED,
    DECISION,
    INTAKE,
    RESTART,
    Pausing,
    Stage,
    State,
    Task,
    restarted_on,
)
from mingtang.core.cases.terms import (
    CHECK_DAYS,
    DEFERRAL_DAYS,
    Applicant,
    Commitment,
    Document,
    Officer,
    Shortfall,
    Terms,
    committed,
    deferrable_of,
    materials_for,
    replaceable_of,
    required_of,
    terms_of,
)
from mingtang.core.decider import Decider

Command = (
    FileApplication
    | SubmitCorrections
    | WithdrawCase
    | NotifyCorrections
    | AcceptCase
    | RefuseAcceptance
    | DeemAccepted
    | CompleteStep
    | ExtendTerm
    | BeginSpecial
    | EndSpecial
    | DecideCase
    | SettleOnTheSpot
    | RedateCase
    | HandInDeferred
    | RecordCheck
    | RequestChange
    | RuleOnChange
    | RecordSiteCheck
)
Event = (
    CaseFiled
    | CorrectionsReceived
    | CaseWithdrawn
    | CorrectionsNotified
    | CaseAccepted
    | CaseDeemedAccepted
    | CaseNotAccepted
    | StepCompleted
    | CaseExtended
    | SpecialBegun
    | SpecialEnded
    | CaseDecided
    | CaseRedated
    | DeferredReceived
    | CommitmentsChecked
    | ChangeRequested
    | TermRestarted
    | ChangeNoted
    | SiteChecked
)
EVENTS = (
    CaseFiled,
    CorrectionsReceived,
    CaseWithdrawn,
    CorrectionsNotified,
    CaseAccepted,
    CaseDeemedAccepted,
    CaseNotAccepted,
    StepCompleted,
    CaseExtended,
    SpecialBegun,
    SpecialEnded,
    CaseDecided,
    CaseRedated,
    DeferredReceived,
    CommitmentsChecked,
    ChangeRequested,
    TermRestarted,
    ChangeNoted,
    SiteChecked,
)

_DECIDE: Mapping[type[Command], Callable[[State, Any], Sequence[Event]]] = {
    FileApplication: filing.file,
    SubmitCorrections: filing.submit_corrections,
    WithdrawCase: filing.withdraw,
    NotifyCorrections: intake.notify,
    AcceptCase: intake.accept,
    RefuseAcceptance: intake.refuse_acceptance,
    DeemAccepted: intake.deem_accepted,
    CompleteStep: review.complete_step,
    ExtendTerm: special.extend,
    BeginSpecial: special.begin,
    EndSpecial: special.end,
    DecideCase: decision.decide_case,
    SettleOnTheSpot: onthespot.settle,
    RedateCase: decision.redate,
    HandInDeferred: deferral.hand_in,
    RecordCheck: commitments.record_check,
    RequestChange: change.request,
    RuleOnChange: change.rule,
    RecordSiteCheck: sitecheck.record,
}
_EVOLVE: Mapping[type[Event], Callable[[State, Any], State]] = {
    CaseFiled: filing.filed,
    CorrectionsReceived: filing.corrections_received,
    CaseWithdrawn: filing.withdrawn,
    CorrectionsNotified: intake.corrections_notified,
    CaseAccepted: intake.accepted,
    CaseDeemedAccepted: intake.accepted,
    CaseNotAccepted: intake.not_accepted,
    StepCompleted: review.step_completed,
    CaseExtended: special.extended,
    SpecialBegun: special.begun,
    SpecialEnded: special.ended,
    CaseDecided: decision.decided,
    CaseRedated: decision.redated,
    DeferredReceived: deferral.received,
    CommitmentsChecked: commitments.checked,
    ChangeRequested: change.requested,
    TermRestarted: change.restarted,
    ChangeNoted: change.noted,
    SiteChecked: sitecheck.recorded,
}


def decide(case: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to. The refusals stand with each rule."""
    return _DECIDE[type(command)](case, command)


def evolve(case: State, event: Event) -> State:
    return _EVOLVE[type(event)](case, event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)

__all__ = [
    "CHECK_DAYS",
    "CLOSED",
    "DECIDER",
    "DECISION",
    "DEFERRAL_DAYS",
    "EVENTS",
    "INTAKE",
    "RESTART",
    "AcceptCase",
    "Applicant",
    "BeginSpecial",
    "CaseAccepted",
    "CaseDecided",
    "CaseDeemedAccepted",
    "CaseExtended",
    "CaseFiled",
    "CaseNotAccepted",
    "CaseRedated",
    "CaseWithdrawn",
    "ChangeNoted",
    "ChangeRequested",
    "Command",
    "Commitment",
    "CommitmentsChecked",
    "CompleteStep",
    "CorrectionsNotified",
    "CorrectionsReceived",
    "DecideCase",
    "DeemAccepted",
    "DeferredReceived",
    "Document",
    "EndSpecial",
    "Event",
    "ExtendTerm",
    "FileApplication",
    "Finding",
    "Ground",
    "HandInDeferred",
    "NotifyCorrections",
    "Officer",
    "Pausing",
    "RecordCheck",
    "RecordSiteCheck",
    "RedateCase",
    "RefuseAcceptance",
    "RequestChange",
    "RuleOnChange",
    "SettleOnTheSpot",
    "Shortfall",
    "SiteChecked",
    "SpecialBegun",
    "SpecialEnded",
    "SpecialKind",
    "Stage",
    "State",
    "StepCompleted",
    "SubmitCorrections",
    "Task",
    "TermRestarted",
    "Terms",
    "WithdrawCase",
    "check_due",
    "committed",
    "deferrable_of",
    "delivery_due",
    "expected_end",
    "materials_for",
    "replaceable_of",
    "required_of",
    "restarted_on",
    "terms_of",
]
