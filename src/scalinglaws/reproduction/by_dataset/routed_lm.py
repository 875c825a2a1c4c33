"""Tables of routed language models, one router at a time beside the dense runs, and what rounding does to the laws."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from scalinglaws import library
from scalinglaws.datasets import Dataset
from scalinglaws.fitting.fit import fit
from scalinglaws.reproduction.results import together
from scalinglaws.reproduction.tidy import Columns, Procedure, Shape
from scalinglaws.reproduction.verdicts import verdict

DENSE = "Dense"
#: The published values have three decimals.
HALF_DIGIT = 0.0005


def results(dataset: Dataset) -> Columns:
    """The runs of the published fits, a row each: half of the blocks routed, one expert a token, one seed."""
    table = dataset.table()
    chosen = np.isfinite(table["loss_validation"].astype(np.float64))
    for column, value in (("routing_frequency", 0.5), ("k", 1.0), ("seed", 42.0)):
        chosen &= table[column] == value
    last: dict[float, int] = {}
    for row in np.flatnonzero(chosen):
        run = float(table["hyper_id"][row])
        if run not in last or table["step"][row] > table["step"][last[run]]:
            last[run] = int(row)
    kept = [last[run] for run in sorted(last)]
    return {name: column[kept] for name, column in table.items()}


def of_router(router: str, dataset: Dataset) -> Columns:
    """The dense runs and those of one router."""
    table = results(dataset)
    kept = np.isin(table["router_type"], [DENSE, router])
    return {name: column[kept] for name, column in table.items()}


def beside_dense(dataset: Dataset) -> Columns:
    """All three tables of one router in one, told apart by the column `router`; the dense runs stand in each."""
    parts = {router: of_router(router, dataset) for router in ROUTERS.values()}
    names = next(iter(parts.values()))
    joined: dict[str, Any] = {name: np.concatenate([part[name] for part in parts.values()]) for name in names}
    counts = [len(part["hyper_id"]) for part in parts.values()]
    return {**joined, "router": np.repeat(list(parts), counts)}


ROUTERS = {"s-base": "S-Base", "rl-r": "RL-R", "hash": "Hash"}
TABLES: dict[str, Shape] = {
    "results": results,
    "beside-dense": beside_dense,
    **{name: partial(of_router, router) for name, router in ROUTERS.items()},
}


def within_rounding(dataset: Dataset, case: Mapping[str, Any]) -> dict[str, Any]:
    """For each published set, the best fit among the values that would be printed like it.

    The verdict on each is the usual one on the ratio of its objective to the free minimum; that on the case is the most
    frequent.
    """
    law = library.law(case["law"])
    shared = {name: case[name] for name in ("map", "objective", "on")}
    groups: dict[str, dict[str, Any]] = {}
    for name in case["against"]:
        table = TABLES[name](dataset)
        chosen = law.choose(name)
        assert chosen is not None
        free = fit(table, law.id, **shared)
        bounds = {
            each: (chosen["values"][each] - HALF_DIGIT, chosen["values"][each] + HALF_DIGIT) for each in free.free
        }
        near = fit(table, law.id, **shared, bounds=bounds)
        ratio = near.objective / free.objective
        groups[name] = {
            "n": near.n,
            "coefficients": near.coefficients,
            "objective": near.objective,
            "r2": near.r2,
            "rmse_log": near.rmse_log,
            "ratio": ratio,
            "verdict": verdict({"ratio": ratio, "inside": {}}, quirk=False),
        }
    return together(groups)


PROCEDURES: dict[str, Procedure] = {"within-rounding": within_rounding}
