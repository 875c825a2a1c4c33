"""How far to trust a fit: agreement of starts, conditioning, flat directions, bounds, profiles, validation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scalinglaws.fitting.objective import Objective
from scalinglaws.fitting.search import Found, Problem, minimise, objective_of
from scalinglaws.progress import told

Array = NDArray[np.float64]
#: Starts whose objectives agree to this relative precision have found the same minimum.
AGREEMENT = 1e-6
#: An objective of this size a row is an exact fit.
_EXACT = 1e-24
#: A direction in which the scaled curvature is less than this share of the largest is flat.
_FLAT = 1e-7
_TAKES_PART = 0.05
_NARROW = 1e10
_HUGE = 1e150
#: A coefficient with less than this share of the law at every row has vanished.
_VANISHED = 1e-9
_LEVEL = 0.95
#: Rise of twice the negative log-likelihood at the ends of a 95 % interval of one coefficient.
_CHI2_95 = 3.841458820694124
#: Resamplings in one batch: as many as have so many cells, so that the arrays stay in the processor's cache.
_CELLS = 16_000
_FEWEST = 8


def agreement(found: Found, rows: int) -> dict[str, Any]:
    """How many starts there were, how many ended at the best objective, and the spread of the others."""
    finite = found.objectives[np.isfinite(found.objectives)]
    best = float(finite.min()) if len(finite) else float("nan")
    same = finite <= best + AGREEMENT * abs(best) + rows * _EXACT
    others = finite[~same]
    spread = float((others / max(best, rows * _EXACT) - 1).max()) if len(others) else 0.0
    return {"count": len(found.objectives), "agreeing": int(same.sum()), "spread": spread}


def identifiability(
    problem: Problem, point: Array, names: Sequence[str], weights: Array, objective: Objective
) -> dict[str, Any]:
    """Condition of the slopes at a point, directions in which the fit hardly changes, and coefficients at bounds."""
    with np.errstate(all="ignore"):
        coefficients = problem.coefficients(point[None])
        value, slopes = problem.derivatives.slopes(coefficients)
        factor = np.where(problem.logged, coefficients, 1.0)
        steep = np.stack([each[0] * factor[0, j] for j, each in enumerate(slopes)], axis=1)
        if objective.on == "log":
            steep = steep / value[0][:, None]
    steep = np.where(np.abs(steep) < _HUGE, steep, 0.0) * np.sqrt(weights[0])[:, None]
    size = np.linalg.norm(steep, axis=0)
    width = np.where(size > 0, size, 1.0)
    _, singular, directions = np.linalg.svd(steep / width, full_matrices=False)
    condition = float((singular[0] / singular[-1]) ** 2) if singular[-1] > 0 else float("inf")
    flat = []
    for value_, direction in zip(singular, directions, strict=True):
        if value_**2 < _FLAT * singular[0] ** 2:
            parts = direction / width
            parts = parts / np.abs(parts).max()
            # What takes part is told by its effect; how far it moves is told in its own measure.
            part_of = np.abs(direction) > _TAKES_PART * np.abs(direction).max()
            flat.append(
                {
                    name: float(f"{part:.4g}")
                    for name, part, included in zip(names, parts, part_of, strict=True)
                    if included
                }
            )
    flat += [{name: 1.0} for name, each in zip(names, size, strict=True) if each == 0 and {name: 1.0} not in flat]
    at_bounds = [
        name
        for name, here, low, high in zip(names, point, problem.lower, problem.upper, strict=True)
        if here <= low or here >= high
    ]
    return {"condition": min(condition, _NARROW**2), "flat_directions": flat, "at_bounds": at_bounds}


def vanished(problem: Problem, point: Array, names: Sequence[str]) -> list[str]:
    """Coefficients searched by logarithm that went so near zero that the law no longer feels them at any row."""
    with np.errstate(all="ignore"):
        coefficients = problem.coefficients(point[None])
        value, slopes = problem.derivatives.slopes(coefficients)
        shares = [np.abs(each[0] * own / value[0]) for each, own in zip(slopes, coefficients[0], strict=True)]
        felt = [np.max(each, initial=0.0, where=np.isfinite(each)) for each in shares]
    return [
        name for name, logged, share in zip(names, problem.logged, felt, strict=True) if logged and share < _VANISHED
    ]


def resample(
    problem: Problem, point: Array, weights: Array, objective: Objective, count: int, seed: int, scale: float
) -> Array:
    """Coefficients of fits to so many resamplings of the rows, shape (count, p)."""
    rows = len(problem.output)
    random = np.random.default_rng(seed)
    size = max(_CELLS // rows, _FEWEST)
    ends = []
    for first in told(range(0, count, size), "resamplings", count, size):
        many = min(size, count - first)
        drawn = random.integers(0, rows, (many, rows))
        times = np.zeros((many, rows))
        np.add.at(times, (np.repeat(np.arange(many), rows), drawn.ravel()), 1.0)
        begin = np.repeat(point[None], many, axis=0)
        ends.append(minimise(problem, begin, times * weights, objective, scale=scale).points)
    return problem.coefficients(np.concatenate(ends))


def intervals(resampled: Array, names: Sequence[str]) -> dict[str, dict[str, float]]:
    """Percentile intervals of 95 %."""
    low, high = np.percentile(resampled, [50 * (1 - _LEVEL), 50 * (1 + _LEVEL)], axis=0)
    return {name: {"low": float(one), "high": float(other)} for name, one, other in zip(names, low, high, strict=True)}


def covariance(resampled: Array, names: Sequence[str], logged: NDArray[np.bool_]) -> dict[str, Any]:
    """Covariance of the resampled coefficients, of the logarithms of those that are searched so."""
    searched = np.where(logged, np.log(np.where(logged, resampled, 1.0)), resampled)
    matrix = np.atleast_2d(np.cov(searched.T))
    return {
        "symbols": list(names),
        "logarithms": [name for name, each in zip(names, logged, strict=True) if each],
        "matrix": matrix.tolist(),
    }


def profile(
    problem: Problem, point: Array, number: int, weights: Array, objective: Objective, points: int = 41
) -> dict[str, Any]:
    """The objective's lowest value with one coefficient held, over a range of it.

    The interval is where twice the rise of the normal log-likelihood stays under 3.84, the scatter estimated at the
    minimum; it is exact for squares only, and none where the objective never rises so far.
    """
    low_point, high_point = _ends(problem, point, number, weights, objective)
    held = np.linspace(low_point, high_point, points)
    begin = np.repeat(point[None], points, axis=0)
    begin[:, number] = held
    lower, upper = problem.lower.copy(), problem.upper.copy()
    heights = np.empty(points)
    for index, value in enumerate(told(held, "points of the profile", points)):
        lower[number] = upper[number] = value
        narrowed = _narrowed(problem, number, lower.copy(), upper.copy())
        heights[index] = minimise(narrowed, begin[index : index + 1], weights, objective, scale=1e-2).objectives[0]
    best = float(objective_of(problem, point[None], weights, objective)[0])
    rise = _rise(heights, best, weights)
    inside = held[rise <= _CHI2_95]
    values = np.exp(held) if problem.logged[number] else held
    edges = np.exp(inside) if problem.logged[number] else inside
    return {
        "values": values.tolist(),
        "objectives": heights.tolist(),
        "low": float(edges.min()) if len(inside) and inside.min() > held.min() else None,
        "high": float(edges.max()) if len(inside) and inside.max() < held.max() else None,
    }


def _rise(heights: Any, best: float, weights: Array) -> Any:
    """Twice the rise of the negative log-likelihood over the best fit; an exact one is taken as very nearly so."""
    least = max(best, _EXACT * float(weights.sum()))
    return weights.sum() * np.log(np.maximum(heights, least) / least)


def _narrowed(problem: Problem, number: int, lower: Array, upper: Array) -> Problem:
    """The problem with one coefficient held by its bounds."""
    linear = tuple(each for each in problem.linear if each != number)
    return replace(problem, lower=lower, upper=upper, linear=linear)


def _ends(problem: Problem, point: Array, number: int, weights: Array, objective: Objective) -> tuple[float, float]:
    """A range of the searched coefficient wide enough for the objective to rise, or as wide as makes sense."""
    best = float(objective_of(problem, point[None], weights, objective)[0])
    size = 1.0 if problem.logged[number] else max(abs(point[number]), 1e-3)
    ends = []
    for sign in (-1.0, 1.0):
        reach = 0.02 * size
        for _ in range(9):
            lower, upper = problem.lower.copy(), problem.upper.copy()
            lower[number] = upper[number] = point[number] + sign * reach
            narrowed = _narrowed(problem, number, lower, upper)
            begin = point[None].copy()
            begin[0, number] = lower[number]
            height = minimise(narrowed, begin, weights, objective, scale=1e-2).objectives[0]
            if not np.isfinite(height) or _rise(height, best, weights) > 2 * _CHI2_95:
                break
            reach *= 2
        ends.append(point[number] + sign * reach)
    return ends[0], ends[1]


def errors_of(problem: Problem, point: Array, rows: NDArray[np.bool_]) -> dict[str, Any]:
    """How far the law is off at some of the rows: their number, root mean squares of the log and raw residuals."""
    with np.errstate(all="ignore"):
        raw = problem.residual(point[None], "raw")[0][rows]
        predicted = raw + problem.output[rows]
        log = np.log(np.where(predicted > 0, predicted, np.nan)) - np.log(
            np.where(problem.output[rows] > 0, problem.output[rows], np.nan)
        )
    return {
        "n": int(rows.sum()),
        "rmse_log": float(np.sqrt(np.mean(log**2))) if len(log) and np.isfinite(log).all() else None,
        "rmse": float(np.sqrt(np.mean(raw**2))) if len(raw) else None,
    }


def cross_validation(
    problem: Problem, point: Array, weights: Array, objective: Objective, folds: int, seed: int
) -> dict[str, Any]:
    """Errors on rows left out in turn, each fold predicted by a fit to the others."""
    rows = len(problem.output)
    fold = np.random.default_rng(seed).permutation(rows) % folds
    kept = np.array([(fold != number) for number in range(folds)], dtype=np.float64) * weights
    ends = minimise(problem, np.repeat(point[None], folds, axis=0), kept, objective).points
    with np.errstate(all="ignore"):
        raw = problem.residual(ends, "raw")
        log = problem.residual(ends, "log") if (problem.output > 0).all() else None
    out = kept == 0
    return {
        "folds": folds,
        "rmse_log": float(np.sqrt(np.mean(log[out] ** 2))) if log is not None else None,
        "rmse": float(np.sqrt(np.mean(raw[out] ** 2))),
    }
