"""Chinese full-text search (检索) without a dictionary: text as pairs of neighbouring characters.

    bigrams("食品经营许可 A1")  →  "食品 品经 经营 营许 许可 可 a1"

The same tokens are stored on every database, so a search finds the same items on each. A run
of Chinese ends with its last character alone: a search for a single character then matches it
by its beginning wherever it stands, and no pair of one run neighbours a pair of the next.
"""

import re
from collections.abc import Iterator
from unicodedata import normalize

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇"
RUNS = re.compile(f"[{HAN}]+|[^\\W_{HAN}]+")
_han = re.compile(f"[{HAN}]").match


def bigrams(text: str) -> str:
    """Return the tokens of a text, in order, separated by spaces."""
    return " ".join(token for run in _runs(text) for token in (*_pairs(run), *_last(run)))


def query(text: str) -> list[tuple[list[str], bool]]:
    """Return what a text must contain to be found: phrases, all of them.

    A phrase is tokens that follow one another, and whether the last of them may be only the
    beginning of a token: so for a single character, and for words in letters or digits.
    """
    return [(list(_pairs(run)) or [run], not _han(run) or len(run) == 1) for run in _runs(text)]


def _runs(text: str) -> list[str]:
    return RUNS.findall(normalize("NFKC", text).lower())


def _pairs(run: str) -> Iterator[str]:
    if _han(run):
        return (run[place : place + 2] for place in range(len(run) - 1))
    return iter([run])


def _last(run: str) -> tuple[str, ...]:
    return (run[-1],) if _han(run) else ()
