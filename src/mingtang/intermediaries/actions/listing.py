"""Services and the register: published, asked for, reviewed, suspended, removed."""

from collections.abc import Callable
from datetime import datetime

from mingtang.core.decider import require
from mingtang.core.intermediaries import register, services
from mingtang.core.intermediaries.register import BodyContent
from mingtang.core.intermediaries.services import ServiceContent
from mingtang.intermediaries import access, queries
from mingtang.intermediaries.projection import BODY, SERVICE
from mingtang.ledger.actions import erase
from mingtang.ledger.enact import enact_one
from mingtang.ledger.orders import Order, Receipt
from mingtang.people import queries as people

# ── Services ────────────────────────────────────────────────────────────────


def publish_service(
    *, content: ServiceContent, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Publish a kind of service (发布中介服务事项). Raises Refused: see `core…services`."""

    def command() -> services.PublishService:
        return services.PublishService(content=content, manages=_manages(by), by=by, at=at)

    return enact_one(Order(SERVICE, content.code, command, once))


def withdraw_service(
    *, code: str, reason: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Withdraw one (取消中介服务事项). Raises Refused: intermediary-service.not-in-force, …"""

    def command() -> services.WithdrawService:
        return services.WithdrawService(reason=reason, manages=_manages(by), by=by, at=at)

    return enact_one(Order(SERVICE, code, command, once))


# ── The register ────────────────────────────────────────────────────────────


def ask_to_join(*, content: BodyContent, by: str, at: datetime, once: str | None = None) -> Receipt:
    """Ask to be listed, or to have something else published (申请入驻).

    Raises Refused: see `core.intermediaries.register`.
    """

    def command() -> register.AskToJoin:
        known = {row.key for row in queries.services()}
        return register.AskToJoin(
            content=content,
            represents=access.represents(people.actor(by), content.code),
            services_known={one.service for one in content.qualifications} <= known,
            by=by,
            at=at,
        )

    return _on(content.code, command, once)


def admit(*, body: str, by: str, at: datetime, once: str | None = None) -> Receipt:
    """List a body (审核通过并公布). Raises Refused: intermediary.own-body, …"""

    def command() -> register.AdmitBody:
        return register.AdmitBody(manages=_manages(by), own=_is_own(by, body), by=by, at=at)

    return _on(body, command, once)


def turn_down(*, body: str, reason: str, by: str, at: datetime, once: str | None = None) -> Receipt:
    """Turn a request down (审核不通过). Raises Refused: intermediary.reason-missing, …"""

    def command() -> register.TurnDownBody:
        return register.TurnDownBody(
            reason=reason, manages=_manages(by), own=_is_own(by, body), by=by, at=at
        )

    return _on(body, command, once)


def suspend(
    *,
    body: str,
    reason: str,
    by: str,
    at: datetime,
    need: str = "",
    upheld: bool = False,
    once: str | None = None,
) -> Receipt:
    """Suspend a body (暂停). Raises Refused: intermediary.not-listed, …

    `upheld`: it follows from a complaint the centre has upheld, about `need`.
    """

    def command() -> register.SuspendBody:
        manages = upheld or _manages(by)
        return register.SuspendBody(reason=reason, need=need, manages=manages, by=by, at=at)

    return _on(body, command, once)


def reinstate(*, body: str, reason: str, by: str, at: datetime, once: str | None = None) -> Receipt:
    """List it again (恢复). Raises Refused: intermediary.not-suspended, …"""

    def command() -> register.ReinstateBody:
        return register.ReinstateBody(reason=reason, manages=_manages(by), by=by, at=at)

    return _on(body, command, once)


def remove(*, body: str, reason: str, by: str, at: datetime, once: str | None = None) -> Receipt:
    """Take it off the register (移出名录). Raises Refused: intermediary.not-listed, …"""

    def command() -> register.RemoveBody:
        return register.RemoveBody(reason=reason, manages=_manages(by), by=by, at=at)

    return _on(body, command, once)


def erase_contacts(*, body: str, basis: str, by: str, at: datetime) -> int:
    """Erase whom to ask for from a body's past requests (依法删除联系人); return of how many.

    Each is an act of its own, on the record with its basis: done again, what is left is done.
    Raises Refused: intermediary.not-its-manager, intermediary.nothing-to-erase,
    erasure.basis-missing.
    """
    require(_manages(by), "intermediary.not-its-manager")
    entries = queries.contacts_to_erase(body)
    require(entries != [], "intermediary.nothing-to-erase")
    for index in entries:
        erase(index=index, names=("contact", "phone"), basis=basis, by=by, at=at, subjects=(BODY,))
    return len(entries)


def _on(body: str, command: Callable[[], register.Command], once: str | None) -> Receipt:
    return enact_one(Order(BODY, body, command, once))


def _manages(by: str) -> bool:
    return access.manages(people.actor(by))


def _is_own(by: str, body: str) -> bool:
    return access.represents(people.actor(by), body)
