"""What pages ask about the floor's own papers. Which paper states what, its key says."""

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
