"""The demonstration's trading floor (交易大厅): what was sold, what failed, what can be bid for.

Every act goes through the same actions a person would use, at the moment it would have happened.
Bidders that nobody sits behind sign with keys kept beside the other secrets of the demonstration.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

from mingtang.config.demo import reading
from mingtang.config.serving import BIDDERS
from mingtang.core.cases import Officer
from mingtang.core.people import IdKind, Role
from mingtang.core.trading.applications import Bidder, bid_message
from mingtang.core.trading.banking import Booking
from mingtang.core.trading.lots.terms import LotContent, LotFact, Timetable, lot_key
from mingtang.core.trading.parameters import DepositDue
from mingtang.core.trading.projects import ProjectContent
from mingtang.ledger import reactions
from mingtang.ledger.orders import Outcome, Receipt
from mingtang.people import actions as people
from mingtang.people.actions import Identity
from mingtang.trading import queries
from mingtang.trading.actions import bids, deposits, hosting, paddles, projects
from mingtang.trading.queries.deposits import standing as deposit_of
from mingtang.trading.queries.settling import seller_of
from mingtang.trading.reactions import REACTIONS

CENTRE = "mingzhou"
SEED = 20260316
WAN = 1_000_000  # 万元 in fen
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
LAND_FACTS = (
    ("宗地编号", "演示挂G（2026）{no:02}号"),
    ("土地位置", "云岭市观澜区演示路（演示地块）"),
    ("出让面积", "23,456 平方米"),
    ("规划用途", "商服用地"),
    ("容积率", "不大于 2.5"),
    ("出让年限", "40 年"),
)


@dataclass(frozen=True)
class Crew:
    """Who runs the trading floor."""

    officer: str
    manager: str
    hosts: tuple[str, str]
    treasurer: str


@dataclass
class Hand:
    """A bidder with the key their browser would hold."""

    person: str
    name: str
    id_number: str
    phone: str
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def public(self) -> str:
        point = self.key.public_key()
        return _b64(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def sign(self, message: bytes) -> str:
        r, s = decode_dss_signature(self.key.sign(message, ec.ECDSA(SHA256())))
        return _b64(r.to_bytes(32) + s.to_bytes(32))


def crew(staff: Mapping[tuple[Role, str], Officer]) -> Crew:
    return Crew(
        officer=staff[Role.TRADE_OFFICER, CENTRE].person,
        manager=staff[Role.CENTRE_MANAGER, CENTRE].person,
        hosts=(staff[Role.TRADE_HOST, CENTRE].person, staff[Role.TRADE_HOST, "host2"].person),
        treasurer=staff[Role.TREASURER, CENTRE].person,
    )


def hands(at: datetime) -> list[Hand]:
    """Register those who bid for the demonstration's enterprises; the last one can sign in."""
    rows = reading.rows("enterprises")[:7]
    identities = [
        Identity(name=f"演示竞买代理{n}", id_kind=IdKind.OTHER, id_number=f"bidder-{n:02}")
        for n in range(1, len(rows) + 1)
    ]
    receipts = people.register_people(identities=identities, by="system", at=at)
    persons = [receipt.key for receipt in _sure(receipts)]
    return [
        Hand(person, row["name"], row["uscc"], "0990-0119999")
        for person, row in zip(persons, rows, strict=True)
    ]


# ── A project, from entering it to its bidders ──────────────────────────────


@dataclass(frozen=True)
class Offered:
    """A lot that is announced, with its bidders ready to bid."""

    lot: str
    content: LotContent
    bidders: tuple[Hand, ...]
    paddles: Mapping[str, str]  # by person

    def bid(self, hand: Hand, price: int, at: datetime, *, ref: str) -> None:
        """Let a bidder bid at this moment; demonstration data is ours, so it has to stand."""
        [outcome] = bids.place_bids([self.placing(hand, price, at, ref)], clock=lambda: at)
        _sure([outcome])

    def placing(self, hand: Hand, price: int, at: datetime, ref: str) -> bids.Placing:
        row = queries.own_application(hand.person, self.lot)
        assert row is not None
        message = bid_message(lot=self.lot, paddle=row.paddle, price_fen=price, quantity=1, ref=ref)
        return bids.Placing(
            lot=self.lot,
            paddle=row.paddle,
            key=row.signing_key,
            key_no=row.signing_key_no,
            rank=row.rank,
            price_fen=price,
            ref=ref,
            signature=hand.sign(message),
            received=at,
        )

    def offer(self, hand: Hand, price: int, quantity: int, at: datetime, *, ref: str) -> None:
        row = queries.own_application(hand.person, self.lot)
        assert row is not None
        message = bid_message(
            lot=self.lot, paddle=row.paddle, price_fen=price, quantity=quantity, ref=ref
        )
        offering = bids.Offering(
            lot=self.lot,
            application=row.key,
            price_fen=price,
            quantity=quantity,
            ref=ref,
            signature=hand.sign(message),
            received=at,
        )
        _sure(bids.place_bids([offering], clock=lambda: at))


def times_of(procedure: str, *, noticed: datetime, opens: datetime, closes: datetime) -> Timetable:
    """Return a timetable that keeps to the procedure: signing up ends a day before what it may."""
    row = queries.procedure(procedure)
    assert row is not None
    content = queries.procedure_version(procedure, row.version)
    due = content.deposit.due if content.deposit else DepositDue.SIGN_UP_END
    return Timetable(
        sign_up_from=noticed + HOUR,
        sign_up_until=opens - HOUR,
        deposit_until=opens - 2 * HOUR if due is DepositDue.SIGN_UP_END else opens,
        opens=opens,
        closes=closes,
    )


def offered(
    who: Crew,
    *,
    kind: str,
    title: str,
    seller: str,
    number: str,
    noticed: datetime,
    content: LotContent,
    bidders: Sequence[Hand],
    ranks: Mapping[str, int] | None = None,
    unpaid: Sequence[Hand] = (),
) -> Offered:
    """Enter a project, review and announce it, and let these bidders sign up and pay."""
    entered = noticed - 2 * DAY
    body = ProjectContent(
        kind=kind,
        title=title,
        seller=seller,
        region="明州省云岭市",
        summary="演示项目：具备独立承担民事责任能力的自然人、法人和其他组织均可报名。",
        contact="明州省公共服务中心交易科 0990-0110000（演示）",
        lots=(content,),
    )
    key = projects.enter_project(content=body, by=who.officer, at=entered).key
    projects.submit_project(key=key, by=who.officer, at=entered + HOUR)
    projects.approve_project(key=key, by=who.manager, at=entered + 3 * HOUR)
    projects.publish_notice(key=key, number=number, by=who.manager, at=noticed)
    hear()
    lot = lot_key(key, 1)
    for place, hand in enumerate(bidders):
        signed_up = content.times.sign_up_from + (place + 1) * MINUTE
        sign_up(who, lot, hand, at=signed_up, rank=(ranks or {}).get(hand.person, 0))
    hear()
    for hand in bidders:
        if hand not in unpaid:
            pay(lot, hand, at=content.times.sign_up_from + HOUR)
    rows = {hand.person: queries.own_application(hand.person, lot) for hand in bidders}
    given = {person: row.paddle for person, row in rows.items() if row}
    announced = queries.lot(lot)
    assert announced is not None
    return Offered(lot, queries.content_of(announced), tuple(bidders), given)


def sign_up(who: Crew, lot: str, hand: Hand, *, at: datetime, rank: int = 0) -> str:
    """Let a bidder sign up, and the officer admit them; return the application."""
    bidder = Bidder(person=hand.person, name=hand.name, id_number=hand.id_number, phone=hand.phone)
    priority = "演示：共有人，依法享有优先购买权" if rank else ""
    receipt = paddles.sign_up(
        lot=lot, bidder=bidder, key=hand.public, priority=priority, promised=True, at=at
    )
    paddles.admit(application=receipt.key, rank=rank, by=who.officer, at=at + 20 * MINUTE)
    return receipt.key


def pay(lot: str, hand: Hand, *, at: datetime) -> None:
    """Let the bank book this bidder's deposit, where the lot asks for one."""
    row = queries.own_application(hand.person, lot)
    assert row is not None
    standing = deposit_of(row.key)
    if standing is None:
        return
    booking = Booking(
        institution="DEMO",
        booked=at.replace(microsecond=0),
        amount_fen=standing.due_fen,
        memo="竞买保证金（演示）",
        serial=f"D{row.key[:16]}",
        sequence="1",
        payer_account=f"6200{int(row.key[:12], 16) % 10**12:012}",
        payer_name=hand.name,
    )
    deposits.book_arrival(account=standing.account, booking=booking, at=at)


def hear() -> None:
    """Let the readers of trading do what is theirs to do."""
    while sum(reactions.run(reaction) for reaction in REACTIONS):
        pass


def over(lot: str, *, at: datetime) -> None:
    """Close a lot and let what follows happen: names, refunds, papers."""
    if bids.close_due(at=at, among=[lot]) != 1:
        raise AssertionError(f"{lot} is not over at {at}")
    hear()


def pay_back(who: Crew, *, at: datetime) -> None:
    """Let what was kept be paid on, and the bank pay all that was ordered."""
    for kept in queries.deposits.kept_waiting():
        deposits.order_payout(
            application=kept.application,
            kept=kept.number,
            to_account="99900000000018",
            to_name=seller_of(kept.application),
            by=who.treasurer,
            at=at,
        )
    waiting = queries.deposits.payments_waiting()
    deposits.send_payments(by=who.treasurer, at=at, most=len(waiting))
    for payment in waiting:
        deposits.confirm_payment(
            reference=payment.reference,
            booked=at.replace(microsecond=0),
            serial=f"R{payment.reference}",
            at=at,
        )


def _sure(outcomes: Sequence[Outcome]) -> list[Receipt]:
    found = []
    for outcome in outcomes:
        if not isinstance(outcome, Receipt):
            raise outcome
        found.append(outcome)
    return found


# ── What happened before ────────────────────────────────────────────────────


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


def _facts(no: int) -> tuple[LotFact, ...]:
    return tuple(LotFact(name=name, value=value.format(no=no)) for name, value in LAND_FACTS)


def _land_sold(who: Crew, team: Sequence[Hand], now: datetime) -> None:
    """Land, by listing with timed bidding: three bidders, a sealed reserve, a contract."""
    noticed = (now - 75 * DAY).replace(hour=9, minute=0, second=0, microsecond=0)
    opens, closes = noticed + 21 * DAY, noticed + 31 * DAY + HOUR
    content = LotContent(
        no=1,
        title="云岭市观澜区演示挂G（2026）01号地块国有建设用地使用权",
        facts=_facts(1),
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
        facts=_facts(2),
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


# ── The auction that is going on ────────────────────────────────────────────

SOON = timedelta(seconds=20)  # from opening the demonstration to its timed part


def open_live(who: Crew, team: Sequence[Hand], *, now: datetime, no: int) -> Offered:
    """Open a lot that is about to enter its timed part; the last of the team can sign in."""
    closes = now + SOON
    noticed, opens = closes - 32 * DAY, closes - 11 * DAY
    content = LotContent(
        no=1,
        title=f"云岭市观澜区演示挂G（2026）{no:02}号地块国有建设用地使用权",
        facts=_facts(no),
        procedure="land-listing",
        procedure_version=1,
        times=times_of("land-listing", noticed=noticed, opens=opens, closes=closes),
        start_fen=12_000 * WAN,
        step_fen=100 * WAN,
        deposit_fen=2_400 * WAN,
    )
    lot = offered(
        who,
        kind="B02",
        title=f"云岭市观澜区演示挂G（2026）{no:02}号地块使用权挂牌出让",
        seller="云岭市自然资源局（演示）",
        number=f"明交告字〔2026〕第{100 + no:03}号（演示）",
        noticed=noticed,
        content=content,
        bidders=team,
    )
    price, at = content.start_fen, opens + 2 * DAY
    for number in range(6):
        lot.bid(team[number % 4], price, at, ref=f"demo-live-{no}-free-{number:04}")
        price += content.step_fen
        at += timedelta(hours=29)
    for host in who.hosts:
        hosting.enter_reserve(lot=lot.lot, amount_fen=12_500 * WAN, by=host, at=now - 10 * MINUTE)
    return lot


def keep(who: Crew, team: Sequence[Hand]) -> None:
    """Keep who bids by themselves, with their keys, where only this installation reads them."""
    said = {
        "crew": {
            "officer": who.officer,
            "manager": who.manager,
            "hosts": list(who.hosts),
            "treasurer": who.treasurer,
        },
        "hands": [
            {
                "person": hand.person,
                "name": hand.name,
                "id_number": hand.id_number,
                "phone": hand.phone,
                "key": hand.key.private_bytes(
                    Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
                ).decode(),
            }
            for hand in team
        ],
    }
    path = kept_at()
    path.touch(mode=0o600)
    path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")


def kept_at() -> Path:
    return Path(settings.HOME) / "keys" / BIDDERS


def kept() -> tuple[Crew, list[Hand]] | None:
    """Return who bids by themselves; None where this is no demonstration."""
    path = kept_at()
    if not path.exists():
        return None
    said = json.loads(path.read_text(encoding="utf-8"))
    crew_said = said["crew"] | {"hosts": tuple(said["crew"]["hosts"])}
    team = [
        Hand(**{**one, "key": load_pem_private_key(one["key"].encode(), None)})
        for one in said["hands"]
    ]
    return Crew(**crew_said), team


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
