"""Intervals of a law's value, from a covariance of its coefficients.

Standard errors alone give none: in a law of the Chinchilla type the coefficients lean on one another so strongly that
independent errors overstate the interval many times over.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from scalinglaws.formulas.evaluation import Compiled, EvaluationError

#: Standard deviations on either side that hold 95 % of a normal distribution.
_NORMAL_95 = 1.959963984540054
LEVEL = 0.95
#: Step of the numerical derivative, in units of the coefficient or of its logarithm.
_STEP = 1e-5


def interval(
    compiled: Compiled,
    values: Mapping[str, Any],
    covariance: Mapping[str, Any],
    residual: Mapping[str, Any] | None = None,
    *,
    draws: int = 0,
    seed: int = 0,
) -> dict[str, Any]:
    """The 95 % interval of the law's curve at a point, and of a new run there.

    Args:
        compiled: the law.
        values: every argument of it, single numbers.
        covariance: `symbols` and `matrix`; of the natural logarithms of those among `logarithms`.
        residual: `standard_deviation` of the data about the law, `on` its logarithm (`log`) or itself (`raw`).
        draws: how many sets of coefficients to draw; with none the law is linearised.
        seed: of the draws.

    Returns:
        `level`, `low` and `high` of the curve (`kind` is `parameter`), `method`, and under `prediction` the low and
        high of a new run, or none where the scatter is not known.
    """
    value = float(compiled(values))
    if draws:
        curve, runs, kept = _drawn(compiled, values, covariance, residual, draws, seed)
        lost = f", {draws - kept} of them without a value" if kept < draws else ""
        method = f"{draws} draws from the covariance of {', '.join(covariance['symbols'])}{lost}"
    else:
        curve, runs = _linearised(compiled, values, value, covariance, residual)
        method = f"covariance of {', '.join(covariance['symbols'])}, linearised"
    return {
        "level": LEVEL,
        "low": curve[0],
        "high": curve[1],
        "kind": "parameter",
        "method": method,
        "prediction": {"low": runs[0], "high": runs[1]} if runs else None,
    }


def _linearised(
    compiled: Compiled,
    values: Mapping[str, Any],
    value: float,
    covariance: Mapping[str, Any],
    residual: Mapping[str, Any] | None,
) -> tuple[tuple[float, float], tuple[float, float] | None]:
    symbols, matrix = covariance["symbols"], covariance["matrix"]
    slopes = []
    for symbol in symbols:
        at = values[symbol]
        if symbol in covariance["logarithms"]:
            ends = [at * math.exp(sign * _STEP) for sign in (1, -1)]
            width = 2 * _STEP
        else:
            step = _STEP * max(abs(at), 1e-12)
            ends = [at + sign * step for sign in (1, -1)]
            width = 2 * step
        above, below = (float(compiled({**values, symbol: end})) for end in ends)
        slopes.append((above - below) / width)
    variance = sum(
        one * other * matrix[row][column] for row, one in enumerate(slopes) for column, other in enumerate(slopes)
    )
    margin = _NORMAL_95 * math.sqrt(max(variance, 0.0))
    if residual is None:
        return (value - margin, value + margin), None
    spread = residual["standard_deviation"]
    if residual["on"] == "log":
        factor = math.exp(_NORMAL_95 * math.hypot(math.sqrt(max(variance, 0.0)) / value, spread))
        return (value - margin, value + margin), (value / factor, value * factor)
    margin_of_runs = _NORMAL_95 * math.hypot(math.sqrt(max(variance, 0.0)), spread)
    return (value - margin, value + margin), (value - margin_of_runs, value + margin_of_runs)


def _drawn(
    compiled: Compiled,
    values: Mapping[str, Any],
    covariance: Mapping[str, Any],
    residual: Mapping[str, Any] | None,
    draws: int,
    seed: int,
) -> tuple[tuple[float, float], tuple[float, float] | None, int]:
    import numpy as np  # noqa: PLC0415 - only draws need it

    generator = np.random.default_rng(seed)
    symbols = covariance["symbols"]
    centre = [math.log(values[name]) if name in covariance["logarithms"] else values[name] for name in symbols]
    sets = generator.multivariate_normal(centre, np.array(covariance["matrix"]), size=draws, method="eigh")
    drawn = {
        name: np.exp(sets[:, column]) if name in covariance["logarithms"] else sets[:, column]
        for column, name in enumerate(symbols)
    }
    with np.errstate(all="ignore"):
        found = np.asarray(compiled({**values, **drawn}), dtype=np.float64)
    found = found[np.isfinite(found)]
    if not len(found):
        raise EvaluationError("the law has no finite value for any of the coefficients drawn")
    ends = [50 * (1 - LEVEL), 50 * (1 + LEVEL)]
    curve = tuple(float(each) for each in np.percentile(found, ends))
    runs = None
    if residual is not None:
        scatter = residual["standard_deviation"] * generator.standard_normal(len(found))
        shaken = found * np.exp(scatter) if residual["on"] == "log" else found + scatter
        runs = tuple(float(each) for each in np.percentile(shaken, ends))
    return (curve[0], curve[1]), (runs[0], runs[1]) if runs else None, len(found)
