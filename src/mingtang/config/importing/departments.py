"""Which organisation each listed item belongs to.

A department that writes itself under several codes in one list is one organisation: under the
code that is registered, else a credit code, else the first. The code each item came with stays
in the item.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mingtang.config.importing.cells import Unreadable

CREDIT_CODE = 18  # characters of a 统一社会信用代码


@dataclass(frozen=True, slots=True)
class Departments:
    registered: Mapping[str, str]  # name by code
    chosen: Mapping[str, str]  # code by name

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]], registered: Mapping[str, str]) -> "Departments":
        codes: dict[str, dict[str, None]] = {}
        for values in rows:
            found = codes.setdefault(values.get("department_name", ""), {})
            code = values.get("department") or values.get("department_code")
            if code:
                found[code] = None
        for code, name in registered.items():
            if name in codes and not codes[name]:
                codes[name][code] = None
        best = {
            name: max(found, key=lambda code: (code in registered, len(code) == CREDIT_CODE))
            for name, found in codes.items()
            if name and found
        }
        return cls(registered, best)

    def organisation(self, values: Mapping[str, Any]) -> tuple[str, str]:
        """Return code and name. Raises Unreadable: import.department-unknown."""
        name = values.get("department_name", "")
        code = values.get("department") or self.chosen.get(name, "")
        name = name or self.registered.get(code, "")
        if not code or not name:
            raise Unreadable("import.department-unknown", name=name or code)
        return code, name
