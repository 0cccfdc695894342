"""Land sales of the past sold again: each priced lot of the real data through the real engine.

Bidders are generated so that the first bid is the real start price and the last one the real final
price; everything else is the floor's own: announcing, signing up, admitting, deposits by the bank's
booking, free quotations, a countdown every bid restarts, closing, names, refunds. Then every lot's
record is made and run again by the verifier.

    FOLDER     CSV files of land listings and results (default: ../shared/data/trading)
    --short    the first 40 lots
    --json     one line of figures

A lot whose listing is not in the data starts at its final price. Checked: each price, each winner,
the total, every record.
"""

import argparse
import json
import random
import time
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unicodedata import normalize

from installation import installation, plain_commits, show

FOLDER = Path(__file__).resolve().parents[2] / "shared/data/trading"
SHORT = 40  # lots
PROCEDURE = "land-listing"
AT_ONCE = 200  # bids that share a commit
FIRMS = 24  # who bid, again and again
STEPS = [10**n * m for n in range(9, 1, -1) for m in (5, 1)]  # fen, the coarsest that fits
MOST_RAISES = 40
NOTICE = datetime.fromisoformat("2026-01-05T09:00:00+08:00")
DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)
OPENS = NOTICE + 21 * DAY
CLOSES = OPENS + 10 * DAY


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER, metavar="FOLDER")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if not list(given.folder.glob("*.csv")):
        print(f"skipped: no CSV files in {given.folder}")
        return
    with installation():
        sales = read(given.folder)
        figures = measure(sales[:SHORT] if given.short else sales)
    if given.json:
        print(json.dumps(figures))
    else:
        report(figures)


def report(figures: dict[str, Any]) -> None:
    commits = figures["commits_per_s"]
    bids = figures["bids_per_s"]
    show("plain one-row commits", commits, "commits/s", "")
    show(
        "bids decided, written, answered", bids, "bids/s", f"{bids / commits:.2f} of plain commits"
    )
    show("lots from notice to refunds", figures["lots_per_s"], "lots/s", "")
    show("records made", figures["records_per_s"], "records/s", "")
    show("records run again", figures["verified_per_s"], "records/s", "")
    for name, figure in figures.items():
        print(f"{name:<46} {figure:>24,}")


# ── The data ────────────────────────────────────────────────────────────────


@dataclass
class Sale:
    """One lot as it was sold, and how it is sold again."""

    name: str
    start_fen: int
    final_fen: int
    listed: bool  # whether its start price is known
    no: int = 0
    step_fen: int = STEPS[0]
    prices: list[int] = field(default_factory=list)  # of the bids, in order
    bidders: list[Any] = field(default_factory=list)

    @property
    def project(self) -> str:
        return f"LAND-{self.no:04}"


def read(folder: Path) -> list[Sale]:
    """Return every lot that was sold at a price, each once, as the importer reads the files."""
    starts: dict[str, int] = {}
    finals: dict[str, tuple[str, int]] = {}
    for notice in _notices(folder):
        name = _plain(notice.project)
        if notice.kind == "land-listing" and notice.amount and notice.amount.fen:
            starts[name] = notice.amount.fen
        elif notice.kind == "land-result" and notice.result and notice.result.outcome == "sold":
            finals.setdefault(name, (notice.title, notice.result.price.fen))
    sales = [
        Sale(title, starts.get(name, final), final, name in starts)
        for name, (title, final) in finals.items()
    ]
    for no, sale in enumerate(sales, 1):
        sale.no = no
        _plan(sale)
    return sales


def _notices(folder: Path) -> Iterator[Any]:
    from mingtang.config.importing import notices as importing
    from mingtang.config.importing.notices_columns import LAND_LISTINGS, LAND_RESULTS
    from mingtang.config.importing.notices_reading import Said
    from mingtang.config.importing.reading import Unusable
    from mingtang.config.importing.reading import read as read_file
    from mingtang.core.trading.foreign import ForeignNotice
    from mingtang.core.wire import read as read_back
    from mingtang.trading.models import ForeignNoticeRow

    for file in sorted(folder.glob("*.csv")):
        try:
            table = read_file(file, (LAND_LISTINGS, LAND_RESULTS))
        except Unusable:
            continue  # of something else
        importing.run(table, Said(source="benchmark"), at=NOTICE - DAY)
    for content in ForeignNoticeRow.objects.order_by("key").values_list("content", flat=True):
        yield read_back(ForeignNotice, json.loads(content))


def _plain(name: str) -> str:
    """Return a lot's number as both lists spell it: brackets, widths and blanks differ."""
    return "".join(normalize("NFKC", name).split()).translate({0x3014: "[", 0x3015: "]"})


def _plan(sale: Sale) -> None:
    """Find a step, and raises by whole steps from the start price to the final one."""
    rise = sale.final_fen - sale.start_fen
    assert rise >= 0, sale.name
    sale.step_fen = next(step for step in STEPS if rise % step == 0 and (step <= rise or not rise))
    chance, steps = random.Random(sale.no), rise // sale.step_fen
    raises = min(steps, chance.randint(2, MOST_RAISES))
    cuts = sorted(chance.sample(range(1, steps), raises - 1)) if raises > 1 else []
    sale.prices = [sale.start_fen + cut * sale.step_fen for cut in (0, *cuts)]
    if rise:
        sale.prices.append(sale.final_fen)


# ── Selling ─────────────────────────────────────────────────────────────────


def measure(sales: Sequence[Sale]) -> dict[str, Any]:
    from mingtang.core.trading.lots.terms import lot_key

    commits = plain_commits()
    staff = _staff()
    began = time.perf_counter()
    _announce(sales, staff)
    _sign_up(sales, staff)
    bids, seconds = _bid(sales)
    _close()
    whole = time.perf_counter() - began
    lots = [lot_key(sale.project, 1) for sale in sales]
    _check(sales, lots)
    made, checked, largest = _verify(lots)
    total = sum(sale.final_fen for sale in sales)
    return {
        "lots": len(sales),
        "start_prices_known": sum(sale.listed for sale in sales),
        "sold_above_start": sum(sale.final_fen > sale.start_fen for sale in sales),
        "applications": sum(len(sale.bidders) for sale in sales),
        "bids": bids,
        "total_fen": total,
        "records_valid": len(lots),
        "largest_record_bytes": largest,
        "commits_per_s": round(commits),
        "bids_per_s": round(bids / seconds),
        "lots_per_s": round(len(sales) / whole, 1),
        "records_per_s": round(len(lots) / made, 1),
        "verified_per_s": round(len(lots) / checked, 1),
    }


@dataclass(frozen=True)
class Staff:
    manager: str
    officer: str
    firms: tuple[str, ...]


def _staff() -> Staff:
    from mingtang.config.demo import reading
    from mingtang.core.organisations import OrganisationKind, Particulars
    from mingtang.core.people import IdKind, Role
    from mingtang.people import actions as people
    from mingtang.people.actions import Body, Identity, Post
    from mingtang.trading.actions import procedures

    at = NOTICE - 2 * DAY
    centre = Particulars(name="测量用中心")
    body = Body(code="centre", kind=OrganisationKind.CENTRE, particulars=centre)
    people.register_organisations(bodies=[body], by="setup", at=at)

    def person(number: int) -> str:
        who = Identity(
            name=f"竞买人{number}", id_kind=IdKind.PASSPORT, id_number=f"E{number:08}", phone="0"
        )
        return people.register_person(identity=who, at=at).key

    posts = [person(n) for n in range(2)]
    for n, (someone, role) in enumerate(
        zip(posts, (Role.CENTRE_MANAGER, Role.TRADE_OFFICER), strict=True)
    ):
        post = Post(person=someone, role=role, organisation="centre", staff_no=f"N{n}")
        people.appoint(post=post, by="setup", at=at)
    procedures.publish_procedures(reading.procedures(), by=posts[0], at=at)
    return Staff(*posts, tuple(person(100 + n) for n in range(FIRMS)))


def _announce(sales: Sequence[Sale], staff: Staff) -> None:
    from mingtang.core.trading.lots.terms import LotContent, Timetable
    from mingtang.trading.actions import hosting

    signing = OPENS - DAY
    times = Timetable(
        sign_up_from=NOTICE,
        sign_up_until=signing,
        deposit_until=signing,
        opens=OPENS,
        closes=CLOSES,
    )
    for sale in sales:
        content = LotContent(
            no=1,
            title=sale.name[:200],
            procedure=PROCEDURE,
            procedure_version=1,
            times=times,
            start_fen=sale.start_fen,
            step_fen=sale.step_fen,
            deposit_fen=sale.start_fen // 5,
        )
        _done(
            hosting.announce(project=sale.project, contents=[content], by=staff.officer, at=NOTICE)
        )


class Bidder:
    """A firm in one lot, with a key of its own."""

    def __init__(self, sale: Sale, firm: str, number: int) -> None:
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        from mingtang.core.trading.lots.terms import lot_key

        self.lot, self.firm, self.number = lot_key(sale.project, 1), firm, number
        self._secret = ec.generate_private_key(ec.SECP256R1())
        public = self._secret.public_key()
        self.key = _b64(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
        self.application = self.paddle = ""

    def bid(self, price_fen: int, received: datetime) -> Any:
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
        from cryptography.hazmat.primitives.hashes import SHA256

        from mingtang.core.trading.applications import bid_message
        from mingtang.trading.actions.bids import Placing

        ref = f"{self.application}-{price_fen}"
        said = {"lot": self.lot, "paddle": self.paddle, "price_fen": price_fen, "ref": ref}
        text = bid_message(**said, quantity=1)
        r, s = decode_dss_signature(self._secret.sign(text, ec.ECDSA(SHA256())))
        return Placing(
            **said,
            key=self.key,
            key_no=1,
            rank=0,
            signature=_b64(r.to_bytes(32, "big") + s.to_bytes(32, "big")),
            received=received,
        )


def _sign_up(sales: Sequence[Sale], staff: Staff) -> None:
    """Let two or more sign up for each lot that rose, one where it did not; all of them pay."""
    from mingtang.core.trading.applications import Bidder as Who
    from mingtang.trading import queries
    from mingtang.trading.actions import paddles

    for sale in sales:
        chance = random.Random(-sale.no)
        many = min(len(sale.prices), chance.randint(2, 6))
        for number in chance.sample(range(FIRMS), many):
            one = Bidder(sale, staff.firms[number], number)
            who = Who(
                person=one.firm, name=f"竞买人{number}", id_number=f"E{100 + number:08}", phone="0"
            )
            one.application = paddles.sign_up(
                lot=one.lot, bidder=who, key=one.key, promised=True, at=NOTICE + DAY
            ).key
            paddles.admit(application=one.application, by=staff.officer, at=NOTICE + 2 * DAY)
            one.paddle = queries.application(one.application).paddle
            sale.bidders.append(one)
    _heard()
    for sale in sales:
        for one in sale.bidders:
            _pay(one, sale.start_fen // 5)


def _pay(one: Bidder, fen: int) -> None:
    from mingtang.core.trading.banking import Booking
    from mingtang.trading.actions import deposits
    from mingtang.trading.queries.deposits import standing

    account = standing(one.application)
    booking = Booking(
        institution="B001",
        booked=NOTICE + 3 * DAY,
        amount_fen=fen,
        memo="保证金",
        serial=one.application,
        sequence="1",
        payer_account=f"62{one.number:06}",
        payer_name=f"竞买人{one.number}",
    )
    deposits.book_arrival(account=account.account, booking=booking, at=NOTICE + 3 * DAY)


def _bid(sales: Sequence[Sale]) -> tuple[int, float]:
    """Bid in all lots side by side; return how many bids there were, and the seconds they took.

    The first half of a lot's bids are free quotations, the others fall into its countdown.
    """
    from mingtang.trading.actions.bids import place_bids

    rounds = max(len(sale.prices) for sale in sales)
    free = [_round(sales, n, OPENS + n * MINUTE, timed=False) for n in range(rounds)]
    timed = [_round(sales, n, CLOSES + (n + 1) * MINUTE, timed=True) for n in range(rounds)]
    count, seconds = 0, 0.0
    for messages in [*free, *timed]:
        for start in range(0, len(messages), AT_ONCE):
            some = messages[start : start + AT_ONCE]
            turn = some[-1].received + timedelta(milliseconds=5)
            began = time.perf_counter()
            outcomes = place_bids(some, clock=lambda turn=turn: turn)
            seconds += time.perf_counter() - began
            _done(outcomes)
            count += len(some)
    return count, seconds


def _round(sales: Sequence[Sale], n: int, at: datetime, *, timed: bool) -> list[Any]:
    """Return the nth bid of each lot in one of its parts, all received at one moment."""
    messages = []
    for sale in sales:
        half = (len(sale.prices) + 1) // 2
        place = half + n if timed else n
        if place < (len(sale.prices) if timed else half):
            bidder = sale.bidders[place % len(sale.bidders)]
            messages.append(bidder.bid(sale.prices[place], at))
    return messages


def _close() -> None:
    from mingtang.trading import queries
    from mingtang.trading.actions import bids

    last = CLOSES + DAY
    bids.close_due(at=last)
    assert queries.running() == []
    _heard()


def _heard() -> None:
    from mingtang.config.wiring import REACTIONS
    from mingtang.ledger import reactions

    while sum(reactions.run(reaction) for reaction in REACTIONS):
        pass


def _done(outcomes: Sequence[Any]) -> None:
    from mingtang.ledger.orders import Receipt

    for outcome in outcomes:
        assert isinstance(outcome, Receipt), repr(outcome)


# ── Checking ────────────────────────────────────────────────────────────────


def _check(sales: Sequence[Sale], lots: Sequence[str]) -> None:
    """Each lot sold from its start price, at its final price, to who bid it."""
    from mingtang.trading import queries

    total = 0
    for sale, lot in zip(sales, lots, strict=True):
        row = queries.lot(lot)
        [award] = queries.awards_of(row)
        winner = sale.bidders[(len(sale.prices) - 1) % len(sale.bidders)]
        found = (row.verdict, award.price_fen, award.paddle, row.bids)
        assert found == ("sold", sale.final_fen, winner.paddle, len(sale.prices)), (lot, found)
        total += award.price_fen
    assert total == sum(sale.final_fen for sale in sales)


def _verify(lots: Sequence[str]) -> tuple[float, float, int]:
    """Make every record and run it again; return the seconds each took, and the largest size."""
    from mingtang.ledger import keys, sequencer
    from mingtang.trading.queries.records import auction_record
    from mingtang.verifier.auction import check_auction

    sequencer.advance(at=CLOSES + DAY)
    made = checked = 0.0
    largest, codes = 0, Counter[str]()
    for lot in lots:
        began = time.perf_counter()
        text = auction_record(lot)
        made += time.perf_counter() - began
        assert text is not None, lot
        data = text.encode()
        began = time.perf_counter()
        found = check_auction(data, log=keys.public(), policy=None).found
        checked += time.perf_counter() - began
        codes.update(refused.code for refused in found)
        largest = max(largest, len(data))
    assert not codes, codes
    return made, checked, largest


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


if __name__ == "__main__":
    main()
