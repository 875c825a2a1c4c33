"""Every real record, by name. Loading the catalog has checked symbols, sources and worked examples already."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

import scalinglaws as sl
from scalinglaws.catalog import Catalog
from scalinglaws.formulas.evaluation import Compiled
from scalinglaws.formulas.expression import Choice, walk
from sympy_reference import sympy_value

ROOT = Path(__file__).resolve().parents[1]
CATALOG = Catalog.load(ROOT / "catalog")
LAWS = {law.id: law for law in CATALOG.laws()}
FORMULAS = [name for name, law in LAWS.items() if law.formula is not None]

HARD_PAPERS = {
    "hoffmann2022", "kaplan2020", "caballero2023", "ye2024", "alabdulmohsin2022", "jones2021", "aghajanyan2023", "diaz2024",
}  # fmt: skip


def test_the_eight_hard_papers_are_here() -> None:
    assert set(CATALOG.papers) >= HARD_PAPERS


@pytest.mark.parametrize("key", CATALOG.papers)
def test_a_paper_says_what_a_reader_asks_first(key: str) -> None:
    paper = CATALOG.papers[key]
    if CATALOG.in_survey(key):
        assert paper.survey is not None
        assert sum(each.primary for each in paper.topics) == 1
        # Categories are those of Table 9, which leaves seven of the references out.
        assert bool(paper.category) == any(number == "9" for number, _, _ in CATALOG.printed_rows(key))
    assert paper.insight.endswith(".")
    assert paper.applicability.endswith(".")


@pytest.mark.parametrize("name", LAWS)
def test_a_law_is_shown_and_explained(name: str) -> None:
    law = LAWS[name]
    assert law.record.summary.endswith(".")
    if law.formula is None:
        assert law.record.steps
        return
    # Every law with a fit or without coefficients proves its transcription.
    if law.fits or not law.coefficients:
        complete = [fit for fit in law.fits if not fit.not_stated]
        if complete or not law.coefficients:
            assert law.record.checks, f"{name} has values and no worked example"


@pytest.mark.parametrize("name", [name for name in FORMULAS if not LAWS[name].formula.implicit])  # type: ignore[union-attr]
def test_our_evaluation_agrees_with_sympy(name: str) -> None:
    law = LAWS[name]
    assert law.formula is not None
    for check in law.record.checks:
        fit = law.fit(check.fit) if check.fit else None
        members = {**law.fixed_members, **(fit.members if fit else {})}
        values = {each: constant.value for each, constant in law.record.constants.items()}
        values |= {**(fit.values if fit else {}), **check.coefficients, **check.inputs}
        compiled = Compiled(law.formula, members)
        exact = dict(values)
        for part, node in compiled.formula.where.items():
            exact[part] = float(sympy.re(sympy_value(node, exact)))
        expected = float(sympy_value(compiled.formula.root, exact))
        assert compiled(values) == pytest.approx(expected, rel=1e-12)
        arrays = compiled({each: np.array([value]) for each, value in values.items()})
        assert float(np.asarray(arrays).ravel()[0]) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", FORMULAS)
def test_each_fit_evaluates_across_its_fitted_range(name: str) -> None:
    law = LAWS[name]
    assert law.formula is not None
    ranges = {each: variable.fitted for each, variable in law.record.variables.items()}
    if law.formula.index_sets or any(fitted is None for fitted in ranges.values()):
        return
    for fit in law.fits:
        if fit.not_stated:
            continue
        low_high = {each: fit.record.fitted.get(each) or fitted or (1.0, 1.0) for each, fitted in ranges.items()}
        compiled = Compiled(law.formula, fit.members)
        fixed = {each: constant.value for each, constant in law.record.constants.items()}
        for share in (0.0, 0.3, 1.0):
            point = {each: low + (high - low) * share for each, (low, high) in low_high.items()}
            assert math.isfinite(compiled({**fixed, **fit.values, **point}))


@pytest.mark.parametrize("name", LAWS)
def test_values_that_are_recalled_are_never_high_beyond_their_basis(name: str) -> None:
    for fit in LAWS[name].fits:
        for source in (fit.record.source, *fit.record.sources.values()):
            assert source.where
            if source.basis in ("page", "code"):
                assert source.via


def test_cases_print_as_cases() -> None:
    for name in FORMULAS:
        formula = LAWS[name].formula
        assert formula is not None
        if any(isinstance(part, Choice) for part in walk(formula.root)):
            assert "cases" in str(sl.law(name).latex)


@pytest.mark.parametrize(
    ("name", "inputs", "value", "digits"),
    [
        ("hoffmann2022/parametric/published-rounded", {"N": 70e9, "D": 1.4e12}, 1.9366, 5),
        ("hoffmann2022/parametric/besiroglu2024", {"N": 70e9, "D": 1.4e12}, 1.9739, 5),
        ("hoffmann2022/parametric/besiroglu2024-notebook", {"N": 70e9, "D": 1.4e12}, 1.9734, 5),
        ("hoffmann2022/nopt/tex-precise", {"C": 5.76e23}, 40.4e9, 3),
        ("besiroglu2024/parametric/besiroglu2024", {"N": 70e9, "D": 1.4e12}, 1.9739, 5),
        ("kaplan2020/joint-nd", {"N": 1e9, "D": 22e9}, 2.3693163, 8),
        ("kaplan2020/cmin", {"C_min": 1}, 2.6580802, 8),
        ("jones2021/frontier/published", {"F": 1e15, "b": 9}, -620, 6),
        ("jones2021/frontier/published", {"F": 1e12, "b": 9}, -1860, 6),
        ("jones2021/elo", {"delta": 400}, 0.9090909090909091, 12),
        ("caballero2023/bnsl-n", {"x": 1e20}, 8.0958014, 8),
        ("caballero2023/bnsl-1", {"x": 800}, 0.76018832, 8),
        ("alabdulmohsin2022/m4", {"x": 169, "L_inf": 0.1, "L0": 1, "alpha": 1, "beta": 5, "c": -0.5}, 0.35, 12),
    ],
)
def test_numbers_that_must_not_change(
    catalog_path: Path, name: str, inputs: dict[str, Any], value: float, digits: int
) -> None:
    assert sl.law(name, path=catalog_path).evaluate(**inputs).value == pytest.approx(value, rel=10.0 ** (1 - digits))


def test_not_stated_values_are_asked_for_and_taken(catalog_path: Path) -> None:
    law = sl.law("aghajanyan2023/unimodal", path=catalog_path)
    fit = law.document["fits"][0]
    assert set(fit["not_stated"]) == {"E", "A", "B"}
    with pytest.raises(sl.InputError, match="does not state"):
        law(fit=fit["id"], N=1e9, D=1e10)
    assert law.evaluate(fit["id"], N=1e9, D=1e10, E=1.0, A=1.0, B=1.0).value > 1.0


def test_no_work_stands_twice_in_the_bibliography(catalog: Catalog) -> None:
    titles: dict[str, str] = {}
    for key, reference in catalog.references.items():
        title = re.sub(r"\W", "", reference.title.lower())
        assert title not in titles, f"{key} and {titles.get(title)}"
        titles[title] = key
