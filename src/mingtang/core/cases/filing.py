"""What the applicant does: file (申请), hand in corrections (补正), withdraw (撤回)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar, Protocol

from mingtang.core.cases.commitments import require_promisable
from mingtang.core.cases.shared import NOTHING_SHARED, MaterialsShared, Sharing
from mingtang.core.cases.state import (
    CLOSED,
    INTAKE,
    Stage,
    State,
    Task,
    asides_until,
    pauses_until,
    terms_of_case,
)
from mingtang.core.cases.terms import Applicant, Commitment, Document, Officer, Terms
from mingtang.core.clock import civil_day
from mingtang.core.decider import require
from mingtang.core.wire import Sealed, canonical
from mingtang.core.worktime import WorkCalendar, add_working_days

INTAKE_DAYS = 5  # 行政许可法 art. 32(4): tell everything within five (working, art. 82) days


@dataclass(frozen=True, kw_only=True)
class FileApplication:
    """提交申请, at home or at a window.

    `replaceable`: keys of the materials a promise may stand for; `barred_until`: the last day on
    which this applicant's word does not do, after a promise of theirs was false.
    """

    terms: Terms
    applicant: Applicant
    form: str  # canonical JSON of the filled-in form
    documents: tuple[Document, ...]
    required: tuple[str, ...]  # material keys this applicant's situation asks for
    deferrable: tuple[str, ...] = ()  # those asked for that may follow
    commitments: tuple[Commitment, ...] = ()
    replaceable: tuple[str, ...] = ()
    barred_until: date | None = None
    channel: str  # online | window
    taken_by: Officer | None
    batch: str = ""  # number of the batch it is a row of
    place: int = 0  # its row there, from 1
    renews: str = ""  # licence it asks to renew
    sharing: Sharing = NOTHING_SHARED  # looked up: what need not be handed in
    joint: str = ""  # number of the joint case it is a branch of
    at: datetime
    calendar: WorkCalendar


@dataclass(frozen=True, kw_only=True)
class SubmitCorrections:
    """提交补正材料."""

    person: str
    represents: frozenset[str] = frozenset()  # for whom else this person may act today
    documents: tuple[Document, ...]
    form: str
    at: datetime
    calendar: WorkCalendar


@dataclass(frozen=True, kw_only=True)
class WithdrawCase:
    """撤回申请: the applicant's right until the decision is made."""

    person: str
    represents: frozenset[str] = frozenset()
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseFiled:
    kind: ClassVar[str] = "case.filed.v1"
    terms: Terms
    applicant_kind: str
    applicant: Sealed
    applicant_name: Sealed
    applicant_id_number: Sealed
    phone: Sealed
    agent: Sealed
    form: Sealed
    documents: tuple[Document, ...]
    channel: str
    taken_by: Officer | None
    batch: str = ""  # number of the batch it is a row of
    place: int = 0  # its row there, from 1
    renews: str = ""  # licence it asks to renew
    joint: str = ""  # number of the joint case it is a branch of
    deferrable: tuple[str, ...] = ()  # keys of materials that may follow (容缺)
    commitments: tuple[Commitment, ...] = ()  # made in place of materials (告知承诺)
    at: datetime
    intake_due: date
    provisional: bool


@dataclass(frozen=True, kw_only=True)
class CorrectionsReceived:
    kind: ClassVar[str] = "case.corrections-received.v1"
    documents: tuple[Document, ...]
    form: Sealed
    at: datetime
    intake_due: date
    provisional: bool


@dataclass(frozen=True, kw_only=True)
class CaseWithdrawn:
    kind: ClassVar[str] = "case.withdrawn.v1"
    reason: Sealed
    at: datetime


def file(case: State, command: FileApplication) -> Sequence[CaseFiled | MaterialsShared]:
    """Refusals: case.already-filed, case.commitment-not-allowed, case.commitment-barred (facts:
    until), case.material-missing (facts: materials)."""
    require(case.stage is Stage.NONE, "case.already-filed")
    require_promisable(
        command.commitments,
        replaceable=command.replaceable,
        barred_until=command.barred_until,
        at=command.at,
    )
    given = {document.material for document in command.documents}
    given |= {commitment.material for commitment in command.commitments}
    given |= command.sharing.found
    missing = [key for key in command.required if key not in given]
    require(not missing, "case.material-missing", materials=missing)
    due = add_working_days(civil_day(command.at), INTAKE_DAYS, calendar=command.calendar)
    applicant = command.applicant
    return [
        CaseFiled(
            terms=command.terms,
            applicant_kind=applicant.kind,
            applicant=Sealed(applicant.id),
            applicant_name=Sealed(applicant.name),
            applicant_id_number=Sealed(applicant.id_number),
            phone=Sealed(applicant.phone),
            agent=Sealed(applicant.agent),
            form=Sealed(command.form),
            documents=command.documents,
            channel=command.channel,
            taken_by=command.taken_by,
            batch=command.batch,
            place=command.place,
            renews=command.renews,
            joint=command.joint,
            deferrable=tuple(k for k in command.deferrable if k not in command.sharing.found),
            commitments=command.commitments,
            at=command.at,
            intake_due=due.date,
            provisional=due.provisional,
        ),
        *_shared(command),
    ]


def _shared(command: FileApplication) -> Sequence[MaterialsShared]:
    """Say what was read and what was not, where the item asks for anything that is shared."""
    sharing = command.sharing
    papers = Sealed(canonical(dict(sharing.papers or {})))
    shared = MaterialsShared(shared=sharing.shared, papers=papers, at=command.at)
    return [shared] if sharing.shared else []


def submit_corrections(case: State, command: SubmitCorrections) -> Sequence[CorrectionsReceived]:
    """Refusals: case.unknown, case.not-awaiting-corrections, case.not-yours,
    case.nothing-corrected."""
    terms_of_case(case)
    require_own(case, command)
    require(case.stage is Stage.CORRECTING, "case.not-awaiting-corrections")
    require(bool(command.documents or command.form), "case.nothing-corrected")
    # The five days run anew: the application is complete only now (art. 32(5)).
    due = add_working_days(civil_day(command.at), INTAKE_DAYS, calendar=command.calendar)
    return [
        CorrectionsReceived(
            documents=command.documents,
            form=Sealed(command.form),
            at=command.at,
            intake_due=due.date,
            provisional=due.provisional,
        )
    ]


def withdraw(case: State, command: WithdrawCase) -> Sequence[CaseWithdrawn]:
    """Refusals: case.unknown, case.not-yours, case.closed."""
    terms_of_case(case)
    require_own(case, command)
    require(case.stage not in CLOSED, "case.closed")
    return [CaseWithdrawn(reason=Sealed(command.reason), at=command.at)]


class _Own(Protocol):
    @property
    def person(self) -> str: ...
    @property
    def represents(self) -> frozenset[str]: ...


def require_own(case: State, command: _Own) -> None:
    """The applicant, whoever filed for them, or whoever may act for them today: an enterprise
    does not lose its case with the agent who left."""
    require(is_own(case, command.person, command.represents), "case.not-yours")


def is_own(case: State, person: str, represents: frozenset[str]) -> bool:
    """Whether a case is this person's own affair; see `_require_own`."""
    filers = {case.applicant, case.agent} - {""}
    return person in filers or case.applicant in represents


def filed(case: State, event: CaseFiled) -> State:
    return replace(
        case,
        stage=Stage.FILED,
        terms=event.terms,
        applicant=event.applicant,
        agent=event.agent,
        batch=event.batch,
        documents=event.documents,
        deferrable=event.deferrable,
        commitments=event.commitments,
        visits=int(event.channel == "window"),
        received_date=civil_day(event.at),
        intake_due=event.intake_due,
        provisional=event.provisional,
        tasks=(Task(INTAKE, _intake_of(event.terms), event.at),),
    )


def _intake_of(terms: Terms) -> str:
    """Return who accepts it: where there is a first review, whoever reviews first (art. 43)."""
    return terms.first_review.organ if terms.first_review else terms.department


def corrections_received(case: State, event: CorrectionsReceived) -> State:
    replaced = {document.material for document in event.documents}
    kept = tuple(d for d in case.documents if d.material not in replaced)
    return replace(
        case,
        stage=Stage.FILED,
        documents=kept + event.documents,
        received_date=civil_day(event.at),
        intake_due=event.intake_due,
        provisional=event.provisional,
    )


def withdrawn(case: State, event: CaseWithdrawn) -> State:
    day = civil_day(event.at)
    return replace(
        case,
        stage=Stage.WITHDRAWN,
        closed_date=day,
        special="",
        pauses=pauses_until(case, day),
        tasks=tuple(t for t in case.tasks if t.done_at is not None),
        **asides_until(case, day),
    )
