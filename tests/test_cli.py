"""The command, called as a user calls it, wrongly too."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scalinglaws.cli import main
from scalinglaws.finding.query import FIELDS

TOY = Path(__file__).parent / "toy"
Run = Any


@pytest.fixture
def run(toy_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str, database: bool = True) -> tuple[int, str, str]:
        extra = ["--database", str(toy_path)] if database else []
        try:
            status = main([*arguments, *extra])
        except SystemExit as stop:
            status = int(stop.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return call


def test_eval_answers(run: Run) -> None:
    status, out, err = run("eval", "power2020/loss/published", "N=1e8")
    assert (status, out) == (0, "L = 1.51 nat/token\n")
    assert "disputed by talk2023" in err


@pytest.mark.parametrize("text", ["1e8", "100M", "0.1B", "1e8.0", "7e", "", "N", "1e999", "nan", "inf", "0x10", "1_0"])
def test_numbers_as_people_write_them(run: Run, text: str) -> None:
    status, out, err = run("eval", "power2020/loss/published", f"N={text}")
    if text in ("1e8", "100M", "0.1B"):
        assert (status, out) == (0, "L = 1.51 nat/token\n")
    else:
        assert status == 2
        assert err.startswith("scalinglaws: N: ")


def test_json_is_one_document_alone_on_stdout(run: Run) -> None:
    for arguments in (
        ("eval", "power2020/loss/published", "N=1e4", "--json"),
        ("show", "power2020", "--json"),
        ("show", "power2020/loss", "--json"),
        ("show", "power2020/loss/published", "--json"),
        ("show", "power2020/loss", "--as", "python", "--json"),
        ("papers", "--json"),
        ("laws", "--json"),
        ("search", "loss", "--json"),
        ("query", "SELECT 1 AS one", "--json"),
        ("compare", "power2020/loss/published", "N=1e4", "--json"),
    ):
        status, out, _ = run(*arguments)
        assert status == 0
        json.loads(out)


def test_show_law_has_the_contract_s_fields(run: Run) -> None:
    document = json.loads(run("show", "power2020/loss", "--json")[1])
    assert set(document) >= {
        "id", "name", "expression", "latex", "output", "variables", "coefficients", "fits", "checks", "rung"
    }  # fmt: skip
    assert set(document["variables"][0]) >= {"symbol", "meaning", "unit", "fitted_range"}
    assert set(document["fits"][0]) >= {"id", "values", "intervals", "not_stated", "source", "basis", "confidence"}
    assert document["fits"][0]["values"] == {"E": 1.5, "A": 100, "alpha": 0.5}
    assert document["fits"][0]["intervals"]["alpha"]["level"] == 0.95
    derived = json.loads(run("show", "power2020/size", "--json")[1])
    assert [fit["id"] for fit in derived["fits"]] == ["power2020/loss/published", "power2020/loss/partial"]
    assert derived["fits"][0]["values"] == {"A": 100, "alpha": 0.5}


def test_text_output_names_sources(run: Run) -> None:
    out = run("show", "power2020/loss")[1]
    assert "L = E + A/N**alpha" in out
    assert "Table 1 [paper, confidence high]" in out
    assert "E not stated" in out
    assert "modalities: text, code (of the paper)" in out
    assert "modalities: code\n" in out
    assert "Judge a curve" in run("show", "curve2022/protocol")[1]
    assert "holds: 4 to the power" in run("show", "power2020")[1]
    assert "critique" in run("show", "talk2023")[1]


def test_formulas_to_paste(run: Run) -> None:
    assert "return E + A/N**alpha" in run("show", "power2020/loss", "--as", "python")[1]
    assert run("show", "power2020/loss", "--as", "latex")[1].startswith("L(N) = E")


def test_lists_and_filters(run: Run) -> None:
    assert "power2020/loss" in run("laws", "--given", "N", "--want", "L")[1]
    assert "blend2021" not in run("papers", "--question", "RQ1")[1]
    status, _, err = run("papers", "--question", "RQ1", "--has", "data")
    assert (status, "no paper fits" in err) == (1, True)
    assert run("papers", "--has", "data")[1].startswith("curve2022")


def test_search_takes_filters_phrases_and_words_to_leave_out(run: Run) -> None:
    def found(*arguments: str) -> list[str]:
        return [line.split()[1] for line in run("search", *arguments)[1].splitlines()]

    assert found("ashlaw") == found("year:2020", "Ashlaw") == found("Ashlaw year:2020")
    assert found("ashlaw")[0] == "power2020"
    assert found("loss", "kind:law", "-has:code", "-saturating") == ["blend2021/mixture"]
    assert found("--limit", "1", "floor", "-exponential", "kind:law") == ["power2020/loss"]
    assert found('"two asymptotes"', '-"halves the excess"') == ["curve2022/sigmoid"]
    assert found("overrated", "OR", "saturating", "kind:paper") == ["talk2023", "curve2022"]
    status, out, _ = run("search", "--help", database=False)
    assert status == 0
    assert all(example in out for _, example in FIELDS.values())
    # One-letter options stay options.
    assert run("search", "-h", database=False)[1] == out


def test_laws_say_how_they_fit_a_signature(run: Run) -> None:
    assert run("laws", "--given", "L", "--want", "N")[1].splitlines()[-1] == "    solved for N"
    assert run("laws", "--given", "x,N", "--want", "loss")[1].splitlines()[2::3][0] == "    needs only x"
    assert run("laws", "--given", "parameters", "--want", "L")[1].splitlines()[-1] == "    N for parameters"
    document = json.loads(run("laws", "--given", "N", "--want", "L", "--json")[1])
    assert [each["signature"]["match"] for each in document] == ["exact"]


def test_query_formats(run: Run) -> None:
    statement = "SELECT id, expression FROM law WHERE paper = 'power2020' ORDER BY id"
    assert run("query", statement, "--format", "csv")[1].splitlines()[0] == "id,expression"
    assert run("query", statement, "--format", "markdown")[1].splitlines()[1] == "| --- | --- |"
    assert json.loads(run("query", statement, "--format", "json")[1])[0]["id"] == "power2020/loss"
    assert run("query", statement)[1].startswith("id ")
    status, out, err = run("query", statement, "--limit", "1", "--json")
    assert (status, len(json.loads(out)), "only the first 1 rows" in err) == (0, 1, True)


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["eval", "power2020/loss", "N=1e4"], 2, "has 2 fits and none is the default"),
        (["eval", "power2020/loss/published"], 2, "needs a value for N (size)"),
        (["eval", "power2020/loss/published", "N"], 2, "write SYMBOL=VALUE"),
        (["eval", "power2020/loss/published", "N=1", "N=2"], 2, "N is given twice"),
        (["eval", "power2020/loss/published", "N=-1"], 2, "greater than zero"),
        (["eval", "power2020/lozz", "N=1"], 2, "did you mean"),
        (["eval", "power2020", "N=1"], 2, "is a paper; its laws are power2020/loss"),
        (["eval", "curve2022/protocol"], 1, "is a procedure"),
        (
            ["eval", "curve2022/sigmoid", "x=1", "L_inf=2", "L0=1", "alpha=1", "beta=1", "c=1"],
            1,
            "bracket for L is empty",
        ),
        (["show", "zzzz"], 2, "search finds ids"),
        (["show", "power2020/loss", "--as", "cobol"], 2, "python, javascript, latex or sql"),
        (["query", "DELETE FROM law"], 2, "read-only"),
        (["query", "SELECT 1", "--limit", "0"], 2, "at least 1"),
        (["search", "zzzz"], 1, "no entry"),
        (["search", "Ashlow"], 1, "did you mean ashlaw?"),
        (["search", "***"], 2, "at least one word"),
        (["search", "hass:code"], 2, "did you mean has"),
        (["search", "has:nothing"], 2, "has: takes code, data, interval, reproduction, not 'nothing'"),
        (["search", "loss", "OR"], 2, "OR stands between"),
        (["search", '"loss'], 2, "opened and not closed"),
        (["search", "loss", "-topic:modl"], 2, "did you mean model"),
        (["search", "loss", "--limit", "0"], 2, "at least 1"),
        (["search", "loss", "--limt", "3"], 2, "unrecognized arguments: --limt"),
        (["search"], 2, "WORD"),
        (["laws", "--given", "Nn"], 2, "no law takes or gives 'Nn'"),
        (["frobnicate"], 2, "invalid choice"),
        (["papers", "--topic", "modl"], 2, "did you mean model"),
        (["laws", "--has", "nothing"], 2, "invalid choice"),
    ],
)
def test_wrong_calls_say_what_and_what_next(run: Run, arguments: list[str], status: int, words: str) -> None:
    got, out, err = run(*arguments)
    assert got == status
    assert words in err
    assert out == ""
    assert "Traceback" not in err


def test_a_missing_database_is_said(run: Run, tmp_path: Path) -> None:
    status, _, err = run("papers", "--database", str(tmp_path / "none.sqlite"), database=False)
    assert (status, "run scalinglaws build" in err) == (1, True)


def test_check_lists_every_problem(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCALINGLAWS_CATALOG", str(TOY))
    assert run("check", database=False)[:2] == (0, "no problems found (4 papers, 5 laws)\n")
    bad = tmp_path / "power2020.yaml"
    text = (TOY / "papers" / "power2020.yaml").read_text(encoding="utf-8")
    bad.write_text(text.replace("A/N**alpha", "A/N**alfa", 1).replace("insight:", "insigt:", 1), encoding="utf-8")
    status, out, err = run("check", str(bad), database=False)
    assert status == 1
    assert "unknown field 'insigt' - did you mean insight?" in out
    assert "problems found" in err
    document = json.loads(run("check", str(bad), "--json", database=False)[1])
    assert document["valid"] is False
    assert {"file", "field", "message", "repair", "line"} == set(document["problems"][0])
    assert run("check", str(tmp_path / "absent.yaml"), database=False)[0] == 1
    assert run("check", str(TOY), database=False)[0] == 0


def test_build_is_whole_or_absent(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCALINGLAWS_CATALOG", str(TOY))
    status, out, _ = run("build", "--out", str(tmp_path), "--json", database=False)
    assert (status, json.loads(out)["laws"]) == (0, 5)
    before = (tmp_path / "catalog.sqlite").read_bytes()
    broken = tmp_path / "broken"
    (broken / "papers").mkdir(parents=True)
    monkeypatch.setenv("SCALINGLAWS_CATALOG", str(broken))
    status, _, err = run("build", "--out", str(tmp_path), database=False)
    assert (status, "the file is missing" in err) == (1, True)
    assert (tmp_path / "catalog.sqlite").read_bytes() == before
    url = f"sqlite:///{tmp_path}/url.sqlite"
    monkeypatch.setenv("SCALINGLAWS_CATALOG", str(TOY))
    assert run("build", "--database-url", url, database=False)[0] == 0
    assert (tmp_path / "url.sqlite").is_file()
    assert run("build", "--database-url", "mysql://x", database=False)[0] == 2


def test_help_names_every_command(run: Run) -> None:
    status, out, _ = run("--help", database=False)
    assert status == 0
    for command in ("build", "check", "compare", "convert", "papers", "laws", "show", "eval", "query", "search"):
        assert command in out
    assert run(database=False)[0] == 0


def call(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "scalinglaws.cli", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


HEAVY = (
    "mcp",
    "anyio",
    "sympy",
    "scipy",
    "psycopg",
    "sqlalchemy",
    "sqlmodel",
    "pydantic",
    "numpy",
    "yaml",
    "bibtexparser",
    "jinja2",
    "mkdocs",
)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["show", "power2020/loss"],
        ["eval", "power2020/loss/published", "N=1e8"],
        ["compare", "power2020/loss/published", "N=1e8"],
        ["search", "loss"],
        ["laws"],
    ],
    ids=["help", "show", "eval", "compare", "search", "laws"],
)
def test_look_ups_import_nothing_heavy(toy_path: Path, arguments: list[str]) -> None:
    extra = [] if arguments == ["--help"] else ["--database", str(toy_path)]
    done = call(*arguments, *extra)
    assert done.returncode == 0
    imported = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}
    assert not imported & set(HEAVY)


def test_output_goes_quietly_when_the_reader_leaves(toy_path: Path) -> None:
    command = f"{sys.executable} -m scalinglaws.cli query 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<90000) SELECT i FROM n' --format csv --database {toy_path} | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert done.stdout == "i\n"
    assert "Traceback" not in done.stderr
