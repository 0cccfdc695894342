"""What colleagues do among themselves about the tasks of a case. None of it moves a date."""

from collections.abc import Sequence
from datetime import datetime

from mingtang.cases import access, queries
from mingtang.cases.actions import stands_for
from mingtang.cases.projection import CASE
from mingtang.core import cases
from mingtang.core.cases import DECISION, Agreement, Need, When
from mingtang.core.people import Power
from mingtang.ledger.enact import enact_one
from mingtang.ledger.orders import Order, Receipt
from mingtang.people import queries as people


def claim(
    *, number: str, task: str, officer: cases.Officer, at: datetime, once: str | None = None
) -> Receipt:
    """Take on a task (领取). Raises Refused: see `core.cases.assigning.claim`."""
    command = cases.ClaimTask(task=task, officer=officer, at=at)
    return enact_one(Order(CASE, number, command, once))


def give_back(
    *, number: str, task: str, officer: cases.Officer, at: datetime, once: str | None = None
) -> Receipt:
    """Leave it to the department again (退还).

    Raises Refused: see `core.cases.assigning.give_back`.
    """
    command = cases.GiveBackTask(task=task, officer=officer, at=at)
    return enact_one(Order(CASE, number, command, once))


def reassign(
    *,
    number: str,
    task: str,
    to: str,
    reason: str,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Pass a task on (转办) to the colleague `to`, who holds its power this very day.

    Raises Refused: see `core.cases.assigning.reassign`.
    """

    def command() -> cases.ReassignTask:
        power = Power.CASE_DECIDE if task == DECISION else Power.CASE_REVIEW
        return cases.ReassignTask(
            task=task,
            to=access.colleague(to, officer.organisation, {power}),
            reason=reason,
            officer=officer,
            heads=_heads(officer),
            at=at,
        )

    return enact_one(Order(CASE, number, command, once))


def ask_signers(
    *,
    number: str,
    task: str,
    signers: Sequence[str],
    when: When,
    need: Need,
    note: str,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Ask named colleagues to sign (加签、会签、或签).

    Raises Refused: see `core.cases.signing.ask`.
    """

    def command() -> cases.AskSigners:
        return cases.AskSigners(
            task=task,
            signers=tuple(
                access.colleague(one, officer.organisation, access.SIGNING) for one in signers
            ),
            when=when,
            need=need,
            note=note,
            officer=officer,
            at=at,
            stands_for=stands_for(number, task, officer, at),
        )

    return enact_one(Order(CASE, number, command, once))


def sign(
    *,
    number: str,
    signature: int,
    finding: Agreement,
    opinion: str,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Sign as one was asked to (签署意见). Raises Refused: see `core.cases.signing.sign`."""

    def command() -> cases.SignTask:
        return cases.SignTask(
            signature=signature,
            finding=finding,
            opinion=opinion,
            officer=officer,
            at=at,
            stands_for=stands_for(number, cases.signature_key(signature), officer, at),
        )

    return enact_one(Order(CASE, number, command, once))


def drop_signer(
    *,
    number: str,
    signature: int,
    reason: str,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Ask a colleague no more (减签). Raises Refused: see `core.cases.signing.drop`."""

    def command() -> cases.DropSigner:
        return cases.DropSigner(
            signature=signature, reason=reason, officer=officer, heads=_heads(officer), at=at
        )

    return enact_one(Order(CASE, number, command, once))


def return_to_step(
    *,
    number: str,
    task: str,
    step: str,
    reason: str,
    officer: cases.Officer,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Return the case to an earlier step (退回). Raises Refused: see `core.cases.returning`."""

    def command() -> cases.ReturnToStep:
        return cases.ReturnToStep(
            task=task,
            step=step,
            reason=reason,
            officer=officer,
            at=at,
            stands_for=stands_for(number, task, officer, at),
        )

    return enact_one(Order(CASE, number, command, once))


def remind(
    *,
    number: str,
    task: str,
    words: str,
    person: str,
    officer: cases.Officer | None,
    at: datetime,
    once: str | None = None,
) -> Receipt:
    """Remind those a case waits for (催办): the applicant, or an officer who oversees it.

    Raises Refused: see `core.cases.reminding.remind`.
    """

    def command() -> cases.RemindTasks:
        actor, row = people.actor(person), queries.by_number(number)
        oversees = Power.CASE_OVERSEE in actor.powers and row is not None
        return cases.RemindTasks(
            task=task,
            words=words,
            person=person,
            represents=actor.represents,
            officer=officer,
            oversees=bool(oversees and row and access.oversees(actor, row)),
            at=at,
        )

    return enact_one(Order(CASE, number, command, once))


def copy(
    *, number: str, to: str, officer: cases.Officer, at: datetime, once: str | None = None
) -> Receipt:
    """Let a colleague of one's own body read a case (抄送).

    Raises Refused: see `core.cases.reminding.copy`.
    """

    def command() -> cases.CopyCase:
        colleague = access.colleague(to, officer.organisation, access.READING)
        return cases.CopyCase(to=colleague, officer=officer, at=at)

    return enact_one(Order(CASE, number, command, once))


def _heads(officer: cases.Officer) -> bool:
    return access.heads(people.actor(officer.person), officer.organisation)
