"""What became of an event log: how many events and cases, what was bad or in doubt, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mingtang.config.importing.notices_report import Cell
from mingtang.config.importing.words import sentences


@dataclass(slots=True)
class Report:
    kind: str  # CSV, XES …
    encoding: str
    source: str
    read: int = 0  # rows or events
    repeated: int = 0  # rows that say what an earlier one said
    cases: int = 0  # with at least one good row
    new: int = 0
    continued: int = 0
    unchanged: int = 0
    steps_recorded: int = 0
    unmapped: list[str] = field(default_factory=list)  # columns the map leaves out
    nested: int = 0  # values inside others, in XES: left out
    refused: list[Cell] = field(default_factory=list)  # rows, or cases by their first row
    doubts: list[Cell] = field(default_factory=list)  # cells not taken, of rows that were
    seconds: float = 0.0

    def refuse(self, line: int, column: str, code: str, facts: Mapping[str, object]) -> None:
        self.refused.append(Cell(line, column, code, *sentences(code, facts)))

    def doubt(self, line: int, column: str, code: str, facts: Mapping[str, object]) -> None:
        self.doubts.append(Cell(line, column, code, *sentences(code, facts)))
