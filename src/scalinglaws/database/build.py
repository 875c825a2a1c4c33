"""Builds the survey database: checked records in, one SQLite file out, whole or not at all."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Connection, MetaData, create_engine, event, insert, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel

from scalinglaws.catalog import Catalog
from scalinglaws.database.rows import Row, catalog_rows
from scalinglaws.database.tables import SCHEMA_VERSION, TABLES, Table, table_name

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
    statements = [str(each.compile(dialect=sqlite.dialect())).strip() for each in definitions(SQLModel.metadata)]
    statements += _extras(catalog)
    return "\n\n".join(re.sub(r"[ \t]+\n", "\n", f"{each};") for each in statements) + "\n"


def definitions(metadata: MetaData) -> Iterator[CreateTable | CreateIndex]:
    """Tables in the order of loading, each with its indexes by name: SQLAlchemy alone has these in any order."""
    for model in TABLES:
        table = metadata.tables[table_name(model)]
        yield CreateTable(table)
        yield from (CreateIndex(each) for each in sorted(table.indexes, key=lambda index: str(index.name)))


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
        write_file(unfinished, partial(_fill, catalog=catalog))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_file(path: Path, fill: Callable[[Connection], None]) -> None:
    """Write a database file.

    Args:
        path: where it goes; nothing stands there yet.
        fill: makes the tables and loads them, over a connection that holds to foreign keys.
    """
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
            fill(connection)
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
    for each in definitions(SQLModel.metadata):
        connection.execute(each)
    insert_rows(connection, catalog_rows(catalog, version("scalinglaws")))
    for statement in _extras(catalog):
        connection.exec_driver_sql(statement)
    index_entries(connection)


def insert_rows(
    connection: Connection, rows: Mapping[type[Table], list[Row]], metadata: MetaData = SQLModel.metadata
) -> None:
    """Write rows of several tables, in the order given.

    Args:
        connection: to the database.
        rows: by table; those of one table have the same columns.
        metadata: the tables as the database has them.
    """
    for model, each in rows.items():
        if each:
            statement = insert(metadata.tables[table_name(model)])
            compiled = statement.compile(dialect=connection.dialect, column_keys=list(each[0]))
            # Straight to the driver: rows are checked already, and SQLAlchemy would look at each value once more.
            names = getattr(compiled, "positiontup", None)
            values = [tuple(row[name] for name in names) for row in each] if names else list(each)
            connection.exec_driver_sql(str(compiled), values)


def index_entries(connection: Connection) -> None:
    """Make the full-text index of what stands in the table `entry`."""
    for command in ("rebuild", "optimize"):
        connection.exec_driver_sql("INSERT INTO search (search) VALUES (?)", (command,))
