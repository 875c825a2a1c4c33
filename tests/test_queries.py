"""The named queries: each runs, answers, says what it answers, and takes no time."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from scalinglaws import library
from scalinglaws.catalog import Catalog
from scalinglaws.cli import main
from scalinglaws.database import access
from scalinglaws.database.access import open_database
from scalinglaws.database.named_queries import placeholders, positional, read_queries
from scalinglaws.extras import MissingPackage

ROOT = Path(__file__).resolve().parents[1]
QUERIES = read_queries(
    {f"queries/{path.name}": path.read_text(encoding="utf-8") for path in (ROOT / "catalog" / "queries").glob("*.sql")}
)
#: What one named query may take, in seconds.
MOST_SECONDS = 0.1


@pytest.fixture
def answer(catalog_path: Path) -> Any:
    def of(name: str) -> list[dict[str, Any]]:
        return list(library.query(QUERIES[name].statement, path=catalog_path))

    return of


def test_there_are_at_least_thirty_and_no_two_share_a_title() -> None:
    assert len(QUERIES) >= 30
    assert len({each.title for each in QUERIES.values()}) == len(QUERIES)


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_a_named_query_answers_a_question_at_once(catalog_path: Path, name: str) -> None:
    query = QUERIES[name]
    assert query.title
    assert query.answers.endswith("?")
    connection = library.connect(catalog_path)
    seconds = []
    # The best of three: another process may have the core for one of them.
    for _ in range(3):
        started = time.perf_counter()
        rows = access.run_query(connection, *positional(query.sql, query.defaults))
        seconds.append(time.perf_counter() - started)
    assert min(seconds) < MOST_SECONDS
    assert len(rows) > 0
    assert not rows.truncated
    assert len(set(rows.columns)) == len(rows.columns)


def test_counts_of_the_survey_stand_beside_what_was_seen(answer: Any, catalog: Catalog) -> None:
    rows = {row["what"]: row for row in answer("survey-code-counts")}
    for what, count in (("a link", 22), ("no training code", 29), ("no analysis code", 27)):
        assert str(count) in rows[what]["survey_text"]
        assert (rows[what]["rows_of_table_11"], rows[what]["of_rows"]) == (count, 45)
    papers = {row.paper for row in catalog.survey.tables["11"].rows if row.paper}
    assert {row["of_papers"] for row in rows.values()} == {len(papers)}


def test_chinchilla_s_coefficients_are_those_of_the_contract(answer: Any) -> None:
    rows = {row["fit"]: row for row in answer("chinchilla-coefficients")}
    printed = rows["published-rounded"]
    assert [printed[name] for name in ("A", "B", "E", "alpha", "beta")] == [406.4, 410.7, 1.69, 0.34, 0.28]
    refit = rows["besiroglu2024"]
    assert [refit[name] for name in ("A", "B", "E", "alpha", "beta")] == [482.01, 2085.43, 1.8172, 0.3478, 0.3658]
    assert refit["given_by"] == "Besiroglu et al. (2024)"


def test_what_queries_count_is_what_the_records_hold(answer: Any, catalog: Catalog) -> None:
    failing = {
        f"{key}/{claim.id}"
        for key, paper in catalog.papers.items()
        for claim in paper.claims
        if claim.verdict == "fails"
    }
    assert {row["claim"].partition("/")[2] for row in answer("claims-that-fail")} == {
        each.partition("/")[2].rpartition("/")[2] for each in failing
    }
    recalled = {(row["fit"], row["symbol"]) for row in answer("values-recalled")}
    assert ("brown2024/coverage/recalled", "a") in recalled
    by_basis = answer("values-by-basis")
    assert sum(row["recalled"] for row in by_basis) == len(recalled)
    for row in by_basis:
        parts = ("in_the_paper", "in_code", "on_a_page", "recalled", "derived", "refitted")
        assert sum(row[each] for each in parts) == row["stated_values"]
    others = answer("fits-by-others")
    assert all(row["law_of"] != row["fitted_by"] for row in others)
    assert "hoffmann2022/parametric/besiroglu2024" in {row["fit"] for row in others}


def test_former_names_answer_and_take_no_other_s_place(catalog_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    formerly = {name: each for each in QUERIES.values() for name in each.formerly}
    assert not set(formerly) & set(QUERIES)
    for name, query in formerly.items():
        assert library.named_query(name) == query
    assert main(["query", "--name", "model-ranges", "--json", "--database", str(catalog_path)]) == 0
    assert json.loads(capsys.readouterr().out) == list(library.query(QUERIES["paper-ranges"].sql, path=catalog_path))
    head = "-- title: T\n-- answers: What?\n"
    with pytest.raises(ValueError, match="two queries answer to the name b; keep one"):
        read_queries({"queries/a.sql": f"{head}-- formerly: b\nSELECT 1", "queries/b.sql": f"{head}SELECT 1"})


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_a_named_query_has_one_order(catalog_path: Path, name: str) -> None:
    sql = QUERIES[name].statement
    ordered, _, order = sql.rpartition("ORDER BY")
    assert ordered
    assert ")" not in order or order.count("(") == order.count(")"), "the last ORDER BY is that of the whole"
    # Whatever SQLite does with rows that the order does not tell apart, it does the other way round here.
    connection = open_database(catalog_path)
    rows = connection.execute(sql).fetchall()
    connection.execute("PRAGMA reverse_unordered_selects = ON")
    try:
        assert connection.execute(sql).fetchall() == rows
    finally:
        connection.close()


def test_every_stated_range_stands_once(answer: Any, catalog: Catalog) -> None:
    rows = answer("fitted-ranges")
    stated = {
        law.id
        for law in catalog.laws()
        if law.parent is None and any(each.fitted for each in law.record.variables.values())
    }
    assert {law for row in rows for law in row["laws"].split(", ")} == stated
    papers = answer("paper-ranges")
    assert len({(row["paper"], row["what"]) for row in papers}) == len(papers)
    assert {row["what"] for row in papers} == {"data", "model"}


def test_a_choice_in_fitting_is_counted_by_papers_and_by_laws(answer: Any) -> None:
    for row in answer("fitting-methods"):
        assert row["papers"] == len(row["which"].split("; "))
        assert 0 < row["percent_of_laws"] <= 100
        assert row["laws"] > 0


def test_the_command_lists_and_runs_them(catalog_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "--list", "--json", "--database", str(catalog_path)]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {each["name"]: each["title"] for each in listed} == {each.name: each.title for each in QUERIES.values()}
    since = {"name": "since", "default": 2020, "meaning": "first year"}
    assert since in {each["name"]: each for each in listed}["papers-of-topic"]["parameters"]
    assert main(["query", "--list"]) == 0
    listing = " ".join(capsys.readouterr().out.split())
    assert QUERIES["verdicts"].answers in listing
    assert "since=2020 (first year)" in listing
    assert main(["query", "--list", "--format", "csv", "--limit", "1"]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines()[0] == "name,title,answers,parameters"
    assert "only the first 1 queries" in told.err
    assert main(["query", "--name", "laws-by-rung", "--json", "--database", str(catalog_path)]) == 0
    assert json.loads(capsys.readouterr().out) == list(library.query(QUERIES["laws-by-rung"].sql, path=catalog_path))
    assert main(["query", "--name", "laws-by-rung", "--format", "markdown", "--database", str(catalog_path)]) == 0
    assert capsys.readouterr().out.startswith("| rung | stand_on_it | reach_it | percent |")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--name", "verdict"], "did you mean verdicts"),
        (["--name", "zzzz"], "query --list gives the names"),
        ([], "give a SELECT, or --name NAME, or --list"),
        (["SELECT 1", "--name", "verdicts"], "one of them"),
        (["--name", "verdicts", "--list"], "one of them"),
        (["--name", "papers-of-topic", "form=1"], "its parameters: topic=model.pretraining (id of the topic); since="),
        (["--name", "verdicts", "since=1"], "no parameter 'since'; its parameters: none"),
        (["--name", "papers-of-topic", "since=soon"], "since takes a whole number, not 'soon'"),
        (["--name", "papers-of-topic", "since=2020", "since=2021"], "since is given twice"),
        (["SELECT 1 WHERE :a = :b", "a=1"], "asks for b; give b=..."),
        (["SELECT 1", "a=1"], "the statement has no :a"),
    ],
)
def test_a_wrong_call_is_told_what_to_do(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_parameters_are_filled_in(catalog_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def ask(**values: Any) -> list[dict[str, Any]]:
        return list(library.query(name="papers-of-topic", path=catalog_path, **values))

    whole, late = ask(topic="model"), ask(topic="model", since=2024)
    assert {row["year"] >= 2024 for row in late} == {True}
    assert late == [row for row in whole if row["year"] >= 2024]
    assert 0 < len(late) < len(whole)
    call = [
        "query",
        "--name",
        "papers-of-topic",
        "topic=model",
        "since=2024",
        "--json",
        "--database",
        str(catalog_path),
    ]
    assert main(call) == 0
    assert json.loads(capsys.readouterr().out) == late
    # Of a SELECT of one's own too, by name or in turn; a number is one, so that it compares as one.
    statement = "SELECT typeof(:a) AS kind, ':b' AS quoted -- :c"
    assert list(library.query(statement, a=1, path=catalog_path)) == [{"kind": "integer", "quoted": ":b"}]
    assert library.query(statement, {"a": "x"}, path=catalog_path)[0]["kind"] == "text"
    assert library.query("SELECT ? AS a", (3,), path=catalog_path)[0]["a"] == 3
    assert main(["query", statement, "a=1.5", "--format", "csv", "--database", str(catalog_path)]) == 0
    assert capsys.readouterr().out == "kind,quoted\nreal,:b\n"
    with pytest.raises(library.InputError, match="one of them"):
        library.query("SELECT ?", (1,), a=2, path=catalog_path)


@pytest.mark.parametrize("name", [name for name, each in QUERIES.items() if each.parameters])
def test_the_statement_with_defaults_gives_the_rows_of_the_defaults(catalog_path: Path, name: str) -> None:
    assert placeholders(QUERIES[name].statement) == []
    assert library.query(QUERIES[name].statement, path=catalog_path) == library.query(name=name, path=catalog_path)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("-- parameter: since 2020\nSELECT :since", "write '-- parameter: since = 2020: first year'"),
        ("-- parameter: Since = 1: x\nSELECT :Since", "not '-- parameter: Since = 1: x'"),
        ("-- parameter: path = 1: x\nSELECT :path", "cannot be called path"),
        ("-- parameter: a = 1: x\nSELECT 1", "declares the parameters a, and its SQL uses none"),
        ("SELECT :a", "declares the parameters none, and its SQL uses a"),
        ("-- parameter: a = 1: x\n-- parameter: a = 2: x\nSELECT :a", "must stand once in both"),
    ],
)
def test_a_malformed_parameter_is_refused(lines: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)) as error:
        read_queries({"queries/q.sql": f"-- title: T\n-- answers: What?\n{lines}\n"})
    assert str(error.value).startswith("queries/q.sql")


def test_defaults_have_types_and_are_written_as_sql() -> None:
    head = "-- title: T\n-- answers: What?\n"
    declared = (
        "-- parameter: a = it's: x\n-- parameter: b = 1e9: y: z\n-- parameter: c = : none\n-- parameter: d = -3: w\n"
    )
    query = read_queries({"queries/q.sql": f"{head}{declared}SELECT :a, ':a', :b, :c, :d /* :e */\n"})["q"]
    assert query.defaults == {"a": "it's", "b": 1e9, "c": "", "d": -3}
    assert [each.meaning for each in query.parameters] == ["x", "y: z", "none", "w"]
    assert query.statement == "SELECT 'it''s', ':a', 1000000000.0, '', -3 /* :e */"
    assert query.values({"b": "2e9", "d": "4"}) == {"a": "it's", "b": 2e9, "c": "", "d": 4}
    for wrong in ("4.5", "x", "nan", "1e999", True):
        with pytest.raises(ValueError, match="d takes a whole number"):
            query.values({"d": wrong})


def test_rows_show_themselves_and_become_tables(toy_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = library.query("SELECT '<b>' AS a, NULL AS b UNION ALL SELECT 'x' || char(10) || 'y', 2.5", path=toy_path)
    assert repr(rows) == "a    b\n<b>\nx y  2.5\n[2 rows]"
    assert "<td>&lt;b&gt;</td><td></td>" in rows._repr_html_()
    assert rows.arrow().to_pylist() == list(rows)
    assert rows.df()["b"].tolist()[1] == 2.5
    many = library.query(
        "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30) SELECT i FROM n", path=toy_path
    )
    assert repr(many).splitlines()[-2:] == ["20", "[30 rows, 20 of them shown]"]
    mixed = library.query("SELECT 1 AS a UNION ALL SELECT 'x'", path=toy_path)
    with pytest.raises(access.QueryError, match="column a holds values of several types"):
        mixed.arrow()
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingPackage, match=r"needs the package pyarrow: pip install 'scalinglaws\[dataframes\]'"):
        rows.arrow()
