"""What pages, the maker and the public check ask about papers."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import StrIndex, Substr

from mingtang.core import papers
from mingtang.core.decider import Refused
from mingtang.core.history import WIRE
from mingtang.core.papers import PaperKind
from mingtang.core.sheets import Sheet
from mingtang.core.wire import ERASED, read
from mingtang.ledger.memory import until_changed
from mingtang.ledger.queries import entries_since
from mingtang.ledger.replay import disclosures, histories
from mingtang.papers.models import KeptFileRow, MakingRow, PaperRow, ReadingRow

__all__ = ["KeptFileRow", "MakingRow", "PaperRow", "ReadingRow"]

# ── One paper ───────────────────────────────────────────────────────────────


def paper(key: str) -> PaperRow | None:
    return PaperRow.objects.filter(pk=key).first()


def by_code(code: str) -> PaperRow | None:
    """Return the paper with this check code (核验码). One that was erased is not found."""
    # Said in the query, too: the index leaves erased codes out, and is not used otherwise.
    return PaperRow.objects.filter(code=code).exclude(code=ERASED).first() if code else None


def by_digest(sha256: str) -> PaperRow | None:
    """Return the paper whose file has this SHA-256, hex."""
    return PaperRow.objects.filter(sha256=sha256).first() if sha256 else None


def held_document(file: str) -> PaperRow | None:
    """Return which paper a file of the vault is, if it is one."""
    return PaperRow.objects.filter(file=file).first() if file else None


def files_of(keys: Sequence[str]) -> list[str]:
    """Return the files of the vault that these papers are, of those that are made."""
    made = PaperRow.objects.filter(pk__in=list(keys)).exclude(issued_at=None)
    return list(made.values_list("file", flat=True)) if keys else []


def held_documents(files: Sequence[str]) -> dict[str, PaperRow]:
    """Return the papers these files of the vault are, by file."""
    return {row.file: row for row in PaperRow.objects.filter(file__in=list(files))}


def sheet_of(row: PaperRow) -> Sheet | None:
    """Return what stands on a paper (文面), from the record; None once it has been erased."""
    opened = [one.value for one in disclosures(row.ordered_index) if one.name == "sheet"]
    return _sheet(opened[0]) if opened else None


def _sheet(sealed: str) -> Sheet | None:
    sheet: Sheet | None = None if sealed == ERASED else read(Sheet, json.loads(sealed))
    return sheet


# ── Several ─────────────────────────────────────────────────────────────────


def papers_about(about: str) -> list[PaperRow]:
    """Return every paper about one stream, in the order they were ordered."""
    return list(PaperRow.objects.filter(about=about).order_by("ordered_index"))


def licences_about(streams: Sequence[str]) -> list[PaperRow]:
    """Return every licence issued about these streams, older versions too."""
    found = PaperRow.objects.filter(about__in=list(streams), paper=PaperKind.LICENCE)
    return list(found.exclude(issued_at=None).order_by("ordered_index"))


def licences_kept_for(person: str) -> list[PaperRow]:
    """Return every licence that was issued into this person's vault, older versions too."""
    if not person:
        return []
    found = PaperRow.objects.filter(owner=person, paper=PaperKind.LICENCE)
    return list(found.exclude(issued_at=None).order_by("ordered_index"))


def papers_of_batch(batch: str, kind: PaperKind | None = None) -> list[PaperRow]:
    """Return the papers of a batch, in the order they were ordered."""
    found = _of_batch(batch)
    return list((found.filter(paper=kind) if kind else found).order_by("ordered_index"))


def first_of_batch(batch: str) -> PaperRow | None:
    return _of_batch(batch).order_by("ordered_index").first()


def _of_batch(batch: str) -> QuerySet[PaperRow]:
    return PaperRow.objects.filter(batch=batch) if batch else PaperRow.objects.none()


def undelivered() -> QuerySet[PaperRow, str]:
    """Return the numbers of the cases whose decision, or first certificate, was not served yet."""
    decisions = Q(paper__in=(PaperKind.GRANTED, PaperKind.REFUSED))
    first = Q(paper=PaperKind.LICENCE, key__endswith="-L1")
    number = Substr("about", StrIndex("about", Value("/")) + 1)
    unserved = PaperRow.objects.filter(decisions | first, served_at=None)
    return unserved.annotate(number_of=number).values_list("number_of", flat=True)


def uses_of(seal_no: str) -> QuerySet[PaperRow]:
    """Return every use of a seal (用印记录), newest first."""
    return PaperRow.objects.filter(seal_no=seal_no).order_by("-issued_index")


def readings_of(key: str) -> list[ReadingRow]:
    """Return who of the staff looked at a paper and for which case (查阅记录), newest first."""
    return list(ReadingRow.objects.filter(paper=key).order_by("-index"))


def readings_among(keys: Sequence[str]) -> QuerySet[ReadingRow]:
    """Return who of the staff looked at any of these papers, newest first."""
    return ReadingRow.objects.filter(paper__in=list(keys)).order_by("-index")


@dataclass(frozen=True, slots=True)
class Looks:
    """How often the officers of one body looked at what one organ issued."""

    organisation: str
    organ: str
    looks: int


def looks_counted() -> list[Looks]:
    """Return how often who read whose papers (查阅次数), most first. Nobody is named."""
    counted = (
        ReadingRow.objects.order_by()
        .annotate(organ=Subquery(PaperRow.objects.filter(pk=OuterRef("paper")).values("organ")))
        .values_list("organisation", "organ")
        .annotate(looks=Count("pk"))
        .order_by("-looks", "organisation", "organ")
    )
    return [Looks(*line) for line in counted]


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


@dataclass(frozen=True, slots=True)
class Commission:
    """A paper to be made: what stands on it, and what the rules know of it."""

    row: PaperRow
    state: papers.State
    sheet: Sheet | None  # None: it has been erased


def to_make(*, at: datetime, limit: int) -> list[Commission]:
    """Return ordered papers that are due for a try, the oldest first.

    Those that were never tried come before those that were: trouble holds up nobody else.
    """
    unmade, tries = waiting(), MakingRow.objects.all()
    rows = list(unmade.exclude(pk__in=tries.values("key"))[:limit])
    if len(rows) < limit:
        again = tries.filter(next_try_at__lte=at).values("key")
        rows += unmade.filter(pk__in=again)[: limit - len(rows)]
    found = histories([f"paper/{row.key}" for row in rows])
    return [_commission(row, [w.event for w in found[f"paper/{row.key}"]]) for row in rows]


def _commission(row: PaperRow, events: Sequence[Any]) -> Commission:
    return Commission(row, papers.DECIDER.replay(events), _sheet(events[0].sheet))


@dataclass(frozen=True, slots=True)
class Line:
    """A paper as lists show it."""

    row: PaperRow
    obstacle: Refused | None = None  # why it is not there yet, once it was tried

    @property
    def state(self) -> str:
        """issued | stuck | making."""
        if self.row.issued_at is not None:
            return "issued"
        return "stuck" if self.obstacle else "making"


def lines(rows: Sequence[PaperRow]) -> list[Line]:
    """Return the papers with what stands in the way of those that are not there yet."""
    unmade = [row.key for row in rows if row.issued_at is None]
    tried = MakingRow.objects.in_bulk(unmade) if unmade else {}
    return [Line(row, _obstacle(tried.get(row.key))) for row in rows]


def _obstacle(tried: MakingRow | None) -> Refused | None:
    return Refused(tried.code, **tried.facts) if tried else None


def waiting(organs: Sequence[str] | None = None) -> QuerySet[PaperRow]:
    """Return what is not issued yet (待制作), the oldest first; None: of every organ."""
    rows = PaperRow.objects.filter(issued_at=None).order_by("ordered_index")
    return rows if organs is None else rows.filter(organ__in=list(organs))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the papers of a batch are (制作进度)."""

    ordered: int
    made: int
    stuck: tuple[Line, ...]

    @property
    def done(self) -> bool:
        return self.made == self.ordered


def progress_of(batch: str, kind: PaperKind | None = None) -> Progress:
    """Return how far a batch is: of this kind of paper, or of all but records of service."""
    rows = _of_batch(batch)
    rows = rows.filter(paper=kind) if kind else rows.exclude(paper=PaperKind.SERVICE)
    ordered = rows.count()
    unmade = lines(list(rows.filter(issued_at=None).order_by("ordered_index")))
    stuck = tuple(line for line in unmade if line.obstacle)
    return Progress(ordered=ordered, made=ordered - len(unmade), stuck=stuck)


# ── Files the maker kept ────────────────────────────────────────────────────


def files_kept() -> list[KeptFileRow]:
    """Return files kept for papers of which nobody knows whether they were recorded."""
    return list(KeptFileRow.objects.order_by("kept_at"))


def is_kept(file: str) -> bool:
    """Whether a file is there to be recorded; nobody gives it up until the transaction ends."""
    kept = KeptFileRow.objects.select_for_update().filter(pk=file, given_up=False)
    return kept.first() is not None


# ── For `mingtang verify` ───────────────────────────────────────────────────


def files_recorded() -> Iterator[tuple[str, papers.File]]:
    """Yield the key of every issued paper with its file as the record holds its digests."""
    for entry in entries_since(0, kinds=(papers.PaperIssued.kind,)):
        event: Any = WIRE.decode(bytes(entry.body))
        yield entry.stream.partition("/")[2], event.file
