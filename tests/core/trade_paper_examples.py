"""Papers of the trading floor, with much to say and with little: for looking at, and to compare."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from mingtang.core.papers import number_of
from mingtang.core.sheets import Sheet
from mingtang.core.trading.confirmation import (
    ADMISSION_WORD,
    SALE_WORD,
    Account,
    Admitted,
    Centre,
    Result,
    Trade,
    admission,
    sale_confirmation,
)
from mingtang.core.trading.lots.events import LotAward, LotClosed, Verdict, WinnerName
from mingtang.core.trading.parameters import Payee, Payout, Period, Unit
from tests.core.lot_examples import OPENS, content
from tests.core.trading_examples import AUCTION, LISTING, MULTI_UNIT, SEALED, sourced

CENTRE = Centre(
    name="明州省公共服务中心",
    phone="0990-0110000",
    address="云岭市观澜区政务大道1号明州省公共服务中心1-4层办事大厅",
)
ENDED = OPENS.replace(hour=10, minute=5, second=7, microsecond=318_000)
AT = ENDED + timedelta(seconds=3)
WINNER = WinnerName(paddle="4711", name="演示云岭城市建设投资有限公司")
DEPOSIT = 200_000_000  # fen
COURT = {"payout": Payout(to=Payee.COURT, at_end=True, within=Period(number=24, unit=Unit.HOURS))}


def trade(way=LISTING, rules=None, **said) -> Trade:
    return Trade(
        centre=CENTRE,
        code="B01-12990000MT000C017U-20260316-000001-7",
        project="云岭市观澜区东片 2026 年第三批国有建设用地使用权网上挂牌出让",
        seller="云岭市自然资源局",
        lot=content(
            way, title="观澜区东片 A-07 地块国有建设用地使用权", procedure_version=3, **said
        ),
        procedure=sourced(**way | (rules or {})),
    )


def by_court(**said) -> Trade:
    way = {**AUCTION, "name": "网络司法拍卖（不动产）"}
    found = trade(way, COURT, deposit_fen=DEPOSIT, **said)
    return replace(found, seller="云岭市中级人民法院")


def closed(*awards: LotAward, **said) -> LotClosed:
    values = {
        "verdict": Verdict.SOLD,
        "awards": awards or (LotAward(paddle="4711", price_fen=123_405_000_00, quantity=1),),
        "reserve_fen": 0,
        "draw": None,
        "offers": (),
        "bidders": 4,
        "bids": 23,
        "extensions": 7,
        "ended": ENDED,
        "at": AT,
    }
    return LotClosed(**values | said)


def result(*awards: LotAward, sign_by: date | None = None, **said) -> Result:
    return Result(closed=closed(*awards, **said), index=123_456, sign_by=sign_by)


ACCOUNT = Account(
    number="990100482915537210",
    holder="明州省公共服务中心",
    bank="演示银行云岭分行营业部",
    amount_fen=DEPOSIT,
    deadline=OPENS,
)
ADMITTED = Admitted(
    name=WINNER.name,
    paddle="4711",
    rank=0,
    opens=OPENS,
    closes=OPENS + timedelta(days=10),
    account=ACCOUNT,
)


def sheets() -> Iterator[tuple[str, Sheet]]:
    """Yield every paper with a name, numbered and ready to be set in type."""
    signing = {"signing": Period(number=3, unit=Unit.WORKING_DAYS)}
    publication = {"publication": Period(number=5, unit=Unit.WORKING_DAYS)}
    units = trade(MULTI_UNIT)
    citizen = replace(WINNER, name="演示张三")
    found = {
        "sold": sale_confirmation(
            trade(rules=signing | publication, deposit_fen=DEPOSIT),
            result(sign_by=date(2026, 3, 25)),
            WINNER,
            at=AT,
        ),
        "sold-by-units": sale_confirmation(
            units,
            result(LotAward(paddle="4711", price_fen=523_050, quantity=1_200), extensions=0),
            citizen,
            at=AT,
        ),
        "sold-by-court": sale_confirmation(by_court(), result(), citizen, at=AT),
        "bought": sale_confirmation(trade(SEALED, signing), result(), WINNER, at=AT),
        "admitted": admission(trade(deposit_fen=DEPOSIT), ADMITTED, staff_no="trade", at=AT),
        "admitted-without-deposit": admission(
            units, replace(ADMITTED, account=None, rank=2), staff_no="", at=AT
        ),
    }
    for serial, (name, sheet) in enumerate(found.items(), 1):
        word = ADMISSION_WORD if name.startswith("admitted") else SALE_WORD
        number = number_of("明州公资", word, 2026, serial)
        yield name, replace(sheet, number=number, code="7K2P9QXD4H8M2TWC")
