"""The command `fit`: what it prints, its JSON, its exit status, and no traceback for anyone."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scalinglaws.cli import main

POWERS = "L = E + A/N**alpha + B/D**beta"
KEYS = {
    "coefficients", "objective", "r2", "n", "dropped", "starts", "intervals", "holdout", "identifiability", "warnings",
    "seconds",
}  # fmt: skip


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table of forty runs, one of them without a loss, one of them a word."""
    rng = np.random.default_rng(0)
    lines = ["N,Training FLOP,loss"]
    for size, tokens in zip(10 ** rng.uniform(7, 10, 40), 10 ** rng.uniform(9, 12, 40), strict=True):
        loss = (1.7 + 400 / size**0.34 + 2000 / tokens**0.37) * math.exp(rng.normal(0, 0.01))
        lines.append(f"{size},{6 * size * tokens},{loss}")
    lines += ["1e8,1e18,", "1e8,1e18,diverged"]
    path = tmp_path / "my runs.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def call(table: Path, *more: str) -> list[str]:
    given = ["--formula", POWERS, "--map", "C=Training FLOP", "--map", "L=loss", "--let", "D = C/(6*N)"]
    return ["fit", str(table), *given, *more]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(arguments)
    told = capsys.readouterr()
    return status, told.out, told.err


def test_json_holds_what_the_contract_says(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, *call(table, "--json", "--bootstrap", "30", "--holdout", "C > 1e22"))
    assert status == 0
    assert err == ""
    found: dict[str, Any] = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert set(found) >= KEYS
    assert list(found["coefficients"]) == ["E", "A", "alpha", "B", "beta"]
    assert set(found["starts"]) == {"count", "agreeing", "spread"}
    assert set(found["intervals"]) == set(found["coefficients"])
    assert set(found["intervals"]["E"]) == {"low", "high"}
    assert {"n", "rmse_log"} <= set(found["holdout"])
    assert set(found["identifiability"]) == {"condition", "flat_directions", "at_bounds"}
    assert found["n"] + found["holdout"]["n"] == 40
    assert found["dropped"] == {"L is no number": [41, 42]}
    assert any("41, 42" in each for each in found["warnings"])
    assert found["seconds"] > 0


def test_the_terminal_is_told_values_errors_and_warnings(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = ["--bootstrap", "30", "--profile", "E", "--cross-validate", "4", "--sensitivity", "--holdout", "C > 1e22"]
    status, out, err = run(capsys, *call(table, *more))
    assert status == 0
    for part in (
        "your formula: L = E + A/N**alpha + B/D**beta",
        "rows, huber with delta 0.001 on the log residuals, by newton",
        "95 % from",
        "objective",
        "R2 0.9",
        "starts agree; condition",
        "rows held out: off by",
        "4 folds predicted in turn",
        "profile of E: 95 %",
        "as asked",
        "huber, delta 0.01",
    ):
        assert part in out
    assert "warning: 2 rows left out (L is no number): 41, 42" in err


def test_every_option_reaches_the_engine(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = [
        "--objective", "squares", "--on", "raw", "--fix", "E=1.7", "--tie", "beta = alpha + 0.03", "--bound", "alpha=0.1,0.6",
        "--bound", "A=1,", "--optimizer", "least-squares", "--initialisation", "random", "--starts", "20", "--seed", "3",
        "--drop-highest", "2", "--where", "C < 1e23", "--where", "`Training FLOP` > 1", "--delta", "1e-2",
    ]  # fmt: skip
    status, out, _ = run(capsys, *call(table, "--json", *more))
    assert status == 0
    found = json.loads(out)
    chosen = found["settings"]
    assert chosen["fixed"] == {"E": 1.7}
    assert chosen["tied"] == {"beta": "alpha + 0.03"}
    assert chosen["bounds"] == {"alpha": [0.1, 0.6], "A": [1, None]}
    assert (chosen["optimizer"], chosen["initialisation"], chosen["seed"]) == ("least-squares", "random", 3)
    assert found["coefficients"]["beta"] == pytest.approx(found["coefficients"]["alpha"] + 0.03)
    assert found["starts"]["count"] == 20
    assert "among the 2 highest L" in found["dropped"]


def test_a_law_of_the_catalog_is_fitted(table: Path, capsys: pytest.CaptureFixture[str], catalog_path: Path) -> None:
    law = ["--law", "hoffmann2022/parametric", "--map", "C=Training FLOP", "--map", "L=loss", "--let", "D = C/(6*N)"]
    status, out, _ = run(capsys, "fit", str(table), *law, "--json", "--database", str(catalog_path))
    assert status == 0
    assert json.loads(out)["law"] == "hoffmann2022/parametric"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--objective", "cubes"], "choose one of huber, squares, absolute"),
        (["--delta", "small"], "small"),
        (["--where", "C >"], "write one such as C >= 1e21"),
        (["--where", "__import__('os')"], "holds something that is no comparison"),
        (["--holdout", "C > 0"], "every row is held out"),
        (["--map", "L"], "--map takes a pair such as 'N=COLUMN', not 'L'"),
        (["--map", "L=loss2"], "--map says L twice"),
        (["--bound", "E=1"], "--bound takes both ends, as in E=0,3"),
        (["--fix", "F=1"], "F is no coefficient of the law"),
        (["--bootstrap", "1"], "at least two resamplings"),
        (["--profile", "Z"], "Z is no free coefficient"),
        (["--weights", "w"], "weights is mapped to the column 'w', which is not there"),
    ],
)
def test_a_wrong_call_ends_with_two_and_one_line(
    table: Path, capsys: pytest.CaptureFixture[str], more: list[str], message: str
) -> None:
    status, out, err = run(capsys, *call(table, *more))
    assert status == 2
    assert out == ""
    assert message in err
    assert err.startswith("scalinglaws: ")
    assert len(err.splitlines()) == 1


def test_what_the_parser_refuses(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, message in (
        (["fit", str(table)], "--law --formula"),
        (["fit", str(table), "--formula", POWERS, "--law", "x/y"], "not allowed with"),
        (["fit", "--formula", POWERS], "DATA"),
        (call(table, "--bootstrap", "many"), "invalid int value"),
    ):
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        assert stopped.value.code == 2
        assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    [
        "",
        "N,D,L\n",
        "N,D,L\n1,2\n",
        "N,D,L\n" + "1,1,1\n" * 9,
        "N,N,L\n1,1,1\n",
        "a\n",
        "\x00",
        "N,D,L\n1,1,1\n",
        "N,D,L\nx,y,z\n",
    ],
)
def test_no_file_brings_a_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    path = tmp_path / "runs.csv"
    path.write_text(text, encoding="utf-8")
    status, out, err = run(capsys, "fit", str(path), "--formula", POWERS, "--json")
    assert status in (0, 2)
    assert json.loads(out, parse_constant=pytest.fail)["warnings"] if status == 0 else err.startswith("scalinglaws: ")


def test_the_one_line_of_the_readme_works_as_a_process(table: Path) -> None:
    text = table.read_text(encoding="utf-8").replace("N,Training FLOP,loss", "N,D,L")
    table.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "scalinglaws.cli", "fit", table.name, "--formula", POWERS]
    done = subprocess.run(command, capture_output=True, text=True, cwd=table.parent, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "alpha" in done.stdout
    missing = subprocess.run(
        [*command[:4], "none.csv", *command[5:]], capture_output=True, text=True, check=False, timeout=120
    )
    assert (missing.returncode, missing.stderr) == (2, "scalinglaws: there is no file none.csv\n")
