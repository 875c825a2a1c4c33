"""Tables of the (Mis)Fitting runs."""

from __future__ import annotations

import numpy as np

from scalinglaws.datasets import Dataset
from scalinglaws.reproduction.tidy import Columns, Shape


def best_rate(dataset: Dataset) -> Columns:
    """Of the runs of one size and one number of tokens the one whose learning rate leads to the lowest loss."""
    table = dataset.table("scaling_results_last_ckpt_only.csv")
    order = np.lexsort((table["loss"], table["D"], table["N"]))
    pairs = np.stack([table["N"][order], table["D"][order]])
    first = np.concatenate([[True], (pairs[:, 1:] != pairs[:, :-1]).any(0)])
    return {name: column[order[first]] for name, column in table.items()}


TABLES: dict[str, Shape] = {"best-rate": best_rate}
