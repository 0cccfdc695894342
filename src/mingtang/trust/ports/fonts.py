"""The fonts papers and seals are set in (字体): ours alone, so that every machine sets the same.

Noto Serif SC, and Noto Sans SC for what the serif lacks; both OFL-1.1, from npm packages.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

FAMILIES = {
    "serif": ("@expo-google-fonts/noto-serif-sc", "NotoSerifSC"),
    "sans": ("@expo-google-fonts/noto-sans-sc", "NotoSansSC"),
}
WEIGHTS = ("400Regular", "700Bold")
# Set as space or not at all, whatever the font: no glyph is missed.
INVISIBLE = frozenset("\n\r\t \u00a0\u3000\u200b")


def folder(family: str, weight: str) -> Path:
    package, _name = FAMILIES[family]
    return Path(settings.ROOT) / "node_modules" / package / weight


def folders() -> list[Path]:
    """Return where the typesetter finds its fonts: each weight of each family."""
    return [folder(family, weight) for family in FAMILIES for weight in WEIGHTS]


@cache
def glyphs() -> frozenset[int]:
    """Return every code point that one of our fonts can draw, in either weight."""
    serif, sans = (_code_points(family) for family in FAMILIES)
    return serif | sans


def _code_points(family: str) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    _package, name = FAMILIES[family]
    found = []
    for weight in WEIGHTS:
        path = folder(family, weight) / f"{name}_{weight}.ttf"
        with TTFont(path, lazy=True) as font:
            found.append(frozenset(font.getBestCmap()))
    return frozenset.intersection(*found)


def missing(texts: Iterable[str]) -> str:
    """Return the characters in `texts` that no font of ours can draw, each once, in order."""
    wanted = dict.fromkeys(sign for text in texts for sign in text)
    return "".join(s for s in wanted if s not in INVISIBLE and ord(s) not in glyphs())


@cache
def compiler(template: Path) -> Any:
    """Return a typesetter for one template, its fonts loaded; it reads what lies beside it."""
    import typst

    return typst.Compiler(
        input=template, root=template.parent, font_paths=_loaded(), ignore_system_fonts=True
    )


@cache
def _loaded() -> Any:
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=folders()
    )
