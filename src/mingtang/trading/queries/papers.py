"""What pages ask about the floor's own papers. Which paper states what, its key says."""

from dataclasses import dataclass
from datetime import datetime

from mingtang.core.trading.lots.events import ContractRecorded, WinnerDefaulted
from mingtang.ledger.replay import public_history
from mingtang.papers import queries as papers
from mingtang.papers.queries import Line
from mingtang.trading.queries.applications import application


def sale_key(lot: str, paddle: str) -> str:
    """Return the key of a winner's confirmation (成交确认书)."""
    return f"{lot}-{paddle}"


def admission_key(key: str) -> str:
    """Return the key of the paper of an application that was admitted (竞买资格确认书)."""
    return f"{key}-1"


def papers_of(key: str) -> list[Line]:
    """Return the papers of an application, the first one first. For the bidder and officers."""
    row = application(key)
    keys = [admission_key(key), *([sale_key(row.lot, row.paddle)] if row and row.paddle else [])]
    found = [paper for wanted in keys if (paper := papers.paper(wanted))]
    return papers.lines(found)


def confirmations_of(lot: str) -> list[Line]:
    """Return the confirmations of a lot's winners that are issued: they are public."""
    return papers.lines([row for row in papers.papers_about(f"lot/{lot}") if row.issued_at])


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What became of a winner: a contract, or, without its number, that they let it go."""

    paddle: str
    at: datetime
    index: int  # of the entry
    number: str = ""
    amount_fen: int = 0
    reason: str = ""


def afterwards(lot: str) -> list[Afterwards]:
    """Return what became of the winners of a lot, in order."""
    signed = [
        Afterwards(e.paddle, e.at, index, number=e.number, amount_fen=e.amount_fen)
        for _, index, e in public_history(f"lot/{lot}", kind=ContractRecorded.kind)
    ]
    let_go = [
        Afterwards(e.paddle, e.at, index, reason=e.reason)
        for _, index, e in public_history(f"lot/{lot}", kind=WinnerDefaulted.kind)
    ]
    return sorted(signed + let_go, key=lambda note: note.index)
