"""`python -m mingtang.vault.ports.reading BEFORE… -- AFTER…`: how the text of two sides differs.

Writes one JSON object on standard output: for each file what kept it from being read ("" where
nothing did), and the passages. It takes files from anybody, so it gives itself little time and
memory, and what breaks here breaks nothing else.
"""

import json
import logging
import resource
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pypdf.errors import LimitReachedError

from mingtang.core.differences import Line, Passage, compared
from mingtang.vault.ports import packages, pages
from mingtang.vault.ports.pages import Protected, TooMuch

SECONDS = 10  # of the processor
MEMORY = 1024**3  # bytes, of which Python and its libraries take a part
UNREADABLE = 0.2  # a text with as many signs that cannot be shown is none
MOST_PASSAGES = 400
MOST_SHOWN = 200_000  # signs


def main(arguments: Sequence[str]) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no file
    logging.disable(logging.CRITICAL)
    middle = arguments.index("--")
    before, after = arguments[:middle], arguments[middle + 1 :]
    json.dump(differences([Path(one) for one in before], [Path(one) for one in after]), sys.stdout)


def differences(before: Sequence[Path], after: Sequence[Path]) -> dict[str, Any]:
    old, new = ([read(path) for path in side] for side in (before, after))
    hindrances = [[hindrance for _lines, hindrance in side] for side in (old, new)]
    found: tuple[Passage, ...] = ()
    if not any(map(any, hindrances)):
        found = compared(*([line for lines, _ in side for line in lines] for side in (old, new)))
    shown = _first(found)
    return {
        "hindrances": hindrances,
        "passages": [asdict(passage) for passage in shown],
        "left_out": len(found) - len(shown),
    }


def read(path: Path) -> tuple[list[Line], str]:
    """Return the lines of a PDF, an OFD, a DOCX or an XLSX, or what kept them from being read."""
    try:
        with path.open("rb") as file:
            packed = packages.is_package(file.read(4))
        lines = packages.lines_of(path) if packed else pages.lines_of(path)
    except Protected:
        return [], "protected"
    except (TooMuch, LimitReachedError, MemoryError):
        return [], "too-much"
    except Exception:  # whatever a file that is none makes its readers raise
        return [], "broken"
    signs = "".join(line.text for line in lines)
    if sum(not sign.isprintable() for sign in signs) >= UNREADABLE * len(signs):
        return [], "no-text"
    return lines, ""


def _first(passages: Sequence[Passage]) -> Sequence[Passage]:
    signs = 0
    for place, passage in enumerate(passages[:MOST_PASSAGES]):
        signs += sum(len(piece.text) for piece in passage.pieces)
        if signs > MOST_SHOWN:
            return passages[:place]
    return passages[:MOST_PASSAGES]


if __name__ == "__main__":
    main(sys.argv[1:])
