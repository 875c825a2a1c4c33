"""Shares and losses of RegMix's runs in one table, and how well a linear law ranks mixtures that it has not seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scalinglaws.datasets import Dataset
from scalinglaws.fitting.fit import fit
from scalinglaws.reproduction.tidy import Columns, Procedure, Shape
from scalinglaws.reproduction.verdicts import AS_GOOD

#: Spearman's correlation on held-out mixtures that the paper states for linear regression (Table 2), by size of model.
STATED = {"1m": 0.9008, "60m": 0.8926, "1B": 0.8801}
_DOMAIN = "train_the_pile_"
_LOSS = "metric/the_pile_pile_cc_val_loss"


def joined(dataset: Dataset, runs: str) -> Columns:
    """One row a run: its shares `r_...`, and its loss on Pile-CC.

    Args:
        dataset: RegMix's.
        runs: such as `train_1m` or `test_60m`.
    """
    kind, _, size = runs.partition("_")
    mixtures, losses = dataset.table(f"{kind}_mixture_{size}.csv"), dataset.table(f"{kind}_pile_loss_{size}.csv")
    place = {number: row for row, number in enumerate(losses["index"].tolist())}
    rows = [place[number] for number in mixtures["index"].tolist()]
    shares = {f"r_{name.removeprefix(_DOMAIN)}": column for name, column in mixtures.items() if name != "index"}
    return {**shares, "L": losses[_LOSS][rows]}


def proxies(dataset: Dataset) -> Columns:
    """The 512 runs of 1M models that are fitted."""
    return joined(dataset, "train_1m")


def ranks(dataset: Dataset, case: Mapping[str, Any]) -> dict[str, Any]:
    """Spearman's correlation of the law's losses with the measured ones, on held-out mixtures of each size.

    The verdict is `reproduced` if every correlation is within 1 % of the paper's, else `not-reproduced`.
    """
    from scipy.stats import spearmanr  # noqa: PLC0415 - heavy

    found = fit(proxies(dataset), case["law"], objective=case["objective"], on=case["on"])
    sizes = {}
    for size, stated in STATED.items():
        runs = joined(dataset, f"test_{size}")
        measured = runs.pop("L")
        correlation = float(spearmanr(found(**runs), measured).statistic)
        sizes[size] = {"n": len(measured), "spearman": correlation, "stated": stated, "ratio": correlation / stated}
    close = all(1 / AS_GOOD <= each["ratio"] <= AS_GOOD for each in sizes.values())
    return {
        "n": found.n,
        "objective": found.objective,
        "r2": found.r2,
        "rmse_log": found.rmse_log,
        "sizes": sizes,
        "verdict": "reproduced" if close else "not-reproduced",
    }


TABLES: dict[str, Shape] = {"proxies": proxies}
PROCEDURES: dict[str, Procedure] = {"ranks": ranks}
