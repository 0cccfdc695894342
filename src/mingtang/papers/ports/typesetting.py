"""Setting a sheet in type (排版) with typst: a PDF page or several, and where the seal goes.

Texts reach the typesetter as data, never as its markup. A character that no font of ours can
draw would be left blank without a word, so it is looked for first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import segno

from mingtang.core.clock import CHINA
from mingtang.core.sheets import Layout, Sheet, texts
from mingtang.core.wire import plain
from mingtang.trust.ports import fonts
from mingtang.trust.ports.press import press

TEMPLATES = Path(__file__).resolve().parents[1] / "typst"
SEAL_MM: Mapping[Layout, float] = {
    Layout.NOTICE: 42,
    Layout.CERTIFICATE: 42,
    Layout.PLATE: 42,
    Layout.CARD: 30,
}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the seal's centre is, in PDF points from the lower left corner of the page."""

    page: int  # from 1
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Typeset:
    pdf: bytes
    spot: Spot
    pages: int


def typeset(sheet: Sheet, *, address: str, test: bool, tracking: str = "") -> Typeset:
    """Return the sheet as a PDF. `address`: what the QR says; `test`: mark a seal without force;
    `tracking`: what a second QR says, on a notice that leads to where its case stands.

    Raises Refused: paper.glyph-missing (facts: characters).
    """
    fonts.require_drawable(texts(sheet))
    pdf, spot = press(TEMPLATES / f"{sheet.layout.value}.typ").print_and_ask(
        _data(sheet, address, tracking, test=test),
        "spot",
        dated=datetime.combine(sheet.date, time(), CHINA),
    )
    return Typeset(pdf=pdf, spot=Spot(spot["page"], spot["x"], spot["y"]), pages=spot["pages"])


def missing_glyphs(sheet: Sheet) -> str:
    """Return the characters of a sheet that no font of ours can draw, each once."""
    return fonts.missing(texts(sheet))


def written_date(day: date) -> str:
    """Return a date as papers write it: 2026年3月16日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _data(sheet: Sheet, address: str, tracking: str, *, test: bool) -> dict[str, Any]:
    return {
        "sheet": plain(sheet),
        "date": written_date(sheet.date),
        "address": address,
        "qr": _qr(address),
        "tracking": tracking,
        "tracking_qr": _qr(tracking) if tracking else "",
        "seal": SEAL_MM[sheet.layout],
        "test": test,
    }


@lru_cache(maxsize=64)
def _qr(address: str) -> str:
    picture = BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", border=0, xmldecl=False, svgclass=None)
    return picture.getvalue().decode("ascii")
