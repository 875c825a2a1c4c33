"""The optimizers of the survey's Appendix A as choices: what papers used, beside the catalog's own search."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scalinglaws.fitting.objective import Objective
from scalinglaws.fitting.search import Found, Problem, minimise, objective_of

Array = NDArray[np.float64]
OPTIMIZERS = ("newton", "bfgs", "l-bfgs", "least-squares", "adam", "adagrad")
#: Steps of the first-order methods; their step sizes by name.
_STEPS = 5000
#: What stands for a residual that has no value, and the bend given to the absolute value's kink.
_FAR = 1e6
_SMOOTH = 1e-6
_RATES = {"adam": 0.02, "adagrad": 0.2}


def run(name: str, problem: Problem, points: Array, weights: Array, objective: Objective) -> Found:
    """Minimise from every start by the named optimizer.

    Args:
        name: one of `OPTIMIZERS`; `newton` is the catalog's own.
        problem: what is fitted.
        points: the starts, shape (k, p).
        weights: of the rows, shape (1, n).
        objective: what is made small.
    """
    if name == "newton":
        return minimise(problem, points, weights, objective)
    if name in _RATES:
        return _first_order(name, problem, points, weights, objective)
    ends = [_from_one(name, problem, start, weights, objective) for start in points]
    at = np.array([each[0] for each in ends])
    return Found(at, objective_of(problem, at, weights, objective), max(each[1] for each in ends))


def slope(problem: Problem, points: Array, weights: Array, objective: Objective) -> Array:
    """Slope of the objective, shape (k, p)."""
    coefficients = problem.coefficients(points)
    with np.errstate(all="ignore"):
        value, slopes = problem.derivatives.slopes(coefficients)
        residual = problem.residual(points, objective.on)
        pull = objective.slope(residual) * weights / (value if objective.on == "log" else 1.0)
        factor = np.where(problem.logged, coefficients, 1.0)
        found = np.stack([(each * pull).sum(1) * factor[:, j] for j, each in enumerate(slopes)], axis=1)
    return np.where(np.isfinite(found), found, 0.0)


def _from_one(name: str, problem: Problem, start: Array, weights: Array, objective: Objective) -> tuple[Array, int]:
    from scipy.optimize import least_squares, minimize  # noqa: PLC0415 - heavy

    if name == "least-squares":

        def residual(point: Array) -> Array:
            with np.errstate(all="ignore"):
                found = problem.residual(point[None], objective.on)[0]
            return np.where(np.isfinite(found), found, _FAR)

        def steepness(point: Array) -> Array:
            coefficients = problem.coefficients(point[None])
            with np.errstate(all="ignore"):
                value, slopes = problem.derivatives.slopes(coefficients)
                factor = np.where(problem.logged, coefficients, 1.0)[0]
                over = value[0] if objective.on == "log" else 1.0
                found = np.stack([each[0] * own / over for each, own in zip(slopes, factor, strict=True)], axis=1)
            return np.where(np.isfinite(found), found, 0.0)

        def loss(squared: Array) -> Array:
            # Half of the first row is summed; the weights act on it, not on the residuals.
            size = np.sqrt(squared + _SMOOTH**2)
            if objective.kind == "squares":
                rows = [2 * squared, np.full_like(size, 2.0), np.zeros_like(size)]
            elif objective.kind == "absolute":
                rows = [2 * size, 1 / size, -0.5 / size**3]
            else:
                inside = size <= objective.delta
                outside = objective.delta / size
                rows = [
                    2 * objective.value(size),
                    np.where(inside, 1.0, outside),
                    np.where(inside, 0.0, -0.5 * outside / size**2),
                ]
            weighed: Array = np.array(rows) * weights[0]
            return weighed

        inside = np.clip(start, problem.lower + 1e-9, problem.upper - 1e-9)
        with np.errstate(all="ignore"):
            done = least_squares(
                residual,
                inside,
                jac=steepness,
                loss=loss,
                bounds=(problem.lower, problem.upper),
                x_scale="jac",
                xtol=1e-15,
                ftol=1e-15,
                gtol=1e-15,
                max_nfev=5000,
            )
        return done.x, int(done.nfev)
    # An objective of 1e-3 would look converged to the optimizer's own tolerances.
    scale = max(float(objective_of(problem, start[None], weights, objective)[0]), 1e-300)

    def height(point: Array) -> float:
        found = float(objective_of(problem, point[None], weights, objective)[0]) / scale
        return min(found, 1e300)

    def gradient(point: Array) -> Array:
        steep: Array = slope(problem, point[None], weights, objective)[0] / scale
        return steep

    method = {"bfgs": "BFGS", "l-bfgs": "L-BFGS-B"}[name]
    options = {"maxiter": 5000, "gtol": 1e-10} | ({"ftol": 1e-15, "maxfun": 20000} if name == "l-bfgs" else {})
    bounds = list(zip(problem.lower, problem.upper, strict=True)) if name == "l-bfgs" else None
    with np.errstate(all="ignore"):
        done = minimize(height, start, jac=gradient, method=method, options=options, bounds=bounds)
    return done.x, int(done.nit)


def _first_order(name: str, problem: Problem, points: Array, weights: Array, objective: Objective) -> Found:
    """Adam or Adagrad on the objective's own slope, with a rate that falls to nothing over the steps."""
    at = points.copy()
    best, heights = at.copy(), objective_of(problem, at, weights, objective)
    first, second = np.zeros_like(at), np.zeros_like(at)
    for step in range(1, _STEPS + 1):
        down = slope(problem, at, weights, objective)
        rate = _RATES[name] * (1 - (step - 1) / _STEPS)
        if name == "adam":
            first = 0.9 * first + 0.1 * down
            second = 0.999 * second + 0.001 * down * down
            move = (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-12)
        else:
            second = second + down * down
            move = down / (np.sqrt(second) + 1e-12)
        at = np.clip(at - rate * move, problem.lower, problem.upper)
        if step % 10 == 0 or step == _STEPS:
            reached = objective_of(problem, at, weights, objective)
            better = reached < heights
            best[better], heights[better] = at[better], reached[better]
    return Found(best, heights, _STEPS)
