"""An auction run again at home: what the rules give is valid, whatever else is named."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingtang.core.trading import applications, deposits, outages
from mingtang.core.trading.applications import (
    ApplicationAdmitted,
    ApplicationFiled,
    KeyReplaced,
    OfferSealed,
    ReplaceKey,
    bid_message,
)
from mingtang.core.trading.deposits import (
    DepositArrived,
    RefundOrdered,
    RefundPaid,
    SubAccountOpened,
)
from mingtang.core.trading.lots import commands as orders
from mingtang.core.trading.lots.events import (
    BidPlaced,
    CeilingReached,
    DeadlinesShifted,
    EntryDeclared,
    LotAnnounced,
    LotClosed,
    LotResumed,
    LotSuspended,
    PaddleAppeared,
    ReserveEntered,
    Stopping,
    StopProposed,
    Verdict,
)
from mingtang.core.trading.records import AuctionRecord, Piece, format_record
from mingtang.core.wire import Sealed
from mingtang.verifier.auction import check_auction, describe_auction
from mingtang.verifier.words import speaker

from .auction_examples import (
    CLOSES,
    LOT,
    MONDAY,
    OPENS,
    SECOND,
    THURSDAY,
    WAYS,
    YUAN,
    Happened,
    Sale,
    booking,
    drawn,
    dutch,
    emission_rights,
    judicial,
    key_of,
    listing,
    one_shot,
    record_of,
    reverse,
    sign,
)
from .logwords import LOG, OTHER_WITNESS, WITNESS, Signer, head_of, signed
from .test_verifier import flips, in_a_process, verify, written

MINUTE = timedelta(minutes=1)


# What is so is valid


@pytest.mark.parametrize("way", WAYS)
def test_an_auction_of_every_way_is_valid_from_its_close_to_its_refunds(way):
    sale = way().close()
    assert found(sale.happened) == []
    assert found(sale.settle().happened) == []


def test_it_is_told_in_words(tmp_path, capsys):
    path = written(tmp_path / "a.auction.json", format_record(listing().close().settle().record()))
    code, said = verify(capsys, "auction", path, "--vkey", LOG.vkey)
    assert code == 0
    assert said.splitlines() == [
        "Valid: every step of the auction is in the log, and the rules give the same result.",
        "Log: log.example/演示",
        "Entries in the log: 37",
        "Lot: JY-7K2P-9QXD-1 演示地块",
        "Procedure (code, version): 演示挂牌 (listing 1)",
        "Entries checked: 36",
        "Valid bids: 4",
        "Extensions: 2",
        "Bidding ended: 2026-03-07T09:13:00+08:00",
        "Outcome: sold",
        "Winning paddle: 1002, 14000.00 yuan",
        "Reserve: 12000.00 yuan",
        "Deposits that arrived: 6000.00 yuan",
        "  paid back: 4000.00 yuan",
        "  forfeited: 0.00 yuan",
        "  gone into the price or paid over: 2000.00 yuan",
        "  still here: 0.00 yuan",
        "Cosignatures:",
        "  none checked: name the witnesses with --policy",
        "Not checked: who stands behind a paddle; what office hosts and officers held; whether"
        " there was a sealed offer that is not in this file (its bidder has the receipt).",
    ]


def test_several_winners_are_told_each_with_price_and_quantity(tmp_path, capsys):
    path = written(tmp_path / "a.auction.json", format_record(emission_rights().close().record()))
    _, said = verify(capsys, "auction", path, "--vkey", LOG.vkey)
    assert "Winning paddle: 5002, 1500.00 yuan × 50 吨\n" in said
    assert "Winning paddle: 5001, 1000.00 yuan × 40 吨\n" in said
    assert "Valid bids: 4\n" in said


@pytest.mark.parametrize("kind", [RefundPaid, deposits.PayoutPaid])
def test_a_late_payment_is_no_fault_of_the_record_and_told(tmp_path, capsys, kind):
    sale = judicial().close().settle()
    at = sale.happened[-1][1].at
    payee = {"to_account": "621", "to_name": "演示法院", "may_manage": True, "by": "P1"}
    sale.act("deposit", "a2002", deposits.OrderPayout(kept=1, at=at, **payee))
    paid_on = deposits.ConfirmPayout(number=1, booked=at, serial="1", at=at)
    sale.act("deposit", "a2002", paid_on)
    assert found(sale.happened) == []
    late = changed(sale, kind, 0, booked=sealed(at + timedelta(days=8)))
    path = written(tmp_path / "a.auction.json", format_record(record_of(late)))
    code, said_of_it = verify(capsys, "auction", path, "--vkey", LOG.vkey)
    assert code == 0
    assert "Paid later than it was due: 1 (the record is right" in said_of_it


def test_it_runs_on_python_alone(tmp_path):
    path = written(tmp_path / "a.auction.json", format_record(judicial().close().record()))
    done = in_a_process("auction", path, "--vkey", LOG.vkey)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("有效：竞价的每一步都在日志中")


def test_a_lot_nobody_bid_for_is_valid_too(tmp_path, capsys):
    sale = Sale(listing().lot.procedure, step_fen=1_000 * YUAN).close()
    assert sale.lot.closing.verdict is Verdict.NO_BIDS
    path = written(tmp_path / "a.auction.json", format_record(sale.record()))
    code, said = verify(capsys, "auction", path, "--vkey", LOG.vkey)
    assert (code, "Outcome: not sold: no bids\n" in said) == (0, True)


# What is not so is named: an operator who signs a log that is not what happened


def test_a_price_changed_breaks_the_signature():
    told = found(changed(judicial(), BidPlaced, 2, price_fen=10_700 * YUAN))
    assert told[0] == ("lot #6", "bid-signature", {"paddle": "2001"})


def test_a_price_changed_and_signed_by_nobody_but_the_bidder_shows_in_who_won():
    """The bidder may have signed two bids; which one counted follows from the log alone."""
    sale = judicial()
    message = {"lot": LOT, "paddle": "2002", "price_fen": 10_600 * YUAN, "quantity": 1}
    signature = sign("2002", bid_message(**message, ref="ref-4"))
    bent = changed(sale.close(), BidPlaced, 3, price_fen=10_600 * YUAN, signature=signature)
    assert found(bent) == [
        ("lot #9", "other-price", {"paddle": "2002", "due": 1_060_000, "found": 1_050_000})
    ]


def test_a_bid_dropped_shows_in_all_that_follows_from_it():
    sale = judicial().close()
    told = found(without(sale.happened, BidPlaced, 3))
    assert codes(told) == [
        "without-act",  # the paddle that appeared for it
        "other-winner",
        "other-count",
        "other-count",
        "other-extensions",
        "other-end",
    ]
    assert told[1][2] == {"due": "2001", "found": "2002"}


def test_a_bid_dropped_from_the_file_alone_leaves_a_gap():
    record = judicial().close().record()
    for place, piece in enumerate(record.pieces):
        if b"lot.bid-placed" in piece.leaf:
            rest = record.pieces[:place] + record.pieces[place + 1 :]
            told = told_of(replace(record, pieces=rest))
            assert "not-in-sequence" in codes(told)


def test_two_bids_swapped_are_against_the_rules():
    sale = listing().close()
    (one, first), (other, second) = (
        (n, sale.happened[n][1]) for n in (place_of(sale.happened, BidPlaced, k) for k in (2, 3))
    )
    bent = [*sale.happened]
    bent[one], bent[other] = bent[other], bent[one]
    assert codes(found(bent))[:2] == ["time-goes-back", "rule-broken"]

    # With numbers and times put right nothing but the prices tells: the signatures hold.
    moments = ("no", "received", "at")
    bent[one] = (f"lot/{LOT}", replace(second, **{n: getattr(first, n) for n in moments}))
    bent[other] = (f"lot/{LOT}", replace(first, **{n: getattr(second, n) for n in moments}))
    told = found(bent)
    assert told[0] == ("lot #10", "rule-broken", {"rule": "lot.leading-already"})
    assert "other-winner" in codes(told)


def test_an_extension_missing_is_named_with_the_end_there_should_be():
    sale = listing().close()
    end = CLOSES + 5 * MINUTE + 5 * MINUTE
    told = found(changed(sale, LotClosed, 0, extensions=1, ended=end))
    assert told == [
        ("lot #12", "other-extensions", {"name": "extensions", "due": "2", "found": "1"}),
        (
            "lot #12",
            "other-end",
            {
                "name": "ended",
                "due": '"2026-03-07T09:13:00+08:00"',
                "found": '"2026-03-07T09:10:00+08:00"',
            },
        ),
    ]


def test_a_lot_closed_before_its_end_is_against_the_rules():
    sale = listing().close()
    closed = sale.happened[place_of(sale.happened, LotClosed, 0)][1]
    told = found(changed(sale, LotClosed, 0, at=closed.at - 2 * MINUTE))
    assert told[0] == ("lot #12", "rule-broken", {"rule": "lot.not-over"})


def test_a_later_end_is_named():
    sale = dutch().close()
    ended = sale.lot.closing.ended + MINUTE
    assert codes(found(changed(sale, LotClosed, 0, ended=ended))) == ["other-end"]


@pytest.mark.parametrize("way", WAYS)
def test_another_winner_is_named(way):
    sale = way().close()
    awards = sale.lot.closing.awards
    others = [p for p in paddles_of(sale) if p not in {award.paddle for award in awards}]
    bent = (replace(awards[0], paddle=others[0]), *awards[1:])
    told = found(changed(sale, LotClosed, 0, awards=bent))
    assert ("other-winner", {"due": said(awards), "found": said(bent)}) in [t[1:] for t in told]


@pytest.mark.parametrize("way", WAYS)
def test_another_price_is_named(way):
    sale = way().close()
    awards = sale.lot.closing.awards
    bent = (replace(awards[0], price_fen=awards[0].price_fen - YUAN), *awards[1:])
    assert codes(found(changed(sale, LotClosed, 0, awards=bent))) == ["other-price"]


def test_another_share_of_what_there_is_is_named():
    sale = emission_rights().close()
    first, second = sale.lot.closing.awards
    bent = (replace(first, quantity=first.quantity - 10), replace(second, quantity=50))
    assert found(changed(sale, LotClosed, 0, awards=bent)) == [
        ("lot #2", "other-quantity", {"paddle": "5002", "due": 50, "found": 40}),
        ("lot #2", "other-quantity", {"paddle": "5001", "due": 40, "found": 50}),
    ]


def test_a_sale_told_as_failed_is_named():
    sale = listing().close()
    bent = changed(sale, LotClosed, 0, verdict=Verdict.BELOW_RESERVE, awards=())
    told = found(without(bent, type(bent[-1][1]), 0))
    assert codes(told) == ["other-verdict", "other-winner"]


def test_another_reserve_than_the_two_entered_is_named():
    sale = listing().close()
    bent = changed(sale, LotClosed, 0, reserve_fen=15_000 * YUAN)
    assert codes(found(bent)) == ["other-reserve"]
    bent = changed(sale, ReserveEntered, 1, amount=Sealed(str(15_000 * YUAN)))
    assert codes(found(bent))[0] == "rule-broken"


def test_a_draw_from_something_else_is_named():
    sale = drawn().close()
    draw = replace(sale.lot.closing.draw, seed="another seed")
    assert codes(found(changed(sale, LotClosed, 0, draw=draw))) == ["other-draw"]
    bent = changed(sale, LotAnnounced, 0, seed=Sealed("another seed"))
    assert "other-draw" in codes(found(bent))


def test_a_nonce_changed_breaks_its_signature_and_the_draw():
    told = found(changed(drawn().close(), EntryDeclared, 0, nonce=Sealed("another")))
    assert codes(told)[0] == "bid-signature"
    assert "other-draw" in codes(told)


@pytest.mark.parametrize("way", [listing, judicial, dutch])
def test_a_signature_changed_is_named(way):
    sale = way().close()
    bid = sale.happened[place_of(sale.happened, BidPlaced, 0)][1]
    other = "B" if bid.signature[0] == "A" else "A"
    bent = changed(sale, BidPlaced, 0, signature=other + bid.signature[1:])
    assert codes(found(bent)) == ["bid-signature"]
    for nothing in ("", "!", "é", bid.signature[:-2]):
        assert codes(found(changed(sale, BidPlaced, 0, signature=nothing))) == ["bid-signature"]


@pytest.mark.parametrize("way", [reverse, emission_rights, one_shot])
def test_a_sealed_offer_changed_breaks_its_signature(way):
    sale = way().close()
    told = found(changed(sale, OfferSealed, 0, price=Sealed(str(19_000 * YUAN))))
    assert "bid-signature" in codes(told)


def test_a_sealed_offer_left_out_shows_in_the_closing():
    sale = reverse().close()
    told = found(without(sale.happened, OfferSealed, 1))
    assert codes(told) == ["other-offers", "other-count", "other-count"]


def test_a_key_of_somebody_else_is_named():
    """The operator bids for a bidder under a key of its own."""
    sale = judicial()
    bent = changed(sale.close(), PaddleAppeared, 0, key=key_of("9999"))
    told = found(bent)
    assert told[0] == ("lot #2", "other-key", {"paddle": "2001"})
    assert codes(told).count("bid-signature") == 2


def test_a_key_bound_in_the_application_afterwards_does_not_fit_the_paddle():
    told = found(changed(judicial().close(), ApplicationFiled, 0, key=Sealed(key_of("9999"))))
    assert codes(told) == ["other-key"]


def test_another_rank_than_was_granted_is_named():
    told = found(changed(judicial().close(), ApplicationAdmitted, 1, rank=Sealed("0")))
    assert ("other-rank", {"paddle": "2002", "due": 0, "found": 1}) in [t[1:] for t in told]


def test_a_paddle_nobody_was_given_is_named():
    told = found(changed(judicial().close(), ApplicationAdmitted, 0, paddle=Sealed("2999")))
    assert ("paddle-unknown", {"paddle": "2001"}) in [t[1:] for t in told]


def test_one_paddle_given_to_two_is_named():
    told = found(changed(judicial().close(), ApplicationAdmitted, 2, paddle=Sealed("2001")))
    assert ("paddle-twice", {"paddle": "2001"}) in [t[1:] for t in told]


def test_a_deposit_booked_late_is_not_one_paid_in_time():
    """The bank's booking counts, whatever the centre made of it."""
    late = sealed(booking("2001", 0).booked + timedelta(days=4))
    sale = judicial().close()
    told = found(changed(sale, DepositArrived, 0, booked=late))
    assert told == [
        ("deposit #3", "not-as-ruled", {"name": "counted_fen", "due": '"0"', "found": '"200000"'})
    ]
    bent = changed(sale, DepositArrived, 0, booked=late, counted_fen=Sealed("0"))
    assert ("not-paid", {"paddle": "2001"}) in [t[1:] for t in found(bent)]


def test_a_deposit_that_never_came_is_named():
    sale = judicial().close()
    told = found(without(sale.happened, DepositArrived, 0))
    assert told == [("lot #2", "not-paid", {"paddle": "2001"})]


@pytest.mark.parametrize(
    ("name", "value"),
    [("due_fen", str(1_000 * YUAN)), ("deadline", OPENS.isoformat())],
)
def test_other_terms_of_a_deposit_than_were_announced_are_named(name, value):
    told = found(changed(judicial().close(), SubAccountOpened, 0, **{name: Sealed(value)}))
    assert ("deposit #1", "not-as-ruled", name) in [(w, c, d.get("name")) for w, c, d in told]


def test_a_refund_of_less_is_named_with_what_is_left():
    sale = judicial().close().settle()
    bent = changed(sale, RefundOrdered, 0, held_fen=Sealed(str(1_500 * YUAN)))
    bent = changed(bent, RefundPaid, 0, amount_fen=Sealed(str(1_500 * YUAN)))
    assert found(bent) == [
        ("deposit/a2001", "refund-incomplete", {"paddle": "2001", "left": 50_000})
    ]


def test_a_payment_that_is_not_what_was_ordered_is_named():
    sale = judicial().close().settle()
    told = found(changed(sale, RefundPaid, 0, amount_fen=Sealed(str(1_500 * YUAN))))
    assert told == [
        (
            "deposit #6",
            "not-as-ruled",
            {"name": "amount_fen", "due": '"200000"', "found": '"150000"'},
        )
    ]


def test_a_refund_before_the_end_is_against_the_rules():
    sale = judicial().close().settle()
    order = place_of(sale.happened, RefundOrdered, 0)
    first = place_of(sale.happened, BidPlaced, 0)
    bent = [*sale.happened]
    bent.insert(first, bent.pop(order))
    assert ("rule-broken", {"rule": "deposit.not-ended"}) in [t[1:] for t in found(bent)]


def test_a_losers_deposit_does_not_go_into_a_price():
    sale = judicial().close().settle()
    stream = "deposit/a2002"
    bent = [("deposit/a2001" if s == stream else stream if s == "deposit/a2001" else s, e)
            for s, e in sale.happened]  # fmt: skip
    assert ("transfer-unfounded", {"paddle": "2001"}) in [t[1:] for t in found(bent)]


def test_a_ceiling_nobody_reached_is_named():
    sale = one_shot().close()
    place = place_of(sale.happened, CeilingReached, 0)
    told = found([*sale.happened[: place - 1], *sale.happened[place:]])
    assert "without-act" in codes(told)


# What moves the times, and who stops a lot


def shifted() -> Sale:
    """An interruption over the end moves it to two hours after the service came back."""
    sale = judicial()
    began, recovered = CLOSES + 2 * MINUTE, CLOSES + 10 * MINUTE
    said_of_it = {"began": began, "recovered": recovered, "rule": outages.RULE, "at": recovered}
    sale.act("outage", "O1", outages.RecordOutage(service="bidding", **said_of_it))
    sale.act("lot", LOT, orders.ShiftDeadlines(outage="O1", **said_of_it))
    return sale.close()


def test_an_interruption_moves_the_end_by_its_rule():
    sale = shifted()
    assert sale.lot.closing.ended == CLOSES + 10 * MINUTE + timedelta(hours=2)
    assert found(sale.happened) == []
    longer = changed(sale, DeadlinesShifted, 0, end=CLOSES + timedelta(hours=9))
    assert found(longer)[0][1] == "not-as-ruled"
    shorter = changed(sale, outages.OutageRecorded, 0, recovered=CLOSES + 5 * MINUTE)
    assert found(shorter)[0][1] == "not-as-ruled"


def test_a_shift_without_its_interruption_is_named():
    told = found(without(shifted().happened, outages.OutageRecorded, 0))
    assert ("outage-missing", {"outage": "O1"}) in [t[1:] for t in told]


def paused() -> Sale:
    sale, at = judicial(), CLOSES + 2 * MINUTE
    host = {"hosts": True, "at": at}
    sale.act(
        "lot",
        LOT,
        orders.ProposeStop(stopping=Stopping.PAUSE, reason="核实情况", by="P-host", **host),
    )
    sale.act("lot", LOT, orders.ConfirmStop(agrees=True, by="P-other-host", **host))
    later = at + timedelta(hours=1)
    resume = orders.ResumeLot(resumes=later, may_resume=True, by="P-host", at=at + MINUTE)
    sale.act("lot", LOT, resume)
    return sale.close()


def test_a_pause_takes_two_and_moves_the_end_by_as_much():
    sale = paused()
    assert sale.lot.closing.ended == CLOSES + 6 * MINUTE + timedelta(hours=1)
    assert found(sale.happened) == []
    told = found(changed(sale, LotSuspended, 0, by="P-host"))
    assert told == [("lot #10", "rule-broken", {"rule": "lot.same-person"})]
    told = found(without(sale.happened, StopProposed, 0))
    assert told[0] == ("lot #9", "rule-broken", {"rule": "lot.nothing-proposed"})
    assert "rule-broken" in codes(found(without(sale.happened, LotResumed, 0)))


def test_a_bid_while_it_was_paused_does_not_count():
    sale = paused()
    place = place_of(sale.happened, LotSuspended, 0)
    last = place_of(sale.happened, BidPlaced, 3)
    bent = [*sale.happened]
    bent.insert(place, bent.pop(last))
    told = found(bent)
    assert ("rule-broken", {"rule": "lot.suspended"}) in [t[1:] for t in told]


def test_who_is_barred_may_lose_the_deposit_and_who_is_not_may_not():
    sale = judicial().close()
    forfeit = deposits.Forfeit(
        amount_fen=2_000 * YUAN,
        to=deposits.TransferTo.SELLER,
        reason="悔拍",
        due_at=sale.happened[-1][1].at,
        ended=True,
        founded=True,
        may_manage=True,
        by="system",
        at=sale.happened[-1][1].at,
    )
    sale.act("deposit", "a2002", forfeit)
    assert found(sale.happened) == [("deposit/a2002", "forfeit-unfounded", {"paddle": "2002"})]
    sale = judicial().close()
    said_of_it = {"reason": "逾期", "manages": True, "by": "P1", "at": forfeit.at}
    sale.act("lot", LOT, orders.RecordDefault(paddle="2002", **said_of_it))
    sale.act("deposit", "a2002", forfeit)
    assert found(sale.happened) == []


def test_a_key_replaced_goes_on_and_the_paddle_says_which_it_is():
    sale = judicial()
    at = CLOSES + 2 * MINUTE
    key = key_of("9001")
    sale.act("application", "a2001", ReplaceKey(person="P2001", key=key, at=at))
    message = {"lot": LOT, "paddle": "2001", "price_fen": 10_700 * YUAN, "quantity": 1}
    signature = sign("9001", bid_message(**message, ref="ref-5"))
    said_of_it = {"key": key, "key_no": 2, "signature": signature}
    sale.bid("2001", 10_700 * YUAN, at + SECOND, **said_of_it)
    assert found(sale.close().happened) == []
    told = found(without(sale.happened, KeyReplaced, 0))
    assert told == [("lot #9", "other-key", {"paddle": "2001"})]


def test_all_that_may_happen_on_the_way_is_run_again():
    """A change notice, a refusal, a withdrawal, a stop declined, a bar, a refund that failed."""
    sale = Sale(judicial().lot.procedure, step_fen=100 * YUAN)
    for paddle in ("2001", "2002", "2003", "2004"):
        sale.bidder(paddle)
    filed = next(e for _, e in sale.happened if isinstance(e, ApplicationFiled))
    sale.states["application/a2009"] = applications.evolve(applications.State(), filed)
    sale.happened.append(("application/a2009", filed))
    early, officer = {"at": MONDAY + timedelta(hours=3)}, {"qualifies": True, "by": "P-officer"}
    refusal = applications.RefuseApplication(reason="材料不全", **officer, **early)
    sale.act("application", "a2009", refusal)
    leaves = {"sign_up_until": THURSDAY, "has_bid": False, **early}
    sale.act("application", "a2004", applications.WithdrawApplication(person="P2004", **leaves))
    times = replace(sale.content.times, deposit_until=THURSDAY + MINUTE, closes=CLOSES + MINUTE)
    change = orders.ChangeLot(
        content=replace(sale.content, times=times), reason="更正", by="P-officer", **early
    )
    sale.act("lot", LOT, change)
    for paddle in ("2001", "2002", "2003"):
        moved = deposits.MoveDeadline(deadline=THURSDAY + MINUTE, by="P-officer", **early)
        sale.act("deposit", f"a{paddle}", moved)
    host = {"hosts": True, "at": OPENS + SECOND}
    pause = {"stopping": Stopping.PAUSE, "reason": "核实情况", "by": "P-host"}
    sale.act("lot", LOT, orders.ProposeStop(**pause, **host))
    sale.act("lot", LOT, orders.ConfirmStop(agrees=False, by="P-other-host", **host))
    barred = orders.BarPaddle(paddle="2003", reason="串通", by="P-host", **host)
    sale.act("lot", LOT, barred)
    sale.bid("2001", 10_000 * YUAN, OPENS + MINUTE)
    sale.bid("2002", 11_000 * YUAN, OPENS + 2 * MINUTE)
    assert found(sale.close().happened) == []

    after = sale.happened[-1][1].at
    refund = deposits.OrderRefund(
        amount_fen=None,
        reason="未竞得",
        due_at=after,
        ended=True,
        may_manage=True,
        by="system",
        at=after,
    )
    failed = deposits.ReportRefundFailure(number=1, reason="账户已销户", at=after)
    paid = deposits.ConfirmRefund(number=2, booked=after, serial="1", at=after)
    closed = deposits.CloseSubAccount(may_manage=True, by="P1", at=after)
    for order in (refund, failed, refund, paid, closed):
        sale.act("deposit", "a2001", order)
    assert found(sale.happened) == []


def test_a_lot_halted_with_its_project_ends_without_a_sale(tmp_path, capsys):
    sale = judicial()
    why = {"reason": "权属争议", "by": "P-officer", "at": CLOSES + 2 * MINUTE}
    sale.act("lot", LOT, orders.HaltLot(stopping=Stopping.END, **why))
    path = written(tmp_path / "a.auction.json", format_record(sale.record()))
    code, said_of_it = verify(capsys, "auction", path, "--vkey", LOG.vkey)
    assert (code, "Outcome: stopped, not sold\n" in said_of_it) == (0, True)


# Whatever is changed


def test_whatever_is_changed_is_named_but_what_nothing_follows_from():
    """Each field of each kind of event, once: what may differ unnoticed is this and no more."""
    unnoticed: dict[str, set[str]] = {}
    for way in (listing, judicial, one_shot):
        happened, tried = way().close().settle().happened, set()
        for place, (stream, event) in enumerate(happened):
            for name, value in bent_fields(event):
                if (event.kind, name) in tried or isinstance(event, LotAnnounced):
                    continue  # what is announced is where everything follows from
                tried.add((event.kind, name))
                bent = [*happened]
                bent[place] = (stream, replace(event, **{name: value}))
                if not found(bent):
                    unnoticed.setdefault(event.kind, set()).add(name)
    assert unnoticed == {kind: names | {"at"} for kind, names in UNNOTICED.items()}


UNNOTICED: dict[str, set[str]] = {
    "application.filed.v1": {"documents", "id_number", "name", "person", "phone", "priority"},
    "application.admitted.v1": {"by"},
    "application.offer-sealed.v1": set(),
    "deposit.opened.v1": {"account", "payer_name"},
    "deposit.registered.v1": set(),
    "deposit.arrived.v1": {
        "booked",  # a second later is still in time
        "institution",
        "memo",
        "payer_account",
        "payer_name",
        "sequence",
        "serial",
    },
    "deposit.refund-ordered.v1": {"by", "due_at", "reason", "to_account", "to_name"},
    "deposit.refund-sent.v1": {"batch", "by"},
    "deposit.refund-paid.v1": {"booked", "serial"},
    "deposit.transferred.v1": {"by", "due_at", "reason"},
    "lot.bid-placed.v1": set(),
    "lot.entry-declared.v1": set(),
    "lot.reserve-entered.v1": {"by"},
    "lot.closed.v1": set(),
    "lot.winners-named.v1": set(),
    "lot.contract-recorded.v1": {"amount_fen", "by", "number"},
}


def bent_fields(event: Any) -> Iterator[tuple[str, Any]]:
    for name in (field.name for field in fields(event)):
        value = bent_value(getattr(event, name))
        if value is not None:
            yield name, value


def bent_value(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case StrEnum():
            others = [*type(value)]
            return others[(others.index(value) + 1) % len(others)]
        case int():
            return value + 1
        case datetime():
            return value + SECOND
        case str() if value.isdecimal():
            return str(int(value) + 1)
        case str() if value.startswith("2026-"):
            return (datetime.fromisoformat(value) + SECOND).isoformat()
        case str():
            return value + "x"
        case _:
            return None


@pytest.mark.parametrize(
    "leaf",
    [
        b"{}",
        b"[]",
        b"not JSON",
        b"\xff",
        b'{"_seq":1.5,"_stream":"lot/x","kind":"lot.closed.v1"}',
        b'{"_seq":1,"_stream":"\\ud800","kind":"lot.closed.v1"}',
        b'{"_seq":1,"_stream":"lot/x","kind":' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"_seq":1,"_stream":"lot/JY-7K2P-9QXD-1","kind":"lot.unheard-of.v1"}',
        b'{"_seq":1,"_stream":"lot/JY-7K2P-9QXD-1","kind":"lot.closed.v1"}',
        b'{"_seq":"1","_stream":"lot/JY-7K2P-9QXD-1","by":"P","at":"2026-03-02T09:00:00+08:00"}',
        b'{"_seq":1,"_stream":"lot/x","at":"2026-03-02","by":"P","kind":"lot.stop-declined.v1"}',
        b'{"_seq":1,"_stream":"lot/x","at":"2026-03-02T09:00:00","by":"P",'
        b'"kind":"lot.stop-declined.v1"}',
        b'{"_seq":1,"_stream":"lot/x","at":"2026-03-02T09:00:00+08:00","by":1,'
        b'"kind":"lot.stop-declined.v1"}',
        b'{"_seq":1,"_stream":"lot/x","at":"2026-03-02T09:00:00+08:00","by":"P","more":1,'
        b'"kind":"lot.stop-declined.v1"}',
        b'{"_seq":1, "_stream":"lot/x","at":"2026-03-02T09:00:00+08:00","by":"P",'
        b'"kind":"lot.stop-declined.v1"}',
    ],
)
def test_an_entry_that_cannot_be_read_is_named(leaf):
    proof = signed(head_of([leaf]))
    record = AuctionRecord(lot=LOT, pieces=(Piece(index=0, leaf=leaf, path=()),), checkpoint=proof)
    assert codes(told_of(record)) == ["form", "stream-missing"]


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        (BidPlaced, "price_fen", "1000000"),
        (BidPlaced, "price_fen", True),
        (BidPlaced, "paddle", 2001),
        (LotClosed, "awards", ({"paddle": "2001"},)),
        (LotClosed, "verdict", "nonsense"),
        (LotAnnounced, "procedure", None),
        (LotAnnounced, "content", {}),
    ],
)
def test_a_value_of_another_type_is_named(kind, name, value):
    told = found(changed(judicial().close(), kind, 0, **{name: value}))
    assert told[0][1] == "form"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (ApplicationAdmitted, "rank"),
        (OfferSealed, "price"),
        (OfferSealed, "quantity"),
        (ReserveEntered, "amount"),
        (SubAccountOpened, "due_fen"),
        (SubAccountOpened, "deadline"),
        (DepositArrived, "booked"),
        (DepositArrived, "amount_fen"),
        (RefundOrdered, "held_fen"),
        (RefundOrdered, "due_at"),
    ],
)
def test_a_sealed_value_that_is_none_is_named(kind, name):
    way = listing if kind is ReserveEntered else one_shot
    told = found(changed(way().close().settle(), kind, 0, **{name: Sealed("nonsense")}))
    assert {"form", "rule-broken"} & {*codes(told)}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(WAYS), st.randoms(use_true_random=False))
def test_whatever_a_log_holds_is_told_and_trips_nothing(way, chance):
    happened = way().close().settle().happened
    for _ in range(chance.randint(1, 4)):
        one, other = chance.randrange(len(happened)), chance.randrange(len(happened))
        match chance.randrange(4):
            case 0:
                happened.pop(one)
            case 1:
                happened.insert(one, happened[other])
            case 2:
                happened[one], happened[other] = happened[other], happened[one]
            case _:
                happened[one] = (happened[other][0], happened[one][1])
    checked = check_auction(format_record(record_of(happened)).encode(), log=LOG.key, policy=None)
    for refused in checked.found:
        assert refused.word(speaker("zh"))
    if not checked.found:
        assert describe_auction(checked, speaker("en"))


def test_nothing_announced_nothing_follows():
    told = found(without(judicial().close().settle().happened, LotAnnounced, 0))
    assert "rule-broken" in codes(told)


# What is in the file besides


def test_a_disclosure_changed_is_named():
    record = judicial().close().record()
    for place, piece in enumerate(record.pieces):
        for n, disclosure in enumerate(piece.disclosures):
            value = {"rank": "1", "paddle": "2001"}.get(disclosure.name, "1")
            bent = replace(disclosure, value=value + "0")
            disclosures = (*piece.disclosures[:n], bent, *piece.disclosures[n + 1 :])
            told = told_of(with_piece(record, place, disclosures=disclosures))
            assert (f"entry {piece.index}", "disclosure", {"name": disclosure.name}) in told


def test_a_disclosure_twice_is_named():
    record = judicial().close().record()
    [seed] = record.pieces[0].disclosures
    told = told_of(with_piece(record, 0, disclosures=(seed, seed)))
    assert told[0] == ("entry 1", "disclosure-twice", {"name": "seed"})


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("lot.entry-declared.v1", "nonce"),
        ("application.admitted.v1", "rank"),
        ("application.offer-sealed.v1", "price"),
        ("application.offer-sealed.v1", "signature"),
        ("deposit.arrived.v1", "booked"),
        ("deposit.opened.v1", "deadline"),
    ],
)
def test_what_is_not_shown_is_named(kind, name):
    happened = one_shot().close().settle().happened
    told = told_of(record_of(happened, hide=((kind, name),)))
    assert ("not-shown", {"name": name}) in [t[1:] for t in told]


def test_every_changed_byte_of_a_file_is_refused(tmp_path, capsys):
    good = format_record(dutch().close().record()).encode()
    for place, bent in flips(good):
        if place % 41:
            continue
        path = written(tmp_path / "a.auction.json", bent)
        code, said_of_it = verify(capsys, "auction", path, "--vkey", LOG.vkey)
        assert (code, said_of_it[:9]) == (1, "Refused: "), place


def test_an_entry_changed_is_not_in_the_log():
    record = judicial().close().record()
    for place, piece in enumerate(record.pieces):
        bent = piece.leaf.replace(b'"_seq":', b'"_seq": ')
        told = told_of(with_piece(record, place, leaf=bent))
        assert (f"entry {piece.index}", "inclusion", {}) in told


def test_another_path_or_index_is_not_in_the_log():
    record = judicial().close().record()
    last = len(record.pieces) - 1
    for bent in (
        with_piece(record, 3, path=record.pieces[4].path),
        with_piece(record, 3, path=()),
        with_piece(record, last, index=record.pieces[last].index + 1),
    ):
        assert "inclusion" in codes(told_of(bent))


def test_a_file_of_another_lot_is_named():
    record = judicial().close().record()
    told = told_of(replace(record, lot="JY-7K2P-9QXD-2"))
    assert codes(told).count("other-stream") == len({s for s, _ in judicial().close().happened})
    assert told[-1] == ("lot/JY-7K2P-9QXD-2", "stream-missing", {})


def test_a_lot_that_is_not_over_proves_nothing_yet():
    assert found(judicial().happened) == [(f"lot/{LOT}", "not-closed", {})]


# How it is run


def test_a_policy_asks_for_its_witnesses_here_too(tmp_path, capsys):
    policy = written(tmp_path / "policy", f"witness w1 {WITNESS.vkey}\nquorum w1\n")
    for witness, code in ((WITNESS, 0), (OTHER_WITNESS, 1)):
        text = format_record(record_of(dutch().close().happened, witnesses=(witness,)))
        path = written(tmp_path / "a.auction.json", text)
        asked = ("auction", path, "--vkey", LOG.vkey, "--policy", policy)
        assert verify(capsys, *asked)[0] == code


def test_another_log_is_refused(tmp_path, capsys):
    path = written(tmp_path / "a.auction.json", format_record(dutch().close().record()))
    code, said_of_it = verify(capsys, "auction", path, "--vkey", Signer("other.example").vkey)
    assert (code, said_of_it) == (
        1,
        "Refused: checkpoint: signature does not hold: no signature of a known key\n",
    )


@pytest.mark.parametrize("text", [b"\xff", b"", b"{}", b"[]"])
def test_what_is_no_record_is_refused(tmp_path, capsys, text):
    path = written(tmp_path / "a.auction.json", text)
    code, said_of_it = verify(capsys, "auction", path, "--vkey", LOG.vkey)
    assert (code, said_of_it[:26]) == (1, "Refused: record: malformed")


def test_findings_are_told_with_their_entries_and_counted(tmp_path, capsys):
    bent = changed(judicial().close(), LotClosed, 0, extensions=7)
    path = written(tmp_path / "a.auction.json", format_record(record_of(bent)))
    assert verify(capsys, "auction", path, "--vkey", LOG.vkey) == (
        1,
        f"Refused: entry 24 (lot/{LOT} #9): 7 extensions, counted: 2\nplaces that differ: 1\n",
    )


# ── Words ───────────────────────────────────────────────────────────────────

Told = tuple[str, str, dict[str, Any]]


def found(happened: Happened) -> list[Told]:
    """Return what is wrong with the record of such a log: place, code, details."""
    return [(_short(where), code, details) for where, code, details in told_of(record_of(happened))]


def told_of(record: AuctionRecord) -> list[Told]:
    checked = check_auction(format_record(record).encode(), log=LOG.key, policy=None)
    return [(f.where, f.code, f.details) for f in checked.found]


def _short(where: str) -> str:
    """Return "lot #7" of "entry 12 (lot/JY-7K2P-9QXD-1 #7)"."""
    if "(" not in where:
        return where
    stream, seq = where.partition("(")[2].rstrip(")").split(" ")
    return f"{stream.partition('/')[0]} {seq}"


def codes(told: list[Told]) -> list[str]:
    return [code for _, code, _ in told]


def said(awards: Any) -> str:
    return ", ".join(award.paddle for award in awards)


def sealed(moment: Any) -> Sealed:
    return Sealed(moment.isoformat())


def paddles_of(sale: Sale) -> list[str]:
    return [s.paddle for stream, s in sale.states.items() if stream.startswith("application/")]


def place_of(happened: Happened, kind: type, number: int) -> int:
    return [n for n, (_, event) in enumerate(happened) if isinstance(event, kind)][number]


def changed(sale: Sale | Happened, kind: type, number: int, **values: Any) -> Happened:
    """Return what happened with the fields of one event changed."""
    happened = [*(sale.happened if isinstance(sale, Sale) else sale)]
    place = place_of(happened, kind, number)
    stream, event = happened[place]
    happened[place] = (stream, replace(event, **values))
    return happened


def without(happened: Happened, kind: type, number: int) -> Happened:
    place = place_of(happened, kind, number)
    return [*happened[:place], *happened[place + 1 :]]


def with_piece(record: AuctionRecord, place: int, **values: Any) -> AuctionRecord:
    pieces = [*record.pieces]
    pieces[place] = replace(pieces[place], **values)
    return replace(record, pieces=tuple(pieces))
