"""Reads kept files in a process of its own: a file that breaks or stalls it breaks nothing here."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import mingtang
from mingtang.core.differences import Fate, Passage, Piece

SECONDS = 15  # until it is ended
LARGEST = 20 * 1024 * 1024  # bytes of one file
WAITS = 1  # seconds for one's turn
AT_ONCE = 2  # in one server process: its other threads go on answering
SOURCE = Path(mingtang.__file__).parents[1]
_turns = BoundedSemaphore(AT_ONCE)


class Hindrance(StrEnum):
    """What keeps a text from being compared."""

    BROKEN = "broken"
    PROTECTED = "protected"  # asks for a password
    NO_TEXT = "no-text"  # a scan, or signs that say nothing
    TOO_MUCH = "too-much"  # bytes, pages or signs
    TOO_SLOW = "too-slow"
    BUSY = "busy"  # others are comparing; later it goes


@dataclass(frozen=True)
class Compared:
    """How two sides differ; `hindrances`: for each file of a side, what kept it from being read."""

    before: tuple[Hindrance | None, ...] = ()
    after: tuple[Hindrance | None, ...] = ()
    whole: Hindrance | None = None  # what kept the comparison from being made at all
    passages: tuple[Passage, ...] = ()
    left_out: int = 0  # passages too many to be shown

    @property
    def is_made(self) -> bool:
        return self.whole is None and not any(self.before) and not any(self.after)


def compare(before: Sequence[Path], after: Sequence[Path]) -> Compared:
    """Return how the text of two sides differs: PDF, OFD, DOCX or XLSX.

    Raises OSError: one is not there.
    """
    large = [[path.stat().st_size > LARGEST for path in side] for side in (before, after)]
    if any(map(any, large)):
        old, new = (tuple(Hindrance.TOO_MUCH if one else None for one in side) for side in large)
        return Compared(before=old, after=new)
    if not _turns.acquire(timeout=WAITS):
        return Compared(whole=Hindrance.BUSY)
    try:
        return _asked([*map(str, before), "--", *map(str, after)])
    finally:
        _turns.release()


def _asked(arguments: Sequence[str]) -> Compared:
    command = [sys.executable, "-m", "mingtang.vault.ports.reading", *arguments]
    environment = {"PYTHONPATH": str(SOURCE)}  # and nothing of ours: no secret, no database
    try:
        answer = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            env=environment,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return Compared(whole=Hindrance.TOO_SLOW)  # or it asked for too much memory
    return _read(json.loads(answer.stdout))


def _read(answer: dict[str, Any]) -> Compared:
    old, new = (
        tuple(Hindrance(one) if one else None for one in side) for side in answer["hindrances"]
    )
    passages = tuple(
        Passage(
            pieces=tuple(Piece(Fate(one["fate"]), one["text"]) for one in passage["pieces"]),
            page_before=passage["page_before"],
            page_after=passage["page_after"],
            skipped=passage["skipped"],
        )
        for passage in answer["passages"]
    )
    return Compared(before=old, after=new, passages=passages, left_out=answer["left_out"])
