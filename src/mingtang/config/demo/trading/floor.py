"""Who acts on the floor, and what a project needs until its bidders are there."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mingtang.config.demo import reading
from mingtang.config.demo.inhabitants import CENTRE, sure
from mingtang.core.cases import Officer
from mingtang.core.people import IdKind, Role
from mingtang.core.trading.applications import Bidder, bid_message
from mingtang.core.trading.banking import Booking
from mingtang.core.trading.lots.terms import LotContent, LotFact, Timetable, lot_key
from mingtang.core.trading.parameters import DepositDue
from mingtang.core.trading.projects import ProjectContent
from mingtang.ledger import reactions
from mingtang.people import actions as people
from mingtang.people.actions import Identity
from mingtang.trading import queries
from mingtang.trading.actions import bids, deposits, paddles, projects
from mingtang.trading.queries.deposits import standing as deposit_of
from mingtang.trading.queries.settling import seller_of
from mingtang.trading.reactions import REACTIONS

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
    treasurers: tuple[str, str]


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
        treasurers=(
            staff[Role.TREASURER, CENTRE].person,
            staff[Role.TREASURER, "treasurer2"].person,
        ),
    )


def hands(at: datetime) -> list[Hand]:
    """Register those who bid for the demonstration's enterprises; the last one can sign in."""
    rows = reading.rows("enterprises")[:7]
    identities = [
        Identity(name=f"演示竞买代理{n}", id_kind=IdKind.OTHER, id_number=f"bidder-{n:02}")
        for n in range(1, len(rows) + 1)
    ]
    receipts = people.register_people(identities=identities, by="system", at=at)
    persons = [receipt.key for receipt in sure(receipts)]
    return [
        Hand(person, row["name"], row["uscc"], "0990-0119999")
        for person, row in zip(persons, rows, strict=True)
    ]


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
        sure([outcome])

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
        sure(bids.place_bids([offering], clock=lambda: at))


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
    one, other = who.treasurers
    for kept in queries.deposits.kept_waiting():
        deposits.order_payout(
            application=kept.application,
            kept=kept.number,
            to_account="99900000000018",
            to_name=seller_of(kept.application),
            by=one,
            at=at,
        )
    for kept in queries.deposits.payouts_to_approve():
        assert kept.payout is not None
        deposits.approve_payout(application=kept.application, payout=kept.payout, by=other, at=at)
    waiting = queries.deposits.payments_waiting()
    deposits.send_payments(by=one, at=at, most=len(waiting))
    for payment in waiting:
        deposits.confirm_payment(
            reference=payment.reference,
            booked=at.replace(microsecond=0),
            serial=f"R{payment.reference}",
            at=at,
        )


def land_facts(no: int) -> tuple[LotFact, ...]:
    """Return what is said of a piece of land."""
    return tuple(LotFact(name=name, value=value.format(no=no)) for name, value in LAND_FACTS)


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
