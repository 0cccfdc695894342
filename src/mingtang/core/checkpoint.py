"""Checkpoints (检查点): the signed head of a log (C2SP tlog-checkpoint).

The text of a signed note, three lines and no more:

    <origin>                    names the log, equals the name of its key
    <size>                      leaves in the tree, plain decimal
    <base64 of the root hash>   32 bytes

The standard allows further lines and advises against them; implementations differ on who
signs them, so they are refused here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mingtang.core import note
from mingtang.core.strict import Malformed, format_base64, parse_decimal, parse_hash


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes


def format_checkpoint(checkpoint: Checkpoint) -> str:
    """Return the note text to be signed, with its final newline."""
    return f"{checkpoint.origin}\n{checkpoint.size}\n{format_base64(checkpoint.root)}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """Return the checkpoint a note text holds. Raises Malformed."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise Malformed("a checkpoint has exactly three lines: origin, size, root")
    return Checkpoint(origin=lines[0], size=parse_decimal(lines[1]), root=parse_hash(lines[2]))


def open_checkpoint(
    text: str, log: note.Verifier, others: Sequence[note.Verifier] = ()
) -> tuple[Checkpoint, note.Opened]:
    """Return a checkpoint signed by `log`, and the note with the `others` who signed it too.

    The origin must be the log key's name. Raises Malformed, note.NoteRefused.
    """
    opened = note.open_note(text, [log, *others])
    if log.key not in dict(opened.verified):
        raise note.NoteRefused(f"no signature of {log.key.name}")
    checkpoint = parse_checkpoint(opened.text)
    if checkpoint.origin != log.key.name:
        raise note.NoteRefused(f"origin is {checkpoint.origin}, the key is {log.key.name}")
    return checkpoint, opened
