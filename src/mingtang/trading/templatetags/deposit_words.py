"""Deposits in words (保证金用语). `{% load deposit_words %}`."""

from django import template
from django.utils.translation import gettext_lazy as _

from mingtang.core.trading.banking import Account
from mingtang.core.trading.deposits import RefundStep, Status, TransferTo
from mingtang.core.trading.strays import StrayStatus
from mingtang.trading.queries.deposits import DepositKeptRow, waits_for_a_check

register = template.Library()

# What each is called, and its lamp.
STATUSES = {
    Status.AWAITED: (_("待交"), "idle"),
    Status.SHORT: (_("未交足"), "warn"),
    Status.PAID: (_("已按时交足"), "good"),
    Status.REFUNDING: (_("退款中"), "paused"),
    Status.KEPT: (_("待转付"), "warn"),
    Status.SETTLED: (_("已结清"), "good"),
    Status.CLOSED: (_("已销户"), "idle"),
}
STEPS = {
    RefundStep.ORDERED: (_("待送银行"), "warn"),
    RefundStep.SENT: (_("已送银行"), "paused"),
    RefundStep.PAID: (_("已到账"), "good"),
    RefundStep.FAILED: (_("未成，已退回子账号"), "bad"),
}
TRANSFERS = {
    TransferTo.PRICE: _("委托方（转让方），转作价款"),
    TransferTo.SELLER: _("委托方（转让方）"),
    TransferTo.COURT: _("人民法院"),
}
STRAYS = {
    StrayStatus.HERE: (_("待退回"), "warn"),
    StrayStatus.ORDERED: (_("待送银行"), "warn"),
    StrayStatus.SENT: (_("已送银行"), "paused"),
    StrayStatus.RETURNED: (_("已退回"), "good"),
}
ACCOUNTS = {
    Account.BANK: _("银行存款"),
    Account.HELD: _("在管保证金"),
    Account.SURPLUS: _("迟到和多交，待退"),
    Account.PAYABLE: _("已决定付出，未到账"),
    Account.FORFEITED: _("不予退还，待转付"),
    Account.TRANSFERRED: _("转作价款或划付法院，待转付"),
    Account.STRAY: _("不明来款"),
}
# What a line of a statement is reported for.
PROBLEMS = {
    "unknown-account": _("没有这个子账号，已登记为不明来款"),
    "not-ours": _("既不是子账号的来款，也不是本中心的退款，没有入账"),
    "hour-needed": _("当天就是截止日，银行没有给出时刻，没有入账"),
    "not-booked-yet": _("银行尚未记账，没有入账"),
    "other-currency": _("不是人民币，没有入账"),
    "reversal": _("银行冲正，没有入账，请核实"),
    "no-moment": _("没有记账日期，没有入账"),
    "no-reference": _("没有银行流水号，没有入账"),
    "deposit.booking-wrong": _("金额不对或者有一项太长，没有入账"),
    "stray.booking-wrong": _("金额不对或者有一项太长，没有入账"),
}


@register.filter
def deposit_status(status: str) -> str:
    return str(STATUSES[Status(status)][0])


@register.inclusion_tag("ui/pieces/lamp.html")
def deposit_lamp(status: str) -> dict[str, object]:
    """`{% deposit_lamp row.status %}`: how a sub-account stands."""
    word, state = STATUSES[Status(status)]
    return {"state": state, "word": word}


@register.inclusion_tag("ui/pieces/lamp.html")
def refund_lamp(step: str) -> dict[str, object]:
    word, state = STEPS[RefundStep(step)]
    return {"state": state, "word": word}


@register.inclusion_tag("ui/pieces/lamp.html")
def payout_lamp(kept: DepositKeptRow) -> dict[str, object]:
    """`{% payout_lamp kept %}`: how what was kept stands, and whether somebody is waited for."""
    if not kept.step:
        word, state = _("待决定转付"), "warn"
    elif waits_for_a_check(kept):
        word, state = _("待复核"), "warn"
    else:
        word, state = STEPS[RefundStep(kept.step)]
    return {"state": state, "word": word}


@register.filter
def transfer_to(code: str) -> str:
    """`{{ kept.to|transfer_to }}`: who gets it; empty once that was erased."""
    return str(TRANSFERS[TransferTo(code)]) if code in set(TransferTo) else ""


@register.inclusion_tag("ui/pieces/lamp.html")
def stray_lamp(status: str) -> dict[str, object]:
    word, state = STRAYS[StrayStatus(status)]
    return {"state": state, "word": word}


@register.filter
def book_account(account: Account) -> str:
    return str(ACCOUNTS[account])


@register.filter
def statement_problem(code: str) -> str:
    return str(PROBLEMS.get(code, code))
