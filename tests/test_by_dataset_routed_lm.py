"""Which runs of the routed models stand in which table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scalinglaws.datasets import dataset
from scalinglaws.reproduction.tidy import tidy


@pytest.mark.parametrize(("table", "count"), [("results", 163), ("s-base", 58), ("rl-r", 59), ("hash", 56)])
def test_each_table_has_its_runs_once_beside_five_dense_ones(
    shared_data: Path | None, catalog_path: Path, table: str, count: int
) -> None:
    found = tidy(dataset("routed-lm", path=catalog_path), table)
    assert len(set(found["hyper_id"])) == len(found["hyper_id"]) == count
    assert (found["router_type"] == "Dense").sum() == 5


def test_a_run_is_told_by_its_last_step_that_has_a_loss(shared_data: Path | None, catalog_path: Path) -> None:
    data = dataset("routed-lm", path=catalog_path)
    found = tidy(data, "results")
    evaluations = data.table()
    run = int(np.flatnonzero(found["hyper_id"] == 0)[0])
    of_run = evaluations["hyper_id"] == 0
    assert found["step"][run] == evaluations["step"][of_run].max() == 249_000
    last = of_run & (evaluations["step"] == 249_000)
    assert found["loss_validation"][run] == evaluations["loss_validation"][last][0]
    assert np.isfinite(found["loss_validation"].astype(np.float64)).all()


def test_the_joined_table_repeats_the_dense_runs_for_each_router(shared_data: Path | None, catalog_path: Path) -> None:
    found = tidy(dataset("routed-lm", path=catalog_path), "beside-dense")
    assert dict(zip(*np.unique(found["router"], return_counts=True), strict=True)) == {
        "Hash": 56,
        "RL-R": 59,
        "S-Base": 58,
    }
    assert (found["router_type"] == "Dense").sum() == 15
