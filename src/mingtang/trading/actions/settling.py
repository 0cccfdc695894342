"""What follows a lot's end (善后): whose deposit goes back, whose is kept, whose is passed on."""

from datetime import datetime

from mingtang.catalogue import queries as catalogue
from mingtang.core.decider import Refused
from mingtang.core.trading import lots
from mingtang.core.trading.banking import LONGEST
from mingtang.core.trading.deposits import TransferTo
from mingtang.core.trading.lots.state import Status
from mingtang.core.trading.parameters import Direction, Payee, Period, Procedure, Unit
from mingtang.core.trading.refunds import refund_due
from mingtang.ledger.enact import known_state
from mingtang.ledger.orders import Receipt
from mingtang.trading import queries
from mingtang.trading.actions import deposits, paddles
from mingtang.trading.projection import LOT
from mingtang.trading.queries.deposits import standing as deposit_of

# Where a procedure leaves it open: five working days, as most of them say.
USUAL = Period(number=5, unit=Unit.WORKING_DAYS)


def open_deposit(*, application: str, at: datetime) -> None:
    """Give an admitted bidder an account to pay the deposit into, where the lot asks for one."""
    row = queries.application(application)
    if row is None or row.status != "admitted":
        return
    state: lots.State = known_state(LOT, row.lot).state
    content, _ = state.terms
    if content.deposit_fen:
        deadline = paddles.deposit_deadline(state)
        deposits.open_sub_account(application, content.deposit_fen, deadline, row.name, at)


def move_deposit_deadlines(*, lot: str, by: str, at: datetime) -> None:
    """Let deposits follow a lot whose times moved. Those that stay are left alone."""
    state: lots.State = known_state(LOT, lot).state
    deadline = paddles.deposit_deadline(state)
    for row in queries.admitted_to(lot):
        standing = deposit_of(row.key)
        if standing is None or standing.deadline == deadline:
            continue
        deposits.move_deadline(application=row.key, deadline=deadline, by=by, at=at)


def refund_losers(*, lot: str, winners: frozenset[str], ended: datetime, at: datetime) -> None:
    """Order the deposits back of all who did not win (退还保证金), by when the procedure says.

    Whether somebody barred has theirs back, the treasurer decides.
    """
    state: lots.State = known_state(LOT, lot).state
    _, procedure = state.terms
    due = refund_due(procedure.refund or USUAL, ended=ended, calendar=catalogue.calendar())
    left = {*winners, *state.barred}
    losers = [row.key for row in queries.all_to(lot) if row.paddle not in left or not row.paddle]
    _refund(losers, reason="竞价已结束，未竞得，退还保证金", due_at=due.at, at=at)


def refund_withdrawn(*, application: str, at: datetime) -> None:
    """Order back what was paid for an application that was taken back."""
    due = refund_due(USUAL, ended=at, calendar=catalogue.calendar())
    _refund([application], reason="已撤回报名，退还保证金", due_at=due.at, at=at)


def _refund(applications: list[str], *, reason: str, due_at: datetime, at: datetime) -> None:
    """Order refunds. What has no account, or nothing on it, or was ordered before, is refused."""
    with_account = [key for key in applications if deposit_of(key) is not None]
    outcomes = deposits.order_refunds(
        applications=with_account, reason=reason, due_at=due_at, at=at
    )
    for outcome in outcomes:
        if not isinstance(outcome, Receipt | Refused):
            raise outcome


def pass_on_at_end(*, lot: str, winners: frozenset[str], ended: datetime, at: datetime) -> None:
    """Let winners' deposits go at once, where the procedure has it so (e.g. a court's)."""
    state: lots.State = known_state(LOT, lot).state
    _, procedure = state.terms
    if procedure.payout and procedure.payout.at_end:
        for paddle in sorted(winners):
            pass_on(lot=lot, paddle=paddle, since=ended, at=at)


def pass_on(*, lot: str, paddle: str, since: datetime, at: datetime) -> None:
    """Let a winner's deposit go into the price (转作价款), or to the court (划付法院).

    It is to be paid on within the procedure's time from `since`. Where the winner sells, there is
    no price for it to go into: it goes back (政府采购法实施条例 art. 33).
    """
    state: lots.State = known_state(LOT, lot).state
    _, procedure = state.terms
    if procedure.direction is Direction.REVERSE:
        due = refund_due(procedure.refund or USUAL, ended=since, calendar=catalogue.calendar())
        sellers = [row.key for row in queries.of_paddles(lot, [paddle])]
        _refund(sellers, reason="已签订合同，退还保证金", due_at=due.at, at=at)
        return
    for row in queries.of_paddles(lot, [paddle]):
        standing = deposit_of(row.key)
        if standing and standing.held_fen:
            to = _to(procedure, TransferTo.PRICE)
            deposits.transfer(
                application=row.key,
                amount_fen=standing.held_fen,
                to=to,
                reason=WHY[to],
                due_at=_payout_due(procedure, since),
                ended=True,
                founded=True,
                at=at,
                once=f"pass-on {row.key}",
            )


WHY = {
    TransferTo.PRICE: "已签订成交合同，保证金转作价款",
    TransferTo.COURT: "已成交，保证金划付人民法院",
}


def _to(procedure: Procedure, otherwise: TransferTo) -> TransferTo:
    court = procedure.payout is not None and procedure.payout.to is Payee.COURT
    return TransferTo.COURT if court else otherwise


def _payout_due(procedure: Procedure, since: datetime) -> datetime:
    within = procedure.payout.within if procedure.payout else USUAL
    return refund_due(within, ended=since, calendar=catalogue.calendar()).at


def keep(*, lot: str, paddle: str, reason: str, at: datetime) -> None:
    """Keep the deposit of a winner who let it go (保证金不予退还), for the seller or the court."""
    state: lots.State = known_state(LOT, lot).state
    _, procedure = state.terms
    for row in queries.of_paddles(lot, [paddle]):
        standing = deposit_of(row.key)
        if standing and standing.held_fen:
            deposits.forfeit(
                application=row.key,
                amount_fen=standing.held_fen,
                to=_to(procedure, TransferTo.SELLER),
                reason=reason[:LONGEST],
                due_at=_payout_due(procedure, at),
                ended=True,
                founded=True,
                at=at,
                once=f"keep {row.key}",
            )


# ── By the treasurer's hand ─────────────────────────────────────────────────


def refund_by_hand(
    *,
    application: str,
    reason: str,
    due_at: datetime,
    to_account: str = "",
    to_name: str = "",
    by: str,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Order back what may go (退还): what came too late or was too much, and, once the lot is
    over, all that somebody paid who was barred."""
    return deposits.order_refund(
        application=application,
        reason=reason,
        due_at=due_at,
        ended=_waits_for_a_decision(application),
        to_account=to_account,
        to_name=to_name,
        by=by,
        at=at,
        once=once,
    )


def forfeit_by_hand(
    *,
    application: str,
    amount_fen: int,
    reason: str,
    by: str,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Keep a deposit (不予退还) of a bidder who defaulted, or was barred."""
    row, state, procedure = _looked_up(application)
    closing = state.closing
    defaulted = closing is not None and row.paddle in closing.defaults
    return deposits.forfeit(
        application=application,
        amount_fen=amount_fen,
        to=_to(procedure, TransferTo.SELLER),
        reason=reason,
        due_at=_payout_due(procedure, at),
        ended=state.status in OVER,
        founded=defaulted or row.paddle in state.barred,
        by=by,
        at=at,
        once=once,
    )


def transfer_by_hand(
    *,
    application: str,
    amount_fen: int,
    reason: str,
    by: str,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Let a winner's deposit go into the price or to the court (转出)."""
    row, state, procedure = _looked_up(application)
    awards = state.closing.awards if state.closing else ()
    return deposits.transfer(
        application=application,
        amount_fen=amount_fen,
        to=_to(procedure, TransferTo.PRICE),
        reason=reason,
        due_at=_payout_due(procedure, at),
        ended=state.status in OVER,
        founded=row.paddle in {award.paddle for award in awards},
        by=by,
        at=at,
        once=once,
    )


def _waits_for_a_decision(application: str) -> bool:
    """Whether its bidder was barred from a lot that is over."""
    row = queries.application(application)
    if row is None:
        return False
    state: lots.State = known_state(LOT, row.lot).state
    return state.status in OVER and row.paddle in state.barred


OVER = (Status.CLOSED, Status.STOPPED)


def _looked_up(application: str) -> tuple[queries.ApplicationRow, lots.State, Procedure]:
    row = queries.application(application)
    if row is None:
        raise Refused("deposit.not-open")
    state: lots.State = known_state(LOT, row.lot).state
    return row, state, state.terms[1]
