"""Renewals (延续): a case applies for one, comes to nothing, or time decides it."""

from collections.abc import Collection, Mapping
from datetime import datetime

from mingtang.core import cases, licences
from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused
from mingtang.ledger.orders import Order, Outcome, Receipt
from mingtang.ledger.replay import history
from mingtang.licences import queries
from mingtang.licences.actions import Command, enact_many, not_before
from mingtang.licences.projection import LICENCE


def apply(filed: Mapping[str, cases.CaseFiled]) -> int:
    """Tell licences that cases apply to renew them (申请延续); return how many took notice.

    `filed`: case number → how it was filed. Asked for twice, it is refused the second time.
    """
    orders = [
        Order(LICENCE, event.renews, _applying(number, event)) for number, event in filed.items()
    ]
    return _done(enact_many(orders))


def _applying(number: str, event: cases.CaseFiled) -> Command:
    def command() -> licences.ApplyForRenewal:
        return licences.ApplyForRenewal(
            case=number,
            item=event.terms.code,
            applicant=event.applicant,
            filed_date=civil_day(event.at),
            at=not_before(event.renews, event.at),
        )

    return command


def end(ended: Mapping[str, datetime]) -> int:
    """End the renewals that came to nothing (延续未获准予): case number → when it ended."""
    orders = [
        Order(LICENCE, key, _ending(key, number, ended[number]))
        for number, key in queries.renewed_by(ended).items()
    ]
    return _done(enact_many(orders))


def _ending(key: str, number: str, at: datetime) -> Command:
    def command() -> licences.EndRenewal:
        return licences.EndRenewal(case=number, at=not_before(key, at))

    return command


def deem_renewed(*, at: datetime) -> int:
    """Do what time does (视为准予延续): renew what nobody decided before its last day was over.

    Returns how many were renewed. May die anywhere and start again.
    """
    late = queries.to_deem_renewed(civil_day(at))
    return _done(enact_many([Order(LICENCE, key, _deeming(key, at)) for key in late]))


def _deeming(key: str, at: datetime) -> Command:
    def command() -> licences.DeemRenewed:
        row = queries.licence(key)
        return licences.DeemRenewed(decided=_is_decided(row.renewal if row else ""), at=at)

    return command


def _is_decided(number: str) -> bool:
    """Whether a case has ended by now, as its own record says: ours may not have heard yet."""
    events = [written.event for written in history(f"case/{number}")]
    return cases.DECIDER.replay(events).stage in cases.CLOSED


def _done(outcomes: Collection[Outcome]) -> int:
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not isinstance(outcome, Refused):
            raise outcome
    return sum(isinstance(outcome, Receipt) for outcome in outcomes)
