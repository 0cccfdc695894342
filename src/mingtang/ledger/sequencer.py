"""Checkpoints, one after the other: sign the head, write the files, gather cosignatures.

One process does this. Two that try are told apart by the database: a checkpoint names the
one before it, and only one can follow. What happens in which order:

    1  sign the head and insert the checkpoint           the commit point
    2  write tiles and bundles                           again after a crash, same bytes
    3  ask the witnesses
    4  publish the checkpoint, once its quorum is there
"""

from datetime import UTC, datetime

from django.db import IntegrityError, transaction

from mingtang.core import checkpoint as checkpoints
from mingtang.core import merkle, note
from mingtang.core.strict import Malformed
from mingtang.ledger import keys, publishing, witnesses
from mingtang.ledger.models import Checkpoint, LedgerHead
from mingtang.ledger.nodes import read_nodes


class RefusedToStart(Exception):
    """The log on disk and the log in the database do not fit. The message says how."""


class Overtaken(Exception):
    """Another sequencer signed first. This one must stop."""


def check_start() -> None:
    """Raise RefusedToStart where going on would fork or roll back the log.

    An old backup restored, a database cut short, a history rewritten: each shows as a
    published or signed checkpoint that the database can no longer prove.
    """
    key = keys.load().key
    size = LedgerHead.objects.get(pk=1).size
    signed = [("signed", row.note) for row in Checkpoint.objects.order_by("-size")[:1]]
    published = publishing.published_checkpoint()
    if published is not None:
        signed.append(("published", published))
    for which, text in signed:
        verifier = note.ed25519_verifier(key, keys.verify)
        try:
            head, _ = checkpoints.open_checkpoint(text, verifier)
        except (Malformed, note.NoteRefused) as error:
            raise RefusedToStart(f"the {which} checkpoint is not ours: {error}") from error
        if head.size > size:
            raise RefusedToStart(
                f"the {which} checkpoint has {head.size} entries, the database only {size}:"
                " it was rolled back"
            )
        if merkle.root(head.size, read_nodes) != head.root:
            raise RefusedToStart(
                f"the {which} checkpoint of {head.size} entries has another root than the"
                " database: history was rewritten"
            )


def advance(*, at: datetime) -> Checkpoint | None:
    """Sign, write and publish the present head. Returns the newest checkpoint, if any.

    Raises Overtaken, RefusedToStart (the clock went back).
    """
    last = Checkpoint.objects.order_by("-size").first()
    size = LedgerHead.objects.get(pk=1).size
    if size == 0:
        return None
    if last is None or size > last.size:
        last = _sign(last, size, at)
    _publish(last)
    return last


def _sign(last: Checkpoint | None, size: int, at: datetime) -> Checkpoint:
    if last is not None and at < last.signed_at:
        raise RefusedToStart(f"the clock says {at}, the last checkpoint {last.signed_at}")
    signer = keys.load()
    root = merkle.root(size, read_nodes)
    head = checkpoints.Checkpoint(origin=signer.key.name, size=size, root=root)
    text = checkpoints.format_checkpoint(head)
    signature = note.sign(text, key=signer.key, signer=signer.sign)
    try:
        with transaction.atomic():
            return Checkpoint.objects.create(
                size=size,
                previous=last.size if last else 0,
                note=note.format_note(note.Note(text=text, signatures=(signature,))),
                signed_at=at.astimezone(UTC),
            )
    except IntegrityError as error:
        raise Overtaken("another sequencer signed a checkpoint") from error


def _publish(checkpoint: Checkpoint) -> None:
    published = published_size()
    if published == checkpoint.size and witnesses.quorum_reached(checkpoint):
        before = publishing.published_checkpoint()
        witnesses.cosign(checkpoint)
        now = witnesses.cosigned_note(checkpoint)
        if now != before:
            publishing.publish_checkpoint(now)
        return
    publishing.write_tiles(published, checkpoint.size)
    witnesses.cosign(checkpoint)
    if witnesses.quorum_reached(checkpoint):
        publishing.publish_checkpoint(witnesses.cosigned_note(checkpoint))


def published_size() -> int:
    """Return the size of the published checkpoint, 0 before the first."""
    text = publishing.published_checkpoint()
    return checkpoints.parse_checkpoint(note.parse_note(text).text).size if text else 0
