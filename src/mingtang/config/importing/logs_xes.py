"""An event log in XES (IEEE 1849), as rows like those of a CSV export of it.

The attributes of a trace stand in every row of its events, with `case:` before their keys; so
one map serves both. Lists and attributes of attributes are left out, and counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from mingtang.config.importing.cells import Unreadable
from mingtang.config.importing.columns import plain_heading
from mingtang.config.importing.reading import Row, Unusable

VALUES = ("string", "date", "int", "float", "boolean", "id")
DEEPEST = 60


@dataclass(frozen=True, slots=True)
class Log:
    rows: list[Row]  # headings as `plain_heading` makes them
    headings: tuple[str, ...]  # as they are written
    empty: list[Row]  # traces without an event, to be told of
    nested: int  # values inside others, left out


def is_xml(data: bytes) -> bool:
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def read(data: bytes) -> Log:
    """Return the events of all traces, each with its line. Raises Unusable."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    reader.parser = parser
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.StartDoctypeDeclHandler = reader.refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        line = parser.CurrentLineNumber
        raise Unusable("log.broken-xes", line=line, error=str(error)) from error
    if not reader.rows and not reader.empty:
        raise Unusable("import.empty")
    return Log(reader.rows, tuple(reader.headings), reader.empty, reader.nested)


@dataclass(slots=True)
class _Reader:
    parser: expat.XMLParserType = field(init=False)
    rows: list[Row] = field(default_factory=list)
    empty: list[Row] = field(default_factory=list)
    headings: dict[str, None] = field(default_factory=dict)
    nested: int = 0
    path: list[str] = field(default_factory=list)
    trace: dict[str, str] = field(default_factory=dict)
    trace_line: int = 0
    events: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        name = name.rpartition(" ")[2]
        if not self.path and name != "log":
            raise Unusable("log.no-log")
        if len(self.path) >= DEEPEST:
            raise ValueError(f"deeper than {DEEPEST} elements")
        self.path.append(name)
        match self.path[1:]:
            case ["trace"]:
                self.trace, self.events = {}, []
                self.trace_line = self.parser.CurrentLineNumber
            case ["trace", "event"]:
                self.events.append((self.parser.CurrentLineNumber, {}))
            case ["trace", kind] if kind in VALUES:
                self._keep(self.trace, "case:", attributes)
            case ["trace", "event", kind] if kind in VALUES:
                self._keep(self.events[-1][1], "", attributes)
            case ["trace", *_]:
                self.nested += 1

    def _keep(self, into: dict[str, str], before: str, attributes: Mapping[str, str]) -> None:
        heading = before + attributes.get("key", "")
        self.headings[heading] = None
        into[plain_heading(heading)] = attributes.get("value", "")

    def end(self, _name: str) -> None:
        if self.path[1:] == ["trace"]:
            self._close()
        self.path.pop()

    def _close(self) -> None:
        if not self.events:
            case = self.trace.get("case:concept:name", "")
            bad = Unreadable("log.case-without-steps", case=case)
            self.empty.append(Row(self.trace_line, dict(self.trace), bad))
        for line, values in self.events:
            self.rows.append(Row(line, self.trace | values))

    def refuse(self, *_args: object) -> None:
        raise ValueError("a document type is not allowed")
