"""Procedures that tests start from: one of each way of bidding, everything with a source."""

from datetime import datetime, timedelta, timezone

from mingtang.core.trading.parameters import (
    Allocation,
    AllocationRow,
    Base,
    Bidding,
    BidStep,
    Clock,
    Deposit,
    DepositDue,
    Direction,
    Entry,
    Extension,
    Period,
    Procedure,
    Reserve,
    Secrecy,
    Source,
    Sureness,
    TimedStart,
    Unit,
    said,
)

MONDAY = datetime(2026, 3, 16, 9, tzinfo=timezone(timedelta(hours=8)))
RULE = "演示规则第一条"


def sourced(**said_so) -> Procedure:
    """Return a procedure with one source for everything it says."""
    bare = Procedure(sources=(), **said_so)
    source = Source(parameters=said(bare), rule=RULE, sure=Sureness.A)
    return Procedure(sources=(source,), **said_so)


LISTING = {
    "code": "listing",
    "name": "演示挂牌",
    "name_en": "Listing",
    "bidding": Bidding.LISTING,
    "direction": Direction.ASCENDING,
    "notice": Period(number=20, unit=Unit.CALENDAR_DAYS),
    "free": Period(number=10, unit=Unit.CALENDAR_DAYS),
    "blackout_seconds": 3_600,
    "asking_seconds": 300,
    "entry": Entry.QUOTED_AND_ASKED,
    "timed_start": TimedStart.NEXT,
    "countdown_seconds": 240,
    "extension": Extension(window_seconds=240, by_seconds=240),
    "step": BidStep(least_fen=100_000),
    "reserve": Reserve(secrecy=Secrecy.SEALED, entered_within_seconds=1_800),
    "deposit": Deposit(
        least_permille=200,
        most_permille=1_000,
        base=Base.START_PRICE,
        due=DepositDue.SIGN_UP_END,
    ),
    "refund": Period(number=5, unit=Unit.WORKING_DAYS),
}
AUCTION = {
    "code": "auction",
    "name": "演示拍卖",
    "name_en": "Auction",
    "bidding": Bidding.AUCTION,
    "direction": Direction.ASCENDING,
    "free": Period(number=24, unit=Unit.HOURS),
    "extension": Extension(window_seconds=300, by_seconds=300),
    "step": BidStep(),
}
DUTCH = {
    "code": "dutch",
    "name": "演示减价",
    "name_en": "Dutch",
    "bidding": Bidding.DUTCH,
    "direction": Direction.DESCENDING,
    "clock": Clock(every_seconds=300, fall_permille=10),
}
SEALED = {
    "code": "sealed",
    "name": "演示密封",
    "name_en": "Sealed",
    "bidding": Bidding.SEALED,
    "direction": Direction.REVERSE,
}
MULTI_UNIT = {
    "code": "multi-unit",
    "name": "演示多家",
    "name_en": "Several winners",
    "bidding": Bidding.MULTI_UNIT,
    "direction": Direction.ASCENDING,
    "step": BidStep(least_fen=50_000),
    "allocation": Allocation(
        table=(
            AllocationRow(from_bidders=1, winners_permille=1_000),
            AllocationRow(from_bidders=4, winners_permille=700),
        ),
        partly=True,
    ),
}
WAYS = (LISTING, AUCTION, DUTCH, SEALED, MULTI_UNIT)
