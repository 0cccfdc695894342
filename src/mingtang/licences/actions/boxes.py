"""The holder's own documents (证照库) hold a licence while it is good, so that it can be handed in.

What is suspended, ended or past its last day is not offered in place of an upload; the holder
still opens it on their own pages. Nothing is recorded: it follows from what is.
"""

from collections.abc import Collection
from datetime import date, timedelta

from mingtang.core.licences import Stage
from mingtang.licences import queries
from mingtang.licences.queries import LicenceRow
from mingtang.papers import queries as papers
from mingtang.vault import actions as vault

LOOKED_BACK = timedelta(days=8)  # a pulse that stood still for a week catches up


def sort(keys: Collection[str], *, today: date) -> int:
    """Put the newest paper of each licence into its owner's box, or take it out; return how many
    files were moved."""
    return sum(_sort(row, today) for row in queries.licences_with(keys).values())


def put_away_expired(*, today: date) -> int:
    """Take out what ran out in the last days; return how many were still in a box.

    Three statements, however many licences ran out.
    """
    expired = queries.ended_between(today - LOOKED_BACK, today)
    files = papers.files_of([row.paper for row in expired])
    return vault.take_documents(files)


def _sort(row: LicenceRow, today: date) -> int:
    good = row.stage == Stage.VALID and (row.valid_to is None or today <= row.valid_to)
    made = [p for p in papers.papers_about(f"licence/{row.key}") if p.issued_at is not None]
    for paper in made:
        owner = paper.owner if good and paper.key == row.paper else ""
        vault.give_document(id=paper.file, owner=owner)
    return len(made)
