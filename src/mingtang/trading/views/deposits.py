"""The treasurer's pages (保证金管理): sub-accounts, stray money, payments, statements, the books.

Nothing here says which lot or which bidder a sub-account belongs to: only what the bank says of
who paid (法释〔2016〕18号 art. 18).
"""

from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from mingtang.catalogue import queries as catalogue
from mingtang.core.people import Power
from mingtang.core.trading.deposits import Status
from mingtang.core.trading.parameters import Period, Unit
from mingtang.core.trading.refunds import refund_due
from mingtang.people.access import actor_of, needs
from mingtang.people.views.filling import carried_out, filled, once
from mingtang.trading.actions import deposits as actions
from mingtang.trading.adapters.payment_orders import pain001
from mingtang.trading.adapters.statements import Taken, take
from mingtang.trading.adapters.xml import Malformed
from mingtang.trading.forms.deposits import RefundForm, ReturnForm, StatementForm
from mingtang.trading.ports.bank import bank
from mingtang.trading.queries import deposits as queries
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
    context = {
        "page": found.get_page(request.GET.get("page")),
        "status": status,
        "statuses": [(code.value, word) for code, (word, _lamp) in STATUSES.items()],
        "books": queries.books(),
        "waiting": len(queries.payments_waiting()),
        "strays": queries.strays().filter(returned=None).count(),
    }
    return render(request, "trading/deposits.html", context)


@needs(Power.DEPOSIT_MANAGE)
def account(request: HttpRequest, application: str) -> HttpResponse:
    """One sub-account: what came, what went back; order a refund of what may go."""
    row = queries.sub_account(application)
    if row is None:
        raise Http404
    form = filled(RefundForm, request)
    if request.method == "POST":
        now = timezone.localtime()
        if carried_out(
            form,
            lambda: actions.order_refund(
                application=application,
                **form.cleaned_data,
                due_at=_soon(now),
                by=actor_of(request).person,
                at=now,
                once=once(request),
            ),
        ):
            messages.success(request, _("已决定退还，请在“付款”里送银行。"))
            return redirect("trading:deposit", application)
    context = {
        "row": row,
        "bookings": queries.bookings(application),
        "refunds": queries.refunds(application),
        "form": form,
    }
    return render(request, "trading/deposit.html", context, status=_status(form))


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


def _status(form: RefundForm | ReturnForm | StatementForm) -> int:
    if not form.is_bound:
        return 200
    return 409 if form.non_field_errors() else 422
