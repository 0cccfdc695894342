"""What pages, the maker and the public check ask about papers."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet

from mingtang.core import papers
from mingtang.core.history import WIRE
from mingtang.core.papers import PaperKind
from mingtang.core.sheets import Sheet
from mingtang.core.wire import ERASED, read
from mingtang.ledger.memory import until_changed
from mingtang.ledger.queries import entries_since
from mingtang.ledger.replay import disclosures
from mingtang.papers.models import KeptFileRow, MakingRow, PaperRow, ReadingRow

__all__ = ["KeptFileRow", "MakingRow", "PaperRow", "ReadingRow"]

# ── One paper ───────────────────────────────────────────────────────────────


def paper(key: str) -> PaperRow | None:
    return PaperRow.objects.filter(pk=key).first()


def by_code(code: str) -> PaperRow | None:
    """Return the paper with this check code. An erased code finds nothing."""
    return PaperRow.objects.filter(code=code).first() if code and code != ERASED else None


def by_digest(sha256: str) -> PaperRow | None:
    """Return the paper whose file has this SHA-256, hex."""
    return PaperRow.objects.filter(sha256=sha256).first() if sha256 else None


def of_file(file: str) -> PaperRow | None:
    """Return the paper a file of the vault is, if it is one."""
    return PaperRow.objects.filter(file=file).first() if file else None


def sheet_of(row: PaperRow) -> Sheet | None:
    """Return what stands on a paper, from the record; None when it has been erased."""
    values = [d.value for d in disclosures(row.ordered_index) if d.name == "sheet"]
    sheet: Sheet | None = read(Sheet, json.loads(values[0])) if values else None
    return sheet


# ── Several ─────────────────────────────────────────────────────────────────


def papers_about(about: str) -> list[PaperRow]:
    """Return every paper about one stream, in the order they were ordered."""
    return list(PaperRow.objects.filter(about=about).order_by("ordered_index"))


def papers_of_batch(batch: str, kind: PaperKind | None = None) -> list[PaperRow]:
    """Return the papers of a batch, in the order they were ordered."""
    found = PaperRow.objects.filter(batch=batch) if batch else PaperRow.objects.none()
    if kind is not None:
        found = found.filter(paper=kind)
    return list(found.order_by("ordered_index"))


def cases_without_papers(abouts: Sequence[str]) -> set[str]:
    """Return those of these streams of which a paper is still being made."""
    waiting = PaperRow.objects.filter(about__in=list(abouts), issued_at=None)
    return set(waiting.values_list("about", flat=True))


def licence_papers_of(owner: str) -> list[PaperRow]:
    """Return a person's e-licences as papers, newest first."""
    if not owner:
        return []
    found = PaperRow.objects.filter(owner=owner, paper=PaperKind.LICENCE).exclude(issued_at=None)
    return list(found.order_by("-issued_index"))


def uses_of(seal_no: str) -> QuerySet[PaperRow]:
    """Return every use of a seal (用印记录), newest first."""
    return PaperRow.objects.filter(seal_no=seal_no).order_by("-issued_index")


def readings_of(key: str) -> list[ReadingRow]:
    """Return who of the staff looked at a licence, newest first."""
    return list(ReadingRow.objects.filter(paper=key).order_by("-index"))


def was_read(*, key: str, reader: str, case: str, since: datetime) -> bool:
    """Whether this reader's look at the paper for this case is on record since then."""
    found = ReadingRow.objects.filter(paper=key, reader=reader, case=case, read_at__gte=since)
    return found.exists()


# ── What is being made ──────────────────────────────────────────────────────


@until_changed("paper")
def highest(series: str) -> int:
    """Return the highest number given in a series, 0 before the first."""
    found = PaperRow.objects.filter(series=series).aggregate(Max("serial"))["serial__max"]
    return found or 0


def to_make(*, at: datetime, limit: int) -> list[PaperRow]:
    """Return ordered papers that are due for a try, in the order they were ordered."""
    later = MakingRow.objects.filter(next_try_at__gt=at).values("key")
    waiting = PaperRow.objects.filter(issued_at=None).exclude(pk__in=later)
    return list(waiting.order_by("ordered_index")[:limit])


def waiting(organs: Sequence[str] | None = None) -> list[tuple[PaperRow, MakingRow | None]]:
    """Return what is not issued yet, with what stands in its way; None: of every organ."""
    rows = PaperRow.objects.filter(issued_at=None)
    if organs is not None:
        rows = rows.filter(organ__in=list(organs))
    found = list(rows.order_by("ordered_index")[:500])
    trouble = MakingRow.objects.in_bulk([row.key for row in found])
    return [(row, trouble.get(row.key)) for row in found]


def trouble_of(rows: Sequence[PaperRow]) -> Mapping[str, MakingRow]:
    """Return what stands in the way of those that are not issued, by key."""
    return MakingRow.objects.in_bulk([row.key for row in rows if row.issued_at is None])


def progress_of(batch: str) -> tuple[int, int]:
    """Return how many papers of a batch are issued, and how many were ordered."""
    found = PaperRow.objects.filter(batch=batch)
    return found.exclude(issued_at=None).count(), found.count()


def files_kept(before: datetime) -> list[KeptFileRow]:
    """Return files kept before this moment of which nobody knows whether they were recorded."""
    return list(KeptFileRow.objects.filter(kept_at__lt=before))


# ── For `mingtang verify` ───────────────────────────────────────────────────


def files_recorded() -> Iterator[papers.File]:
    """Yield every file of a paper the record holds the digests of."""
    for entry in entries_since(0, kinds=(papers.PaperIssued.kind,)):
        event: Any = WIRE.decode(bytes(entry.body))
        yield event.file
