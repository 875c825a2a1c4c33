"""What the survey database holds, read from the file itself: its tables and views with columns, types and meanings."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

#: Types of columns by what SQLite was told; other columns have none.
_TYPES = {"VARCHAR": "string", "INTEGER": "integer", "FLOAT": "number", "BOOLEAN": "boolean"}


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: its name.
        meaning: what it holds; empty for columns of views.
        type: string, integer, number or boolean; empty where the database does not say.
        required: whether every row has a value.
        target: the table and column that it points to, if it does.
    """

    name: str
    meaning: str
    type: str
    required: bool
    target: tuple[str, str] | None


@dataclass(frozen=True)
class Table:
    """A table or view of the database.

    Attributes:
        name: its name.
        kind: table, view or index; the full-text index is the only one of the last kind.
        meaning: what a row is.
        columns: in order.
        key: names of the columns of its primary key.
    """

    name: str
    kind: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]


def read_schema(connection: sqlite3.Connection) -> list[Table]:
    """Tables, the full-text index among them, then views, by name.

    Args:
        connection: an open database of the catalog.
    """
    meanings = {(kind, name): text for kind, name, text in connection.execute("SELECT kind, name, meaning FROM doc")}
    # The shadow tables of the full-text index are its own affair.
    listed = connection.execute(
        "SELECT name, CASE WHEN sql LIKE 'CREATE VIRTUAL%' THEN 'index' ELSE type END FROM sqlite_master "
        "WHERE type IN ('table', 'view') AND name NOT LIKE 'search\\_%' ESCAPE '\\' ORDER BY type, name"
    ).fetchall()
    return [_table(connection, name, kind, meanings) for name, kind in listed]


def _table(connection: sqlite3.Connection, name: str, kind: str, meanings: dict[tuple[str, str], str]) -> Table:
    targets = {
        column: (table, to)
        for column, table, to in connection.execute(
            'SELECT "from", "table", "to" FROM pragma_foreign_key_list(?)', (name,)
        )
    }
    described = connection.execute('SELECT name, type, "notnull", pk FROM pragma_table_info(?)', (name,)).fetchall()
    columns = tuple(
        Column(
            column,
            meanings.get(("column", f"{name}.{column}"), ""),
            _TYPES.get(told, ""),
            bool(required),
            targets.get(column),
        )
        for column, told, required, _ in described
    )
    key = tuple(column for column, _, _, _ in sorted((each for each in described if each[3]), key=lambda each: each[3]))
    meaning = meanings.get(("view" if kind == "view" else "table", name), "")
    return Table(name, kind, meaning, columns, key)
