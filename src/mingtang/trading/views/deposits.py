"""The treasurer's pages (保证金管理): sub-accounts, stray money, payments, statements, the books.

Nothing here says which lot or which bidder a sub-account belongs to: only what the bank says of
who paid (法释〔2016〕18号 art. 18). After the end it says who sells, because they are paid.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from mingtang.catalogue import queries as catalogue
from mingtang.core.people import Power
from mingtang.core.trading.deposits import Status
from mingtang.core.trading.parameters import Period, Unit
from mingtang.core.trading.refunds import refund_due
from mingtang.people.access import actor_of, needs
from mingtang.people.views.filling import carried_out, filled, once
from mingtang.trading.actions import deposits as actions
from mingtang.trading.actions import settling
from mingtang.trading.adapters.payment_orders import pain001
from mingtang.trading.adapters.statements import Taken, take
from mingtang.trading.adapters.xml import Malformed
from mingtang.trading.forms.amounts import fen
from mingtang.trading.forms.deposits import (
    DeclineForm,
    KeepForm,
    PayoutForm,
    RefundForm,
    ReturnForm,
    StatementForm,
)
from mingtang.trading.ports.bank import bank
from mingtang.trading.queries import deposits as queries
from mingtang.trading.queries import settling as settled
from mingtang.trading.queries.deposits import DepositKeptRow, DepositRow
from mingtang.trading.templatetags.deposit_words import STATUSES

PAGE = 50
MOST_IN_BATCH = 1_000  # payments in one file
SOON = Period(number=5, unit=Unit.WORKING_DAYS)  # for what no procedure gives a term for


@needs(Power.DEPOSIT_MANAGE)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The sub-accounts, and whether the books balance."""
    status = request.GET.get("status", "")
    if status not in {"", *Status}:
        raise Http404
    found = Paginator(queries.sub_accounts(status), PAGE)
    context: dict[str, Any] = {
        "page": found.get_page(request.GET.get("page")),
        "status": status,
        "statuses": [(code.value, word) for code, (word, _lamp) in STATUSES.items()],
        "books": queries.books(),
        "waiting": len(queries.payments_waiting()),
        "strays": queries.strays().filter(returned=None).count(),
        "kept": queries.kept_waiting(),
        "undecided": settled.undecided(),
        "to_approve": queries.payouts_to_approve(),
        "now": timezone.localtime(),
    }
    context["together"] = settled.paid_together([row.application for row in context["page"]])
    return render(request, "trading/deposits.html", context)


# ── One sub-account ─────────────────────────────────────────────────────────


@needs(Power.DEPOSIT_MANAGE)
def account(request: HttpRequest, application: str) -> HttpResponse:
    """One sub-account: what came, what went; order a refund of what may go."""
    row = _row(application)
    form = filled(RefundForm, request)
    now = timezone.localtime()

    def refund() -> None:
        settling.refund_by_hand(
            application=application,
            **form.cleaned_data,
            due_at=_soon(now),
            by=actor_of(request).person,
            at=now,
            once=once(request),
        )

    if request.method == "POST":
        return _done(request, row, form, refund, _("已决定退还，请在“付款”里送银行。"), "refund")
    return _page(request, row)


@needs(Power.DEPOSIT_MANAGE)
@require_POST
def forfeit(request: HttpRequest, application: str) -> HttpResponse:
    """Keep a deposit (不予退还) of a bidder who defaulted or was barred."""
    row, form = _row(application), filled(KeepForm, request)

    def act() -> None:
        settling.forfeit_by_hand(**_kept(request, row, form))

    return _done(request, row, form, act, _("已决定不予退还，请按期限转付。"), "forfeit")


@needs(Power.DEPOSIT_MANAGE)
@require_POST
def transfer(request: HttpRequest, application: str) -> HttpResponse:
    """Let a winner's deposit go into the price, or to the court (转出)."""
    row, form = _row(application), filled(KeepForm, request)

    def act() -> None:
        settling.transfer_by_hand(**_kept(request, row, form))

    return _done(request, row, form, act, _("已转出，请按期限转付。"), "transfer")


def _kept(request: HttpRequest, row: DepositRow, form: KeepForm) -> dict[str, Any]:
    return {
        "application": row.application,
        "amount_fen": fen(form.cleaned_data["amount"]) or row.held_fen,
        "reason": form.cleaned_data["reason"],
        "by": actor_of(request).person,
        "at": timezone.localtime(),
        "once": once(request),
    }


@needs(Power.DEPOSIT_MANAGE)
@require_POST
def pay_out(request: HttpRequest, application: str, number: int) -> HttpResponse:
    """Order what was kept to be paid on (转付) to whom it is for."""
    row, form = _row(application), filled(PayoutForm, request)
    _kept_one(application, number)

    def act() -> None:
        actions.order_payout(
            application=application,
            kept=number,
            **form.cleaned_data,
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once(request),
        )

    said = _("已决定转付，由另一名保证金会计复核后送银行。")
    return _done(request, row, form, act, said, f"payout-{number}")


@needs(Power.DEPOSIT_MANAGE)
@require_POST
def approve_payout(request: HttpRequest, application: str, number: int) -> HttpResponse:
    """Let the bank be told of a payout somebody else ordered (复核通过)."""
    row, form = _row(application), filled(forms.Form, request)
    payout = _kept_one(application, number).payout or 0

    def act() -> None:
        actions.approve_payout(
            application=application,
            payout=payout,
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once(request),
        )

    said = _("已复核，请在“付款”里送银行。")
    return _done(request, row, form, act, said, f"approve-{number}")


@needs(Power.DEPOSIT_MANAGE)
@require_POST
def decline_payout(request: HttpRequest, application: str, number: int) -> HttpResponse:
    """Turn a payout down that somebody else ordered (复核退回)."""
    row, form = _row(application), filled(DeclineForm, request)
    payout = _kept_one(application, number).payout or 0

    def act() -> None:
        actions.decline_payout(
            application=application,
            payout=payout,
            **form.cleaned_data,
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once(request),
        )

    return _done(request, row, form, act, _("已退回，可以重新决定转付。"), f"decline-{number}")


def _kept_one(application: str, number: int) -> DepositKeptRow:
    """Return what was kept under this number. Raises Http404."""
    found = next((one for one in queries.kept(application) if one.number == number), None)
    if found is None:
        raise Http404
    return found


@needs(Power.DEPOSIT_MANAGE)
@require_POST
def close(request: HttpRequest, application: str) -> HttpResponse:
    """Close a sub-account nothing is left on (销户)."""
    row, form = _row(application), filled(forms.Form, request)

    def act() -> None:
        person = actor_of(request).person
        actions.close_sub_account(application=application, by=person, at=timezone.localtime())

    return _done(request, row, form, act, _("子账号已销户。"), "close")


def _row(application: str) -> DepositRow:
    row = queries.sub_account(application)
    if row is None:
        raise Http404
    return row


def _done(
    request: HttpRequest,
    row: DepositRow,
    form: forms.Form,
    act: Callable[[], None],
    said: str,
    name: str,
) -> HttpResponse:
    """Carry it out and show the account again; where it is refused, beside its form."""
    if carried_out(form, act):
        messages.success(request, said)
        return redirect("trading:deposit", row.application)
    return _page(request, row, sent={name: form}, status=_status(form))


def _page(
    request: HttpRequest,
    row: DepositRow,
    *,
    sent: Mapping[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    kept, sent = queries.kept(row.application), sent or {}
    over = bool(settled.seller_of(row.application))  # who bid for what is no secret any more
    empty = not (row.held_fen or row.surplus_fen or row.payable_fen or row.status == Status.KEPT)
    context = {
        "row": row,
        "bookings": queries.bookings(row.application),
        "refunds": queries.refunds(row.application),
        "kept": kept,
        "payouts": [(one, _payout_form(one, sent)) for one in kept if _is_waiting(one, sent)],
        "checks": list(_checks(kept, sent, actor_of(request).person)),
        "form": sent.get("refund") or RefundForm(label_suffix=""),
        "keeping": _keeping(sent) if (over and row.held_fen) or {*sent} & {*KEEPING} else (),
        "closing": sent.get("close") or (forms.Form() if empty and not row.closed_at else None),
        "together": _together(row.application),
        "now": timezone.localtime(),
    }
    return render(request, "trading/deposit.html", context, status=status)


KEEPING = {"forfeit": gettext_lazy("不予退还"), "transfer": gettext_lazy("转出")}


def _keeping(sent: Mapping[str, forms.Form]) -> Iterable[tuple[str, Any, forms.Form]]:
    for name, label in KEEPING.items():
        yield name, label, sent.get(name) or KeepForm(label_suffix="", auto_id=f"{name}_%s")


def _is_waiting(kept: DepositKeptRow, sent: Mapping[str, forms.Form]) -> bool:
    return kept.step in queries.NOT_ORDERED or f"payout-{kept.number}" in sent


def _checks(
    kept: Iterable[DepositKeptRow], sent: Mapping[str, forms.Form], person: str
) -> Iterable[tuple[DepositKeptRow, bool, forms.Form, forms.Form]]:
    """Yield what waits for a second person: whether this one may be that, and the forms."""
    for one in kept:
        named = {name: sent.get(f"{name}-{one.number}") for name in ("approve", "decline")}
        if queries.waits_for_a_check(one) or any(named.values()):
            decline = DeclineForm(label_suffix="", auto_id=f"decline{one.number}_%s")
            mine = one.ordered_by == person
            yield one, mine, named["approve"] or forms.Form(), named["decline"] or decline


def _payout_form(kept: DepositKeptRow, sent: Mapping[str, forms.Form]) -> forms.Form:
    """Return the form of a payout: the payee as known, and the account they were paid at last."""
    name = kept.to_name or settled.seller_of(kept.application)
    usual = {"to_name": name, "to_account": queries.last_account_of(name)}
    form = PayoutForm(label_suffix="", initial=usual, auto_id=f"payout{kept.number}_%s")
    return sent.get(f"payout-{kept.number}") or form


def _together(application: str) -> list[str]:
    """Return the other sub-accounts of the lot that the same account paid into (同一付款账户)."""
    others = settled.paid_together([application]).get(application, ())
    rows = filter(None, map(queries.sub_account, sorted(others)))
    return [row.account for row in rows]


# ── Stray money, payments, statements ───────────────────────────────────────


@needs(Power.DEPOSIT_MANAGE)
@require_GET
def strays(request: HttpRequest) -> HttpResponse:
    """Money nobody can place, what is still here first."""
    page = Paginator(queries.strays(), PAGE).get_page(request.GET.get("page"))
    return render(request, "trading/strays.html", {"page": page})


@needs(Power.DEPOSIT_MANAGE)
def stray(request: HttpRequest, key: str) -> HttpResponse:
    """Return stray money to where it came from."""
    row = queries.stray(key)
    if row is None:
        raise Http404
    form = filled(ReturnForm, request)
    if request.method == "POST":
        now = timezone.localtime()
        if carried_out(
            form,
            lambda: actions.order_stray_return(
                key=key,
                reason=form.cleaned_data["reason"],
                due_at=_soon(now),
                by=actor_of(request).person,
                at=now,
                once=once(request),
            ),
        ):
            messages.success(request, _("已决定退回，请在“付款”里送银行。"))
            return redirect("trading:strays")
    return render(request, "trading/stray.html", {"row": row, "form": form}, status=_status(form))


@needs(Power.DEPOSIT_MANAGE)
@require_GET
def payments(request: HttpRequest) -> HttpResponse:
    """What is to be paid, and the batches the bank has not answered yet."""
    context = {
        "payments": queries.payments_waiting(),
        "batches": [(b, queries.payments_of(b)) for b in queries.unanswered_batches()],
        "now": timezone.localtime(),
    }
    return render(request, "trading/payments.html", context)


@needs(Power.DEPOSIT_MANAGE)
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Put what is ordered into a batch; its file is then downloaded from the list."""
    batch = actions.send_payments(
        by=actor_of(request).person, at=timezone.localtime(), most=MOST_IN_BATCH
    )
    if batch:
        messages.success(
            request, _("已编成批次 %(batch)s，请下载付款文件送银行。") % {"batch": batch}
        )
    else:
        messages.warning(request, _("没有待付款的退款。"))
    return redirect("trading:payments")


@needs(Power.DEPOSIT_MANAGE)
@require_GET
def file(request: HttpRequest, batch: str) -> HttpResponse:
    """A batch as a file for the bank (pain.001): under the same names, however often it is made."""
    found = queries.payments_of(batch)
    if not found:
        raise Http404
    content = pain001(found, batch=batch, bank=bank(), at=timezone.localtime())
    response = HttpResponse(content, content_type="application/xml")
    response.headers["Content-Disposition"] = f'attachment; filename="{batch}.xml"'
    return response


@needs(Power.DEPOSIT_MANAGE)
def statement(request: HttpRequest) -> HttpResponse:
    """Book a statement of account, and say what could not be booked."""
    form = filled(StatementForm, request)
    taken: Taken | None = None
    if request.method == "POST" and form.is_valid():
        try:
            taken = take(form.cleaned_data["file"], at=timezone.localtime())
        except Malformed:
            form.add_error("file", _("这不是能读的 camt.053 对账单，没有入账。"))
    if taken:
        booked = ngettext("新入账 %(n)s 笔。", "新入账 %(n)s 笔。", taken.booked)
        messages.success(request, booked % {"n": taken.booked})
        form = StatementForm(label_suffix="")
    context = {"form": form, "taken": taken}
    return render(request, "trading/statement.html", context, status=_status(form))


def _soon(now: datetime) -> datetime:
    return refund_due(SOON, ended=now, calendar=catalogue.calendar()).at


def _status(form: forms.Form) -> int:
    if not form.is_bound:
        return 200
    return 409 if form.non_field_errors() else 422
