"""Tables of the survey database as files: CSV, Parquet, JSON and JSON Lines, the same bytes for the same rows."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scalinglaws.database.schema import Table
from scalinglaws.extras import package

Row = tuple[Any, ...]


def read_rows(connection: sqlite3.Connection, table: Table) -> list[Row]:
    """Every row of a table, in the order of its key; booleans as such.

    Args:
        connection: an open database of the catalog.
        table: one of its tables.
    """
    names = ", ".join(f'"{each.name}"' for each in table.columns)
    order = ", ".join(f'"{each}"' for each in table.key)
    rows = connection.execute(f'SELECT {names} FROM "{table.name}" ORDER BY {order}').fetchall()  # noqa: S608
    flags = {index for index, each in enumerate(table.columns) if each.type == "boolean"}
    if not flags:
        return rows
    return [
        tuple(bool(value) if index in flags and value is not None else value for index, value in enumerate(row))
        for row in rows
    ]


def csv_bytes(table: Table, rows: list[Row], _info: Mapping[str, str]) -> bytes:
    """The rows as CSV (RFC 4180 with bare line feeds, UTF-8), a head first; nothing stands for no value."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([each.name for each in table.columns])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    return ("false", "true")[value] if isinstance(value, bool) else value


def _json_rows(table: Table, rows: list[Row]) -> list[str]:
    names = [each.name for each in table.columns]
    write = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
    return [write(dict(zip(names, row, strict=True))) for row in rows]


def json_bytes(table: Table, rows: list[Row], _info: Mapping[str, str]) -> bytes:
    """The rows as one JSON array of objects, one a line."""
    return ("[\n" + ",\n".join(_json_rows(table, rows)) + "\n]\n").encode()


def jsonl_bytes(table: Table, rows: list[Row], _info: Mapping[str, str]) -> bytes:
    """The rows as JSON Lines: one object a line."""
    return "".join(f"{each}\n" for each in _json_rows(table, rows)).encode()


def parquet_bytes(table: Table, rows: list[Row], info: Mapping[str, str]) -> bytes:
    """The rows as Parquet, with what table and columns mean in its metadata.

    Raises:
        MissingPackage: without pyarrow.
    """
    arrow, parquet = parquet_writer()
    types = {"string": arrow.string(), "integer": arrow.int64(), "number": arrow.float64(), "boolean": arrow.bool_()}
    fields = [
        arrow.field(each.name, types[each.type], nullable=not each.required, metadata={"description": each.meaning})
        for each in table.columns
    ]
    told = {"description": table.meaning, "edition": info["edition"], "licence": info["licence"]}
    columns = [arrow.array([row[index] for row in rows], type=field.type) for index, field in enumerate(fields)]
    sink = io.BytesIO()
    whole = arrow.Table.from_arrays(columns, schema=arrow.schema(fields, metadata=told))
    parquet.write_table(whole, sink, compression="zstd")
    return sink.getvalue()


def parquet_writer() -> tuple[Any, Any]:
    """The modules that write Parquet.

    Raises:
        MissingPackage: without pyarrow.
    """
    return package("pyarrow", "Parquet", "dataframes"), package("pyarrow.parquet", "Parquet", "dataframes")


@dataclass(frozen=True)
class Format:
    """A format of table files.

    Attributes:
        media_type: as registered, where it is.
        title: what it is called.
        write: gives the bytes of a table from its description, its rows and the `info` table.
    """

    media_type: str
    title: str
    write: Callable[[Table, list[Row], Mapping[str, str]], bytes]


#: By the ending of the files, which is also the name of their folder.
FORMATS = {
    "csv": Format("text/csv", "CSV", csv_bytes),
    "parquet": Format("application/vnd.apache.parquet", "Parquet", parquet_bytes),
    "json": Format("application/json", "JSON", json_bytes),
    "jsonl": Format("application/jsonl", "JSON Lines", jsonl_bytes),
}
