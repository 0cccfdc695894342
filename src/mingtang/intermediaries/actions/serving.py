"""From the contract to the rating (合同、服务、交付、验收、评价、投诉)."""

from collections.abc import Callable
from datetime import date, datetime

from mingtang.catalogue import queries as catalogue
from mingtang.core.cases import Document
from mingtang.core.decider import Refused
from mingtang.core.intermediaries.needs import commands
from mingtang.core.intermediaries.needs.commands import Command
from mingtang.intermediaries import access, queries
from mingtang.intermediaries.projection import NEED
from mingtang.ledger.enact import enact_one
from mingtang.ledger.orders import Order, Receipt
from mingtang.people import queries as people


def contract(
    *, need: str, price_fen: int, days: int, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Note the contract (登记合同). Raises Refused: see `core…serving.contract`."""

    def command() -> Command:
        own = _is_own(need, by)
        return commands.NoteContract(price_fen=price_fen, days=days, own=own, by=by, at=at)

    return _on(need, command, once)


def begin(*, need: str, by: str, at: datetime, once: str | None = None) -> Receipt:
    """The body begins (开始服务). Raises Refused: need.no-contract, need.not-its-agent."""

    def command() -> Command:
        return commands.BeginService(
            represents=_represents(need, by), by=by, at=at, calendar=catalogue.calendar()
        )

    return _on(need, command, once)


def deliver(
    *,
    need: str,
    documents: tuple[Document, ...],
    note: str,
    by: str,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """The body delivers (交付成果). Raises Refused: need.not-serving, need.no-document, …"""

    def command() -> Command:
        return commands.DeliverResult(
            documents=documents,
            note=note,
            represents=_represents(need, by),
            by=by,
            at=at,
            calendar=catalogue.calendar(),
        )

    return _on(need, command, once)


def accept(*, need: str, by: str, at: datetime, once: str | None = None) -> Receipt:
    """Accept the result (验收). Raises Refused: need.not-delivered, need.not-publisher."""

    def command() -> Command:
        return commands.AcceptResult(own=_is_own(need, by), by=by, at=at)

    return _on(need, command, once)


def return_result(
    *, need: str, reason: str, days: int, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Return it to be done again (退回). Raises Refused: need.reason-missing, need.days-wrong, …"""

    def command() -> Command:
        return commands.ReturnResult(
            reason=reason,
            days=days,
            own=_is_own(need, by),
            by=by,
            at=at,
            calendar=catalogue.calendar(),
        )

    return _on(need, command, once)


def rate(
    *, need: str, stars: int, comment: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Rate the service (评价). Raises Refused: need.rated-already, need.stars-wrong, …"""

    def command() -> Command:
        own = _is_own(need, by)
        return commands.RateService(stars=stars, comment=comment, own=own, by=by, at=at)

    return _on(need, command, once)


def complain(*, need: str, text: str, by: str, at: datetime, once: str | None = None) -> Receipt:
    """Complain of the service (投诉). Raises Refused: need.nobody-chosen, …"""

    def command() -> Command:
        return commands.ComplainOfService(text=text, own=_is_own(need, by), by=by, at=at)

    return _on(need, command, once)


def answer(
    *, need: str, upheld: bool, reason: str, by: str, at: datetime, once: str | None = None
) -> Receipt:
    """Answer a complaint (处理投诉); upheld, the body is suspended by a reaction.

    Raises Refused: need.no-complaint, need.not-its-centre, need.reason-missing.
    """

    def command() -> Command:
        manages = access.manages(people.actor(by))
        return commands.AnswerComplaint(upheld=upheld, reason=reason, manages=manages, by=by, at=at)

    return _on(need, command, once)


def end(*, need: str, reason: str, by: str, at: datetime, once: str | None = None) -> Receipt:
    """End a need before the result is accepted (终止). Raises Refused: need.over, …"""

    def command() -> Command:
        return commands.EndNeed(
            reason=reason,
            own=_is_own(need, by),
            manages=access.manages(people.actor(by)),
            by=by,
            at=at,
        )

    return _on(need, command, once)


# ── What the case said of the time ──────────────────────────────────────────


def note_excluded(*, need: str, round: int, since: date, at: datetime) -> Receipt:
    """Raises Refused: need.time-known, need.round-unknown."""
    return _on(need, lambda: commands.NoteExcluded(round=round, since=since, at=at), None)


def note_counted(*, need: str, round: int, why: str, at: datetime) -> Receipt:
    """Raises Refused: need.time-known, need.round-unknown."""
    return _on(need, lambda: commands.NoteCounted(round=round, why=why, at=at), None)


def note_resumed(*, need: str, round: int, days: int, at: datetime) -> Receipt:
    """Raises Refused: need.time-known, need.round-unknown."""
    return _on(need, lambda: commands.NoteResumed(round=round, days=days, at=at), None)


def _on(need: str, command: Callable[[], Command], once: str | None) -> Receipt:
    return enact_one(Order(NEED, need, command, once))


def _is_own(need: str, by: str) -> bool:
    return access.is_publisher(people.actor(by), _known(need))


def _represents(need: str, by: str) -> bool:
    return access.represents(people.actor(by), _known(need).body)


def _known(need: str) -> queries.NeedRow:
    row = queries.need(need)
    if row is None:
        raise Refused("need.unknown")
    return row
