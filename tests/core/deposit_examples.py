"""A deposit of 5,000 yuan due on a Friday at five, and what may happen to it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from mingtang.core.clock import CHINA
from mingtang.core.trading import deposits, strays
from mingtang.core.trading.banking import Booking

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
DEADLINE = datetime(2026, 3, 6, 17, 0, tzinfo=CHINA)
AFTER = DEADLINE + timedelta(hours=1)
REFUND_DUE = datetime(2026, 3, 13, 23, 59, 59, tzinfo=CHINA)
DUE = 500_000
BOOKING = Booking(
    institution="ICBK-7",
    booked=MONDAY,
    amount_fen=DUE,
    memo="保证金",
    serial="FL0001",
    sequence="1",
    payer_account="6222000011112222",
    payer_name="演示（竞买）有限公司",
)
OPEN = deposits.OpenSubAccount(
    account="955900000000001",
    due_fen=DUE,
    deadline=DEADLINE,
    payer_name="演示(竞买)有限公司",
    at=MONDAY,
)
REGISTER = deposits.RegisterSubAccount(at=MONDAY)
REFUND = deposits.OrderRefund(
    amount_fen=None,
    reason="未竞得",
    due_at=REFUND_DUE,
    ended=True,
    may_manage=True,
    by="P-treasurer",
    at=AFTER,
)
SEND = deposits.SendRefund(number=1, batch="B1", by="P-treasurer", at=AFTER)
CONFIRM = deposits.ConfirmRefund(number=1, booked=AFTER, serial="FL9001", at=AFTER)
FAIL = deposits.ReportRefundFailure(number=1, reason="账户已销户", at=AFTER)
PAYOUT_DUE = AFTER + timedelta(hours=24)
FORFEIT = deposits.Forfeit(
    amount_fen=DUE,
    to=deposits.TransferTo.SELLER,
    reason="悔拍",
    due_at=PAYOUT_DUE,
    ended=True,
    founded=True,
    may_manage=True,
    by="P-treasurer",
    at=AFTER,
)
TRANSFER = deposits.Transfer(
    amount_fen=DUE,
    to=deposits.TransferTo.COURT,
    reason="竞得，划付法院",
    due_at=PAYOUT_DUE,
    ended=True,
    founded=True,
    may_manage=True,
    by="P-treasurer",
    at=AFTER,
)
PAY_OUT = deposits.OrderPayout(
    kept=1,
    to_account="9999000011112222",
    to_name="演示人民法院",
    may_manage=True,
    by="P-treasurer",
    at=AFTER,
)
APPROVE = deposits.ApprovePayout(number=1, may_manage=True, by="P-other", at=AFTER)
DECLINE = deposits.DeclinePayout(
    number=1, reason="账号少一位", may_manage=True, by="P-other", at=AFTER
)
SEND_PAYOUT = deposits.SendPayout(number=1, batch="B2", by="P-treasurer", at=AFTER)
CONFIRM_PAYOUT = deposits.ConfirmPayout(number=1, booked=AFTER, serial="FL9003", at=AFTER)
FAIL_PAYOUT = deposits.ReportPayoutFailure(number=1, reason="账号不存在", at=AFTER)
CLOSE = deposits.CloseSubAccount(may_manage=True, by="P-treasurer", at=AFTER)
POSTPONE = deposits.MoveDeadline(deadline=DEADLINE + timedelta(days=1), by="P-host", at=MONDAY)

STRAY = strays.BookStray(booking=BOOKING, account="955900000000009", known=False, at=MONDAY)
RETURN = strays.OrderStrayReturn(
    reason="账号有误", due_at=REFUND_DUE, may_manage=True, by="P-treasurer", at=MONDAY
)
SEND_RETURN = strays.SendStrayReturn(batch="B1", by="P-treasurer", at=MONDAY)
CONFIRM_RETURN = strays.ConfirmStrayReturn(booked=AFTER, serial="FL9002", at=AFTER)
FAIL_RETURN = strays.ReportStrayReturnFailure(reason="户名不符", at=AFTER)


def booking(amount_fen: int = DUE, **changed: Any) -> Booking:
    return replace(BOOKING, amount_fen=amount_fen, **changed)


def arrives(amount_fen: int = DUE, **changed: Any) -> deposits.BookArrival:
    """The bank books so much and tells of it."""
    told = booking(amount_fen, **changed)
    return deposits.BookArrival(booking=told, at=max(told.booked, MONDAY))
