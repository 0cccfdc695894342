"""The lot's own stream run again: its terms, bids, stops and end."""

from base64 import urlsafe_b64decode
from typing import Any

from mingtang.core import p256
from mingtang.core.trading import lots
from mingtang.core.trading.applications import bid_message, declaration_message
from mingtang.core.trading.lots import commands as orders
from mingtang.core.trading.lots import events
from mingtang.verifier.auction.course import Auction
from mingtang.verifier.auction.entries import Entry
from mingtang.verifier.auction.ruling import Act, ruled
from mingtang.verifier.words import Refused


def run_lot(auction: Auction, act: Act) -> None:
    """Take one act of the lot's stream further."""
    for entry in act:
        if isinstance(entry.event, events.PaddleAppeared):
            _check_paddle(auction, entry)
    auction.lot = ruled(
        lots.DECIDER, auction.lot, lambda: _command(auction, act), act, auction.findings
    )
    for entry in act:
        _check_signature(auction, entry)


def _command(auction: Auction, act: Act) -> lots.Command:
    """Return the order that led to an act. Raises Refused."""
    acting = next((e for e in act if not isinstance(e.event, events.PaddleAppeared)), act[0])
    event = acting.event
    match event:
        case events.BidPlaced() | events.EntryDeclared():
            return _act_of_paddle(auction, act, event)
        case events.LotClosed():
            return orders.CloseLot(offers=offers(auction), at=event.at)
        case events.DeadlinesShifted():
            return _shift(auction, acting)
        case events.PaddleAppeared() | events.CeilingReached():
            raise Refused(acting.where, "without-act", kind=event.kind)
        case _:
            return _of_hosts(auction, acting)


def _act_of_paddle(
    auction: Auction, act: Act, event: events.BidPlaced | events.EntryDeclared
) -> lots.Command:
    first = act[0].event
    known = auction.lot.paddles.get(event.paddle)
    appeared = first if isinstance(first, events.PaddleAppeared) else known
    said: dict[str, Any] = {
        "paddle": event.paddle,
        "key": appeared.key if appeared else "",
        "key_no": appeared.key_no if appeared else 0,
        "rank": appeared.rank if appeared else 0,
        "ref": event.ref,
        "signature": event.signature,
        "received": event.received,
        "at": event.at,
    }
    if isinstance(event, events.BidPlaced):
        return orders.PlaceBid(price_fen=event.price_fen, **said)
    return orders.DeclareEntry(nonce=event.nonce, **said)


def _of_hosts(auction: Auction, entry: Entry) -> lots.Command:
    """Return the order of somebody with an office. What office they held is not in the file."""
    event: Any = entry.event
    match event:
        case events.LotAnnounced():
            return orders.AnnounceLot(
                project=event.project,
                content=event.content,
                procedure=event.procedure,
                seed=event.seed,
                by=event.by,
                at=event.at,
            )
        case events.LotChanged():
            return orders.ChangeLot(
                content=event.content, reason=event.reason, by=event.by, at=event.at
            )
        case events.ReserveEntered():
            if not event.amount.isdecimal():
                raise Refused(entry.where, "form", detail="amount")
            amount = int(event.amount)
            return orders.EnterReserve(amount_fen=amount, hosts=True, by=event.by, at=event.at)
        case events.PaddleBarred():
            return orders.BarPaddle(
                paddle=event.paddle, reason=event.reason, hosts=True, by=event.by, at=event.at
            )
        case events.WinnersNamed():
            return orders.NameWinners(names=event.names, at=event.at)
        case events.ContractRecorded():
            return orders.RecordContract(
                paddle=event.paddle,
                number=event.number,
                amount_fen=event.amount_fen,
                manages=True,
                by=event.by,
                at=event.at,
            )
        case events.WinnerDefaulted():
            return orders.RecordDefault(
                paddle=event.paddle, reason=event.reason, manages=True, by=event.by, at=event.at
            )
        case _:
            return _of_stop(entry)


def _of_stop(entry: Entry) -> lots.Command:
    event: Any = entry.event
    match event:
        case events.StopProposed():
            return orders.ProposeStop(
                stopping=event.stopping,
                reason=event.reason,
                hosts=True,
                by=event.by,
                at=event.at,
            )
        case events.StopDeclined():
            return orders.ConfirmStop(agrees=False, hosts=True, by=event.by, at=event.at)
        case events.LotSuspended() | events.LotStopped() if event.proposed_by:
            return orders.ConfirmStop(agrees=True, hosts=True, by=event.by, at=event.at)
        case events.LotSuspended() | events.LotStopped():
            pause = isinstance(event, events.LotSuspended)
            stopping = events.Stopping.PAUSE if pause else events.Stopping.END
            return orders.HaltLot(stopping=stopping, reason=event.reason, by=event.by, at=event.at)
        case events.LotResumed():
            return orders.ResumeLot(
                resumes=event.resumes, may_resume=True, by=event.by, at=event.at
            )
        case _:
            raise Refused(entry.where, "other-stream", kind=event.kind)


def _shift(auction: Auction, entry: Entry) -> lots.Command:
    outage = auction.outages.get(entry.event.outage)
    if outage is None:
        raise Refused(entry.where, "outage-missing", outage=entry.event.outage)
    return orders.ShiftDeadlines(
        outage=entry.event.outage,
        began=outage.began,
        recovered=outage.recovered,
        rule=outage.rule,
        at=entry.event.at,
    )


def offers(auction: Auction) -> tuple[orders.Offer, ...]:
    """Return every sealed offer there is: the last one of each bidder."""
    return tuple(
        orders.Offer(
            application=key,
            paddle=known.paddle,
            price_fen=known.offer.price_fen,
            quantity=known.offer.quantity,
            received=known.offer.received,
        )
        for key, known in auction.applications.items()
        if known.offer is not None and known.lot == auction.key
    )


# ── Who bids ────────────────────────────────────────────────────────────────


def _check_paddle(auction: Auction, entry: Entry) -> None:
    """A paddle acts under a key and the rank of an application that was admitted and paid for."""
    event, findings = entry.event, auction.findings
    holder = auction.holder(event.paddle)
    if holder is None or auction.applications[holder].status != "admitted":
        findings.add(entry.where, "paddle-unknown", paddle=event.paddle)
        return
    if event.key != auction.keys[holder].get(event.key_no):
        findings.add(entry.where, "other-key", paddle=event.paddle)
    rank = auction.applications[holder].rank
    if event.rank != rank:
        shown = {"due": rank, "found": event.rank}
        findings.add(entry.where, "other-rank", paddle=event.paddle, **shown)
    if not auction.paid(holder):
        findings.add(entry.where, "not-paid", paddle=event.paddle)


def _check_signature(auction: Auction, entry: Entry) -> None:
    event = entry.event
    if isinstance(event, events.BidPlaced):
        message = bid_message(
            lot=auction.key,
            paddle=event.paddle,
            price_fen=event.price_fen,
            quantity=1,
            ref=event.ref,
        )
    elif isinstance(event, events.EntryDeclared):
        message = declaration_message(
            lot=auction.key, paddle=event.paddle, nonce=event.nonce, ref=event.ref
        )
    else:
        return
    paddle = auction.lot.paddles.get(event.paddle)
    key = paddle.key if paddle else ""
    if not signed(message, key=key, signature=event.signature):
        auction.findings.add(entry.where, "bid-signature", paddle=event.paddle)


def signed(message: bytes, *, key: str, signature: str) -> bool:
    """Say whether a signature (r || s, base64url) is one of the message by the key."""
    try:
        return p256.verify(_bytes(key), message, _bytes(signature))
    except ValueError:
        return False


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
