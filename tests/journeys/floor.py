"""Opens lots in the served demonstration whose times a test can wait for.

    python -m tests.journeys.floor open WAY SECONDS     prints the lot's key
    python -m tests.journeys.floor pay LOT              the bank books every deposit awaited

The procedures are those of the field with short countdowns; everything else is as it is.
"""

import sys
from dataclasses import replace
from datetime import timedelta

import django

django.setup()

from django.utils import timezone  # noqa: E402

from mingtang.config.demo import trading as floor  # noqa: E402
from mingtang.core.trading.lots.terms import LotContent, LotFact, Timetable  # noqa: E402
from mingtang.core.trading.parameters import (  # noqa: E402
    Base,
    Bidding,
    BidStep,
    Deposit,
    DepositDue,
    Direction,
    Entry,
    Extension,
    Period,
    Priority,
    PriorityRight,
    TimedStart,
    Unit,
)
from mingtang.trading import queries  # noqa: E402
from mingtang.trading.actions import procedures  # noqa: E402
from mingtang.trading.queries.deposits import standing as deposit_of  # noqa: E402
from tests.core.trading_examples import sourced  # noqa: E402

HOUR = Period(number=1, unit=Unit.HOURS)
SHORT = Extension(window_seconds=20, by_seconds=20)
DEPOSIT = Deposit(
    least_permille=0, most_permille=200, base=Base.START_PRICE, due=DepositDue.SIGN_UP_END
)
LISTING = {
    "code": "quick-listing",
    "name": "演示挂牌（短倒计时）",
    "name_en": "Listing, short countdown",
    "bidding": Bidding.LISTING,
    "direction": Direction.ASCENDING,
    "free": HOUR,
    "blackout_seconds": 600,
    "entry": Entry.ALL,
    "timed_start": TimedStart.NEXT,
    "countdown_seconds": 20,
    "extension": SHORT,
    "step": BidStep(),
    "deposit": DEPOSIT,
}
JUDICIAL = {
    "code": "quick-judicial",
    "name": "演示司法拍卖（短倒计时）",
    "name_en": "Judicial auction, short countdown",
    "bidding": Bidding.AUCTION,
    "direction": Direction.ASCENDING,
    "free": HOUR,
    "extension": SHORT,
    "step": BidStep(),
    "priority": Priority(right=PriorityRight.SAME_PRICE, ranked=True),
    "deposit": replace(DEPOSIT, due=DepositDue.SIGN_UP_END),
}
WAYS = {"listing": LISTING, "judicial": JUDICIAL}
KINDS = {"listing": "B02", "judicial": "Z13", "emission": "Z01"}


def open_lot(way, seconds):
    """Announce a lot that is open already and whose first part ends in so many seconds."""
    who, team = floor.kept()
    now = timezone.localtime()
    closes = now + timedelta(seconds=seconds)
    code = _published(way, who, now)
    opens = closes - timedelta(hours=2)
    noticed = opens - timedelta(days=2)
    sealed = way == "emission"
    content = LotContent(
        no=1,
        title=f"演示{way}标的",
        facts=(LotFact(name="说明", value="端到端演示"),),
        quantity=100 if sealed else 1,
        unit="吨" if sealed else "",
        procedure=code,
        procedure_version=1,
        times=Timetable(
            sign_up_from=noticed + timedelta(hours=1),
            sign_up_until=opens if sealed else closes,
            deposit_until=opens if sealed else closes,
            opens=opens,
            closes=opens + timedelta(hours=2),
        ),
        start_fen=8_000_00 if sealed else 1_000_000_00,
        step_fen=500_00 if sealed else 10_000_00,
        deposit_fen=0 if sealed else 100_000_00,
        priority="共有人一名（演示）" if way == "judicial" else "",
    )
    offered = floor.offered(
        who,
        kind=KINDS[way],
        title=f"演示{way}项目",
        seller="演示转让方",
        number=f"演示告字〔2026〕{now:%H%M%S%f}号",
        noticed=noticed,
        content=content,
        bidders=[*team[:3], team[-1]] if sealed else [],
    )
    if sealed:
        for place, hand in enumerate(team[:3]):
            at = timezone.localtime()
            price, quantity = 8_500_00 + place * 500_00, 30
            offered.offer(hand, price, quantity, at, ref=f"journey-{place:04}-{now:%H%M%S}")
    return offered.lot


def _published(way, who, now):
    """Return the code of the procedure, published if it was not."""
    if way == "emission":
        return "emission-multi-unit"
    content = sourced(**WAYS[way])
    if queries.procedure(content.code) is None:
        at = now - timedelta(days=30)
        procedures.publish_procedure(procedure=content, by=who.manager, at=at)
    return content.code


def pay(lot):
    """Let the bank book the deposit of whoever was admitted."""
    floor.hear()
    team = {}
    for row in queries.admitted_to(lot):
        if not deposit_of(row.key).paid_on_time:
            team[row.key] = floor.Hand(row.person, row.name, row.id_number, row.phone)
    for hand in team.values():
        floor.pay(lot, hand, at=timezone.localtime())


if __name__ == "__main__":
    job, *arguments = sys.argv[1:]
    if job == "open":
        print(open_lot(arguments[0], int(arguments[1])))
    else:
        pay(arguments[0])
