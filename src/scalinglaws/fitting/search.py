"""Minimises an objective for many starts, or many resamplings of the rows, at once.

Damped Gauss-Newton steps with thresholds that shrink lead into the valley; Newton steps with the exact second
derivatives end at its bottom. Coefficients that must be positive are searched by their logarithm.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scalinglaws.fitting.derivatives import Derivatives
from scalinglaws.fitting.objective import Objective

Array = NDArray[np.float64]
#: Of a logarithm in one step; other coefficients may grow by so many times their size.
_LARGEST_STEP = 3.0
_LARGEST_GROWTH = 10.0
_WORST_DAMPING = 1e9
#: Starts whose objectives and points agree so far are followed as one from there on.
_SAME_HEIGHT = 1e-4
_SAME_PLACE = 3e-2
#: Steps of least squares, whose valleys may be long and narrow.
_LONG = 300
#: Steps of every easier objective, and until starts are compared once more.
_EASY = 10
#: So few starts are worth following in more ways.
_FEW = 4
#: Least absolute deviations: rows of the largest linear program, and the share above the best that is worth one.
_MOST_PROGRAM = 5000
_NEAR_BEST = 1e-2


@dataclass(frozen=True)
class Problem:
    """A law, the data and which coefficients are searched by logarithm.

    Attributes:
        derivatives: the law with its derivatives.
        output: the data, n rows.
        logged: for each coefficient whether the search goes by its logarithm.
        lower, upper: bounds in searched terms.
        linear: places of coefficients that enter linearly together and have no bounds.
    """

    derivatives: Derivatives
    output: Array
    logged: NDArray[np.bool_]
    lower: Array
    upper: Array
    linear: tuple[int, ...] = ()

    def coefficients(self, points: Array) -> Array:
        """Coefficients of points of the search, shape (k, p)."""
        with np.errstate(over="ignore"):
            return np.where(self.logged, np.exp(np.where(self.logged, points, 0.0)), points)

    def points(self, coefficients: Array) -> Array:
        """Points of the search of coefficients."""
        return np.where(self.logged, np.log(np.where(self.logged, coefficients, 1.0)), coefficients)

    def residual(self, points: Array, on: str) -> Array:
        """Residuals, shape (k, n)."""
        return self.residual_of(self.derivatives.value(self.coefficients(points)), on)

    def residual_of(self, value: Array, on: str) -> Array:
        """Residuals of values of the law, shape (k, n)."""
        if on == "raw":
            return value - self.output
        # The logarithm of what is negative is no number; that of zero is infinite, as its objective is then.
        return np.log(value) - self._log_output

    @cached_property
    def _log_output(self) -> Array:
        return np.log(self.output)


@dataclass(frozen=True)
class Found:
    """Where the search ended, for each start: points (k, p), objectives (k,), and the steps taken."""

    points: Array
    objectives: Array
    steps: int


def objective_of(problem: Problem, points: Array, weights: Array, objective: Objective) -> Array:
    """The weighted objective of each point; infinite where the law has no value. Weights: (1, n) or (k, n)."""
    with np.errstate(all="ignore"):
        residual = problem.residual(points, objective.on)
        total = (objective.value(residual) * weights).sum(1)
    return np.where(np.isfinite(total), total, np.inf)


def minimise(
    problem: Problem,
    points: Array,
    weights: Array,
    objective: Objective,
    *,
    scale: float = 3e-2,
    steps: int = 200,
    thorough: bool = True,
) -> Found:
    """The nearest minimum of each start.

    Args:
        problem: what is fitted.
        points: the starts, shape (k, p), in searched terms.
        weights: of the rows, shape (1, n) for all starts or (k, n) for each.
        objective: what is made small.
        scale: threshold to start from, of the order of the residuals at the starts.
        steps: at most so many exact steps at the end.
        thorough: whether least squares may follow a start in more ways than one, out of its own valley if need be.

    Returns:
        the ends.
    """
    at = np.clip(points, problem.lower, problem.upper)
    single = len(weights) == 1
    whole = np.arange(len(at))
    taken = 0
    with np.errstate(all="ignore"):
        if objective.kind == "squares":
            at, heights, taken = _least_squares(problem, at, weights, objective, thorough=thorough)
            stages = []
        else:
            stages = objective.eased(scale)
        for eased in stages:
            # Resampled rows begin at the optimum of all: few steps suffice.
            easy = _EASY if single else _EASY // 2
            at, heights, more = _descend(problem, at, weights, eased, easy, 1e-7, exact=False)
            taken += more
            if single:
                kept, groups = _merged(at, heights)
                at, whole = at[kept], groups[whole]
        exact = problem.derivatives.curved and objective.kind != "absolute"
        if single and len(at) > 1:
            at, heights, more = _descend(problem, at, weights, objective, _EASY, 1e-12, exact=exact)
            taken += more
            kept, groups = _merged(at, heights)
            at, whole = at[kept], groups[whole]
        at, objectives, more = _descend(problem, at, weights, objective, steps, 1e-15, exact=exact)
        if objective.kind == "absolute":
            at, objectives = _to_vertex(problem, at, weights, objective, objectives)
            if single and len(problem.output) <= _MOST_PROGRAM:
                at, objectives = _by_linear_programs(problem, at, weights, objective, objectives)
        elif single:
            at, objectives = _polished(problem, at, weights, objective, objectives, exact=exact)
    return Found(at[whole], objectives[whole], taken + more)


def _least_squares(
    problem: Problem, points: Array, weights: Array, objective: Objective, *, thorough: bool
) -> tuple[Array, Array, int]:
    """Least squares has no easier form to begin with: each start is followed in several ways, the lowest end counts.

    By whole steps, with the linear coefficients solved for in every step, and, where few starts are given, by way of
    the logarithm.
    """
    at, heights, taken = _descend(problem, points, weights, objective, _LONG, 1e-10, exact=False)
    ways: list[Array] = []
    if not thorough:
        return at, heights, taken
    if problem.linear:
        ways.append(points)
    if len(points) <= _FEW and objective.on == "raw" and (problem.output > 0).all():
        relative = Objective("squares", objective.delta, "log")
        ways.append(_descend(problem, points, weights, relative, _LONG, 1e-10, exact=False, projected=True)[0])
    for begin in ways:
        other, reached, more = _descend(
            problem, begin, weights, objective, _LONG, 1e-10, exact=False, projected=bool(problem.linear)
        )
        lower = reached < heights * (1 - 1e-9)
        at, heights = np.where(lower[:, None], other, at), np.where(lower, reached, heights)
        taken += more
    return at, heights, taken


def _merged(points: Array, heights: Array) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The starts that are still apart, the lowest of each group, and for every start the place of its group there."""
    kept: list[int] = []
    groups = np.zeros(len(points), dtype=np.intp)
    for number in np.argsort(heights):
        for place, other in enumerate(kept):
            alike = heights[number] - heights[other] <= _SAME_HEIGHT * abs(heights[other])
            if alike and np.allclose(points[number], points[other], rtol=_SAME_PLACE, atol=0):
                groups[number] = place
                break
        else:
            groups[number] = len(kept)
            kept.append(int(number))
    return np.array(kept, dtype=np.intp), groups


def _to_vertex(
    problem: Problem, points: Array, weights: Array, objective: Objective, heights: Array
) -> tuple[Array, Array]:
    """The least absolute deviations go through as many rows as there are coefficients: through those nearest by."""
    at, best = points.copy(), heights.copy()
    count, size = at.shape
    nearest = np.argsort(np.abs(problem.residual(at, objective.on)), axis=1)[:, :size]
    trial = at.copy()
    for _ in range(12):
        coefficients = problem.coefficients(trial)
        value, slopes = problem.derivatives.slopes(coefficients)
        factor = np.where(problem.logged, coefficients, 1.0)
        over = value if objective.on == "log" else np.ones_like(value)
        steep = np.stack([each * factor[:, j : j + 1] / over for j, each in enumerate(slopes)], axis=2)
        here = np.take_along_axis(steep, nearest[:, :, None], axis=1)
        gap = np.take_along_axis(problem.residual_of(value, objective.on), nearest, axis=1)
        for number in range(count):
            try:
                trial[number] -= np.linalg.solve(here[number], gap[number])
            except np.linalg.LinAlgError:
                continue
    trial = np.clip(trial, problem.lower, problem.upper)
    reached = objective_of(problem, trial, weights, objective)
    better = reached < best
    at[better], best[better] = trial[better], reached[better]
    return at, best


def _by_linear_programs(
    problem: Problem, points: Array, weights: Array, objective: Objective, heights: Array
) -> tuple[Array, Array]:
    """The least absolute deviations of the law's tangent, solved exactly in turn, from every start near the best."""
    from scipy.optimize import linprog  # noqa: PLC0415 - heavy

    at, best = points.copy(), heights.copy()
    for number in np.flatnonzero(heights <= heights.min() * (1 + _NEAR_BEST)):
        for _ in range(20):
            coefficients = problem.coefficients(at[number][None])
            value, slopes = problem.derivatives.slopes(coefficients)
            factor = np.where(problem.logged, coefficients, 1.0)[0]
            over = value[0] if objective.on == "log" else 1.0
            steep = np.stack([each[0] * own / over for each, own in zip(slopes, factor, strict=True)])
            size = np.maximum(np.linalg.norm(steep, axis=1, keepdims=True), 1e-300)
            residual = problem.residual_of(value, objective.on)[0]
            # The dual: signs of the rows that balance; its multipliers are the step.
            width = np.abs(residual).max() or 1.0
            if not np.isfinite(steep).all() or not np.isfinite(residual / width).all():
                break
            done = linprog(
                -residual / width,
                A_eq=steep / size,
                b_eq=np.zeros(len(steep)),
                bounds=np.stack([-weights[0], weights[0]], axis=1),
            )
            if not done.success:
                break
            move = done.eqlin.marginals * width / size[:, 0]
            trials = np.clip(at[number] + move * 0.5 ** np.arange(12)[:, None], problem.lower, problem.upper)
            reached = objective_of(problem, trials, weights, objective)
            lowest = int(np.argmin(reached))
            if not reached[lowest] < best[number] * (1 - 1e-14):
                break
            at[number], best[number] = trials[lowest], reached[lowest]
    return at, best


def _polished(
    problem: Problem, points: Array, weights: Array, objective: Objective, heights: Array, *, exact: bool
) -> tuple[Array, Array]:
    """Whole steps while the slope falls: near a minimum the objective no longer tells one point from the next."""
    at, best = points.copy(), heights.copy()
    weights = np.broadcast_to(weights, (len(at), len(problem.output)))
    active = np.flatnonzero(np.isfinite(best))
    steepness = np.full(len(at), np.inf)
    trial = at.copy()
    for _ in range(4):
        slope, curvature, scaling = _model(problem, trial[active], weights[active], objective, exact=exact)
        held = ((trial[active] <= problem.lower) & (slope > 0)) | ((trial[active] >= problem.upper) & (slope < 0))
        free = (~held & np.isfinite(slope)).all(1)
        steep = (slope * slope / np.maximum(scaling, 1e-300)).sum(1)
        reached = objective_of(problem, trial[active], weights[active], objective)
        better = free & (steep < 0.25 * steepness[active]) & (reached <= best[active] * (1 + 1e-13))
        active, slope, curvature, scaling = active[better], slope[better], curvature[better], scaling[better]
        if not len(active):
            break
        at[active], best[active] = trial[active], np.minimum(reached[better], best[active])
        steepness[active] = steep[better]
        trial[active] = at[active] + _step(slope, curvature, scaling, np.zeros(len(active)))
        trial = np.clip(trial, problem.lower, problem.upper)
    return at, best


def _solved_for(problem: Problem, points: Array, weights: Array, objective: Objective) -> Array:
    """The points with their linear coefficients at the least squares; as they are where that makes no sense."""
    coefficients = problem.coefficients(points)
    value, slopes = problem.derivatives.slopes(coefficients)
    residual = problem.residual_of(value, objective.on)
    over = value if objective.on == "log" else 1.0
    chosen = list(problem.linear)
    bases = np.stack([slopes[number] / over for number in chosen], axis=1)
    root = np.sqrt(weights)
    bases, gap = bases * root[:, None, :], residual * root
    size = np.maximum(np.sqrt((bases * bases).sum(2)), 1e-300)
    bases = bases / size[:, :, None]
    normal = bases @ bases.transpose(0, 2, 1)
    right = (bases @ gap[:, :, None])[:, :, 0]
    sound = np.isfinite(normal).all((1, 2)) & np.isfinite(right).all(1)
    normal[~sound], right[~sound] = np.eye(len(chosen)), 0.0
    move = np.linalg.solve(normal + 1e-14 * np.eye(len(chosen)), right[:, :, None])[:, :, 0] / size
    moved = coefficients.copy()
    moved[:, chosen] -= move
    sound &= ~(problem.logged & (moved <= 0)).any(1)
    return np.where(sound[:, None], problem.points(np.where(sound[:, None], moved, coefficients)), points)


def _descend(
    problem: Problem,
    points: Array,
    weights: Array,
    objective: Objective,
    steps: int,
    tolerance: float,
    *,
    exact: bool,
    projected: bool = False,
) -> tuple[Array, Array, int]:
    at = points.copy()
    count, size = at.shape
    weights = np.broadcast_to(weights, (count, len(problem.output)))
    damping = np.full(count, 1e-3)
    heights = objective_of(problem, at, weights, objective)
    active = np.flatnonzero(np.isfinite(heights))
    projected = projected and bool(problem.linear)
    taken = 0
    while taken < steps and len(active):
        taken += 1
        here, own = at[active], weights[active]
        slope, curvature, scaling = _model(problem, here, own, objective, exact=exact)
        # What a bound holds back takes no part in the step.
        held = ((here <= problem.lower) & (slope > 0)) | ((here >= problem.upper) & (slope < 0))
        slope = np.where(held, 0.0, slope)
        curvature = np.where(held[:, :, None] | held[:, None, :], 0.0, curvature)
        curvature[:, np.arange(size), np.arange(size)] += np.where(held, 1.0, 0.0)
        move = _step(slope, curvature, scaling, damping[active])
        most = np.where(problem.logged, _LARGEST_STEP, _LARGEST_GROWTH * np.maximum(np.abs(here), 1.0))
        trial = np.clip(here + np.clip(move, -most, most), problem.lower, problem.upper)
        reached = objective_of(problem, trial, own, objective)
        if projected:
            other = _solved_for(problem, trial, own, objective)
            height = objective_of(problem, other, own, objective)
            lower = height < reached
            trial, reached = np.where(lower[:, None], other, trial), np.where(lower, height, reached)
        better = reached < heights[active]
        gain = np.where(better, heights[active] - reached, np.inf)
        settled = (better & (gain <= tolerance * np.abs(reached))) | (~better & (damping[active] > _WORST_DAMPING))
        at[active[better]] = trial[better]
        heights[active[better]] = reached[better]
        damping[active] = np.where(better, np.maximum(damping[active] / 6, 1e-14), damping[active] * 6)
        active = active[~settled]
    return at, heights, taken


def _model(
    problem: Problem, points: Array, weights: Array, objective: Objective, *, exact: bool
) -> tuple[Array, Array, Array]:
    """Slope (k, p), curvature (k, p, p) and the scale of each coefficient (k, p) of the objective."""
    coefficients = problem.coefficients(points)
    if exact:
        value, slopes, curvatures = problem.derivatives.curvatures(coefficients)
    else:
        value, slopes = problem.derivatives.slopes(coefficients)
        curvatures = []
    residual = problem.residual_of(value, objective.on)
    # By the chain rule: d/du = c d/dc for a coefficient c = exp(u).
    factor = np.where(problem.logged, coefficients, 1.0)
    steep = np.stack([each * factor[:, j : j + 1] for j, each in enumerate(slopes)], axis=1)
    if objective.on == "log":
        steep /= value[:, None, :]
    pull = objective.slope(residual) * weights
    stiffness = objective.curvature(residual, exact=exact) * weights
    if exact and objective.on == "log":
        # The logarithm's own curvature.
        stiffness -= pull
    slope = (steep @ pull[:, :, None])[:, :, 0]
    curvature = (steep * stiffness[:, None, :]) @ steep.transpose(0, 2, 1)
    if not exact:
        return slope, curvature, np.einsum("kii->ki", curvature).copy()
    gauss = objective.curvature(residual, exact=False) * weights
    scaling = np.einsum("kpn,kpn,kn->kp", steep, steep, gauss)
    second = _second(problem, curvatures, factor, pull / value if objective.on == "log" else pull)
    diagonal = np.arange(points.shape[1])
    second[:, diagonal, diagonal] += np.where(problem.logged, slope, 0.0)
    return slope, curvature + second, scaling


def _second(problem: Problem, curvatures: list[Any], factor: Array, pull: Array) -> Array:
    """What the law's own curvature adds, shape (k, p, p)."""
    count, size = factor.shape
    second = np.zeros((count, size, size))
    for (i, j), each in zip(problem.derivatives.pairs, curvatures, strict=True):
        if each is None:
            continue
        total = np.einsum("kn,kn->k", each, pull) * factor[:, i] * factor[:, j]
        second[:, i, j] = total
        second[:, j, i] = total
    return second


def _step(slope: Array, curvature: Array, scaling: Array, damping: Array) -> Array:
    """A damped step downhill for each start; directions that curve the wrong way are turned."""
    size = slope.shape[1]
    floor = 1e-12 * np.maximum(scaling.max(1, keepdims=True), 1e-300)
    width = 1 / np.sqrt(np.maximum(scaling, floor))
    scaled = curvature * width[:, :, None] * width[:, None, :]
    bad = ~np.isfinite(scaled).all((1, 2)) | ~np.isfinite(slope).all(1)
    scaled = np.where(bad[:, None, None], np.eye(size), scaled)
    target = np.where(bad[:, None], 0.0, slope * width)
    values, vectors = np.linalg.eigh(scaled)
    values = np.maximum(np.abs(values), 1e-14 * np.abs(values).max(1, keepdims=True)) + damping[:, None]
    along = np.einsum("kji,kj->ki", vectors, target) / values
    step: Array = -np.einsum("kij,kj->ki", vectors, along) * width
    return step
