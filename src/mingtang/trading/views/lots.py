"""Lots for everybody (标的): live, to come, over. Officers record what follows the end."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mingtang.core.people import Power
from mingtang.core.trading import lots
from mingtang.core.trading.lots.closing import reserve_fen
from mingtang.core.trading.lots.course import asked_until
from mingtang.core.trading.lots.state import Status
from mingtang.core.trading.parameters import Bidding, Direction, Secrecy
from mingtang.core.trading.participation import deposit_deadline
from mingtang.people.access import actor_of, needs, public
from mingtang.people.views.filling import carried_out, filled, once
from mingtang.trading import access, queries
from mingtang.trading.actions import hosting
from mingtang.trading.forms.amounts import fen
from mingtang.trading.forms.lots import ContractForm, DefaultForm
from mingtang.trading.queries import ApplicationRow, LotRow, settling
from mingtang.trading.views.projectdesk import may_offer_anew

A_PAGE = 20
BIDS_A_PAGE = 100
LISTS = ("live", "coming", "over")
OPEN_BIDS = (Bidding.LISTING, Bidding.AUCTION, Bidding.DUTCH)  # others are opened at the end


def lot_or_404(key: str) -> LotRow:
    row = queries.lot(key)
    if row is None:
        raise Http404
    return row


# ── The list ────────────────────────────────────────────────────────────────


@public("what can be bid for, now and soon, and how it ended")
@require_safe
def all_lots(request: HttpRequest) -> HttpResponse:
    """The lots live now, those to come, those that are over."""
    now = timezone.localtime()
    found = {"live": queries.live(at=now), "coming": queries.coming(at=now), "over": queries.over()}
    shown = request.GET.get("list", "")
    shown = shown if shown in LISTS else "live"
    page = Paginator(found[shown], A_PAGE).get_page(request.GET.get("page"))
    context = {
        "shown": shown,
        "counts": {name: rows.count() for name, rows in found.items()},
        "page": page,
        "rows": [_line(row, now) for row in page],
        "now": now,
    }
    return render(request, "trading/lots.html", context)


def _line(row: LotRow, now: datetime) -> dict[str, Any]:
    standing = queries.standing(row.key, at=now)
    assert standing is not None  # it has a row, so it was announced
    content, procedure = queries.state_of(row.key).terms
    return {
        "row": row,
        "content": content,
        "reverse": procedure.direction is Direction.REVERSE,
        "standing": standing,
        "price": standing.price_fen or standing.best_fen,
        "awards": queries.awards_of(row),
    }


# ── One lot ─────────────────────────────────────────────────────────────────


@public("one lot: what it is, by which rules and when, and how it ended")
@require_safe
def lot(request: HttpRequest, key: str) -> HttpResponse:
    """Everything there is to know of a lot."""
    return _page(request, lot_or_404(key))


def _page(
    request: HttpRequest,
    row: LotRow,
    *,
    contract: forms.Form | None = None,
    default: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    now, actor = timezone.localtime(), actor_of(request)
    state = queries.state_of(row.key)
    content, procedure = state.terms
    standing = queries.standing(row.key, at=now)
    context: dict[str, Any] = {
        "row": row,
        "content": content,
        "procedure": procedure,
        "state": state,
        "standing": standing,
        "now": now,
        "times": list(_times(state, row)),
        "signing_up": content.times.sign_up_from <= now < row.sign_up_until and _is_open(row),
        "project": queries.announced_project(row.project),
        "own": queries.own_application(actor.person, row.key) if actor.person else None,
        "awards": _awards(row, state),
        "reserve_fen": reserve_fen(state) if _shows_reserve(state) else 0,
    }
    if procedure.bidding in OPEN_BIDS:
        bids = Paginator(queries.last_bids(row.key, 0), BIDS_A_PAGE)
        context["bids"] = bids.get_page(request.GET.get("page"))
    unsettled = _unsettled(state)
    context |= {
        "before": queries.lot(content.again_of) if content.again_of else None,
        "after": queries.offered_anew(row.key),
        "may_offer_anew": may_offer_anew(request, row),
    }
    if access.looks_into(actor, row):
        context["together"] = settling.shared_payers([row.key])
    if access.settles(actor, row) or _won(context["own"], state):
        context |= {"signing": settling.signing_due(state), "unsettled": unsettled}
    if (unsettled or contract or default) and access.settles(actor, row):
        context |= {
            "contract": contract or ContractForm(paddles=unsettled, label_suffix=""),
            "default": default or DefaultForm(paddles=unsettled, label_suffix=""),
        }
    return render(request, "trading/lot.html", context, status=status)


def _won(own: ApplicationRow | None, state: lots.State) -> bool:
    awards = state.closing.awards if state.closing else ()
    return own is not None and own.paddle in {award.paddle for award in awards}


def _is_open(row: LotRow) -> bool:
    return row.status in (Status.ANNOUNCED, Status.SUSPENDED)


def _times(state: lots.State, row: LotRow) -> Iterable[tuple[str, datetime]]:
    """Yield the moments of a lot as they stand now, each with its name."""
    content, procedure = state.terms
    yield _("报名开始"), content.times.sign_up_from
    yield _("报名截止"), row.sign_up_until
    if content.deposit_fen:
        yield _("保证金到账截止"), deposit_deadline(state)
    if procedure.bidding is Bidding.LISTING:
        yield _("自由报价开始"), row.opens
        yield _("自由报价截止"), row.closes
        yield _("限时竞价开始"), asked_until(state)
    else:
        yield _("报价开始"), row.opens
        if procedure.bidding is Bidding.DUTCH:
            yield _("最迟结束"), row.closes
        else:
            yield _("报价截止"), row.closes


def _shows_reserve(state: lots.State) -> bool:
    """A secret reserve is opened by the end, and only by an end in bidding."""
    _content, procedure = state.terms
    secret = procedure.reserve is not None and procedure.reserve.secrecy is Secrecy.SEALED
    return state.closing is not None or not secret


def _awards(row: LotRow, state: lots.State) -> list[dict[str, Any]]:
    """Return who got what, and what has become of it since."""
    names = {one.paddle: one.name for one in queries.winners_of(row)}
    contracts, defaults = _settled(state)
    return [
        {
            "paddle": award.paddle,
            "name": names.get(award.paddle, ""),
            "price_fen": award.price_fen,
            "quantity": award.quantity,
            "total_fen": award.price_fen * award.quantity,
            "contract": award.paddle in contracts,
            "default": award.paddle in defaults,
        }
        for award in queries.awards_of(row)
    ]


def _settled(state: lots.State) -> tuple[frozenset[str], frozenset[str]]:
    closing = state.closing
    return (closing.contracts, closing.defaults) if closing else (frozenset(), frozenset())


def _unsettled(state: lots.State) -> list[str]:
    """Return the winners of whom neither contract nor default is recorded."""
    if state.closing is None:
        return []
    contracts, defaults = _settled(state)
    return [
        award.paddle for award in state.closing.awards if award.paddle not in contracts | defaults
    ]


# ── What officers record ────────────────────────────────────────────────────


@needs(Power.TRADE_ENTER)
@require_POST
def contract(request: HttpRequest, key: str) -> HttpResponse:
    """Record the contract a winner signed (登记成交合同)."""
    row = _of_own_centre(request, key)
    form = filled(ContractForm, request, paddles=_unsettled(queries.state_of(key)))
    if carried_out(
        form,
        lambda: hosting.record_contract(
            lot=key,
            paddle=form.cleaned_data["paddle"],
            number=form.cleaned_data["number"],
            amount_fen=fen(form.cleaned_data["amount"]),
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once(request),
        ),
    ):
        messages.success(request, _("成交合同已登记，竞得人的保证金转作价款。"))
        return redirect("trading:lot", key)
    return _page(request, row, contract=form, status=_status(form))


@needs(Power.TRADE_ENTER)
@require_POST
def default(request: HttpRequest, key: str) -> HttpResponse:
    """Record that a winner lets it go (登记悔拍)."""
    row = _of_own_centre(request, key)
    form = filled(DefaultForm, request, paddles=_unsettled(queries.state_of(key)))
    if carried_out(
        form,
        lambda: hosting.record_default(
            lot=key,
            paddle=form.cleaned_data["paddle"],
            reason=form.cleaned_data["reason"],
            by=actor_of(request).person,
            at=timezone.localtime(),
            once=once(request),
        ),
    ):
        messages.success(request, _("悔拍已登记，保证金不予退还。"))
        return redirect("trading:lot", key)
    return _page(request, row, default=form, status=_status(form))


def _of_own_centre(request: HttpRequest, key: str) -> LotRow:
    row = lot_or_404(key)
    if not access.settles(actor_of(request), row):
        raise PermissionDenied(_("这个标的由另一个中心办理。"))
    return row


def _status(form: forms.Form) -> int:
    return 409 if form.non_field_errors() else 422
