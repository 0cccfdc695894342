"""What the vault holds, for those who may see it. Who may is decided by whoever asks."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import new, sha256
from pathlib import Path

from django.conf import settings

from mingtang.vault.models import DocumentRow, DraftRow
from mingtang.vault.ports import beside
from mingtang.vault.ports.beside import Compared, Hindrance

__all__ = ["Compared", "DocumentRow", "Hindrance"]

# Media types of files whose text is read and compared.
WITH_TEXT = (
    "application/pdf",
    "application/ofd",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)


def path_of(document: str) -> Path:
    """Return where a document's bytes lie. Only ids the vault made are ever passed here."""
    return Path(settings.VAULT_DIRECTORY) / document[:2] / document


def documents(ids: list[str]) -> dict[str, DocumentRow]:
    return DocumentRow.objects.in_bulk(ids)


def documents_of(owner: str) -> list[DocumentRow]:
    """Return a person's own documents, newest first: what they may hand in again."""
    return list(DocumentRow.objects.filter(owner=owner, erased_at=None).order_by("-kept_at"))


def document(id: str) -> DocumentRow | None:
    return DocumentRow.objects.filter(pk=id).first()


def is_intact(row: DocumentRow) -> bool:
    """Return whether the stored bytes still give the digests that went into the ledger."""
    found = bytes_of(row.id)
    if found is None:
        return False
    data = bytes.fromhex(row.salt) + found
    return sha256(data).hexdigest() == row.sha256 and new("sm3", data).hexdigest() == row.sm3


def bytes_of(document: str) -> bytes | None:
    """Return a document's bytes, or None where they are not there."""
    try:
        return path_of(document).read_bytes()
    except OSError:
        return None


def differences(before: Sequence[str], after: Sequence[str]) -> Compared:
    """Return how the texts of kept PDFs differ: what was handed in, and what replaced it."""
    old, new = ([path_of(id) for id in ids] for ids in (before, after))
    try:
        return beside.compare(old, new)
    except OSError:
        return Compared(whole=Hindrance.BROKEN)  # the bytes are not there


def draft(*, owner: str, subject: str) -> DraftRow | None:
    return DraftRow.objects.filter(owner=owner, subject=subject).first()


def drafts_of(owner: str, *, at: datetime) -> list[DraftRow]:
    return list(DraftRow.objects.filter(owner=owner, expires_at__gt=at).order_by("-saved_at"))
