"""The lines of text on the pages of a PDF, read with pypdf.

Files come from anybody: only `reading` uses this, in a process of its own that may be ended.
"""

import re
from pathlib import Path
from unicodedata import normalize

from pypdf import PdfReader

from mingtang.core.differences import Line

MOST_PAGES = 200
MOST_SIGNS = 1_000_000
ODD = re.compile("[\u2e80-\u2fdf\ufb00-\ufb06]")  # ligatures, and radicals that stand for signs


class Protected(Exception):
    """The file asks for a password."""


class TooMuch(Exception):
    """More pages or signs than are read."""


def lines_of(path: Path) -> list[Line]:
    """Return the lines of a file, then what was typed into its form.

    Raises Protected, TooMuch, and whatever a broken file makes pypdf raise.
    """
    with path.open("rb") as file:
        reader = PdfReader(file, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Protected
        if len(reader.pages) > MOST_PAGES:
            raise TooMuch
        found: list[Line] = []
        signs = 0
        for number, page in enumerate(reader.pages, 1):
            lines = [Line(text, number) for text in usual(page.extract_text())]
            signs += sum(len(line.text) for line in lines)
            if signs > MOST_SIGNS:
                raise TooMuch
            found += lines
        for name, value in reader.get_form_text_fields().items():
            found += [Line(f"{name}：{text}") for text in usual(str(value or ""))]
        return found


def usual(text: str) -> list[str]:
    """Return the lines of a text with the signs people type, none of them empty."""
    usual = ODD.sub(lambda match: normalize("NFKC", match[0]), text)
    lines = (" ".join(line.split()) for line in usual.splitlines())
    return [line for line in lines if line]
