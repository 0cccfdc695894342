"""Everything that can be done to what the vault holds: keep, erase, draft, drop."""

import json
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import new, sha256
from typing import Any

from django.conf import settings

from mingtang.core.decider import Refused, require
from mingtang.vault.models import DocumentRow, DraftRow
from mingtang.vault.queries import path_of

DRAFT_DAYS = 90
GRACE_DAYS = 30  # an expired draft can still be taken up again for so long
# What the first bytes must be, whatever the name says. Nothing here can run in a browser.
SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
PACKAGES = (  # ZIP containers, told apart by a file they must hold
    (b"OFD.xml", "application/ofd"),
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)


def new_document() -> str:
    """Return the id of a document to be kept: random, not guessable."""
    return secrets.token_hex(13)


def keep_document(
    *, owner: str, name: str, chunks: Iterable[bytes], at: datetime, id: str = ""
) -> DocumentRow:
    """Keep an uploaded file (上传材料) and return its row with both salted digests.

    `id`: one from `new_document`, for callers who note it before the file is there.
    Raises Refused: upload.empty, upload.too-large (facts: limit), upload.kind-not-allowed.
    """
    id, salt = id or new_document(), secrets.token_bytes(32)
    path = path_of(id)
    path.parent.mkdir(parents=True, exist_ok=True)
    sha, sm3, size = sha256(salt), new("sm3", salt), 0
    try:
        with path.open("xb") as file:
            for chunk in chunks:
                size += len(chunk)
                require(size <= settings.UPLOAD_LIMIT, "upload.too-large", limit=_megabytes())
                sha.update(chunk)
                sm3.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())  # the ledger will swear to these bytes
        require(size > 0, "upload.empty")
        with path.open("rb") as file:
            media_type = media_type_of(file.read(64 * 1024))
    except BaseException:  # a connection that breaks in the middle, too, leaves nothing behind
        path.unlink(missing_ok=True)
        raise
    return DocumentRow.objects.create(
        id=id,
        owner=owner,
        name=_plain_name(name),
        media_type=media_type,
        size=size,
        salt=salt.hex(),
        sha256=sha.hexdigest(),
        sm3=sm3.hexdigest(),
        kept_at=at,
    )


def media_type_of(start: bytes) -> str:
    """Return the media type these first bytes show. Raises Refused upload.kind-not-allowed."""
    for signature, media_type in SIGNATURES:
        if start.startswith(signature):
            return media_type
    if start.startswith(b"PK\x03\x04"):
        for member, media_type in PACKAGES:
            if member in start:
                return media_type
    raise Refused("upload.kind-not-allowed")


def erase_document(*, id: str, at: datetime) -> None:
    """Erase a document's bytes, name and salt; its digests in the ledger then open nothing."""
    path_of(id).unlink(missing_ok=True)
    DocumentRow.objects.filter(pk=id).update(name="", salt="", erased_at=at)


def drop_document(id: str) -> None:
    """Remove a document nobody has recorded, as if it had never been kept."""
    path_of(id).unlink(missing_ok=True)
    DocumentRow.objects.filter(pk=id).delete()


def give_document(*, id: str, owner: str) -> None:
    """Put a document among a person's own (放入本人材料库)."""
    DocumentRow.objects.filter(pk=id).update(owner=owner)


def take_documents(ids: Sequence[str]) -> int:
    """Take documents out of whoever's own they were; return how many were somebody's."""
    held = DocumentRow.objects.filter(pk__in=list(ids)).exclude(owner="")
    return held.update(owner="") if ids else 0


def save_draft(*, owner: str, subject: str, content: Mapping[str, Any], at: datetime) -> None:
    """Keep what somebody has typed so far (保存草稿). Drafts are not facts: nothing is recorded."""
    DraftRow.objects.update_or_create(
        owner=owner,
        subject=subject,
        defaults={
            "content": json.dumps(content, ensure_ascii=False),
            "saved_at": at,
            "expires_at": at + timedelta(days=DRAFT_DAYS),
        },
    )


def drop_draft(*, owner: str, subject: str) -> None:
    DraftRow.objects.filter(owner=owner, subject=subject).delete()


def drop_expired_drafts(*, at: datetime) -> int:
    """Drop drafts whose days of grace are over; return how many."""
    return DraftRow.objects.filter(expires_at__lte=at - timedelta(days=GRACE_DAYS)).delete()[0]


def _megabytes() -> int:
    limit: int = settings.UPLOAD_LIMIT
    return limit // (1024 * 1024)


def _plain_name(name: str) -> str:
    """Return a file name without path or control characters, at most 200 characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable())[-200:] or "未命名"
