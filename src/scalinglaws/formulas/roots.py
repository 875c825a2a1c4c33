"""Finds the one root of a function in a bracket, for many brackets at once, and says when there are several."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.intp]
#: The residual at `points`, one for each of the problems that `index` selects.
Residual = Callable[[Array, Index], Array]

#: Scan points between the ends, crowded towards both: solutions of saturating laws lie close to an asymptote.
_HALF = np.concatenate([np.logspace(-15, -2, 53), np.linspace(0.02, 0.5, 49)])
_FRACTIONS = np.concatenate([[0.0], _HALF, 1 - _HALF[-2::-1], [1.0]])
#: Halving any bracket of doubles down to neighbours takes at most this many steps.
_HALVINGS = 1100


class NoRoot(ValueError):
    """The function has no root in the bracket."""


class SeveralRoots(ValueError):
    """The function has more than one root in the bracket; `roots` lists those of the first such problem."""

    def __init__(self, symbol: str, roots: list[float]) -> None:
        self.roots = roots
        listed = ", ".join(f"{root:.6g}" for root in roots)
        super().__init__(f"{len(roots)} values of {symbol} solve the equation: {listed}; narrow the bracket")


def find_root(residual: Residual, lower: Array, upper: Array, symbol: str) -> Array:
    """The root of `residual` between `lower` and `upper`, for each of n problems.

    Args:
        residual: the function, vectorised over problems; it may be infinite at the ends.
        lower: lower ends, shape (n,).
        upper: upper ends, shape (n,).
        symbol: what is solved for, for messages.

    Returns:
        the roots, shape (n,), to the last bit of double precision.

    Raises:
        NoRoot: where the function has none.
        SeveralRoots: where it has more than one.
    """
    if not np.all(np.isfinite(lower) & np.isfinite(upper) & (lower < upper)):
        raise NoRoot(f"the bracket for {symbol} is empty: its lower end must lie below its upper end")
    with np.errstate(all="ignore"):
        problem, left, right = _scan(residual, lower, upper)
        root, genuine = _bisect(residual, problem, left, right)
    problem, root = problem[genuine], root[genuine]
    counts = np.bincount(problem, minlength=len(lower))
    several = np.flatnonzero(counts > 1)
    if len(several):
        raise SeveralRoots(symbol, sorted(root[problem == several[0]].tolist()))
    none = np.flatnonzero(counts == 0)
    if len(none):
        more = f" (nor at {len(none) - 1} more points)" if len(none) > 1 else ""
        raise NoRoot(f"no {symbol} between {lower[none[0]]:.6g} and {upper[none[0]]:.6g} solves the equation{more}")
    roots = np.empty_like(lower)
    roots[problem] = root
    return roots


def _scan(residual: Residual, lower: Array, upper: Array) -> tuple[Index, Array, Array]:
    """Every place between two scan points where the residual changes sign or touches zero."""
    everything = np.arange(len(lower))
    last_point, last_sign = lower.copy(), np.zeros(len(lower))
    at_zero = np.zeros(len(lower), dtype=bool)
    width = upper - lower
    problems, lefts, rights = [], [], []
    for fraction in _FRACTIONS:
        point = lower + width * fraction if fraction <= 0.5 else upper - width * (1 - fraction)
        sign = np.sign(residual(point, everything))
        touches = (sign == 0) & ~at_zero
        crosses = (sign * last_sign < 0) & ~at_zero
        for found, left in ((touches, point), (crosses, last_point)):
            chosen = np.flatnonzero(found)
            problems.append(chosen)
            lefts.append(left[chosen])
            rights.append(point[chosen])
        settled = (sign == 1) | (sign == -1)
        at_zero = np.where(np.isnan(sign), at_zero, sign == 0)
        last_point = np.where(settled, point, last_point)
        last_sign = np.where(settled, sign, last_sign)
    return np.concatenate(problems), np.concatenate(lefts), np.concatenate(rights)


def _bisect(residual: Residual, problem: Index, left: Array, right: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Bisection to neighbouring doubles, and whether each end is a root: a pole changes sign too, but grows."""
    start = np.fmin(np.abs(residual(left, problem)), np.abs(residual(right, problem)))
    sign_right = np.sign(residual(right, problem))
    for _ in range(_HALVINGS):
        middle = left + (right - left) / 2
        if np.all((middle <= left) | (middle >= right)):
            break
        sign = np.sign(residual(middle, problem))
        upwards = (sign != sign_right) & (sign != 0)
        left = np.where(upwards | (sign == 0), middle, left)
        right = np.where(upwards, right, middle)
    at_left, at_right = np.abs(residual(left, problem)), np.abs(residual(right, problem))
    root = np.where(at_left <= at_right, left, right)
    return root, np.fmin(at_left, at_right) <= start
