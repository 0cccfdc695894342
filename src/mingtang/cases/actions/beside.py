"""What stands beside the main clock: what follows, promises, changes, site checks."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from mingtang.cases.projection import CASE
from mingtang.catalogue import queries as catalogue
from mingtang.core import cases
from mingtang.core.wire import canonical
from mingtang.ledger.enact import enact_one
from mingtang.ledger.orders import Order, Receipt
from mingtang.people import queries as people


def hand_in_deferred(
    *,
    number: str,
    documents: Sequence[cases.Document],
    person: str = "",
    taken_by: cases.Officer | None = None,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Hand in what was accepted without (补交容缺材料), oneself or at a window.

    Raises Refused: see `core.cases.deferral.hand_in`.
    """

    def command() -> cases.HandInDeferred:
        return cases.HandInDeferred(
            person=person,
            represents=people.actor(person).represents if person else frozenset(),
            taken_by=taken_by,
            documents=tuple(documents),
            at=at,
        )

    return enact_one(Order(CASE, number, command, once))


def record_check(
    *,
    number: str,
    held: bool,
    finding: str,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Record what became of a promise (承诺核查).

    Raises Refused: see `core.cases.commitments.record_check`.
    """
    command = cases.RecordCheck(held=held, finding=finding, officer=officer, at=at)
    return enact_one(Order(CASE, number, command, once))


def record_site_check(
    *,
    number: str,
    officer: cases.Officer,
    others: Sequence[cases.Officer],
    checked_date: date,
    place: str,
    finding: str,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Record what was seen on site (现场核查), by two officers or more.

    Raises Refused: see `core.cases.sitecheck.record`.
    """
    command = cases.RecordSiteCheck(
        officer=officer,
        others=tuple(others),
        checked_date=checked_date,
        place=place,
        finding=finding,
        at=at,
    )
    return enact_one(Order(CASE, number, command, once))


def request_change(
    *,
    number: str,
    person: str,
    what: str,
    documents: Sequence[cases.Document],
    form: Mapping[str, object] | None,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Change an application under review (申请变更).

    Raises Refused: see `core.cases.change.request`.
    """

    def command() -> cases.RequestChange:
        return cases.RequestChange(
            person=person,
            represents=people.actor(person).represents,
            what=what,
            documents=tuple(documents),
            form=canonical({"fields": dict(form)}) if form else "",
            at=at,
        )

    return enact_one(Order(CASE, number, command, once))


def rule_on_change(
    *,
    number: str,
    substantial: bool,
    reason: str,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Say whether a change is one in substance (认定变更): then the terms begin anew.

    Raises Refused: see `core.cases.change.rule`.
    """

    def command() -> cases.RuleOnChange:
        return cases.RuleOnChange(
            substantial=substantial,
            reason=reason,
            officer=officer,
            at=at,
            calendar=catalogue.calendar(),
        )

    return enact_one(Order(CASE, number, command, once))
