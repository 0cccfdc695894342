"""Deposits: sub-accounts, what the bank tells, refunds and returns, the books."""

from datetime import timedelta

import pytest

from mingtang.core.people import Role
from mingtang.core.trading.banking import Account
from mingtang.core.trading.deposits import Status, TransferTo
from mingtang.ledger.models import LedgerEntry
from mingtang.ledger.orders import Receipt
from mingtang.ledger.replay import rebuild
from mingtang.people import actions as people
from mingtang.trading.actions import deposits as actions
from mingtang.trading.actions.deposits import Told
from mingtang.trading.models import (
    DepositBookingRow,
    DepositKeptRow,
    DepositRefundRow,
    DepositRow,
    StrayRow,
)
from mingtang.trading.projection import DEPOSIT, STRAY
from mingtang.trading.queries import deposits as queries
from tests.core.deposit_examples import AFTER, DEADLINE, DUE, MONDAY, PAYOUT_DUE, REFUND_DUE
from tests.rooms.case_town import official
from tests.rooms.deposit_words import comes, opened, treasurer
from tests.words import refused

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def by():
    return treasurer()


def refund(by, application="A1", **said):
    said = {"reason": "未竞得", "due_at": REFUND_DUE, "ended": True, "at": AFTER} | said
    return actions.order_refund(application=application, by=by, **said)


def returned(by, key, **said):
    said = {"reason": "账号有误", "due_at": REFUND_DUE, "at": AFTER} | said
    return actions.order_stray_return(key=key, by=by, **said)


def only_stray():
    return StrayRow.objects.get()


def balance():
    books = queries.books()
    assert books.balanced
    return {account: fen for account, fen in books.balance.items() if fen}


# ── Sub-accounts ────────────────────────────────────────────────────────────


def test_every_application_has_an_account_of_its_own_and_opening_again_changes_nothing():
    accounts = {opened(f"A{n}") for n in range(20)}
    assert len(accounts) == 20
    assert all(account.startswith("99") and len(account) == 14 for account in accounts)
    again = actions.open_sub_account("A1", DUE, DEADLINE, "x", AFTER)
    assert (again.repeated, again.stream) == (True, "deposit/A1")
    assert DepositRow.objects.count() == 20


def test_a_number_that_was_used_is_never_used_again(monkeypatch):
    drawn = iter([7, 7, 8])
    monkeypatch.setattr(actions, "randbelow", lambda _most: next(drawn))
    assert [opened("A1"), opened("A2")] == ["99000000000007", "99000000000008"]


def test_the_log_shows_neither_who_nor_how_much_nor_which_account():
    account = opened()
    comes(account)
    entries = [bytes(body) for body in LedgerEntry.objects.values_list("body", flat=True)]
    for secret in (account, "演示", "500000", "2026-03-06T17", "6222", "FL0001"):
        assert [entry for entry in entries if secret.encode() in entry] == []


def test_how_a_deposit_stands_can_be_asked():
    account = opened()
    assert queries.standing("A2") is None
    found = queries.standing("A1")
    assert (found.account, found.due_fen, found.deadline) == (account, DUE, DEADLINE)
    assert (found.status, found.paid_on_time, found.held_fen) == (Status.AWAITED, False, 0)
    assert (found.missing_fen, found.due_capitals) == (DUE, "伍仟元整")
    comes(account, 200_000)
    assert queries.standing("A1").missing_fen == 300_000
    comes(account, 300_007, serial="FL0002", payer_name="演示另一公司")
    found = queries.standing("A1")
    assert (found.status, found.paid_on_time, found.held_fen) == (Status.PAID, True, DUE)
    assert (found.surplus_fen, found.payer_differs, found.missing_fen) == (7, True, 0)


def test_the_bank_opens_it_and_it_is_closed_when_empty(by):
    opened()
    assert [row.application for row in queries.unregistered()] == ["A1"]
    actions.register_sub_account(application="A1", at=MONDAY)
    assert queries.unregistered() == []
    assert [row.application for row in queries.emptied(AFTER)] == ["A1"]
    assert queries.emptied(DEADLINE) == []
    actions.close_sub_account(application="A1", by=by, at=AFTER)
    assert queries.sub_account("A1").closed_at == AFTER
    assert queries.emptied(AFTER) == []


def test_a_deadline_that_moves_makes_late_money_count():
    account = opened()
    comes(account, booked=DEADLINE + SECOND)
    assert [row.late for row in queries.bookings("A1")] == [True]
    assert not queries.standing("A1").paid_on_time
    later = DEADLINE + timedelta(days=1)
    actions.move_deadline(application="A1", deadline=later, by="P-host", at=AFTER)
    found = queries.standing("A1")
    assert (found.paid_on_time, found.deadline, found.surplus_fen) == (True, later, 0)
    assert [row.late for row in queries.bookings("A1")] == [False]


# ── Arrivals ────────────────────────────────────────────────────────────────


def test_the_same_money_told_again_is_known_and_not_booked_twice():
    account = opened()
    assert [comes(account) for _ in range(3)] == ["00", "01", "01"]
    assert queries.standing("A1").held_fen == DUE
    assert balance() == {Account.BANK: DUE, Account.HELD: DUE}


def test_one_booking_is_not_money_on_two_accounts():
    first, second = opened("A1"), opened("A2")
    assert [comes(first), comes(second), comes("99123")] == ["00", "01", "01"]
    assert balance() == {Account.BANK: DUE, Account.HELD: DUE}


def test_money_for_no_account_is_stray_once(by):
    assert [comes("99123") for _ in range(2)] == ["00", "01"]
    row = only_stray()
    assert (row.account, row.amount_fen, row.status) == ("99123", DUE, "here")
    assert balance() == {Account.BANK: DUE, Account.STRAY: DUE}
    account = opened()
    assert comes(account) == "01"  # it has been booked, though elsewhere


def test_money_for_a_closed_account_is_stray(by):
    account = opened()
    actions.close_sub_account(application="A1", by=by, at=DEADLINE)
    assert comes(account) == "00"
    assert only_stray().account == account


@pytest.mark.parametrize("amount", [0, -1])
def test_no_money_is_no_booking(amount):
    account = opened()
    with refused("deposit.booking-wrong"):
        comes(account, amount)
    with refused("stray.booking-wrong"):
        comes("99123", amount)


# ── Refunds ─────────────────────────────────────────────────────────────────


def test_a_refund_is_ordered_sent_and_confirmed(by):
    comes(opened())
    refund(by)
    [waiting] = queries.payments_waiting()
    assert (waiting.to_account, waiting.amount_fen) == ("6222000011112222", DUE)
    assert (waiting.due_at, waiting.family, waiting.batch) == (REFUND_DUE, "deposit", "")
    batch = actions.send_payments(by=by, at=AFTER, most=100)
    assert (batch[0], len(batch)) == ("B", 13)
    assert queries.payments_waiting() == []
    assert actions.send_payments(by=by, at=AFTER, most=100) == ""
    assert queries.unanswered_batches() == [batch]
    [sent] = queries.payments_of(batch)
    paid = {"reference": sent.reference, "booked": AFTER, "serial": "FL9", "at": AFTER}
    assert [actions.confirm_payment(**paid) for _ in range(2)] == [Told.BOOKED, Told.KNOWN]
    assert queries.unanswered_batches() == []
    assert queries.standing("A1").refunded_fen == DUE
    assert balance() == {}


def test_a_refund_that_failed_can_be_ordered_to_another_account(by):
    comes(opened())
    refund(by)
    [payment] = queries.payments_waiting()
    failed = {"reference": payment.reference, "reason": "账户已销户", "at": AFTER}
    assert [actions.report_payment_failure(**failed) for _ in range(2)] == ["00", "01"]
    assert balance() == {Account.BANK: DUE, Account.HELD: DUE}
    refund(by, to_account="6222999", to_name="演示新户", reason="原账户已销户")
    [again] = queries.payments_waiting()
    assert (again.to_account, again.number) == ("6222999", 2)
    assert again.reference != payment.reference


def test_a_refund_nobody_ordered_is_not_confirmed():
    for reference in ("", "R0"):
        with refused("deposit.no-such-refund"):
            actions.confirm_payment(reference=reference, booked=AFTER, serial="", at=AFTER)
        with refused("deposit.no-such-refund"):
            actions.report_payment_failure(reference=reference, reason="", at=AFTER)


def test_the_installation_refunds_all_who_did_not_win_at_once():
    for name in ("A1", "A2", "A3"):
        account = opened(name)
        if name != "A3":
            comes(account, serial=name)
    outcomes = actions.order_refunds(
        applications=["A1", "A2", "A3"], reason="未竞得", due_at=REFUND_DUE, at=AFTER
    )
    assert [isinstance(outcome, Receipt) for outcome in outcomes] == [True, True, False]
    assert outcomes[2].code == "deposit.nothing-to-refund"
    assert balance() == {Account.BANK: 2 * DUE, Account.PAYABLE: 2 * DUE}


def test_only_who_manages_deposits_refunds_keeps_transfers_and_closes(by):
    comes(opened())
    comes("99123", serial="FL2")
    host = official(2, Role.TRADE_HOST, "centre")
    said = {"application": "A1", "by": host, "at": AFTER}
    keeping = {**said, **KEEPING, "to": TransferTo.SELLER}
    payee = {"kept": 1, "to_account": "9999", "to_name": "演示人民法院"}
    for act in (
        lambda: refund(host),
        lambda: actions.forfeit(**keeping),
        lambda: actions.transfer(**keeping),
        lambda: actions.order_payout(**said, **payee),
        lambda: actions.approve_payout(**said, payout=1),
        lambda: actions.decline_payout(**said, payout=1, reason="演示"),
        lambda: actions.close_sub_account(**said),
    ):
        with refused("deposit.not-treasurer"):
            act()
    with refused("stray.not-treasurer"):
        returned(host, only_stray().key)


def test_the_same_form_sent_twice_refunds_once(by):
    comes(opened())
    first, second = (refund(by, once="o" * 20) for _ in range(2))
    assert (first.index, second.repeated) == (second.index, True)
    assert DepositRefundRow.objects.count() == 1


def test_stray_money_goes_back_as_a_refund_does(by):
    comes("99123")
    returned(by, only_stray().key)
    [waiting] = queries.payments_waiting()
    assert (waiting.family, waiting.from_account, waiting.to_name) == (
        "stray",
        "99123",
        "演示（竞买）有限公司",
    )
    batch = actions.send_payments(by=by, at=AFTER, most=100)
    assert queries.unanswered_batches() == [batch]
    failed = {"reference": waiting.reference, "reason": "户名不符", "at": AFTER}
    assert [actions.report_payment_failure(**failed) for _ in range(2)] == ["00", "01"]
    assert (only_stray().status, only_stray().failure) == ("here", "户名不符")
    returned(by, only_stray().key)
    [again] = queries.payments_waiting()
    paid = {"reference": again.reference, "booked": AFTER, "serial": "FL9", "at": AFTER}
    assert [actions.confirm_payment(**paid) for _ in range(2)] == ["00", "01"]
    assert only_stray().returned == AFTER
    assert balance() == {}


def test_a_batch_takes_those_due_first_and_no_more_than_it_may(by):
    for n in range(3):
        comes(opened(f"A{n}"), serial=f"FL{n}")
        refund(by, f"A{n}", due_at=REFUND_DUE - timedelta(days=n))
    batch = actions.send_payments(by=by, at=AFTER, most=2)
    assert [payment.key for payment in queries.payments_of(batch)] == ["A2", "A1"]
    assert [payment.key for payment in queries.payments_waiting()] == ["A0"]
    assert queries.payments_of("") == []


# ── What is kept ────────────────────────────────────────────────────────────


def test_a_deposit_is_kept_or_goes_into_the_price(by):
    comes(opened("A1"))
    comes(opened("A2"), serial="FL2")
    keep(by)
    actions.transfer(application="A2", to=TransferTo.COURT, at=AFTER, **KEEPING)
    assert queries.standing("A1").status is Status.KEPT
    assert balance() == {
        Account.BANK: 2 * DUE,
        Account.FORFEITED: DUE,
        Account.TRANSFERRED: DUE,
    }


@pytest.fixture
def other(by):
    """Another treasurer."""
    return official(5, Role.TREASURER, "centre")


def approve(other, payout=1):
    return actions.approve_payout(application="A1", payout=payout, by=other, at=AFTER)


def test_a_payout_waits_for_somebody_else_to_look_at_it(by, other):
    comes(opened("A1"))
    keep(by)
    pay_out(by)
    [row] = queries.payouts_to_approve()
    assert (row.ordered_by, row.approved_by, queries.payments_waiting()) == (by, "", [])
    with refused("deposit.own-payout"):
        approve(by)
    actions.decline_payout(application="A1", payout=1, reason="账号少一位", by=other, at=AFTER)
    [row] = queries.kept_waiting()
    assert (row.step, row.failure) == ("failed", "账号少一位")
    assert balance() == {Account.BANK: DUE, Account.FORFEITED: DUE}
    pay_out(by)
    assert approve(other, 2).index > 0
    assert queries.payouts_to_approve() == []
    [payment] = queries.payments_waiting()
    assert payment.number == 2


def test_what_was_kept_is_paid_on_in_a_batch_with_the_refunds(by, other):
    comes(opened("A1"))
    comes(opened("A2"), serial="FL2")
    keep(by)
    assert [(row.application, row.to) for row in queries.kept_waiting()] == [("A1", "seller")]
    refund(by, "A2")
    pay_out(by)
    approve(other)
    assert queries.kept_waiting() == []
    payout, back = queries.payments_waiting()  # it is due first
    assert (payout.family, payout.reference[0], payout.to_name) == ("kept", "P", "演示卖方")
    assert balance() == {Account.BANK: 2 * DUE, Account.PAYABLE: 2 * DUE}
    batch = actions.send_payments(by=by, at=AFTER, most=9)
    assert queries.payments_of(batch)[0].batch == batch
    told = {"reference": payout.reference, "at": AFTER}
    assert [actions.report_payment_failure(**told, reason="账号不存在") for _ in range(2)] == [
        "00",
        "01",
    ]
    [waiting] = queries.kept_waiting()
    assert (waiting.step, waiting.failure) == ("failed", "账号不存在")
    pay_out(by, to_account="6600")
    approve(other, 2)
    [again] = queries.payments_waiting()
    assert (again.reference != payout.reference, again.to_account) == (True, "6600")
    assert queries.last_account_of("演示卖方") == "6600"
    assert queries.emptied(AFTER) == []
    for one in (again, back):
        paid = {"reference": one.reference, "booked": AFTER, "serial": one.reference}
        assert actions.confirm_payment(**paid, at=AFTER) is Told.BOOKED
    assert balance() == {}
    assert queries.standing("A1").status is Status.SETTLED
    assert len(queries.emptied(AFTER)) == 2


KEEPING = {
    "amount_fen": DUE,
    "reason": "悔拍",
    "due_at": PAYOUT_DUE,
    "ended": True,
    "founded": True,
}


def keep(by):
    return actions.forfeit(application="A1", to=TransferTo.SELLER, by=by, at=AFTER, **KEEPING)


def pay_out(by, **said):
    payee = {"to_account": "9999", "to_name": "演示卖方", **said}
    return actions.order_payout(application="A1", kept=1, by=by, at=AFTER, **payee)


def test_the_tables_are_what_a_replay_makes_of_the_log(by):
    account = opened()
    comes(account)
    comes(account, 7, serial="FL2", booked=DEADLINE + SECOND)
    comes("99123", serial="FL3")
    actions.register_sub_account(application="A1", at=AFTER)
    actions.move_deadline(application="A1", deadline=DEADLINE + timedelta(days=1), by=by, at=AFTER)
    refund(by)
    returned(by, only_stray().key)
    batch = actions.send_payments(by=by, at=AFTER, most=100)
    first, *others = queries.payments_of(batch)
    actions.confirm_payment(reference=first.reference, booked=AFTER, serial="x", at=AFTER)
    for other in others:
        actions.report_payment_failure(reference=other.reference, reason="x", at=AFTER)
    comes(opened("A2"), serial="FL4")
    said = {**KEEPING, "application": "A2", "to": TransferTo.COURT, "at": AFTER}
    actions.transfer(**said)
    payee = {"to_account": "9999", "to_name": "演示人民法院"}
    actions.order_payout(application="A2", kept=1, by=by, at=AFTER, **payee)
    tables = (DepositRow, DepositBookingRow, DepositRefundRow, DepositKeptRow, StrayRow)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    assert [len(rows) for rows in before] == [2, 3, 2, 1, 1]
    rebuild([DEPOSIT, STRAY, *people.SUBJECTS])
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before
