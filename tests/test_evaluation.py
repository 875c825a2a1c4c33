"""Compiled formulas against SymPy, against hand-written NumPy, and at the edges."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scalinglaws.formulas.evaluation import Compiled, EvaluationError, Formula
from scalinglaws.formulas.expression import Binary, Call, Choice, Comparison, Negative, Node, Number, Symbol, parse
from scalinglaws.formulas.python_source import function_source
from sympy_reference import sympy_value

NAMES = ["E", "N", "beta", "S", "x"]


def evaluate(text: str, **values: Any) -> Any:
    return Compiled(Formula.read(text))(values)


def nodes() -> st.SearchStrategy[Node]:
    leaves = st.one_of(
        st.sampled_from(NAMES).map(Symbol), st.sampled_from([0.5, 1, 2, 6]).map(lambda v: Number(float(v)))
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(Binary, st.sampled_from("+-*/"), inner, inner),
            st.builds(
                lambda base, power: Binary("**", Call("abs", (base,)), Number(power)),
                inner,
                st.sampled_from([0.5, 2.0]),
            ),
            st.builds(Negative, inner),
            st.builds(lambda a: Call("exp", (Binary("/", a, Binary("+", Number(1.0), Call("abs", (a,)))),)), inner),
            st.builds(lambda a: Call("log", (Binary("+", Number(1.0), Call("abs", (a,))),)), inner),
            st.builds(lambda a, b: Call("max", (a, b)), inner, inner),
            st.builds(lambda a, b, c, d: Choice(Comparison("<", a, b), c, d), inner, inner, inner, inner),
        ),
        max_leaves=12,
    )


@settings(max_examples=150, deadline=None)
@given(nodes(), st.lists(st.floats(0.125, 8, width=16), min_size=5, max_size=5))
def test_numbers_arrays_and_sympy_agree(node: Node, values: list[float]) -> None:
    given_values = dict(zip(NAMES, values, strict=True))
    exact = sympy_value(node, given_values)
    if exact.is_real is not True or exact.is_finite is not True or abs(float(exact)) > 1e12:
        return
    compiled = Compiled(Formula(node))
    used = {name: given_values[name] for name in compiled.arguments}
    try:
        scalar = compiled(used)
    except EvaluationError:
        return
    arrays = compiled({name: np.array([value, value]) for name, value in used.items()}) if used else np.array([scalar])
    scale = max(abs(float(exact)), 1.0)
    assert arrays[0] == pytest.approx(scalar, rel=1e-12, abs=1e-12 * scale)
    # Cancellation between large terms may cost digits; a branch at equality may fall either way.
    if "if" not in compiled.source() and "where" not in compiled.source():
        assert scalar == pytest.approx(float(exact), rel=1e-9, abs=1e-9 * scale)


@settings(max_examples=100, deadline=None)
@given(nodes())
def test_printed_python_reads_back_as_the_same_tree(node: Node) -> None:
    source = function_source("f", NAMES, {}, node, arrays=False)
    text = source.split("return ", 1)[1].strip().replace("math.", "")
    if "pow" in text or " if " in text or "max" in text:
        return
    assert parse(text) == node


def test_parametric_law_is_hand_written_numpy() -> None:
    rng = np.random.default_rng(0)
    N, D = rng.uniform(1e7, 1e11, 1000), rng.uniform(1e9, 1e13, 1000)
    law = evaluate("E + A/N**alpha + B/D**beta", E=1.69, A=406.4, B=410.7, alpha=0.34, beta=0.28, N=N, D=D)
    np.testing.assert_array_equal(law, 1.69 + 406.4 / N**0.34 + 410.7 / D**0.28)


def test_arrays_broadcast() -> None:
    result = evaluate("a*x + y", a=2.0, x=np.arange(3.0)[:, None], y=np.arange(4.0))
    assert result.shape == (3, 4)
    assert evaluate("a + 0*x", a=1.0, x=np.zeros(3)).shape == (3,)
    assert evaluate("2*1 + 0*x", x=np.zeros((0,))).shape == (0,)
    constant = Compiled(Formula.read("a if a < 2 else 3"))({"a": np.array(1.0)})
    assert float(constant) == 1.0


def test_named_parts_come_first() -> None:
    formula = Formula.read("G*(C/6)**a", {"G": "alpha*A", "a": "G/(alpha + A)"})
    compiled = Compiled(formula)
    assert compiled.arguments == ["alpha", "A", "C"]
    assert compiled({"alpha": 2.0, "A": 3.0, "C": 6.0}) == 6.0


def test_piecewise_and_clamps() -> None:
    assert evaluate("1 if x < 2 else 3", x=1.0) == 1.0
    np.testing.assert_array_equal(evaluate("1 if x < 2 else 3", x=np.array([1.0, 2.0])), [1, 3])
    np.testing.assert_array_equal(evaluate("min(0, max(x, y, -5))", x=np.array([-9.0, 9.0]), y=-7.0), [-5, 0])
    np.testing.assert_array_equal(
        evaluate("1 if x > 0 and x < 2 or x == 7 else 0", x=np.array([1.0, 3.0, 7.0])), [1, 0, 1]
    )


def test_broken_law_with_any_number_of_breaks() -> None:
    formula = Formula.read("a + b*x**(-c0)*prod((1 + (x/d[i])**(1/f[i]))**(-c[i]*f[i]) for i in breaks)")
    plain = Compiled(formula, {"breaks": []})
    assert plain({"a": 1.0, "b": 2.0, "c0": 0.5, "x": 4.0}) == 2.0
    one = Compiled(formula, {"breaks": ["1"]})
    assert set(one.arguments) == {"a", "b", "x", "c0", "d1", "f1", "c1"}


def test_overflow_on_the_way_to_a_finite_limit() -> None:
    values = {"x": 1e300, "d": 1.0, "f": 0.01, "c": 1.0}
    assert evaluate("5 + (1 + (x/d)**(1/f))**(-c*f)", **values) == 5.0


@pytest.mark.parametrize(
    ("text", "x"), [("1/x", 0.0), ("log(x)", -1.0), ("x**0.5", -1.0), ("exp(x)", 1e4), ("sqrt(x)", -1.0)]
)
def test_no_finite_value_is_said(text: str, x: float) -> None:
    with pytest.raises(EvaluationError, match="no finite value at x="):
        evaluate(text, x=x)


def test_lgamma() -> None:
    assert evaluate("lgamma(x)", x=5.0) == pytest.approx(math.log(24), rel=1e-14)
    np.testing.assert_allclose(evaluate("lgamma(x)", x=np.array([5.0])), [math.log(24)], rtol=1e-14)


SIGMOID = Formula.read("(L - L_inf)/(L0 - L)**alpha = beta*x**c", output="L", bracket=["L_inf", "L0"])
CURVE = {"L_inf": 0.1, "L0": 1.0, "alpha": 1.0, "beta": 5.0, "c": -0.5}


def test_implicit_law_agrees_with_its_closed_form() -> None:
    compiled = Compiled(SIGMOID)
    x = np.logspace(0, 12, 50)
    closed = (0.1 + 5 * x**-0.5) / (1 + 5 * x**-0.5)
    np.testing.assert_allclose(compiled({**CURVE, "x": x}), closed, rtol=1e-14)
    assert compiled({**CURVE, "x": 169.0}) == pytest.approx(0.35, rel=1e-14)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.2, 3), st.floats(0.1, 20), st.floats(-1, -0.05), st.floats(0, 12))
def test_implicit_law_satisfies_its_equation(alpha: float, beta: float, c: float, decades: float) -> None:
    values = {"L_inf": 0.1, "L0": 1.0, "alpha": alpha, "beta": beta, "c": c, "x": 10**decades}
    L = Compiled(SIGMOID)(values)
    target = beta * values["x"] ** c
    below, above = (np.nextafter(L, end) for end in (0.1, 1.0))
    left = [(each - 0.1) / max(1.0 - each, 1e-300) ** alpha for each in (below, L, above)]
    assert left[0] <= target * (1 + 1e-9)
    assert left[2] >= target * (1 - 1e-9)


@pytest.mark.parametrize(
    ("equation", "y", "message"),
    [
        ("(x - 1)*(x - 2) = 0*y", 1.0, "2 values of x solve the equation: 1, 2"),
        ("(x - 1)*(x - 3)*(x - 4.5) = 0*y", 1.0, "3 values of x"),
        ("x = y", 6.0, "no x between 0 and 5"),
        ("1/(x - 2) = y", 0.0, "no x between 0 and 5"),
    ],
)
def test_no_root_and_several_roots_are_told_apart(equation: str, y: float, message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        Compiled(Formula.read(equation, output="x", bracket=["0", "5"]))({"y": y})


@pytest.mark.parametrize(
    ("equation", "y", "root"),
    [("x = y", 0.0, 0.0), ("x = y", 5.0, 5.0), ("x = y", 2.5, 2.5), ("1/(x - 2) = y", 1.0, 3.0)],
)
def test_roots_at_the_ends_and_beside_poles(equation: str, y: float, root: float) -> None:
    assert Compiled(Formula.read(equation, output="x", bracket=["0", "5"]))({"y": y}) == pytest.approx(root, abs=1e-14)


def test_an_empty_bracket_is_refused() -> None:
    with pytest.raises(EvaluationError, match="bracket for L is empty"):
        Compiled(SIGMOID)({**CURVE, "L_inf": 2.0, "x": 1.0})
