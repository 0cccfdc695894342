"""What became of a list: how many rows, which were bad and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mingtang.config.importing.words import sentences


@dataclass(frozen=True, slots=True)
class BadRow:
    line: int
    code: str
    reason: str
    reason_en: str


@dataclass(slots=True)
class Report:
    kind: str
    encoding: str
    format: str
    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: list[BadRow] = field(default_factory=list)
    departments: int = 0  # by name, among the good rows
    registered: int = 0  # organisations that were not known before
    seconds: float = 0.0

    def refuse(self, line: int, code: str, facts: Mapping[str, object]) -> None:
        self.bad.append(BadRow(line, code, *sentences(code, facts)))
