"""What a PostgreSQL reader refuses, as a file's does; and servers that cannot be read."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from postgresql_cluster import EMPTY, ENVIRONMENT, GUARDED, OUTSIDER, PASSWORD, TOY, Cluster
from scalinglaws.catalog import Catalog
from scalinglaws.cli import main
from scalinglaws.database import access, server
from scalinglaws.database.access import DatabaseError, QueryError
from scalinglaws.database.server import open_server
from scalinglaws.database.server_build import build_server
from scalinglaws.extras import MissingPackage

pytestmark = pytest.mark.xdist_group("postgresql")


READ_ONLY, NO_ROWS = "only SELECT is run here", "returns no rows"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM law", READ_ONLY),
        ("INSERT INTO info VALUES ('a', 'b')", READ_ONLY),
        ("UPDATE law SET name = 'x'", READ_ONLY),
        ("WITH gone AS (DELETE FROM law RETURNING id) SELECT * FROM gone", READ_ONLY),
        ("DROP TABLE law", READ_ONLY),
        ("DROP SCHEMA scalinglaws CASCADE", READ_ONLY),
        ("CREATE TABLE x (y integer)", READ_ONLY),
        ("CREATE TEMP TABLE x (y integer)", READ_ONLY),
        ("DO $$ BEGIN DELETE FROM law; END $$", READ_ONLY),
        ("COPY law FROM STDIN", READ_ONLY),
        ("VACUUM", READ_ONLY),
        ("SELECT set_config('transaction_read_only', 'off', false)", READ_ONLY),
        ("SELECT 1; DROP TABLE law", "one statement"),
        ("COMMIT; DROP TABLE law", "one statement"),
        ("COMMIT", NO_ROWS),
        ("SET default_transaction_read_only = off", NO_ROWS),
        ("COPY law TO STDOUT", NO_ROWS),
        ("", NO_ROWS),
        ("-- only a comment", NO_ROWS),
        ("SELEC 1", "syntax error"),
        ("SELECT * FROM nothing", '"nothing" does not exist; the table doc lists'),
        ("SELECT nothing FROM law", '"nothing" does not exist; the table doc lists'),
        ("SELECT nothing(1)", "does not exist"),
        ("SELECT ?", "parameter"),
    ],
)
def test_what_is_no_reading_statement_is_refused(reader: server.ServerReader, statement: str, said: str) -> None:
    counted = "SELECT count(*) AS laws, (SELECT count(*) FROM info) AS facts FROM law"
    before = reader.run(counted)
    with pytest.raises(QueryError, match=said) as error:
        reader.run(statement)
    assert "\n" not in str(error.value)
    assert reader.run(counted) == before


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'scalinglaws'",
        "EXPLAIN SELECT 1",
        "TABLE law",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n",
        "SELECT id FROM search WHERE lexemes @@ to_tsquery('words', 'loss')",
    ],
)
def test_reading_statements_run(reader: server.ServerReader, statement: str) -> None:
    assert len(reader.run(statement)) >= 1


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT count(*) FROM generate_series(1, 1000000000000)",
        "WITH RECURSIVE n(i) AS (SELECT 1::bigint UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n",
        "SELECT set_config('statement_timeout', '0', false), pg_sleep(60)",
    ],
)
def test_a_runaway_statement_is_stopped(
    reader: server.ServerReader, statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "STATEMENT_SECONDS", 0.2)
    with pytest.raises(QueryError, match=r"ran over 0\.2 seconds and was stopped"):
        reader.run(statement)
    assert reader.run("SHOW statement_timeout").rows == (("200ms",),)


def test_too_many_rows_are_cut_and_told(reader: server.ServerReader) -> None:
    found = reader.run("SELECT i, repeat('x', 100) AS text FROM generate_series(1, 1000000) i")
    assert (len(found), found.truncated, found[-1]["i"]) == (access.MAX_ROWS, True, access.MAX_ROWS)
    cut = reader.run("SELECT id FROM law ORDER BY id", max_rows=2)
    assert (len(cut), cut.truncated) == (2, True)
    assert not reader.run("SELECT id FROM law", max_rows=5).truncated


# Servers that cannot be read.


def test_a_server_that_is_down_or_another_is_refused(cluster: Cluster, tmp_path: Path) -> None:
    for url, said in (
        (f"postgresql+psycopg:///x?host={tmp_path}", "is the server running"),
        (cluster.url("slaw_absent"), "make the database first"),
        (cluster.url("postgres", user="stranger"), "name a user that the server knows"),
        (cluster.url("postgres"), "holds no catalog.*scalinglaws build --database-url"),
    ):
        with pytest.raises(DatabaseError, match=said) as error:
            open_server(url)
        assert "\n" not in str(error.value)


def test_another_schema_version_is_refused(cluster: Cluster, toy: Catalog, empty_url: str) -> None:
    build_server(toy, empty_url)
    cluster.run(EMPTY, "UPDATE scalinglaws.info SET value = '99' WHERE key = 'schema_version'")
    with pytest.raises(DatabaseError, match=r"schema version 99, this program reads \d+; load it"):
        open_server(empty_url)


def test_a_password_is_asked_for_and_never_told(
    cluster: Cluster, toy_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if ENVIRONMENT in os.environ:
        pytest.skip("the rules of a server that is given are its own")
    cluster.role(GUARDED, f"PASSWORD '{PASSWORD}'")
    cluster.run(
        TOY, f"GRANT USAGE ON SCHEMA scalinglaws TO {GUARDED}", f"GRANT SELECT ON scalinglaws.info TO {GUARDED}"
    )
    reader = open_server(cluster.url(TOY, user=GUARDED, password=PASSWORD))
    assert PASSWORD not in repr(reader.server)
    assert len(reader.run("SELECT key FROM info")) > 0
    with pytest.raises(QueryError, match="permission denied for table law"):
        reader.run("SELECT id FROM law")
    reader.close()
    wrong = cluster.url(TOY, user=GUARDED, password="almost/@:%")
    for arguments in (["show", "power2020", "--database", wrong], ["build", "--database-url", wrong]):
        assert main(arguments) == 1
        told = capsys.readouterr()
        assert "password authentication failed" in told.err
        assert "PGPASSWORD" in told.err
        assert "almost" not in told.out + told.err
    with pytest.raises(DatabaseError, match=r"fe_sendauth: no password supplied|PGPASSWORD"):
        open_server(cluster.url(TOY, user=GUARDED))


def test_who_may_not_read_is_told_what_to_ask_for(cluster: Cluster, toy_url: str) -> None:
    with pytest.raises(DatabaseError, match="USAGE ON SCHEMA scalinglaws"):
        open_server(cluster.url(TOY, user=cluster.role(OUTSIDER)))


@pytest.mark.parametrize(
    ("url", "status", "said"),
    [
        ("mysql://root:hidden@host/x", 2, "'mysql://...' is not supported; write sqlite:///PATH or postgresql"),
        ("sqlite://hidden", 2, "is not supported"),
        ("postgresql+psycopg://me:hid/den@host/x", 1, "%2F for /"),
        ("postgresql+psycopg://me:hid%zz@host/x", 1, "%40 for @"),
        ("postgresql+psycopg://me@host/x?colour=hidden", 1, "cannot be read"),
    ],
)
def test_a_url_that_is_none_is_told_without_its_password(
    url: str, status: int, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCALINGLAWS_CATALOG", str(Path(__file__).parent / "toy"))
    for arguments in (["show", "x", "--database", url], ["build", "--database-url", url]):
        assert main(arguments) == status
        told = capsys.readouterr()
        assert said in told.err
        assert "hid" not in told.out + told.err


def test_the_package_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingPackage, match=r"pip install 'scalinglaws\[postgresql\]'"):
        open_server("postgresql+psycopg://host/x")


def test_a_reader_comes_back_after_the_server_went(cluster: Cluster, reader: server.ServerReader) -> None:
    number = reader.run("SELECT pg_backend_pid() AS number")[0]["number"]
    cluster.run("postgres", f"SELECT pg_terminate_backend({number}, 5000)")
    with pytest.raises(DatabaseError, match=r"ended the connection.*try again"):
        reader.run("SELECT 1")
    assert len(reader.run("SELECT id FROM law")) == 5
