"""Finds the best value of a law over some of its symbols, under at most one constraint."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scalinglaws.formulas.calculus import NotDifferentiable, NotInvertible, derivative, isolate
from scalinglaws.formulas.evaluation import Compiled, EvaluationError, Formula
from scalinglaws.formulas.expression import Binary, Equation, Node, replace_symbols, symbols

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

#: Decades in which free quantities are searched for, and how finely.
_DECADES = (-12.0, 40.0)
_POINTS = 5201
#: Starts of a search in several dimensions.
_STARTS = 40_000


class NoOptimum(EvaluationError):
    """The law has no best value there; the message says which way it goes on."""


@dataclass(frozen=True)
class Optimum:
    """Where a law is best, its value there, and how it was found.

    Attributes:
        values: the quantities that were free.
        output: the law there.
        multiplier: change of the output for a unit more of the constraint's right side; none without one.
        method: how it was found.
    """

    values: dict[str, float]
    output: float
    multiplier: float | None
    method: str


def optimize(
    compiled: Compiled,
    values: Mapping[str, float],
    over: Sequence[str],
    *,
    constraint: Equation | None = None,
    lets: Mapping[str, Node] | None = None,
    highest: bool = False,
) -> Optimum:
    """The values of `over` at which the law is lowest (or highest), all of them positive.

    Args:
        compiled: an explicit law.
        values: every other symbol of law, constraint and lets.
        over: what is free.
        constraint: an equation that must hold.
        lets: symbols of the law in terms of free ones.
        highest: look for the highest value.

    Raises:
        NoOptimum: when the law goes on improving as a quantity grows or shrinks.
        NotInvertible: when the constraint cannot be solved for any of the free quantities.
    """
    if compiled.formula.implicit:
        raise NotInvertible("the law is implicit in its output: solve it for the variable you need")
    objective = replace_symbols(compiled.formula.inlined(), lets or {})
    law = objective
    free = list(over)
    eliminated: tuple[str, Node] | None = None
    if constraint is not None:
        constraint = Equation(
            replace_symbols(constraint.left, lets or {}), replace_symbols(constraint.right, lets or {})
        )
        eliminated = _eliminate(constraint, free)
        free.remove(eliminated[0])
        objective = replace_symbols(objective, {eliminated[0]: eliminated[1]})
    sign = -1.0 if highest else 1.0
    found: dict[str, float] = {}
    method = "fixed by the constraint"
    if not free:
        pass
    elif len(free) == 1:
        found, method = _along_a_line(objective, eliminated and eliminated[1], values, free[0], sign)
    else:
        found, method = _in_several(objective, eliminated and eliminated[1], values, free, sign)
    known = {**values, **found}
    if eliminated is not None:
        found[eliminated[0]] = known[eliminated[0]] = number(eliminated[1], known)
    multiplier = _multiplier(law, constraint, known, over) if constraint is not None else None
    return Optimum({name: found[name] for name in over}, number(law, known), multiplier, method)


def _eliminate(constraint: Equation, free: Sequence[str]) -> tuple[str, Node]:
    """A free symbol in terms of the others."""
    for name in reversed(free):
        try:
            return name, isolate(constraint.left, name, constraint.right)
        except NotInvertible:
            continue
    raise NotInvertible(f"the constraint cannot be solved for {' or '.join(free)} in closed form")


def number(node: Node, values: Mapping[str, float]) -> float:
    """The value of a formula."""
    part = Compiled(Formula(root=node))
    return float(part({name: values[name] for name in part.arguments}))


def _height(
    objective: Node, eliminated: Node | None, values: Mapping[str, float], free: Sequence[str], sign: float
) -> Callable[..., Any]:
    """What is to be made small, for arrays: infinite where it has no value or what was eliminated is not positive."""
    import numpy as np  # noqa: PLC0415 - heavy

    function = _function(objective, values, free)
    other = _function(eliminated, values, free) if eliminated is not None else None

    def evaluate(*points: Any) -> Any:
        heights = sign * np.asarray(function(*points), dtype=np.float64)
        allowed = np.isfinite(heights)
        if other is not None:
            allowed &= np.asarray(other(*points)) > 0
        return np.where(allowed, heights, np.inf)

    return evaluate


def _function(node: Node, values: Mapping[str, float], free: Sequence[str]) -> Callable[..., Any]:
    """The node as a function of the free symbols, for arrays."""
    part = Compiled(Formula(root=node))
    function = part.function("value", arrays=True)
    missing = [name for name in part.arguments if name not in values and name not in free]
    if missing:
        raise KeyError(missing[0])

    def evaluate(*points: Any) -> Any:
        given = dict(zip(free, points, strict=True))
        result = function(*(given[name] if name in given else values[name] for name in part.arguments))
        return result + 0 * points[0]

    return evaluate


def _along_a_line(
    objective: Node, eliminated: Node | None, values: Mapping[str, float], name: str, sign: float
) -> tuple[dict[str, float], str]:
    import numpy as np  # noqa: PLC0415 - heavy

    height = _height(objective, eliminated, values, [name], sign)
    grid = np.logspace(*_DECADES, _POINTS)
    with np.errstate(all="ignore"):
        heights = height(grid)
        if not np.isfinite(heights).any():
            raise NoOptimum(f"the law has no value for any {name} under this constraint")
        best = int(np.argmin(heights))
        flat = np.flatnonzero(np.isclose(heights, heights[best], rtol=1e-12, atol=0))
        reached = np.flatnonzero(np.isfinite(heights))
        if best == reached[0] or flat[0] == reached[0]:
            raise NoOptimum(f"the law goes on improving as {name} shrinks: there is no best value")
        if best == reached[-1] or flat[-1] == reached[-1]:
            raise NoOptimum(f"the law goes on improving as {name} grows: there is no best value")
        low, high = float(grid[best - 1]), float(grid[best + 1])
        try:
            slope = _function(derivative(objective, name), values, [name])
            if sign * float(slope(np.float64(low))) < 0 < sign * float(slope(np.float64(high))):
                return {name: _bisect(lambda x: sign * float(slope(np.float64(x))), low, high)}, "root of the slope"
        except NotDifferentiable:
            pass
        return {name: _golden(lambda x: float(height(np.float64(x))), low, high)}, "golden section"


def _bisect(slope: Callable[[float], float], low: float, high: float) -> float:
    while True:
        middle = math.sqrt(low * high)
        if middle <= low or middle >= high:
            return low if abs(slope(low)) <= abs(slope(high)) else high
        if slope(middle) < 0:
            low = middle
        else:
            high = middle


def _golden(height: Callable[[float], float], low: float, high: float) -> float:
    ratio = (math.sqrt(5) - 1) / 2
    a, b = math.log(low), math.log(high)
    while b - a > 1e-13 * max(1.0, abs(a)):
        first, second = b - ratio * (b - a), a + ratio * (b - a)
        if height(math.exp(first)) <= height(math.exp(second)):
            b = second
        else:
            a = first
        if second - first <= 0:
            break
    return math.exp((a + b) / 2)


def _in_several(
    objective: Node, eliminated: Node | None, values: Mapping[str, float], free: Sequence[str], sign: float
) -> tuple[dict[str, float], str]:
    import numpy as np  # noqa: PLC0415 - heavy
    from scipy.optimize import minimize  # noqa: PLC0415 - heavy

    height_at = _height(objective, eliminated, values, free, sign)
    slopes = [_function(derivative(objective, name), values, free) for name in free]

    def height(logs: Array) -> float:
        return min(float(height_at(*np.exp(logs))), 1e300)

    def gradient(logs: Array) -> Array:
        points = np.exp(logs)
        result = np.array([sign * float(slope(*points)) for slope in slopes]) * points
        return np.where(np.isfinite(result), result, 0.0)

    with np.errstate(all="ignore"):
        generator = np.random.default_rng(0)
        starts = generator.uniform(math.log(1e-6), math.log(1e30), (len(free), _STARTS))
        heights = height_at(*np.exp(starts))
        if not np.isfinite(heights).any():
            raise NoOptimum(f"the law has no value for any {', '.join(free)} under this constraint")
        best = None
        for place in np.argsort(heights)[:8]:
            point = starts[:, place]
            rough = minimize(height, point, method="Nelder-Mead", options={"maxiter": 4000, "xatol": 1e-9, "fatol": 0})
            fine = minimize(height, rough.x, jac=gradient, method="BFGS", options={"gtol": 1e-14})
            end = fine if fine.fun <= rough.fun else rough
            if best is None or end.fun < best.fun:
                best = end
    assert best is not None
    for name, at in zip(free, best.x, strict=True):
        if not math.log(1e-9) < at < math.log(1e38):
            raise NoOptimum(f"the law goes on improving as {name} {'grows' if at > 0 else 'shrinks'}: there is no best")
    return dict(zip(free, (float(each) for each in np.exp(best.x)), strict=True)), "several starts, then BFGS"


def _multiplier(law: Node, constraint: Equation, known: Mapping[str, float], over: Sequence[str]) -> float | None:
    """Change of the law per unit of the constraint's right side, from the symbol that moves the constraint most."""
    gap = Binary("-", constraint.left, constraint.right)
    ratios = []
    for name in over:
        try:
            by_law = number(derivative(law, name), known)
            by_gap = number(derivative(gap, name), known)
        except (NotDifferentiable, ValueError):
            continue
        if by_gap:
            ratios.append((abs(by_gap) * known[name], by_law / by_gap))
    return max(ratios)[1] if ratios else None


def free_symbols(*nodes: Node) -> list[str]:
    """Every symbol of some formulas, in the order of first use."""
    return list(dict.fromkeys(name for node in nodes for name in symbols(node)))
