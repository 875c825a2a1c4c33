"""Intervals: only from what says how coefficients vary together; of the curve and of a new run apart."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import scalinglaws as sl
from scalinglaws import cli
from scalinglaws.formulas.evaluation import Compiled, Formula
from scalinglaws.formulas.uncertainty import interval
from scalinglaws.library import InputError

LINE = Compiled(Formula.read("a + b*x"))
VALUES = {"a": 1.0, "b": 2.0, "x": 3.0}
COVARIANCE = {"symbols": ["a", "b"], "matrix": [[0.04, -0.01], [-0.01, 0.09]], "logarithms": []}


def width(found: dict[str, Any]) -> float:
    return float(found["high"] - found["low"])


def test_the_interval_of_a_line_is_the_textbook_s() -> None:
    found = interval(LINE, VALUES, COVARIANCE)
    spread = (0.04 + 2 * 3 * -0.01 + 9 * 0.09) ** 0.5
    assert found["low"] == pytest.approx(7 - 1.959963985 * spread, rel=1e-8)
    assert found["high"] == pytest.approx(7 + 1.959963985 * spread, rel=1e-8)
    assert found["kind"] == "parameter"
    assert found["prediction"] is None


def test_a_new_run_scatters_more_than_the_curve_moves() -> None:
    residual = {"standard_deviation": 0.5, "on": "raw"}
    found = interval(LINE, VALUES, COVARIANCE, residual)
    spread = (0.04 + 2 * 3 * -0.01 + 9 * 0.09 + 0.25) ** 0.5
    assert width(found["prediction"]) == pytest.approx(2 * 1.959963985 * spread, rel=1e-8)
    assert width(found["prediction"]) > width(found)


def test_draws_agree_with_the_linearised_interval_where_the_law_is_linear() -> None:
    residual = {"standard_deviation": 0.5, "on": "raw"}
    drawn = interval(LINE, VALUES, COVARIANCE, residual, draws=200_000, seed=3)
    exact = interval(LINE, VALUES, COVARIANCE, residual)
    for one, other in ((drawn, exact), (drawn["prediction"], exact["prediction"])):
        assert one["low"] == pytest.approx(other["low"], abs=0.02)
        assert one["high"] == pytest.approx(other["high"], abs=0.02)
    assert drawn == interval(LINE, VALUES, COVARIANCE, residual, draws=200_000, seed=3)


def test_a_covariance_of_a_logarithm_multiplies() -> None:
    power = Compiled(Formula.read("A/x**p"))
    covariance = {"symbols": ["A"], "matrix": [[0.01]], "logarithms": ["A"]}
    found = interval(power, {"A": 5.0, "x": 10.0, "p": 1.0}, covariance, draws=100_000)
    assert found["low"] == pytest.approx(0.5 * np.exp(-0.196), rel=0.01)
    assert found["high"] == pytest.approx(0.5 * np.exp(0.196), rel=0.01)
    assert width(interval(power, {"A": 5.0, "x": 10.0, "p": 1.0}, covariance)) == pytest.approx(0.196, rel=1e-3)


def test_an_implicit_law_has_an_interval_too() -> None:
    law = Compiled(Formula.read("y**3 = a*x", output="y", bracket=["0", "100"]))
    found = interval(law, {"a": 1.0, "x": 8.0}, {"symbols": ["a"], "matrix": [[1e-4]], "logarithms": []}, draws=2000)
    # y is the cube root, so its relative spread is a third.
    assert width(found) == pytest.approx(2 * 1.96 * 2 * 0.01 / 3, rel=0.1)


def test_correlations_tighten_the_interval_of_chinchilla_many_times_over() -> None:
    law = sl.law("hoffmann2022/parametric", "refit-huber")
    found = law.evaluate(N=1e9, D=20e9).interval
    assert found is not None
    fit = law.choose()
    assert fit is not None
    matrix = np.diag(np.diag(fit["covariance"]["matrix"])).tolist()
    alone = interval(law.compiled(), {**fit["values"], "N": 1e9, "D": 20e9}, {**fit["covariance"], "matrix": matrix})
    assert width(alone) > 20 * width(found)
    # The bootstrap's own percentiles at this point, from which the covariance was taken: 2.5255 to 2.5314.
    assert width(found) == pytest.approx(0.0059, rel=0.7)
    assert found["low"] < 2.5255
    assert found["high"] > 2.5314


def test_the_exact_minimum_s_interval_holds_the_published_refit_and_not_the_rounded_values() -> None:
    ends = sl.law("hoffmann2022/parametric", "refit-huber").evaluate(draws=4000, N=70e9, D=1.4e12).interval
    assert ends is not None
    assert ends["low"] < sl.law("hoffmann2022/parametric", "besiroglu2024")(N=70e9, D=1.4e12) < ends["high"]
    assert not ends["low"] < sl.law("hoffmann2022/parametric", "published-rounded")(N=70e9, D=1.4e12) < ends["high"]


def test_standard_errors_alone_give_no_interval_and_the_warning_says_why() -> None:
    found = sl.law("hoffmann2022/parametric", "besiroglu2024-notebook").evaluate(N=1e9, D=20e9)
    assert found.interval is None
    assert any("vary together" in warning for warning in found.warnings)


def test_a_derived_law_takes_its_part_of_the_covariance() -> None:
    found = sl.law("hoffmann2022/nopt", "refit-huber").evaluate(C=5.76e23)
    assert found.interval is not None
    assert found.interval["low"] < found.value < found.interval["high"]
    assert found.interval["prediction"] is None


def test_draws_without_a_covariance_are_refused() -> None:
    with pytest.raises(InputError, match="nothing to draw"):
        sl.law("hoffmann2022/parametric", "besiroglu2024").evaluate(draws=100, N=1e9, D=20e9)
    with pytest.raises(InputError, match="from 0 to 1000000, not -1"):
        sl.law("hoffmann2022/parametric", "refit-huber").evaluate(draws=-1, N=1e9, D=20e9)


def test_the_command_prints_both_intervals(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["eval", "hoffmann2022/parametric/refit-huber", "N=1e9", "D=20e9", "--draws", "500"]) == 0
    printed = capsys.readouterr().out
    assert "95% interval of the law's curve: 2.52" in printed
    assert "95% interval of a new run: 2.4" in printed
    assert cli.main(["eval", "hoffmann2022/parametric/refit-huber", "N=1e9", "D=20e9", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["interval"]
    assert told["level"] == 0.95
    assert told["prediction"]["low"] < told["low"]
