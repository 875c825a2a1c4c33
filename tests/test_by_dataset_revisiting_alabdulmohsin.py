"""The learning curves' table, and that larger steps end where the released algorithm's many small ones do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scalinglaws import datasets
from scalinglaws.reproduction.by_dataset import revisiting_alabdulmohsin as module
from scalinglaws.reproduction.by_dataset.misfitting import best_rate
from scalinglaws.reproduction.by_dataset.revisiting_alabdulmohsin import Curves


@pytest.fixture
def made() -> Curves:
    x = np.geomspace(1e6, 1e9, 30)
    y = 0.2 + 40 * x**-0.25 * (1 - 1 / np.log(x) ** 2)
    noisy = y * np.exp(0.01 * np.random.default_rng(0).normal(size=30))
    later = np.array([2e9, 4e9])
    return Curves(
        ["one"],
        np.array(["IC"]),
        np.log(x)[None],
        noisy[None] / 3,
        np.full((1, 30), 1 / 30),
        np.log(later),
        np.array([0.12, 0.11]),
        np.zeros(2, dtype=np.int_),
    )


def test_a_round_of_descent_follows_a_thousand_small_steps(made: Curves) -> None:
    state = module._state(made)
    state.regress()
    line, floor, top = state.line(), state.floor, state.top
    for _ in range(1000):
        slopes = state.slopes(line, floor, top)
        floor, top = state.inside(floor - 1e-8 * slopes[0], top - 1e-8 * slopes[1])
    begun = state.floor.copy()
    state.descend()
    np.testing.assert_allclose(state.floor - begun, floor - begun, rtol=5e-3)
    np.testing.assert_allclose(state.top, top, rtol=1e-6)


def test_a_round_of_newton_follows_a_hundred_damped_steps(made: Curves) -> None:
    state = module._state(made)
    for _ in range(30):
        state.regress()
        state.descend()
    for _ in range(5):
        state.regress()
        line, floor, top = state.line(), state.floor.copy(), state.top.copy()
        for _ in range(100):
            along_floor, along_top, floor_bend, top_bend, _ = state.slopes(line, floor, top)
            moved = np.divide(along_top, top_bend, out=np.zeros_like(top), where=abs(top_bend) > 1e-5)
            floor, top = state.inside(floor - 0.1 * along_floor / floor_bend, top - 0.1 * moved)
        begun = state.floor.copy()
        state.newton()
        np.testing.assert_allclose(state.floor - begun, floor - begun, rtol=2e-2, atol=1e-9)
        np.testing.assert_allclose(state.top, top, atol=1e-6)


def test_the_level_is_the_best_of_all_of_them() -> None:
    power, reach, alpha = np.array([0.3, 0.02, 5.0]), np.array([0.8, 0.5, 0.9]), np.array([0.5, 1.7, 0.1])
    for number, level in enumerate(module._height(power, reach, alpha)):
        every = np.linspace(0, reach[number], 10_000)
        missed = abs(every - power[number] * (reach[number] - every) ** alpha[number])
        assert level == pytest.approx(every[missed.argmin()], rel=1e-12)


def test_the_minimum_is_no_higher_than_any_other_place(made: Curves) -> None:
    lowest = module.minimum(made)
    assert lowest.objective[0] <= module.minimum(made, held=True).objective[0] * (1 + 1e-9)
    found = module.released(made)["M4"][10_000]
    assert lowest.objective[0] <= found.objective[0] * (1 + 1e-9)
    assert module.minimum(made, begin=found).objective[0] <= found.objective[0] * (1 + 1e-9)


def test_the_benchmark_has_92_curves(shared_data: Path | None) -> None:
    dataset = datasets.dataset("revisiting-alabdulmohsin")
    table = module.points(dataset)
    these = module.curves(table)
    assert len(table["Loss"]) == 18883 + 1399 - 687
    assert [int((these.domains == name).sum()) for name in ("IC", "NMT", "LM", "BB")] == [72, 5, 5, 10]
    number = these.names.index("IC/bird_10/BiT/101/3")
    assert module.power_law(these).error[number] == pytest.approx(0.091343, abs=1e-6)


def test_of_each_size_and_number_of_tokens_the_best_run_is_kept(shared_data: Path | None) -> None:
    dataset = datasets.dataset("misfitting")
    runs, kept = dataset.table("scaling_results_last_ckpt_only.csv"), best_rate(dataset)
    assert len(kept["loss"]) == 81
    for size, tokens, loss in zip(kept["N"], kept["D"], kept["loss"], strict=True):
        assert loss == runs["loss"][(runs["N"] == size) & (runs["D"] == tokens)].min()
