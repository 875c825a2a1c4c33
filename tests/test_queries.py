"""The named queries: each runs, answers, says what it answers, and takes no time."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from scalinglaws import database, library
from scalinglaws.catalog import Catalog
from scalinglaws.cli import main
from scalinglaws.queries import read_queries

ROOT = Path(__file__).resolve().parents[1]
QUERIES = read_queries(
    {f"queries/{path.name}": path.read_text(encoding="utf-8") for path in (ROOT / "catalog" / "queries").glob("*.sql")}
)
#: What one named query may take, in seconds.
MOST_SECONDS = 0.1


@pytest.fixture
def answer(catalog_path: Path) -> Any:
    def of(name: str) -> list[dict[str, Any]]:
        return list(library.query(QUERIES[name].sql, path=catalog_path))

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
        rows = database.run_query(connection, query.sql)
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


def test_a_paper_counts_once_under_its_modalities(answer: Any) -> None:
    values = answer("exponents-by-modality")
    assert len({(row["fit"], row["symbol"]) for row in values}) == len(values)


def test_the_command_lists_and_runs_them(catalog_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "--list", "--json", "--database", str(catalog_path)]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {each["name"]: each["title"] for each in listed} == {each.name: each.title for each in QUERIES.values()}
    assert main(["query", "--list"]) == 0
    assert QUERIES["verdicts"].answers in " ".join(capsys.readouterr().out.split())
    assert main(["query", "--list", "--format", "csv", "--limit", "1"]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines()[0] == "name,title,answers"
    assert "only the first 1 queries" in told.err
    assert main(["query", "--name", "laws-by-rung", "--json", "--database", str(catalog_path)]) == 0
    assert json.loads(capsys.readouterr().out) == list(library.query(QUERIES["laws-by-rung"].sql, path=catalog_path))
    assert main(["query", "--name", "laws-by-rung", "--format", "markdown", "--database", str(catalog_path)]) == 0
    assert capsys.readouterr().out.startswith("| rung | stand_on_it | reach_it | percent |")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--name", "verdict"], "did you mean verdicts?"),
        (["--name", "zzzz"], "query --list gives the names"),
        ([], "give a SELECT, or --name NAME, or --list"),
        (["SELECT 1", "--name", "verdicts"], "one of them"),
        (["--name", "verdicts", "--list"], "one of them"),
    ],
)
def test_a_wrong_call_is_told_what_to_do(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", *arguments]) == 2
    assert words in capsys.readouterr().err
