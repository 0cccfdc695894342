"""The published log: tiles, bundles and checkpoint as plain files (C2SP tlog-tiles)."""

import os
from pathlib import Path

from django.conf import settings

from mingtang.core import merkle, tiles
from mingtang.core.tiles import ENTRIES, Tile
from mingtang.ledger.models import LedgerEntry
from mingtang.ledger.nodes import read_nodes


def write_tiles(old: int, new: int) -> None:
    """Write every file the tree of `new` leaves has and that of `old` had not.

    Files never change, so writing one again after a crash writes the same bytes.
    """
    for tile in tiles.tiles_between(old, new):
        _write(tile.path, _bundle(tile) if tile.level == ENTRIES else _hashes(tile))


def publish_checkpoint(note: str) -> None:
    """Replace the published checkpoint: the last step, when all it promises is on disk."""
    _write(tiles.CHECKPOINT, note.encode())


def published_checkpoint() -> str | None:
    try:
        return (directory() / tiles.CHECKPOINT).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def directory() -> Path:
    return Path(settings.LOG_DIRECTORY)


def _bundle(tile: Tile) -> bytes:
    first = tile.number * tiles.WIDTH
    rows = LedgerEntry.objects.filter(index__gte=first, index__lt=first + tile.width)
    return tiles.format_bundle(
        bytes(body) for body in rows.order_by("index").values_list("body", flat=True)
    )


def _hashes(tile: Tile) -> bytes:
    level, first = tile.nodes[0]
    if level == 0:
        rows = LedgerEntry.objects.filter(index__gte=first, index__lt=first + tile.width)
        return b"".join(map(bytes, rows.order_by("index").values_list("leaf", flat=True)))
    return b"".join(read_nodes(tile.nodes))


def _write(name: str, data: bytes) -> None:
    """Write a file so that a crash leaves the old one or the new one, never half."""
    path = directory() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


assert merkle.TILE == 8  # read_nodes stores the roots of full tiles of this height
