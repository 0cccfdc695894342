"""PDFs written by hand, object by object: what typesetters do not make and people hand in."""

from collections.abc import Sequence

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
CODES = b"""1 begincodespacerange
<0000> <FFFF>
endcodespacerange
2 beginbfchar
<0001> <5E97>
<0002> <D840DC00>
endbfchar
2 beginbfrange
<0010> <0012> <4E00>
<0020> <0021> [<6F14> <793A>]
endbfrange"""


def stream(data: bytes, head: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), head, data)


def pdf(*objects: bytes, root: int = 1) -> bytes:
    """Return a file of these objects, numbered from 1."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    begin = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        root,
        begin,
    )
    return bytes(out)


def pages(
    *contents: bytes, font: bytes = FONT, more: Sequence[bytes] = (), head: bytes = b""
) -> bytes:
    """Return a file with a page for each content; `F` is the font, `more` begins at object 5."""
    first = 5 + len(more)
    kids = b" ".join(b"%d 0 R" % (first + 2 * place) for place in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] /Resources 3 0 R >>" % (len(contents), kids),
        b"<< /Font << /F 4 0 R >> %s >>" % head,
        font,
        *more,
    ]
    for place, content in enumerate(contents):
        own = first + 2 * place + 1
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R >>" % own,
            stream(content),
        ]
    return pdf(*objects)


def text(*lines: str) -> bytes:
    """Return what writes lines of plain letters, one under another."""
    shown = b" ".join(b"(%s) Tj T*" % line.encode("cp1252") for line in lines)
    return b"BT /F 12 Tf 14 TL 72 720 Td %s ET" % shown
