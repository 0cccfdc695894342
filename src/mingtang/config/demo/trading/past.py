"""What was sold before, and what failed (历史成交)."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

from mingtang.config.demo.trading.floor import (
    DAY,
    HOUR,
    MINUTE,
    SEED,
    WAN,
    Crew,
    Hand,
    hear,
    land_facts,
    offered,
    over,
    pay_back,
    times_of,
)
from mingtang.core.trading.lots.terms import LotContent, LotFact
from mingtang.trading import queries
from mingtang.trading.actions import hosting


def live(who: Crew, team: Sequence[Hand], *, now: datetime) -> None:
    """Let the trades of the last weeks happen, and announce those to come."""
    tales: Sequence[Callable[[Crew, Sequence[Hand], datetime], None]] = (
        _land_sold,
        _land_failed,
        _car_to_a_holder,
        _emissions_to_several,
        _scrap_falling,
        _goods_reverse,
        _shop_to_come,
    )
    for tale in tales:
        tale(who, team, now)


def _land_sold(who: Crew, team: Sequence[Hand], now: datetime) -> None:
    """Land, by listing with timed bidding: three bidders, a sealed reserve, a contract."""
    noticed = (now - 75 * DAY).replace(hour=9, minute=0, second=0, microsecond=0)
    opens, closes = noticed + 21 * DAY, noticed + 31 * DAY + HOUR
    content = LotContent(
        no=1,
        title="云岭市观澜区演示挂G（2026）01号地块国有建设用地使用权",
        facts=land_facts(1),
        procedure="land-listing",
        procedure_version=1,
        times=times_of("land-listing", noticed=noticed, opens=opens, closes=closes),
        start_fen=8_600 * WAN,
        step_fen=100 * WAN,
        deposit_fen=1_720 * WAN,
    )
    sold = offered(
        who,
        kind="B02",
        title="云岭市观澜区演示挂G（2026）01号地块使用权挂牌出让",
        seller="云岭市自然资源局（演示）",
        number="明交告字〔2026〕第001号（演示）",
        noticed=noticed,
        content=content,
        bidders=team[:3],
    )
    for host in who.hosts:
        hosting.enter_reserve(lot=sold.lot, amount_fen=9_000 * WAN, by=host, at=opens + HOUR)
    chance, price, at = Random(SEED), content.start_fen, opens + 3 * DAY
    sold.bid(team[0], price, at, ref="demo-land-1-first-000")
    for number in range(5):
        price += content.step_fen
        at += timedelta(hours=20)
        sold.bid(team[(number + 1) % 3], price, at, ref=f"demo-land-1-free-{number:03}")
    at = closes
    for number in range(14):
        price += content.step_fen * chance.choice((1, 1, 2, 3))
        at += timedelta(seconds=chance.randrange(15, 230))
        sold.bid(team[number % 3], price, at, ref=f"demo-land-1-timed-{number:03}")
    ended = at + timedelta(seconds=240)
    over(sold.lot, at=ended + timedelta(seconds=2))
    pay_back(who, at=ended + 2 * DAY)
    row = queries.lot(sold.lot)
    assert row is not None
    hosting.record_contract(
        lot=sold.lot,
        paddle=row.best_paddle,
        number="演示出让合同〔2026〕001号",
        amount_fen=price,
        by=who.officer,
        at=ended + 8 * DAY,
    )
    hear()
    pay_back(who, at=ended + 10 * DAY)


def _land_failed(who: Crew, team: Sequence[Hand], now: datetime) -> None:
    """Land nobody bid for (流拍)."""
    noticed = (now - 60 * DAY).replace(hour=9, minute=0, second=0, microsecond=0)
    opens, closes = noticed + 21 * DAY, noticed + 31 * DAY + HOUR
    content = LotContent(
        no=1,
        title="云岭市江北区演示挂G（2026）02号地块国有建设用地使用权",
        facts=land_facts(2),
        procedure="land-listing",
        procedure_version=1,
        times=times_of("land-listing", noticed=noticed, opens=opens, closes=closes),
        start_fen=15_200 * WAN,
        step_fen=200 * WAN,
        deposit_fen=3_040 * WAN,
    )
    failed = offered(
        who,
        kind="B02",
        title="云岭市江北区演示挂G（2026）02号地块使用权挂牌出让",
        seller="云岭市自然资源局（演示）",
        number="明交告字〔2026〕第002号（演示）",
        noticed=noticed,
        content=content,
        bidders=team[3:4],
    )
    over(failed.lot, at=closes + timedelta(seconds=242))


def _car_to_a_holder(who: Crew, team: Sequence[Hand], now: datetime) -> None:
    """A court's car: a holder of a priority right takes the same price and wins."""
    noticed = (now - 40 * DAY).replace(hour=10, minute=0, second=0, microsecond=0)
    opens, closes = noticed + 16 * DAY, noticed + 17 * DAY
    content = LotContent(
        no=1,
        title="演示牌小型轿车一辆（明A·演示01）",
        facts=(
            LotFact(name="登记日期", value="2021年5月"),
            LotFact(name="行驶里程", value="约 6.8 万公里"),
            LotFact(name="存放地点", value="云岭市演示停车场"),
        ),
        procedure="judicial-movable",
        procedure_version=1,
        times=times_of("judicial-movable", noticed=noticed, opens=opens, closes=closes),
        start_fen=56_000_00,
        step_fen=500_00,
        appraisal_fen=80_000_00,
        deposit_fen=5_600_00,
        priority="共有人一名，顺位第一（演示）",
    )
    holder = team[2]
    car = offered(
        who,
        kind="Z13",
        title="云岭市演示人民法院关于小型轿车一辆的网络司法拍卖",
        seller="云岭市演示人民法院",
        number="（2026）明演执拍字第1号",
        noticed=noticed,
        content=content,
        bidders=team[:3],
        ranks={holder.person: 1},
    )
    price, at = content.start_fen, opens + 2 * HOUR
    for number in range(8):
        car.bid(team[number % 2], price, at, ref=f"demo-car-bid-no-{number:04}")
        price += content.step_fen
        at += timedelta(hours=2, minutes=7)
    price -= content.step_fen
    at = closes - 2 * MINUTE
    car.bid(holder, price, at, ref="demo-car-priority-01")
    over(car.lot, at=at + 5 * MINUTE + timedelta(seconds=2))
    pay_back(who, at=at + 20 * HOUR)


def _emissions_to_several(who: Crew, team: Sequence[Hand], now: datetime) -> None:
    """Discharge rights to several winners, each at their own price."""
    noticed = (now - 20 * DAY).replace(hour=9, minute=0, second=0, microsecond=0)
    opens = noticed + 12 * DAY + HOUR
    closes = opens + HOUR
    content = LotContent(
        no=1,
        title="化学需氧量排污权 120 吨（有效期五年）",
        quantity=120,
        unit="吨",
        procedure="emission-multi-unit",
        procedure_version=1,
        times=times_of("emission-multi-unit", noticed=noticed, opens=opens, closes=closes),
        start_fen=8_000_00,
        step_fen=500_00,
    )
    rights = offered(
        who,
        kind="Z01",
        title="明州省2026年第一次化学需氧量排污权竞价（演示）",
        seller="明州省排污权储备中心（演示）",
        number="明排交〔2026〕1号（演示）",
        noticed=noticed,
        content=content,
        bidders=team[:6],
    )
    wanted = ((0, 9_500, 40), (1, 9_000, 30), (2, 10_500, 25), (3, 8_500, 60), (4, 8_000, 20))
    for place, price, quantity in wanted:
        at = opens + (place + 1) * 7 * MINUTE
        rights.offer(team[place], price * 100, quantity, at, ref=f"demo-emission-{place:06}")
    over(rights.lot, at=closes + timedelta(seconds=2))


def _scrap_falling(who: Crew, team: Sequence[Hand], now: datetime) -> None:
    """Scrap by a falling price, taken by the first who answers."""
    noticed = (now - 18 * DAY).replace(hour=9, minute=0, second=0, microsecond=0)
    opens = noticed + 9 * DAY
    closes = opens + 7 * HOUR
    content = LotContent(
        no=1,
        title="报废办公设备一批（演示）",
        procedure="dutch",
        procedure_version=1,
        times=times_of("dutch", noticed=noticed, opens=opens, closes=closes),
        start_fen=12 * WAN,
        deposit_fen=1 * WAN,
    )
    scrap = offered(
        who,
        kind="E13",
        title="明州省机关事务局报废办公设备处置（演示）",
        seller="明州省机关事务局（演示）",
        number="明交告字〔2026〕第003号（演示）",
        noticed=noticed,
        content=content,
        bidders=team[3:6],
    )
    at = opens + 92 * MINUTE
    fallen = 92 // 5 * (content.start_fen // 100)
    scrap.bid(team[4], content.start_fen - fallen, at, ref="demo-scrap-taken-01")
    over(scrap.lot, at=at + timedelta(seconds=2))


def _goods_reverse(who: Crew, team: Sequence[Hand], now: datetime) -> None:
    """A purchase by a reverse auction: the lowest of three wins."""
    noticed = (now - 12 * DAY).replace(hour=9, minute=0, second=0, microsecond=0)
    opens = noticed + 6 * DAY
    closes = opens + 2 * HOUR
    content = LotContent(
        no=1,
        title="办公用纸 3,000 箱（演示）",
        procedure="reverse-procurement",
        procedure_version=1,
        times=times_of("reverse-procurement", noticed=noticed, opens=opens, closes=closes),
        start_fen=36 * WAN,
        step_fen=2_000_00,
        deposit_fen=5_000_00,
    )
    goods = offered(
        who,
        kind="D16",
        title="省直机关2026年办公用纸集中采购（演示）",
        seller="明州省机关事务局（演示）",
        number="明采竞〔2026〕1号（演示）",
        noticed=noticed,
        content=content,
        bidders=team[1:5],
    )
    price, at = content.start_fen, opens + 5 * MINUTE
    for number in range(9):
        goods.bid(team[1 + number % 3], price, at, ref=f"demo-goods-bid-{number:04}")
        price -= content.step_fen
        at += 12 * MINUTE
    over(goods.lot, at=max(closes, at + 5 * MINUTE) + timedelta(seconds=2))


def _shop_to_come(who: Crew, team: Sequence[Hand], now: datetime) -> None:
    """A shop to let: anybody who signs in can still sign up for it."""
    noticed = (now - 16 * DAY).replace(hour=9, minute=0, second=0, microsecond=0)
    opens = noticed + 24 * DAY
    closes = opens + 2 * DAY
    content = LotContent(
        no=1,
        title="云岭市演示路18号商铺三年租赁权",
        facts=(
            LotFact(name="建筑面积", value="86.5 平方米"),
            LotFact(name="租期", value="三年，自交付之日起"),
        ),
        procedure="state-property-asset",
        procedure_version=1,
        times=times_of("state-property-asset", noticed=noticed, opens=opens, closes=closes),
        start_fen=9 * WAN,
        step_fen=1_000_00,
        appraisal_fen=0,
        deposit_fen=10_000_00,
    )
    offered(
        who,
        kind="E09",
        title="云岭市演示国有资产公司商铺公开招租",
        seller="云岭市演示国有资产公司",
        number="明交告字〔2026〕第004号（演示）",
        noticed=noticed,
        content=content,
        bidders=team[:2],
    )
