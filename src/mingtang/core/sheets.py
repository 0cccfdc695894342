"""A sheet (文面): what stands on a paper, apart from how it is set in type.

A sheet is frozen into the record when the paper is ordered, so that what is printed later, or
printed again, is what was decided then. How each layout looks is the typesetter's business.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Layout(StrEnum):
    """How a paper is laid out. Each has a template of the same name in `papers/typst`."""

    NOTICE = "notice"  # 文书: A4 upright, with letterhead
    CERTIFICATE = "certificate"  # 证书: A4 upright, framed
    PLATE = "plate"  # 许可证: A4 on its side, framed, to hang on a wall
    CARD = "card"  # 证件: to be carried, 148 by 105 mm


class BlockKind(StrEnum):
    TEXT = "text"  # a paragraph; a sheet's text is in Chinese full-width punctuation
    FACTS = "facts"  # label and value, a line each
    LIST = "list"  # numbered: what, and what of it
    HEADING = "heading"


@dataclass(frozen=True, kw_only=True)
class Line:
    label: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Block:
    """One part of the body, from top to bottom."""

    kind: BlockKind
    text: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What stands on one paper. `number` and `code` are given to it when it is ordered."""

    layout: Layout
    title: str
    title_en: str = ""
    organ: str  # in whose name, in full; the seal is set over it
    number: str = ""  # 文号 or 证照编号
    identifier: str = ""  # 证照标识, of a licence
    addressee: str = ""
    blocks: tuple[Block, ...] = ()
    date: date  # 成文日期: of the act, not of the printing
    notes: tuple[str, ...] = ()  # small print: mandate, automatic act, where to turn
    code: str = ""  # check code, in the QR and in words


def texts(sheet: Sheet) -> Iterator[str]:
    """Yield every text that will be set, for the glyph check."""
    yield from (sheet.title, sheet.title_en, sheet.organ, sheet.number, sheet.identifier)
    yield from (sheet.addressee, sheet.code, *sheet.notes)
    for block in sheet.blocks:
        yield block.text
        for line in block.lines:
            yield from (line.label, line.value)


def text(words: str) -> Block:
    return Block(kind=BlockKind.TEXT, text=words)


def heading(words: str) -> Block:
    return Block(kind=BlockKind.HEADING, text=words)


def facts(*pairs: tuple[str, str]) -> Block:
    """Return a block of label and value; what has no value is left out."""
    lines = tuple(Line(label=label, value=value) for label, value in pairs if value)
    return Block(kind=BlockKind.FACTS, lines=lines)


def listed(*pairs: tuple[str, str]) -> Block:
    return Block(
        kind=BlockKind.LIST, lines=tuple(Line(label=label, value=value) for label, value in pairs)
    )
