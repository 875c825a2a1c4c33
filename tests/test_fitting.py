"""The fitting engine: every choice, its diagnostics, what it says of bad input, and laws of every kind."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from scalinglaws import library, progress
from scalinglaws.fitting.conditions import ConditionError, rows_that
from scalinglaws.fitting.derivatives import Derivatives, ImplicitDerivatives, linear_coefficients
from scalinglaws.fitting.fit import Fitted, fit
from scalinglaws.fitting.objective import Objective
from scalinglaws.fitting.optimizers import OPTIMIZERS
from scalinglaws.fitting.spans import spans
from scalinglaws.fitting.table import read_columns, runs
from scalinglaws.formulas.expression import Equation, parse
from scalinglaws.library import InputError

Array = NDArray[np.float64]
POWERS = "L = E + A/N**alpha + B/D**beta"
TRUTH = {"E": 1.7, "A": 400.0, "alpha": 0.34, "B": 2000.0, "beta": 0.37}
EXACT: dict[str, Any] = {"objective": "squares"}


def powers(rows: int = 60, noise: float = 0.0, seed: int = 0) -> dict[str, Array]:
    rng = np.random.default_rng(seed)
    size, tokens = 10 ** rng.uniform(7, 10, rows), 10 ** rng.uniform(9, 12, rows)
    loss = 1.7 + 400 / size**0.34 + 2000 / tokens**0.37
    return {"N": size, "D": tokens, "L": loss * np.exp(rng.normal(0, noise, rows)) if noise else loss}


def line(rows: int = 40, noise: float = 0.3) -> dict[str, Array]:
    rng = np.random.default_rng(3)
    x = np.linspace(0, 10, rows)
    return {"x": x, "y": 2 + 0.5 * x + rng.normal(0, noise, rows)}


# --- choices ---


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_comes_near_the_same_optimum(optimizer: str) -> None:
    data = powers(noise=0.02)
    best = fit(data, formula=POWERS, objective="squares")
    found = fit(data, formula=POWERS, objective="squares", optimizer=optimizer, starts=3)
    assert best.objective <= found.objective * (1 + 1e-9)
    assert found.objective == pytest.approx(best.objective, rel=0.1 if optimizer in ("adam", "adagrad") else 1e-5)
    assert found.settings["optimizer"] == optimizer


@pytest.mark.parametrize("kind", ["huber", "absolute", "squares"])
def test_least_squares_of_scipy_minimises_the_same_weighted_objective(kind: str) -> None:
    data = powers(noise=0.02)
    data["w"] = np.random.default_rng(1).integers(1, 4, 60).astype(float)
    best = fit(data, formula=POWERS, objective=kind, delta=1e-2, weights="w")
    found = fit(data, formula=POWERS, objective=kind, delta=1e-2, weights="w", optimizer="least-squares", starts=2)
    assert found.objective == pytest.approx(best.objective, rel=1e-2 if kind == "absolute" else 1e-6)


@pytest.mark.parametrize(
    "initialisation", ["data", "grid", "random", {name: [value, 1.3 * value] for name, value in TRUTH.items()}]
)
def test_every_initialisation_reaches_the_optimum(initialisation: Any) -> None:
    found = fit(powers(), formula=POWERS, initialisation=initialisation, **EXACT)
    assert found.coefficients == pytest.approx(TRUTH, rel=1e-6)


def test_explicit_starts_are_followed_as_given() -> None:
    found = fit(
        powers(),
        formula=POWERS,
        initialisation={**{name: [value] for name, value in TRUTH.items()}, "alpha": [0.2, 0.3]},
    )
    assert found.starts["count"] == 2
    with pytest.raises(InputError, match="no values to start from are given for A, alpha"):
        fit(powers(), formula=POWERS, initialisation={"E": [1], "B": [1], "beta": [1]})
    with pytest.raises(InputError, match="at most 20000"):
        fit(powers(), formula=POWERS, initialisation={name: list(range(1, 9)) for name in TRUTH})


@pytest.mark.parametrize("kind", ["huber", "squares", "absolute"])
def test_a_weight_of_two_counts_as_a_repeated_row(kind: str) -> None:
    data = powers(30, noise=0.05)
    times = np.random.default_rng(5).integers(1, 4, 30)
    weighed = fit({**data, "w": times}, formula=POWERS, objective=kind, weights="w")
    repeated = fit({name: np.repeat(each, times) for name, each in data.items()}, formula=POWERS, objective=kind)
    assert weighed.objective == pytest.approx(repeated.objective, rel=1e-9)
    assert weighed.coefficients == pytest.approx(repeated.coefficients, rel=1e-4)
    assert any("repeated" in each for each in repeated.warnings)


def test_bounds_hold_and_are_named_where_they_bind() -> None:
    found = fit(powers(), formula=POWERS, bounds={"alpha": (0.1, 0.3)}, **EXACT)
    assert found.coefficients["alpha"] == pytest.approx(0.3)
    assert found.identifiability["at_bounds"] == ["alpha"]
    assert "alpha ended at a bound" in found.warnings
    assert fit(powers(), formula=POWERS, bounds={"alpha": (0.1, 0.5)}, **EXACT).identifiability["at_bounds"] == []
    open_end = fit(powers(), formula=POWERS, bounds={"E": (0, math.inf), "A": (0, math.inf)}, **EXACT)
    assert open_end.coefficients == pytest.approx(TRUTH, rel=1e-6)
    json.dumps(open_end.as_dict(), allow_nan=False)


def test_fixed_and_tied_coefficients_are_kept_and_reported() -> None:
    found = fit(powers(), formula=POWERS, fixed={"E": 1.7}, tied={"beta": "alpha + 0.03"}, **EXACT)
    assert found.coefficients == pytest.approx(TRUTH, rel=1e-6)
    assert found.free == ["A", "alpha", "B"]
    assert found(N=1e8, D=1e10) == pytest.approx(1.7 + 400 / 1e8**0.34 + 2000 / 1e10**0.37, rel=1e-6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"fixed": {"alpa": 1}}, "alpa is no coefficient of the law; did you mean alpha"),
        ({"tied": {"beta": "gamma"}}, "tied to gamma, which is no free coefficient"),
        ({"tied": {"beta": "alpha = 1"}}, "tied to an expression such as"),
        ({"tied": {"beta": "alpha"}, "fixed": {"beta": 1}}, "beta is both fixed and tied"),
        ({"fixed": TRUTH}, "every coefficient is fixed or tied"),
        ({"bounds": {"gamma": (0, 1)}}, "bounds are given for gamma"),
        ({"bounds": {"alpha": (1, 0)}}, "the lower one comes first"),
        ({"objective": "cubes"}, "'cubes' is no objective; choose one of huber, squares, absolute"),
        ({"on": "sqrt"}, "choose one of log, raw"),
        ({"optimizer": "sgd"}, "'sgd' is no optimizer; choose one of newton"),
        ({"initialisation": "zeros"}, "choose one of data, grid, random"),
        ({"delta": 0}, "delta must be a number greater than zero"),
        ({"delta": math.nan}, "delta must be a number greater than zero"),
        ({"starts": 0}, "at least one start"),
        ({"bootstrap": -1}, "at least two resamplings"),
        ({"bootstrap": 1}, "at least two resamplings"),
        ({"cross_validate": 1}, "takes from 2 to 60 folds"),
        ({"profile": ["gamma"]}, "gamma is no free coefficient"),
        ({"drop_highest": -1}, "not negative"),
        ({"drop_highest": 60}, "would leave no rows"),
    ],
)
def test_a_wrong_choice_is_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        fit(powers(), formula=POWERS, **options)


def test_held_out_rows_are_only_predicted() -> None:
    found = fit(powers(), formula=POWERS, holdout="N > 1e9", **EXACT)
    assert found.holdout is not None
    assert found.n + found.holdout["n"] == 60
    assert found.holdout["rmse_log"] < 1e-6
    assert fit(powers(), formula=POWERS, **EXACT).holdout is None


def test_cross_validation_foretells_the_noise() -> None:
    found = fit(line(200), formula="y = a + b*x", objective="squares", on="raw", cross_validate=5)
    assert found.cross_validation is not None
    assert found.cross_validation["folds"] == 5
    assert found.cross_validation["rmse"] == pytest.approx(0.3, rel=0.15)


def test_the_profile_of_a_line_is_the_textbook_s_interval() -> None:
    data = line()
    found = fit(data, formula="y = a + b*x", objective="squares", on="raw", profile=["a", "b"])
    design = np.column_stack([np.ones(40), data["x"]])
    value, squares, *_ = np.linalg.lstsq(design, data["y"], rcond=None)
    assert list(found.coefficients.values()) == pytest.approx(value, rel=1e-9)
    assert found.objective == pytest.approx(float(squares[0]), rel=1e-12)
    # The likelihood rises by its quantile where the sum of squares has grown by exp(3.84/n).
    reach = math.sqrt(squares[0] * math.expm1(3.841458820694124 / 40))
    for number, name in enumerate(found.coefficients):
        half = reach * math.sqrt(np.linalg.inv(design.T @ design)[number, number])
        step = np.ptp(found.profiles[name]["values"]) / 40
        assert found.profiles[name]["low"] == pytest.approx(value[number] - half, abs=1.01 * step)
        assert found.profiles[name]["high"] == pytest.approx(value[number] + half, abs=1.01 * step)


def test_an_unbounded_profile_says_so() -> None:
    data = powers(40, noise=0.01)
    data["D"] = np.full(40, 1e10)
    found = fit(data, formula=POWERS, fixed={"beta": 0.37}, objective="squares", profile=["B"])
    assert found.profiles["B"]["low"] is None


def test_the_bootstrap_repeats_by_its_seed_and_not_otherwise() -> None:
    data = powers(noise=0.02)
    one, again, other = (fit(data, formula=POWERS, bootstrap=50, seed=seed) for seed in (1, 1, 2))
    assert one.intervals == again.intervals
    assert one.covariance == again.covariance
    assert one.intervals != other.intervals
    assert one.coefficients == pytest.approx(other.coefficients, rel=1e-6)


def test_bootstrap_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    inside = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        x = rng.uniform(1, 100, 50)
        y = 3 * x**-0.5 * np.exp(rng.normal(0, 0.1, 50))
        ends = fit({"x": x, "y": y}, formula="y = a*x**(-b)", objective="squares", bootstrap=200).intervals["b"]
        inside.append(ends["low"] <= 0.5 <= ends["high"])
    assert 33 <= sum(inside) <= 40


def test_the_sensitivity_lists_the_analyst_s_choices() -> None:
    data = powers(noise=0.01)
    data["L"][7] *= 1.5
    found = fit(data, formula=POWERS, sensitivity=True)
    choices = [row["choice"] for row in found.sensitivity]
    assert choices[:5] == ["as asked", "squares", "absolute", "huber, delta 0.0001", "huber, delta 0.01"]
    assert "huber on raw" in choices
    assert any(each.startswith("without") for each in choices)
    assert found.sensitivity[0]["coefficients"] == pytest.approx(found.coefficients, rel=1e-6)


def test_a_law_of_the_catalog_takes_columns_conditions_and_lets(catalog_path: Path) -> None:
    data = powers()
    columns = {"Model Size": data["N"], "FLOP": 6 * data["N"] * data["D"], "loss": data["L"], "kind": ["a", "b"] * 30}
    found = fit(
        columns, "hoffmann2022/parametric", map={"N": "Model Size", "C": "FLOP", "L": "loss"}, let={"D": "C/(6*N)"},
        where=["kind == 'a' or `Model Size` > 1e8", "C > 0"], path=catalog_path, **EXACT,
    )  # fmt: skip
    assert found.law == "hoffmann2022/parametric"
    assert found.coefficients == pytest.approx(TRUTH, rel=1e-6)
    assert sum(len(rows) for rows in found.dropped.values()) == 60 - found.n > 0


# --- properties ---

FEW = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@FEW
@given(seed=st.integers(0, 1000), power=st.integers(-9, 3))
def test_another_unit_of_a_column_only_rescales_its_coefficient(seed: int, power: int) -> None:
    data = powers(40, noise=0.02, seed=seed)
    one = fit(data, formula=POWERS, objective="squares")
    other = fit({**data, "N": data["N"] * 10.0**power}, formula=POWERS, objective="squares")
    assert other.objective == pytest.approx(one.objective, rel=1e-9)
    scaled = {**one.coefficients, "A": one.coefficients["A"] * 10.0 ** (power * one.coefficients["alpha"])}
    if one.coefficients["A"] > 1e-6 and one.identifiability["condition"] < 1e10:
        assert other.coefficients == pytest.approx(scaled, rel=1e-3)


@FEW
@given(seed=st.integers(0, 1000), kind=st.sampled_from(["huber", "squares", "absolute"]))
def test_all_rows_twice_double_the_objective(seed: int, kind: str) -> None:
    data = powers(40, noise=0.02, seed=seed)
    one = fit(data, formula=POWERS, objective=kind)
    two = fit({name: np.tile(each, 2) for name, each in data.items()}, formula=POWERS, objective=kind)
    assert two.objective == pytest.approx(2 * one.objective, rel=1e-8)


@FEW
@given(seed=st.integers(0, 1000))
def test_the_order_of_the_rows_does_not_matter(seed: int) -> None:
    data = powers(40, noise=0.02, seed=seed)
    order = np.random.default_rng(seed).permutation(40)
    one = fit(data, formula=POWERS)
    other = fit({name: each[order] for name, each in data.items()}, formula=POWERS)
    assert other.objective == pytest.approx(one.objective, rel=1e-9)


# --- laws of every kind ---


def test_an_implicit_law_is_fitted(catalog_path: Path) -> None:
    law = library.law("alabdulmohsin2022/m4", path=catalog_path)
    truth = {"L_inf": 0.1, "L0": 1.0, "alpha": 0.8, "beta": 5.0, "c": -0.5}
    x = np.geomspace(20, 2e4, 30)
    loss = law.compiled()({**truth, "x": x})
    found = fit({"x": x, "L": loss}, law.id, fixed={"L0": 1.0}, path=catalog_path, **EXACT)
    assert found.output == "L"
    assert found.coefficients == pytest.approx(truth, rel=1e-4)


def test_a_law_with_index_sets_is_fitted_by_flat_names(catalog_path: Path) -> None:
    law = library.law("ye2024/multi-domain", path=catalog_path)
    values = law.document["fits"][0]["values"]
    shares = np.random.default_rng(0).dirichlet(np.ones(5), 40)
    data = {name: shares[:, j] for j, name in enumerate(n for n in law.compiled().arguments if n.startswith("r_"))}
    data["L"] = law.compiled()({**values, **data})
    output = law.document["output"]["symbol"]
    found = fit({**data, output: data["L"]}, law.id, path=catalog_path, on="raw", **EXACT)
    # Shares that sum to one leave one shift between k and the t free: the values of the law are what is found.
    assert found.objective < 1e-12
    assert found.identifiability["flat_directions"]
    fixed = fit({**data, output: data["L"]}, law.id, fixed={"k": values["k"]}, path=catalog_path, on="raw", **EXACT)
    assert fixed.coefficients == pytest.approx(values, rel=1e-4)


@pytest.mark.parametrize(
    ("formula", "truth", "variables"),
    [
        ("y = min(0.9, a*x**b)", {"a": 0.05, "b": 0.6}, {"x": np.geomspace(1, 1e3, 40)}),
        ("y = a*x**(-b) if x < 50 else a*50**(-b) + c*(x - 50)", {"a": 3.0, "b": 0.5, "c": 0.01}, {"x": np.geomspace(1, 1e3, 40)}),
        ("y = a*exp(-b*x) + c*exp(-d*x)", {"a": 3.0, "b": 2.0, "c": 1.0, "d": 0.1}, {"x": np.linspace(0, 20, 50)}),
        ("y = (a + b*x)/(1 + c*x + d*x**2)", {"a": 1.0, "b": 0.5, "c": 0.2, "d": 0.03}, {"x": np.linspace(0, 30, 50)}),
        ("y = a + b*log(x) + c*log(x)**2", {"a": 1.0, "b": -0.5, "c": 0.02}, {"x": np.geomspace(1, 1e6, 30)}),
        ("y = k*x**p*z**q", {"k": 1e-7, "p": 0.7, "q": -1.6}, {"x": np.geomspace(1, 1e6, 30), "z": 1 + np.arange(30) % 7}),
        (
            "y = a + b*x**(-c0)*(1 + (x/d)**(1/f))**(-c1*f)",
            {"a": 0.2, "b": 5.0, "c0": 0.1, "d": 3e4, "f": 0.4, "c1": 0.5},
            {"x": np.geomspace(10, 1e8, 60)},
        ),
        ("y = E + A/N**a + B/(U*(1 + R*(1 - exp(-e/R))))**b", {"E": 1.9, "A": 500.0, "a": 0.35, "B": 1500.0, "b": 0.35, "R": 15.0},
         {"N": 10.0 ** (7 + np.arange(72) % 4), "U": 10.0 ** (8 + (np.arange(72) // 4) % 3), "e": 0.3 * 3.0 ** (np.arange(72) // 12)}),
    ],
)  # fmt: skip
def test_exact_data_give_the_coefficients_back(
    formula: str, truth: dict[str, float], variables: dict[str, Array]
) -> None:
    from scalinglaws.formulas.evaluation import Compiled, Formula

    node = parse(formula)
    assert isinstance(node, Equation)
    output = Compiled(Formula(root=node.right))({**truth, **variables})
    found = fit({**variables, "y": output}, formula=formula, **EXACT)
    assert found.objective < 1e-15
    values = found.coefficients
    if formula.count("exp(") == 2 and values["b"] < values["d"]:
        values = {"a": values["c"], "b": values["d"], "c": values["a"], "d": values["b"]}
    assert values == pytest.approx(truth, rel=1e-5)


def _cases(path: Path) -> Iterator[tuple[str, Any, list[str], dict[str, Any], Array]]:
    """Every law with a worked example and coefficients: its compiled form, and the point with some near it."""
    rng = np.random.default_rng(0)
    for each in library.laws(path=path):
        law = library.law(each["id"], path=path)
        for check in law.document["checks"]:
            fitted: dict[str, float] = next(
                (one["values"] for one in law.document["fits"] if one["id"].endswith(f"/{check['fit']}")), {}
            )
            known = {**fitted, **check["coefficients"], **check["inputs"]}
            known |= {one["symbol"]: one["value"] for one in law.document["constants"]}
            if law.document["expression"] is None:
                break
            try:
                compiled = law.compiled()
            except (library.InputError, ValueError):
                break
            if not set(compiled.arguments) <= set(known):
                continue
            variables = [name for name in compiled.arguments if law.variable(name) is not None]
            constants = {one["symbol"] for one in law.document["constants"]}
            names = [name for name in compiled.arguments if name not in variables and name not in constants]
            data = {
                name: np.float64(known[name]) if name in constants else known[name] * (1 + 0.01 * rng.random(3))
                for name in compiled.arguments
                if name not in names
            }
            if names:
                yield law.id, compiled, names, data, np.array([[float(known[name]) for name in names]])
            break


def assert_same(ours: Any, difference: Array, rel: float, near: float, what: str) -> None:
    """Alike wherever the difference could be taken: beside a branch point one of its sides has no value."""
    sound = np.isfinite(difference)
    assert np.broadcast_to(ours, difference.shape)[sound] == pytest.approx(difference[sound], rel=rel, abs=near), what


def test_slopes_and_curvatures_of_every_law_are_its_differences(catalog_path: Path) -> None:
    tried = 0
    for name, compiled, coefficients, data, at in _cases(catalog_path):
        law: Derivatives
        if compiled.formula.implicit:
            law = ImplicitDerivatives(compiled, coefficients, data)
        else:
            law = Derivatives(compiled.formula.inlined(), coefficients, data)
        with np.errstate(all="ignore"):
            value, slopes = law.slopes(at)
            assert law.value(at) == pytest.approx(value, rel=1e-12, nan_ok=True), name
            second = law.curvatures(at)[2] if law.curved else []
            for j, slope in enumerate(slopes):
                step = np.zeros_like(at)
                step[0, j] = 1e-5 * (abs(at[0, j]) or 1e-3)
                ahead, behind = law.slopes(at + step), law.slopes(at - step)
                size = np.abs(value).max() / (abs(at[0, j]) or 1e-3)
                assert_same(
                    slope, (ahead[0] - behind[0]) / (2 * step[0, j]), 1e-4, 1e-6 * size, f"{name} {coefficients[j]}"
                )
                for (i, k), curvature in zip(law.pairs, second, strict=True) if law.curved else ():
                    if k == j:
                        difference = (ahead[1][i] - behind[1][i]) / (2 * step[0, j])
                        near = 1e-5 * size / (abs(at[0, i]) or 1e-3)
                        assert_same(0.0 if curvature is None else curvature, difference, 1e-3, near, f"{name} {i} {j}")
        tried += 1
    assert tried > 100


def test_linear_coefficients_are_those_that_enter_linearly_together() -> None:
    root = parse("E + A/N**alpha + B*(1 + A*k)")
    assert linear_coefficients(root, ["E", "A", "alpha", "B", "k"]) == ["E", "A"]


def test_spans_are_read_off_the_formula() -> None:
    x = np.linspace(1, 250, 50)
    found = spans(parse("a*exp(-(x - m)**2/w**2) + b*exp(-r*x)"), ["m", "w", "r"], {"x": x}, x)
    assert found["m"].place == (1.0, 250.0)
    assert found["w"].low < 10
    assert found["w"].high > 250
    assert not found["w"].signed
    assert found["r"].low < 1 / 250 < found["r"].high
    assert spans(parse("A/N**alpha"), ["alpha"], {"N": x}, x)["alpha"].high <= 2
    bounded = spans(parse("A/N**alpha"), ["alpha"], {"N": x}, x, bounds={"alpha": (0.1, 0.2)})["alpha"]
    assert (bounded.low, bounded.high) == (0.1, 0.2)


@pytest.mark.parametrize("objective", [Objective("huber", 0.1), Objective("squares"), Objective("absolute")])
def test_the_objective_s_slope_and_curvature_are_its_differences(objective: Objective) -> None:
    at = np.array([-0.5, -0.05, 0.02, 0.3])
    step = 1e-6
    slope = (objective.value(at + step) - objective.value(at - step)) / (2 * step)
    assert objective.slope(at) == pytest.approx(slope, rel=1e-6)
    if objective.kind != "absolute":
        bend = (objective.slope(at + step) - objective.slope(at - step)) / (2 * step)
        assert objective.curvature(at, exact=True) == pytest.approx(bend, abs=1e-6)
    assert objective.eased(1.0)[-1].delta <= 0.1


def test_a_table_of_many_rows_is_guessed_from_some_and_fitted_to_all() -> None:
    data = powers(20_000, noise=0.05)
    found = fit(data, formula=POWERS, objective="squares")
    assert found.n == 20_000
    assert found.coefficients == pytest.approx(TRUTH, rel=0.2)


# --- diagnostics ---


def test_a_good_fit_has_nothing_to_warn_of() -> None:
    found = fit(powers(noise=0.01), formula=POWERS)
    assert found.warnings == []
    assert found.starts["agreeing"] == found.starts["count"]
    assert found.starts["spread"] == 0
    assert found.identifiability["flat_directions"] == []
    assert found.identifiability["condition"] > 1
    assert found.r2 is not None
    assert found.r2 > 0.99


def test_local_minima_are_counted_and_their_spread_told() -> None:
    x = np.linspace(0, 10, 80)
    y = np.exp(-((x - 2) ** 2)) + 0.6 * np.exp(-((x - 8) ** 2)) + 1
    found = fit(
        {"x": x, "y": y}, formula="y = 1 + a*exp(-(x - m)**2)", objective="squares", on="raw", initialisation="random"
    )
    assert found.coefficients["m"] == pytest.approx(2, abs=0.01)
    start = fit({"x": x, "y": y}, formula="y = 1 + a*exp(-(x - m)**2)", objective="squares", on="raw",
                initialisation={"a": [1.0], "m": [1.8, 8.1]})  # fmt: skip
    assert start.starts["count"] == 2
    assert start.starts["agreeing"] == 1
    assert start.starts["spread"] > 0.5


def test_six_runs_do_not_identify_five_coefficients() -> None:
    found = fit(powers(6, noise=0.01), formula=POWERS)
    assert any("6 rows cannot well identify 5 coefficients" in each for each in found.warnings)


def test_a_constant_column_is_named_and_so_is_what_it_leaves_open() -> None:
    data = {**powers(noise=0.01), "D": np.full(60, 1e10)}
    found = fit(data, formula=POWERS)
    assert any(each.startswith("D is 1e+10 in every row") for each in found.warnings)
    named = {name for direction in found.identifiability["flat_directions"] for name in direction}
    assert {"B", "beta"} <= named
    assert any("hardly tell" in each and "beta" in each for each in found.warnings)
    json.dumps(found.as_dict(), allow_nan=False)


def test_a_term_that_the_data_do_not_ask_for_is_named() -> None:
    size = np.geomspace(1e7, 1e10, 40)
    data = {"N": size, "D": np.tile(np.geomspace(1e9, 1e12, 8), 5), "L": 1.7 + 400 / size**0.34}
    data["L"] = data["L"] * (1 + 1e-4 * np.log(data["D"]))  # rises with D, which no B > 0 can
    found = fit(data, formula=POWERS, bounds={"B": (0, math.inf)}, objective="squares")
    assert found.coefficients["B"] >= 0
    assert any("B" in each for each in found.warnings)


def test_small_coefficients_that_matter_have_not_vanished() -> None:
    flops = np.geomspace(1e18, 1e22, 30)
    found = fit({"C": flops, "L": 1 + 1e-23 * flops}, formula="L = E + k*C", objective="squares")
    assert found.coefficients == pytest.approx({"E": 1.0, "k": 1e-23}, rel=1e-6)
    assert not any("zero" in each for each in found.warnings)


def test_constant_output_is_fitted_and_has_no_r2() -> None:
    found = fit({"x": np.arange(1.0, 9), "y": np.full(8, 2.0)}, formula="y = a + b*x", objective="squares", on="raw")
    assert found.coefficients == pytest.approx({"a": 2.0, "b": 0.0}, abs=1e-9)
    assert found.r2 is None
    json.dumps(found.as_dict(), allow_nan=False)


# --- bad input ---


def csv(folder: Path, text: str | bytes) -> Path:
    path = folder / "runs.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


GOOD = "".join(f"{x},{2 / x + 1}\n" for x in range(1, 12))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "runs.csv is empty"),
        ("\n\n", "runs.csv is empty"),
        ("x,y\n", "the table has no rows"),
        ("x,x,y\n1,2,3\n", "names the column x twice"),
        ("x,y\n1,2\n3\n", "has 2 columns, but row 2 has 1 cells"),
        (b"x,y\n\xff\xfe,2\n", "no CSV in UTF-8"),
        ("x;y\n1;2\n", "divided by semicolons or tabs"),
        ("X,y\n" + GOOD, "the formula holds no column|no column is given for x"),
        ("x,loss\n" + GOOD, "no column is given for y"),
        ("x,y\n1,2\n", "1 rows are left for 3 coefficients"),
        ("x,y\na,2\nb,3\n", "holds no numbers but 'a'"),
        ("x,y\n1,0\n2,-1\n3,0\n", "no rows are left: 3 rows left out .y is zero or negative"),
    ],
)
def test_a_table_that_cannot_be_fitted_is_refused(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        fit(csv(tmp_path, text), formula="y = a/x**b + c")


def test_there_is_no_file(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(InputError, match="there is no file"):
            fit(path, formula="y = a*x")


def test_rows_left_out_are_numbered_and_told(tmp_path: Path) -> None:
    found = fit(
        csv(tmp_path, "x,y\n" + GOOD + "oops,2\n13,0\n14,-3\n15,\n16,inf\n" + "1" + "0" * 400 + ",2\n"),
        formula="y = a/x**b + c",
    )
    assert found.n == 11
    assert found.dropped == {
        "x is no number": [12, 17],
        "y is no number": [15, 16],
        "y is zero or negative, and has no logarithm": [13, 14],
    }
    assert any("2 rows left out (x is no number): 12, 17" in each for each in found.warnings)
    raw = fit({"x": [1, 2, 3, 4], "y": [1.0, 0.0, -1.0, -2.0]}, formula="y = a + b*x", on="raw")
    assert raw.n == 4


def test_missing_columns_name_the_nearest() -> None:
    with pytest.raises(
        InputError, match=r"N is mapped to the column 'Model size', which is not there; did you mean Model Size\?"
    ):
        fit({"Model Size": [1.0, 2], "L": [1.0, 2]}, formula="L = a/N", map={"N": "Model size"})
    with pytest.raises(InputError, match="D = C/6: there is no symbol or column C; the table has N, L"):
        fit({"N": [1.0, 2], "L": [1.0, 2]}, formula="L = a/D", let={"D": "C/6"})


def test_repeated_rows_are_told() -> None:
    data = {name: np.append(each, each[3]) for name, each in powers(20).items()}
    assert "1 row repeated, such as row 4: each counts every time" in fit(data, formula=POWERS).warnings


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"holdout": "x > 0"}, "every row is held out"),
        ({"where": "x > 1e9"}, "no rows are left"),
        ({"where": "x >"}, "cannot be read; write one such as C >= 1e21"),
        ({"where": "z > 1"}, "names z, which is neither a symbol nor a column; there are x, y"),
        ({"where": "x + 1"}, "no comparison"),
        ({"where": "x > 'a'"}, "compares a text with a number"),
        ({"where": "__import__('os').system('true') == 0"}, "no number, text or name"),
        ({"where": "x.__class__ == 1"}, "no number, text or name"),
        ({"where": "(lambda: 1)() == 1"}, "no number, text or name"),
        ({"where": "[1][0] == 1"}, "no number, text or name"),
        ({"where": "x in y"}, "compares with"),
        ({"where": "x > True"}, "no number, text or name"),
        ({"where": "x > 1j"}, "no number, text or name"),
        ({"where": "(" * 500 + "x" + ")" * 500 + " > 1"}, "cannot be read"),
        ({"where": "x > " + "1" * 3000}, "at most 2000"),
        ({"let": {"z": "__import__('os')"}}, "z = __import__"),
        ({"weights": "x2"}, "weights is mapped to the column 'x2'"),
        ({"formula": "y = a*x^b"}, r"\*\*"),
        ({"formula": "a*x"}, "write the formula as an equation"),
        ({"formula": "y = a*y + x"}, "y stands on both sides"),
        ({"formula": "y = x"}, "nothing to fit"),
        ({"formula": "y = a + b"}, "the formula holds no column"),
        ({"formula": "y = a*x.real"}, "formula|cannot|not"),
        ({"formula": "y = __import__('os')*a*x"}, "__import__"),
        ({"formula": None}, "give either a law of the catalog or a formula"),
    ],
)
def test_malformed_and_hostile_calls_are_named(options: dict[str, Any], message: str) -> None:
    data = {"x": np.arange(1.0, 20), "y": 1 + 1 / np.arange(1.0, 20)}
    with pytest.raises(InputError, match=message):
        fit(data, **{"formula": "y = a/x**b + c", **options})


def test_endless_powers_in_conditions_end() -> None:
    began = time.monotonic()
    fit(powers(), formula=POWERS, where="N > 9**9**9**9 or N > 0", **EXACT)
    fit(powers(), formula=POWERS, where="N/0 > 1", **EXACT)
    assert time.monotonic() - began < 60


def test_conditions_read_numbers_among_texts() -> None:
    columns = {"x": np.array(["1", "two", "3"], dtype=object)}
    assert rows_that("x > 2", columns, 3).tolist() == [False, False, True]
    assert rows_that("not x == 'two' and -x < 0", columns, 3).tolist() == [True, False, True]
    assert rows_that("1 < x <= 3", columns, 3).tolist() == [False, False, True]
    with pytest.raises(ConditionError, match="compares a text with a number"):
        rows_that("x > 2", {"x": np.array(["a", "b"], dtype=object)}, 2)


def test_an_unknown_law_is_named(catalog_path: Path) -> None:
    with pytest.raises(library.UnknownName, match="hoffmann2022/parametric"):
        fit(powers(), "hoffmann2022/parametrik", path=catalog_path)


class Frame:
    """What a data frame looks like from outside."""

    def __init__(self, columns: dict[str, Any], names: list[str] | None = None) -> None:
        self.values = columns
        self.columns = names or list(columns)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def test_data_frames_and_mappings_are_tables() -> None:
    assert fit(Frame(powers()), formula=POWERS, **EXACT).coefficients == pytest.approx(TRUTH, rel=1e-6)
    assert fit({name: list(each) for name, each in powers().items()}, formula=POWERS).n == 60
    with pytest.raises(InputError, match="names the column x twice"):
        fit(Frame({"x": [1], "y": [1]}, ["x", "x", "y"]), formula="y = a*x")
    for data, message in (
        (3, "a table is a CSV or Parquet file, a mapping or a data frame, not int"),
        ({}, "the table has no columns"),
        ({"x": [1, 2], "y": [1]}, "the columns differ in length"),
        ({"x": 1, "y": [1]}, "the column 'x' is 1, not a list"),
    ):
        with pytest.raises(InputError, match=message):
            fit(data, formula="y = a*x")
    huge = read_columns({"x": [1, 10**400, None, ""]})["x"]
    assert huge[1] == math.inf
    assert np.isnan(huge[2:]).all()


def test_parquet_says_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    path = tmp_path / "runs.parquet"
    path.write_bytes(b"PAR1")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match="needs the package pyarrow"):
        fit(path, formula="y = a*x")


def test_rows_keep_their_numbers() -> None:
    found = runs({"x": [1.0, 2, 3, 4], "y": [1.0, -1, 3, 4]}, ["x"], "y", where=["x != 3"])
    assert found.rows.tolist() == [1, 4]
    assert [str(each) for each in found.dropped] == [
        "1 row left out (not x != 3): 3",
        "1 row left out (y is zero or negative, and has no logarithm): 2",
    ]


# --- what is told ---


def test_a_fit_says_what_it_needs_to_be_evaluated() -> None:
    found = fit(powers(), formula=POWERS, **EXACT)
    assert found(N=np.array([1e8, 1e9]), D=1e10).shape == (2,)
    with pytest.raises(InputError, match="needs a value for D"):
        found(N=1e8)


def test_long_work_is_told_on_a_terminal_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter(np.arange(0, 100, 1.5))
    monkeypatch.setattr("scalinglaws.progress.time.monotonic", lambda: float(next(moments)))
    assert list(progress.told(range(0, 10, 2), "resamplings", 10, 2)) == [0, 2, 4, 6, 8]
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("scalinglaws.progress.sys.stderr.isatty", lambda: True, raising=False)
    assert list(progress.told(range(0, 10, 2), "resamplings", 10, 2)) == [0, 2, 4, 6, 8]
    told = capsys.readouterr()
    assert "4 of 10 resamplings" in told.err
    assert told.out == ""


def test_no_number_that_json_lacks_is_told() -> None:
    found = fit(
        powers(8),
        formula=POWERS,
        bounds={"E": (-math.inf, math.inf)},
        bootstrap=20,
        cross_validate=2,
        profile=["E"],
        sensitivity=True,
    )
    text = json.dumps(found.as_dict(), allow_nan=False)
    assert isinstance(found, Fitted)
    assert json.loads(text)["settings"]["bounds"]["E"] == [None, None]


FORMS = [
    "y = a + b*x", "y = a/x**b + c", "y = a*exp(-b*x) + c", "y = a*x**b*z**c", "y = E + A/x**al + B/z**be",
    "y = (a + b*x)/(1 + c*x)", "y = sqrt(a + b*x)", "y = max(a, b*x**c)", "y = a + b*x if x < k else c",
    "y = abs(a*x - b)**c", "y = 1/(1 + exp(a - b*x))", "y = a*lgamma(x) + b", "y = a*b*x", "y = (x - a)**b",
]  # fmt: skip


def odd_column(rng: np.random.Generator, rows: int) -> Any:
    """Constant, whole, huge, holed, a word among numbers, or ordinary."""
    kind = rng.integers(0, 6)
    if kind == 0:
        return np.full(rows, rng.choice([0.0, 1.0, 1e300, -5.0]))
    if kind == 1:
        return rng.integers(0, 3, rows).astype(float)
    values = rng.normal(0, 1, rows) * (10.0 ** rng.integers(-200, 200) if kind == 2 else 1.0)
    if kind == 3:
        values[rng.integers(0, rows)] = rng.choice([np.nan, np.inf, -np.inf])
    if kind == 4:
        return [*map(str, values[:-1]), "x"]
    return values if kind == 2 else 10 ** rng.uniform(-3, 12, rows)


@pytest.mark.parametrize("seed", range(40))
def test_any_table_brings_an_answer_or_a_refusal_that_says_why(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(1, 30))
    data = {name: odd_column(rng, rows) for name in "xyz"}
    options: dict[str, Any] = {
        "formula": FORMS[seed % len(FORMS)],
        "objective": ["huber", "squares", "absolute"][int(rng.integers(0, 3))],
        "on": ["log", "raw"][int(rng.integers(0, 2))],
        "bootstrap": 5 * int(rng.integers(0, 2)),
        "sensitivity": bool(rng.integers(0, 2)),
    }
    try:
        found = fit(data, **options)
    except InputError as error:
        assert len(str(error)) > 20
    else:
        json.dumps(found.as_dict(), allow_nan=False)


def test_another_count_of_a_variable_is_one_more_choice() -> None:
    sizes = np.geomspace(1e7, 1e10, 12)
    table = {"N": sizes, "N_body": sizes - 5e6, "L": 2 + 300 / sizes**0.3}
    found = fit(table, formula="L = E + A/N**alpha", sensitivity=True, instead={"N": "N_body"})
    choices = {each["choice"]: each for each in found.sensitivity}
    assert choices["as asked"]["coefficients"]["alpha"] == pytest.approx(0.3, rel=1e-6)
    other = choices["N from N_body"]
    assert other["coefficients"]["alpha"] < 0.29
    assert other["objective"] > 1e6 * max(choices["as asked"]["objective"], 1e-20)
    with pytest.raises(InputError, match=r"did you mean N_body"):
        fit(table, formula="L = E + A/N**alpha", sensitivity=True, instead={"N": "N_bdy"})
