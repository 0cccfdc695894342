"""Tables as copies: what a projection says should change, and the two places it is done.

A projection is a pure function from a `Fact` to row changes. The same changes are written
to the database by `enact`, and to a `Shadow` in memory by `verify` and `rebuild`: that is
how a row somebody edited by hand is found.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from django.db import connection, models

Table = type[models.Model]


@dataclass(frozen=True, slots=True)
class Fact:
    """One event where it stands in the ledger, with what its stream then is."""

    stream: str  # "case/7K2P9QXD"
    index: int
    version: int
    event: Any
    state: Any  # after the event

    @property
    def key(self) -> str:
        return self.stream.partition("/")[2]


@dataclass(frozen=True, slots=True)
class Put:
    """Write this whole row, new or not. `values` names every column but the key."""

    table: Table
    key: Any
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """Set these columns of a row that exists."""

    table: Table
    key: Any
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Drop:
    """Remove the row."""

    table: Table
    key: Any


@dataclass(frozen=True, slots=True)
class Add:
    """Add amounts to a row's sums; the first begins the row at nought.

    Additions to one row say the same `values`; both name every column but the key. A table that is
    added to is only added to: sums do not depend on the order, and everything else does.
    """

    table: Table
    key: Any
    values: Mapping[str, Any]
    amounts: Mapping[str, int]


Row = Put | Change | Drop | Add
Project = Callable[[Fact], Iterable[Row]]


class Shadow:
    """Tables in memory, as a replay says they should be: table → key → column → value."""

    def __init__(self, tables: Iterable[Table] = ()) -> None:
        self.tables: dict[Table, dict[Any, dict[str, Any]]] = {table: {} for table in tables}

    def apply(self, rows: Iterable[Row]) -> None:
        for row in rows:
            table = self.tables.setdefault(row.table, {})
            match row:
                case Put():
                    table[row.key] = dict(row.values)
                case Change():
                    table[row.key] |= row.values
                case Drop():
                    table.pop(row.key, None)
                case Add():
                    sums = table.setdefault(row.key, dict.fromkeys(row.amounts, 0))
                    sums |= row.values
                    for name, amount in row.amounts.items():
                        sums[name] += amount


def write(rows: Sequence[Row]) -> None:
    """Carry the changes out in the database, in their order, alike ones in one statement."""
    for (action, table, columns), alike in groupby(_settled(rows), _likeness):
        if action is Put:
            _put(table, columns, [(row.key, row.values) for row in alike])
        elif action is Change:
            _change(table, columns, [(row.key, row.values) for row in alike])
        elif action is Add:
            _add(table, columns, [(row.key, row.values, row.amounts) for row in alike])
        else:
            _drop(table, [row.key for row in alike])


def _settled(rows: Sequence[Row]) -> Sequence[Any]:
    """Fold what happens to one row into one change, so that each row is written once."""
    if len(rows) == 1:
        return rows
    settled: dict[tuple[Table, Any], Row] = {}
    for row in rows:
        place = (row.table, row.key)
        before = settled.get(place)
        if isinstance(row, Change) and isinstance(before, Put | Change):
            settled[place] = type(before)(row.table, row.key, {**before.values, **row.values})
        elif isinstance(row, Add) and isinstance(before, Add):
            amounts = {name: n + before.amounts[name] for name, n in row.amounts.items()}
            settled[place] = Add(row.table, row.key, row.values, amounts)
        else:
            settled[place] = row
    return sorted(settled.values(), key=_order)


def _order(row: Row) -> tuple[str, str, tuple[str, ...]]:
    _, table, columns = _likeness(row)
    return table._meta.db_table, type(row).__name__, columns


def _likeness(row: Row) -> tuple[type, Table, tuple[str, ...]]:
    if isinstance(row, Add):
        return Add, row.table, (*row.values, SUMS, *row.amounts)
    return type(row), row.table, () if isinstance(row, Drop) else tuple(row.values)


SUMS = ""  # stands between the columns of an addition that are said and those that are added to


@cache
def _fields(table: Table, columns: tuple[str, ...]) -> list[Any]:
    """Return the fields of these columns, that of the key last."""
    return [*(table._meta.get_field(name) for name in columns), table._meta.pk]


def _prepared(field: Any, value: Any) -> Any:
    return value if type(value) in (str, int) else field.get_db_prep_save(value, connection)


def _put(table: Table, columns: tuple[str, ...], rows: Sequence[tuple[Any, Any]]) -> None:
    fields = _fields(table, columns)
    sql = _put_sql(table, columns)
    values = [
        [_prepared(f, v) for f, v in zip(fields, (*row.values(), key), strict=True)]
        for key, row in rows
    ]
    _many(sql, values)


@cache
def _put_sql(table: Table, columns: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    meta = table._meta
    *names, key = [quote(f.column) for f in _fields(table, columns)]
    missing = {f.name for f in meta.local_concrete_fields if f is not meta.pk} - {*columns}
    assert not missing, f"{meta.label}: a row put must name every column, not {missing}"
    updates = ", ".join(f"{name} = excluded.{name}" for name in names)
    return (
        f"INSERT INTO {quote(meta.db_table)} ({', '.join([*names, key])}) VALUES %s"
        f" ON CONFLICT ({key}) DO " + (f"UPDATE SET {updates}" if updates else "NOTHING")
    )


def _change(table: Table, columns: tuple[str, ...], rows: Sequence[tuple[Any, Any]]) -> None:
    fields = _fields(table, columns)
    values = [
        [_prepared(f, v) for f, v in zip(fields, (*row.values(), key), strict=True)]
        for key, row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_change_sql(table, columns), values)


@cache
def _change_sql(table: Table, columns: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    *sets, key = [f"{quote(f.column)} = %s" for f in _fields(table, columns)]
    return f"UPDATE {quote(table._meta.db_table)} SET {', '.join(sets)} WHERE {key}"


def _drop(table: Table, keys: Sequence[Any]) -> None:
    quote = connection.ops.quote_name
    [key] = _fields(table, ())
    marks = ", ".join(["%s"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {quote(table._meta.db_table)} WHERE {quote(key.column)} IN ({marks})",
            keys,
        )


def _add(table: Table, columns: tuple[str, ...], rows: Sequence[tuple[Any, Any, Any]]) -> None:
    names = tuple(name for name in columns if name != SUMS)
    fields = _fields(table, names)
    values = [
        [
            _prepared(f, v)
            for f, v in zip(fields, (*said.values(), *sums.values(), key), strict=True)
        ]
        for key, said, sums in rows
    ]
    _many(_add_sql(table, columns), values)


@cache
def _add_sql(table: Table, columns: tuple[str, ...]) -> str:
    """Return what `_put_sql` does, with the sums added to where the row is there already."""
    quote = connection.ops.quote_name
    names = tuple(name for name in columns if name != SUMS)
    insert, _, _ = _put_sql(table, names).partition(" DO ")
    here = quote(table._meta.db_table)
    sums = [quote(f.column) for f in _fields(table, columns[columns.index(SUMS) + 1 :])[:-1]]
    return f"{insert} DO UPDATE SET " + ", ".join(f"{n} = {here}.{n} + excluded.{n}" for n in sums)


PARAMETERS = 30_000  # below the limits of SQLite (32,766) and PostgreSQL (65,535)


def _many(sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run one INSERT for as many rows as its parameters allow."""
    width = len(rows[0])
    one = f"({', '.join(['%s'] * width)})"
    step = max(1, PARAMETERS // width)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), step):
            part = rows[start : start + step]
            cursor.execute(
                sql.replace("VALUES %s", "VALUES " + ", ".join([one] * len(part)), 1),
                [value for row in part for value in row],
            )


insert_many = _many
