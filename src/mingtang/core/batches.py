"""A batch (批量申请): one application for many persons or objects, a row each.

    ──file──▶ filed; every row becomes a case of its own

What all rows have in common is handed in once; what differs stands in the rows. Each row is a
case with its own clock, decision, papers and receipts: a batch never hides what happened to
one of them. The rows are recorded with the batch, so that filing goes on after a crash.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, assert_never

from mingtang.core.cases.terms import Applicant, Document, Officer, Terms
from mingtang.core.decider import Decider, require
from mingtang.core.wire import Sealed

MOST = 500  # rows: what one ceremony can still be looked through


@dataclass(frozen=True, kw_only=True)
class FileBatch:
    """提交批量申请, at home or at a window.

    `differing`: names of the form's fields that stand in the rows, as the item says; `rows`:
    canonical JSON, a list of {field: value}, each complete with what all have in common.
    """

    terms: Terms
    applicant: Applicant
    differing: tuple[str, ...]
    answers: str  # canonical JSON: situation → option
    rows: str
    count: int
    documents: tuple[Document, ...]  # common to all
    required: tuple[str, ...]  # material keys the situation asks for
    channel: str  # online | window
    taken_by: Officer | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class BatchFiled:
    kind: ClassVar[str] = "batch.filed.v1"
    terms: Terms
    applicant_kind: str
    applicant: Sealed
    applicant_name: Sealed
    applicant_id_number: Sealed
    phone: Sealed
    agent: Sealed
    answers: Sealed
    rows: Sealed
    count: int
    documents: tuple[Document, ...]
    required: tuple[str, ...]
    channel: str
    taken_by: Officer | None
    at: datetime


Command = FileBatch
Event = BatchFiled
EVENTS = (BatchFiled,)


@dataclass(frozen=True)
class State:
    filed: bool = False


def decide(batch: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to.

    Raises Refused: batch.already-filed, batch.not-allowed, batch.empty, batch.too-many
    (facts: limit), case.material-missing (facts: materials).
    """
    require(not batch.filed, "batch.already-filed")
    require(bool(command.differing), "batch.not-allowed")
    require(command.count > 0, "batch.empty")
    require(command.count <= MOST, "batch.too-many", limit=MOST)
    given = {document.material for document in command.documents}
    missing = [key for key in command.required if key not in given]
    require(not missing, "case.material-missing", materials=missing)
    applicant = command.applicant
    return [
        BatchFiled(
            terms=command.terms,
            applicant_kind=applicant.kind,
            applicant=Sealed(applicant.id),
            applicant_name=Sealed(applicant.name),
            applicant_id_number=Sealed(applicant.id_number),
            phone=Sealed(applicant.phone),
            agent=Sealed(applicant.agent),
            answers=Sealed(command.answers),
            rows=Sealed(command.rows),
            count=command.count,
            documents=command.documents,
            required=command.required,
            channel=command.channel,
            taken_by=command.taken_by,
            at=command.at,
        )
    ]


def evolve(batch: State, event: Event) -> State:
    match event:
        case BatchFiled():
            return State(filed=True)
        case _:
            assert_never(event)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)
