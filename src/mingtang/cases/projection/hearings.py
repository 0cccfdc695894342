"""Hearings and their parties, as rows."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from mingtang.cases.models import HearingPartyRow, HearingRow
from mingtang.core import cases
from mingtang.core.clock import civil_day
from mingtang.ledger.rows import Change, Fact, Put, Row

ENDS = (cases.CaseDecided, cases.CaseWithdrawn)


def hearings(fact: Fact, event: cases.Event) -> Iterable[Row]:
    """Write the hearings of a case anew when one moved, or the case ended."""
    about = getattr(event, "hearing", None)
    if about is None and not isinstance(event, ENDS):
        return
    for one in fact.state.hearings:
        key = f"{fact.key}.{one.number}"
        begins = one.number == about and _begins(event)
        if begins:
            matter = getattr(event, "matter", "")
            yield Put(HearingRow, key, {**_hearing(fact, one), "matter": matter})
        else:
            yield Change(HearingRow, key, _hearing(fact, one))
        if one.number == about:
            for party in one.parties:
                yield Put(HearingPartyRow, f"{key}.{party.number}", _party(fact, one, party))


def _begins(event: cases.Event) -> bool:
    """Whether a hearing was not there before."""
    if isinstance(event, cases.HearingRightTold):
        return event.party == cases.APPLICANT  # who is told first
    return isinstance(event, cases.HearingAnnounced)


def _hearing(fact: Fact, one: cases.Hearing) -> dict[str, Any]:
    return {
        "case": fact.key,
        "hearing": one.number,
        "department": fact.state.terms.department,
        "ground": one.ground,
        "stage": _stage(one),
        "next_date": _next_date(one),
        "starts_at": one.starts_at,
        "place": one.place,
        "public": one.public,
        "chair": one.chair.person if one.chair else "",
        "challenged": one.challenge is not None,
        "ended_date": one.ended_date,
    }


def _stage(one: cases.Hearing) -> str:
    if one.ended:
        return one.ended
    if one.starts_at is not None:
        return "scheduled"
    return "needed" if one.needed else "told"


def _next_date(one: cases.Hearing) -> date | None:
    """Return the day that counts next: to be held on, to be held by, to be asked for by."""
    if one.ended:
        return None
    if one.starts_at is not None:
        return civil_day(one.starts_at)
    return one.hold_due if one.needed else one.last_ask_day()


def _party(fact: Fact, one: cases.Hearing, party: cases.Party) -> dict[str, Any]:
    return {
        "case": fact.key,
        "hearing": one.number,
        "party": party.number,
        "name": party.name,
        "person": party.person,
        "reached_date": party.reached_date,
        "ask_due": party.ask_due,
        "stand": party.stand,
    }
