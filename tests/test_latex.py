"""How formulas are printed."""

from __future__ import annotations

import pytest

from scalinglaws.formulas.expression import parse
from scalinglaws.formulas.latex import formula_latex, node_latex, symbol_latex


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("N", "N"),
        ("alpha_N", r"\alpha_{N}"),
        ("N_c", "N_{c}"),
        ("L_inf", r"L_{\infty}"),
        ("Ehat", r"\hat{E}"),
        ("N_e_bar", r"\bar{N}_{e}"),
        ("R_D_star", "R_{D}^{*}"),
        ("c1", "c_{1}"),
        ("L0", "L_{0}"),
        ("N_opt", r"N_{\mathrm{opt}}"),
        ("t_academic", r"t_{\mathrm{academic}}"),
        ("Elo", r"\mathrm{Elo}"),
        ("lam", r"\lambda"),
    ],
)
def test_symbols(name: str, printed: str) -> None:
    assert symbol_latex(name) == printed


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("E + A/N**alpha", r"E + \frac{A}{N^{\alpha}}"),
        ("(N_c/N)**(alpha_N/alpha_D)", r"\left(\frac{N_{c}}{N}\right)^{\alpha_{N}/\alpha_{D}}"),
        ("a - (b - c)", "a - (b - c)"),
        ("a - b - c", "a - b - c"),
        ("a*(b + c)", r"a\,(b + c)"),
        ("a*-b", r"a\,(-b)"),
        ("-(a + b)", "-(a + b)"),
        ("(-a)**2", "(-a)^{2}"),
        ("(a*b)**2", r"(a\,b)^{2}"),
        ("2*3", r"2 \cdot 3"),
        ("6*N*D", r"6\,N\,D"),
        ("1e20*x", r"10^{20}\,x"),
        ("exp(x)/2", r"\frac{\exp(x)}{2}"),
        ("log(x) + log10(y) + log2(z)", r"\ln(x) + \log_{10}(y) + \log_{2}(z)"),
        ("sqrt(abs(x))", r"\sqrt{\left|x\right|}"),
        ("min(a, b/c)", r"\min\left(a,\, \frac{b}{c}\right)"),
        ("10**(-delta/400)", r"10^{-\delta/400}"),
        ("c + sum(t[j]*r[j] for j in domains)", r"c + \sum_{j \in \mathrm{domains}} t_{j}\,r_{j}"),
        ("sum(a[i]*b[i, j] for i in p for j in q)", r"\sum_{i \in \mathrm{p},\, j \in \mathrm{q}} a_{i}\,b_{ij}"),
        ("sum(N1[j] for j in domains)", r"\sum_{j \in \mathrm{domains}} N_{1,j}"),
        ("a if N < N_c else b", r"\begin{cases} a & \text{if } N < N_{c} \\ b & \text{otherwise} \end{cases}"),
        ("x = y", "x = y"),
    ],
)
def test_expressions_are_printed_in_the_order_written(text: str, printed: str) -> None:
    assert node_latex(parse(text)) == printed


def test_a_whole_law_shows_its_arguments_and_parts() -> None:
    law = formula_latex(parse("G*C**a"), "N_opt", ["C"], {"a": parse("beta/(alpha + beta)")})
    assert law.startswith(r"\begin{aligned} N_{\mathrm{opt}}(C) &= G\,C^{a}")
    assert r"a &= \frac{\beta}{\alpha + \beta}" in law


def test_a_law_of_decimal_logarithms_is_printed_as_one() -> None:
    printed = formula_latex(parse("10**(m*log10(N) + q)"), "C", ["N"], {})
    assert printed == r"\log_{10} C(N) = m\,\log_{10}(N) + q"
    assert formula_latex(parse("10**(-b/c)"), "N", [], {}) == "N = 10^{-b/c}"
    assert formula_latex(parse("x**(-(a - 1)/b)"), "L", [], {}) == r"L = x^{-\frac{a - 1}{b}}"


def test_a_stated_print_form_wins() -> None:
    assert node_latex(parse("eps_x + 1"), {"eps_x": r"\varepsilon_x"}) == r"\varepsilon_x + 1"


def test_a_stated_form_of_the_output_keeps_its_own_arguments() -> None:
    assert formula_latex(parse("c*r"), "L_i", ["r"], {}, {"L_i": "L_{i}(r_{1..M})"}) == r"L_{i}(r_{1..M}) = c\,r"
