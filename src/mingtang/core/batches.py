"""A batch (批量申请): one application for many persons or objects, a row each.

    ──file──▶ filed; every row becomes a case of its own

What all rows have in common is handed in once; what differs stands in the rows. Each row is a
case with its own clock, decision, papers and receipts: a batch never hides what happened to
one of them. What is promised in place of a material (告知承诺) is promised for each row, stands in
its case, and is looked into there. The rows are recorded with the batch, so that filing goes on
after a crash.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, assert_never

from mingtang.core.cases.commitments import require_promisable
from mingtang.core.cases.terms import Applicant, Commitment, Document, Officer, Terms
from mingtang.core.catalogue import FormField, ItemContent
from mingtang.core.decider import Decider, Refused, require
from mingtang.core.wire import Sealed, canonical

MOST = 500  # rows: what one ceremony can still be looked through

Values = Mapping[str, object]  # of a row: field name → answer


# ── What an item says about its batches ─────────────────────────────────────


def differing(content: ItemContent) -> tuple[FormField, ...]:
    """Return the fields that stand in the rows (各行不同的栏), in the form's order."""
    return tuple(field for field in content.form if field.name in content.batch_fields)


def common(content: ItemContent) -> tuple[FormField, ...]:
    """Return the fields filled in once for all rows (共同的栏)."""
    return tuple(field for field in content.form if field.name not in content.batch_fields)


def telling(fields: Sequence[FormField]) -> tuple[str, ...]:
    """Return the names of the fields that tell one row from another: an identity number, or all."""
    numbers = [field.name for field in fields if field.kind == "idnumber"]
    return (numbers[0],) if numbers else tuple(field.name for field in fields)


def repeated(rows: Sequence[Values], by: Sequence[str]) -> Mapping[int, int]:
    """Return the rows that say in all of `by` what an earlier one says: place → first place.

    Places count from 1. A row that says nothing there is like no other.
    """
    first: dict[str, int] = {}
    found = {}
    for place, row in enumerate(rows, 1):
        said = [row.get(name) for name in by]
        if any(value not in (None, "", []) for value in said):
            before = first.setdefault(canonical(said), place)
            if before != place:
                found[place] = before
    return found


# ── Command and event ───────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class FileBatch:
    """提交批量申请, at home or at a window.

    `telling`: names of the fields that tell one row from another, none when the item takes no
    batches; `rows`: each complete with what all have in common.
    """

    terms: Terms
    applicant: Applicant
    telling: tuple[str, ...]
    answers: str  # canonical JSON: situation → option
    rows: tuple[Values, ...]
    documents: tuple[Document, ...]  # common to all
    required: tuple[str, ...]  # material keys the situation asks for
    deferrable: tuple[str, ...] = ()  # those asked for that may follow
    commitments: tuple[Commitment, ...] = ()  # 告知承诺: made for every row, each its own
    replaceable: tuple[str, ...] = ()  # keys of the materials a promise may stand for
    barred_until: date | None = None  # last day on which this applicant's word does not do
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
    rows: Sealed  # canonical JSON: [{field: answer}, …], in the order of their places
    count: int
    documents: tuple[Document, ...]
    required: tuple[str, ...]
    deferrable: tuple[str, ...] = ()
    commitments: tuple[Commitment, ...] = ()  # made for every row
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
    (facts: limit), batch.rows-alike (facts: first, second), case.commitment-not-allowed,
    case.commitment-barred (facts: until), case.material-missing (facts: materials).
    """
    require(not batch.filed, "batch.already-filed")
    require(bool(command.telling), "batch.not-allowed")
    require(bool(command.rows), "batch.empty")
    require(len(command.rows) <= MOST, "batch.too-many", limit=MOST)
    for second, first in repeated(command.rows, command.telling).items():
        raise Refused("batch.rows-alike", first=first, second=second)
    require_promisable(
        command.commitments,
        replaceable=command.replaceable,
        barred_until=command.barred_until,
        at=command.at,
    )
    given = {document.material for document in command.documents}
    given |= {commitment.material for commitment in command.commitments}
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
            rows=Sealed(canonical(command.rows)),
            count=len(command.rows),
            documents=command.documents,
            required=command.required,
            deferrable=command.deferrable,
            commitments=command.commitments,
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
