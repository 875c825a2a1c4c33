"""Reproductions: the rules of their verdicts, the ladder they feed, and every committed result run again."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import scalinglaws as sl
from scalinglaws import cli
from scalinglaws.catalog import Catalog
from scalinglaws.database.access import open_database
from scalinglaws.ladder import RUNGS, highest, ladder
from scalinglaws.problems import InvalidRecords
from scalinglaws.records.files import read_contents
from scalinglaws.reproduction.library import differences
from scalinglaws.reproduction.verdicts import verdict
from scalinglaws.vocabulary import VERDICTS

ROOT = Path(__file__).resolve().parents[1]
RECIPES = sorted(path.stem for path in (ROOT / "catalog" / "reproductions").glob("*.yaml"))


@pytest.mark.parametrize(
    ("ratio", "inside", "settles", "quirk", "expected"),
    [
        (1.0, {}, None, False, "reproduced"),
        (1.009, {"A": False}, (0.5, 1.0), False, "reproduced"),
        (1.009, {"A": False}, (0.5, 1.0), True, "reproduced-with-quirk"),
        (1.3, {"A": True, "B": True}, (0.5, 1.0), False, "within-interval"),
        (1.3, {"A": True, "B": False}, (0.5, 1.0), False, "not-the-minimum"),
        (1.3, {}, (0.5, 1.0), False, "not-the-minimum"),
        (1.0013, {}, (0.001, 1.0013), False, "local-optimum"),
        (1.5, {"A": True}, (0.001, 1.5), False, "local-optimum"),
        (1.00005, {}, (0.001, 1.00005), False, "reproduced"),
        (1.4, {"A": True}, (0.009, 1.00014), False, "within-interval"),
        (1.4, {"A": False}, (0.009, 1.00014), False, "not-the-minimum"),
        (4.05, {"A": True, "B": False}, (3.0, 1.0), False, "not-reproduced"),
        (None, {}, None, False, "not-reproduced"),
    ],
)
def test_a_verdict_follows_its_rule(
    ratio: float | None, inside: dict[str, bool], settles: tuple[float, float] | None, quirk: bool, expected: str
) -> None:
    told = {"ratio": ratio, "inside": inside, "settles": settles and {"moved": settles[0], "ratio": settles[1]}}
    assert verdict(told, quirk=quirk) == expected
    assert expected in VERDICTS


def test_differences_name_the_place_and_forgive_the_last_digits() -> None:
    committed = {"a": 1.0, "b": {"c": [1, 2.0], "d": "x"}, "gone": 1}
    found = {"a": 1.000001, "b": {"c": [1, 2.1], "d": "y"}, "new": 2}
    assert sorted(differences(committed, found)) == [
        "b.c.1: 2.0 is committed, 2.1 came out",
        "b.d: x is committed, y came out",
        "gone is gone",
        "new is new",
    ]


@pytest.mark.parametrize("name", RECIPES)
def test_what_is_committed_comes_out_again(shared_data: Path, name: str) -> None:
    found = sl.reproduce(name)
    assert found.differs == []
    assert all(case["verdict"] in VERDICTS for case in found.cases.values())


def test_chinchilla_s_numbers_are_those_known(shared_data: Path) -> None:
    cases = sl.reproduce("chinchilla-svg").cases
    huber = cases["huber"]
    assert huber["objective"] == pytest.approx(1.018274017801e-3, rel=1e-9)
    assert huber["published"]["published-rounded"]["ratio"] == pytest.approx(4.05, abs=0.01)
    assert huber["published"]["tex-precise"]["ratio"] == pytest.approx(1.21, abs=0.01)
    assert huber["holdout"]["rmse_log"] == pytest.approx(0.0125, abs=5e-5)
    assert cases["all-rows"]["coefficients"]["B"] == pytest.approx(12845.6, rel=1e-4)
    # The tuple that the paper prints takes E from one fit and the rest from the other.
    assert huber["published"]["besiroglu2024"]["objective"] == pytest.approx(1.02284e-3, rel=1e-5)


def test_every_law_of_a_reproduction_has_data_and_its_verdict_on_the_ladder(catalog: Catalog) -> None:
    for law in catalog.laws():
        rungs = {each.name: each for each in ladder(catalog, law)}
        assert list(rungs) == list(RUNGS)
        for dataset, _, _ in catalog.refits(law.id):
            assert dataset in rungs["data"].evidence, law.id
        assert all(each.reached == bool(each.evidence) for each in rungs.values())


def test_the_highest_rung_rests_on_form_and_values(catalog: Catalog) -> None:
    for law in catalog.laws():
        rungs = ladder(catalog, law)
        reached = [each.name for each in rungs if each.reached]
        top = highest(rungs)
        assert top in reached
        if top not in ("cited", "equation"):
            assert {"cited", "equation", "coefficients"} <= set(reached)
    assert highest(ladder(catalog, catalog.law("hoffmann2022/parametric"))) == "replicated"


def test_recipes_and_results_belong_together() -> None:
    contents = read_contents(ROOT / "catalog")
    name = "reproductions/chinchilla-svg.yaml"
    faults = {
        "law: hoffmann2022/parametric": ("law: hoffmann2022/parametrik", "did you mean hoffmann2022/parametric"),
        "against: [besiroglu2024-grid]": ("against: [besiroglu2024-gird]", "did you mean"),
        "  - id: all-rows": ("  - id: every-row", "the results are of the cases"),
        "dataset: chinchilla-svg": ("dataset: chinchila-svg", "did you mean chinchilla-svg"),
    }
    for old, (new, message) in faults.items():
        assert old in contents[name]
        with pytest.raises(InvalidRecords, match=message):
            Catalog.from_contents({**contents, name: contents[name].replace(old, new, 1)})
    with pytest.raises(InvalidRecords, match="it is no JSON"):
        Catalog.from_contents({**contents, "reproductions/results/chinchilla-svg.json": "{"})


def test_the_database_holds_every_verdict(catalog_path: Path, catalog: Catalog) -> None:
    connection = open_database(catalog_path)
    count = connection.execute("SELECT count(*) FROM reproduction").fetchone()[0]
    low = connection.execute(
        "SELECT low, high FROM reproduction_value WHERE reproduction = 'chinchilla-svg/huber' AND symbol = 'alpha'"
    ).fetchone()
    rungs = connection.execute("SELECT count(*) FROM law_rung").fetchone()[0]
    connection.close()
    assert count == sum(len(each["cases"]) for each in catalog.results.values())
    assert low[0] < 0.3473 < low[1]
    assert rungs == len(RUNGS) * len(list(catalog.laws()))


def test_the_command_tells_verdicts_and_its_exit_status(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["reproduce"]) == 0
    assert "chinchilla-svg" in capsys.readouterr().out.split()
    assert cli.main(["reproduce", "chinchilla-svg", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told[0]["cases"]["huber"]["verdict"] == "reproduced"
    assert cli.main(["reproduce", "chinchilla-svg"]) == 0
    assert "published-rounded: not-reproduced, objective 4.047 times the minimum" in capsys.readouterr().out
    assert cli.main(["reproduce", "chinchila"]) == 2
    assert "did you mean chinchilla-svg?" in capsys.readouterr().err


def test_a_result_that_differs_is_told(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "chinchilla-svg"
    folder.mkdir()
    source = Path(os.environ["SCALINGLAWS_DATA"]) / "chinchilla-svg" / "svg_extracted_data.csv"
    lines = source.read_text(encoding="utf-8").splitlines()
    (folder / source.name).write_text("\n".join(lines[:-20]) + "\n", encoding="utf-8")
    monkeypatch.setenv("SCALINGLAWS_DATA", str(tmp_path))
    assert cli.main(["reproduce", "chinchilla-svg"]) == 1
    printed = capsys.readouterr()
    assert "numbers differ from those committed" in printed.out
    assert "differs from the record" in printed.err


def test_the_band_holds_the_refit() -> None:
    results = json.loads((ROOT / "catalog/reproductions/results/chinchilla-svg.json").read_text(encoding="utf-8"))
    band = results["cases"]["huber"]["band"]
    low, middle, high = (np.array(band[name]) for name in ("low", "y", "high"))
    assert (low <= middle).all()
    assert (middle <= high).all()
    assert len(band["x"]) == len(middle) == 33


def _numbers(value: Any) -> Any:
    if isinstance(value, dict):
        for each in value.values():
            yield from _numbers(each)
    elif isinstance(value, list):
        for each in value:
            yield from _numbers(each)
    elif isinstance(value, float):
        yield value


@pytest.mark.parametrize("name", RECIPES)
def test_results_hold_no_rows_of_the_data(name: str) -> None:
    """What is committed is summaries: no list in it is as long as a table of runs."""
    text = (ROOT / "catalog/reproductions/results" / f"{name}.json").read_text(encoding="utf-8")

    def longest(value: Any) -> int:
        if isinstance(value, dict):
            return max((longest(each) for each in value.values()), default=0)
        return max(len(value), *(longest(each) for each in value), 0) if isinstance(value, list) and value else 0

    assert longest(json.loads(text)) <= 40
    assert all(np.isfinite(each) for each in _numbers(json.loads(text)))
