"""What a result keeps of one fit, and of many fits of one law together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from scalinglaws.fitting.fit import Fitted


def of_fit(found: Fitted) -> dict[str, Any]:
    """What a result keeps of a fit: values, how well they fit, how surely they were found, and what to know of them."""
    return {
        "n": found.n,
        "dropped": {reason: len(rows) for reason, rows in found.dropped.items()},
        "coefficients": found.coefficients,
        "intervals": found.intervals,
        "objective": found.objective,
        "r2": found.r2,
        "rmse_log": found.rmse_log,
        "starts": found.starts,
        "condition": found.identifiability["condition"],
        "flat_directions": found.identifiability["flat_directions"],
        "at_bounds": found.identifiability["at_bounds"],
        "warnings": found.warnings,
    }


def together(groups: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The result of a case of many fits: each of them, the mean error, and the verdict that most of them have.

    Args:
        groups: for each group at least its `rmse_log` (or none) and its `verdict`.
    """
    verdicts = [each["verdict"] for each in groups.values()]
    errors = [each["rmse_log"] for each in groups.values() if each["rmse_log"] is not None]
    order = sorted(set(verdicts), key=lambda each: (-verdicts.count(each), each))
    return {
        "groups": dict(groups),
        "count": len(groups),
        "rmse_log": float(np.mean(errors)) if errors else None,
        "verdicts": {each: verdicts.count(each) for each in order},
        "verdict": order[0],
    }
