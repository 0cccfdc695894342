"""What is asked about money once a lot is over, and about who paid for whom before."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mingtang.catalogue import queries as catalogue
from mingtang.core.trading.lots.state import State, Status
from mingtang.core.trading.parameters import Period
from mingtang.core.trading.refunds import refund_due
from mingtang.trading.models import ApplicationRow, DepositBookingRow, DepositRow, LotRow, TradeRow
from mingtang.trading.queries.lots import lot, state_of


@dataclass(frozen=True, slots=True)
class SigningDue:
    """签约期限 of a lot that was sold."""

    period: Period
    at: datetime  # the last second in time
    provisional: bool  # counted through a year whose calendar is not official yet


def signing_due(state: State) -> SigningDue | None:
    """Return by when the winners of a lot have to sign, where its procedure says."""
    if state.closing is None or not state.closing.awards:
        return None
    _, procedure = state.terms
    if procedure.signing is None:
        return None
    due = refund_due(procedure.signing, ended=state.closing.ended, calendar=catalogue.calendar())
    return SigningDue(procedure.signing, due.at, due.provisional)


OVER = (Status.CLOSED.value, Status.STOPPED.value)


def seller_of(application: str) -> str:
    """Return who sells the lot of an application, once that is over; empty before."""
    own = ApplicationRow.objects.filter(pk=application).first()
    row = lot(own.lot) if own else None
    if row is None or row.status not in OVER:
        return ""
    sellers = TradeRow.objects.filter(pk=row.project).values_list("seller", flat=True)
    return sellers.first() or ""


def undecided() -> list[DepositRow]:
    """Return what is held of bidders that were barred, once their lots are over.

    Somebody has to decide whether it is kept or goes back.
    """
    held = DepositRow.objects.filter(held_fen__gt=0)
    over = LotRow.objects.filter(status__in=OVER)
    paid = ApplicationRow.objects.filter(pk__in=held.values("application"))
    rows = list(paid.filter(lot__in=over.values("key")))
    barred = {of_lot: state_of(of_lot).barred for of_lot in {row.lot for row in rows}}
    keys = [row.key for row in rows if row.paddle in barred[row.lot]]
    return list(held.filter(pk__in=keys).order_by("opened_at", "account"))


# ── One payer for several bidders (同一付款账户) ────────────────────────────


@dataclass(frozen=True, slots=True)
class SharedPayer:
    """An account that paid the deposits of several bidders of one lot."""

    lot: str
    account: str
    payers: tuple[str, ...]  # names, as the bank gives them
    applications: tuple[ApplicationRow, ...]


def shared_payers(lots: Collection[str]) -> list[SharedPayer]:
    """Return the accounts that paid for several bidders of one of these lots.

    Bids whose deposits come from the account of one body are taken to be in collusion
    (招标投标法实施条例 art. 40(6)): somebody has to look into it, nobody is shut out by it. A
    bidder who signed up again after withdrawing is one bidder.
    """
    rows = ApplicationRow.objects.filter(lot__in=list(lots)).order_by("filed_at", "key")
    applications = {row.key: row for row in rows}
    paid: dict[tuple[str, str], list[DepositBookingRow]] = defaultdict(list)
    for booking in _bookings(applications):
        account = _bare(booking.payer_account)
        if account:
            paid[applications[booking.application].lot, account].append(booking)
    found = []
    for (of_lot, account), bookings in sorted(paid.items()):
        keys = dict.fromkeys(one.application for one in bookings)
        of = tuple(applications[key] for key in keys)
        if len({one.id_number for one in of}) > 1:
            payers = tuple(dict.fromkeys(one.payer_name for one in bookings))
            found.append(SharedPayer(of_lot, account, payers, of))
    return found


def _bookings(applications: Mapping[str, ApplicationRow]) -> Sequence[DepositBookingRow]:
    rows = DepositBookingRow.objects.filter(application__in=list(applications))
    return list(rows.order_by("booked", "id"))


def _bare(account: str) -> str:
    """Return an account's number without the blanks and dashes some banks put in."""
    return "".join(sign for sign in account if sign.isalnum())


def paid_together(applications: Collection[str]) -> dict[str, set[str]]:
    """Return, of these applications, those that share a payer and the ones they share it with."""
    own = ApplicationRow.objects.filter(pk__in=list(applications))
    lots = set(own.values_list("lot", flat=True))
    found: dict[str, set[str]] = {}
    for shared in shared_payers(lots):
        keys = {row.key for row in shared.applications}
        for key in keys & {*applications}:
            found.setdefault(key, set()).update(keys - {key})
    return found


def lots_paid_together() -> list[tuple[LotRow, list[SharedPayer]]]:
    """Return the lots of which several bidders share a payer, the last to end first."""
    several = _accounts_of_several()
    of_lots = ApplicationRow.objects.filter(pk__in=several).values_list("lot", flat=True)
    by_lot: dict[str, list[SharedPayer]] = defaultdict(list)
    for shared in shared_payers(set(of_lots)):
        by_lot[shared.lot].append(shared)
    rows = LotRow.objects.filter(pk__in=list(by_lot)).order_by("-ends", "key")
    return [(row, by_lot[row.key]) for row in rows]


def _accounts_of_several() -> set[str]:
    """Return the applications paid from an account that paid for another, too."""
    told = DepositBookingRow.objects.exclude(payer_account="")
    by_account: dict[str, set[str]] = defaultdict(set)
    for account, application in told.values_list("payer_account", "application"):
        by_account[_bare(account)].add(application)
    return {key for keys in by_account.values() if len(keys) > 1 for key in keys}
