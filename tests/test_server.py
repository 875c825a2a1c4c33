"""PostgreSQL holds the same catalog as the file and answers the same.

The databases sort texts as English does, so that whatever leans on the server's own order comes out.
"""

from __future__ import annotations

import itertools
import json
import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
import pytest
from sqlmodel import SQLModel

import scalinglaws as sl
from postgresql_cluster import TOY, Cluster
from scalinglaws import library
from scalinglaws.cli import main
from scalinglaws.database import access, server, tables
from scalinglaws.database.access import QueryError, Reader, open_database
from scalinglaws.database.named_queries import read_queries
from scalinglaws.database.server import open_server
from scalinglaws.database.spelling import fold
from scalinglaws.exports.export import export
from scalinglaws.finding.query import parse
from test_searching import TOY as TOY_SEARCHES

pytestmark = pytest.mark.xdist_group("postgresql")

ROOT = Path(__file__).resolve().parents[1]
QUERIES = read_queries(
    {f"queries/{path.name}": path.read_text(encoding="utf-8") for path in (ROOT / "catalog" / "queries").glob("*.sql")}
)


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
