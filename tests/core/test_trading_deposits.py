"""A deposit (保证金): what the bank books, when it counts, where it goes, and the books."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.core.decider import Refused
from mingtang.core.trading import deposits, strays
from mingtang.core.trading.banking import (
    LONGEST,
    MOST_FEN,
    Account,
    balanced,
    reference,
    same_name,
    trial_balance,
)
from mingtang.core.trading.deposits import RefundStep, Status, TransferTo
from mingtang.core.trading.parameters import Period, Unit
from mingtang.core.trading.refunds import RefundDue, refund_due
from mingtang.core.trading.strays import StrayStatus
from mingtang.core.wire import ERASED, Wire
from mingtang.core.worktime import WorkCalendar
from tests.core.deposit_examples import (
    AFTER,
    APPROVE,
    BOOKING,
    CLOSE,
    CONFIRM,
    CONFIRM_PAYOUT,
    CONFIRM_RETURN,
    DEADLINE,
    DECLINE,
    DUE,
    FAIL,
    FAIL_PAYOUT,
    FAIL_RETURN,
    FORFEIT,
    MONDAY,
    OPEN,
    PAY_OUT,
    PAYOUT_DUE,
    POSTPONE,
    REFUND,
    REFUND_DUE,
    REGISTER,
    RETURN,
    SEND,
    SEND_PAYOUT,
    SEND_RETURN,
    STRAY,
    TRANSFER,
    arrives,
    booking,
)
from tests.core.work_calendars import YEAR_2026
from tests.words import refused

SECOND = timedelta(seconds=1)
PART = arrives(200_000)
REST = arrives(300_000, serial="FL0002")
LATE = arrives(booked=DEADLINE + SECOND)
ON_TIME = arrives(booked=DEADLINE)


def told(*commands: deposits.Command) -> list[deposits.Event]:
    """Return all that happens when these commands are carried out."""
    state, events = deposits.State(), []
    for command in commands:
        for event in deposits.decide(state, command):
            state = deposits.evolve(state, event)
            events.append(event)
    return events


def after(*commands: deposits.Command) -> deposits.State:
    return deposits.DECIDER.replay(told(*commands))


def then(state: deposits.State, command: deposits.Command) -> deposits.Event:
    [event] = deposits.decide(state, command)
    return event


def stray(*commands: strays.Command) -> list[strays.Event]:
    state, events = strays.State(), []
    for command in commands:
        for event in strays.decide(state, command):
            state = strays.evolve(state, event)
            events.append(event)
    return events


def balance(*commands: deposits.Command) -> dict[Account, int]:
    """Return what the accounts hold that hold anything."""
    sums = trial_balance(p for event in told(*commands) for p in deposits.postings(event))
    assert balanced(sums)
    return {account: fen for account, fen in sums.items() if fen}


# ── Opening ─────────────────────────────────────────────────────────────────


def test_a_sub_account_is_opened_with_everything_about_it_under_seal():
    event = then(deposits.State(), OPEN)
    assert event == deposits.SubAccountOpened(
        account="955900000000001",
        due_fen="500000",
        deadline="2026-03-06T17:00:00+08:00",
        payer_name="演示(竞买)有限公司",
        at=MONDAY,
    )
    face, opened = Wire(deposits.EVENTS).encode(event, iter("abcd"))
    assert [one.name for one in opened] == ["account", "due_fen", "deadline", "payer_name"]
    assert b"955900" not in face
    assert b"500000" not in face
    assert b"17:00" not in face


@pytest.mark.parametrize(
    ("before", "command", "code"),
    [
        ((OPEN,), OPEN, "already-open"),
        ((), replace(OPEN, account=" "), "account-missing"),
        ((), replace(OPEN, due_fen=0), "amount-wrong"),
        ((), ON_TIME, "not-open"),
        ((), REGISTER, "not-open"),
        ((), POSTPONE, "not-open"),
        ((), CLOSE, "not-open"),
        ((OPEN, CLOSE), ON_TIME, "closed"),
        ((OPEN, CLOSE), OPEN, "already-open"),
        ((OPEN, REGISTER), REGISTER, "already-registered"),
        ((OPEN,), replace(POSTPONE, deadline=DEADLINE), "deadline-not-later"),
        ((OPEN,), replace(CLOSE, may_manage=False), "not-treasurer"),
        ((OPEN, ON_TIME), CLOSE, "not-empty"),
        ((OPEN, LATE), CLOSE, "not-empty"),
        ((OPEN, ON_TIME, REFUND), CLOSE, "not-empty"),
    ],
)
def test_what_an_account_does_not_do_is_refused(before, command, code):
    state = after(*before)
    with refused(f"deposit.{code}"):
        deposits.decide(state, command)


def test_the_bank_registers_an_account_once_and_it_is_closed_when_nothing_is_left():
    assert told(OPEN, REGISTER, ON_TIME, REFUND, CONFIRM, CLOSE)[1::4] == [
        deposits.SubAccountRegistered(at=MONDAY),
        deposits.SubAccountClosed(by="P-treasurer", at=AFTER),
    ]


# ── Arrivals ────────────────────────────────────────────────────────────────


def test_money_booked_by_the_deadline_counts():
    assert then(after(OPEN), ON_TIME) == deposits.DepositArrived(
        number=1,
        institution="ICBK-7",
        booked="2026-03-06T17:00:00+08:00",
        amount_fen="500000",
        counted_fen="500000",
        memo="保证金",
        serial="FL0001",
        sequence="1",
        payer_account="6222000011112222",
        payer_name="演示（竞买）有限公司",
        at=DEADLINE,
    )


@pytest.mark.parametrize(
    ("arrivals", "held", "surplus", "on_time", "status"),
    [
        ((), 0, 0, False, Status.AWAITED),
        ((ON_TIME,), DUE, 0, True, Status.PAID),
        ((LATE,), 0, DUE, False, Status.AWAITED),
        ((PART,), 200_000, 0, False, Status.SHORT),
        ((PART, REST), DUE, 0, True, Status.PAID),
        ((PART, LATE), 200_000, DUE, False, Status.SHORT),
        ((arrives(DUE + 1),), DUE, 1, True, Status.PAID),
        ((ON_TIME, REST), DUE, 300_000, True, Status.PAID),
        ((ON_TIME, LATE), DUE, DUE, True, Status.PAID),
    ],
    ids=[
        "none",
        "in time",
        "late",
        "short",
        "instalments",
        "rest late",
        "over",
        "too much",
        "twice",
    ],
)
def test_what_counts_follows_from_the_banks_own_time(arrivals, held, surplus, on_time, status):
    state = after(OPEN, *arrivals)
    assert (state.held_fen, state.surplus_fen) == (held, surplus)
    assert (state.paid_on_time, state.status) == (on_time, status)


def test_what_is_told_after_the_deadline_counts_if_it_was_booked_before():
    pushed_late = replace(ON_TIME, at=DEADLINE + timedelta(days=1))
    assert after(OPEN, pushed_late).paid_on_time


def test_the_order_in_which_the_bank_tells_changes_nothing():
    arrivals = (PART, REST, replace(LATE, booking=booking(booked=AFTER, serial="FL0003")))
    found = {
        (state.held_fen, state.surplus_fen, state.paid_on_time)
        for order in permutations(arrivals)
        for state in [after(OPEN, *order)]
    }
    assert found == {(DUE, DUE, True)}


def test_the_same_six_fields_are_not_money_twice():
    again = arrives(payer_name="别人", payer_account="1")
    with refused("deposit.already-booked") as caught:
        deposits.decide(after(OPEN, PART, arrives()), again)
    assert caught.value.facts == {"number": 2}


@pytest.mark.parametrize(
    "changed",
    [
        {"institution": "ICBK-8"},
        {"booked": MONDAY + SECOND},
        {"amount_fen": DUE - 1},
        {"memo": "保证金2"},
        {"serial": "FL0002"},
        {"sequence": "2"},
    ],
)
def test_any_of_the_six_fields_makes_it_other_money(changed):
    assert len(after(OPEN, arrives(), arrives(**changed)).arrivals) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount_fen": 0},
        {"amount_fen": MOST_FEN + 1},
        {"memo": "备" * (LONGEST + 1)},
        {"payer_name": "名" * (LONGEST + 1)},
    ],
)
def test_a_booking_that_cannot_be_one_is_refused(wrong):
    with refused("deposit.booking-wrong"):
        deposits.decide(after(OPEN), arrives(**wrong))


def test_it_is_said_when_somebody_else_paid():
    assert not after(OPEN, arrives()).payer_differs
    assert after(OPEN, arrives(payer_name="演示另一公司")).payer_differs
    assert same_name("Demo (Co)", "demo（co） ")


# ── The deadline moves ──────────────────────────────────────────────────────


def test_what_was_late_is_in_time_when_the_deadline_moves():
    state = after(OPEN, PART, LATE)
    event = then(state, POSTPONE)
    assert event == deposits.DepositDeadlineMoved(
        deadline="2026-03-07T17:00:00+08:00", counted_fen="300000", by="P-host", at=MONDAY
    )
    moved = deposits.evolve(state, event)
    assert (moved.held_fen, moved.surplus_fen, moved.paid_on_time) == (DUE, 200_000, True)


def test_what_has_gone_back_does_not_count_when_the_deadline_moves():
    home = after(OPEN, PART, replace(REFUND, ended=False), POSTPONE)
    again = deposits.evolve(home, then(home, replace(REST, at=AFTER)))
    assert (again.held_fen, again.paid_on_time) == (300_000, False)
    # The refund fails, and meanwhile everything has been paid anew: no more is held than is due.
    full = deposits.evolve(again, then(again, arrives(booked=AFTER, serial="FL0007")))
    failed = deposits.evolve(full, then(full, FAIL))
    assert (failed.held_fen, failed.surplus_fen, failed.paid_on_time) == (DUE, DUE, True)


# ── Refunds ─────────────────────────────────────────────────────────────────


def test_a_refund_goes_to_the_account_the_money_came_from():
    other = arrives(300_000, serial="FL0002", payer_account="6222000033334444", payer_name="演示乙")
    assert deposits.decide(after(OPEN, PART, other), REFUND) == [
        deposits.RefundOrdered(
            number=number,
            arrival=number,
            held_fen=held,
            surplus_fen="0",
            to_account=account,
            to_name=name,
            reason="未竞得",
            due_at=REFUND_DUE.isoformat(),
            ended=True,
            by="P-treasurer",
            at=AFTER,
        )
        for number, held, account, name in (
            (1, "200000", "6222000011112222", "演示（竞买）有限公司"),
            (2, "300000", "6222000033334444", "演示乙"),
        )
    ]


def test_what_is_late_or_too_much_goes_back_before_the_end_and_nothing_else():
    state = after(OPEN, arrives(DUE + 7), replace(LATE, booking=booking(booked=AFTER)))
    events = deposits.decide(state, replace(REFUND, ended=False))
    assert [(e.arrival, e.held_fen, e.surplus_fen) for e in events] == [
        (1, "0", "7"),
        (2, "0", "500000"),
    ]


def test_money_can_go_to_another_account_where_the_first_is_no_more():
    elsewhere = replace(REFUND, to_account="6222999", to_name="演示新户", reason="原账户已销户")
    event = then(after(OPEN, arrives()), elsewhere)
    assert (event.to_account, event.to_name) == ("6222999", "演示新户")


@pytest.mark.parametrize(
    ("changed", "code", "facts"),
    [
        ({"may_manage": False}, "not-treasurer", {}),
        ({"reason": " "}, "reason-missing", {}),
        ({"reason": "理" * 201}, "too-long", {"limit": LONGEST}),
        ({"ended": False}, "not-ended", {}),
        ({"ended": False, "amount_fen": 1}, "not-ended", {}),
        ({"amount_fen": 0}, "amount-wrong", {}),
        ({"amount_fen": DUE + 1}, "not-so-much", {"most": "5000.00"}),
    ],
)
def test_a_refund_that_may_not_be_is_refused(changed, code, facts):
    with refused(f"deposit.{code}") as caught:
        deposits.decide(after(OPEN, arrives()), replace(REFUND, **changed))
    assert caught.value.facts == facts


def test_nothing_goes_back_where_nothing_is():
    with refused("deposit.nothing-to-refund"):
        deposits.decide(after(OPEN), REFUND)
    with refused("deposit.nothing-to-refund"):
        deposits.decide(after(OPEN, arrives(), REFUND), REFUND)


def test_a_deposit_that_came_short_goes_back_once_its_time_is_over():
    early = replace(REFUND, ended=False, at=DEADLINE)
    with refused("deposit.not-ended"):
        deposits.decide(after(OPEN, PART), early)
    event = then(after(OPEN, PART), replace(early, at=DEADLINE + SECOND))
    assert (event.held_fen, event.ended) == ("200000", False)


def test_a_refund_is_sent_once_and_confirmed_by_the_banks_booking():
    state = after(OPEN, arrives(), REFUND, SEND)
    assert then(after(OPEN, arrives(), REFUND), SEND) == deposits.RefundSent(
        number=1, batch="B1", by="P-treasurer", at=AFTER
    )
    with refused("deposit.refund-already-sent"):
        deposits.decide(state, SEND)
    assert then(state, CONFIRM) == deposits.RefundPaid(
        number=1, amount_fen="500000", booked=AFTER.isoformat(), serial="FL9001", at=AFTER
    )
    paid = deposits.evolve(state, then(state, CONFIRM))
    assert (paid.refunded_fen, paid.payable_fen, paid.status) == (DUE, 0, Status.SETTLED)
    assert paid.paid_on_time
    for command in (SEND, CONFIRM, FAIL):
        with refused("deposit.refund-settled"):
            deposits.decide(paid, command)


@pytest.mark.parametrize("number", [0, 2])
def test_a_refund_nobody_ordered_is_neither_sent_nor_paid_nor_failed(number):
    state = after(OPEN, arrives(), REFUND)
    for command in (SEND, CONFIRM, FAIL):
        with refused("deposit.no-such-refund"):
            deposits.decide(state, replace(command, number=number))


def test_a_refund_that_failed_is_here_again_and_can_be_ordered_anew():
    state = after(OPEN, arrives(DUE + 7), REFUND, SEND)
    assert then(state, FAIL) == deposits.RefundFailed(
        number=1, held_fen="500000", surplus_fen="7", reason="账户已销户", at=AFTER
    )
    back = deposits.evolve(state, then(state, FAIL))
    assert (back.held_fen, back.surplus_fen, back.payable_fen) == (DUE, 7, 0)
    assert back.refunds[0].step is RefundStep.FAILED
    again = then(back, replace(REFUND, ended=False))  # that it is over has been said
    assert (again.number, again.held_fen, again.surplus_fen) == (2, "500000", "7")


# ── Forfeits and transfers ──────────────────────────────────────────────────


def test_a_deposit_is_forfeited_or_goes_where_the_rules_say():
    state = after(OPEN, arrives())
    kept = {"number": 1, "amount_fen": "500000", "due_at": PAYOUT_DUE.isoformat()}
    kept |= {"by": "P-treasurer", "at": AFTER}
    assert then(state, FORFEIT) == deposits.DepositForfeited(to="seller", reason="悔拍", **kept)
    assert then(state, TRANSFER) == deposits.DepositTransferred(
        to="court", reason="竞得，划付法院", **kept
    )
    for command in (FORFEIT, TRANSFER):
        gone = deposits.evolve(state, then(state, command))
        assert (gone.held_fen, gone.status, gone.paid_on_time) == (0, Status.KEPT, True)


@pytest.mark.parametrize("command", [FORFEIT, TRANSFER], ids=["forfeit", "transfer"])
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"may_manage": False}, "not-treasurer"),
        ({"reason": ""}, "reason-missing"),
        ({"ended": False}, "not-ended"),
        ({"founded": False}, "not-founded"),
        ({"amount_fen": -1}, "amount-wrong"),
        ({"amount_fen": DUE + 1}, "not-so-much"),
    ],
)
def test_nothing_is_kept_before_the_end_or_beyond_what_is_held(command, changed, code):
    state = after(OPEN, arrives(DUE + 7))
    with refused(f"deposit.{code}"):
        deposits.decide(state, replace(command, **changed))


# ── Paid on ─────────────────────────────────────────────────────────────────

KEPT = (OPEN, arrives(), TRANSFER)


def test_what_was_kept_is_paid_on_whole_to_whom_it_is_for():
    state = after(*KEPT)
    ordered = then(state, PAY_OUT)
    assert ordered == deposits.PayoutOrdered(
        number=1,
        kept=1,
        forfeited=False,
        amount_fen="500000",
        to_account="9999000011112222",
        to_name="演示人民法院",
        by="P-treasurer",
        at=AFTER,
    )
    state = deposits.evolve(state, ordered)
    assert (state.status, state.payable_fen, state.refunding_fen) == (Status.KEPT, DUE, 0)
    approved = then(state, APPROVE)
    assert approved == deposits.PayoutApproved(number=1, by="P-other", at=AFTER)
    state = deposits.evolve(state, approved)
    sent = then(state, SEND_PAYOUT)
    assert sent == deposits.PayoutSent(number=1, batch="B2", by="P-treasurer", at=AFTER)
    paid = then(deposits.evolve(state, sent), CONFIRM_PAYOUT)
    assert paid == deposits.PayoutPaid(
        number=1, amount_fen="500000", booked=AFTER.isoformat(), serial="FL9003", at=AFTER
    )
    state = deposits.evolve(state, paid)
    assert (state.status, state.payable_fen, state.paid_out_fen) == (Status.SETTLED, 0, DUE)
    assert then(state, CLOSE) == deposits.SubAccountClosed(by="P-treasurer", at=AFTER)


def test_a_payout_that_failed_is_ordered_anew_under_a_number_of_its_own():
    state = after(*KEPT, PAY_OUT, APPROVE, SEND_PAYOUT)
    failed = then(state, FAIL_PAYOUT)
    assert failed == deposits.PayoutFailed(
        number=1, forfeited=False, amount_fen="500000", reason="账号不存在", at=AFTER
    )
    state = deposits.evolve(state, failed)
    assert (state.status, state.payable_fen, state.transferred_fen) == (Status.KEPT, 0, DUE)
    again = then(state, replace(PAY_OUT, to_account="8888"))
    assert (again.number, again.kept) == (2, 1)
    state = deposits.evolve(state, again)
    with refused("deposit.refund-settled"):  # told late of the first
        deposits.decide(state, CONFIRM_PAYOUT)
    assert then(state, replace(CONFIRM_PAYOUT, number=2)).amount_fen == "500000"
    with refused("deposit.payout-not-approved"):  # what was said of the first is not of this
        deposits.decide(state, replace(SEND_PAYOUT, number=2))


def test_a_payout_that_is_turned_down_is_ordered_anew():
    state = after(*KEPT, PAY_OUT)
    declined = then(state, DECLINE)
    assert declined == deposits.PayoutDeclined(
        number=1,
        forfeited=False,
        amount_fen="500000",
        reason="账号少一位",
        by="P-other",
        at=AFTER,
    )
    state = deposits.evolve(state, declined)
    assert (state.status, state.payable_fen) == (Status.KEPT, 0)
    assert then(state, PAY_OUT).number == 2


@pytest.mark.parametrize(
    ("before", "command", "code"),
    [
        (KEPT, replace(PAY_OUT, may_manage=False), "not-treasurer"),
        (KEPT[:2], PAY_OUT, "no-such-kept"),
        (KEPT, replace(PAY_OUT, kept=0), "no-such-kept"),
        (KEPT, replace(PAY_OUT, to_name=" "), "payee-missing"),
        (KEPT, replace(PAY_OUT, to_account=""), "payee-missing"),
        (KEPT, replace(PAY_OUT, to_name="x" * (LONGEST + 1)), "too-long"),
        ((*KEPT, PAY_OUT), PAY_OUT, "payout-ordered-already"),
        ((*KEPT, PAY_OUT, CONFIRM_PAYOUT), PAY_OUT, "payout-ordered-already"),
        (KEPT, SEND_PAYOUT, "no-such-refund"),
        ((*KEPT, PAY_OUT), replace(SEND_PAYOUT, number=0), "no-such-refund"),
        ((*KEPT, PAY_OUT), SEND_PAYOUT, "payout-not-approved"),
        ((*KEPT, PAY_OUT, APPROVE, SEND_PAYOUT), SEND_PAYOUT, "refund-already-sent"),
        (KEPT, APPROVE, "no-such-refund"),
        ((*KEPT, PAY_OUT), replace(APPROVE, may_manage=False), "not-treasurer"),
        ((*KEPT, PAY_OUT), replace(APPROVE, by="P-treasurer"), "own-payout"),
        ((*KEPT, PAY_OUT), replace(DECLINE, by="P-treasurer"), "own-payout"),
        ((*KEPT, PAY_OUT), replace(DECLINE, reason=" "), "reason-missing"),
        ((*KEPT, PAY_OUT, APPROVE), APPROVE, "payout-approved-already"),
        ((*KEPT, PAY_OUT, APPROVE), DECLINE, "payout-approved-already"),
        ((*KEPT, PAY_OUT, DECLINE), APPROVE, "refund-settled"),
        ((*KEPT, PAY_OUT, APPROVE, SEND_PAYOUT), DECLINE, "payout-approved-already"),
        ((*KEPT, PAY_OUT, CONFIRM_PAYOUT), CONFIRM_PAYOUT, "refund-settled"),
        ((*KEPT, PAY_OUT, CONFIRM_PAYOUT), FAIL_PAYOUT, "refund-settled"),
        (KEPT, CLOSE, "not-empty"),
        ((*KEPT, PAY_OUT), CLOSE, "not-empty"),
    ],
)
def test_what_may_not_be_done_with_what_was_kept_is_refused(before, command, code):
    state = after(*before)
    with refused(f"deposit.{code}"):
        deposits.decide(state, command)


# ── Money nobody can place ──────────────────────────────────────────────────


def test_stray_money_is_recorded_and_returned():
    assert stray(STRAY, RETURN, SEND_RETURN, CONFIRM_RETURN) == [
        strays.StrayArrived(
            account="955900000000009",
            institution="ICBK-7",
            booked=MONDAY.isoformat(),
            amount_fen="500000",
            memo="保证金",
            serial="FL0001",
            sequence="1",
            payer_account="6222000011112222",
            payer_name="演示（竞买）有限公司",
            at=MONDAY,
        ),
        strays.StrayReturnOrdered(
            number=1,
            amount_fen="500000",
            reason="账号有误",
            due_at=REFUND_DUE.isoformat(),
            by="P-treasurer",
            at=MONDAY,
        ),
        strays.StrayReturnSent(batch="B1", by="P-treasurer", at=MONDAY),
        strays.StrayReturned(
            amount_fen="500000", booked=AFTER.isoformat(), serial="FL9002", at=AFTER
        ),
    ]


def test_a_return_that_failed_is_ordered_anew():
    events = stray(STRAY, RETURN, FAIL_RETURN, RETURN)
    assert events[2] == strays.StrayReturnFailed(amount_fen="500000", reason="户名不符", at=AFTER)
    assert events[3].number == 2
    assert strays.DECIDER.replay(events).status is StrayStatus.ORDERED


@pytest.mark.parametrize(
    ("before", "command", "code"),
    [
        ((), replace(STRAY, known=True), "already-booked"),
        ((STRAY,), STRAY, "already-booked"),
        ((), replace(STRAY, booking=replace(BOOKING, amount_fen=0)), "booking-wrong"),
        ((), RETURN, "unknown"),
        ((STRAY,), replace(RETURN, may_manage=False), "not-treasurer"),
        ((STRAY,), replace(RETURN, reason=" "), "reason-missing"),
        ((STRAY,), replace(RETURN, reason="理" * 201), "too-long"),
        ((STRAY, RETURN), RETURN, "not-here"),
        ((STRAY,), SEND_RETURN, "nothing-ordered"),
        ((STRAY, RETURN, SEND_RETURN), SEND_RETURN, "already-sent"),
        ((STRAY,), CONFIRM_RETURN, "nothing-ordered"),
        ((STRAY, RETURN, CONFIRM_RETURN), FAIL_RETURN, "nothing-ordered"),
    ],
)
def test_what_cannot_be_done_with_stray_money_is_refused(before, command, code):
    state = strays.DECIDER.replay(stray(*before))
    with refused(f"stray.{code}"):
        strays.decide(state, command)


# ── The books ───────────────────────────────────────────────────────────────


def test_the_books_say_where_the_money_is():
    paid = (OPEN, arrives(DUE + 7))
    assert balance(*paid) == {Account.BANK: DUE + 7, Account.HELD: DUE, Account.SURPLUS: 7}
    assert balance(OPEN, PART, LATE, POSTPONE) == {
        Account.BANK: DUE + 200_000,
        Account.HELD: DUE,
        Account.SURPLUS: 200_000,
    }
    assert balance(*paid, REFUND) == {Account.BANK: DUE + 7, Account.PAYABLE: DUE + 7}
    assert balance(*paid, REFUND, CONFIRM) == {}
    assert balance(*paid, REFUND, FAIL) == balance(*paid)
    assert balance(*paid, FORFEIT) == {
        Account.BANK: DUE + 7,
        Account.FORFEITED: DUE,
        Account.SURPLUS: 7,
    }
    assert balance(*paid, TRANSFER)[Account.TRANSFERRED] == DUE
    assert balance(*paid, FORFEIT, PAY_OUT) == {
        Account.BANK: DUE + 7,
        Account.PAYABLE: DUE,
        Account.SURPLUS: 7,
    }
    assert balance(*paid, FORFEIT, PAY_OUT, FAIL_PAYOUT) == balance(*paid, FORFEIT)
    assert balance(*paid, TRANSFER, PAY_OUT, FAIL_PAYOUT) == balance(*paid, TRANSFER)
    assert balance(*paid, TRANSFER, PAY_OUT, CONFIRM_PAYOUT) == {
        Account.BANK: 7,
        Account.SURPLUS: 7,
    }


def test_stray_money_is_in_the_books_too():
    def held(*commands):
        sums = trial_balance(p for e in stray(*commands) for p in strays.postings(e))
        return {account: fen for account, fen in sums.items() if fen}

    assert held(STRAY) == {Account.BANK: DUE, Account.STRAY: DUE}
    assert held(STRAY, RETURN, SEND_RETURN) == {Account.BANK: DUE, Account.PAYABLE: DUE}
    assert held(STRAY, RETURN, FAIL_RETURN) == held(STRAY)
    assert held(STRAY, RETURN, CONFIRM_RETURN) == {}


AMOUNTS = st.integers(1, DUE + 100)
BOOKED = st.integers(-3, 3).map(lambda hours: DEADLINE + timedelta(hours=hours))
NOW = st.sampled_from([MONDAY, AFTER])
COMMANDS = st.one_of(
    st.builds(
        lambda fen, booked, serial: arrives(fen, booked=booked, serial=serial),
        AMOUNTS,
        BOOKED,
        st.sampled_from("abcdef"),
    ),
    st.builds(
        lambda fen, ended, at: replace(REFUND, amount_fen=fen, ended=ended, at=at),
        st.none() | AMOUNTS,
        st.booleans(),
        NOW,
    ),
    st.builds(lambda fen: replace(FORFEIT, amount_fen=fen), AMOUNTS),
    st.builds(lambda fen: replace(TRANSFER, amount_fen=fen, to=TransferTo.PRICE), AMOUNTS),
    st.builds(
        lambda command, number: replace(command, number=number),
        st.sampled_from([SEND, CONFIRM, FAIL, SEND_PAYOUT, CONFIRM_PAYOUT, FAIL_PAYOUT]),
        st.integers(1, 4),
    ),
    st.integers(1, 3).map(lambda kept: replace(PAY_OUT, kept=kept)),
    st.integers(1, 3).map(lambda h: replace(POSTPONE, deadline=DEADLINE + timedelta(hours=h))),
    st.sampled_from([REGISTER, CLOSE]),
)


@given(st.lists(COMMANDS, max_size=20))
def test_whatever_is_done_in_whatever_order_the_books_balance(commands):
    state, events = deposits.State(), []
    for command in [OPEN, *commands]:
        try:
            decided = deposits.decide(state, command)
        except Refused:
            continue
        for event in decided:
            assert sum(posting.fen for posting in deposits.postings(event)) == 0
            state = deposits.evolve(state, event)
            events.append(event)
        sums = trial_balance(p for event in events for p in deposits.postings(event))
        assert balanced(sums)
        assert min(sums.values()) >= 0
        assert (state.held_fen, state.surplus_fen, state.payable_fen) == (
            sums[Account.HELD],
            sums[Account.SURPLUS],
            sums[Account.PAYABLE],
        )
        waiting = tuple(state.waiting_fen(forfeited=forfeited) for forfeited in (True, False))
        assert waiting == (sums[Account.FORFEITED], sums[Account.TRANSFERRED])
        gone = state.refunded_fen + state.paid_out_fen
        here = state.held_fen + state.surplus_fen + state.payable_fen + sum(waiting)
        assert gone + here == state.arrived_fen
        assert state.held_fen <= state.due_fen
        assert state.ended or not state.paid_on_time or state.held_fen == state.due_fen


@given(st.permutations([PART, REST, LATE, arrives(serial="x"), arrives(7, serial="y")]))
def test_every_order_of_the_same_bookings_ends_the_same(arrivals):
    state = after(OPEN, *arrivals)
    assert (state.held_fen, state.surplus_fen) == (DUE, DUE + DUE + 7)


def test_an_erased_payment_is_still_a_payment_of_the_stream():
    [opened, arrived] = told(OPEN, arrives())
    gone = replace(arrived, booked=ERASED, amount_fen=ERASED, counted_fen=ERASED)
    state = deposits.DECIDER.replay([replace(opened, deadline=ERASED), gone])
    assert (state.deadline, state.arrived_fen, len(state.arrivals)) == (None, 0, 1)
    assert not state.late(state.arrivals[0])
    assert after(OPEN, LATE).late(after(OPEN, LATE).arrivals[0])


# ── Clocks of refunds ───────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("number", "unit", "due"),
    [
        (24, Unit.HOURS, "2026-03-07T18:00:00+08:00"),
        (5, Unit.CALENDAR_DAYS, "2026-03-11T23:59:59+08:00"),
        (5, Unit.WORKING_DAYS, "2026-03-13T23:59:59+08:00"),
    ],
)
def test_a_refund_is_due_when_the_procedures_period_ends(number, unit, due):
    period = Period(number=number, unit=unit)
    found = refund_due(period, ended=AFTER, calendar=WorkCalendar((YEAR_2026,)))
    assert (found.at.isoformat(), found.provisional) == (due, False)


def test_working_days_leave_holidays_out_and_are_provisional_beyond_the_calendar():
    period = Period(number=5, unit=Unit.WORKING_DAYS)
    before_holiday = AFTER.replace(month=4, day=3)
    calendar = WorkCalendar((YEAR_2026,))
    found = refund_due(period, ended=before_holiday, calendar=calendar)
    assert found.at.date() == date(2026, 4, 13)
    found = refund_due(period, ended=AFTER.replace(year=2027), calendar=calendar)
    assert isinstance(found, RefundDue)
    assert found.provisional


def test_a_refund_has_the_same_name_at_the_bank_every_time():
    one = reference("deposit/A1", 1)
    assert one == reference("deposit/A1", 1)
    assert (len(one), one[0], one.isalnum()) == (25, "R", True)
    assert len({one, reference("deposit/A1", 2), reference("stray/A1", 1)}) == 3
