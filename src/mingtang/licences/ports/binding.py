"""Binding sealed papers into one file for the printer (合并打印), with pyHanko's PDF writer.

A signature covers one file and no other, so what is bound is a copy to be printed: the seal is
drawn where it stood, and the signature, which would no longer hold, is left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, cast

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import DictionaryObject, pdf_name
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

INHERITED = ("/Resources", "/MediaBox", "/Rotate")
Box = tuple[float, float, float, float]  # left, bottom, right, top


def bind(files: Sequence[bytes]) -> bytes:
    """Return one PDF with every page of these, in their order. They are papers of our own."""
    writer = PdfFileWriter(stream_xrefs=True)  # type: ignore[no-untyped-call]  # pyHanko's
    for data in files:
        reader = PdfFileReader(BytesIO(data))
        for page in _pages(reader.root["/Pages"], {}):
            _add(writer, page)
    bound = BytesIO()
    writer.write(bound)  # type: ignore[no-untyped-call]
    return bound.getvalue()


def _pages(node: Any, above: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the pages under a node of the page tree, each with what it inherits."""
    here = {**above, **{name: node[name] for name in INHERITED if name in node}}
    if node["/Type"] == "/Pages":
        for kid in node["/Kids"]:
            yield from _pages(kid.get_object(), here)
    else:
        yield {**here, **{name: node[name] for name in node if name != "/Parent"}}


def _add(writer: PdfFileWriter, page: Mapping[str, Any]) -> None:
    resources = cast(DictionaryObject, writer.import_object(page["/Resources"]))  # what went in
    pictures = DictionaryObject(resources.get("/XObject", {}))  # type: ignore[no-untyped-call]
    drawn = [b"q", *_content(page["/Contents"]), b"Q"]
    for number, one in enumerate(page.get("/Annots", [])):
        name, stamp = f"/Stamp{number}", one.get_object()
        pictures[pdf_name(name)] = writer.import_object(stamp["/AP"].raw_get("/N"))
        drawn.append(_drawing(name, _box(stamp["/AP"]["/N"]["/BBox"]), _box(stamp["/Rect"])))
    resources[pdf_name("/XObject")] = pictures
    content = writer.add_object(generic.StreamObject(stream_data=b"\n".join(drawn)))
    media = list(_box(page["/MediaBox"]))
    kept = {"contents": content, "media_box": media, "resources": resources}
    writer.insert_page(PageObject(**kept))  # type: ignore[no-untyped-call]


def _content(contents: Any) -> Iterator[bytes]:
    """Yield the content streams of a page."""
    parts = contents if isinstance(contents, generic.ArrayObject) else [contents]
    yield from (part.get_object().data for part in parts)


def _box(numbers: Any) -> Box:
    """Return a rectangle with its corners in order: PDF lets them be any two opposite ones."""
    x, y, other_x, other_y = (float(number) for number in numbers)
    return min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y)


def _drawing(name: str, own: Box, place: Box) -> bytes:
    """Return what draws a picture of this size into that place."""
    wide = (place[2] - place[0]) / (own[2] - own[0])
    high = (place[3] - place[1]) / (own[3] - own[1])
    x, y = place[0] - own[0] * wide, place[1] - own[1] * high
    return f"q {wide:.5f} 0 0 {high:.5f} {x:.4f} {y:.4f} cm {name} Do Q".encode()
