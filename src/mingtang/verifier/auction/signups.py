"""The applications run again (报名复算): who was admitted under which paddle, key and rank.

Names are not shown: the rules that ask for a person see the sign of what is not shown instead.
"""

from functools import partial
from typing import Any

from mingtang.core.trading import applications
from mingtang.core.trading.applications import Bidder, bid_message
from mingtang.core.trading.participation import has_bid, offer_terms, sign_up_deadline
from mingtang.verifier.auction.bidding import signed
from mingtang.verifier.auction.course import Auction
from mingtang.verifier.auction.entries import Entry
from mingtang.verifier.auction.ruling import Act, ruled
from mingtang.verifier.words import Refused


def run_application(auction: Auction, key: str, act: Act) -> None:
    """Take one act of an application's stream further."""
    state = auction.applications.get(key, applications.State())
    [entry] = act
    order = partial(_command, auction, key, entry)
    after = ruled(applications.DECIDER, state, order, act, auction.findings)
    auction.applications[key] = after
    auction.keys.setdefault(key, {})[after.key_no] = after.key
    event = entry.event
    if isinstance(event, applications.ApplicationAdmitted):
        _check_paddle_once(auction, key, entry)
    if isinstance(event, applications.OfferSealed):
        _check_signature(auction, key, entry)


def _command(auction: Auction, key: str, entry: Entry) -> applications.Command:
    event: Any = entry.event
    state = auction.applications.get(key, applications.State())
    match event:
        case applications.ApplicationFiled():
            return _filing(auction, event)
        case applications.ApplicationAdmitted():
            if not event.rank.isdecimal():
                raise Refused(entry.where, "form", detail="rank")
            return applications.AdmitApplication(
                paddle=event.paddle,
                rank=int(event.rank),
                qualifies=True,
                by=event.by,
                at=event.at,
            )
        case applications.ApplicationRefused():
            return applications.RefuseApplication(
                reason=event.reason, qualifies=True, by=event.by, at=event.at
            )
        case applications.ApplicationWithdrawn():
            return applications.WithdrawApplication(
                person=state.person,
                sign_up_until=sign_up_deadline(auction.lot),
                has_bid=has_bid(auction.lot, state.paddle),
                at=event.at,
            )
        case applications.KeyReplaced():
            return applications.ReplaceKey(person=state.person, key=event.key, at=event.at)
        case applications.OfferSealed():
            return _offering(auction, key, entry)
        case _:
            raise Refused(entry.where, "other-stream", kind=event.kind)


def _filing(auction: Auction, event: applications.ApplicationFiled) -> applications.Command:
    bidder = Bidder(
        person=event.person, name=event.name, id_number=event.id_number, phone=event.phone
    )
    return applications.FileApplication(
        lot=event.lot,
        bidder=bidder,
        key=event.key,
        priority=event.priority,
        documents=event.documents,
        promised=True,
        sign_up_from=auction.lot.terms[0].times.sign_up_from,
        sign_up_until=sign_up_deadline(auction.lot),
        filed_before=False,
        excluded=False,
        at=event.at,
    )


def _offering(auction: Auction, key: str, entry: Entry) -> applications.Command:
    event, state = entry.event, auction.applications.get(key, applications.State())
    if not (event.price.isdecimal() and event.quantity.isdecimal()):
        raise Refused(entry.where, "form", detail="price, quantity")
    return applications.PlaceOffer(
        person=state.person,
        price_fen=int(event.price),
        quantity=int(event.quantity),
        ref=event.ref,
        signature=event.signature,
        terms=offer_terms(auction.lot, state.paddle, received=event.received),
        paid=auction.paid(key),
        received=event.received,
        at=event.at,
    )


def _check_paddle_once(auction: Auction, key: str, entry: Entry) -> None:
    paddle = auction.applications[key].paddle
    others = [k for k, a in auction.applications.items() if a.paddle == paddle and k != key]
    if others:
        auction.findings.add(entry.where, "paddle-twice", paddle=paddle)


def _check_signature(auction: Auction, key: str, entry: Entry) -> None:
    event, paddle = entry.event, auction.applications[key].paddle
    message = bid_message(
        lot=auction.key,
        paddle=paddle,
        price_fen=int(event.price) if event.price.isdecimal() else 0,
        quantity=int(event.quantity) if event.quantity.isdecimal() else 0,
        ref=event.ref,
    )
    keys = auction.keys[key].values()  # a page open elsewhere may still sign with the one before
    if not any(signed(message, key=one, signature=event.signature) for one in keys):
        auction.findings.add(entry.where, "bid-signature", paddle=paddle)
