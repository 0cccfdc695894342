"""What colleagues are asked to sign on a task (加签、会签、或签), and whether that is settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class When(StrEnum):
    BEFORE = "before"  # 前加签: the task waits for them
    AFTER = "after"  # 后加签: its finding takes effect once they have signed


class Need(StrEnum):
    ALL = "all"  # 会签
    ANY = "any"  # 或签: the first settles it


@dataclass(frozen=True)
class Signature:
    """One colleague asked. Those asked in one act make a group."""

    number: int  # in the case, from 1
    group: int
    task: str
    round: int  # of the task
    when: When
    need: Need
    person: str
    staff_no: str
    department: str
    asked_by: str
    asked_at: datetime
    done_at: datetime | None = None
    finding: str = ""
    signed_by: str = ""  # the colleague, or their deputy
    signed_no: str = ""
    dropped: bool = False  # not asked any more (减签)
    heard: bool = False  # the handler took it into account and finds anew

    @property
    def key(self) -> str:
        return signature_key(self.number)


def signature_key(number: int) -> str:
    """Return what a signature is called among the tasks of its case; no step begins so."""
    return f"_{number}"


def is_settled(group: Sequence[Signature]) -> bool:
    """Whether nobody of a group need sign any more. One with nobody left in it is settled."""
    asked = [one for one in group if not one.dropped]
    signed = [one.done_at is not None for one in asked]
    return all(signed) if not asked or asked[0].need is Need.ALL else any(signed)


def awaited(
    signatures: Sequence[Signature], task: str, round: int, when: When | None = None
) -> tuple[Signature, ...]:
    """Return whose signature a task still waits for."""
    ours = [one for one in signatures if (one.task, one.round) == (task, round)]
    return tuple(
        one
        for one in ours
        if not one.dropped
        and one.done_at is None
        and when in (None, one.when)
        and not is_settled([other for other in ours if other.group == one.group])
    )


def parties(signatures: Sequence[Signature], task: str, round: int) -> frozenset[str]:
    """Return who has been asked to sign on a task, or has signed in their place."""
    ours = [one for one in signatures if (one.task, one.round) == (task, round)]
    asked = [one for one in ours if not one.dropped]
    return frozenset(name for one in asked for name in (one.person, one.signed_by) if name)
