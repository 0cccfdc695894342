"""How two texts differ (文字比对): what went, what came, and in which lines.

First line by line, then word by word inside the lines that changed; a Chinese character is a word.
Where lines break does not count, for a word added at the top of a paragraph moves all its breaks.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

MANY = 5_000  # words or lines; among so many, those that stand everywhere say little
AROUND = 2  # lines shown before and after what changed
# A number with its points, a word without ideographs, white space, or any one sign.
WORD = re.compile(r"\d+(?:[.,:/-]\d+)*|[^\W\d⺀-鿿가-힯豈-﫿\U00020000-\U0003ffff]+|\s+|.")


class Fate(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Line:
    text: str
    page: int = 0  # 0: it stands on none


@dataclass(frozen=True)
class Piece:
    """A run of words with one fate. Line breaks are those of the text it stands in."""

    fate: Fate
    text: str


@dataclass(frozen=True)
class Passage:
    """Some lines that are the same, or that changed; `skipped`: as many alike, not shown."""

    pieces: tuple[Piece, ...]
    page_before: int = 0
    page_after: int = 0
    skipped: int = 0

    @property
    def changed(self) -> bool:
        return any(piece.fate is not Fate.SAME for piece in self.pieces)


Edit = tuple[Fate, int, int, int, int]  # of which lines: before from, to; after from, to


def compared(before: Sequence[Line], after: Sequence[Line]) -> tuple[Passage, ...]:
    """Return the passages in their order; none is changed where both say the same."""
    passages: list[Passage] = []
    edits = _joined(
        edits_between([_plain(one.text) for one in before], [_plain(one.text) for one in after])
    )
    for place, (same, a, b, c, d) in enumerate(edits):
        if same:
            last = place == len(edits) - 1
            passages += _unchanged(before[a:b], after[c:d], first=place == 0, last=last)
        else:
            passages.append(_changed(before[a:b], after[c:d]))
    return tuple(passages)


def counts(passages: Sequence[Passage]) -> tuple[int, int]:
    """Return in how many places something went, and came."""
    fates = [piece.fate for passage in passages for piece in passage.pieces]
    return fates.count(Fate.GONE), fates.count(Fate.NEW)


def edits_between(before: Sequence[str], after: Sequence[str]) -> list[Edit]:
    """Return runs of what is the same, gone and new, in the order of both texts."""
    matcher = SequenceMatcher(None, before, after, autojunk=len(after) > MANY)
    found: list[Edit] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            found.append((Fate.SAME, a, b, c, d))
        if b > a and tag != "equal":
            found.append((Fate.GONE, a, b, c, c))
        if d > c and tag != "equal":
            found.append((Fate.NEW, b, b, c, d))
    return found


def _joined(edits: Sequence[Edit]) -> list[tuple[bool, int, int, int, int]]:
    """Join what went and what came in its place; same or not, and which lines."""
    found: list[tuple[bool, int, int, int, int]] = []
    for fate, a, b, c, d in edits:
        same = fate is Fate.SAME
        if found and found[-1][0] is same:
            _, left, _, top, _ = found.pop()
            found.append((same, left, b, top, d))
        else:
            found.append((same, a, b, c, d))
    return found


def _unchanged(
    before: Sequence[Line], after: Sequence[Line], *, first: bool, last: bool
) -> Iterator[Passage]:
    """Yield the lines next to what changed, and how many stand between."""
    head = 0 if first else AROUND
    tail = 0 if last else AROUND
    if len(after) <= head + tail + 1:
        yield _same(before, after)
        return
    if head:
        yield _same(before[:head], after[:head])
    yield Passage(pieces=(), skipped=len(after) - head - tail)
    if tail:
        yield _same(before[-tail:], after[-tail:])


def _same(before: Sequence[Line], after: Sequence[Line]) -> Passage:
    text = "\n".join(line.text for line in after)
    return Passage((Piece(Fate.SAME, text),), before[0].page, after[0].page)


def _changed(before: Sequence[Line], after: Sequence[Line]) -> Passage:
    pieces = _pieces(_words(before), _words(after))
    page_before = before[0].page if before else 0
    return Passage(tuple(pieces), page_before, after[0].page if after else 0)


@dataclass(frozen=True)
class _Word:
    text: str
    ends_line: bool


def _words(lines: Sequence[Line]) -> list[_Word]:
    found: list[_Word] = []
    for line in lines:
        parts = WORD.findall(_plain(line.text))
        found += [_Word(part, False) for part in parts[:-1]]
        found += [_Word(part, True) for part in parts[-1:]]
    return found


def _pieces(before: Sequence[_Word], after: Sequence[_Word]) -> Iterator[Piece]:
    """Yield the pieces of a passage; a line that ends with what went or came ends after it."""
    edits = edits_between([word.text for word in before], [word.text for word in after])
    for fate, words in _calmed(edits, before, after):
        text = "".join(word.text + "\n" * word.ends_line for word in words)
        if fate is Fate.SAME and text.strip():
            yield Piece(fate, text)
        elif text.strip():
            yield Piece(fate, text.rstrip("\n"))
            if fate is Fate.NEW and text.endswith("\n"):
                yield Piece(Fate.SAME, "\n")


def _calmed(
    edits: Sequence[Edit], before: Sequence[_Word], after: Sequence[_Word]
) -> Iterator[tuple[Fate, Sequence[_Word]]]:
    """Yield what went before what came; a lone word left between two edits goes with them."""
    gone: list[_Word] = []
    new: list[_Word] = []
    for place, (fate, a, b, c, d) in enumerate(edits):
        lone = fate is Fate.SAME and b - a < 2 and 0 < place < len(edits) - 1
        if fate is Fate.SAME and not lone:
            yield from ((Fate.GONE, gone), (Fate.NEW, new))
            gone, new = [], []
            yield Fate.SAME, after[c:d]
        else:
            gone += before[a:b]
            new += after[c:d]
    yield from ((Fate.GONE, gone), (Fate.NEW, new))


def _plain(text: str) -> str:
    return " ".join(text.split())
