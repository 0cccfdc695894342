"""Auctions from notice to refunds, made by the rules alone, and their records.

A `Sale` keeps what happened, in the order of the log. Its record is made from that at the end, so
a test can also record what never happened: an operator who signs a log that is not so.
"""

from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mingtang.core import merkle
from mingtang.core.clock import CHINA
from mingtang.core.history import WIRE
from mingtang.core.trading import applications, deposits, lots, outages
from mingtang.core.trading.applications import Bidder, bid_message, declaration_message
from mingtang.core.trading.banking import Booking
from mingtang.core.trading.lots import commands as orders
from mingtang.core.trading.lots.course import ends_at
from mingtang.core.trading.lots.events import WinnerName
from mingtang.core.trading.lots.terms import LotContent, Timetable, lot_key
from mingtang.core.trading.parameters import (
    AfterCeiling,
    Ceiling,
    Priority,
    PriorityRight,
    Procedure,
)
from mingtang.core.trading.participation import deposit_deadline, offer_terms
from mingtang.core.trading.records import SHOWN, AuctionRecord, Piece
from mingtang.core.wire import Disclosure

from .logwords import head_of, nodes_of, signed
from .trading_examples import AUCTION, DUTCH, LISTING, MULTI_UNIT, SEALED, sourced

PROJECT = "JY-7K2P-9QXD"
LOT = lot_key(PROJECT, 1)
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
THURSDAY = MONDAY + timedelta(days=3)
OPENS = MONDAY + timedelta(days=4)
CLOSES = OPENS + timedelta(days=1)
TIMES = Timetable(
    sign_up_from=MONDAY,
    sign_up_until=THURSDAY,
    deposit_until=THURSDAY,
    opens=OPENS,
    closes=CLOSES,
)
YUAN = 100
SECOND = timedelta(seconds=1)
SOON = timedelta(milliseconds=80)  # from receiving a message to its turn
DECIDERS = {
    "lot": lots.DECIDER,
    "application": applications.DECIDER,
    "deposit": deposits.DECIDER,
    "outage": outages.DECIDER,
}
Happened = list[tuple[str, Any]]


class Sale:
    """One lot and all who take part in it."""

    def __init__(self, procedure: Procedure, **content: Any) -> None:
        self.happened: Happened = []
        self.states: dict[str, Any] = {}
        self._refs = count(1)
        said = {"start_fen": 10_000 * YUAN, "deposit_fen": 2_000 * YUAN, **content}
        self.content = LotContent(
            no=1,
            title="演示地块",
            procedure=procedure.code,
            procedure_version=1,
            times=said.pop("times", TIMES),
            **said,
        )
        self.act(
            "lot",
            LOT,
            orders.AnnounceLot(
                project=PROJECT,
                content=self.content,
                procedure=procedure,
                seed="seed-of-the-test",
                by="P-officer",
                at=MONDAY - timedelta(days=20),
            ),
        )

    @property
    def lot(self) -> lots.State:
        return self.states[f"lot/{LOT}"]

    def act(self, family: str, key: str, command: Any) -> list[Any]:
        """Let the rules decide, and keep what happened."""
        stream, decider = f"{family}/{key}", DECIDERS[family]
        state = self.states.get(stream, decider.initial)
        events = list(decider.decide(state, command))
        for event in events:
            self.states[stream] = decider.evolve(self.states.get(stream, decider.initial), event)
            self.happened.append((stream, event))
        return events

    # Signing up

    def bidder(self, paddle: str, *, rank: int = 0, pays: int | None = None) -> None:
        """Let somebody sign up, be admitted under this paddle and pay the deposit."""
        key, at = application_of(paddle), MONDAY + timedelta(hours=1)
        filed = applications.FileApplication(
            lot=LOT,
            bidder=Bidder(person=f"P{paddle}", name="演示竞买人", id_number=paddle, phone="0"),
            key=key_of(paddle),
            priority="承租人" if rank else "",
            documents="[]",
            promised=True,
            sign_up_from=self.content.times.sign_up_from,
            sign_up_until=self.content.times.sign_up_until,
            filed_before=False,
            excluded=False,
            at=at,
        )
        admitted = applications.AdmitApplication(
            paddle=paddle, rank=rank, qualifies=True, by="P-officer", at=at + SECOND
        )
        self.act("application", key, filed)
        self.act("application", key, admitted)
        if self.content.deposit_fen:
            self._pay(key, paddle, self.content.deposit_fen if pays is None else pays)

    def _pay(self, key: str, paddle: str, amount: int) -> None:
        at = MONDAY + timedelta(hours=2)
        opened = deposits.OpenSubAccount(
            account=f"95590000{paddle}",
            due_fen=self.content.deposit_fen,
            deadline=deposit_deadline(self.lot),
            payer_name="演示竞买人",
            at=at,
        )
        self.act("deposit", key, opened)
        self.act("deposit", key, deposits.RegisterSubAccount(at=at))
        if amount:
            self.act("deposit", key, deposits.BookArrival(booking=booking(paddle, amount), at=at))

    # Bidding

    def bid(self, paddle: str, price_fen: int, at: datetime, **changed: Any) -> list[Any]:
        key, ref = application_of(paddle), f"ref-{next(self._refs)}"
        message = bid_message(lot=LOT, paddle=paddle, price_fen=price_fen, quantity=1, ref=ref)
        said = {
            "paddle": paddle,
            "key": key_of(paddle),
            "key_no": 1,
            "rank": self.states[f"application/{key}"].rank,
            "price_fen": price_fen,
            "ref": ref,
            "signature": sign(paddle, message),
            "received": at,
            "at": at + SOON,
        }
        return self.act("lot", LOT, orders.PlaceBid(**{**said, **changed}))

    def declare(self, paddle: str, at: datetime) -> None:
        ref, nonce = f"ref-{next(self._refs)}", f"nonce of {paddle}"
        message = declaration_message(lot=LOT, paddle=paddle, nonce=nonce, ref=ref)
        declared = orders.DeclareEntry(
            paddle=paddle,
            key=key_of(paddle),
            key_no=1,
            rank=self.states[f"application/{application_of(paddle)}"].rank,
            nonce=nonce,
            ref=ref,
            signature=sign(paddle, message),
            received=at,
            at=at + SOON,
        )
        self.act("lot", LOT, declared)

    def offer(self, paddle: str, price_fen: int, at: datetime, quantity: int = 1) -> None:
        ref = f"ref-{next(self._refs)}"
        said = {"lot": LOT, "paddle": paddle, "price_fen": price_fen, "quantity": quantity}
        offered = applications.PlaceOffer(
            person=f"P{paddle}",
            price_fen=price_fen,
            quantity=quantity,
            ref=ref,
            signature=sign(paddle, bid_message(**said, ref=ref)),
            terms=offer_terms(self.lot, paddle, received=at),
            paid=True,
            received=at,
            at=at + SOON,
        )
        self.act("application", application_of(paddle), offered)

    def offers(self) -> tuple[orders.Offer, ...]:
        return tuple(
            orders.Offer(
                application=stream.partition("/")[2],
                paddle=state.paddle,
                price_fen=state.offer.price_fen,
                quantity=state.offer.quantity,
                received=state.offer.received,
            )
            for stream, state in self.states.items()
            if stream.startswith("application/") and state.offer
        )

    # The end

    def close(self) -> "Sale":
        """End it, and open the winners' names."""
        at = ends_at(self.lot) + 2 * SECOND
        self.act("lot", LOT, orders.CloseLot(offers=self.offers(), at=at))
        awards = self.lot.closing.awards
        if awards:
            names = tuple(WinnerName(paddle=a.paddle, name="演示竞得人") for a in awards)
            self.act("lot", LOT, orders.NameWinners(names=names, at=at))
        return self

    def settle(self) -> "Sale":
        """Pay the deposits back of all who did not win; let the winners' go into the price."""
        won = {award.paddle for award in self.lot.closing.awards}
        at = self.happened[-1][1].at
        for stream in [s for s in self.states if s.startswith("deposit/")]:
            key = stream.partition("/")[2]
            paddle = self.states[f"application/{key}"].paddle
            if not self.states[stream].arrivals:
                continue
            if paddle in won:
                self._sign(key, paddle, at)
            else:
                self._pay_back(key, at)
        return self

    def _sign(self, key: str, paddle: str, at: datetime) -> None:
        signed_contract = orders.RecordContract(
            paddle=paddle, number="演合〔2026〕1号", amount_fen=1, manages=True, by="P1", at=at
        )
        self.act("lot", LOT, signed_contract)
        passed_on = deposits.Transfer(
            amount_fen=self.states[f"deposit/{key}"].held_fen,
            to=deposits.TransferTo.PRICE,
            reason="转作价款",
            due_at=at + timedelta(days=7),
            ended=True,
            founded=True,
            may_manage=True,
            by="system",
            at=at,
        )
        self.act("deposit", key, passed_on)

    def _pay_back(self, key: str, at: datetime) -> None:
        refund = deposits.OrderRefund(
            amount_fen=None,
            reason="未竞得",
            due_at=at + timedelta(days=7),
            ended=True,
            may_manage=True,
            by="system",
            at=at,
        )
        for n, _ in enumerate(self.act("deposit", key, refund), 1):
            paid = deposits.ConfirmRefund(number=n, booked=at, serial="FL9", at=at)
            self.act("deposit", key, deposits.SendRefund(number=n, batch="B1", by="P1", at=at))
            self.act("deposit", key, paid)

    def record(self) -> AuctionRecord:
        return record_of(self.happened)


def record_of(
    happened: Happened, *, hide: tuple[tuple[str, str], ...] = (), witnesses: tuple[Any, ...] = ()
) -> AuctionRecord:
    """Return the record of what a log says; `hide`: kinds and fields that are not shown."""
    bodies: list[bytes] = [b"an entry of somebody else"]
    opened: list[tuple[Disclosure, ...]] = [()]
    seen: dict[str, int] = {}
    for stream, event in happened:
        seen[stream] = seen.get(stream, 0) + 1
        salts = (f"salt-{len(bodies)}-{n}" for n in count())
        place = {"_stream": stream, "_seq": seen[stream]}
        body, disclosures = WIRE.encode(event, salts, place=place)
        shown = {n for n in SHOWN.get(event.kind, ()) if (event.kind, n) not in hide}
        bodies.append(body)
        opened.append(tuple(d for d in disclosures if d.name in shown))
    read = nodes_of(bodies)
    pieces = tuple(
        Piece(
            index=n,
            leaf=bodies[n],
            path=tuple(merkle.prove_inclusion(n, len(bodies), read)),
            disclosures=opened[n],
        )
        for n in range(1, len(bodies))
    )
    return AuctionRecord(lot=LOT, pieces=pieces, checkpoint=signed(head_of(bodies), *witnesses))


# ── One of each way ─────────────────────────────────────────────────────────


def listing() -> Sale:
    """挂牌: quotations, silence, a question, then a countdown two bids restart."""
    sale = Sale(sourced(**LISTING), step_fen=1_000 * YUAN)
    for paddle in ("1001", "1002", "1003"):
        sale.bidder(paddle)
    sale.bid("1001", 10_000 * YUAN, OPENS + SECOND)
    sale.bid("1002", 11_000 * YUAN, OPENS + 2 * SECOND)
    for person in ("P-host", "P-other-host"):
        at = CLOSES - timedelta(minutes=20)
        amount = 12_000 * YUAN
        sale.act("lot", LOT, orders.EnterReserve(amount_fen=amount, hosts=True, by=person, at=at))
    sale.declare("1001", CLOSES + SECOND)
    sale.declare("1002", CLOSES + 2 * SECOND)
    timed = CLOSES + timedelta(minutes=5)
    sale.bid("1001", 12_000 * YUAN, timed + timedelta(minutes=1))
    sale.bid("1002", 14_000 * YUAN, timed + timedelta(minutes=4))
    return sale


def judicial() -> Sale:
    """司法拍卖: a priority holder takes the same price; the last bid moves the end."""
    priority = Priority(right=PriorityRight.SAME_PRICE, ranked=True)
    sale = Sale(sourced(**{**AUCTION, "priority": priority}), step_fen=100 * YUAN)
    sale.bidder("2001")
    sale.bidder("2002", rank=1)
    sale.bidder("2003", rank=2)
    sale.bid("2001", 10_000 * YUAN, OPENS + SECOND)
    sale.bid("2003", 10_000 * YUAN, OPENS + timedelta(hours=1))
    sale.bid("2001", 10_500 * YUAN, CLOSES - timedelta(minutes=2))
    sale.bid("2002", 10_500 * YUAN, CLOSES + timedelta(minutes=1))
    return sale


def dutch() -> Sale:
    """减价: three steps down, then taken."""
    sale = Sale(sourced(**DUTCH))
    sale.bidder("3001")
    sale.bidder("3002")
    sale.bid("3002", 9_700 * YUAN, OPENS + timedelta(minutes=15, seconds=3))
    return sale


def reverse() -> Sale:
    """密封报价, the lowest wins; one bidder offers anew."""
    sale = Sale(sourced(**SEALED))
    for paddle in ("4001", "4002", "4003"):
        sale.bidder(paddle)
    sale.offer("4001", 9_000 * YUAN, OPENS + SECOND)
    sale.offer("4002", 8_000 * YUAN, OPENS + 2 * SECOND)
    sale.offer("4003", 8_500 * YUAN, OPENS + 3 * SECOND)
    sale.offer("4001", 7_900 * YUAN, OPENS + 4 * SECOND)
    return sale


def emission_rights() -> Sale:
    """排污权: 100 tons to several, each at the own price; the last one gets what is left."""
    sale = Sale(sourced(**MULTI_UNIT), start_fen=500 * YUAN, quantity=100, unit="吨")
    offers = (("5001", 1_000, 40), ("5002", 1_500, 50), ("5003", 1_000, 30), ("5004", 500, 20))
    for paddle, _, _ in offers:
        sale.bidder(paddle)
    for n, (paddle, price, quantity) in enumerate(offers):
        sale.offer(paddle, price * YUAN, OPENS + n * SECOND, quantity)
    return sale


def one_shot() -> Sale:
    """最高限价已到，一次报价: the one nearest to the average of all wins."""
    ceiling = Ceiling(then=AfterCeiling.ONE_SHOT, asking_seconds=300, quoting_seconds=600)
    sale = Sale(
        sourced(**{**AUCTION, "ceiling": ceiling}),
        step_fen=1_000 * YUAN,
        ceiling_fen=12_000 * YUAN,
    )
    for paddle in ("6001", "6002", "6003"):
        sale.bidder(paddle)
    sale.bid("6001", 12_000 * YUAN, OPENS + SECOND)
    sale.declare("6002", OPENS + 60 * SECOND)
    sale.declare("6003", OPENS + 61 * SECOND)
    quoting = OPENS + 301 * SECOND
    sale.offer("6001", 12_500 * YUAN, quoting + SECOND)
    sale.offer("6002", 13_100 * YUAN, quoting + 2 * SECOND)
    sale.offer("6003", 14_000 * YUAN, quoting + 3 * SECOND)
    return sale


def drawn() -> Sale:
    """最高限价已到，摇号."""
    ceiling = Ceiling(then=AfterCeiling.LOT, asking_seconds=300, least_bidders=2)
    sale = Sale(
        sourced(**{**AUCTION, "ceiling": ceiling}),
        step_fen=1_000 * YUAN,
        ceiling_fen=12_000 * YUAN,
    )
    for paddle in ("7001", "7002", "7003"):
        sale.bidder(paddle)
    sale.bid("7001", 12_000 * YUAN, OPENS + SECOND)
    sale.declare("7002", OPENS + 60 * SECOND)
    sale.declare("7003", OPENS + 61 * SECOND)
    return sale


WAYS = (listing, judicial, dutch, reverse, emission_rights, one_shot, drawn)


# ── Bidders ─────────────────────────────────────────────────────────────────


def application_of(paddle: str) -> str:
    return f"a{paddle}"


@cache
def secret_of(paddle: str) -> Any:
    return ec.derive_private_key(int(paddle), ec.SECP256R1())


@cache
def key_of(paddle: str) -> str:
    public = secret_of(paddle).public_key()
    return _b64(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def sign(paddle: str, message: bytes) -> str:
    r, s = decode_dss_signature(secret_of(paddle).sign(message, ec.ECDSA(SHA256())))
    return _b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def booking(paddle: str, amount_fen: int, **changed: Any) -> Booking:
    told = Booking(
        institution="ICBK-7",
        booked=MONDAY + timedelta(hours=2),
        amount_fen=amount_fen,
        memo="保证金",
        serial=f"FL{paddle}",
        sequence="1",
        payer_account=f"62220000{paddle}",
        payer_name="演示竞买人",
    )
    return replace(told, **changed)


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
