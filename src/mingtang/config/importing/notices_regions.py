"""Where a notice belongs (行政区划): names and codes, with a list of divisions if there is one.

The list is a CSV file with the columns code, name, parent_code, status and successor. It names
the code of a place that is only named, the names above it, and what took a retired code's place.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from mingtang.config.importing.cells import Unreadable
from mingtang.config.importing.reading import Unusable, decode
from mingtang.core.trading.foreign import Region

_PEOPLES = re.compile(
    "(?:苗|侗|布依|仡佬|土家|水|彝|回|藏|羌|壮|瑶|傣|白|蒙古|满|朝鲜|哈萨克|维吾尔)族"
)
_SEPARATORS = re.compile(r"[-—/>·\s]+")
NEEDED = {"code", "name", "parent_code", "status", "successor"}


@dataclass(frozen=True, slots=True)
class Divisions:
    """Divisions by code; without a list, nothing is known beyond what a row says."""

    rows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    by_name: Mapping[str, str] = field(default_factory=dict)  # code; empty: several have the name

    def region(self, *, path: str, code: str, hint: str, within: str) -> Region:
        """Return the region a code or a path of names stands for, or else a text mentions.

        `hint` is a code that counts only where nothing else gives one.

        Raises Unreadable: notice.code-shape.
        """
        names = tuple(filter(None, _SEPARATORS.split(path)))
        digits = _digits(code)
        found = digits or self._coded(names)
        mentioned = self._mentioned(within) if len(names) <= 1 and not digits else ""
        if mentioned and (not found or self._under(mentioned, found)):
            found = mentioned
        found = found or hint
        current = self._current(found)
        known = self._path(current)
        return Region(
            path=known if len(known) >= len(names) else names,
            code=current,
            written_code=found if found != current else "",
        )

    def _coded(self, names: tuple[str, ...]) -> str:
        return self.by_name.get(names[-1], "") if names else ""

    def _mentioned(self, text: str) -> str:
        names = [name for name, code in self.by_name.items() if code and name in text]
        return max((self.by_name[name] for name in names), key=_depth, default="")

    def _under(self, code: str, above: str) -> bool:
        while code:
            if code == above:
                return True
            code = self.rows.get(code, {}).get("parent_code", "")
        return False

    def _current(self, code: str) -> str:
        row = self.rows.get(code)
        if row is None or row["status"] == "current":
            return code
        return row["successor"] if row["successor"] in self.rows else code

    def _path(self, code: str) -> tuple[str, ...]:
        names: list[str] = []
        while code in self.rows and len(names) < 4:
            names.insert(0, self.rows[code]["name"])
            code = self.rows[code]["parent_code"]
        return tuple(names)


def _depth(code: str) -> int:
    """Return how many digits of a code say something: 2 of a province, 6 of a county."""
    return len(re.sub("(?:00){1,2}$", "", code))


def _digits(code: str) -> str:
    """Return a code of 6 digits where the rest only says that there is no more; 9 or 12 else."""
    found = code.strip()
    if found and not re.fullmatch(r"\d{6}(?:\d{3}){0,2}", found):
        raise Unreadable("notice.code-shape")
    return found[:6] if not found[6:].strip("0") else found


def read_divisions(file: Path) -> Divisions:
    """Return the divisions of a CSV file. Raises Unusable."""
    text, _encoding = decode(file.read_bytes())
    reader = csv.DictReader(StringIO(text, newline=""))
    missing = NEEDED - set(reader.fieldnames or ())
    if missing:
        raise Unusable("import.unknown-columns", columns="、".join(reader.fieldnames or ()))
    rows = {row["code"]: row for row in reader}
    by_name: dict[str, str] = {}
    for code, row in rows.items():
        for name in {row["name"], _PEOPLES.sub("", row["name"]).replace("自治", "")}:
            by_name[name] = code if name not in by_name else ""
    return Divisions(rows, by_name)
