"""The typesetter itself (排版程序): typst, kept warm, with our fonts alone.

Data reaches a template as JSON, never as markup.
"""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from mingtang.trust.ports import fonts


class Press:
    """One template, compiled again and again; it may import what lies beside it.

    A compiler refuses a second thread, and answers a query about what it set last: whoever
    prints holds the press until both are done.
    """

    def __init__(self, template: Path) -> None:
        import typst

        self._turn = Lock()
        self._compiler = typst.Compiler(
            input=template,
            root=template.parent,
            font_paths=_fonts(),
            ignore_system_fonts=True,
        )

    def print(self, data: object, *, dated: datetime | None = None) -> bytes:
        """Return the PDF of `data`, tagged for screen readers where it is `dated`."""
        with self._turn:
            return self._print(data, dated)

    def print_and_ask(self, data: object, label: str, *, dated: datetime) -> tuple[bytes, Any]:
        """Return the PDF of `data`, and the value that stands at `label` in it."""
        with self._turn:
            pdf = self._print(data, dated)
            [value] = json.loads(self._compiler.query(f"<{label}>", field="value"))
        return pdf, value

    def _print(self, data: object, dated: datetime | None) -> bytes:
        pdf: bytes = self._compiler.compile(  # type: ignore[assignment]  # one file, kept nowhere
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            timestamp=dated,
            pdf_tags=dated is not None,
        )
        return pdf


@cache
def press(template: Path) -> Press:
    """Return the press of a template, one to a process."""
    return Press(template)


@cache
def _fonts() -> Any:
    """Return our fonts, and the one for figures in a row (等宽) that comes with the typesetter."""
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=fonts.folders()
    )
