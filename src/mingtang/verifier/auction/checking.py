"""The whole check of a record, from its form to what became of the deposits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mingtang.core import checkpoint, note
from mingtang.core.policy import Policy
from mingtang.core.strict import Malformed
from mingtang.core.trading import outages
from mingtang.core.trading.applications import ApplicationFiled
from mingtang.core.trading.records import AuctionRecord, parse_record
from mingtang.verifier.auction.bidding import run_lot
from mingtang.verifier.auction.course import OVER, Auction, acts
from mingtang.verifier.auction.entries import Entry, Findings, read_entries
from mingtang.verifier.auction.money import Books, check_books, run_deposit
from mingtang.verifier.auction.ruling import Act, ruled
from mingtang.verifier.auction.signups import run_application
from mingtang.verifier.receipt import open_head
from mingtang.verifier.words import Refused


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What a record shows, and everything that is wrong with it."""

    record: AuctionRecord
    checkpoint: checkpoint.Checkpoint
    opened: note.Opened
    auction: Auction
    books: Books
    found: tuple[Refused, ...]


def check_auction(data: bytes, *, log: note.Key, policy: Policy | None) -> Checked:
    """Return what the file proves, with all that is wrong in `found`.

    Raises Refused where it is no record, or the log did not sign its checkpoint.
    """
    record = _read(data)
    head, opened = open_head(record.checkpoint, where="checkpoint", log=log, policy=policy)
    findings = Findings()
    streams = read_entries(record, head, findings)
    auction = Auction(record.lot, findings)
    _run(auction, _of_auction(record.lot, streams, findings))
    if f"lot/{record.lot}" not in streams:
        findings.add(f"lot/{record.lot}", "stream-missing")
    elif auction.lot.status not in OVER:
        findings.add(f"lot/{record.lot}", "not-closed")
    return Checked(
        record=record,
        checkpoint=head,
        opened=opened,
        auction=auction,
        books=check_books(auction),
        found=tuple(findings.found),
    )


def _read(data: bytes) -> AuctionRecord:
    try:
        return parse_record(data.decode())
    except UnicodeDecodeError as error:
        raise Refused("record", "form", detail=f"not UTF-8 at byte {error.start}") from error
    except Malformed as error:
        raise Refused("record", "form", detail=error) from error


def _of_auction(
    lot: str, streams: Mapping[str, Sequence[Entry]], findings: Findings
) -> dict[str, Sequence[Entry]]:
    """Return the streams that belong to the auction; name those that do not."""
    taken: dict[str, Sequence[Entry]] = {}
    for stream, entries in streams.items():
        if _belongs(stream, entries[0], lot, streams):
            taken[stream] = entries
        else:
            findings.add(entries[0].where, "other-stream", kind=entries[0].event.kind)
    return taken


def _belongs(stream: str, first: Entry, lot: str, streams: Mapping[str, Sequence[Entry]]) -> bool:
    family, _, key = stream.partition("/")
    match family:
        case "lot":
            return key == lot
        case "application":
            return _is_filed_for(first, lot)
        case "deposit":
            application = streams.get(f"application/{key}", ())
            return any(_is_filed_for(entry, lot) for entry in application[:1])
        case "outage":
            return True
        case _:
            return False


def _is_filed_for(first: Entry, lot: str) -> bool:
    return isinstance(first.event, ApplicationFiled) and first.event.lot == lot


def _run(auction: Auction, streams: Mapping[str, Sequence[Entry]]) -> None:
    for act in acts(streams):
        try:
            _run_act(auction, act)
        except Exception as error:  # a log may hold anything: what trips us is a finding
            auction.findings.add(act[0].where, "rule-broken", rule=type(error).__name__)


def _run_act(auction: Auction, act: Act) -> None:
    family, _, key = act[0].stream.partition("/")
    match family:
        case "lot":
            run_lot(auction, act)
        case "application":
            run_application(auction, key, act)
        case "deposit":
            run_deposit(auction, key, act)
        case _:
            _run_outage(auction, key, act)


def _run_outage(auction: Auction, key: str, act: Act) -> None:
    """An interruption is recorded once, by the installation itself."""
    event = act[0].event
    if not isinstance(event, outages.OutageRecorded):
        auction.findings.add(act[0].where, "other-stream", kind=event.kind)
        return
    order = outages.RecordOutage(
        service=event.service,
        began=event.began,
        recovered=event.recovered,
        rule=event.rule,
        at=event.at,
    )
    before = outages.State(recorded=key in auction.outages)
    ruled(outages.DECIDER, before, lambda: order, act, auction.findings)
    auction.outages[key] = event
