"""The picture of a seal (印模): a red ring, a star, the organ's name on an arc."""

from functools import lru_cache
from pathlib import Path

from mingtang.trust.ports import fonts
from mingtang.trust.ports.press import press

TEMPLATE = Path(__file__).resolve().parents[1] / "typst" / "seal.typ"
MM = 42  # the picture is this wide and high


@lru_cache(maxsize=200)
def seal_picture(organ_name: str, name: str, *, test: bool) -> bytes:
    """Return a PDF page of 42 by 42 mm without background, to be laid over a paper.

    Raises Refused: paper.glyph-missing (facts: characters).
    """
    fonts.require_drawable((organ_name, name))
    return press(TEMPLATE).print({"organ": organ_name, "name": name, "test": test})
