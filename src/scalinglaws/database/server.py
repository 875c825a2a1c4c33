"""Reads the survey database from a PostgreSQL server. Needs the package psycopg, which is loaded when one is named."""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from scalinglaws.database import access
from scalinglaws.database.access import (
    MAX_ROWS,
    NO_ROWS,
    ONE_STATEMENT,
    READ_ONLY,
    READS_SCHEMA,
    DatabaseError,
    Parameters,
    QueryError,
    Rows,
    distinct,
    too_slow,
    unknown_name,
)
from scalinglaws.database.named_queries import positional
from scalinglaws.extras import package

if TYPE_CHECKING:
    import psycopg
    from psycopg.adapt import AdaptersMap

#: The schema that holds the catalog.
SCHEMA = "scalinglaws"
CONNECT_SECONDS = 10
#: Advisory locks: held by the one who loads, and shared by readers but for the moment when schemas are exchanged.
LOADING, READING = "1397514615, 1", "1397514615, 2"

#: What may hold a question mark or a dollar that is no placeholder: strings, names and comments.
_QUOTED = re.compile(
    r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$|(?P<mark>\?)", re.S
)

_CONNECT_REMEDIES = {
    "password": "check the user and the password, which may also stand in PGPASSWORD or ~/.pgpass",
    "no pg_hba.conf entry": "the server lets in nobody from here with that name: ask who keeps it",
    'database ".*" does not exist': "make the database first (createdb), or name another",
    'role ".*" does not exist': "name a user that the server knows",
    "": "is the server running, and the address right?",
}


def _driver() -> Any:
    return package("psycopg", "A PostgreSQL server", "postgresql")


@dataclass(frozen=True)
class Server:
    """A database on a PostgreSQL server; as text it has no password."""

    parts: dict[str, Any]

    @classmethod
    def of(cls, url: str) -> Server:
        """The database that a URL names.

        Args:
            url: `postgresql+psycopg://USER:PASSWORD@HOST:PORT/DATABASE`, and what else libpq reads after a `?`.

        Raises:
            DatabaseError: if it cannot be read.
            MissingPackage: without psycopg.
        """
        driver = _driver()
        from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

        try:
            parts = conninfo_to_dict(re.sub(r"^postgresql\+psycopg:", "postgresql:", url))
            if not re.fullmatch(r"[\d,]*", str(parts.get("port", ""))):
                raise driver.ProgrammingError
        except driver.Error:
            # The driver's own message may show a part of the password.
            raise DatabaseError(
                "the server's URL cannot be read; write postgresql+psycopg://USER@HOST/DATABASE, and in a password "
                "%40 for @, %3A for :, %2F for /"
            ) from None
        return cls(parts)

    def __str__(self) -> str:
        user = f"{self.parts['user']}@" if "user" in self.parts else ""
        port = f":{self.parts['port']}" if "port" in self.parts else ""
        return f"postgresql://{user}{self.parts.get('host', '')}{port}/{self.database}"

    __repr__ = __str__

    @property
    def user(self) -> str:
        """The role in use."""
        return str(self.parts.get("user", "the role"))

    @property
    def database(self) -> str:
        """Name of the database."""
        return str(self.parts.get("dbname", self.parts.get("user", "")))

    def connect(self, **options: Any) -> psycopg.Connection[Any]:
        """A connection.

        Args:
            options: what else psycopg takes.

        Raises:
            DatabaseError: if there is none to be had; the message says why and what to do.
        """
        driver = _driver()
        settings = {"connect_timeout": CONNECT_SECONDS, "application_name": "scalinglaws", **self.parts}
        try:
            connection: psycopg.Connection[Any] = driver.connect(**settings, client_encoding="UTF8", **options)
        except driver.Error as error:
            # Several addresses of one host each add lines of their own.
            said = re.sub(r"^.*?FATAL: *", "", first_line(error))
            remedy = next(remedy for sign, remedy in _CONNECT_REMEDIES.items() if re.search(sign, said))
            raise DatabaseError(f"cannot connect to {self}: {said}; {remedy}") from error
        return connection


@cache
def _adapters() -> AdaptersMap:
    """How values arrive: numbers as numbers, truth as 1 and 0 as in SQLite, anything else as PostgreSQL writes it."""
    driver = _driver()
    from psycopg.adapt import AdaptersMap, Loader  # noqa: PLC0415
    from psycopg.types.string import TextLoader  # noqa: PLC0415

    class Truth(Loader):
        def load(self, data: Any) -> int:
            return int(bytes(data) == b"t")

    class Number(Loader):
        def load(self, data: Any) -> float:
            text = bytes(data).decode()
            return int(text) if text.lstrip("-").isdigit() else float(text)

    adapters = AdaptersMap(driver.adapters)
    native = {"int2", "int4", "int8", "oid", "float4", "float8", "text"}
    for info in driver.adapters.types:
        for oid in {info.oid, info.array_oid} if info.name not in native else {info.array_oid}:
            adapters.register_loader(oid, TextLoader)
    adapters.register_loader("bool", Truth)
    adapters.register_loader("numeric", Number)
    return adapters


class ServerReader:
    """Reads a survey database on a server; every statement in a read-only transaction of its own."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._connection = self._connect()
        self._together = False

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        """PostgreSQL's."""
        return "postgresql"

    def _connect(self) -> psycopg.Connection[Any]:
        # Prepared statements would outlive the tables when the catalog is loaded anew.
        connection = self.server.connect(context=_adapters(), prepare_threshold=None)
        connection.read_only = True
        return connection

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """See `Reader.together`: one transaction."""
        if self._together:
            yield
            return
        self._begin()
        self._together = True
        try:
            yield
        finally:
            self._together = False
            self._leave()

    def _begin(self) -> None:
        if self._connection.closed:
            self._connection = self._connect()
        try:
            self._connection.execute(
                f"SET LOCAL search_path TO {SCHEMA}; "
                f"SET LOCAL statement_timeout TO {round(1000 * access.STATEMENT_SECONDS)}; "
                f"SELECT pg_advisory_xact_lock_shared({READING})"
            )
        except _driver().Error as error:
            self._leave()
            raise self._explained(error) from error

    def _leave(self) -> None:
        """End the transaction; a connection that still waits for something is ended with it."""
        status = _driver().pq.TransactionStatus
        if self._connection.info.transaction_status in (status.INTRANS, status.INERROR):
            self._connection.rollback()
        elif self._connection.info.transaction_status != status.IDLE:
            self._connection.close()

    def run(self, statement: str, parameters: Parameters = (), *, max_rows: int = MAX_ROWS) -> Rows:
        """See `access.run_query`."""
        if isinstance(parameters, Mapping):
            statement, parameters = positional(statement, parameters)
        with self.together():
            cursor = _driver().RawCursor(self._connection)
            try:
                # A stream takes one statement alone, and no more rows are held than are asked for.
                with closing(cursor.stream(_numbered(statement), list(parameters) or None, size=_chunk())) as stream:
                    rows = list(islice(stream, max_rows + 1))
                columns = distinct([each.name for each in cursor.description or ()])
            except _driver().Error as error:
                raise self._explained(error) from error
        return Rows(columns, tuple(rows[:max_rows]), truncated=len(rows) > max_rows)

    def rows(self, statement: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """See `Reader.rows`."""
        return list(self.run(statement, parameters, max_rows=sys.maxsize - 1).rows)

    def _explained(self, error: psycopg.Error) -> Exception:
        if self._connection.closed:
            return DatabaseError(f"{self.server} ended the connection: {first_line(error)}; try again")
        message = error.diag.message_primary or first_line(error)
        match error.sqlstate:
            case "25001" | "25006":
                message = READ_ONLY
            case "57014":
                message = too_slow()
            case "42601" if "multiple commands" in message:
                message = ONE_STATEMENT
            case "42P01" | "42703":
                message = unknown_name(message)
            case None if re.search("produce a result|EMPTY_QUERY|COPY", message):
                # The driver's own words: the server did as told and sent nothing back, or waits for a COPY.
                message = NO_ROWS
        return QueryError(message)


def open_server(url: str) -> ServerReader:
    """Open the database on a server, read-only.

    Args:
        url: `postgresql+psycopg://USER@HOST/DATABASE`.

    Raises:
        DatabaseError: if it cannot be reached, holds no catalog, one that may not be read, or one of another schema
            version.
    """
    reader = ServerReader(Server.of(url))
    remedy = "load it: scalinglaws build --database-url URL"
    try:
        found = reader.run(f"SELECT value FROM {SCHEMA}.info WHERE key = 'schema_version'")  # noqa: S608
        version = found[0]["value"] if found else "none"
        if version != str(READS_SCHEMA):
            raise DatabaseError(
                f"{reader.server} has schema version {version}, this program reads {READS_SCHEMA}; {remedy}"
            )
    except QueryError as error:
        reader.close()
        if getattr(error.__cause__, "sqlstate", None) == "42501":
            raise DatabaseError(
                f"{reader.server} does not let {reader.server.user} read the catalog: {error}; its owner grants "
                f"USAGE ON SCHEMA {SCHEMA} and SELECT ON ALL TABLES IN SCHEMA {SCHEMA}"
            ) from error
        raise DatabaseError(f"{reader.server} holds no catalog: {error}; {remedy}") from error
    except DatabaseError:
        reader.close()
        raise
    return reader


def first_line(error: BaseException | None) -> str:
    """What an error says, without the lines that quote the statement."""
    return next(iter(str(error).splitlines()), type(error).__name__)


def _chunk() -> int:
    """How many rows come at once; an old libpq sends one at a time."""
    return 1000 if _driver().pq.version() >= 170000 else 1


def _numbered(statement: str) -> str:
    """The statement with `$1`, `$2` ... for its question marks."""
    count = itertools.count(1)
    return _QUOTED.sub(lambda found: f"${next(count)}" if found["mark"] else found[0], statement)
