"""What every page says about the ledger (页脚存证点): the published head, read when it changes."""

from datetime import datetime
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


def checkpoint_stamp() -> Stamp | None:
    """Return what changes whenever another checkpoint is published."""
    path = publishing.directory() / tiles.CHECKPOINT
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return str(path), found.st_mtime_ns, found.st_size


def _head() -> dict[str, Any] | None:
    global _kept
    stamp = checkpoint_stamp()
    if _kept[0] != stamp:
        _kept = (stamp, _read(stamp))
    return _kept[1]


def _read(stamp: Stamp | None) -> dict[str, Any] | None:
    head = queries.head()
    if stamp is None or head is None:
        return None
    written = datetime.fromtimestamp(stamp[1] / 1_000_000_000, CHINA)
    return {
        "size": head.size,
        "root": head.root,
        "at": max((at for _, at in head.witnesses), default=written),
        "witnesses": len(head.witnesses),
        "url": reverse("portal:ledger"),
    }
