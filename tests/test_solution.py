"""Solving, optimising and differentiating: against SymPy, against closed forms, and where there is no answer."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import scalinglaws as sl
from scalinglaws.cli import main
from scalinglaws.formulas.calculus import NotDifferentiable, NotInvertible, derivative, isolate
from scalinglaws.formulas.evaluation import Compiled, EvaluationError, Formula
from scalinglaws.formulas.expression import Equation, parse
from scalinglaws.formulas.optimum import NoOptimum, optimize
from scalinglaws.formulas.solution import NoSolution, SeveralSolutions, solve
from sympy_reference import sympy_value

FORMULAS = [
    "E + A/N**alpha + B/D**beta",
    "((A/N)**(alpha/beta) + B/D)**beta",
    "exp(-A*N**alpha)*sqrt(D) - log(N) + log10(D) + log2(B)",
    "min(A/N, B/D) + max(N**alpha, 2*D)",
    "A*abs(N - D) + (N if N < D else D**2)",
    "N**D",
]
VALUES = {"E": 1.7, "A": 2.5, "B": 3.25, "alpha": 0.35, "beta": 0.28, "N": 4.5, "D": 7.0}


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("symbol", ["N", "D"])
def test_derivatives_agree_with_sympy(text: str, symbol: str) -> None:
    node = parse(text)
    ours = Compiled(Formula(root=derivative(node, symbol)))
    found = ours({name: VALUES[name] for name in ours.arguments})
    exact = {name: sympy.Float(value, 40) for name, value in VALUES.items()}
    variable = sympy.Symbol("variable", positive=True)
    step = sympy.Float("1e-15", 40)
    high, low = ({**exact, symbol: exact[symbol] + sign * step} for sign in (1, -1))
    expected = (sympy_value(node, high) - sympy_value(node, low)) / (2 * step)
    assert variable.is_positive
    assert found == pytest.approx(float(expected), rel=1e-9)


def test_the_gamma_function_has_no_derivative_here() -> None:
    with pytest.raises(NotDifferentiable):
        derivative(parse("lgamma(N)"), "N")


@given(st.sampled_from(FORMULAS[:2]), st.sampled_from(["N", "D"]), st.floats(0.1, 50))
@settings(max_examples=60, deadline=None)
def test_what_is_isolated_solves_the_equation(text: str, symbol: str, at: float) -> None:
    node = parse(text)
    values = {**VALUES, symbol: at}
    target = Compiled(Formula(root=node))({name: values[name] for name in sl_arguments(node)})
    isolated = Compiled(Formula(root=isolate(node, symbol, parse("target"))))
    found = isolated({name: {**values, "target": target}[name] for name in isolated.arguments})
    assert found == pytest.approx(at, rel=1e-6)


def sl_arguments(node: object) -> list[str]:
    return list(Compiled(Formula(root=node)).arguments)  # type: ignore[arg-type]


def test_a_symbol_in_two_places_cannot_be_isolated() -> None:
    with pytest.raises(NotInvertible):
        isolate(parse("N + N**2"), "N", parse("y"))


def compiled(text: str) -> Compiled:
    return Compiled(Formula.read(text))


def test_solving_by_search_where_there_is_no_closed_form() -> None:
    law = compiled("N + log(N)")
    solution = solve(law, {}, "N", 3.0)
    assert solution.method == "root finding"
    assert law({"N": solution.value}) == pytest.approx(3.0, rel=1e-12)


def test_a_law_that_turns_has_several_solutions() -> None:
    law = compiled("d*(a - b*d)")
    with pytest.raises(SeveralSolutions, match="between which two"):
        solve(law, {"a": 1.0, "b": 0.1}, "d", 2.0)
    first = solve(law, {"a": 1.0, "b": 0.1}, "d", 2.0, between=(0.0, 5.0))
    assert first.value == pytest.approx(5 - math.sqrt(5), rel=1e-9)


def test_a_clamp_has_no_single_solution_where_it_holds() -> None:
    law = compiled("min(A/N, 2)")
    assert solve(law, {"A": 1.0}, "N", 0.5).value == pytest.approx(2.0)
    with pytest.raises(NoSolution):
        solve(law, {"A": 1.0}, "N", 3.0)


def test_solving_inverts_every_law_of_one_variable() -> None:
    tried = 0
    for row in sl.laws():
        law = sl.law(row["id"])
        if law.expression is None or len(law.document["variables"]) != 1:
            continue
        variable = law.document["variables"][0]
        if variable["over"] or variable["fitted_range"] is None or variable["domain"] != "positive":
            continue
        low, high = variable["fitted_range"]
        at = math.sqrt(max(low, high * 1e-3) * high)
        for fit in law.document["fits"]:
            if fit["not_stated"]:
                continue
            try:
                value = law(fit=fit["id"], **{variable["symbol"]: at})
                inputs: dict[str, Any] = {law.document["output"]["symbol"]: value}
                found = law.solve(variable["symbol"], fit["id"], None, **inputs)
            except SeveralSolutions:
                continue
            assert law(fit=fit["id"], **{variable["symbol"]: found}) == pytest.approx(value, rel=1e-9), fit["id"]
            tried += 1
    assert tried > 60


def test_no_answer_names_the_floor() -> None:
    law = sl.law("hoffmann2022/parametric", fit="published-rounded")
    with pytest.raises(NoSolution, match=r"the law's floor is E = 1\.69"):
        law.solve("D", L=1.6, N=7e9)


def test_solving_an_implicit_law_for_its_variable() -> None:
    law = sl.law("alabdulmohsin2022/m4")
    coefficients: dict[str, Any] = {"L_inf": 0.1, "L0": 1.0, "alpha": 1.5, "beta": 5.0, "c": -0.5}
    value = law(x=300.0, **coefficients)
    assert law.solve("x", L=value, **coefficients) == pytest.approx(300.0, rel=1e-9)


@pytest.mark.parametrize(
    ("fit", "ratio"), [("published-rounded", 92.6), ("tex-precise", 58.9), ("besiroglu2024", 18.4)]
)
def test_one_budget_under_three_sets_of_coefficients(fit: str, ratio: float) -> None:
    found = sl.law("hoffmann2022/parametric", fit=fit).optimize(("N", "D"), "6*N*D = C", C=5.76e23)
    assert found.ratios["D/N"] == pytest.approx(ratio, abs=0.05)
    for symbol, slug in (("N", "nopt"), ("D", "dopt")):
        closed = sl.law(f"hoffmann2022/{slug}", fit=fit)(C=5.76e23)
        assert found.optimum[symbol] == pytest.approx(closed, rel=1e-12)


def test_chinchilla_from_unrounded_coefficients() -> None:
    found = sl.law("hoffmann2022/parametric", fit="tex-precise").optimize(("N", "D"), "6*N*D = C", C=5.76e23)
    assert found.optimum["N"] == pytest.approx(40e9, rel=0.02)


def test_the_multiplier_is_the_slope_of_the_best_value_in_the_budget() -> None:
    law = sl.law("hoffmann2022/parametric", fit="tex-precise")
    low, middle, high = (law.optimize(("N", "D"), "6*N*D = C", C=c) for c in (9.999e22, 1e23, 1.0001e23))
    slope = (high.output["value"] - low.output["value"]) / 2e19
    assert middle.multiplier == pytest.approx(slope, rel=1e-4)


@pytest.mark.parametrize(
    ("size", "served", "best", "saved"),
    [(30e9, 1e13, 13.6e9, 0.28), (70e9, 1e13, 41.6e9, 0.12), (7e9, 1e11, 6e9, 0.0085), (13e9, 2e12, 7e9, 0.17)],
)
def test_sardana_s_published_optima(size: float, served: float, best: float, saved: float) -> None:
    loss = sl.law("sardana2024/loss", fit="used")
    value = {name: loss.document["fits"][0]["values"][name] for name in ("A", "B", "alpha", "beta")}
    tokens = (value["beta"] * value["B"] / (value["alpha"] * value["A"] / size ** value["alpha"])) ** (
        1 / value["beta"]
    )
    found = sl.law("sardana2024/total-compute", fit="used").optimize(["N"], ell=loss(N=size, D_tr=tokens), D_inf=served)
    assert found.optimum["N"] == pytest.approx(best, rel=0.01)
    assert 1 - found.output["value"] / (6 * size * tokens + 2 * size * served) == pytest.approx(saved, abs=0.006)


@pytest.mark.parametrize(
    ("flops", "size", "tokens", "granularity"),
    [
        (2.95e18, 100e6, 4.37e9, 8),
        (1.93e20, 1e9, 28.94e9, 16),
        (1.41e21, 3e9, 72.90e9, 16),
        (6.46e21, 7e9, 137.60e9, 32),
        (4.16e23, 70e9, 941.07e9, 32),
        (5.69e24, 300e9, 2.96e12, 64),
        (4.97e25, 1e12, 7.94e12, 64),
    ],
)
def test_krajewski_s_table_of_optima(flops: float, size: float, tokens: float, granularity: int) -> None:
    law = sl.law("krajewski2024/granularity", fit="experts-64")
    found = {
        choice: law.optimize(
            ("n", "D"),
            "(12*(64*n)**2*6 + 64*n*64*G*14)*D*n = F",
            lets={"N": "64**2*516*n**3"},
            F=flops,
            G=choice,
        )
        for choice in (4, 8, 16, 32, 64, 128)
    }
    best = min(found, key=lambda choice: found[choice].output["value"])
    assert best == granularity
    assert found[best].variables["N"] / 43 == pytest.approx(size, rel=0.04)
    assert found[best].optimum["D"] == pytest.approx(tokens, rel=0.04)


def test_muennighoff_s_worked_example() -> None:
    unique, matched = (
        25e9,
        sl.law("muennighoff2023/matched-parameters")(fit="dataconstrained/published", N=1e12, U_D=25e9),
    )
    found = sl.law("muennighoff2023/dataconstrained").optimize(
        ("R_N", "R_D"), "6*U_N*(1 + R_N)*U_D*(1 + R_D) = C", U_N=matched, U_D=unique, C=1e22
    )
    # The README searches a grid, so its optimum is one of the grid's points.
    assert matched * (1 + found.optimum["R_N"]) == pytest.approx(7.022e9, rel=0.005)
    assert 1 + found.optimum["R_D"] == pytest.approx(9.493, rel=0.005)


def test_kaplan_s_exponents_come_out_of_his_joint_law() -> None:
    law = sl.law("kaplan2020/n-smin")
    sizes = [law.optimize(("N", "S_min"), "6*N*S_min*B = C", C=c, B=5e5).optimum["N"] for c in (1e20, 1e23)]
    exponent = math.log(sizes[1] / sizes[0]) / math.log(1e3)
    assert exponent == pytest.approx(0.76 / (0.76 + 0.077), rel=1e-6)


@given(st.floats(1e20, 1e26), st.sampled_from([0.97, 1.03]))
@settings(max_examples=25, deadline=None)
def test_an_optimum_beats_its_neighbours(budget: float, nudge: float) -> None:
    law = sl.law("hoffmann2022/parametric", fit="besiroglu2024")
    found = law.optimize(("N", "D"), "6*N*D = C", C=budget)
    size = found.optimum["N"] * nudge
    assert law(N=size, D=budget / (6 * size)) > found.output["value"]


def test_three_free_quantities() -> None:
    law = compiled("1/x + 1/y + 1/z")
    constraint = parse("x + y + z = s")
    assert isinstance(constraint, Equation)
    found = optimize(law, {"s": 6.0}, ("x", "y", "z"), constraint=constraint)
    assert [found.values[name] for name in "xyz"] == pytest.approx([2, 2, 2], rel=1e-6)
    assert found.multiplier == pytest.approx(-0.25, rel=1e-5)


def test_a_kink_is_an_optimum_too() -> None:
    law = compiled("max(x, 8/x**2)")
    assert optimize(law, {}, ("x",)).values["x"] == pytest.approx(2.0, rel=1e-7)


def test_without_bound_there_is_no_optimum() -> None:
    with pytest.raises(NoOptimum, match="as N grows"):
        optimize(compiled("E + A/N"), {"E": 1.0, "A": 2.0}, ("N",))
    with pytest.raises(NoOptimum, match="as N shrinks"):
        optimize(compiled("A/N"), {"A": 2.0}, ("N",), highest=True)


@pytest.mark.parametrize("constraint", ["N + D = C", "6*N*D = N", "6*N*D + D = C", "6*N*D = C - N**2"])
def test_a_constraint_that_adds_parameters_to_tokens_is_refused(constraint: str) -> None:
    law = sl.law("hoffmann2022/parametric", fit="besiroglu2024")
    given: dict[str, Any] = {"C": 1e21} if "C" in constraint else {}
    with pytest.raises(sl.InputError, match="do not measure the same"):
        law.optimize(("N", "D"), constraint, **given)


@pytest.mark.parametrize("constraint", ["2*N*(3*D + 1e12) = C", "price*N + D = C", "6*N*D + 2*N*served = C"])
def test_prices_and_symbols_of_the_caller_s_own_measure_what_they_must(constraint: str) -> None:
    law = sl.law("hoffmann2022/parametric", fit="besiroglu2024")
    own: dict[str, Any] = {name: value for name, value in (("price", 20.0), ("served", 1e12)) if name in constraint}
    assert law.optimize(("N", "D"), constraint, C=1e24 if "price" not in own else 1e13, **own).output["value"] > 1.8


def test_arrays_are_no_input_to_solving() -> None:
    law = sl.law("hoffmann2022/parametric", fit="besiroglu2024")
    with pytest.raises((sl.InputError, EvaluationError, TypeError)):
        law.solve("D", L=np.array([2.0, 2.1]), N=7e9)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["solve", "hoffmann2022/parametric/besiroglu2024", "D", "N=7e9"], 2, "give the output to reach"),
        (["solve", "hoffmann2022/parametric/besiroglu2024", "D", "L=1.5", "N=7e9"], 1, "the law lies between"),
        (["solve", "hoffmann2022/parametric/besiroglu2024", "X", "L=2", "N=7e9"], 2, "no variable 'X'"),
        (["solve", "hoffmann2022/parametric", "D", "L=2", "N=7e9"], 2, "none is the default"),
        (["optimize", "hoffmann2022/parametric/besiroglu2024", "--over", "N,D"], 1, "goes on improving"),
        (
            ["optimize", "hoffmann2022/parametric/besiroglu2024", "--over", "N,D", "--subject-to", "6*N*D"],
            2,
            "a constraint is an equation",
        ),
        (
            ["optimize", "hoffmann2022/parametric/besiroglu2024", "--over", "N,D", "--subject-to", "6*N*D = C"],
            2,
            "needs a value for C",
        ),
        (
            ["optimize", "hoffmann2022/parametric/besiroglu2024", "--over", "N,Q", "D=1e9"],
            2,
            "Q stands neither",
        ),
        (["optimize", "gao2022/kl-bon", "--over", "n"], 2, "say which to look for"),
    ],
)
def test_calls_without_an_answer(
    arguments: list[str], status: int, says: str, capsys: pytest.CaptureFixture[str], catalog_path: Path
) -> None:
    assert main([*arguments, "--database", str(catalog_path)]) == status
    assert says in capsys.readouterr().err


def test_commands_print_json(capsys: pytest.CaptureFixture[str], catalog_path: Path) -> None:
    common = ["--database", str(catalog_path), "--json"]
    assert main(["solve", "hoffmann2022/parametric/tex-precise", "D", "L=2.0", "N=70e9", *common]) == 0
    solved = json.loads(capsys.readouterr().out)
    assert solved["solution"]["symbol"] == "D"
    assert solved["method"] == "closed form"
    call = ["optimize", "hoffmann2022/parametric/tex-precise", "C=5.76e23", "--over", "N,D"]
    assert main([*call, "--subject-to", "6*N*D = C", *common]) == 0
    best = json.loads(capsys.readouterr().out)
    assert set(best) >= {"law", "fit", "given", "optimum", "output", "ratios", "multiplier", "method"}
    assert best["optimum"]["N"] == pytest.approx(4.036e10, rel=1e-3)
