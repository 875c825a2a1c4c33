"""The formula language: what it reads, and what it refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scalinglaws.formulas import expression
from scalinglaws.formulas.expression import (
    Binary,
    Choice,
    Equation,
    FormulaError,
    Negative,
    Number,
    Reduction,
    Symbol,
    expand,
    flat_name,
    index_sets,
    indexed_symbols,
    parse,
    symbols,
)


def test_reads_a_law_in_the_order_written() -> None:
    node = parse("E + A/N**alpha")
    assert node == Binary("+", Symbol("E"), Binary("/", Symbol("A"), Binary("**", Symbol("N"), Symbol("alpha"))))
    assert symbols(parse("E + A/N**alpha + B/D**beta")) == ["E", "A", "N", "alpha", "B", "D", "beta"]


def test_powers_bind_to_the_right_and_before_signs() -> None:
    assert parse("-x**2") == Negative(Binary("**", Symbol("x"), Number(2)))
    assert parse("a**b**c") == Binary("**", Symbol("a"), Binary("**", Symbol("b"), Symbol("c")))


def test_symbols_that_sympy_owns_are_plain_symbols() -> None:
    assert symbols(parse("E + N*S*I*O*Q*C*beta*gamma*zeta")) == [
        "E",
        "N",
        "S",
        "I",
        "O",
        "Q",
        "C",
        "beta",
        "gamma",
        "zeta",
    ]


def test_conditions() -> None:
    node = parse("a if N < N_c and D >= 3 else b")
    assert isinstance(node, Choice)
    assert symbols(node) == ["a", "N", "N_c", "D", "b"]
    assert parse("a if x < y < z else b") == parse("a if x < y and y < z else b")


def test_an_equation_has_two_sides() -> None:
    node = parse("(L - L_inf)/(L0 - L)**alpha = beta*x**c")
    assert isinstance(node, Equation)
    assert index_sets(node) == []


def test_sums_nest_and_take_several_indices() -> None:
    node = parse("sum(s[i]*(c[i] + exp(sum(t[i, j]*r[j] for j in domains))) for i in tests)")
    assert indexed_symbols(node) == {
        "s": ("tests",),
        "c": ("tests",),
        "t": ("tests", "domains"),
        "r": ("domains",),
    }
    assert index_sets(node) == ["tests", "domains"]
    assert isinstance(parse("sum(a[i]*b[j] for i in p for j in q)"), Reduction)


def test_expansion_writes_sums_and_products_out() -> None:
    node = parse("a*prod((1 + d[i])**f[i] for i in breaks)")
    assert expand(node, {"breaks": ["1", "2"]}) == parse("a*((1 + d1)**f1*(1 + d2)**f2)")
    assert expand(node, {"breaks": []}) == parse("a*1")
    assert expand(parse("sum(t[j] for j in s)"), {"s": []}) == Number(0)
    assert expand(parse("sum(t[j]*r[j] for j in s)"), {"s": ["web", "books"]}) == parse("t_web*r_web + t_books*r_books")


def test_expansion_needs_members() -> None:
    with pytest.raises(FormulaError, match="domains has no members"):
        expand(parse("sum(r[j] for j in domains)"), {})


def test_expansion_is_bounded() -> None:
    node = parse("sum(a[i]*b[j]*c[k] for i in s for j in s for k in s)")
    with pytest.raises(FormulaError, match="too large"):
        expand(node, {"s": [str(number) for number in range(100)]})


@pytest.mark.parametrize(
    ("members", "pattern", "expected"),
    [
        (["1"], None, "c1"),
        (["academic"], None, "c_academic"),
        (["a", "b"], None, "c_a_b"),
        (["1"], "{name}_{0}", "c_1"),
    ],
)
def test_flat_names(members: list[str], pattern: str | None, expected: str) -> None:
    assert flat_name("c", members, pattern) == expected


HOSTILE = [
    "__import__('os').system('true')",
    "().__class__",
    "a.b",
    "a.__class__",
    "[x for x in y]",
    "{x}",
    "lambda: 1",
    "(lambda x: x)(1)",
    "open(x)",
    "eval(x)",
    "exp.__globals__",
    "exp(x)(y)",
    "x[y.z]",
    "x[1:2]",
    "f'{x}'",
    "'text'",
    "x @ y",
    "x % y",
    "x // y",
    "x ^ y",
    "x & y",
    "~x",
    "not x",
    "x := 1",
    "x; y",
    "yield x",
    "await x",
    "x if y else z",
    "a == b",
    "a < b",
    "a = b = c",
    "= b",
    "a =",
    "",
    "   ",
    "1j",
    "True",
    "None",
    "...",
    "1e999",
    "0777",
    "1if x else 2",
    "*x",
    "exp(*x)",
    "exp(x=1)",
    "exp(1, 2)",
    "exp()",
    "min(1)",
    "sum(x)",
    "sum(1, 2)",
    "sum(r[j] for j in d if j)",
    "sum(r[j] for j, k in d)",
    "sum(r[j] for j in range(9))",
    "sum(j for j in d)",
    "sum(sum(r[j] for j in d) for j in e)",
    "alpha\N{GREEK SMALL LETTER BETA}",
    "x\0",
    "\\frac{a}{b}",
    "__x",
    "a__b",
    "_x",
    "np",
    "math",
    "exp + 1",
    "sum",
    "(" * 300 + "x" + ")" * 300,
    "-" * 3000 + "x",
    "x" + "+x" * 1500,
    "x" * 5000,
    "2**" * 200 + "2",
    "a if b < c else " * 80 + "d",
]


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:24] or "empty" for text in HOSTILE])
def test_refuses_what_is_no_formula(text: str) -> None:
    with pytest.raises(FormulaError) as error:
        indexed_symbols(parse(text))
    assert len(str(error.value)) < 400


@given(st.text(max_size=60))
def test_any_text_is_a_formula_or_refused(text: str) -> None:
    try:
        parse(text)
    except FormulaError as error:
        assert error.message


def test_an_unbound_index_is_refused() -> None:
    with pytest.raises(FormulaError, match="not bound"):
        indexed_symbols(parse("t[j]"))


def test_one_symbol_runs_over_one_set() -> None:
    with pytest.raises(FormulaError, match="different index sets"):
        indexed_symbols(parse("sum(t[j] for j in a) + sum(t[j] for j in b)"))


@pytest.mark.parametrize(
    ("value", "structural"),
    [(6, True), (0.5, True), (1e20, True), (400, True), (0.34, False), (1048576, False), (8.64e19, False)],
)
def test_fitted_numbers_are_no_literals(value: float, structural: bool) -> None:
    assert expression.is_structural(value) is structural


def test_messages_say_what_to_write_instead() -> None:
    with pytest.raises(FormulaError, match=r"write \*\* for a power"):
        parse("N^2")
    with pytest.raises(FormulaError, match=r"no function of the language"):
        parse("tanh(x)")
