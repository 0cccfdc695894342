"""First reviews as rows."""

from collections.abc import Iterable
from typing import Any

from mingtang.cases.models import FirstReviewRow
from mingtang.core import cases
from mingtang.core.wire import plain
from mingtang.ledger.rows import Fact, Put, Row

MOVED_BY = (
    cases.CaseAccepted,
    cases.CaseDeemedAccepted,
    cases.SpecialBegun,
    cases.SpecialEnded,
    cases.TermRestarted,
    cases.CaseRedated,
    cases.CaseWithdrawn,
    cases.CaseHandedUp,
)


def first_review(fact: Fact, event: cases.Event) -> Iterable[Row]:
    """Write the first review as it is now; what happens after the hand-over is not its own."""
    case: cases.State = fact.state
    begun = case.terms is not None and case.terms.first_review and case.accepted_date
    over = case.handed is not None and not isinstance(event, cases.CaseHandedUp)
    if begun and not over and isinstance(event, MOVED_BY):
        yield Put(FirstReviewRow, fact.key, _first_review(case, event))


def _first_review(case: cases.State, event: cases.Event) -> dict[str, Any]:
    terms, handed = case.terms, case.handed
    assert terms is not None
    assert terms.first_review is not None
    return {
        "item": terms.item,
        "organ": terms.first_review.organ,
        "decider": terms.department,
        "days": terms.first_review.days,
        "basis": terms.first_review.basis,
        "begun_date": case.accepted_date,
        "due": handed.due if handed else case.statutory_due,
        "pauses": plain(handed.pauses if handed else case.pauses),
        "restarts": plain(handed.restarts if handed else case.restarts),
        "finding": event.finding.value if isinstance(event, cases.CaseHandedUp) else "",
        "handed_date": handed.day if handed else None,
        "closed_date": handed.day if handed else case.closed_date,
    }
