"""What moves the dates of a case: an extension, and procedures that stop the clock."""

from datetime import datetime

from mingtang.cases.projection import CASE
from mingtang.catalogue import queries as catalogue
from mingtang.core import cases
from mingtang.core.people import Role
from mingtang.ledger.enact import enact_one
from mingtang.ledger.orders import Order, Receipt
from mingtang.people import queries as people


def extend(
    *,
    number: str,
    days: int,
    reason: str,
    approver: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Extend the statutory term (延长期限), approved by the organ's head of this very day.

    Raises Refused: see `core.cases.special.extend`.
    """

    def command() -> cases.ExtendTerm:
        return cases.ExtendTerm(
            days=days,
            reason=reason,
            approver=approver,
            heads=people.is_holder(
                person=approver.person,
                roles={Role.DEPARTMENT_MANAGER},
                organisation=approver.organisation,
            ),
            at=at,
            calendar=catalogue.calendar(),
        )

    return enact_one(Order(CASE, number, command, once))


def begin_special(
    *,
    number: str,
    procedure: cases.SpecialKind,
    reason: str,
    expected_days: int,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Begin a special procedure (启动特别程序): the clocks stand still from today.

    Raises Refused: see `core.cases.special.begin`.
    """
    command = cases.BeginSpecial(
        procedure=procedure, reason=reason, expected_days=expected_days, officer=officer, at=at
    )
    return enact_one(Order(CASE, number, command, once))


def end_special(
    *, number: str, result: str, officer: cases.Officer, at: datetime, once: str | None = None
) -> Receipt:
    """End it (结束特别程序): the clocks go on today.

    Raises Refused: see `core.cases.special.end`.
    """

    def command() -> cases.EndSpecial:
        return cases.EndSpecial(
            result=result, officer=officer, at=at, calendar=catalogue.calendar()
        )

    return enact_one(Order(CASE, number, command, once))


# ── Contracted services ─────────────────────────────────────────────────────


def begin_contracted(
    *,
    number: str,
    service: str,
    body_name: str,
    procedure: cases.SpecialKind | None,
    items: tuple[str, ...],
    expected_days: int,
    at: datetime,
) -> Receipt:
    """A contracted body has begun (中介服务开始): its time is not counted, or the record says why.

    Raises Refused: see `core.cases.contracted.begin`.
    """
    command = cases.BeginContracted(
        service=service,
        body_name=body_name,
        procedure=procedure,
        items=items,
        expected_days=expected_days,
        at=at,
    )
    return enact_one(Order(CASE, number, command))


def end_contracted(*, number: str, service: str, at: datetime) -> Receipt:
    """It has delivered, or its contract ended: the clocks go on.

    Raises Refused: see `core.cases.contracted.end`.
    """

    def command() -> cases.EndContracted:
        return cases.EndContracted(service=service, at=at, calendar=catalogue.calendar())

    return enact_one(Order(CASE, number, command))
