"""Log proofs one can keep (日志证明): all that shows an entry to be in a log (C2SP tlog-proof).

    c2sp.org/tlog-proof@v1
    extra <base64>              optional; vouched for by nobody
    index <n>                   of the entry, from 0, plain decimal
    <base64 hash>               the audit path, leaf end first: none, one or more lines
                                <- one empty line
    <the checkpoint, word for word, with all its signatures>

Files are named *.tlog-proof.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mingtang.core import checkpoint as checkpoints
from mingtang.core import merkle, note
from mingtang.core.strict import (
    Malformed,
    format_base64,
    parse_base64,
    parse_decimal,
    parse_hash,
)

HEADER = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 63


@dataclass(frozen=True, kw_only=True, slots=True)
class TlogProof:
    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str  # a signed note
    extra: bytes | None = None


def format_proof(proof: TlogProof) -> str:
    lines = [HEADER]
    if proof.extra is not None:
        lines.append(f"extra {format_base64(proof.extra)}")
    lines.append(f"index {proof.index}")
    lines.extend(map(format_base64, proof.hashes))
    return "\n".join([*lines, "", proof.checkpoint])


def parse_proof(text: str) -> TlogProof:
    """Return the parts of a proof, nothing checked but their form. Raises Malformed."""
    head, empty, checkpoint = text.partition("\n\n")
    header, *lines = head.split("\n")
    if header != HEADER or not empty or not checkpoint:
        raise Malformed(f"not a log proof: it begins with {HEADER!r}, an empty line parts it")
    extra = parse_base64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
    if not lines or not lines[0].startswith("index "):
        raise Malformed("no index line where one is due")
    index = parse_decimal(lines.pop(0)[6:])
    if len(lines) > MAX_HASHES:
        raise Malformed(f"more than {MAX_HASHES} hashes")
    return TlogProof(
        index=index, hashes=tuple(map(parse_hash, lines)), checkpoint=checkpoint, extra=extra
    )


def check_proof(
    proof: TlogProof, entry: bytes, log: note.Verifier, witnesses: Sequence[note.Verifier] = ()
) -> tuple[checkpoints.Checkpoint, note.Opened]:
    """Return the checkpoint under which `entry` is shown to be logged, and who signed it.

    Raises Malformed, note.NoteRefused, merkle.ProofFailed.
    """
    checkpoint, opened = checkpoints.open_checkpoint(proof.checkpoint, log, witnesses)
    merkle.check_inclusion(
        proof.hashes,
        index=proof.index,
        leaf=merkle.leaf_hash(entry),
        size=checkpoint.size,
        root=checkpoint.root,
    )
    return checkpoint, opened
