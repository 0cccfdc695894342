"""Everything that can be done to a project (交易项目): one function per command.

`by` names who does it, `at` is the moment, given by the face; `once` is the form's idempotency
key. What the rules need to know is looked up when the order's turn comes.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from mingtang.catalogue import queries as catalogue
from mingtang.core.clock import civil_day
from mingtang.core.decider import Refused
from mingtang.core.trading import projects
from mingtang.core.trading.codes import NotATradeCode, TradeCode
from mingtang.core.trading.lots.terms import LotContent
from mingtang.core.trading.projects import RESUMPTION_DAYS, LotOutcome, ProjectContent
from mingtang.ledger.enact import enact_one
from mingtang.ledger.numbers import drawn_number
from mingtang.ledger.orders import Order, Receipt
from mingtang.people import queries as people
from mingtang.trading import access, queries
from mingtang.trading.projection import TRADE

SYSTEM = "system"  # who acts when the installation itself does


def new_key() -> str:
    """Return a project's key nobody can guess: 40 random bits, "JY-7K2P-9QXD"."""
    return drawn_number("JY")


def enter_project(
    *, content: ProjectContent, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Enter a project (录入项目) at the centre whose officer `by` is. `Receipt.key` is its key."""

    def command() -> projects.EnterProject:
        centre = access.centre_of(people.actor(by))
        kind = queries.kind(content.kind)
        return projects.EnterProject(
            content=content,
            centre=centre,
            kind=queries.kind_of(kind) if kind and kind.in_use else None,
            code=_next_code(content.kind, centre, at),
            enters=bool(centre),
            by=by,
            at=at,
        )

    return enact_one(Order(TRADE, new_key(), command, once))


def _next_code(kind: str, centre: str, at: datetime) -> TradeCode | None:
    """Return the next code of the day; nothing where the centre has no credit code."""
    body, day = people.organisation(centre), civil_day(at)
    try:
        return TradeCode(kind, body.uscc if body else "", day, queries.next_serial(day))
    except NotATradeCode:
        return None


def amend_project(
    *, key: str, content: ProjectContent, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Write it anew (修改项目), as long as it is not submitted."""

    def command() -> projects.AmendProject:
        return projects.AmendProject(content=content, enters=_enters(key, by), by=by, at=at)

    return enact_one(Order(TRADE, key, command, once))


def submit_project(*, key: str, by: str, at: datetime, once: str | None = None) -> Receipt:
    """Submit it for review (提交审核)."""

    def command() -> projects.SubmitProject:
        return projects.SubmitProject(
            earlier=queries.earlier_lots(key),
            procedures=queries.procedures_in_use(),
            calendar=catalogue.calendar(),
            enters=_enters(key, by),
            by=by,
            at=at,
        )

    return enact_one(Order(TRADE, key, command, once))


def return_project(
    *, key: str, reason: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Give it back to be written anew (退回修改)."""

    def command() -> projects.ReturnProject:
        return projects.ReturnProject(reason=reason, reviews=_reviews(key, by), by=by, at=at)

    return enact_one(Order(TRADE, key, command, once))


def approve_project(*, key: str, by: str, at: datetime, once: str | None = None) -> Receipt:
    """Approve it (审核通过)."""

    def command() -> projects.ApproveProject:
        return projects.ApproveProject(reviews=_reviews(key, by), by=by, at=at)

    return enact_one(Order(TRADE, key, command, once))


def publish_notice(
    *, key: str, number: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Publish its notice (发布公告): from here on its lots are offered."""

    def command() -> projects.PublishNotice:
        return projects.PublishNotice(
            number=number,
            number_taken=queries.number_taken(number),
            earlier=queries.earlier_lots(key),
            procedures=queries.procedures_in_use(),
            calendar=catalogue.calendar(),
            reviews=_reviews(key, by),
            by=by,
            at=at,
        )

    return enact_one(Order(TRADE, key, command, once))


def change_notice(
    *,
    key: str,
    lots: Sequence[LotContent],
    reason: str,
    by: str,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Publish a change (变更公告): the changed lots, each whole."""

    def command() -> projects.ChangeNotice:
        row = queries.project(key)
        content = queries.project_content(row) if row else None
        return projects.ChangeNotice(
            lots=tuple(lots),
            reason=reason,
            procedures=queries.procedures_named(content) if content else {},
            earlier=queries.earlier_lots(key),
            calendar=catalogue.calendar(),
            reviews=_reviews(key, by),
            by=by,
            at=at,
        )

    return enact_one(Order(TRADE, key, command, once))


def suspend_project(
    *, key: str, reason: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Suspend it by notice (中止公告)."""

    def command() -> projects.SuspendProject:
        return projects.SuspendProject(reason=reason, reviews=_reviews(key, by), by=by, at=at)

    return enact_one(Order(TRADE, key, command, once))


def resume_project(
    *,
    key: str,
    resumes: datetime,
    reason: str,
    by: str,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Say by notice when it goes on (恢复公告)."""

    def command() -> projects.ResumeProject:
        return projects.ResumeProject(
            resumes=resumes,
            reason=reason,
            least_days=RESUMPTION_DAYS,
            reviews=_reviews(key, by),
            by=by,
            at=at,
        )

    return enact_one(Order(TRADE, key, command, once))


def end_project(
    *, key: str, reason: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """End it for good (终止), by notice if its offer was announced."""

    def command() -> projects.EndProject:
        return projects.EndProject(reason=reason, reviews=_reviews(key, by), by=by, at=at)

    return enact_one(Order(TRADE, key, command, once))


def publish_result(
    *, key: str, lot: int, outcome: LotOutcome, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Publish how a lot ended (结果公告). For whoever hears that the lot is over."""
    command = projects.PublishResult(lot=lot, outcome=outcome, by=by, at=at)
    return enact_one(Order(TRADE, key, command, once))


def tell_result(*, lot: str, outcome: LotOutcome, at: datetime) -> None:
    """Publish the result of a lot that is over. Told again, or ended with its project: nothing."""
    row = queries.lot(lot)
    if row is not None:
        with suppress(Refused):
            publish_result(key=row.project, lot=row.no, outcome=outcome, by=SYSTEM, at=at)


def _enters(key: str, person: str) -> bool:
    row = queries.project(key)
    return row is not None and access.enters(people.actor(person), row)


def _reviews(key: str, person: str) -> bool:
    row = queries.project(key)
    return row is not None and access.reviews(people.actor(person), row)
