"""XML from outside (安全解析): elements and text, nothing else, and never a document type.

A DTD is refused where it begins, so no entity is ever declared, expanded or fetched; depth and
size have bounds. Chinese encodings are read by their declaration, as banks write them.
"""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

LARGEST = 50_000_000  # bytes
DEEPEST = 60
_DECLARATION = re.compile(rb"\s*<\?xml\b[^>]{0,200}\?>")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,20})[\"']")
ENCODINGS = {"utf-8": "utf-8", "gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030"}
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}


class Malformed(ValueError):
    """It is not the XML it should be; the message says what is wrong."""


@dataclass(slots=True)
class Element:
    name: str  # without its namespace
    namespace: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def all(self, path: str) -> list["Element"]:
        """Return the elements at a path of names: `NtryDtls/TxDtls`."""
        found = [self]
        for name in path.split("/"):
            found = [child for one in found for child in one.children if child.name == name]
        return found

    def at(self, path: str) -> str:
        """Return the text of the first element at a path, empty where there is none."""
        found = self.all(path)
        return found[0].text.strip() if found else ""


def parse(data: bytes) -> Element:
    """Return the root. Raises Malformed."""
    if len(data) > LARGEST:
        raise Malformed(f"more than {LARGEST} bytes")
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    reader = _Reader()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.write
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(_decoded(data).encode(), True)
    except expat.ExpatError as error:
        raise Malformed(f"not XML: {error}") from error
    assert reader.root is not None  # expat found an element
    return reader.root


def _decoded(data: bytes) -> str:
    """Return the document as text, without its declaration."""
    declaration = _DECLARATION.match(data.removeprefix(b"\xef\xbb\xbf"))
    named = _ENCODING.search(declaration[0]) if declaration else None
    encoding = named[1].decode().lower() if named else "utf-8"
    if encoding not in ENCODINGS:
        raise Malformed(f"unknown encoding {encoding}")
    body = data.removeprefix(b"\xef\xbb\xbf")[declaration.end() if declaration else 0 :]
    try:
        return body.decode(ENCODINGS[encoding])
    except UnicodeDecodeError as error:
        raise Malformed(f"not {encoding}") from error


def _refuse_doctype(*_args: object) -> None:
    raise Malformed("a document type is not allowed")


class _Reader:
    def __init__(self) -> None:
        self.root: Element | None = None
        self.open: list[Element] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.open) >= DEEPEST:
            raise Malformed(f"deeper than {DEEPEST} elements")
        namespace, _, local = name.rpartition(" ")
        element = Element(local, namespace, attributes)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def end(self, _name: str) -> None:
        self.open.pop()

    def write(self, text: str) -> None:
        self.open[-1].text += text


def written(text: str) -> str:
    """Return text as the content of an element; what XML cannot hold is left out."""
    return _UNFIT.sub("", text).translate(_ESCAPES)
