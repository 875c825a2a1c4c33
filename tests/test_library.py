"""The Python API: choosing fits, checking inputs, evaluating, finding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import scalinglaws as sl
from scalinglaws.formulas.evaluation import EvaluationError


def law(path: Path, name: str, fit: str | None = None) -> sl.Law:
    return sl.law(name, fit, path=path)


def test_only_public_names_are_listed() -> None:
    # Which they are is pinned in public_api.txt.
    assert dir(sl) == sorted(sl.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = sl.nothing


def test_evaluates_numbers_and_arrays(toy_path: Path) -> None:
    loss = law(toy_path, "power2020/loss/published")
    assert loss(N=1e4) == 2.5
    np.testing.assert_allclose(loss(N=np.array([1e4, 1e6])), [2.5, 1.6])
    assert loss(N=[[1e4]]).shape == (1, 1)


def test_aliases_and_fits_of_derived_laws_answer(toy_path: Path) -> None:
    assert law(toy_path, "power2020/old-loss").id == "power2020/loss"
    assert law(toy_path, "power2020/size/published")(x=1) == pytest.approx(1e4)
    assert sl.show("power2020/size/published", path=toy_path)["id"] == "power2020/loss/published"


def test_several_fits_without_default_are_refused_with_the_list(toy_path: Path) -> None:
    with pytest.raises(sl.AmbiguousFit, match="published, partial") as error:
        law(toy_path, "power2020/loss")(N=1e4)
    assert error.value.choices == ["published", "partial"]
    assert law(toy_path, "power2020/loss")(fit="published", N=1e4) == 2.5


def test_not_stated_coefficients_are_asked_for_and_taken(toy_path: Path) -> None:
    partial = law(toy_path, "power2020/loss", "partial")
    with pytest.raises(sl.InputError, match="does not state E, A"):
        partial(N=1e4)
    result = partial.evaluate(N=1e5, E=1.0, A=100.0)
    assert result.value == pytest.approx(2.0)
    assert any("your own value" in each for each in result.warnings)
    assert any("recalled" in each for each in result.warnings)


def test_a_law_takes_all_coefficients_from_the_caller(toy_path: Path) -> None:
    assert law(toy_path, "power2020/loss")(N=4.0, E=1.0, A=2.0, alpha=0.5) == 2.0
    values: dict[str, Any] = {"L_inf": 0.1, "L0": 1, "alpha": 1, "beta": 5, "c": -0.5}
    assert law(toy_path, "curve2022/sigmoid")(x=169, **values) == pytest.approx(0.35)


def test_indexed_variables_by_flat_name_sequence_or_mapping(toy_path: Path) -> None:
    mix = law(toy_path, "blend2021/mixture", "two")
    by_name = mix(r_web=0.25, r_books=0.75)
    assert mix(r=[0.25, 0.75]) == by_name
    assert mix(r={"books": 0.75, "web": 0.25}) == by_name
    assert law(toy_path, "blend2021/mixture", "three")(r1=0, r2=1, r3=0) == 3
    with pytest.raises(sl.InputError, match="takes 2 values"):
        mix(r=[1])


def test_index_sets_may_come_from_the_input(toy_path: Path) -> None:
    mix = law(toy_path, "blend2021/mixture")
    assert mix(c=1, k=2, t_a=0, t_b=-1, r_a=1, r_b=0) == 3


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({}, r"needs a value for N \(size\)"),
        ({"N": 1e4, "M": 2}, "no variable 'M'"),
        ({"N": 0}, "N must be greater than zero"),
        ({"N": -1}, "N must be greater than zero"),
        ({"N": float("nan")}, "N must be a finite number"),
        ({"N": float("inf")}, "N must be a finite number"),
        ({"N": "70B"}, "N takes a number"),
        ({"N": True}, "N takes a number"),
        ({"N": [1, -1]}, "N must be greater than zero"),
        ({"N": ["a"]}, "N takes numbers"),
        ({"N": 1e4, "E": 2}, "E is fixed by"),
        ({"N": 1e4, "L": 2}, "L is what it gives"),
    ],
)
def test_bad_inputs_are_refused_by_name(toy_path: Path, inputs: dict[str, Any], words: str) -> None:
    with pytest.raises(sl.InputError, match=words):
        law(toy_path, "power2020/loss", "published")(**inputs)


def test_fractions_lie_between_zero_and_one(toy_path: Path) -> None:
    with pytest.raises(sl.InputError, match="between 0 and 1"):
        law(toy_path, "blend2021/mixture", "two")(r_web=1.5, r_books=0)


def test_a_procedure_is_not_evaluated(toy_path: Path) -> None:
    with pytest.raises(EvaluationError, match="procedure"):
        law(toy_path, "curve2022/protocol")(x=1)


def test_extrapolation_is_measured_in_decades(toy_path: Path) -> None:
    loss = law(toy_path, "power2020/loss", "published")
    assert loss.evaluate(N=1e8).extrapolation["N"]["decades_outside"] == 0
    assert loss.evaluate(N=1e11).extrapolation["N"]["decades_outside"] == pytest.approx(2)
    below = loss.evaluate(N=1e4)
    assert below.extrapolation["N"]["decades_outside"] == pytest.approx(-2)
    assert any("2 decades below" in each for each in below.warnings)
    assert any("disputed by talk2023" in each for each in below.warnings)


def test_an_evaluation_has_the_contract_s_shape(toy_path: Path) -> None:
    document = law(toy_path, "power2020/loss", "published").evaluate(N=1e8).as_dict()
    assert list(document) == ["law", "fit", "inputs", "output", "interval", "extrapolation", "warnings"]
    assert document["fit"] == "power2020/loss/published"
    assert document["inputs"] == {"N": 1e8}
    assert document["output"]["unit"] == {"quantity": "nat/token", "scale": 1.0, "convention": None}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("power2020/los", "power2020/loss"),
        ("power2020", "its laws are"),
        ("nothing/at-all", "search finds"),
        ("power2020/loss/publishd", "has no fit"),
    ],
)
def test_unknown_names_get_the_nearest(toy_path: Path, name: str, words: str) -> None:
    with pytest.raises(sl.UnknownName, match=words):
        sl.law(name, path=toy_path)


def test_papers_and_laws_by_filter(toy_path: Path) -> None:
    assert [each["key"] for each in sl.papers(path=toy_path)] == ["power2020", "blend2021", "curve2022", "talk2023"]
    assert [each["key"] for each in sl.papers(question="rq1", path=toy_path)] == ["power2020"]
    assert [each["key"] for each in sl.papers(topic="model", path=toy_path)] == ["power2020"]
    assert [each["key"] for each in sl.papers(has="code", path=toy_path)] == ["power2020"]
    assert [each["id"] for each in sl.laws(given=["N"], want="L", path=toy_path)] == ["power2020/loss"]
    assert [each["id"] for each in sl.laws(has="interval", path=toy_path)] == ["power2020/loss"]
    assert [each["fits"] for each in sl.laws(path=toy_path)] == [2, 0, 0, 2, 2]
    with pytest.raises(sl.UnknownName, match="no topic"):
        sl.papers(topic="modl", path=toy_path)
    with pytest.raises(sl.UnknownName, match="it takes code"):
        sl.papers(has="nothing", path=toy_path)


def test_queries_give_rows(toy_path: Path) -> None:
    found = sl.query("SELECT id FROM law WHERE paper = ?", ["talk2023"], path=toy_path)
    assert list(found) == []
    assert found.columns == ("id",)


def test_source_is_ready_to_paste(toy_path: Path) -> None:
    space: dict[str, Any] = {}
    exec(law(toy_path, "power2020/size").source(), space)
    assert space["size"](A=100.0, x=1.0, alpha=0.5) == pytest.approx(1e4)
    assert "L_inf" in law(toy_path, "curve2022/sigmoid").python
    assert law(toy_path, "power2020/loss").source("latex").startswith("L(N) = E")
    with pytest.raises(sl.InputError, match="latex or sql"):
        law(toy_path, "power2020/loss").source("cobol")
