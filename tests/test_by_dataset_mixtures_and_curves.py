"""Tables and procedures of single datasets, on values worked out by hand; the data themselves where they are at hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from scalinglaws.reproduction.by_dataset import coverage_brown, ftsl_lin, mixing_ye, regmix
from scalinglaws.reproduction.results import together


class Given:
    """A dataset of tables written here."""

    def __init__(self, tables: dict[str, dict[str, Any]]) -> None:
        self.tables = tables

    @property
    def files(self) -> list[str]:
        return list(self.tables)

    def table(self, file: str | None = None) -> dict[str, Any]:
        return {name: np.array(values) for name, values in self.tables[str(file)].items()}


def given(**tables: dict[str, Any]) -> Any:
    return Given({name.replace("__", "."): table for name, table in tables.items()})


def test_a_share_belongs_to_the_domain_whose_loss_stands_beside_it() -> None:
    log = {"ratio": ["0.25-0.75"] * 2, "domain": ["Github", "Pile-CC"], "step": [2e4] * 2, "loss": [1.5, 3.5]}
    made = mixing_ye.two_domains(given(**{"2Mix_70M__txt": log, "2Mix_160M__txt": log}))
    assert list(zip(made["curve"].tolist(), made["r"], made["L_i"], strict=True))[:2] == [
        ("70m-github-20k", 0.25, 1.5),
        ("70m-pile-cc-20k", 0.75, 3.5),
    ]


def test_a_domain_of_several_sets_has_their_mean_by_weight() -> None:
    sets = [each for domain in mixing_ye.DOMAINS.values() for each in domain]
    rows = [(run, step, each) for run, step in (("70M_1", 3e4), ("70M_1", 2e4), ("70M_901", 3e4)) for each in sets]
    losses = {"DM_Mathematics": 2.0, "Github": 1.0}
    counted = [run == "70M_1" and step == 3e4 for run, step, _ in rows]
    log: dict[str, Any] = {
        "run": [run for run, _, _ in rows],
        "ratio": ["0.5-0-0-0.125-0.375"] * len(rows),
        "domain": [each for _, _, each in rows],
        "step": [step for _, step, _ in rows],
        "loss": [losses.get(row[2], 3.0) if kept else 9.0 for row, kept in zip(rows, counted, strict=True)],
    }
    weights = {"domain": sets, "weight": [3.0 if each == "Github" else 1.0 for each in sets]}
    made = mixing_ye.five_domains(given(**{"5Mix_70M__txt": log, "valid_weight__json": weights}))
    assert len(made["L_i"]) == 5
    symbolic = made["validation"].tolist().index("symbolic")
    assert made["L_i"][symbolic] == pytest.approx((2 + 3 * 1) / 4)
    assert [made[f"r_{name}"][symbolic] for name in mixing_ye.DOMAINS] == [0.5, 0, 0, 0.125, 0.375]


def test_the_floor_is_found_where_the_curve_is_exact() -> None:
    shares = np.array([0.25, 0.375, 0.5, 0.625, 0.75])
    losses = 1 + 0.5 * np.exp(-2 * shares)
    assert mixing_ye.floor(shares, losses) == pytest.approx(1, abs=losses.min() / 1000)


def test_a_shift_of_every_t_changes_no_prediction() -> None:
    values = {"c": 2.0, "k": 0.1, **{f"t_{name}": float(number) for number, name in enumerate(mixing_ye.DOMAINS)}}
    centred = mixing_ye._centred(values)
    assert sum(centred[f"t_{name}"] for name in mixing_ye.DOMAINS) == pytest.approx(0)
    assert mixing_ye._unshifted(centred) == pytest.approx(mixing_ye._unshifted(values))


def test_shares_and_losses_are_joined_by_their_number() -> None:
    mixture = {"index": [1.0, 2.0], "train_the_pile_arxiv": [0.3, 0.6]}
    loss = {"index": [2.0, 1.0], "metric/the_pile_pile_cc_val_loss": [5.0, 6.0]}
    made = regmix.joined(given(test_mixture_1B__csv=mixture, test_pile_loss_1B__csv=loss), "test_1B")
    assert made["r_arxiv"].tolist() == [0.3, 0.6]
    assert made["L"].tolist() == [6.0, 5.0]


def test_coverage_from_counts_is_the_unbiased_estimate() -> None:
    coverage = coverage_brown._from_counts(np.array([10.0, 10.0]), np.array([3.0, 0.0]))
    exact = 1 - math.comb(7, 2) / math.comb(10, 2)
    assert coverage(np.array([1.0, 2.0, 8.0])) == pytest.approx([0.15, exact / 2, 0.5])


def test_forty_numbers_of_samples_have_no_duplicates() -> None:
    found = np.unique(coverage_brown._grid(coverage_brown.FITTED))
    assert len(found) == 37
    assert (found[0], found[-1]) == (1, 10_000)


@pytest.mark.parametrize(("value", "decimals"), [(0.002, 3), (0.0015, 4), (0.57, 2), (0.071, 3)])
def test_a_stated_number_has_so_many_decimals(value: float, decimals: int) -> None:
    assert coverage_brown._decimals(value) == decimals


@pytest.mark.parametrize("law", list(ftsl_lin._START))
def test_every_start_goes_through_the_first_point(law: str) -> None:
    for start in ftsl_lin._START[law](4.0, 2.0, 200.0):
        inner = start["B"] / (start.get("D_l", 0) + 200 ** start["beta"]) + start["E"]
        assert inner ** start.get("alpha", 1.0) == pytest.approx(4)


def test_the_verdict_of_many_fits_is_that_of_most() -> None:
    fits = {name: {"rmse_log": 0.1, "verdict": verdict} for name, verdict in {"a": "x", "b": "y", "c": "y"}.items()}
    found = together({**fits, "d": {"rmse_log": None, "verdict": "z"}})
    assert found["verdict"] == "y"
    assert list(found["verdicts"].items()) == [("y", 2), ("x", 1), ("z", 1)]
    assert found["rmse_log"] == pytest.approx(0.1)
    assert found["count"] == 4
