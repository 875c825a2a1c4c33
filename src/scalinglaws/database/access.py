"""Reads the survey database: finds it, opens it read-only, queries it. Needs only `sqlite3`.

What a file and a server have in common is a `Reader`; `server.py` has the one for PostgreSQL.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, Protocol
from urllib.parse import quote

from scalinglaws.database.row_display import html_table, text_lines
from scalinglaws.extras import package
from scalinglaws.records.files import catalog_root, checkout_root, content_hash, read_contents

#: Version of tables and views that this library reads (kept equal to `tables.SCHEMA_VERSION` by a test).
READS_SCHEMA = 3
#: How long one statement of a user may run, in seconds, and how many rows it may return.
STATEMENT_SECONDS = 10.0
MAX_ROWS = 100_000

#: What is said of statements that are not run, in a file and on a server alike.
READ_ONLY = "the database is read-only: only SELECT is run here"
ONE_STATEMENT = "only one statement is run at a time"
NO_ROWS = "the statement returns no rows; write a SELECT"
#: How many rows are shown where an answer is merely looked at.
_SHOWN_ROWS = 20

_READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
_READING_PRAGMAS = {
    "table_info", "table_xinfo", "table_list", "index_list", "index_info", "foreign_key_list", "user_version",
    "application_id", "page_size", "page_count", "encoding", "compile_options", "function_list", "pragma_list",
    "data_version",
}  # fmt: skip
_REFUSED_FUNCTIONS = {"load_extension", "fts3_tokenizer", "writefile", "readfile", "edit"}


class DatabaseError(RuntimeError):
    """The database is absent, damaged or of another version; the message says what to do."""


class QueryError(ValueError):
    """A statement that cannot be run here: malformed, writing, too slow."""


def default_path() -> Path:
    """The database that commands read: the checkout's, else one built once into the user's cache."""
    checkout = checkout_root()
    if checkout is not None and (checkout / "build" / "catalog.sqlite").is_file():
        path = checkout / "build" / "catalog.sqlite"
        _warn_if_stale(path)
        return path
    return _cached()


def _cached() -> Path:
    from platformdirs import user_cache_path  # noqa: PLC0415 - only where no database stands ready

    from scalinglaws import __version__  # noqa: PLC0415

    digest = content_hash(read_contents(catalog_root()))[:16]
    path = user_cache_path("scalinglaws") / f"catalog-{__version__}-{READS_SCHEMA}-{digest}.sqlite"
    if not path.is_file():
        print("scalinglaws: building the database for the first time ...", file=sys.stderr)
        from scalinglaws.catalog import Catalog  # noqa: PLC0415
        from scalinglaws.database.build import build_database  # noqa: PLC0415 - heavy, and needed only now

        try:
            build_database(Catalog.load(), path)
        except OSError as error:
            raise DatabaseError(
                f"cannot write the database to {path.parent}: {error}; name one with --database"
            ) from error
    return path


@cache
def _warn_if_stale(path: Path) -> None:
    """Say once if the records are no longer those that the database was built from."""
    recorded = open_database(path).execute("SELECT value FROM info WHERE key = 'records_sha256'").fetchone()
    if recorded is not None and recorded[0] != content_hash(read_contents(catalog_root())):
        print(
            "scalinglaws: the records have changed since build/catalog.sqlite was built; run scalinglaws build",
            file=sys.stderr,
        )


def open_database(path: Path) -> FileReader:
    """Open a database file read-only.

    Raises:
        DatabaseError: if it is absent, no SQLite file, not ours, or of another schema version.
    """
    if not path.is_file():
        raise DatabaseError(f"there is no database at {path}; run scalinglaws build, or name another with --database")
    try:
        connection = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True, factory=FileReader)
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'info'").fetchone()
        connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise DatabaseError(f"{path} cannot be read as a database: {error}; run scalinglaws build") from error
    if known is None:
        raise DatabaseError(f"{path} is no database of this catalog; run scalinglaws build")
    if found != READS_SCHEMA:
        raise DatabaseError(
            f"{path} has schema version {found}, this program reads {READS_SCHEMA}; run scalinglaws build"
        )
    return connection


@dataclass(frozen=True, repr=False)
class Rows:
    """The answer to a query: a sequence of rows, each a dictionary by column.

    Attributes:
        columns: their names.
        rows: the values of each row, in the order of the columns.
        truncated: whether there were more rows than are given at once.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool = False

    def __repr__(self) -> str:
        return "\n".join([*text_lines(self.columns, self.rows[:_SHOWN_ROWS]), self._size()])

    def _repr_html_(self) -> str:
        return f"{html_table(self.columns, self.rows[:_SHOWN_ROWS])}\n<p>{self._size()}</p>"

    def _size(self) -> str:
        count = f"{len(self)} row{'' if len(self) == 1 else 's'}"
        shown = f", {_SHOWN_ROWS} of them shown" if len(self) > _SHOWN_ROWS else ""
        return f"[{count}{shown}{'; there are more' if self.truncated else ''}]"

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> dict[str, Any]:
        return dict(zip(self.columns, self.rows[index], strict=True))

    def df(self) -> Any:
        """The rows as a pandas DataFrame.

        Raises:
            MissingPackage: without pandas.
        """
        pandas = package("pandas", "A data frame", "dataframes")
        return pandas.DataFrame(list(self.rows), columns=list(self.columns))

    def arrow(self) -> Any:
        """The rows as a pyarrow Table.

        Raises:
            MissingPackage: without pyarrow.
            QueryError: for a column that holds text and numbers, which Arrow cannot.
        """
        arrow = package("pyarrow", "An Arrow table", "dataframes")
        arrays = []
        for index, name in enumerate(self.columns):
            try:
                arrays.append(arrow.array([row[index] for row in self.rows]))
            except arrow.ArrowException as error:
                raise QueryError(
                    f"column {name} holds values of several types, which Arrow cannot; write CAST({name} AS TEXT)"
                ) from error
        return arrow.Table.from_arrays(arrays, names=list(self.columns))


def _authorize(action: int, first: str | None, second: str | None, _db: str | None, _inner: str | None) -> int:
    if action == sqlite3.SQLITE_PRAGMA:
        name = (first or "").lower()
        # A pragma with a value may set something; these take a table's name.
        takes_name = name in {
            "table_info",
            "table_xinfo",
            "index_list",
            "index_info",
            "foreign_key_list",
            "table_list",
        }
        return sqlite3.SQLITE_OK if name in _READING_PRAGMAS and (second is None or takes_name) else sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_UPDATE and first == "sqlite_master":
        # Asked while the read-only pragma functions declare themselves; a file opened read-only stays as it is.
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _REFUSED_FUNCTIONS:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY


#: Values of a statement: one for each `?` in turn, or by name for each `:name`.
Parameters = Sequence[Any] | Mapping[str, Any]


class Reader(Protocol):
    """A survey database that is read, in a file or on a server."""

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        """Whose SQL it speaks, where that matters: in searching words."""
        ...

    def run(self, statement: str, parameters: Parameters = (), *, max_rows: int = MAX_ROWS) -> Rows:
        """See `run_query`."""
        ...

    def rows(self, statement: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """The rows of a statement of our own, which is trusted to be quick and to read alone.

        Raises:
            DatabaseError: if the database cannot be read.
        """
        ...

    def together(self) -> AbstractContextManager[None]:
        """Within this, all statements see the same edition of the catalog."""
        ...

    def close(self) -> None:
        """End the connection."""
        ...


class FileReader(sqlite3.Connection):
    """Reads an SQLite file."""

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        """SQLite's."""
        return "sqlite"

    def run(self, statement: str, parameters: Parameters = (), *, max_rows: int = MAX_ROWS) -> Rows:
        """See `run_query`."""
        deadline = time.monotonic() + STATEMENT_SECONDS
        # Warm the full-text index first: its own set-up reads pragmas that the authorizer would refuse.
        self.execute("SELECT 1 FROM search LIMIT 0")
        self.set_authorizer(_authorize)
        self.set_progress_handler(lambda: int(time.monotonic() > deadline), 10_000)
        try:
            cursor = self.execute(statement, parameters)
            if cursor.description is None:
                raise QueryError(NO_ROWS)
            rows = cursor.fetchmany(max_rows + 1)
            columns = distinct([each[0] for each in cursor.description])
        except sqlite3.Error as error:
            raise QueryError(_explain(error)) from error
        except sqlite3.Warning as error:
            raise QueryError(f"{ONE_STATEMENT}: {error}") from error
        finally:
            self.set_authorizer(None)
            self.set_progress_handler(None, 0)
        return Rows(columns, tuple(rows[:max_rows]), truncated=len(rows) > max_rows)

    def rows(self, statement: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """See `Reader.rows`."""
        try:
            return self.execute(statement, parameters).fetchall()
        except sqlite3.Error as error:
            raise DatabaseError(f"the database cannot be read: {error}; run scalinglaws build") from error

    def together(self) -> AbstractContextManager[None]:
        """See `Reader.together`: an open file stays as it is."""
        return nullcontext()


def run_query(
    connection: Reader,
    statement: str,
    parameters: Parameters = (),
    *,
    max_rows: int = MAX_ROWS,
) -> Rows:
    """Run one reading statement.

    Args:
        connection: the database.
        statement: a SELECT, with `?` or `:name` where a value is to be filled in.
        parameters: a value for each `?` in turn, or values by name.
        max_rows: at most so many.

    Raises:
        QueryError: for a statement that is malformed, writes, or takes too long.
    """
    return connection.run(statement, parameters, max_rows=max_rows)


def _explain(error: sqlite3.Error) -> str:
    message = str(error)
    if any(
        sign in message
        for sign in (
            "not authorized",
            "authorization denied",
            "prohibited",
            "readonly",
            "may not be modified",
        )
    ):
        return READ_ONLY
    if "interrupted" in message:
        return too_slow()
    if "one statement" in message:
        return ONE_STATEMENT
    if "no such table" in message or "no such column" in message:
        return unknown_name(message)
    return message


def too_slow() -> str:
    """What is said of a statement that was stopped."""
    return f"the statement ran over {STATEMENT_SECONDS:g} seconds and was stopped; ask for less"


def unknown_name(message: str) -> str:
    """What is said of a table or column that is not there."""
    return f"{message}; the table doc lists every table and column"


def distinct(names: list[str]) -> tuple[str, ...]:
    """Column names, told apart by a number where a query returns one twice."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return tuple(result)


def document(connection: Reader, name: str) -> dict[str, Any] | None:
    """The document of a paper, law or fit, by id or alias."""
    for candidate in (name, _aliased(connection, name)):
        if candidate is not None:
            for (content,) in connection.rows("SELECT content FROM document WHERE id = ?", (candidate,)):
                return dict(json.loads(content))
    return None


def _aliased(connection: Reader, name: str) -> str | None:
    rows = connection.rows("SELECT target FROM alias WHERE lower(name) = lower(?)", (name,))
    return str(rows[0][0]) if rows else None


def known_ids(connection: Reader) -> list[str]:
    """Every id and alias that `document` answers."""
    rows = connection.rows("SELECT id FROM document UNION SELECT name FROM alias ORDER BY 1")
    return [str(row[0]) for row in rows]
