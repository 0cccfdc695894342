"""One row as a notice, and what of it could not be read (存疑)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from mingtang.config.importing import cells
from mingtang.config.importing.cells import Unreadable
from mingtang.config.importing.columns import Format, plain_heading
from mingtang.config.importing.notices_columns import DETAILS, category_of_source
from mingtang.config.importing.notices_regions import Divisions
from mingtang.core.trading.foreign import (
    Amount,
    Detail,
    ForeignNotice,
    NoticeKind,
    Outcome,
    Region,
    Result,
)

NEEDED = frozenset({"title", "lot", "kind", "category"})  # a row cannot do without
AMOUNTS = frozenset({"amount", "price"})


@dataclass(frozen=True, slots=True)
class Said:
    """What whoever imports says of a file whose rows do not say it."""

    source: str = ""
    region: str = ""
    region_code: str = ""
    divisions: Divisions = field(default_factory=Divisions)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A cell that was not taken for what its column is; its words are kept."""

    element: str
    column: str  # its heading
    code: str
    value: str


def notice_of(
    found: Format, values: Mapping[str, Any], said: Said
) -> tuple[ForeignNotice, list[Doubt]]:
    """Return the notice a row tells of, and the cells in doubt. Raises Unreadable."""
    read, doubts = _elements(found, values)
    kept = tuple(Detail(name=name, text=read[name]) for name in DETAILS if read.get(name))
    kept += tuple(Detail(name=d.element, text=d.value) for d in doubts if d.element not in AMOUNTS)
    source = _source(read, said)
    read |= {"source": source, "region": _region(read, source, said)}
    read["result"] = _result(read, doubts)
    named = _names(read)
    notice = ForeignNotice(
        source=source,
        category=_category(read, source),
        details=kept,
        **named,
        **{name: read[name] for name in TAKEN if read.get(name) is not None},
    )
    return notice, doubts


TAKEN: tuple[str, ...]
TAKEN = ("kind", "region", "buyer", "agency", "amount", "published", "deadline", "place", "area")
TAKEN += ("result", "url")


def _elements(found: Format, values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Doubt]]:
    """Return the elements of a row; a cell that cannot be read is in doubt, a needed one fatal."""
    by_heading = {plain_heading(heading): (heading, cell) for heading, cell in values.items()}
    read: dict[str, Any] = dict(found.constants)
    doubts: list[Doubt] = []
    taken: set[tuple[str, str]] = set()
    for element, headings, reader in found.columns:
        cell = next((by_heading[h] for h in headings if h in by_heading), None)
        if cell is None or cell[1] in ("", None) or (element, cell[0]) in taken:
            continue
        taken.add((element, cell[0]))
        try:
            read[element] = reader(cell[1])
        except Unreadable as error:
            if element in NEEDED or error.code == "import.not-text":
                raise Unreadable(error.code, element=cell[0], value=cell[1]) from error
            written = " ".join(cells.text(cell[1]).split())
            doubts.append(Doubt(element, cell[0], error.code, written))
            if element in AMOUNTS:
                read[element] = Amount(written=written)
    return read, doubts


def _source(read: Mapping[str, Any], said: Said) -> str:
    """Return the platform: as the row names it, or the importer, or else the notice's host."""
    found = read.get("source") or said.source or urlsplit(read.get("url", "")).hostname or ""
    if not found:
        raise Unreadable("notice.source-missing", element="source")
    return str(found)


def _names(read: Mapping[str, Any]) -> dict[str, Any]:
    """Return title, project and number. A lot has its number; what has none, its address or a
    digest of what it says."""
    if lot := read.get("lot"):
        title = " ".join(filter(None, (lot, read.get("place"))))
        return {"title": title, "project": _offline(lot), "source_id": lot}
    title = read.get("title", "")
    if not title:
        raise Unreadable("notice.element-missing", element="title")
    published = read["published"].written if read.get("published") else ""
    words = "\n".join((title, published, read.get("buyer", ""), read.get("project", "")))
    number = read.get("source_id") or read.get("url") or sha256(words.encode()).hexdigest()[:32]
    return {"title": title, "project": read.get("project") or title, "source_id": number}


def _offline(lot: str) -> str:
    """Return a lot's number without the remark that it is sold online (网)."""
    return lot.removesuffix("（网）")


def _category(read: Mapping[str, Any], source: str) -> str:
    return str(read.get("category") or read.get("category_in_place") or category_of_source(source))


def _region(read: Mapping[str, Any], source: str, said: Said) -> Region:
    return said.divisions.region(
        path=read.get("region") or said.region,
        code=read.get("region_code") or said.region_code,
        hint=read.get("division", ""),
        within=" ".join(filter(None, (read.get("place"), source))),
    )


def _result(read: Mapping[str, Any], doubts: list[Doubt]) -> Result | None:
    if read["kind"] is not NoticeKind.LAND_RESULT:
        return None
    outcome, price = read.get("outcome", Outcome.SOLD), read.get("price")
    if outcome is Outcome.SOLD and price is None:
        raise Unreadable("notice.price-missing", element="price")
    if outcome is Outcome.FAILED and price is not None:
        doubts.append(Doubt("price", "price", "notice.price-of-failed", price.written))
        price = Amount(written=price.written)
    return Result(outcome=outcome, winner=read.get("winner", ""), price=price)
