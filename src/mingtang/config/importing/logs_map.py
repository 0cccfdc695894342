"""Which column of a foreign event log is what: a map in TOML (docs/formats/import-log.md)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from mingtang.config.importing import cells
from mingtang.config.importing.cells import Unreadable
from mingtang.config.importing.columns import Format, plain_heading
from mingtang.config.importing.reading import Unusable
from mingtang.core.foreigncases import LONGEST, Counting

NEEDED = ("case", "activity", "at")
STEP_TEXTS = ("activity", "id", "resource", "step_group", "transition")
CASE_TEXTS = ("channel", "department", "group", "responsible")
CASE_TIMES = ("started", "deadline", "planned", "closed")
ELEMENTS = ("case", "at", *STEP_TEXTS, *CASE_TEXTS, *CASE_TIMES)
HOURS = ("%H", "%I", "%X", "%c")  # of strptime
LAST_SECOND = time(23, 59, 59)
ENTRIES = ("source", "zone", "deadline", "absent", "times", "columns")


@dataclass(frozen=True, slots=True)
class Time:
    """A time read, and what is doubtful about it: the code of a sentence, or empty."""

    at: datetime
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class LogMap:
    source: str  # the system the log is from
    zone: tzinfo  # whose days count, and of times without an offset
    columns: Mapping[str, str]  # element → heading, as it is written in the file
    counting: Counting = Counting.DAY
    absent: tuple[str, ...] = ()  # cells that say there is nothing
    times: tuple[str, ...] = ()  # further ways times are written, as strptime has them

    @property
    def format(self) -> Format:
        """The map as the format of a table."""
        columns = tuple(
            (element, (plain_heading(heading),), cells.text)
            for element, heading in self.columns.items()
        )
        return Format(name=self.source, needed=NEEDED, columns=columns)

    def text(self, element: str, values: Mapping[str, Any]) -> str:
        """Return a cell of a row as text, empty where there is nothing. Raises Unreadable."""
        heading = self.columns.get(element)
        if heading is None:
            return ""
        written = cells.text(values.get(plain_heading(heading), ""))
        if written in self.absent:
            return ""
        if len(written) > LONGEST:
            raise Unreadable("foreign-case.too-long", limit=LONGEST)
        return written

    def time(self, element: str, values: Mapping[str, Any]) -> Time | None:
        """Return a cell as a moment on the clock of the zone. Raises Unreadable.

        A day without an hour begins at midnight; a deadline lasts until the day ends.
        """
        written = self.text(element, values)
        if not written:
            return None
        found, whole_day = self._parsed(written)
        if whole_day and element in ("deadline", "planned"):
            found = datetime.combine(found.date(), LAST_SECOND)
        try:
            return _placed(found, self.zone)
        except OverflowError:
            raise Unreadable("log.not-a-time") from None

    def _parsed(self, written: str) -> tuple[datetime, bool]:
        """Return the moment, and whether only its day was written.

        Midnight to the second is how spreadsheets write a day.
        """
        for how in ("", *self.times):
            try:
                if how:
                    found = datetime.strptime(written, how)  # noqa: DTZ007  # the zone comes later
                    return found, not any(hour in how for hour in HOURS)
                found = datetime.fromisoformat(written)
                spreadsheet = found.tzinfo is None and written.endswith("00:00:00")
                return found, spreadsheet or len(written) <= len("2026-03-02")
            except ValueError:
                continue
        raise Unreadable("log.not-a-time")


def _placed(found: datetime, zone: tzinfo) -> Time:
    """Return the moment with the offset of the zone then; in the hour that comes twice, the first.

    The offset is written out: of a moment whose offset hangs on its fold, equality does not hold.
    """
    if found.tzinfo is not None:
        there = found.astimezone(zone)
        return Time(there.astimezone(timezone(_offset(there))))
    first, second = (_offset(found.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
    doubt = "" if first == second else "log.hour-twice" if first > second else "log.hour-never"
    return Time(found.replace(tzinfo=timezone(first)), doubt)


def _offset(moment: datetime) -> timedelta:
    offset = moment.utcoffset()
    assert offset is not None  # of a moment in a zone
    return offset


def read_map(file: Path) -> LogMap:
    """Return the map. Raises Unusable: log.map-broken, log.map-missing, log.map-entry."""
    try:
        whole = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Unusable("import.cannot-open", error=error.strerror or str(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unusable("log.map-broken", error=str(error)) from error
    for entry in whole:
        if entry not in ENTRIES:
            raise Unusable("log.map-entry", entry=entry, value=whole[entry])
    return LogMap(
        source=_source(whole),
        zone=_zone(whole),
        columns=_columns(whole),
        counting=_counting(whole),
        absent=_texts(whole, "absent"),
        times=_times(whole),
    )


def _source(whole: Mapping[str, Any]) -> str:
    source = _text(whole, "source").strip()
    if len(source) > LONGEST:
        raise Unusable("log.map-entry", entry="source", value=source)
    return source


def _zone(whole: Mapping[str, Any]) -> tzinfo:
    named = _text(whole, "zone")
    try:
        return ZoneInfo(named)
    except (OSError, ValueError, LookupError) as error:
        raise Unusable("log.map-entry", entry="zone", value=named) from error


def _columns(whole: Mapping[str, Any]) -> dict[str, str]:
    columns = whole.get("columns")
    if not isinstance(columns, dict):
        raise Unusable("log.map-missing", entry="[columns]")
    for element, heading in columns.items():
        if element not in ELEMENTS or not isinstance(heading, str) or not heading.strip():
            raise Unusable("log.map-entry", entry=f"columns.{element}", value=heading)
    for element in NEEDED:
        if element not in columns:
            raise Unusable("log.map-missing", entry=f"columns.{element}")
    return dict(columns)


def _counting(whole: Mapping[str, Any]) -> Counting:
    word = whole.get("deadline", Counting.DAY.value)
    if word not in {one.value for one in Counting}:
        raise Unusable("log.map-entry", entry="deadline", value=word)
    return Counting(word)


def _times(whole: Mapping[str, Any]) -> tuple[str, ...]:
    found = _texts(whole, "times")
    for how in found:
        try:
            datetime.strptime(datetime(2026, 3, 2).strftime(how), how)  # noqa: DTZ001, DTZ007
        except ValueError as error:
            raise Unusable("log.map-entry", entry="times", value=how) from error
    return found


def _text(whole: Mapping[str, Any], entry: str) -> str:
    value = whole.get(entry)
    if value is None:
        raise Unusable("log.map-missing", entry=entry)
    if not isinstance(value, str) or not value.strip():
        raise Unusable("log.map-entry", entry=entry, value=value)
    return value


def _texts(whole: Mapping[str, Any], entry: str) -> tuple[str, ...]:
    value = whole.get(entry, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Unusable("log.map-entry", entry=entry, value=value)
    return tuple(value)
