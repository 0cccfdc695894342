"""OFD and DOCX as small as they can be, for tests: packages of XML, made here."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

OFD = "http://www.ofdspec.org/2016"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def package(parts):
    """Return a ZIP of these parts, by name."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return made.getvalue()


def docx(*paragraphs):
    """Return a DOCX of these paragraphs, each the XML of its runs."""
    inner = "".join(f"<w:p>{one}</w:p>" for one in paragraphs)
    body = f"<w:body>{inner}</w:body>"
    return package(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f'<w:document xmlns:w="{WORD}">{body}</w:document>',
        }
    )


def run(text):
    return f"<w:r><w:t>{text}</w:t></w:r>"


def put(text, x, y, *, size=4, width=60, more=""):
    """Return a text object that begins at x, y millimetres from the corner of the page."""
    return (
        f'<o:TextObject Boundary="{x} {y - size} {width} {size}" Size="{size}" {more}>'
        f'<o:TextCode X="0" Y="{size}">{text}</o:TextCode></o:TextObject>'
    )


def ofd(*pages, template="", namespace=OFD, root="Doc_0", base="Pages"):
    """Return an OFD of these pages, each the XML of its text objects."""
    parts = {
        "OFD.xml": _part(
            "OFD",
            f"<o:DocBody><o:DocRoot>{root}/Document.xml</o:DocRoot></o:DocBody>",
            namespace,
        )
    }
    listed, common, uses = "", "", ""
    if template:
        common = (
            '<o:CommonData><o:TemplatePage ID="7" BaseLoc="Tpls/Tpl_0/Content.xml"/></o:CommonData>'
        )
        uses = '<o:Template TemplateID="7" ZOrder="Background"/>'
        parts["Doc_0/Tpls/Tpl_0/Content.xml"] = _page(template, "", namespace)
    for number, objects in enumerate(pages):
        listed += f'<o:Page ID="{number}" BaseLoc="{base}/Page_{number}/Content.xml"/>'
        folder = base.lstrip("/") if base.startswith("/") else f"Doc_0/{base}"
        parts[f"{folder}/Page_{number}/Content.xml"] = _page(objects, uses, namespace)
    document = f"{common}<o:Pages>{listed}</o:Pages>"
    parts["Doc_0/Document.xml"] = _part("Document", document, namespace)
    return package(parts)


def _page(objects, uses, namespace):
    return _part("Page", f"{uses}<o:Content><o:Layer>{objects}</o:Layer></o:Content>", namespace)


def _part(name, inner, namespace):
    return f'<?xml version="1.0"?><o:{name} xmlns:o="{namespace}">{inner}</o:{name}>'
