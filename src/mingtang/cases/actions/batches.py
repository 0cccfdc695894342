"""Everything that is done to a batch, and to many of its cases at once.

A batch is filed first, then its rows in chunks that share commits. Whoever dies in between is
followed by the reaction "cases.batch", which files what is missing: each row has an idempotency
key of its own, so nothing is filed twice.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from mingtang.cases import queries
from mingtang.cases.actions import (
    acceptance_order,
    decision_order,
    enact_many,
    new_number,
    step_order,
)
from mingtang.cases.projection import BATCH, CASE
from mingtang.catalogue import queries as catalogue
from mingtang.core import batches, cases
from mingtang.core.decider import Refused
from mingtang.core.wire import ERASED, canonical
from mingtang.ledger.enact import Outcome, enact_one
from mingtang.ledger.numbers import drawn_number
from mingtang.ledger.orders import Order, Receipt


def new_batch_number() -> str:
    """Return a batch number (批次编号) nobody can guess: 40 random bits."""
    return drawn_number("B")


def file_batch(
    *,
    item: str,
    applicant: cases.Applicant,
    answers: Mapping[str, str],
    rows: Sequence[batches.Values],
    documents: Sequence[cases.Document],
    at: datetime,
    taken_by: cases.Officer | None = None,
    promised: Sequence[str] = (),
    organ: str = "",
    once: str | None = None,
) -> Receipt:
    """File one application for many (提交批量申请), then a case for every row.

    `rows`: {field: answer}, each complete with what all have in common; `promised`: keys of the
    materials in whose place a commitment was made (告知承诺), for each row. Returns the receipt of
    the batch. Raises Refused: item.not-in-force, item.legacy, and what `core.batches` says.
    """

    def command() -> batches.FileBatch:
        version, content = catalogue.in_force(item)
        asked = cases.materials_for(content, answers)
        sharing = queries.sharing_for(content=content, materials=asked, applicant=applicant)
        barred = queries.barred_until(applicant.kind, applicant.id) if promised else None
        return batches.FileBatch(
            terms=cases.terms_of(
                item, version, content, organ=organ, promise=catalogue.promise_of(item, organ)
            ),
            applicant=applicant,
            telling=batches.telling(batches.differing(content)),
            answers=canonical(dict(answers)),
            rows=tuple(rows),
            documents=tuple(documents),
            required=tuple(k for k in cases.required_of(asked) if k not in sharing.found),
            deferrable=tuple(k for k in cases.deferrable_of(asked) if k not in sharing.found),
            commitments=cases.committed(asked, promised),
            replaceable=cases.replaceable_of(asked),
            barred_until=barred,
            channel="window" if taken_by else "online",
            taken_by=taken_by,
            at=at,
        )

    receipt = enact_one(Order(BATCH, new_batch_number(), command, once))
    file_rows(receipt.key)
    return receipt


def file_rows(number: str) -> int:
    """File the cases of a batch that are not there yet (逐行立案); return how many were filed.

    They begin when the batch was filed, under the item's version of that moment, however late
    this is done. May die anywhere and start again.
    """
    filed = queries.batch_event(number)
    if filed is None or filed.rows == ERASED:
        return 0
    outcomes = enact_many(list(_missing(number, filed)))
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not isinstance(outcome, Refused):
            raise outcome
    return sum(isinstance(one, Receipt) and not one.repeated for one in outcomes)


def _missing(number: str, filed: batches.BatchFiled) -> Iterator[Order]:
    there, answers = queries.places_of(number), json.loads(filed.answers)
    sharing = _sharing(filed, answers)
    for place, row in enumerate(json.loads(filed.rows), 1):
        if place not in there:
            form = canonical({"answers": answers, "fields": row})
            yield _row_order(number, filed, place, form, sharing)


def _row_order(
    number: str, filed: batches.BatchFiled, place: int, form: str, sharing: cases.Sharing
) -> Order:
    def command() -> cases.FileApplication:
        return cases.FileApplication(
            terms=filed.terms,
            applicant=_applicant(filed),
            form=form,
            documents=filed.documents,
            required=filed.required,
            deferrable=filed.deferrable,
            commitments=filed.commitments,
            # Whether they might be made was asked when the batch was filed, however late this is.
            replaceable=tuple(one.material for one in filed.commitments),
            channel=filed.channel,
            taken_by=filed.taken_by,
            batch=number,
            place=place,
            sharing=sharing,
            at=filed.at,
            calendar=catalogue.calendar(),
        )

    return Order(CASE, new_number(), command, f"batch/{number}/{place}")


def _applicant(filed: batches.BatchFiled) -> cases.Applicant:
    return cases.Applicant(
        kind=filed.applicant_kind,
        id=filed.applicant,
        name=filed.applicant_name,
        id_number=filed.applicant_id_number,
        phone=filed.phone,
        agent=filed.agent,
    )


def _sharing(filed: batches.BatchFiled, answers: Mapping[str, str]) -> cases.Sharing:
    """Look up once, for all rows, what their applicant need not hand in."""
    content = catalogue.version(filed.terms.item, filed.terms.version)
    return queries.sharing_for(
        content=content,
        materials=cases.materials_for(content, answers),
        applicant=_applicant(filed),
    )


# ── One act, many cases ─────────────────────────────────────────────────────


def accept_each(
    *, once: Mapping[str, str], officer: cases.Officer, at: datetime
) -> dict[str, Outcome]:
    """Accept many cases (批量受理). `once`: case number → idempotency key.

    Returns what became of each: a receipt, or the refusal that concerns it alone.
    """
    return _each(
        acceptance_order(number=number, officer=officer, at=at, once=key)
        for number, key in once.items()
    )


def complete_each(
    *,
    once: Mapping[str, str],
    step: str,
    finding: cases.Finding,
    opinion: str,
    officer: cases.Officer,
    at: datetime,
) -> dict[str, Outcome]:
    """Finish one review step in many cases (批量审查), with one finding and opinion."""
    return _each(
        step_order(
            number=number,
            step=step,
            finding=finding,
            opinion=opinion,
            officer=officer,
            at=at,
            once=key,
        )
        for number, key in once.items()
    )


def decide_each(
    *,
    once: Mapping[str, str],
    granted: bool,
    reason: str,
    officer: cases.Officer,
    at: datetime,
) -> dict[str, Outcome]:
    """Grant or refuse many cases in one ceremony (批量决定); each decision stands alone."""
    return _each(
        decision_order(
            number=number, granted=granted, reason=reason, officer=officer, at=at, once=key
        )
        for number, key in once.items()
    )


def _each(orders: Iterator[Order]) -> dict[str, Outcome]:
    given = list(orders)
    return {order.key: outcome for order, outcome in zip(given, enact_many(given), strict=True)}
