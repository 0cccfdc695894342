"""Signing up to bid for a lot (竞买报名): who may bid, with which paddle, under which key.

    filed ──admit──▶ admitted ──offer──▶ …
      └──refuse──▶ refused        either ──withdraw──▶ withdrawn

Each application is a stream with a random name, and whatever would tell is sealed: the public log
shows neither who signed up for a lot nor how many did. Sealed offers stand here for the same
reason. Sources: 招标投标法 art. 22; 法释〔2016〕18号 art. 18.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, assert_never

from mingtang.core.decider import Decider, Refused, require
from mingtang.core.trading.lots.bidding import CODES
from mingtang.core.trading.lots.course import in_time
from mingtang.core.trading.lots.events import Part
from mingtang.core.trading.lots.terms import MOST_FEN
from mingtang.core.wire import Sealed

LONGEST_REASON = 500
PADDLES = range(1_000, 10_000)  # 号牌, four digits, drawn at random so that none tells how many
FOUR_DIGITS = frozenset(map(str, PADDLES))
KEY_LENGTH = 87  # characters of base64url: a P-256 point, uncompressed, 65 bytes


@dataclass(frozen=True, kw_only=True)
class Bidder:
    """竞买人: a person, or an organisation and the person who acts for it."""

    person: str  # who acts, of `people`
    name: str  # of the bidder: the person or the organisation
    id_number: str  # identity number or unified social credit code
    phone: str


# ── Commands ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class FileApplication:
    """报名. Looked up: the span for signing up, whether this bidder signed up before, and whether
    they may not bid (a winner who defaulted on the lot this one offers anew)."""

    lot: str
    bidder: Bidder
    key: str  # public key of the browser's session key, base64url
    priority: str  # ground of a priority right claimed; empty: none
    documents: str  # canonical JSON: documents of the vault
    promised: bool
    sign_up_from: datetime
    sign_up_until: datetime
    filed_before: bool
    excluded: bool
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AdmitApplication:
    """准予参加竞买: qualified. `paddle` is drawn, `rank` that of a priority right, 0 for none."""

    paddle: str
    rank: int
    qualifies: bool  # looked up: whether `by` may admit
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RefuseApplication:
    """不予参加竞买, with the reason."""

    reason: str
    qualifies: bool
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class WithdrawApplication:
    """撤回报名, while others still can sign up. `has_bid`: looked up, whether the paddle acted in
    the lot: a bid once made is not taken back (拍卖法 art. 36)."""

    person: str
    sign_up_until: datetime
    has_bid: bool
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ReplaceKey:
    """更换会话密钥: the bidder goes on with another browser; the key before it counts no more."""

    person: str
    key: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OfferTerms:
    """What the lot says of sealed offers at the moment one was received, looked up."""

    part: Part
    until: datetime | None
    least_fen: int
    most_fen: int  # 0: no bound
    step_fen: int  # from `least_fen`, up or down; 0: any price
    quantity: int  # most there is to have; 1 where the lot is sold as a whole
    most_offers: int  # of one bidder; 0: as many as they like, the last one counts
    entered: bool  # whether this paddle takes part in what follows a ceiling
    barred: bool


@dataclass(frozen=True, kw_only=True)
class PlaceOffer:
    """密封报价: the price, and of how many units. `paid`: looked up, the deposit came in time."""

    person: str
    price_fen: int
    quantity: int
    ref: str
    signature: str
    terms: OfferTerms
    paid: bool
    received: datetime
    at: datetime


Command = (
    FileApplication
    | AdmitApplication
    | RefuseApplication
    | WithdrawApplication
    | ReplaceKey
    | PlaceOffer
)

# ── Events ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class ApplicationFiled:
    kind: ClassVar[str] = "application.filed.v1"
    lot: Sealed
    person: Sealed
    name: Sealed
    id_number: Sealed
    phone: Sealed
    key: Sealed
    priority: Sealed
    documents: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ApplicationAdmitted:
    kind: ClassVar[str] = "application.admitted.v1"
    paddle: Sealed
    rank: Sealed  # in figures
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ApplicationRefused:
    kind: ClassVar[str] = "application.refused.v1"
    reason: Sealed
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ApplicationWithdrawn:
    kind: ClassVar[str] = "application.withdrawn.v1"
    at: datetime


@dataclass(frozen=True, kw_only=True)
class KeyReplaced:
    kind: ClassVar[str] = "application.key-replaced.v1"
    no: int  # from 2: the key the application was filed with is the first
    key: Sealed
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OfferSealed:
    """`received` is the server's clock when it arrived. Price and quantity are in figures."""

    kind: ClassVar[str] = "application.offer-sealed.v1"
    no: int
    price: Sealed
    quantity: Sealed
    ref: str
    signature: Sealed
    received: datetime
    at: datetime


Event = (
    ApplicationFiled
    | ApplicationAdmitted
    | ApplicationRefused
    | ApplicationWithdrawn
    | KeyReplaced
    | OfferSealed
)
EVENTS = (
    ApplicationFiled,
    ApplicationAdmitted,
    ApplicationRefused,
    ApplicationWithdrawn,
    KeyReplaced,
    OfferSealed,
)


@dataclass(frozen=True)
class SealedOffer:
    price_fen: int
    quantity: int
    received: datetime


@dataclass(frozen=True)
class State:
    status: str = ""  # filed | admitted | refused | withdrawn
    lot: str = ""
    person: str = ""
    paddle: str = ""
    rank: int = 0
    key: str = ""
    key_no: int = 0
    offers: int = 0
    offer: SealedOffer | None = None  # the last one


def decide(state: State, command: Command) -> Sequence[Event]:
    """Return the events `command` leads to.

    Raises Refused: what each function below says.
    """
    match command:
        case FileApplication():
            return _file(state, command)
        case AdmitApplication():
            return _admit(state, command)
        case RefuseApplication():
            return _refuse(state, command)
        case WithdrawApplication():
            return _withdraw(state, command)
        case ReplaceKey():
            return _replace_key(state, command)
        case PlaceOffer():
            return _offer(state, command)
        case _:
            assert_never(command)


def _file(state: State, command: FileApplication) -> Sequence[Event]:
    """Raises Refused: application.filed-already, application.not-open-yet (facts: since),
    application.sign-up-over, application.bidder-missing, application.key-wrong,
    application.not-promised, application.too-long (facts: limit), application.excluded."""
    require(not state.status and not command.filed_before, "application.filed-already")
    since = command.sign_up_from
    require(command.at >= since, "application.not-open-yet", since=since)
    require(command.at < command.sign_up_until, "application.sign-up-over")
    bidder = command.bidder
    named = bool(bidder.person and bidder.name.strip() and bidder.id_number.strip())
    require(named, "application.bidder-missing")
    require(is_key(command.key), "application.key-wrong")
    require(command.promised, "application.not-promised")
    fits = len(command.priority) <= LONGEST_REASON
    require(fits, "application.too-long", limit=LONGEST_REASON)
    require(not command.excluded, "application.excluded")
    return [
        ApplicationFiled(
            lot=Sealed(command.lot),
            person=Sealed(bidder.person),
            name=Sealed(bidder.name),
            id_number=Sealed(bidder.id_number),
            phone=Sealed(bidder.phone),
            key=Sealed(command.key),
            priority=Sealed(command.priority),
            documents=Sealed(command.documents),
            at=command.at,
        )
    ]


def is_key(text: str) -> bool:
    """Whether it looks like a public key. Whether it is one, its first signature tells."""
    signs = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    return len(text) == KEY_LENGTH and text[0] == "B" and not {*text} - signs


def _admit(state: State, command: AdmitApplication) -> Sequence[Event]:
    """Raises Refused: application.not-officer, application.not-waiting, application.paddle-wrong,
    application.own-case."""
    _require_waiting(state, command)
    proper = command.paddle in FOUR_DIGITS and command.rank >= 0
    require(proper, "application.paddle-wrong")
    return [
        ApplicationAdmitted(
            paddle=Sealed(command.paddle),
            rank=Sealed(str(command.rank)),
            by=command.by,
            at=command.at,
        )
    ]


def _refuse(state: State, command: RefuseApplication) -> Sequence[Event]:
    """Raises Refused: application.not-officer, application.not-waiting,
    application.reason-missing, application.too-long (facts: limit), application.own-case."""
    _require_waiting(state, command)
    require(bool(command.reason.strip()), "application.reason-missing")
    fits = len(command.reason) <= LONGEST_REASON
    require(fits, "application.too-long", limit=LONGEST_REASON)
    return [ApplicationRefused(reason=Sealed(command.reason), by=command.by, at=command.at)]


def _require_waiting(state: State, command: AdmitApplication | RefuseApplication) -> None:
    require(command.qualifies, "application.not-officer")
    require(state.status == "filed", "application.not-waiting")
    require(command.by != state.person, "application.own-case")


def _withdraw(state: State, command: WithdrawApplication) -> Sequence[Event]:
    """Raises Refused: application.not-yours, application.not-open, application.sign-up-over,
    application.has-bid."""
    _require_own(state, command.person)
    require(state.status in ("filed", "admitted"), "application.not-open")
    require(command.at < command.sign_up_until, "application.sign-up-over")
    require(not command.has_bid and not state.offers, "application.has-bid")
    return [ApplicationWithdrawn(at=command.at)]


def _replace_key(state: State, command: ReplaceKey) -> Sequence[Event]:
    """Raises Refused: application.not-yours, application.not-open, application.key-wrong."""
    _require_own(state, command.person)
    require(state.status in ("filed", "admitted"), "application.not-open")
    proper = is_key(command.key) and command.key != state.key
    require(proper, "application.key-wrong")
    return [KeyReplaced(no=state.key_no + 1, key=Sealed(command.key), at=command.at)]


def _offer(state: State, command: PlaceOffer) -> Sequence[Event]:
    """Raises Refused: application.not-yours, application.not-admitted, application.not-paid,
    lot.clock-ahead, lot.too-slow, one of lots.bidding.CODES (facts: until), lot.paddle-barred,
    lot.not-entitled, application.offers-used-up (facts: most), lot.price-below (facts: least_fen),
    lot.price-above (facts: most_fen), lot.price-not-stepped (facts: step_fen), lot.quantity-wrong
    (facts: most).
    """
    _require_own(state, command.person)
    require(state.status == "admitted", "application.not-admitted")
    require(command.paid, "application.not-paid")
    require(command.received <= command.at, "lot.clock-ahead")
    terms = command.terms
    if terms.part not in (Part.SEALED, Part.ONE_SHOT):
        require(terms.part in CODES, "lot.not-sealed")
        raise Refused(CODES[terms.part], until=terms.until)
    require(in_time(terms.until, command.at), "lot.too-slow")
    require(not terms.barred, "lot.paddle-barred")
    require(terms.entered, "lot.not-entitled")
    most = 1 if terms.part is Part.ONE_SHOT else terms.most_offers
    require(not most or state.offers < most, "application.offers-used-up", most=most)
    _require_price(command.price_fen, terms)
    within = 0 < command.quantity <= terms.quantity
    require(within, "lot.quantity-wrong", most=terms.quantity)
    return [
        OfferSealed(
            no=state.offers + 1,
            price=Sealed(str(command.price_fen)),
            quantity=Sealed(str(command.quantity)),
            ref=command.ref,
            signature=Sealed(command.signature),
            received=command.received,
            at=command.at,
        )
    ]


def _require_price(price: int, terms: OfferTerms) -> None:
    least, most, step = max(1, terms.least_fen), terms.most_fen or MOST_FEN, terms.step_fen
    require(price >= least, "lot.price-below", least_fen=least)
    require(price <= most, "lot.price-above", most_fen=most)
    base = terms.least_fen or terms.most_fen
    require(not step or (price - base) % step == 0, "lot.price-not-stepped", step_fen=step)


def _require_own(state: State, person: str) -> None:
    require(bool(state.person) and person == state.person, "application.not-yours")


def evolve(state: State, event: Event) -> State:
    match event:
        case ApplicationFiled():
            return State("filed", event.lot, event.person, key=event.key, key_no=1)
        case ApplicationAdmitted():
            rank = int(event.rank) if event.rank.isdecimal() else 0
            return replace(state, status="admitted", paddle=event.paddle, rank=rank)
        case ApplicationRefused():
            return replace(state, status="refused")
        case ApplicationWithdrawn():
            return replace(state, status="withdrawn")
        case KeyReplaced():
            return replace(state, key=event.key, key_no=event.no)
        case OfferSealed():
            return replace(state, offers=event.no, offer=_offer_of(event))
        case _:
            assert_never(event)


def _offer_of(event: OfferSealed) -> SealedOffer | None:
    """Return the offer, or None where it is not opened to whoever reads."""
    if not (event.price.isdecimal() and event.quantity.isdecimal()):
        return None
    return SealedOffer(int(event.price), int(event.quantity), event.received)


DECIDER: Decider[State, Command, Event] = Decider(State(), decide, evolve)


# ── What a bidder signs ─────────────────────────────────────────────────────


def bid_message(*, lot: str, paddle: str, price_fen: int, quantity: int, ref: str) -> bytes:
    """Return what the browser signs for a bid or an offer."""
    lines = ("mingtang-bid-v1", lot, paddle, str(price_fen), str(quantity), ref)
    return "\n".join(lines).encode()


def declaration_message(*, lot: str, paddle: str, nonce: str, ref: str) -> bytes:
    """Return what the browser signs when a bidder takes part in what follows."""
    return "\n".join(("mingtang-entry-v1", lot, paddle, nonce, ref)).encode()
