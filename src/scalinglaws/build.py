"""Builds the survey database: checked records in, one SQLite file out, whole or not at all."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, insert, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel

from scalinglaws.catalog import Catalog
from scalinglaws.rows import catalog_rows
from scalinglaws.tables import SCHEMA_VERSION, TABLES, Table, table_name

#: Marks the file as one of ours ("SLaw" in ASCII); `PRAGMA application_id` shows it.
APPLICATION_ID = 0x534C6177

SEARCH_TABLE = (
    "CREATE VIRTUAL TABLE search USING fts5(kind UNINDEXED, id UNINDEXED, names, title, symbols, words, text, "
    # A symbol is one word: D_f is not the D and f of other laws.
    "content = 'entry', content_rowid = 'number', tokenize = \"porter unicode61 tokenchars '_'\", prefix = '2 3')"
)


def survey_view(number: int, columns: list[str]) -> str:
    """SQL of the view that gives one of the survey's tables as printed."""
    cells = ", ".join(
        f"json_extract(cells, '$[{index}]') AS {column.replace('-', '_')}" for index, column in enumerate(columns)
    )
    # Numbers and column names are checked by the models; nothing that a user types comes here.
    source = f"FROM survey_row WHERE table_number = {number} ORDER BY position"
    return f"CREATE VIEW survey_table_{number} AS SELECT position AS row, {cells} {source}"


def schema_sql(catalog: Catalog) -> str:
    """Every table, index, view and the full-text index as SQL, in the order of creation."""
    statements = []
    for model in TABLES:
        table = SQLModel.metadata.tables[table_name(model)]
        statements.append(str(CreateTable(table).compile(dialect=sqlite.dialect())).strip())
        statements += [
            str(CreateIndex(index).compile(dialect=sqlite.dialect())).strip()
            for index in sorted(table.indexes, key=lambda index: str(index.name))
        ]
    statements += _extras(catalog)
    return "\n\n".join(re.sub(r"[ \t]+\n", "\n", f"{each};") for each in statements) + "\n"


def _extras(catalog: Catalog) -> Iterator[str]:
    for number, table in catalog.survey.tables.items():
        yield survey_view(int(number), table.columns)
    yield SEARCH_TABLE


def build_database(catalog: Catalog, path: Path) -> None:
    """Write the catalog to an SQLite file.

    The file is written beside its place and moved there when complete: a failure leaves what was there before.
    The same records give the same bytes.

    Args:
        catalog: the checked catalog.
        path: where the database goes; its folder is made if need be.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        _write(catalog, unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _write(catalog: Catalog, path: Path) -> None:
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA foreign_keys = ON")

    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA page_size = 4096")
            connection.exec_driver_sql("PRAGMA journal_mode = OFF")
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
            connection.commit()
            _fill(connection, catalog)
            connection.commit()
            broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
            if broken:
                raise RuntimeError(f"foreign keys do not hold: {broken[:5]}")
    finally:
        engine.dispose()
    # VACUUM cannot run inside a transaction, and SQLAlchemy always opens one.
    with sqlite3.connect(path, isolation_level=None) as plain:
        plain.execute("VACUUM")
    plain.close()


def _fill(connection: Connection, catalog: Catalog) -> None:
    for model in TABLES:
        SQLModel.metadata.tables[table_name(model)].create(connection)
    insert_rows(connection, catalog_rows(catalog, version("scalinglaws")))
    for statement in _extras(catalog):
        connection.exec_driver_sql(statement)
    index_entries(connection)


def insert_rows(connection: Connection, rows: Mapping[type[Table], list[dict[str, Any]]]) -> None:
    """Write rows of several tables, in the order given."""
    for model, values in rows.items():
        if values:
            connection.execute(insert(SQLModel.metadata.tables[table_name(model)]), values)


def index_entries(connection: Connection) -> None:
    """Make the full-text index of what stands in the table `entry`."""
    for command in ("rebuild", "optimize"):
        connection.exec_driver_sql("INSERT INTO search (search) VALUES (?)", (command,))
