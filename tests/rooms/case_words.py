"""Cases at work, for tests of what happens when several people, or processes, act at once."""

from dataclasses import replace

from mingtang.cases import actions
from mingtang.cases.projection import CASE
from mingtang.catalogue import actions as catalogue
from mingtang.core.cases import Finding
from mingtang.ledger.orders import Order, Receipt
from tests.core.case_examples import (
    CLERK,
    FILE,
    INSPECTOR,
    MONDAY,
    PAPERS,
    REVIEWER,
    SITE,
    day,
    terms,
)
from tests.core.work_calendars import YEAR_2026

# Nothing follows the two: whoever finishes second ends the review.
BRANCHES = {"papers": REVIEWER, "site": INSPECTOR}
IN_PARALLEL = replace(FILE, terms=terms(PAPERS, SITE))


def calendar_of_the_year():
    catalogue.publish_calendar_year(
        year=YEAR_2026.year,
        official=True,
        off_days=YEAR_2026.off_days,
        makeup_days=YEAR_2026.makeup_days,
        source=YEAR_2026.source,
        by="t",
        at=MONDAY,
    )


def file(*numbers, command=IN_PARALLEL):
    receipts = actions.enact_many([Order(CASE, number, command) for number in numbers])
    assert {type(receipt) for receipt in receipts} == {Receipt}
    return receipts


def accept(number):
    return actions.accept(number=number, officer=CLERK, at=day(3, 3))


def accept_all(*numbers):
    orders = [actions.acceptance_order(number=n, officer=CLERK, at=day(3, 3)) for n in numbers]
    assert {type(outcome) for outcome in actions.enact_many(orders)} == {Receipt}


def complete(number, step):
    return actions.complete_step(
        number=number,
        step=step,
        finding=Finding.MEETS,
        opinion="",
        officer=BRANCHES[step],
        at=day(3, 4),
    )
