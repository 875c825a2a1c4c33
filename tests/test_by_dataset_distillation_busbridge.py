"""The search for the constants behind the curves of Figure 1, on curves whose constants are known."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest

from scalinglaws import library
from scalinglaws.reproduction.by_dataset.distillation_busbridge import Curves

FREE = ["Ap", "alphap", "Bp", "betap", "gammap", "c0", "c1", "f1", "d1"]


def test_it_finds_constants_and_tokens_that_were_put_in(catalog_path: Path) -> None:
    law = library.law("busbridge2025/distillation", path=catalog_path)
    fixed = library.law("busbridge2025/supervised/published", path=catalog_path).choose()
    known = law.choose("figure-1")
    assert fixed is not None
    assert known is not None
    grid = list(product([143e6, 546e6, 1.82e9, 7.75e9], [4e9, 2e10, 1e11], np.linspace(1.7, 2.9, 25)))
    size, tokens, teacher = (np.array(each) for each in zip(*grid, strict=True))
    loss = law.compiled()({**known["values"], **fixed["values"], "N_S": size, "D_S": 1.02 * tokens, "L_T": teacher})
    table = {"NS": size, "DS_from_colour": tokens, "LT": teacher, "LS_curve": loss}
    drawn = Curves(table, law.compiled(), FREE, fixed["values"])
    start = {name: 1.02 * value for name, value in known["values"].items()}
    found = drawn.fitted(start, held=False)
    assert np.abs(found.residual).max() < 1e-7
    assert found.coefficients["c0"] == pytest.approx(known["values"]["c0"], rel=1e-4)
    assert found.moves == pytest.approx(np.log(1.02), rel=0.2)
    held = drawn.fitted(start, held=True)
    assert held.coefficients == pytest.approx({name: start[name] for name in FREE})
    assert np.abs(held.residual).max() > 1e-3
