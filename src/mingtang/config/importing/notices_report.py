"""What became of a list of notices: how many rows, which cells were bad or in doubt, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mingtang.config.importing.words import sentences


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in the file and what is wrong there."""

    line: int
    column: str  # its heading; empty: the whole row
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
    corrected: int = 0
    unchanged: int = 0
    repeated: int = 0  # rows that say what an earlier one said
    refused: list[Cell] = field(default_factory=list)  # rows not taken
    doubts: list[Cell] = field(default_factory=list)  # cells not taken, of rows that were
    seconds: float = 0.0

    def refuse(self, line: int, column: str, code: str, facts: Mapping[str, object]) -> None:
        self.refused.append(Cell(line, column, code, *sentences(code, facts)))

    def doubt(self, line: int, column: str, code: str, facts: Mapping[str, object]) -> None:
        self.doubts.append(Cell(line, column, code, *sentences(code, facts)))
