"""A small trading floor: what tests of lots begin with. Every lot asks for one deposit."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mingtang.config.wiring import REACTIONS
from mingtang.core.organisations import OrganisationKind, Particulars
from mingtang.core.people import Role
from mingtang.core.trading.applications import Bidder, bid_message, declaration_message
from mingtang.core.trading.banking import Booking
from mingtang.core.trading.lots.terms import LotContent, Timetable, lot_key
from mingtang.ledger import reactions
from mingtang.people import actions as people
from mingtang.people.actions import Body
from mingtang.trading import queries
from mingtang.trading.actions import bids, deposits, hosting, paddles, procedures, projects
from mingtang.trading.queries.deposits import standing as deposit_of
from tests.core.project_examples import CONTENT, USCC
from tests.core.test_trading_kinds import LAND
from tests.core.trading_examples import WAYS, sourced
from tests.rooms.people_words import SETUP, official, person

MONDAY = datetime.fromisoformat("2026-03-16T09:00:00+08:00")
PROJECT = "JY-TEST-0001"
DEPOSIT = 1_000_000
START, STEP = 5_000_000, 100_000
TIMES = Timetable(
    sign_up_from=MONDAY,
    sign_up_until=MONDAY + timedelta(days=2),
    deposit_until=MONDAY + timedelta(days=2),
    opens=MONDAY + timedelta(days=3),
    closes=MONDAY + timedelta(days=13),
)
OPEN = TIMES.opens


@dataclass(frozen=True)
class Floor:
    manager: str
    officer: str
    host: str
    other_host: str
    treasurer: str


def build() -> Floor:
    """Found a centre with its staff, and publish a procedure of each way of bidding."""
    centres = [
        Body(code=code, kind=OrganisationKind.CENTRE, particulars=Particulars(name=name, uscc=uscc))
        for code, name, uscc in (("centre", "演示中心", USCC), ("other", "演示另一中心", ""))
    ]
    people.register_organisations(bodies=centres, by=SETUP, at=MONDAY)
    floor = Floor(
        official(1, Role.CENTRE_MANAGER, "centre"),
        official(2, Role.TRADE_OFFICER, "centre"),
        official(3, Role.TRADE_HOST, "centre"),
        official(4, Role.TRADE_HOST, "centre"),
        official(5, Role.TREASURER, "centre"),
    )
    every = [sourced(**way) for way in WAYS]
    procedures.publish_procedures(every, by=floor.manager, at=MONDAY)
    procedures.publish_kinds(all_of=[LAND], by=floor.manager, at=MONDAY)
    with patch("mingtang.trading.actions.projects.new_key", return_value=PROJECT):
        projects.enter_project(content=CONTENT, by=floor.officer, at=MONDAY)
    return floor


def elsewhere(role: Role, number: int = 90) -> str:
    """Somebody with this role at another centre; return their id."""
    return official(number, role, "other")


def content(procedure: str = "auction", no: int = 1, **changed: object) -> LotContent:
    values = {
        "no": no,
        "title": f"演示标的{no}",
        "procedure": procedure,
        "procedure_version": 1,
        "times": TIMES,
        "start_fen": START,
        "step_fen": STEP,
        "deposit_fen": DEPOSIT,
    }
    return LotContent(**{**values, **changed})


def announced(floor: Floor, *contents: LotContent) -> list[str]:
    """Announce these lots and return their keys."""
    hosting.announce(project=PROJECT, contents=contents, by=floor.officer, at=MONDAY)
    return [lot_key(PROJECT, one.no) for one in contents]


def heard() -> None:
    """Let every reader of the log do what is theirs to do."""
    while sum(reactions.run(reaction) for reaction in REACTIONS):
        pass


# ── Bidders ─────────────────────────────────────────────────────────────────


@dataclass
class Party:
    """A bidder with the browser they sit at."""

    person: str
    lot: str
    name: str
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    application: str = ""
    refs: int = 0

    @property
    def key(self) -> str:
        point = self.private.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        return _b64(point)

    @property
    def paddle(self) -> str:
        return queries.application(self.application).paddle

    def sign(self, message: bytes) -> str:
        r, s = decode_dss_signature(self.private.sign(message, ec.ECDSA(SHA256())))
        return _b64(r.to_bytes(32) + s.to_bytes(32))

    def ref(self) -> str:
        self.refs += 1
        return f"{self.application}-{self.refs}"

    def bid(self, price: int, received: datetime, **changed: object) -> bids.Placing:
        """Return a bid as the room sends it on."""
        row, ref = queries.application(self.application), self.ref()
        said = {"lot": self.lot, "paddle": row.paddle, "price_fen": price, "quantity": 1}
        placing = bids.Placing(
            lot=self.lot,
            paddle=row.paddle,
            key=row.signing_key,
            key_no=row.signing_key_no,
            rank=row.rank,
            price_fen=price,
            ref=ref,
            signature=self.sign(bid_message(**said, ref=ref)),
            received=received,
        )
        return replace(placing, **changed)

    def offer(self, price: int, received: datetime, quantity: int = 1) -> bids.Offering:
        row, ref = queries.application(self.application), self.ref()
        said = {"lot": self.lot, "paddle": row.paddle, "price_fen": price, "quantity": quantity}
        return bids.Offering(
            lot=self.lot,
            application=self.application,
            price_fen=price,
            quantity=quantity,
            ref=ref,
            signature=self.sign(bid_message(**said, ref=ref)),
            received=received,
        )

    def declaration(self, received: datetime, nonce: str = "n" * 32) -> bids.Declaring:
        row, ref = queries.application(self.application), self.ref()
        message = declaration_message(lot=self.lot, paddle=row.paddle, nonce=nonce, ref=ref)
        return bids.Declaring(
            lot=self.lot,
            paddle=row.paddle,
            key=row.signing_key,
            key_no=row.signing_key_no,
            rank=row.rank,
            nonce=nonce,
            ref=ref,
            signature=self.sign(message),
            received=received,
        )


def signed_up(lot: str, number: int, **said: object) -> Party:
    """Register somebody made up and sign them up for a lot."""
    someone = person(100 + number)
    party = Party(someone, lot, f"演示竞买人{number}")
    bidder = Bidder(
        person=someone, name=party.name, id_number=f"E{100 + number:08d}", phone="19900000001"
    )
    values = {"priority": "", "promised": True, "at": MONDAY + timedelta(hours=1)}
    receipt = paddles.sign_up(lot=lot, bidder=bidder, key=party.key, **{**values, **said})
    party.application = receipt.key
    return party


def admitted(floor: Floor, lot: str, number: int, *, rank: int = 0) -> Party:
    """Sign somebody up, and admit them; their deposit is awaited."""
    party = signed_up(lot, number)
    paddles.admit(
        application=party.application,
        rank=rank,
        by=floor.officer,
        at=MONDAY + timedelta(hours=2),
    )
    heard()
    return party


def ready(floor: Floor, lot: str, number: int, *, rank: int = 0) -> Party:
    """Sign somebody up, admit them and let their deposit arrive."""
    party = admitted(floor, lot, number, rank=rank)
    pay(party)
    return party


def pay(party: Party, *, fen: int = DEPOSIT, booked: datetime = MONDAY + timedelta(days=1)) -> None:
    """Let money from this bidder be booked by the bank."""
    standing = deposit_of(party.application)
    assert standing is not None
    deposits.book_arrival(
        account=standing.account,
        booking=Booking(
            institution="B001",
            booked=booked,
            amount_fen=fen,
            memo="保证金",
            serial=f"S-{party.application}-{fen}",
            sequence="1",
            payer_account=f"62{party.application[:14]}",
            payer_name=party.name,
        ),
        at=booked,
    )


def place(*messages: bids.Message, at: datetime | None = None) -> list[object]:
    """Put these to the rules together, their turn coming a moment after the last was received."""
    turn = at or max(message.received for message in messages) + timedelta(milliseconds=5)
    return bids.place_bids(messages, clock=lambda: turn)


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
