"""PostgreSQL holds the same catalog as the file, answers the same, refuses what the file refuses, and is replaced whole.

The databases sort texts as English does, so that whatever leans on the server's own order comes out.
"""

from __future__ import annotations

import itertools
import json
import math
import os
import random
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
import pytest
from sqlmodel import SQLModel

import scalinglaws as sl
from postgresql_cluster import EMPTY, ENVIRONMENT, GUARDED, GUEST, LATIN, OUTSIDER, PASSWORD, TOY, VISITOR, Cluster
from scalinglaws import library
from scalinglaws.catalog import Catalog
from scalinglaws.cli import main
from scalinglaws.database import access, server, server_build, tables
from scalinglaws.database.access import DatabaseError, QueryError, Reader, open_database
from scalinglaws.database.named_queries import read_queries
from scalinglaws.database.rows import catalog_rows
from scalinglaws.database.server import open_server
from scalinglaws.database.server_build import build_server
from scalinglaws.database.spelling import fold
from scalinglaws.exports.export import export
from scalinglaws.extras import MissingPackage
from scalinglaws.finding.query import parse
from test_searching import TOY as TOY_SEARCHES

pytestmark = pytest.mark.xdist_group("postgresql")

ROOT = Path(__file__).resolve().parents[1]
QUERIES = read_queries(
    {f"queries/{path.name}": path.read_text(encoding="utf-8") for path in (ROOT / "catalog" / "queries").glob("*.sql")}
)


@pytest.fixture
def reader(toy_url: str) -> Iterator[server.ServerReader]:
    reader = open_server(toy_url)
    yield reader
    reader.close()


@pytest.fixture
def empty_url(cluster: Cluster) -> Iterator[str]:
    """A database without a catalog."""
    yield cluster.make(EMPTY)
    cluster.drop(EMPTY)


def close(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, float) and isinstance(theirs, int | float):
        return math.isclose(ours, theirs, rel_tol=1e-12)
    return bool(ours == theirs)


def same(ours: access.Rows, theirs: access.Rows) -> None:
    assert ours.columns == theirs.columns
    assert len(ours) == len(theirs)
    for one, other in zip(ours.rows, theirs.rows, strict=True):
        assert all(map(close, one, other)), (one, other)


# What it holds.


NAMES = [*(tables.table_name(table) for table in tables.TABLES), *(f"survey_table_{number}" for number in range(1, 12))]


@pytest.mark.parametrize("name", NAMES)
def test_every_table_and_view_has_the_same_rows(catalog_path: Path, real_url: str, name: str) -> None:
    file = library.connect(catalog_path).run(f"SELECT * FROM {name}")
    on_server = library.connect(real_url).run(f"SELECT * FROM {name}")
    assert len(file) > 0
    assert file.columns == on_server.columns
    # By their text too, so that truth is 1 and 0 on both, and a whole number stays whole.
    assert sorted(map(repr, file.rows)) == sorted(map(repr, on_server.rows))


def test_the_index_for_words_has_the_same_entries(catalog_path: Path, real_url: str) -> None:
    statement = "SELECT kind, id, names, title, words, text FROM search ORDER BY kind, id"
    same(*(library.connect(place).run(statement) for place in (catalog_path, real_url)))


def test_keys_and_indexes_are_those_of_the_models(cluster: Cluster, toy_url: str) -> None:
    metadata = SQLModel.metadata.tables
    for kind, expected in (
        ("p", len(metadata)),
        ("f", sum(len(table.foreign_keys) for table in metadata.values())),
    ):
        counted = (
            "SELECT count(*) FROM pg_constraint WHERE connamespace = 'scalinglaws'::regnamespace "
            "AND conrelid <> 'scalinglaws.search'::regclass AND contype = "
        )
        assert cluster.run(TOY, f"{counted}'{kind}'") == [(expected,)]
    indexes = {row[0] for row in cluster.run(TOY, "SELECT indexname FROM pg_indexes WHERE indexname LIKE 'ix%'")}
    assert indexes == {str(index.name) for table in metadata.values() for index in table.indexes} | {
        "ix_search_lexemes"
    }


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE fit SET law = 'nobody/nothing'", psycopg.errors.ForeignKeyViolation),
        ("DELETE FROM paper", psycopg.errors.ForeignKeyViolation),
        ("INSERT INTO info SELECT * FROM info", psycopg.errors.UniqueViolation),
        ("INSERT INTO author SELECT id + 1000, name FROM author", psycopg.errors.UniqueViolation),
        ("UPDATE law SET name = NULL", psycopg.errors.NotNullViolation),
        ("UPDATE fit SET complete = 'perhaps'", psycopg.errors.InvalidTextRepresentation),
    ],
)
def test_constraints_refuse_a_bad_row(
    cluster: Cluster, toy_url: str, statement: str, fault: type[psycopg.Error]
) -> None:
    with pytest.raises(fault):
        cluster.run(TOY, "SET search_path TO scalinglaws", statement)


# What it answers.


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_a_named_query_gives_the_same_rows(catalog_path: Path, real_url: str, name: str) -> None:
    statement = QUERIES[name].statement
    same(*(library.connect(place).run(statement) for place in (catalog_path, real_url)))


@pytest.mark.parametrize("without", [["hashagg"], ["sort"], ["hashjoin", "nestloop"], ["seqscan"]], ids=" ".join)
def test_no_plan_changes_the_order_of_rows(
    catalog_path: Path, cluster: Cluster, real_url: str, without: list[str]
) -> None:
    settings = " ".join(f"-c enable_{each}=off" for each in without)
    reader = open_server(f"{real_url}&{urlencode({'options': settings}, quote_via=quote)}")
    for query in QUERIES.values():
        same(library.connect(catalog_path).run(query.statement), reader.run(query.statement))
    reader.close()


FILTERS: list[dict[str, Any]] = [
    {},
    {"question": "RQ1"},
    {"topic": "model"},
    {"given": ["N", "D"]},
    {"want": "L"},
    {"given": ["C"], "want": "N_opt"},
    *({"has": each} for each in ("code", "data", "interval", "reproduction")),
]


@pytest.mark.parametrize("filters", FILTERS, ids=str)
@pytest.mark.parametrize("look_up", [sl.papers, sl.laws])
def test_lists_are_equal(
    catalog_path: Path, real_url: str, look_up: Callable[..., list[Any]], filters: dict[str, Any]
) -> None:
    found = look_up(**filters, path=catalog_path)
    assert found
    assert look_up(**filters, path=real_url) == found


def test_everything_that_can_be_shown_is_equal(catalog_path: Path, real_url: str) -> None:
    names = access.known_ids(library.connect(catalog_path))
    assert access.known_ids(library.connect(real_url)) == names
    for name in names:
        shown = [json.dumps(library.show(name, path=place)) for place in (catalog_path, real_url)]
        assert shown[0] == shown[1], name


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "CHINCHILLA", "--json"],
        ["show", "hoffmann2022/parametric/besiroglu2024"],
        ["show", "nobody2020"],
        ["eval", "hoffmann2022/parametric/besiroglu2024", "N=70B", "D=1.4T", "--json"],
        ["eval", "hoffmann2022/parametric", "N=70B"],
        ["compare", "hoffmann2022/parametric", "N=70B", "D=1.4T", "--json"],
        ["datasets", "--json"],
        ["flops", "chinchilla-70b", "--json"],
        ["papers", "--topic", "modle"],
        ["search", "kind:law", "given:N,D", "want:L", "--json"],
        ["search", "Hofmann", "scalling"],
        ["search", "author:hofman"],
        ["query", "--name", "papers-of-topic", "topic=model", "--json"],
        [
            "query",
            "SELECT id, :n AS n FROM law WHERE paper = :paper ORDER BY id",
            "paper=hoffmann2022",
            "n=7",
            "--json",
        ],
        ["query", "--name", "verdicts", "--json"],
        ["query", "SELECT count(*) AS n FROM law WHERE implicit", "--json"],
    ],
    ids=" ".join,
)
def test_commands_say_the_same(
    catalog_path: Path, real_url: str, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    answers = []
    for place in (str(catalog_path), real_url):
        status = main([*arguments, "--database", place])
        answers.append((status, *capsys.readouterr()))
    assert answers[0] == answers[1]


def test_the_environment_names_a_server(toy_url: str, monkeypatch: pytest.MonkeyPatch, toy_path: Path) -> None:
    monkeypatch.setenv(library.ENVIRONMENT, toy_url)
    assert len(sl.query("SELECT id FROM law")) == 5
    assert sl.query("SHOW search_path").rows == (("scalinglaws",),)
    # What is named in the call goes before.
    with pytest.raises(QueryError):
        sl.query("SHOW search_path", path=toy_path)


@pytest.mark.parametrize(("text", "found"), TOY_SEARCHES, ids=[text for text, _ in TOY_SEARCHES])
def test_every_field_of_a_search_finds_the_same(toy_path: Path, toy_url: str, text: str, found: set[str]) -> None:
    file, on_server = (sl.search(text, 1000, path=place) for place in (toy_path, toy_url))
    assert {each["id"] for each in on_server} == found
    if not parse(text).groups:
        assert on_server == file


SEARCHES = [
    "chinchilla",
    "hoffmann2022/para",
    "L_inf",
    "compute-optimal",
    "of the",
    "Scaling LAWS",
    "0.34",
    "A",
    "inference c",
    "MoE loss",
    '"learning rate" -cosine',
    "chinchilla OR kaplan",
    "mixture of experts kind:law year:2022..",
    "loss -kind:claim -data",
    "Sébastien",
    "arxiv.org/abs/2203.15556",
    "'; DROP TABLE law; -- :* & | ! <->",
    "nothingatall",
    "given:N,D want:L has:interval",
    "given:parameters,tokens",
    "rung:refit.. -has:code",
    "author:hoffmann topic:model.pretraining",
]


@pytest.mark.parametrize("text", SEARCHES)
def test_a_search_finds_the_same_entries(catalog_path: Path, real_url: str, text: str) -> None:
    file, on_server = (sl.search(text, 1000, path=place) for place in (catalog_path, real_url))
    assert {(each["kind"], each["id"]) for each in file} == {(each["kind"], each["id"]) for each in on_server}
    assert all(set(each) == {"kind", "id", "title", "snippet"} for each in on_server)
    if not parse(text).groups:
        assert on_server == file


def test_words_are_stemmed_alike(catalog_path: Path, real_url: str) -> None:
    file = library.connect(catalog_path)
    words = sorted(
        {
            word
            for row in file.rows("SELECT title, text FROM entry")
            for word in fold(" ".join(filter(None, row))).split()
        }
    )

    def found(word: str, place: Any) -> set[str]:
        return {each["id"] for each in sl.search(f'"{word}"', 1000, path=place)}

    sample = words[:: len(words) // 150]
    differing = [word for word in sample if found(word, catalog_path) != found(word, real_url)]
    # SQLite takes lies for Li, whose stem it is.
    assert len(differing) <= 2, differing


@pytest.mark.parametrize(
    "text",
    ["chinchilla", "hoffmann2022", "kaplan2020/n", "Training Compute-Optimal Large Language Models", "2203.15556"],
)
def test_what_a_search_names_comes_first(catalog_path: Path, real_url: str, text: str) -> None:
    file, on_server = (sl.search(text, 1, path=place) for place in (catalog_path, real_url))
    assert (on_server[0]["kind"], on_server[0]["id"]) == (file[0]["kind"], file[0]["id"])


def test_titles_count_for_more_than_text(real_url: str) -> None:
    assert "transfer" in sl.search("scaling laws transfer", 1, path=real_url)[0]["title"].lower()


def test_a_snippet_is_about_what_is_found(real_url: str) -> None:
    found = sl.search("perplexity kind:claim", 5, path=real_url)
    assert found
    assert all("perplexit" in each["snippet"].lower() for each in found)
    assert all(len(each["snippet"].split()) <= 20 for each in found)


SHARED = [
    "SELECT group_concat(id) AS ids, group_concat(follows, '; ') AS some, group_concat(id, NULL) AS run_together "
    "FROM (SELECT id, follows FROM law ORDER BY id) l",
    "SELECT group_concat(id) FROM law WHERE id = ''",
    "SELECT sum(implicit) AS n, sum(follows IS NULL) AS own, sum(id = 'x') AS none, sum(follows = 'x') AS null_too FROM law",
    "SELECT sum(implicit) FROM law WHERE id = ''",
    "SELECT json_extract(cells, '$[0]') AS first, json_extract(cells, '$[99]') AS beyond FROM survey_row",
    "SELECT json_extract(content, '$.values') AS whole, json_extract(content, '$.source.basis') AS part, "
    "json_extract(content, '$.not_stated[0]') AS first, json_extract(content, '$') IS NULL AS none "
    "FROM document WHERE kind = 'fit' ORDER BY id",
    "SELECT instr('scaling', 'al') AS at, instr('scaling', 'x') AS nowhere, instr(NULL, 'x') AS unknown",
]


@pytest.mark.parametrize("statement", SHARED)
def test_what_is_missing_of_sqlite_is_made_up_for(toy_path: Path, reader: server.ServerReader, statement: str) -> None:
    ours = open_database(toy_path)
    try:
        expected = ours.run(statement)
    finally:
        ours.close()
    assert [repr(row) for row in reader.run(statement).rows] == [repr(row) for row in expected.rows]


def test_numbers_are_rounded_as_in_sqlite(toy_connection: Reader, reader: server.ServerReader) -> None:
    rng = random.Random(0)
    values = [0.5, 2.5, 1e-20, 1e300, 123456789.125, 12345678901234567.0, *(rng.uniform(0, 10) for _ in range(50))]
    for value, digits in itertools.product((*values, *(-each for each in values)), (1, 2, 4)):
        statement = f"SELECT round(CAST(? AS double precision), {digits}) AS rounded"
        ours, theirs = (each.run(statement, (value,)).rows[0][0] for each in (toy_connection, reader))
        assert math.isclose(ours, theirs, rel_tol=1e-15), (value, digits)
    # Versions of SQLite differ over halves that are none in binary; here a number is rounded as it prints.
    assert reader.run("SELECT round(CAST(? AS double precision), 2)", (2.675,)).rows == ((2.68,),)


def test_values_arrive_as_plain_ones(reader: server.ServerReader) -> None:
    statement = (
        "SELECT true AS truth, 2::numeric AS whole, 2.5::numeric AS part, NULL AS none, 'a?b%' AS text, "
        "'[1]'::json AS document, ARRAY[1, 2] AS several, DATE '2020-01-02' AS day"
    )
    assert reader.run(statement)[0] == {
        "truth": 1, "whole": 2, "part": 2.5, "none": None, "text": "a?b%", "document": "[1]", "several": "{1,2}",
        "day": "2020-01-02",
    }  # fmt: skip


def test_parameters_stand_for_question_marks_alone(reader: server.ServerReader) -> None:
    statement = """SELECT name, '?' AS "why?", $$ ? $$ AS dollars, ? AS given /* ? */ FROM law WHERE id = ? -- ?"""
    assert list(reader.run(statement, (7, "power2020/loss"))) == [
        {"name": "Toy loss", "why?": "?", "dollars": " ? ", "given": 7}
    ]


def test_a_parameter_that_is_no_value_is_told(reader: server.ServerReader) -> None:
    with pytest.raises(QueryError, match="cannot adapt type 'object'"):
        reader.run("SELECT ?", (object(),))


def test_a_cast_is_no_placeholder(toy_url: str) -> None:
    statement = "SELECT :n::int + 1 AS n, '1'::text AS text, $$ :no $$ AS quoted"
    assert list(sl.query(statement, n=1, path=toy_url)) == [{"n": 2, "text": "1", "quoted": " :no "}]
    assert list(sl.query("SELECT '1'::text AS text", path=toy_url)) == [{"text": "1"}]


def test_a_server_is_not_exported(toy_url: str, tmp_path: Path) -> None:
    with pytest.raises(library.InputError, match="--database PATH"):
        export(tmp_path / "out", path=toy_url)


def test_columns_of_the_same_name_are_told_apart(reader: server.ServerReader) -> None:
    assert reader.run("SELECT 1 AS a, 2 AS a").columns == ("a", "a_2")


# What it refuses.


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


# How it is loaded.


def schemas(cluster: Cluster) -> list[str]:
    statement = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'scalinglaws%'"
    return [row[0] for row in cluster.run(EMPTY, statement)]


def test_the_command_builds_and_says_where(
    cluster: Cluster, empty_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCALINGLAWS_CATALOG", str(Path(__file__).parent / "toy"))
    for _ in range(2):
        assert main(["build", "--database-url", empty_url, "--json"]) == 0
        built = json.loads(capsys.readouterr().out)
        assert built["laws"] == 5
        assert built["database"].startswith("postgresql://")
        assert built["database"].endswith(f"/{EMPTY}")
    assert schemas(cluster) == ["scalinglaws"]


def test_a_failed_build_leaves_the_previous_one(
    cluster: Cluster, toy: Catalog, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_server(toy, empty_url)
    place = cluster.run(EMPTY, "SELECT 'scalinglaws.law'::regclass::oid")

    def orphaned(catalog: Catalog, edition: str) -> object:
        rows = catalog_rows(catalog, edition)
        rows[tables.Fit][0]["law"] = "nobody/nothing"
        return rows

    def broken(*_: object) -> None:
        raise RuntimeError("the records are gone")

    with monkeypatch.context() as patch:
        patch.setattr(server_build, "catalog_rows", orphaned)
        with pytest.raises(DatabaseError, match=r'violates foreign key.*"fit_law_fkey".*What was there is unchanged'):
            build_server(toy, empty_url)
    with monkeypatch.context() as patch:
        patch.setattr(server_build, "survey_view", broken)
        with pytest.raises(RuntimeError):
            build_server(toy, empty_url)
    assert schemas(cluster) == ["scalinglaws"]
    assert cluster.run(EMPTY, "SELECT 'scalinglaws.law'::regclass::oid") == place


def test_readers_see_the_old_catalog_or_the_new_and_are_never_ended(
    toy: Catalog, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(edition: int) -> None:
        rows = catalog_rows(toy, str(edition))
        rows[tables.Alias] += [
            {"name": f"other-{i}", "kind": "law", "target": "power2020/loss"} for i in range(edition)
        ]
        monkeypatch.setattr(server_build, "catalog_rows", lambda *_: rows)
        build_server(toy, empty_url)

    build(0)
    done = threading.Event()
    seen: set[tuple[Any, ...]] = set()
    faults: list[Exception] = []
    # The tables in both orders, so that readers could meet the loader crosswise.
    counted = "(SELECT count(*) FROM alias WHERE name LIKE 'other-%') AS aliases"
    told = "(SELECT value FROM info WHERE key = 'edition') AS edition"

    def read(statement: str) -> None:
        reader = open_server(empty_url)
        try:
            while not done.is_set():
                found = reader.run(statement)[0]
                seen.add((found["aliases"], found["edition"]))
        except Exception as error:
            faults.append(error)
        finally:
            reader.close()

    def read_otherwise() -> None:
        try:
            with psycopg.connect(empty_url.replace("+psycopg", ""), autocommit=True) as connection:
                connection.execute("SET search_path TO scalinglaws")
                while not done.wait(0.02):
                    seen.update(connection.execute(f"SELECT aliases, edition FROM (SELECT {told}, {counted}) x"))
        except Exception as error:
            faults.append(error)

    statements = (f"SELECT {counted}, {told}, pg_sleep(0.01)", f"SELECT {told}, {counted}")
    threads = [threading.Thread(target=read, args=(statement,)) for statement in statements]
    threads.append(threading.Thread(target=read_otherwise))
    for thread in threads:
        thread.start()
    try:
        for edition in (1, 2, 3):
            build(edition)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert faults == []
    assert seen <= {(edition, str(edition)) for edition in range(4)}
    assert (0, "0") in seen
    last = open_server(empty_url)
    assert last.run(f"SELECT {counted}")[0] == {"aliases": 3}
    last.close()


def test_a_table_that_is_held_ends_the_build_not_the_reader(
    cluster: Cluster, toy: Catalog, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_server(toy, empty_url)
    monkeypatch.setattr(server_build, "WAIT_SECONDS", 0.5)
    with psycopg.connect(empty_url.replace("+psycopg", "")) as connection:
        connection.execute("SELECT count(*) FROM scalinglaws.law")
        with pytest.raises(DatabaseError, match="other sessions held the tables"):
            build_server(toy, empty_url)
        assert connection.execute("SELECT count(*) FROM scalinglaws.law").fetchall() == [(5,)]


def test_who_could_read_the_old_tables_can_read_the_new(cluster: Cluster, toy: Catalog, empty_url: str) -> None:
    cluster.role(GUEST)
    build_server(toy, empty_url)
    cluster.run(
        EMPTY,
        f'GRANT USAGE ON SCHEMA scalinglaws TO "{GUEST}"',
        f'GRANT SELECT ON ALL TABLES IN SCHEMA scalinglaws TO "{GUEST}"',
    )
    build_server(toy, empty_url)
    reader = open_server(cluster.url(EMPTY, user=GUEST))
    assert len(reader.run("SELECT * FROM survey_table_1")) == 1
    reader.close()


def test_who_may_not_write_is_told_what_to_ask_for(cluster: Cluster, toy: Catalog, empty_url: str) -> None:
    cluster.role(VISITOR)
    with pytest.raises(DatabaseError, match=rf"permission denied.*GRANT CREATE ON DATABASE {EMPTY} TO {VISITOR}"):
        build_server(toy, cluster.url(EMPTY, user=VISITOR))
    cluster.run("postgres", f"GRANT CREATE ON DATABASE {EMPTY} TO {VISITOR}")
    build_server(toy, cluster.url(EMPTY, user=VISITOR))


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (
            ["DROP SCHEMA scalinglaws CASCADE", "CREATE SCHEMA scalinglaws CREATE TABLE mine (x integer)"],
            "something else",
        ),
        (["CREATE VIEW public.best AS SELECT id FROM scalinglaws.law"], "^best in .* would be lost"),
        (['CREATE TABLE runs (law text COLLATE "C" REFERENCES scalinglaws.law (id))'], "^runs in .* would be lost"),
    ],
)
def test_what_is_not_ours_is_left_alone(
    cluster: Cluster, toy: Catalog, empty_url: str, statements: list[str], said: str
) -> None:
    build_server(toy, empty_url)
    cluster.run(EMPTY, *statements)
    with pytest.raises(DatabaseError, match=said):
        build_server(toy, empty_url)


def test_an_old_server_and_another_encoding_are_refused(
    cluster: Cluster, toy: Catalog, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = cluster.make(LATIN, "LATIN1")
    with pytest.raises(DatabaseError, match="has the encoding LATIN1; make a database with ENCODING 'UTF8'"):
        build_server(toy, url)
    cluster.drop(LATIN)
    monkeypatch.setattr(server_build, "OLDEST", 990000)
    with pytest.raises(DatabaseError, match="99 or newer is needed"):
        build_server(toy, empty_url)
