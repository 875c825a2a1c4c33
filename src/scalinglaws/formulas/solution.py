"""Finds the value of one symbol that gives a stated output: by turning the formula round, or by searching for roots."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scalinglaws.formulas.calculus import NotInvertible, isolate
from scalinglaws.formulas.evaluation import Compiled, EvaluationError, Formula, in_domain
from scalinglaws.formulas.expression import Equation, Node, Number

#: Where roots are searched for: decades for positive quantities, and how finely.
_DECADES = (-40.0, 60.0)
_POINTS = 4001
_HALVINGS = 200


class NoSolution(EvaluationError):
    """No value of the symbol gives the stated output; the message says what the law can give."""


class SeveralSolutions(EvaluationError):
    """More than one value gives the stated output; `values` lists them."""

    def __init__(self, symbol: str, values: list[float]) -> None:
        self.values = values
        listed = ", ".join(f"{value:.6g}" for value in values)
        super().__init__(f"{len(values)} values of {symbol} give this: {listed}; say between which two to look")


@dataclass(frozen=True)
class Solution:
    """A value that solves a law, and how it was found."""

    symbol: str
    value: float
    method: str


def solve(
    compiled: Compiled,
    values: Mapping[str, float],
    symbol: str,
    target: float,
    *,
    domain: str = "positive",
    between: tuple[float, float] | None = None,
) -> Solution:
    """The value of `symbol` at which the law gives `target`.

    Args:
        compiled: the law.
        values: every other argument.
        symbol: the argument to solve for.
        target: the output.
        domain: which values make sense: positive, nonnegative, fraction or real.
        between: where to look; everywhere in the domain if left out.

    Raises:
        NoSolution: when none gives it.
        SeveralSolutions: when more than one does.
    """
    known = dict(values)
    if compiled.formula.implicit:
        known[str(compiled.formula.output)] = target
    root = compiled.formula.inlined()
    left, right = (root.left, root.right) if isinstance(root, Equation) else (root, Number(target))
    try:
        isolated = isolate(left, symbol, right)
    except NotInvertible:
        return Solution(symbol, _search(compiled, known, symbol, target, domain, between), "root finding")
    found = _value(isolated, known)
    if found is None or not in_domain(found, domain):
        raise NoSolution(f"no {symbol} gives this")
    # A step with two answers, or a clamp, may have been undone the wrong way.
    residual = float(residual_function(compiled, known, symbol, target)(found))
    if not math.isclose(residual + target, target, rel_tol=1e-6, abs_tol=1e-9 * max(1.0, abs(target))):
        raise NoSolution(f"no {symbol} gives this")
    if between is not None and not between[0] <= found <= between[1]:
        raise NoSolution(f"no {symbol} there gives this: it would have to be {found:.6g}")
    return Solution(symbol, found, "closed form")


def _value(node: Node, values: Mapping[str, float]) -> float | None:
    part = Compiled(Formula(root=node))
    try:
        return float(part({name: values[name] for name in part.arguments}))
    except EvaluationError:
        return None


def reach(compiled: Compiled, values: Mapping[str, float], symbol: str, domain: str) -> tuple[float, float] | None:
    """Lowest and highest output over every value of a symbol; none if it has no finite output."""
    import numpy as np  # noqa: PLC0415 - single numbers do without it

    if compiled.formula.implicit:
        return None
    with np.errstate(all="ignore"):
        heights = np.asarray(residual_function(compiled, values, symbol, 0.0)(_grid(domain, None)), dtype=np.float64)
    heights = heights[np.isfinite(heights)]
    return (float(heights.min()), float(heights.max())) if heights.size else None


def _grid(domain: str, between: tuple[float, float] | None) -> Any:
    import numpy as np  # noqa: PLC0415 - single numbers do without it

    if between is not None:
        low, high = between
        if low > 0:
            return np.geomspace(low, high, _POINTS)
        return np.linspace(low, high, _POINTS)
    if domain == "fraction":
        return np.linspace(0.0, 1.0, _POINTS)
    positive = np.logspace(*_DECADES, _POINTS)
    if domain == "nonnegative":
        return np.concatenate([[0.0], positive])
    return positive if domain == "positive" else np.concatenate([-positive[::-1], [0.0], positive])


def _search(
    compiled: Compiled,
    values: Mapping[str, float],
    symbol: str,
    target: float,
    domain: str,
    between: tuple[float, float] | None,
) -> float:
    import numpy as np  # noqa: PLC0415 - single numbers do without it

    residual = residual_function(compiled, values, symbol, target)
    grid = _grid(domain, between)
    with np.errstate(all="ignore"):
        sign = np.sign(residual(grid))
        usable = ~np.isnan(sign)
        points, sign = grid[usable], sign[usable]
        roots = points[sign == 0].tolist()
        if len(roots) > 3:
            raise NoSolution(
                f"many values of {symbol} give this: the law is flat from {roots[0]:.6g} to {roots[-1]:.6g}"
            )
        for place in np.flatnonzero(sign[:-1] * sign[1:] < 0):
            low, high = points[place], points[place + 1]
            start = min(abs(float(residual(low))), abs(float(residual(high))))
            for _ in range(_HALVINGS):
                middle = low + (high - low) / 2
                if middle in (low, high):
                    break
                if np.sign(residual(middle)) == sign[place]:
                    low = middle
                else:
                    high = middle
            # A pole changes sign too, but the law grows there.
            if abs(float(residual(low))) <= start:
                roots.append(float(low))
    if not roots:
        raise NoSolution(f"no {symbol} gives this")
    if len(roots) > 1:
        raise SeveralSolutions(symbol, sorted(roots))
    return float(roots[0])


def residual_function(
    compiled: Compiled, values: Mapping[str, float], symbol: str, target: float
) -> Callable[[Any], Any]:
    """The law less its target (of an implicit law, left less right) as a function of one symbol, for arrays."""
    function = compiled.function("value", arrays=True)
    arguments = [*compiled.arguments]
    if compiled.formula.implicit:
        arguments.append(str(compiled.formula.output))

    def residual(points: Any) -> Any:
        given = [points if name == symbol else values[name] for name in arguments]
        result = function(*given)
        return result if compiled.formula.implicit else result - target

    return residual
