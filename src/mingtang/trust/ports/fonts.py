"""The fonts papers and seals are set in (字体): ours alone, so that every machine sets the same.

Noto Serif SC, and Noto Sans SC for what the serif lacks; both OFL-1.1, from npm packages. Check
codes and identifiers stand in the fixed-width font the typesetter brings with it.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.conf import settings

from mingtang.core.decider import Refused

FAMILIES = {
    "serif": ("@expo-google-fonts/noto-serif-sc", "NotoSerifSC"),
    "sans": ("@expo-google-fonts/noto-sans-sc", "NotoSansSC"),
}
WEIGHTS = ("400Regular", "700Bold")  # of a family, both draw the same characters
# Set as space or not at all, whatever the font: no glyph is missed.
INVISIBLE = frozenset("\n\r\t \u00a0\u3000\u200b")


def file(family: str, weight: str = WEIGHTS[0]) -> Path:
    package, name = FAMILIES[family]
    root = Path(settings.ROOT) / "node_modules" / package
    return root / weight / f"{name}_{weight}.ttf"


def folders() -> list[Path]:
    """Return where the typesetter finds its fonts: each weight of each family."""
    return [file(family, weight).parent for family in FAMILIES for weight in WEIGHTS]


def missing(texts: Iterable[str]) -> str:
    """Return the characters in `texts` that no font of ours can draw, each once, in order."""
    wanted = dict.fromkeys(sign for text in texts for sign in text)
    return "".join(s for s in wanted if s not in INVISIBLE and ord(s) not in glyphs())


def require_drawable(texts: Iterable[str]) -> None:
    """Raise Refused, paper.glyph-missing (facts: characters), where one cannot be drawn."""
    lacking = missing(texts)
    if lacking:
        raise Refused("paper.glyph-missing", characters=[_told(sign) for sign in lacking])


def _told(sign: str) -> str:
    """Return a character as it can be told; one that cannot be seen or stored by its number."""
    return sign if sign.isprintable() else f"U+{ord(sign):04X}"


@cache
def glyphs() -> frozenset[int]:
    """Return every code point that one of our fonts can draw."""
    return frozenset().union(*(code_points(file(family)) for family in FAMILIES))


def code_points(path: Path) -> frozenset[int]:
    """Return the code points a font file has a glyph for."""
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())
