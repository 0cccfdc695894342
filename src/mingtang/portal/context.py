"""What every page says about the ledger (页脚存证点): the published head, read when it changes."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from mingtang.core import tiles
from mingtang.ledger import publishing, queries
from mingtang.ui.formats import CHINA

Stamp = tuple[str, int, int]  # file, nanoseconds, bytes
_kept: tuple[Stamp | None, dict[str, Any] | None] = (None, None)


def hall(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `ledger_head` {size, root, at, witnesses, url}, None before the first.

    The checkpoint file is read again only when it has changed: this runs for every page.
    """
    return {"ledger_head": _head()}


def checkpoint_file() -> Path:
    return publishing.directory() / tiles.CHECKPOINT


def stamp(path: Path) -> Stamp | None:
    """Return what changes whenever a file is written anew, None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return str(path), found.st_mtime_ns, found.st_size


def _head() -> dict[str, Any] | None:
    global _kept
    now = stamp(checkpoint_file())
    if _kept[0] != now:
        _kept = (now, _read(now))
    return _kept[1]


def _read(written: Stamp | None) -> dict[str, Any] | None:
    head = queries.head()
    if written is None or head is None:
        return None
    at = datetime.fromtimestamp(written[1] / 1_000_000_000, CHINA)
    return {
        "size": head.size,
        "root": head.root,
        "at": max((seen for _, seen in head.witnesses), default=at),
        "witnesses": len(head.witnesses),
        "url": reverse("portal:ledger"),
    }
