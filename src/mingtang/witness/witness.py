"""A witness (见证人): it cosigns what extends all it has cosigned before, and nothing else.

C2SP tlog-witness 1.0.0, the add-checkpoint call, in the order of the standard:

    404  the origin is not one we watch
    403  no signature of a key we trust for it, or a bad one
    400  the old size is larger than the new, or the request is not well formed
    409  the old size is not that of our last checkpoint; the answer is that size
    422  the proof does not hold; the same size with another root; size 0 with a root
    200  our cosignature

So who holds the log's key still cannot rewrite what we saw, nor show two histories.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mingtang.core import checkpoint as checkpoints
from mingtang.core import cosignature, merkle, note, witnessing
from mingtang.core.strict import Malformed
from mingtang.witness.heads import Head, Heads

TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    status: int
    body: str
    type: str = TEXT


class Witness:
    def __init__(
        self,
        *,
        name: str,
        secret: Ed25519PrivateKey,
        logs: Iterable[note.Key],
        open_heads: Callable[[Iterable[str]], Heads],
        now: Callable[[], float] = time.time,
    ) -> None:
        public = secret.public_key().public_bytes_raw()
        self.key = note.ed25519_key(name, public, type=note.COSIGNATURE)
        self._sign, self._now = secret.sign, now
        self._logs: dict[str, list[note.Verifier]] = {}
        for key in logs:  # a log that changes its key has two for a while
            self._logs.setdefault(key.name, []).append(note.ed25519_verifier(key))
        self.heads = open_heads(self._logs)

    @property
    def vkey(self) -> str:
        return note.format_vkey(self.key)

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer the body of an add-checkpoint request. Never raises for what it holds."""
        try:
            request = witnessing.parse_request(body)
            origin = note.parse_note(request.checkpoint).text.partition("\n")[0]
            if origin not in self._logs:
                return _refuse(404, "unknown log")
            opened = note.open_note(request.checkpoint, self._logs[origin])
            new = checkpoints.parse_checkpoint(opened.text)
        except Malformed as error:
            return _refuse(400, str(error))
        except note.NoteRefused as error:
            return _refuse(403, str(error))
        if request.old > new.size:
            return _refuse(400, "old size is larger than the checkpoint's")
        last = self.heads.of(origin)
        if request.old != last.size:
            return _conflict(last)
        if not _extends(last, new, request.proof):
            return _refuse(422, "not shown to extend the last checkpoint")
        return self._cosign(origin, last, new, opened)

    def _cosign(
        self, origin: str, last: Head, new: checkpoints.Checkpoint, opened: note.Opened
    ) -> Answer:
        now = int(self._now())
        if now < last.signed_at:  # our word on the time would contradict itself
            return _refuse(503, "the clock of this witness was set back")
        ours = cosignature.cosign(opened.text, key=self.key, timestamp=now, signer=self._sign)
        verified = [signature for _, signature in opened.verified]
        stored = note.Note(text=opened.text, signatures=(*verified, ours))
        head = Head(size=new.size, root=new.root, signed_at=now, note=note.format_note(stored))
        if not self.heads.replace(origin, old=last, new=head):
            return _conflict(self.heads.of(origin))
        return Answer(status=200, body=note.format_signatures([ours]))


def _extends(last: Head, new: checkpoints.Checkpoint, proof: tuple[bytes, ...]) -> bool:
    if last.size == 0:
        return not proof and (new.size > 0 or new.root == merkle.EMPTY_ROOT)
    try:
        merkle.check_consistency(
            proof, old=last.size, old_root=last.root, new=new.size, new_root=new.root
        )
    except merkle.ProofFailed:
        return False
    return True


def _refuse(status: int, why: str) -> Answer:
    return Answer(status=status, body=f"{why}\n")


def _conflict(last: Head) -> Answer:
    return Answer(status=409, body=f"{last.size}\n", type=witnessing.SIZE_TYPE)
