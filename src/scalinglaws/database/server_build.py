"""Loads the survey database into PostgreSQL: checked records in, one schema out, whole or not at all."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

from sqlalchemy import BigInteger, Connection, Integer, MetaData, NullPool, Text, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import AutoString, SQLModel

from scalinglaws.catalog import Catalog
from scalinglaws.database.access import DatabaseError
from scalinglaws.database.build import definitions, insert_rows, survey_view
from scalinglaws.database.rows import Row, catalog_rows
from scalinglaws.database.server import LOADING, READING, SCHEMA, Server, first_line
from scalinglaws.database.spelling import NO_WORD, indexed
from scalinglaws.database.tables import TABLES, Entry, table_name

#: The oldest PostgreSQL that has all that is used here, as its `server_version_num`.
OLDEST = 130000
#: How long to wait for those who read the tables that are replaced, and for another loader.
WAIT_SECONDS = 60
#: What PostgreSQL calls a missing right, and a lock that could not be had in time.
NO_RIGHT, LOCKED = "42501", "55P03"

#: What the named queries use of SQLite and PostgreSQL lacks, so that one text runs on both.
COMPATIBILITY = (
    "CREATE FUNCTION instr(text, text) RETURNS integer IMMUTABLE STRICT LANGUAGE sql AS 'SELECT strpos($1, $2)'",
    # Text, whatever the type of the element, objects and lists as they are written; paths such as $.values.A or $[2].
    "CREATE FUNCTION json_extract(text, text) RETURNS text IMMUTABLE STRICT LANGUAGE sql "
    "AS $$ SELECT $1::json #>> string_to_array(ltrim(translate($2, '[]', '.'), '$.'), '.') $$",
    # Rounded as printed: a cast straight to numeric would keep fifteen digits only.
    "CREATE FUNCTION round(double precision, integer) RETURNS double precision IMMUTABLE STRICT LANGUAGE sql "
    "AS 'SELECT round($1::text::numeric, $2)::double precision'",
    "CREATE FUNCTION add_truth(bigint, boolean) RETURNS bigint IMMUTABLE LANGUAGE sql "
    "AS 'SELECT CASE WHEN $2 IS NULL THEN $1 ELSE coalesce($1, 0) + $2::integer END'",
    "CREATE AGGREGATE sum(boolean) (SFUNC = add_truth, STYPE = bigint)",
    "CREATE FUNCTION append(text, text, text) RETURNS text IMMUTABLE LANGUAGE sql "
    "AS $$ SELECT CASE WHEN $2 IS NULL THEN $1 ELSE coalesce($1 || coalesce($3, ''), '') || $2 END $$",
    "CREATE FUNCTION append(text, text) RETURNS text IMMUTABLE LANGUAGE sql "
    "AS $$ SELECT CASE WHEN $2 IS NULL THEN $1 ELSE coalesce($1 || ',', '') || $2 END $$",
    "CREATE AGGREGATE group_concat(text, text) (SFUNC = append, STYPE = text)",
    "CREATE AGGREGATE group_concat(text) (SFUNC = append, STYPE = text)",
)

#: Full-text search as SQLite's index has it: Porter's stems, no stop words.
SEARCH = (
    "CREATE TEXT SEARCH DICTIONARY stems (TEMPLATE = snowball, Language = porter)",
    "CREATE TEXT SEARCH CONFIGURATION words (COPY = pg_catalog.english)",
    "ALTER TEXT SEARCH CONFIGURATION words ALTER MAPPING REPLACE english_stem WITH stems",
    "CREATE TABLE search (number bigint PRIMARY KEY REFERENCES entry, "
    + ", ".join(f'{name} text COLLATE "C"' for name in ("kind", "id", "names", "title", "symbols", "words", "text"))
    + ", lexemes tsvector NOT NULL)",
    "CREATE INDEX ix_search_lexemes ON search USING gin (lexemes)",
)

#: Weights of the columns.
_WEIGHTS = {"names": "A", "title": "B", "symbols": "C", "words": "C", "text": "D"}
_SEARCH_INSERT = text(
    "INSERT INTO search (number, kind, id, names, title, symbols, words, text, lexemes) "
    "VALUES (:number, :kind, :id, :names, :title, :symbols, :words, :text, "
    + " || ".join(
        f"setweight(to_tsvector('words', CAST(:{name}_indexed AS text)), '{weight}')"
        for name, weight in _WEIGHTS.items()
    )
    + ")"
)


def server_tables() -> MetaData:
    """The tables as PostgreSQL has them: whole numbers of 64 bits, texts in the order of their bytes, as in SQLite."""
    metadata = MetaData()
    for model in TABLES:
        for column in SQLModel.metadata.tables[table_name(model)].to_metadata(metadata).columns:
            if isinstance(column.type, AutoString):
                column.type = Text(collation="C")
            elif isinstance(column.type, Integer):
                column.type = BigInteger()
                column.autoincrement = False
    return metadata


def build_server(catalog: Catalog, url: str) -> str:
    """Load the catalog into the schema `scalinglaws` of a PostgreSQL database.

    All happens in one transaction: who reads meanwhile sees the old catalog or the new one, and a failure leaves what
    was there. Who could read the old tables can read the new ones.

    Args:
        catalog: the checked catalog.
        url: the database, as `postgresql+psycopg://USER@HOST/DATABASE`.

    Returns:
        the database's address without a password.

    Raises:
        DatabaseError: if it cannot be reached or written; the message says what to do.
    """
    server = Server.of(url)
    fresh = f"{SCHEMA}_{os.urandom(6).hex()}"
    with _writing(server) as connection:
        _suits(connection, server)
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOADING})")
        connection.exec_driver_sql(f"CREATE SCHEMA {fresh}")
        connection.exec_driver_sql(f"SET LOCAL search_path TO {fresh}")
        _fill(connection, catalog)
        _swap(connection, fresh)
    return str(server)


@contextmanager
def _writing(server: Server) -> Iterator[Connection]:
    """One transaction, its faults told as ours."""
    engine = create_engine("postgresql+psycopg://", creator=server.connect, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout TO '{WAIT_SECONDS}s'")
            yield connection
    except DBAPIError as error:
        raise DatabaseError(_explain(server, error)) from error
    finally:
        engine.dispose()


def _explain(server: Server, error: DBAPIError) -> str:
    remedies = {
        NO_RIGHT: f"a role that owns the schema {SCHEMA}, or may make it, can load it: "
        f"GRANT CREATE ON DATABASE {server.database} TO {server.user}",
        LOCKED: f"other sessions held the tables for {WAIT_SECONDS} seconds: end them, or try again",
    }
    remedy = remedies.get(_state(error), "mend that and build again")
    return f"cannot load the catalog into {server}: {first_line(error.orig)}; {remedy}. What was there is unchanged"


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", ""))


def _suits(connection: Connection, server: Server) -> None:
    """Refuse a server that is too old or of another encoding, and a schema that holds something else."""
    number, encoding = connection.execute(
        text("SELECT current_setting('server_version_num')::integer, current_setting('server_encoding')")
    ).one()
    if number < OLDEST:
        raise DatabaseError(f"{server} is PostgreSQL {number // 10000}; {OLDEST // 10000} or newer is needed")
    if encoding != "UTF8":
        raise DatabaseError(f"{server} has the encoding {encoding}; make a database with ENCODING 'UTF8'")
    present = _names(connection, "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(:schema)")
    if present and not {"info", "doc", "document"} <= set(present):
        raise DatabaseError(f"the schema {SCHEMA} of {server} holds something else; name another database")
    resting = _names(connection, _RESTING)
    if resting:
        raise DatabaseError(
            f"{', '.join(resting)} in {server} would be lost with the tables beneath: drop and make anew what rests "
            f"on the schema {SCHEMA}"
        )


#: Views over the catalog's tables and tables that point to them, in other schemas.
_RESTING = """
WITH own AS (SELECT oid FROM pg_class WHERE relnamespace = to_regnamespace(:schema)),
  resting AS (
    SELECT r.ev_class AS oid
    FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
    WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid IN (SELECT oid FROM own)
    UNION SELECT conrelid FROM pg_constraint WHERE confrelid IN (SELECT oid FROM own))
SELECT oid::regclass::text FROM resting WHERE oid NOT IN (SELECT oid FROM own) ORDER BY 1
"""


def _names(connection: Connection, statement: str) -> list[str]:
    return list(connection.execute(text(statement), {"schema": SCHEMA}).scalars())


def _fill(connection: Connection, catalog: Catalog) -> None:
    for statement in COMPATIBILITY:
        connection.exec_driver_sql(statement)
    metadata = server_tables()
    for each in definitions(metadata):
        connection.execute(each)
    rows = catalog_rows(catalog, version("scalinglaws"))
    insert_rows(connection, rows, metadata)
    for number, table in catalog.survey.tables.items():
        connection.exec_driver_sql(survey_view(int(number), table.columns))
    for statement in SEARCH:
        connection.exec_driver_sql(statement)
    connection.execute(_SEARCH_INSERT, [_with_words(each) for each in rows[Entry]])
    connection.exec_driver_sql(f"ANALYZE {', '.join([*metadata.tables, 'search'])}")


def _with_words(entry: Row) -> Row:
    """An entry with its texts as they are indexed."""
    return {**entry, **{f"{name}_indexed": f"{indexed(entry[name] or '')} {NO_WORD}" for name in _WEIGHTS}}


def _swap(connection: Connection, fresh: str) -> None:
    """Put the fresh schema in the old one's place, readable for those who could use that."""
    for reader in _names(connection, _READERS):
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {fresh} TO {reader}")
        connection.exec_driver_sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA {fresh} TO {reader}")
    old = _names(
        connection,
        "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = to_regnamespace(:schema) "
        "AND relkind = 'r' ORDER BY 1",
    )
    if old:
        _lock(connection, old)
    connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    connection.exec_driver_sql(f"ALTER SCHEMA {fresh} RENAME TO {SCHEMA}")


_READERS = """
SELECT CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END
FROM pg_namespace, aclexplode(nspacl) WHERE nspname = :schema AND privilege_type = 'USAGE' AND grantee <> nspowner
"""


def _lock(connection: Connection, tables: list[str]) -> None:
    """Wait until nobody reads the tables, and keep readers waiting from then on.

    Our own readers wait at the advisory lock; others may meet the loader crosswise. Each try is shorter than the
    second after which PostgreSQL looks for deadlocks, so that no reader is ever ended for one: the loader gives way.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            with connection.begin_nested():
                connection.exec_driver_sql("SET LOCAL lock_timeout TO '200ms'")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({READING})")
                connection.exec_driver_sql(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
        except DBAPIError as error:
            if _state(error) != LOCKED or time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return
