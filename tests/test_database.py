"""Queries are read-only and bounded; a bad file is refused clearly."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import pytest

from scalinglaws.cli import main
from scalinglaws.database import access
from scalinglaws.database.access import DatabaseError, FileReader, QueryError, open_database, run_query


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM law",
        "INSERT INTO info VALUES ('a', 'b')",
        "UPDATE law SET name = 'x'",
        "DROP TABLE law",
        "CREATE TABLE x (y)",
        "CREATE TEMP TABLE x (y)",
        "ATTACH 'other.sqlite' AS other",
        "VACUUM INTO 'copy.sqlite'",
        "PRAGMA writable_schema = 1",
        "PRAGMA journal_mode = WAL",
        "PRAGMA user_version = 7",
        "SELECT load_extension('x')",
        "BEGIN",
        "REINDEX",
        "SELECT 1; DROP TABLE law",
        "SELEC 1",
        "SELECT * FROM nothing",
        "",
        "-- only a comment",
    ],
)
def test_what_is_no_reading_statement_is_refused(toy_path: Path, toy_connection: FileReader, statement: str) -> None:
    before = hashlib.sha256(toy_path.read_bytes()).hexdigest()
    with pytest.raises(QueryError) as error:
        run_query(toy_connection, statement)
    assert str(error.value)
    assert hashlib.sha256(toy_path.read_bytes()).hexdigest() == before


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT name FROM sqlite_master LIMIT 1",
        "SELECT * FROM pragma_table_info('law') LIMIT 1",
        "PRAGMA table_info(law)",
        "EXPLAIN SELECT 1",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n",
        "SELECT id FROM search WHERE search MATCH 'loss' LIMIT 1",
        "SELECT json_extract(cells, '$[0]') FROM survey_row",
    ],
)
def test_reading_statements_run(toy_connection: FileReader, statement: str) -> None:
    assert len(run_query(toy_connection, statement)) >= 1


def test_a_runaway_statement_is_stopped(toy_connection: FileReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "STATEMENT_SECONDS", 0.2)
    with pytest.raises(QueryError, match="stopped"):
        run_query(
            toy_connection, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n"
        )
    assert len(run_query(toy_connection, "SELECT 1")) == 1


def test_too_many_rows_are_cut_and_told(toy_connection: FileReader) -> None:
    found = run_query(toy_connection, "SELECT id FROM law ORDER BY id", max_rows=2)
    assert len(found) == 2
    assert found.truncated
    assert found[0] == {"id": "blend2021/mixture"}


def test_columns_of_the_same_name_are_told_apart(toy_connection: FileReader) -> None:
    assert run_query(toy_connection, "SELECT 1 AS a, 2 AS a").columns == ("a", "a_2")


def test_parameters_are_bound(toy_connection: FileReader) -> None:
    found = run_query(toy_connection, "SELECT name FROM law WHERE id = ?", ("power2020/loss",))
    assert list(found) == [{"name": "Toy loss"}]


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="there is no database"):
        open_database(tmp_path / "none.sqlite")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text.sqlite"
    path.write_text("not a database, but long enough to look at" * 50, encoding="utf-8")
    with pytest.raises(DatabaseError, match="cannot be read as a database"):
        open_database(path)


def test_a_foreign_database_and_another_version_are_refused(tmp_path: Path, toy_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    with pytest.raises(DatabaseError, match="no database of this catalog"):
        open_database(other)
    newer = tmp_path / "newer.sqlite"
    newer.write_bytes(toy_path.read_bytes())
    with sqlite3.connect(newer) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(DatabaseError, match="schema version 99"):
        open_database(newer)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.5, 0.9])
def test_a_file_cut_short_is_refused_in_words(
    toy_path: Path, tmp_path: Path, share: float, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = toy_path.read_bytes()
    cut = tmp_path / "cut.sqlite"
    cut.write_bytes(whole[: int(len(whole) * share)])
    before = cut.read_bytes()
    for call in (["query", "SELECT content FROM document ORDER BY id"], ["search", "toy"], ["show", "power2020/loss"]):
        status = main([*call, "--database", str(cut)])
        said = capsys.readouterr().err
        assert status in (1, 2), call
        assert said.startswith("scalinglaws: "), call
        assert "Traceback" not in said
    assert cut.read_bytes() == before
