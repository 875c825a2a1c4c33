"""What coefficients do, read off the formula: exponents of a variable, terms by themselves."""

from __future__ import annotations

import pytest

from scalinglaws.catalog import Catalog
from scalinglaws.formulas.evaluation import Formula
from scalinglaws.formulas.roles import Role, coefficient_roles

COEFFICIENTS = ("A", "B", "E", "N_c", "a", "b", "g", "t")


def roles(text: str, where: dict[str, str] | None = None) -> dict[str, Role]:
    return coefficient_roles(Formula.read(text, where, "L"), COEFFICIENTS, ("N", "D", "r"))


@pytest.mark.parametrize(
    ("text", "exponents", "terms"),
    [
        ("E + A/N**a + B/D**b", {"a": ("N", -1), "b": ("D", -1)}, {"E": 1}),
        ("-E + A*N**(-a)", {"a": ("N", -1)}, {"E": -1}),
        ("A - (B - E)", {}, {"A": 1, "B": -1, "E": 1}),
        ("(N_c/N)**a", {"a": ("N", -1)}, {}),
        ("A*(1/N)**a", {"a": ("N", -1)}, {}),
        ("A/(N_c/N)**a", {"a": ("N", 1)}, {}),
        ("A*(D/6)**b", {"b": ("D", 1)}, {}),
        # The other variables of the base have no power of their own there.
        ("A*(N*(1 - exp(-D/g)))**(-a)", {"a": ("N", -1)}, {}),
        ("(g/D**b + E)*N**(-a)", {"a": ("N", -1), "b": ("D", -1)}, {}),
        ("sum(t[j]*r[j]**(-a) for j in sets)", {"a": ("r", -1)}, {}),
        # An exponent over a sum, and what stands beneath it.
        ("E + (A/N**a + B/D**b)**g", {}, {"E": 1}),
        ("A*(N + g)**(-a)", {}, {}),
        ("B/(A + D**b)", {}, {}),
        # Of two variables, of a product of coefficients, or within a function.
        ("A*(N*D)**a", {}, {}),
        ("A/N**a + B/D**a", {}, {}),
        ("A*N**a + B*N**(-a)", {}, {}),
        ("A*N**(-a/b)", {}, {}),
        ("exp(A/N**a)", {}, {}),
        ("A*(N**2/N)**a", {}, {}),
    ],
)
def test_what_stands_in_the_formula_is_read_off_it(
    text: str, exponents: dict[str, tuple[str, int]], terms: dict[str, int]
) -> None:
    found = roles(text)
    assert {
        name: (each.exponent_of, each.exponent_sign) for name, each in found.items() if each.exponent_of
    } == exponents
    assert {name: each.term_sign for name, each in found.items() if each.term_sign} == terms


def test_named_parts_are_looked_into_and_implicit_laws_are_not() -> None:
    assert roles("E + A*D_eff**(-b)", {"D_eff": "D*(1 - exp(-r))"})["b"] == Role("D", -1)
    assert roles("(L - E)/(A - L)**a = B*N**b") == {}


def test_exponents_of_the_records_carry_no_dimension_and_are_called_so(catalog: Catalog) -> None:
    found = 0
    for law in catalog.laws():
        for name, role in law.roles.items():
            if role.exponent_of is None:
                continue
            found += 1
            unit = law.coefficients[name].unit
            assert unit is None or unit.quantity == "dimensionless", (law.id, name)
            assert role.exponent_of in law.record.variables
    assert found > 80
