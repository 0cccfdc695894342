"""A case (办件): one application for one service item, from filing to decision.

    filed ──accept──▶ reviewing ──steps──▶ deciding ──decide──▶ granted | refused
      │ ▲                 (none: straight to deciding)
      │ └─corrections─ correcting            at any time before: withdrawn
      ├──refuse acceptance──▶ not accepted
      └──five working days──▶ reviewing (deemed accepted)

Where the law has a lower organ review first, its first review stands before reviewing.

The statutory backbone is the state machine; an item's own steps hang in its middle. Read
filing, intake, firstreview, review, special, contracted, referral, counsel, hearingright,
hearingday, decision in this order, then what stands beside them (deferral, commitments, change,
sitecheck): each holds what may be asked, what may have happened, what we decide, what changes. Who
does what among colleagues stands in assigning, signing, returning and reminding.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mingtang.core.cases import (
    assigning,
    change,
    commitments,
    contracted,
    counsel,
    decision,
    deferral,
    filing,
    firstreview,
    hearingday,
    hearingright,
    intake,
    onthespot,
    proving,
    referral,
    reminding,
    returning,
    review,
    shared,
    signing,
    sitecheck,
    special,
)
from mingtang.core.cases.assigning import (
    ClaimTask,
    GiveBackTask,
    ReassignTask,
    StandsFor,
    TaskClaimed,
    TaskGivenBack,
    TaskReassigned,
    TaskTakenOver,
)
from mingtang.core.cases.change import (
    ChangeNoted,
    ChangeRequested,
    RequestChange,
    RuleOnChange,
    TermRestarted,
)
from mingtang.core.cases.commitments import CommitmentsChecked, RecordCheck, check_due
from mingtang.core.cases.contracted import (
    BeginContracted,
    ContractedBegun,
    ContractedCounted,
    ContractedEnded,
    Counted,
    EndContracted,
)
from mingtang.core.cases.counsel import (
    AskOpinion,
    Conclusion,
    DeclineOpinion,
    GiveOpinion,
    OpinionAsked,
    OpinionDeclined,
    OpinionForgone,
    OpinionGiven,
)
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
from mingtang.core.cases.firstreview import CaseHandedUp, PassUp
from mingtang.core.cases.hearingday import (
    Attendance,
    ChairChallenged,
    ChairChanged,
    ChallengeChair,
    ChallengeRuled,
    ChangeChair,
    HearingHeld,
    HearingNotified,
    HearingScheduled,
    RecordHearing,
    RuleOnChallenge,
    ScheduleHearing,
    first_day,
    reviewers_of,
)
from mingtang.core.cases.hearingright import (
    AnnounceHearing,
    AskForHearing,
    ForgoHearing,
    HearingAnnounced,
    HearingAsked,
    HearingForgone,
    HearingPartyNamed,
    HearingRightReached,
    HearingRightTold,
    HearingWithdrawn,
    Interested,
    NoteRightReached,
    TellOfHearing,
    WithdrawFromHearing,
)
from mingtang.core.cases.hearings import APPLICANT, Ending, Hearing, HearingGround, Party, Stand
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
from mingtang.core.cases.proving import ActProven
from mingtang.core.cases.referral import (
    Answer,
    CaseReferred,
    LegAnswered,
    LegHandedOver,
    LegRecalled,
    LegReminded,
    LegUrged,
    Nearness,
    RecallLeg,
    RecordAnswer,
    RecordHandover,
    ReferCase,
    RemindOfLeg,
    UrgeLeg,
    first_review_due,
    leg_due,
    leg_standing,
    nearness_of,
)
from mingtang.core.cases.reminding import CaseCopied, CopyCase, RemindTasks, TasksReminded
from mingtang.core.cases.returning import RETURNED, CaseReturned, ReturnToStep, earlier_steps
from mingtang.core.cases.review import CompleteStep, Finding, StepCompleted, StepHeld
from mingtang.core.cases.shared import MaterialsShared, SharedMaterial, SharedOutcome, Sharing
from mingtang.core.cases.signatures import Need, Signature, When, awaited, signature_key
from mingtang.core.cases.signing import (
    Agreement,
    AskSigners,
    DropSigner,
    SignerDropped,
    SignersAsked,
    SignTask,
    TaskSigned,
)
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
    FIRST_REVIEW,
    INTAKE,
    REFERRED,
    RESTART,
    UNDER_REVIEW,
    Contracted,
    HandedUp,
    Leg,
    Pausing,
    Request,
    Stage,
    State,
    Task,
    first_review_term,
    organ_of,
    restarted_on,
    term_with,
)
from mingtang.core.cases.terms import (
    CHECK_DAYS,
    DEFERRAL_DAYS,
    Applicant,
    Commitment,
    Document,
    Effort,
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
    | PassUp
    | CompleteStep
    | ExtendTerm
    | BeginSpecial
    | EndSpecial
    | BeginContracted
    | EndContracted
    | DecideCase
    | SettleOnTheSpot
    | RedateCase
    | ReferCase
    | RecordHandover
    | RemindOfLeg
    | UrgeLeg
    | RecordAnswer
    | RecallLeg
    | AskOpinion
    | GiveOpinion
    | DeclineOpinion
    | ClaimTask
    | GiveBackTask
    | ReassignTask
    | AskSigners
    | SignTask
    | DropSigner
    | ReturnToStep
    | RemindTasks
    | CopyCase
    | HandInDeferred
    | RecordCheck
    | RequestChange
    | RuleOnChange
    | RecordSiteCheck
    | AnnounceHearing
    | TellOfHearing
    | NoteRightReached
    | AskForHearing
    | ForgoHearing
    | WithdrawFromHearing
    | ScheduleHearing
    | ChallengeChair
    | RuleOnChallenge
    | ChangeChair
    | RecordHearing
)
Event = (
    CaseFiled
    | CorrectionsReceived
    | CaseWithdrawn
    | CorrectionsNotified
    | CaseAccepted
    | CaseDeemedAccepted
    | CaseNotAccepted
    | CaseHandedUp
    | StepCompleted
    | CaseExtended
    | SpecialBegun
    | SpecialEnded
    | ContractedBegun
    | ContractedCounted
    | ContractedEnded
    | ActProven
    | CaseDecided
    | CaseRedated
    | MaterialsShared
    | CaseReferred
    | LegHandedOver
    | LegReminded
    | LegUrged
    | LegAnswered
    | LegRecalled
    | OpinionAsked
    | OpinionGiven
    | OpinionDeclined
    | OpinionForgone
    | TaskClaimed
    | TaskGivenBack
    | TaskReassigned
    | TaskTakenOver
    | StepHeld
    | SignersAsked
    | TaskSigned
    | SignerDropped
    | CaseReturned
    | TasksReminded
    | CaseCopied
    | DeferredReceived
    | CommitmentsChecked
    | ChangeRequested
    | TermRestarted
    | ChangeNoted
    | SiteChecked
    | HearingAnnounced
    | HearingPartyNamed
    | HearingRightTold
    | HearingRightReached
    | HearingAsked
    | HearingForgone
    | HearingWithdrawn
    | HearingScheduled
    | HearingNotified
    | ChairChallenged
    | ChallengeRuled
    | ChairChanged
    | HearingHeld
)
EVENTS = (
    CaseFiled,
    CorrectionsReceived,
    CaseWithdrawn,
    CorrectionsNotified,
    CaseAccepted,
    CaseDeemedAccepted,
    CaseNotAccepted,
    CaseHandedUp,
    StepCompleted,
    CaseExtended,
    SpecialBegun,
    SpecialEnded,
    ContractedBegun,
    ContractedCounted,
    ContractedEnded,
    ActProven,
    CaseDecided,
    CaseRedated,
    MaterialsShared,
    CaseReferred,
    LegHandedOver,
    LegReminded,
    LegUrged,
    LegAnswered,
    LegRecalled,
    OpinionAsked,
    OpinionGiven,
    OpinionDeclined,
    OpinionForgone,
    TaskClaimed,
    TaskGivenBack,
    TaskReassigned,
    TaskTakenOver,
    StepHeld,
    SignersAsked,
    TaskSigned,
    SignerDropped,
    CaseReturned,
    TasksReminded,
    CaseCopied,
    DeferredReceived,
    CommitmentsChecked,
    ChangeRequested,
    TermRestarted,
    ChangeNoted,
    SiteChecked,
    HearingAnnounced,
    HearingPartyNamed,
    HearingRightTold,
    HearingRightReached,
    HearingAsked,
    HearingForgone,
    HearingWithdrawn,
    HearingScheduled,
    HearingNotified,
    ChairChallenged,
    ChallengeRuled,
    ChairChanged,
    HearingHeld,
)

_DECIDE: Mapping[type[Command], Callable[[State, Any], Sequence[Event]]] = {
    FileApplication: filing.file,
    SubmitCorrections: filing.submit_corrections,
    WithdrawCase: filing.withdraw,
    NotifyCorrections: intake.notify,
    AcceptCase: intake.accept,
    RefuseAcceptance: intake.refuse_acceptance,
    DeemAccepted: intake.deem_accepted,
    PassUp: firstreview.pass_up,
    CompleteStep: review.complete_step,
    ExtendTerm: special.extend,
    BeginSpecial: special.begin,
    EndSpecial: special.end,
    BeginContracted: contracted.begin,
    EndContracted: contracted.end,
    DecideCase: decision.decide_case,
    SettleOnTheSpot: onthespot.settle,
    RedateCase: decision.redate,
    ReferCase: referral.refer,
    RecordHandover: referral.hand_over,
    RemindOfLeg: referral.remind,
    UrgeLeg: referral.urge,
    RecordAnswer: referral.answer,
    RecallLeg: referral.recall,
    AskOpinion: counsel.ask,
    GiveOpinion: counsel.give,
    DeclineOpinion: counsel.decline,
    ClaimTask: assigning.claim,
    GiveBackTask: assigning.give_back,
    ReassignTask: assigning.reassign,
    AskSigners: signing.ask,
    SignTask: signing.sign,
    DropSigner: signing.drop,
    ReturnToStep: returning.return_to_step,
    RemindTasks: reminding.remind,
    CopyCase: reminding.copy,
    HandInDeferred: deferral.hand_in,
    RecordCheck: commitments.record_check,
    RequestChange: change.request,
    RuleOnChange: change.rule,
    RecordSiteCheck: sitecheck.record,
    AnnounceHearing: hearingright.announce,
    TellOfHearing: hearingright.tell,
    NoteRightReached: hearingright.reach,
    AskForHearing: hearingright.ask,
    ForgoHearing: hearingright.forgo,
    WithdrawFromHearing: hearingright.withdraw,
    ScheduleHearing: hearingday.schedule,
    ChallengeChair: hearingday.challenge,
    RuleOnChallenge: hearingday.rule,
    ChangeChair: hearingday.change_chair,
    RecordHearing: hearingday.record,
}
_EVOLVE: Mapping[type[Event], Callable[[State, Any], State]] = {
    CaseFiled: filing.filed,
    CorrectionsReceived: filing.corrections_received,
    CaseWithdrawn: filing.withdrawn,
    CorrectionsNotified: intake.corrections_notified,
    CaseAccepted: intake.accepted,
    CaseDeemedAccepted: intake.accepted,
    CaseNotAccepted: intake.not_accepted,
    CaseHandedUp: firstreview.handed_up,
    StepCompleted: review.step_completed,
    CaseExtended: special.extended,
    SpecialBegun: special.begun,
    SpecialEnded: special.ended,
    ContractedBegun: contracted.begun,
    ContractedCounted: contracted.counted,
    ContractedEnded: contracted.ended,
    ActProven: proving.proven,
    CaseDecided: decision.decided,
    CaseRedated: decision.redated,
    MaterialsShared: shared.materials_shared,
    CaseReferred: referral.referred,
    LegHandedOver: referral.handed_over,
    LegReminded: referral.reminded,
    LegUrged: referral.urged,
    LegAnswered: referral.answered,
    LegRecalled: referral.recalled,
    OpinionAsked: counsel.asked,
    OpinionGiven: counsel.given,
    OpinionDeclined: counsel.declined,
    OpinionForgone: counsel.forgone,
    TaskClaimed: assigning.claimed,
    TaskGivenBack: assigning.given_back,
    TaskReassigned: assigning.reassigned,
    TaskTakenOver: assigning.claimed,
    StepHeld: review.step_held,
    SignersAsked: signing.asked,
    TaskSigned: signing.settling,
    SignerDropped: signing.settling,
    CaseReturned: returning.returned,
    TasksReminded: reminding.reminded,
    CaseCopied: reminding.copied,
    DeferredReceived: deferral.received,
    CommitmentsChecked: commitments.checked,
    ChangeRequested: change.requested,
    TermRestarted: change.restarted,
    ChangeNoted: change.noted,
    SiteChecked: sitecheck.recorded,
    HearingAnnounced: hearingright.announced,
    HearingPartyNamed: hearingright.party_named,
    HearingRightTold: hearingright.told,
    HearingRightReached: hearingright.reached,
    HearingAsked: hearingright.asked,
    HearingForgone: hearingright.forgone,
    HearingWithdrawn: hearingright.withdrawn,
    HearingScheduled: hearingday.scheduled,
    HearingNotified: hearingday.notified,
    ChairChallenged: hearingday.challenged,
    ChallengeRuled: hearingday.ruled,
    ChairChanged: hearingday.chair_changed,
    HearingHeld: hearingday.held,
}


def decide(case: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to. The refusals stand with each rule."""
    return _DECIDE[type(command)](case, command)


def evolve(case: State, event: Event) -> State:
    return _EVOLVE[type(event)](case, event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)

__all__ = [
    "APPLICANT",
    "CHECK_DAYS",
    "CLOSED",
    "DECIDER",
    "DECISION",
    "DEFERRAL_DAYS",
    "EVENTS",
    "FIRST_REVIEW",
    "INTAKE",
    "REFERRED",
    "RESTART",
    "RETURNED",
    "UNDER_REVIEW",
    "AcceptCase",
    "ActProven",
    "Agreement",
    "AnnounceHearing",
    "Answer",
    "Applicant",
    "AskForHearing",
    "AskOpinion",
    "AskSigners",
    "Attendance",
    "BeginContracted",
    "BeginSpecial",
    "CaseAccepted",
    "CaseCopied",
    "CaseDecided",
    "CaseDeemedAccepted",
    "CaseExtended",
    "CaseFiled",
    "CaseHandedUp",
    "CaseNotAccepted",
    "CaseRedated",
    "CaseReferred",
    "CaseReturned",
    "CaseWithdrawn",
    "ChairChallenged",
    "ChairChanged",
    "ChallengeChair",
    "ChallengeRuled",
    "ChangeChair",
    "ChangeNoted",
    "ChangeRequested",
    "ClaimTask",
    "Command",
    "Commitment",
    "CommitmentsChecked",
    "CompleteStep",
    "Conclusion",
    "Contracted",
    "ContractedBegun",
    "ContractedCounted",
    "ContractedEnded",
    "CopyCase",
    "CorrectionsNotified",
    "CorrectionsReceived",
    "Counted",
    "DecideCase",
    "DeclineOpinion",
    "DeemAccepted",
    "DeferredReceived",
    "Document",
    "DropSigner",
    "Effort",
    "EndContracted",
    "EndSpecial",
    "Ending",
    "Event",
    "ExtendTerm",
    "FileApplication",
    "Finding",
    "ForgoHearing",
    "GiveBackTask",
    "GiveOpinion",
    "Ground",
    "HandInDeferred",
    "HandedUp",
    "Hearing",
    "HearingAnnounced",
    "HearingAsked",
    "HearingForgone",
    "HearingGround",
    "HearingHeld",
    "HearingNotified",
    "HearingPartyNamed",
    "HearingRightReached",
    "HearingRightTold",
    "HearingScheduled",
    "HearingWithdrawn",
    "Interested",
    "Leg",
    "LegAnswered",
    "LegHandedOver",
    "LegRecalled",
    "LegReminded",
    "LegUrged",
    "MaterialsShared",
    "Nearness",
    "Need",
    "NoteRightReached",
    "NotifyCorrections",
    "Officer",
    "OpinionAsked",
    "OpinionDeclined",
    "OpinionForgone",
    "OpinionGiven",
    "Party",
    "PassUp",
    "Pausing",
    "ReassignTask",
    "RecallLeg",
    "RecordAnswer",
    "RecordCheck",
    "RecordHandover",
    "RecordHearing",
    "RecordSiteCheck",
    "RedateCase",
    "ReferCase",
    "RefuseAcceptance",
    "RemindOfLeg",
    "RemindTasks",
    "Request",
    "RequestChange",
    "ReturnToStep",
    "RuleOnChallenge",
    "RuleOnChange",
    "ScheduleHearing",
    "SettleOnTheSpot",
    "SharedMaterial",
    "SharedOutcome",
    "Sharing",
    "Shortfall",
    "SignTask",
    "Signature",
    "SignerDropped",
    "SignersAsked",
    "SiteChecked",
    "SpecialBegun",
    "SpecialEnded",
    "SpecialKind",
    "Stage",
    "Stand",
    "StandsFor",
    "State",
    "StepCompleted",
    "StepHeld",
    "SubmitCorrections",
    "Task",
    "TaskClaimed",
    "TaskGivenBack",
    "TaskReassigned",
    "TaskSigned",
    "TaskTakenOver",
    "TasksReminded",
    "TellOfHearing",
    "TermRestarted",
    "Terms",
    "UrgeLeg",
    "When",
    "WithdrawCase",
    "WithdrawFromHearing",
    "awaited",
    "check_due",
    "committed",
    "deferrable_of",
    "delivery_due",
    "earlier_steps",
    "expected_end",
    "first_day",
    "first_review_due",
    "first_review_term",
    "leg_due",
    "leg_standing",
    "materials_for",
    "nearness_of",
    "organ_of",
    "replaceable_of",
    "required_of",
    "restarted_on",
    "reviewers_of",
    "signature_key",
    "term_with",
    "terms_of",
]
