"""The record of an auction (竞价存证), for anybody once it is over and in the published log."""

from collections.abc import Sequence
from functools import lru_cache

from mingtang.core.trading.lots.events import LotClosed, LotStopped
from mingtang.core.trading.records import SHOWN, AuctionRecord, Piece, format_record
from mingtang.ledger import queries as ledger
from mingtang.ledger import replay, witnesses
from mingtang.ledger.models import LedgerEntry
from mingtang.trading.models import ApplicationRow, ShiftRow

MOST_KEPT = 8  # records this process keeps, of at most some megabytes each
ENDS = (LotClosed, LotStopped)


def auction_record(lot: str) -> str | None:
    """Return the record of a lot as text.

    None until it is over and a published checkpoint covers its end: before, nothing of what is
    sealed may be shown. The later it is taken, the more it holds of what followed.
    """
    ends = [end for kind in ENDS for end in replay.public_history(f"lot/{lot}", kind=kind.kind)]
    if not ends:
        return None
    [(_, index, _)] = ends
    checkpoint = ledger.checkpoint_for(index)
    if checkpoint is None:
        return None
    return _record(lot, witnesses.cosigned_note(checkpoint), checkpoint.size)


@lru_cache(maxsize=MOST_KEPT)
def _record(lot: str, note: str, size: int) -> str:
    """Return the record under one checkpoint. What a note signs for does not change."""
    entries = ledger.entries_among(_streams(lot), size=size)
    record = AuctionRecord(lot=lot, pieces=_pieces(entries, size), checkpoint=note)
    return format_record(record)


def _streams(lot: str) -> list[str]:
    """Return the streams of a lot and of all who signed up for it, of what moved its times."""
    applications = list(ApplicationRow.objects.filter(lot=lot).values_list("pk", flat=True))
    outages = ShiftRow.objects.filter(lot=lot).values_list("outage", flat=True)
    return [
        f"lot/{lot}",
        *(f"application/{key}" for key in applications),
        *(f"deposit/{key}" for key in applications),
        *sorted({f"outage/{key}" for key in outages}),
    ]


def _pieces(entries: Sequence[LedgerEntry], size: int) -> tuple[Piece, ...]:
    indexes = [entry.index for entry in entries]
    opened = replay.disclosures_at(indexes)
    paths = ledger.inclusion_proofs(indexes, size)
    return tuple(
        Piece(
            index=entry.index,
            leaf=bytes(entry.body),
            path=tuple(path),
            disclosures=tuple(
                d for d in opened.get(entry.index, ()) if d.name in SHOWN.get(entry.kind, ())
            ),
        )
        for entry, path in zip(entries, paths, strict=True)
    )
