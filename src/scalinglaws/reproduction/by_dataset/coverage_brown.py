"""Coverage at the numbers of samples that Brown et al. fit, and how far off their law is on a finer grid."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scalinglaws.datasets import Dataset
from scalinglaws.fitting.fit import fit
from scalinglaws.reproduction.results import together
from scalinglaws.reproduction.tidy import Columns, Procedure, Shape

Array = NDArray[np.float64]
#: Coverage of one panel at any numbers of samples.
Coverage = Callable[[Array], Array]
MOST = 10_000
#: Numbers of samples that are fitted, and those at which the error is taken, evenly spaced on a logarithmic scale.
FITTED, JUDGED = 40, 100
_COUNTS = "MATH_pythia_counts.csv"
_CURVES = "MATH_pythia.csv"
#: What the paper states, by panel: the mean gap and its standard deviation, coverage with one sample and with most.
STATED: dict[str, dict[str, float]] = {
    "codecontests-llama-3-8b-instruct": {"gap": 0.002, "gap_deviation": 0.0015},
    "math-pythia-160m": {"coverage_of_one": 0.0027, "coverage_of_most": 0.57},
    "codecontests-gemma-2b": {"coverage_of_one": 0.0002, "coverage_of_most": 0.071},
}


def _grid(count: int) -> Array:
    return np.round(np.geomspace(1, MOST, count))


def _from_counts(drawn: Array, correct: Array) -> Coverage:
    """The mean over problems of the unbiased estimate of pass@k."""
    from scipy.special import gammaln  # noqa: PLC0415 - heavy

    def coverage(k: Array) -> Array:
        total, wrong, size = drawn[:, None], (drawn - correct)[:, None], k[None]
        # Fewer wrong samples than k: one of k is right for sure.
        left = np.maximum(wrong - size, 0.0)
        log = gammaln(wrong + 1) + gammaln(total - size + 1) - gammaln(left + 1) - gammaln(total + 1)
        found: Array = np.where(wrong < size, 1.0, 1 - np.exp(log)).mean(0)
        return found

    return coverage


def _from_points(k: Array, coverage: Array) -> Coverage:
    """Between the points of a curve, straight in the logarithm of k."""
    return lambda at: np.interp(np.log(at), np.log(k), coverage)


def panels(dataset: Dataset) -> dict[str, Coverage]:
    """Every model and task, by the name of its fit, such as `codecontests-gemma-2b`."""
    found: dict[str, Coverage] = {}
    counts = dataset.table(_COUNTS)
    for model in dict.fromkeys(counts["Model"].tolist()):
        chosen = counts["Model"] == model
        name = f"math-{model}".lower().replace(" ", "-").replace(".", "-")
        found[name] = _from_counts(counts["Num. Samples Total"][chosen], counts["Num. Samples Correct"][chosen])
    for file in dataset.files:
        if file not in {_COUNTS, _CURVES}:
            curve = dataset.table(file)
            name = file.removesuffix(".csv").replace("MiniF2F-MATH", "MiniF2F").replace("_", "-").lower()
            found[name] = _from_points(curve["k"], curve["coverage"])
    return found


def curves(dataset: Dataset) -> Columns:
    """One row a panel and number of samples: 40 of them from 1 to 10,000 by the logarithm, without duplicates."""
    k = np.unique(_grid(FITTED))
    coverage = {name: each(k) for name, each in panels(dataset).items()}
    return {
        "panel": np.repeat(list(coverage), len(k)),
        "k": np.tile(k, len(coverage)),
        "c": np.concatenate(list(coverage.values())),
    }


def gaps(dataset: Dataset, case: Mapping[str, Any]) -> dict[str, Any]:
    """The gap between law and measured coverage at 100 numbers of samples, by panel, against what the paper states.

    The verdict is `reproduced` if all that is stated, of gaps and of coverage itself, comes out to its last digit.
    """
    table = curves(dataset)
    groups: dict[str, Any] = {}
    for name, coverage in panels(dataset).items():
        chosen = table["panel"] == name
        part = {"k": table["k"][chosen], "c": table["c"][chosen]}
        found = fit(part, case["law"], objective=case["objective"], on=case["on"])
        # The errors repeat a number of samples that rounding gives twice: the paper drops duplicates in the fit alone.
        grid = _grid(JUDGED) if name.startswith("math-") else np.geomspace(1, MOST, JUDGED)
        gap = np.abs(found(k=grid) - coverage(grid))
        first, last = coverage(np.array([1.0, MOST])).tolist()
        told = {
            "gap": float(gap.mean()),
            "gap_deviation": float(gap.std()),
            "coverage_of_one": first,
            "coverage_of_most": last,
        }
        stated = STATED.get(name, {})
        alike = [
            f"{told[each]:.{_decimals(value)}f}" == f"{value:.{_decimals(value)}f}" for each, value in stated.items()
        ]
        groups[name] = {
            "n": found.n,
            "coefficients": found.coefficients,
            "objective": found.objective,
            "r2": found.r2,
            "rmse_log": found.rmse_log,
            **told,
            "stated": stated,
            "verdict": ("reproduced" if all(alike) else "not-reproduced") if alike else "new-values",
        }
    told_of = [each["verdict"] for each in groups.values() if each["stated"]]
    return {**together(groups), "verdict": "reproduced" if set(told_of) == {"reproduced"} else "not-reproduced"}


def _decimals(value: float) -> int:
    return len(f"{value:f}".rstrip("0").partition(".")[2])


TABLES: dict[str, Shape] = {"curves": curves}
PROCEDURES: dict[str, Procedure] = {"gaps": gaps}
