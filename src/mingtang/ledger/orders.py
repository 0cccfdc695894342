"""What goes into `enact` and what comes out: subjects, orders, receipts."""

from dataclasses import dataclass
from typing import Any

from mingtang.core.decider import Decider
from mingtang.ledger.rows import Project, Table


@dataclass(frozen=True, slots=True)
class Subject:
    """What the ledger must know of a family of streams: how it decides, and what it copies."""

    family: str  # "case" for streams "case/…"
    decider: Decider[Any, Any, Any]
    project: Project
    tables: tuple[Table, ...]  # every table `project` writes, and nobody else does


@dataclass(frozen=True, slots=True)
class Order:
    """One thing somebody wants done to one stream."""

    subject: Subject
    key: str  # of the stream within its family
    command: Any  # or a function without arguments that makes it, called when its turn comes
    once: str | None = None  # idempotency key: the same act asked for again has the same

    @property
    def stream(self) -> str:
        return f"{self.subject.family}/{self.key}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of writing that a person can check later against a published checkpoint."""

    stream: str
    index: int  # leaf index of the last event written
    leaf: bytes  # 32 bytes
    version: int  # of that event within its stream
    repeated: bool = False  # the same act had been recorded before; this is its first receipt

    @property
    def key(self) -> str:
        return self.stream.partition("/")[2]


Outcome = Receipt | Exception  # Refused, or what went wrong with this order alone
