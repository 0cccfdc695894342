"""What a host does in the room (主持), and what time, notices and interruptions do to a lot.

Pausing and stopping take two hosts: one proposes with the reason, another confirms.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime

from mingtang.core.decider import Refused
from mingtang.core.trading import outages
from mingtang.core.trading.lots import commands
from mingtang.core.trading.lots.events import Stopping, WinnerName
from mingtang.core.trading.lots.terms import LotContent, lot_key
from mingtang.core.trading.outages import RULE, OutageRule
from mingtang.ledger.enact import enact, enact_one
from mingtang.ledger.orders import Order, Outcome, Receipt
from mingtang.people import queries as people
from mingtang.trading import access, queries
from mingtang.trading.projection import LOT, OUTAGE


def announce(
    *, project: str, contents: Sequence[LotContent], by: str, at: datetime
) -> list[Outcome]:
    """Open a project's lots (公告标的), each under the version its notice named.

    Done again, each is refused: it is announced already.
    """
    return enact([_announcement(project, content, by, at) for content in contents])


def _announcement(project: str, content: LotContent, by: str, at: datetime) -> Order:
    def command() -> commands.AnnounceLot:
        return commands.AnnounceLot(
            project=project,
            content=content,
            procedure=queries.procedure_version(content.procedure, content.procedure_version),
            seed=secrets.token_hex(32),
            by=by,
            at=at,
        )

    return Order(LOT, lot_key(project, content.no), command)


def change(
    *, project: str, contents: Sequence[LotContent], reason: str, by: str, at: datetime
) -> list[Outcome]:
    """Change lots as a change notice says (变更标的)."""
    return enact(
        [
            Order(
                LOT,
                lot_key(project, content.no),
                commands.ChangeLot(content=content, reason=reason, by=by, at=at),
            )
            for content in contents
        ]
    )


def halt(*, project: str, stopping: Stopping, reason: str, by: str, at: datetime) -> list[Outcome]:
    """Pause or stop every lot of a project, as its notice says (中止、终止)."""
    order = commands.HaltLot(stopping=stopping, reason=reason, by=by, at=at)
    return enact([Order(LOT, row.key, order) for row in queries.lots_of(project)])


def go_on(*, project: str, resumes: datetime, by: str, at: datetime) -> list[Outcome]:
    """Resume every lot of a project, as its notice says (恢复)."""
    order = commands.ResumeLot(resumes=resumes, may_resume=True, by=by, at=at)
    return enact([Order(LOT, row.key, order) for row in queries.lots_of(project)])


# ── In the room ─────────────────────────────────────────────────────────────


def enter_reserve(
    *, lot: str, amount_fen: int, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Enter the secret reserve (录入底价). It is set once a second person enters the same."""

    def command() -> commands.EnterReserve:
        return commands.EnterReserve(amount_fen=amount_fen, hosts=_hosts(by, lot), by=by, at=at)

    return enact_one(Order(LOT, lot, command, once))


def propose_stop(
    *, lot: str, stopping: Stopping, reason: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Propose to pause or stop a lot (提议中止或终止)."""

    def command() -> commands.ProposeStop:
        return commands.ProposeStop(
            stopping=stopping, reason=reason, hosts=_hosts(by, lot), by=by, at=at
        )

    return enact_one(Order(LOT, lot, command, once))


def confirm_stop(
    *, lot: str, agrees: bool, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Confirm what another host proposed, or turn it down."""

    def command() -> commands.ConfirmStop:
        return commands.ConfirmStop(agrees=agrees, hosts=_hosts(by, lot), by=by, at=at)

    return enact_one(Order(LOT, lot, command, once))


def resume(
    *, lot: str, resumes: datetime, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Resume a lot a host paused (恢复竞价)."""

    def command() -> commands.ResumeLot:
        return commands.ResumeLot(resumes=resumes, may_resume=_hosts(by, lot), by=by, at=at)

    return enact_one(Order(LOT, lot, command, once))


def bar(
    *, lot: str, paddle: str, reason: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Take a paddle out of the bidding (取消竞买资格)."""

    def command() -> commands.BarPaddle:
        return commands.BarPaddle(paddle=paddle, reason=reason, hosts=_hosts(by, lot), by=by, at=at)

    return enact_one(Order(LOT, lot, command, once))


def _hosts(person: str, lot: str) -> bool:
    row = queries.lot(lot)
    return row is not None and access.hosts(people.actor(person), row)


# ── After the end ───────────────────────────────────────────────────────────


def name_winners(*, lot: str, at: datetime) -> Receipt:
    """Make the winners' names public (公布竞得人): until now only their paddles were."""

    def command() -> commands.NameWinners:
        row = queries.lot(lot)
        won = {award.paddle for award in queries.awards_of(row)} if row else set()
        names = [
            WinnerName(paddle=own.paddle, name=own.name)
            for own in queries.of_paddles(lot, sorted(won))
        ]
        return commands.NameWinners(names=tuple(sorted(names, key=lambda n: n.paddle)), at=at)

    return enact_one(Order(LOT, lot, command))


def record_contract(
    *,
    lot: str,
    paddle: str,
    number: str,
    amount_fen: int,
    by: str,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Record the contract a winner signed (登记成交合同)."""

    def command() -> commands.RecordContract:
        return commands.RecordContract(
            paddle=paddle,
            number=number,
            amount_fen=amount_fen,
            manages=_manages(by, lot),
            by=by,
            at=at,
        )

    return enact_one(Order(LOT, lot, command, once))


def record_default(
    *, lot: str, paddle: str, reason: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Record that a winner lets it go (登记悔拍): their deposit is forfeited."""

    def command() -> commands.RecordDefault:
        return commands.RecordDefault(
            paddle=paddle, reason=reason, manages=_manages(by, lot), by=by, at=at
        )

    return enact_one(Order(LOT, lot, command, once))


def _manages(person: str, lot: str) -> bool:
    row = queries.lot(lot)
    return row is not None and access.settles(people.actor(person), row)


# ── Interruptions ───────────────────────────────────────────────────────────


def record_outage(
    *,
    service: str,
    began: datetime,
    recovered: datetime,
    at: datetime,
    rule: OutageRule = RULE,
) -> Receipt:
    """Record that a service was interrupted (登记系统中断). Done again, it is refused."""
    key = f"{service}-{began:%Y%m%d%H%M%S}"
    command = outages.RecordOutage(
        service=service, began=began, recovered=recovered, rule=rule, at=at
    )
    return enact_one(Order(OUTAGE, key, command))


def shift_deadlines(*, outage: str, event: outages.OutageRecorded) -> int:
    """Move the deadlines of every running lot as the rule says (顺延); return how many moved."""
    order = commands.ShiftDeadlines(
        outage=outage,
        began=event.began,
        recovered=event.recovered,
        rule=event.rule,
        at=event.at,
    )
    outcomes = enact([Order(LOT, key, order) for key in queries.running()])
    failed = [o for o in outcomes if not isinstance(o, Receipt | Refused)]
    if failed:
        raise failed[0]
    return sum(isinstance(outcome, Receipt) for outcome in outcomes)
