"""Papers of the floor (交易文书): an admission for each bidder, a confirmation for each winner.

The key of a paper follows from what it states, so a reaction may be shown an act twice.
"""

from datetime import datetime
from typing import Any

from mingtang.catalogue import queries as catalogue
from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused
from mingtang.core.mandates import TRADING
from mingtang.core.papers import PaperKind
from mingtang.core.trading import confirmation, lots
from mingtang.core.trading.confirmation import Account, Admitted, Centre, Result, Trade
from mingtang.core.trading.lots.events import LotClosed, WinnerName
from mingtang.core.trading.participation import deposit_deadline
from mingtang.core.trading.refunds import refund_due
from mingtang.ledger.enact import known_state
from mingtang.ledger.orders import Receipt
from mingtang.ledger.replay import public_history
from mingtang.papers import actions as papers
from mingtang.papers.actions import Draft
from mingtang.people import queries as people
from mingtang.trading import queries
from mingtang.trading.actions import settling
from mingtang.trading.ports.bank import bank
from mingtang.trading.projection import LOT
from mingtang.trading.queries import ApplicationRow, deposits
from mingtang.trading.queries.papers import admission_key, sale_key


def confirm_sale(*, lot: str, names: tuple[WinnerName, ...], cause: int, at: datetime) -> int:
    """Order the confirmation of each winner of a lot (开具成交确认书); return how many."""
    trade, centre = _trade(lot)
    if trade is None:
        return 0
    result = _result(lot, trade)
    owners = {row.paddle: row.person for row in queries.of_paddles(lot, [n.paddle for n in names])}
    return _order(
        [
            Draft(
                key=sale_key(lot, winner.paddle),
                paper=PaperKind.SALE,
                about=f"lot/{lot}",
                cause=cause,
                organ=centre,
                word=confirmation.SALE_WORD,
                item=TRADING,
                owner=owners.get(winner.paddle, ""),
                sheet=confirmation.sale_confirmation(trade, result, winner, at=at),
                at=at,
            )
            for winner in names
        ]
    )


def _result(lot: str, trade: Trade) -> Result:
    _, index, closed = public_history(f"lot/{lot}", kind=LotClosed.kind)[-1]
    signing = trade.procedure.signing
    if signing is None:
        return Result(closed=closed, index=index)
    due = refund_due(signing, ended=closed.ended, calendar=catalogue.calendar())
    return Result(
        closed=closed, index=index, sign_by=civil_day(due.at), provisional=due.provisional
    )


def confirm_admission(*, application: str, cause: int, at: datetime) -> int:
    """Order the paper of a bidder who was admitted (开具竞买资格确认书), for nobody else.

    Neither its item nor what it is about tells which lot it is for.
    """
    row = queries.application(application)
    if row is None or row.status != "admitted":
        return 0  # taken back meanwhile
    settling.open_deposit(application=application, at=at)  # it says where to pay
    trade, centre = _trade(row.lot)
    if trade is None:
        return 0
    sheet = confirmation.admission(
        trade, _admitted(row), staff_no=_staff_no(row.decided_by, centre), at=at
    )
    draft = Draft(
        key=admission_key(application),
        paper=PaperKind.ADMISSION,
        about=f"application/{application}",
        cause=cause,
        organ=centre,
        word=confirmation.ADMISSION_WORD,
        item=TRADING,
        owner=row.person,
        sheet=sheet,
        at=at,
    )
    return _order([draft])


def _admitted(row: ApplicationRow) -> Admitted:
    state: lots.State = known_state(LOT, row.lot).state
    opens, closes = state.hours
    return Admitted(
        name=row.name,
        paddle=row.paddle,
        rank=row.rank,
        opens=opens,
        closes=closes,
        account=_account(row.key, deposit_deadline(state)),
    )


def _account(application: str, deadline: datetime) -> Account | None:
    own = deposits.sub_account(application)
    if own is None:
        return None
    known = bank()
    return Account(
        number=own.account,
        holder=known.holder,
        bank=known.name,
        amount_fen=own.due_fen,
        deadline=own.deadline or deadline,
    )


def _trade(lot: str) -> tuple[Trade | None, str]:
    """Return a lot as its papers speak of it, and the code of its centre.

    None where no project announced it: then there is nobody whose seal it could be.
    """
    state: lots.State = known_state(LOT, lot).state
    content, procedure = state.terms
    row = queries.project(state.project)
    if row is None:
        return None, ""
    said = queries.project_content(row)
    if said is None:
        raise LookupError(f"the project of {lot} was erased")
    centre: Any = people.organisation(row.centre)
    trade = Trade(
        centre=Centre(name=centre.name, phone=centre.phone, address=centre.address),
        code=row.trade_code,
        project=said.title,
        seller=said.seller,
        lot=content,
        procedure=procedure,
    )
    return trade, row.centre


def _staff_no(person: str, centre: str) -> str:
    posts = people.actor(person).appointments
    return next((post.staff_no for post in posts if post.organisation == centre), "")


def _order(drafts: list[Draft]) -> int:
    """Order papers; those ordered before are left alone. Raises what else went wrong."""
    outcomes = papers.order(drafts)
    for outcome in outcomes:
        known = isinstance(outcome, Refused) and outcome.code == "paper.already-ordered"
        if not (isinstance(outcome, Receipt) or known):
            raise outcome
    return sum(isinstance(outcome, Receipt) for outcome in outcomes)
