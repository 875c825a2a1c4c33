"""The estimators M1 to M4 on every learning curve: by their released algorithms, and at their objectives' minima.

Each is fitted to the rows marked for it and judged by the root mean square of the log residuals on the others. What
M2 and M4 minimise is the mean square of `log(L - L_inf) - alpha*log(L0 - L) - log(beta) - c*log(x)`, with an alpha of
0 in M2. All curves are worked on side by side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scalinglaws.datasets import Dataset
from scalinglaws.reproduction.tidy import Columns, Procedure, Shape
from scalinglaws.reproduction.verdicts import AS_GOOD

Array = NDArray[np.float64]
ESTIMATORS = ("M1", "M2", "M3", "M4")
#: No source states coefficients, so whatever comes out is new.
_VERDICT = "new-values"
#: The cases of each way of fitting, in the order of the estimators.
_WAYS = {
    "released": ("m1", "m2-released", "m3-released", "m4-released"),
    "minimum": ("m1", "m2-minimum", "m3-minimum", "m4-minimum"),
    "minimum with L0 held": ("m1", "m2-minimum", "m3-minimum", "m4-held"),
}
#: By how much the asymptotes keep away from the losses.
_MARGIN = 1e-3
#: Rounds of the released algorithm: those of gradient descent, and all.
_DESCENT, _ROUNDS = 100, 10_000
#: A round of gradient descent takes 1,000 steps of 1e-8 along the slope: so long a way, in so many larger steps here.
_SPAN, _PARTS = 1e-5, 4
#: Newton steps of a round and their share of the full one. One that leads farther than this share of the way to the
#: nearest loss is followed in so many pieces.
_STEPS, _RATE = 100, 0.1
_NEAR, _PIECES = 1e-3, 20
#: A curve is done once beta moves by less, or by less than its last digits, as where it is pressed against 1. By the
#: released rule it would be done too where beta just turns while L_inf moves on, which rounding decides; so L_inf must
#: then stand still as well.
_STOP, _DIGITS, _STILL = 1e-10, 1e-13, 1e-9
#: What the released code counts as no curvature, and as no alpha.
_NOTHING = 1e-5
#: Values between which it looks for the loss that M4 predicts.
_LEVELS = 10_000
#: Rounds after which the error is told.
_TOLD = (1, _DESCENT, 200, 1000, _ROUNDS)
#: Which of log beta, -c and alpha are not held at zero.
_SUBSETS = ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2))
#: How far above the largest loss L0 is looked for where nothing bounds it.
_FAR = 100.0
#: Windows of the search for a minimum, and the width at which it ends.
_WINDOWS, _FINE = 400, 1e-10
_ZERO = 1e-6
_QUANTILES = (0, 25, 50, 75, 100)


@dataclass(frozen=True)
class Curves:
    """Learning curves side by side, the rows to fit padded to the longest with weights of nothing."""

    names: list[str]
    domains: NDArray[np.str_]
    logx: Array
    y: Array
    weights: Array
    #: Rows to extrapolate to, of all curves, and the number of each one's curve.
    later_logx: Array
    later_y: Array
    owner: NDArray[np.int_]

    @property
    def lowest(self) -> Array:
        """The highest value that L_inf may take."""
        return np.asarray(self.y.min(1) - _MARGIN)

    @property
    def highest(self) -> Array:
        """The lowest value that L0 may take."""
        return np.asarray(self.y.max(1) + _MARGIN)

    @property
    def guess(self) -> Array:
        """Where the notebook starts L0."""
        return np.where(self.domains == "BB", 1.001, 1.0)

    @property
    def ceiling(self) -> Array:
        """The highest value that L0 may take: the notebook bounds it for error rates and scores alone."""
        return np.where(np.isin(self.domains, ["IC", "BB"]), 1.0 + _MARGIN, np.inf)

    def errors(self, predicted: Array) -> Array:
        """Root mean square of the log residuals by curve; 1 where a fit failed, as the notebook counts it."""
        with np.errstate(all="ignore"):
            squares = (np.log(predicted) - np.log(self.later_y)) ** 2
        found = np.sqrt(np.bincount(self.owner, squares) / np.bincount(self.owner))
        return np.where(np.isfinite(found), found, 1.0)


@dataclass(frozen=True)
class Found:
    """What an estimator's fit came to, by curve: coefficients, objective, errors on the fitted rows and beyond them."""

    coefficients: dict[str, Array]
    objective: Array
    inside: Array
    error: Array


def points(dataset: Dataset) -> Columns:
    """All rows of both files but repetitions, with their curve: domain, task and model."""
    parts = [dataset.table(name) for name in dataset.files]
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    kept, seen = [], set()
    for row, key in enumerate(zip(*joined.values(), strict=True)):
        if key not in seen:
            kept.append(row)
            seen.add(key)
    table: Columns = {name: column[kept] for name, column in joined.items()}
    names = ["/".join(each) for each in zip(table["Domain"], table["Task"], table["Model"], strict=True)]
    return {**table, "curve": np.array(names)}


def curves(table: Columns) -> Curves:
    """The table of `points` curve by curve."""
    names = list(dict.fromkeys(table["curve"].tolist()))
    fitted = [np.flatnonzero((table["curve"] == name) & (table["Training"] == 1)) for name in names]
    later = [np.flatnonzero((table["curve"] == name) & (table["Training"] == 0)) for name in names]
    # A repeated last row weighs nothing and keeps every logarithm finite.
    longest = max(map(len, fitted))
    rows = np.array([np.pad(each, (0, longest - len(each)), mode="edge") for each in fitted])
    weights = np.array([[1 / len(each) if number < len(each) else 0.0 for number in range(longest)] for each in fitted])
    x, loss = np.log(table["Seen Examples"]), table["Loss"]
    beyond = np.concatenate(later)
    return Curves(
        names,
        table["Domain"][rows[:, 0]],
        x[rows],
        loss[rows],
        weights,
        x[beyond],
        loss[beyond],
        np.repeat(np.arange(len(names)), list(map(len, later))),
    )


# M1 and M3 ---------------------------------------------------------------------------------------------------------


def _line(weights: Array, along: Array, values: Array) -> tuple[Array, Array, Array]:
    """Intercept, slope and mean square of weighted regressions along the last axis, the weights summing to one."""
    middle, mean = (weights * along).sum(-1), (weights * values).sum(-1)
    one, other = along - middle[..., None], values - mean[..., None]
    slope = (weights * one * other).sum(-1) / (weights * one * one).sum(-1)
    residual = other - slope[..., None] * one
    return mean - slope * middle, slope, (weights * residual**2).sum(-1)


def power_law(these: Curves) -> Found:
    """M1: one regression."""
    start, slope, square = _line(these.weights, these.logx, np.log(these.y))
    predicted = np.exp(start[these.owner] + slope[these.owner] * these.later_logx)
    return Found({"beta": np.exp(start), "c": slope}, square, np.sqrt(square), these.errors(predicted))


def _shifted(these: Curves, start: Array, slope: Array, gamma: Array, square: Array) -> Found:
    along = np.log(np.exp(-these.later_logx) + gamma[these.owner])
    predicted = np.exp(start[these.owner] + slope[these.owner] * along)
    with np.errstate(over="ignore"):
        # As the shift outgrows every 1/x the curve becomes exp(c/(gamma x)), and beta no number any more.
        beta = np.exp(start)
    return Found({"beta": beta, "gamma": gamma, "c": slope}, square, np.sqrt(square), these.errors(predicted))


def shifted_released(these: Curves) -> Found:
    """M3 by the released steps: a regression, then the best shift that leads the curve through one of the points."""
    ends = []
    for logx, y, weights in zip(these.logx, np.log(these.y), these.weights, strict=True):
        gamma, old = 0.0, 1.0
        inverse = np.exp(-logx)

        def square(
            shifts: Array,
            start: float,
            slope: float,
            inverse: Array = inverse,
            y: Array = y,
            weights: Array = weights,
        ) -> Array:
            found = y - start - slope * np.log(inverse + shifts[:, None])
            return np.asarray((weights * found**2).sum(1))

        for _ in range(_ROUNDS):
            start, slope, _ = (float(each) for each in _line(weights, np.log(inverse + gamma), y))
            slope = max(slope, 0.0)
            with np.errstate(all="ignore"):
                through = np.exp((y - start) / slope) - inverse if slope > 0 else np.array([])
            shifts = np.concatenate([[gamma], through[np.isfinite(through) & (through >= 0)]])
            gamma = float(shifts[np.argmin(square(shifts, start, slope))])
            beta = float(np.exp(start))
            if abs(beta - old) < _STOP:
                break
            old = beta
        ends.append((start, slope, gamma, float(square(np.array([gamma]), start, slope)[0])))
    start_, slope_, gamma_, square_ = np.array(ends).T
    return _shifted(these, start_, slope_, gamma_, square_)


def shifted_minimum(these: Curves) -> Found:
    """M3 at the minimum over its shift: a grid, then ever finer ones."""
    inverse = np.exp(-these.logx)
    smallest = inverse.min(1)
    grid = np.broadcast_to(np.linspace(-8, 12, 401), (len(these.names), 401))
    for width in (0.05, 5e-3, 5e-4, 5e-5, 5e-6):
        shifts = smallest[:, None] * np.exp(grid)
        square = _line(these.weights[:, None], np.log(inverse[:, None] + shifts[..., None]), np.log(these.y)[:, None])[
            2
        ]
        best = np.take_along_axis(grid, square.argmin(1)[:, None], 1)
        grid = best + np.linspace(-width, width, 41)
    gamma = smallest * np.exp(best[:, 0])
    start, slope, square = _line(these.weights, np.log(inverse + gamma[:, None]), np.log(these.y))
    _, _, plain = _line(these.weights, these.logx, np.log(these.y))
    worse = square >= plain
    gamma = np.where(worse, 0.0, gamma)
    start, slope, square = _line(these.weights, np.log(inverse + gamma[:, None]), np.log(these.y))
    return _shifted(these, start, slope, gamma, square)


# M2 and M4 by the released algorithm --------------------------------------------------------------------------------


@dataclass
class _State:
    """Curves that the algorithm still works on, those of M2 and those of M4 together."""

    number: NDArray[np.int_]
    logx: Array
    y: Array
    weights: Array
    columns: Array
    solvers: Array
    #: What no regression of M2 may use: infinite for a subset with alpha; and whether signs are free, as in M2.
    barred: Array
    free: NDArray[np.bool_]
    lowest: Array
    highest: Array
    ceiling: Array
    floor: Array
    top: Array
    beta: Array
    c: Array
    alpha: Array

    def keep(self, chosen: NDArray[np.bool_]) -> None:
        """Leave out the others."""
        for name, value in vars(self).items():
            setattr(self, name, value[chosen])

    def regress(self) -> None:
        """Log beta, -c and alpha by regression, none of them negative in M4."""
        labels = np.log(self.y - self.floor[:, None])
        found = np.einsum("cmjn,cn->cmj", self.solvers, labels)
        missed = np.matmul(found, self.columns) - labels[:, None]
        square = (self.weights[:, None] * missed**2).sum(-1) + self.barred
        square = np.where((found >= 0).all(-1) | self.free[:, None], square, np.inf)
        best = found[np.arange(len(found)), square.argmin(1)]
        self.beta, self.c, self.alpha = np.exp(best[:, 0]), -best[:, 1], best[:, 2]

    def slopes(self, line: Array, floor: Array, top: Array, rows: Any = slice(None)) -> list[Array]:
        """Slopes of half the mean square along the two asymptotes, its curvatures along each and across both."""
        y, weights, alpha = self.y[rows], self.weights[rows], self.alpha[rows]
        below, above = y - floor[:, None], top[:, None] - y
        missed = np.log(below) - alpha[:, None] * np.log(above) - line
        low, high = weights / below, weights / above
        return [
            -(low * missed).sum(1),
            -alpha * (high * missed).sum(1),
            (low / below * (1 - missed)).sum(1),
            alpha * (high / above * (alpha[:, None] + missed)).sum(1),
            alpha * (low / above).sum(1),
        ]

    def inside(self, floor: Array, top: Array, rows: Any = slice(None)) -> tuple[Array, Array]:
        """The asymptotes put back between their bounds."""
        floor = np.minimum(np.maximum(floor, 0.0), self.lowest[rows])
        return floor, np.minimum(np.maximum(top, self.highest[rows]), self.ceiling[rows])

    def line(self) -> Array:
        """The logarithm of the power law."""
        return np.asarray(np.log(self.beta)[:, None] + self.c[:, None] * self.logx)

    def descend(self) -> None:
        """A round of gradient descent: the path of 1,000 steps of 1e-8 by a few steps of fourth order."""
        line = self.line()
        length = _SPAN / _PARTS
        for _ in range(_PARTS):
            turns: list[list[Array]] = []
            for share in (0.0, 0.5, 0.5, 1.0):
                before = turns[-1] if turns else [0.0, 0.0]
                at = self.inside(self.floor - share * length * before[0], self.top - share * length * before[1])
                turns.append(self.slopes(line, *at)[:2])
            floor, top = ((one + 2 * two + 2 * three + four) / 6 for one, two, three, four in zip(*turns, strict=True))
            self.floor, self.top = self.inside(self.floor - length * floor, self.top - length * top)

    def newton(self) -> None:
        """A round of damped Newton steps along each asymptote by itself.

        Near their end such steps follow a linear map, whose power tells where they lead; where that is farther, the
        map is drawn up anew on the way.
        """
        line = self.line()
        every = np.arange(len(self.floor))
        floor, top = self._along(line, every, _STEPS)
        reach = self.lowest + _MARGIN - self.floor
        far = abs(floor - self.floor) > _NEAR * reach
        far |= abs(top - self.top) > _NEAR * (self.top - self.highest + _MARGIN)
        rows = every[far]
        self.floor[~far], self.top[~far] = floor[~far], top[~far]
        for _ in range(_PIECES if len(rows) else 0):
            self.floor[rows], self.top[rows] = self._along(line[rows], rows, _STEPS // _PIECES)

    def _along(self, line: Array, rows: NDArray[np.int_], steps: int) -> tuple[Array, Array]:
        floor, top = self.floor[rows], self.top[rows]
        floor_slope, top_slope, floor_bend, top_bend, cross = self.slopes(line, floor, top, rows)
        with np.errstate(all="ignore"):
            floor_step = np.where(abs(floor_bend) > _NOTHING, floor_slope / floor_bend, 0.0)
            top_step = np.where(abs(top_bend) > _NOTHING, top_slope / top_bend, 0.0)
            # One that presses against its bound, or does not move, pulls the other no more.
            moved = self.inside(floor - floor_step, top - top_step, rows)
            free = (moved[0] != floor) & (moved[1] != top)
            to_floor, to_top = np.where(free, cross / floor_bend, 0.0), np.where(free, cross / top_bend, 0.0)
            split = np.sqrt((to_floor * to_top).astype(np.complex128))
            fast, slow = (((1 - (1 - _RATE * each) ** steps) / each) for each in (1 + split, 1 - split))
            same = ((fast + slow) / 2).real
            other = np.where(abs(split) > _NOTHING, (fast - slow) / (2 * split), 0.0).real
        floor_move = same * floor_step + other * to_floor * top_step
        top_move = same * top_step + other * to_top * floor_step
        return self.inside(floor - floor_move, top - top_move, rows)


def _state(these: Curves) -> _State:
    """Every curve twice, first for M2 and then for M4, where the algorithm starts."""
    count, longest = these.y.shape
    # The regression keeps the logarithm at the L0 of the start for ever, as the released code does.
    columns = np.stack([np.ones_like(these.logx), -these.logx, np.log(these.guess[:, None] - these.y)], axis=1)
    solvers = np.zeros((count, len(_SUBSETS), 3, longest))
    for number, subset in enumerate(_SUBSETS):
        part = np.where(these.weights[:, None] > 0, columns, 0.0)[:, list(subset)]
        solvers[:, number, list(subset)] = np.linalg.pinv(part.transpose(0, 2, 1))
    barred = np.zeros((2 * count, len(_SUBSETS)))
    barred[:count] = [0.0 if subset == (0, 1) else np.inf for subset in _SUBSETS]

    def twice(values: Array) -> Array:
        return np.concatenate([values, values])

    nothing = np.zeros(2 * count)
    return _State(
        np.arange(2 * count), twice(these.logx), twice(these.y), twice(these.weights), twice(columns), twice(solvers),
        barred, np.arange(2 * count) < count, twice(these.lowest), twice(these.highest), twice(these.ceiling),
        twice(these.lowest), twice(np.clip(these.guess, these.highest, these.ceiling)), nothing + 1, nothing, nothing,
    )  # fmt: skip


def released(these: Curves) -> dict[str, dict[int, Found]]:
    """M2 and M4 as released: regression and steps of the asymptotes in turn.

    Returns:
        For each of the two what the first so many rounds lead to.
    """
    state = _state(these)
    count = len(these.names)
    names = ("floor", "top", "beta", "c", "alpha")
    ends = {name: np.zeros(2 * count) for name in names}
    told: dict[str, dict[int, Found]] = {"M2": {}, "M4": {}}

    def note() -> None:
        for name in names:
            ends[name][state.number] = getattr(state, name)

    for turn in range(1, _ROUNDS + 1):
        old, floor = state.beta, state.floor.copy()
        state.regress()
        if turn <= _DESCENT:
            state.descend()
        else:
            state.newton()
        if turn > _DESCENT + 2:
            done = abs(state.beta - old) < _STOP + _DIGITS * state.beta
            done &= (abs(state.floor - floor) < _STILL) | (state.beta == 1)
            if done.any():
                note()
                state.keep(~done)
        if turn in _TOLD or not len(state.number):
            note()
            for half, name in enumerate(told):
                part = {key: value[half * count : (half + 1) * count] for key, value in ends.items()}
                now = _saturating(these, part)
                told[name] |= {each: now for each in _TOLD if each >= turn}
        if not len(state.number):
            break
    return told


def _saturating(these: Curves, ends: Mapping[str, Array]) -> Found:
    """Objective and errors of M2 or M4 at given coefficients."""
    floor, top, beta, c, alpha = (ends[name] for name in ("floor", "top", "beta", "c", "alpha"))
    with np.errstate(all="ignore"):
        missed = np.log(these.y - floor[:, None]) - np.log(beta)[:, None] - c[:, None] * these.logx
        missed -= np.where(alpha[:, None] > 0, alpha[:, None] * np.log(top[:, None] - these.y), 0.0)
    own = these.owner
    part = (floor, top, beta, c, alpha)
    predicted = _predicted(these.later_logx, *(each[own] for each in part))
    fitted = _predicted(these.logx, *(np.broadcast_to(each[:, None], these.logx.shape) for each in part))
    inside = np.sqrt((these.weights * (np.log(fitted) - np.log(these.y)) ** 2).sum(1))
    coefficients = {"L_inf": floor, "L0": top, "alpha": alpha, "beta": beta, "c": c}
    coefficients = {name: value.copy() for name, value in coefficients.items()}
    return Found(coefficients, (these.weights * missed**2).sum(1), inside, these.errors(predicted))


def _predicted(logx: Array, floor: Array, top: Array, beta: Array, c: Array, alpha: Array) -> Array:
    power = np.exp(np.log(beta) + c * logx)
    return floor + np.where(abs(alpha) < _NOTHING, power, _height(power, top - floor, alpha))


def _height(power: Array, reach: Array, alpha: Array) -> Array:
    """The best of 10,000 levels w for `w = power*(reach - w)**alpha`: next to the root, where the two sides cross."""
    low, high = np.zeros_like(reach), np.ones_like(reach) * (_LEVELS - 1)
    step = reach / (_LEVELS - 1)

    def gap(level: Array) -> Array:
        with np.errstate(all="ignore"):
            return level * step - power * np.maximum(reach - level * step, 0.0) ** alpha

    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        above = gap(middle) > 0
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.where(abs(gap(low)) <= abs(gap(high)), low, high) * step


# M2 and M4 at the minimum -------------------------------------------------------------------------------------------


def _profile(these: Curves, floors: Array, tops: Array | None) -> tuple[Array, Array]:
    """The lowest mean square for asymptotes held, and log beta, -c and alpha there.

    Args:
        these: the curves.
        floors: values of L_inf, shape (curves, F).
        tops: values of L0, shape (curves, T); none for M2, whose coefficients may have either sign.

    Returns:
        Shapes (curves, F, T) and (curves, F, T, 3); T is 1 without `tops`.
    """
    weights = these.weights
    labels = np.log(these.y[:, None] - floors[..., None])
    if tops is None:
        start, slope, square = _line(weights[:, None], these.logx[:, None], labels)
        found = np.stack([start, -slope, np.zeros_like(start)], axis=-1)
        return square[..., None], found[:, :, None]
    last = np.log(tops[..., None] - these.y[:, None])
    # Moments of the three columns and the labels; the two asymptotes meet in one of them only.
    l_ = -these.logx
    shape = (*floors.shape, tops.shape[1])

    def of_floor(value: Array) -> Array:
        return np.broadcast_to(value[:, :, None], shape)

    def of_top(value: Array) -> Array:
        return np.broadcast_to(value[:, None, :], shape)

    one = np.ones(shape)
    x1 = one * (weights * l_).sum(1)[:, None, None]
    xx = one * (weights * l_**2).sum(1)[:, None, None]
    weighted = weights[:, None] * labels
    y1, yx, yy = (
        of_floor(weighted.sum(-1)),
        of_floor((weighted * l_[:, None]).sum(-1)),
        of_floor((weighted * labels).sum(-1)),
    )
    heavy = weights[:, None] * last
    t1, tx, tt = of_top(heavy.sum(-1)), of_top((heavy * l_[:, None]).sum(-1)), of_top((heavy * last).sum(-1))
    yt = np.matmul(weighted, last.transpose(0, 2, 1))
    zero = np.zeros(shape)

    def pair(aa: Array, ab: Array, bb: Array, ya: Array, yb: Array) -> tuple[Array, Array]:
        with np.errstate(all="ignore"):
            root = aa * bb - ab * ab
            return (bb * ya - ab * yb) / root, (aa * yb - ab * ya) / root

    with np.errstate(all="ignore"):
        # Without log beta the plain moments serve, with it the centred ones.
        c1, c2 = pair(xx, tx, tt, yx, yt)
        k1, k2 = pair(xx - x1 * x1, tx - t1 * x1, tt - t1 * t1, yx - y1 * x1, yt - y1 * t1)
        s1 = (yx - y1 * x1) / (xx - x1 * x1)
        s2 = (yt - y1 * t1) / (tt - t1 * t1)
        choices = [
            (zero, zero, zero, yy),
            (y1, zero, zero, yy - y1 * y1),
            (zero, yx / xx, zero, yy - yx * yx / xx),
            (zero, zero, yt / tt, yy - yt * yt / tt),
            (zero, c1, c2, yy - c1 * yx - c2 * yt),
            (y1 - s1 * x1, s1, zero, yy - y1 * y1 - s1 * (yx - y1 * x1)),
            (y1 - s2 * t1, zero, s2, yy - y1 * y1 - s2 * (yt - y1 * t1)),
            (y1 - k1 * x1 - k2 * t1, k1, k2, yy - y1 * y1 - k1 * (yx - y1 * x1) - k2 * (yt - y1 * t1)),
        ]
    square, found = np.full(shape, np.inf), np.zeros((*shape, 3))
    for start, slope, alpha, height in choices:
        better = (start >= 0) & (slope >= 0) & (alpha >= 0) & (height < square)
        square = np.where(better, height, square)
        for number, value in enumerate((start, slope, alpha)):
            found[..., number] = np.where(better, value, found[..., number])
    return square, found


def minimum(these: Curves, *, signed: bool = True, held: bool = False, begin: Found | None = None) -> Found:
    """M4 (`signed`) or M2 at the minimum of its mean square over the asymptotes that the released code allows.

    Args:
        these: the curves.
        signed: whether it is M4.
        held: whether L0 stays where the notebook starts it.
        begin: where a search that only goes downhill begins; without it a grid over the bounds says where.
    """
    count = len(these.names)
    largest = these.y.max(1)
    # L0 goes by the logarithm of its distance from the largest loss.
    near = np.full(count, np.log(_MARGIN))
    far = np.log(np.where(np.isfinite(these.ceiling), these.ceiling, largest + _FAR) - largest)
    if begin is None:
        floors = these.lowest[:, None] * (1 - np.linspace(0, 1, 241) ** 2)
        heights = near[:, None] + (far - near)[:, None] * np.linspace(0, 1, 61)
        wide, tall = these.lowest / 40, (far - near) / 20
    else:
        floors = begin.coefficients["L_inf"][:, None]
        heights = np.log(begin.coefficients["L0"] - largest)[:, None]
        wide, tall = these.lowest * _NEAR, np.full(count, _NEAR)
    if held or not signed:
        heights, tall = np.log(np.maximum(these.guess, these.highest) - largest)[:, None], np.zeros(count)

    def best(floors: Array, heights: Array) -> tuple[Array, Array, Array, Array]:
        square, found = _profile(these, floors, largest[:, None] + np.exp(heights) if signed else None)
        row, column = np.unravel_index(square.reshape(count, -1).argmin(1), square.shape[1:])
        every = np.arange(count)
        return floors[every, row], heights[every, column], square[every, row, column], found[every, row, column]

    floor, height, square, found = best(floors, heights)
    window = np.linspace(-1, 1, 9)
    for _ in range(_WINDOWS):
        floors = np.clip(floor[:, None] + wide[:, None] * window, 0.0, these.lowest[:, None])
        if tall.any():
            heights = np.clip(height[:, None] + tall[:, None] * window, near[:, None], far[:, None])
        now = best(floors, heights)
        better = now[2] < square
        # A best point inside its window calls for a finer one, one at its rim for a wider one that way.
        wide *= np.where(better & (abs(now[0] - floor) > 0.9 * wide), 1.5, 0.6)
        tall *= np.where(better & (abs(now[1] - height) > 0.9 * tall), 1.5, 0.6)
        floor, height = np.where(better, now[0], floor), np.where(better, now[1], height)
        square, found = np.where(better, now[2], square), np.where(better[:, None], now[3], found)
        if max(wide.max(), tall.max()) < _FINE:
            break
    top = largest + np.exp(height)
    ends = {"floor": floor, "top": top, "beta": np.exp(found[:, 0]), "c": -found[:, 1], "alpha": found[:, 2]}
    return _saturating(these, ends)


# What the cases tell --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Fits:
    """Every fit of a dataset: by case, and of the released M4 after so many rounds."""

    curves: Curves
    by_case: dict[str, Found]
    rounds: dict[int, Found]


@lru_cache(maxsize=1)
def _fits(dataset: Dataset) -> _Fits:
    these = curves(points(dataset))
    rounds = released(these)
    by_case = {
        "m1": power_law(these),
        "m2-released": rounds["M2"][_ROUNDS],
        "m3-released": shifted_released(these),
        "m4-released": rounds["M4"][_ROUNDS],
        "m2-minimum": minimum(these, signed=False),
        "m3-minimum": shifted_minimum(these),
        "m4-minimum": minimum(these),
        "m4-held": minimum(these, held=True),
    }
    return _Fits(these, by_case, rounds["M4"])


def _of(name: str, dataset: Dataset, case: Mapping[str, Any]) -> dict[str, Any]:
    """One estimator on every curve; the objective is the mean over curves of its mean square."""
    del case
    fits = _fits(dataset)
    these, found = fits.curves, fits.by_case[name]
    sizes, later = (these.weights > 0).sum(1), np.bincount(these.owner)
    # M2 is fitted as an M4 with an alpha of 0.
    foreign = ("L0", "alpha") if name.startswith("m2") else ()
    own = {symbol: value for symbol, value in found.coefficients.items() if symbol not in foreign}
    groups = {
        curve: {
            "n": int(sizes[number]),
            "coefficients": {symbol: float(value[number]) for symbol, value in own.items()},
            "objective": float(found.objective[number]),
            "rmse_log": float(found.inside[number]),
            "holdout": {"rmse_log": float(found.error[number])},
            "verdict": _VERDICT,
        }
        for number, curve in enumerate(these.names)
    }
    told: dict[str, Any] = {
        "n": int(sizes.sum()),
        "count": len(these.names),
        "objective": float(found.objective.mean()),
        "rmse_log": float(found.inside.mean()),
        "holdout": {"condition": "Training == 0", "n": int(later.sum()), "rmse_log": float(found.error.mean())},
        "domains": {
            domain: {"count": int(chosen.sum()), "rmse_log": float(found.error[chosen].mean())}
            for domain, chosen in _domains(these).items()
        },
    }
    if "L_inf" in found.coefficients:
        told["floors_at_zero"] = int((found.coefficients["L_inf"] < _ZERO).sum())
    if name == "m4-released":
        told |= _against_minimum(fits)
    return {**told, "groups": groups, "verdicts": {_VERDICT: len(groups)}, "verdict": _VERDICT}


def _domains(these: Curves) -> dict[str, NDArray[np.bool_]]:
    return {str(domain): these.domains == domain for domain in dict.fromkeys(these.domains.tolist())}


def _against_minimum(fits: _Fits) -> dict[str, Any]:
    """Where the released M4 stops on its way, and how its end compares with the minimum of its own objective."""
    these, end, lowest = fits.curves, fits.by_case["m4-released"], fits.by_case["m4-minimum"]
    downhill = minimum(these, begin=end)

    def against(found: Found) -> dict[str, Any]:
        ratios = np.percentile(found.objective / lowest.objective, _QUANTILES)
        return {
            "ratio_quantiles": dict(zip(map(str, _QUANTILES), ratios.tolist(), strict=True)),
            "at_minimum": int((found.objective <= AS_GOOD * lowest.objective).sum()),
            "domains": {name: float(found.error[chosen].mean()) for name, chosen in _domains(these).items()},
        }

    return {
        "rounds": {
            str(turn): {name: float(found.error[chosen].mean()) for name, chosen in _domains(these).items()}
            for turn, found in fits.rounds.items()
        },
        "against_minimum": {"end": against(end), "downhill_from_end": against(downhill)},
    }


def ranking(dataset: Dataset, case: Mapping[str, Any]) -> dict[str, Any]:
    """Each estimator's share of the points, a point a curve: to the smallest error, cut off after three decimals."""
    del case
    fits = _fits(dataset)
    these = fits.curves
    chosen = {"all": np.ones(len(these.names), dtype=bool), **_domains(these)}
    shares: dict[str, Any] = {}
    errors: dict[str, Any] = {}
    for way, cases in _WAYS.items():
        error = np.array([fits.by_case[name].error for name in cases])
        cut = np.floor(error * 1000) / 1000
        won = cut == cut.min(0)
        point = won / won.sum(0)
        for told, values in ((shares, point), (errors, error)):
            told[way] = {
                domain: dict(zip(ESTIMATORS, values[:, part].mean(1).tolist(), strict=True))
                for domain, part in chosen.items()
            }
    return {"count": len(these.names), "shares": shares, "errors": errors, "verdict": _VERDICT}


TABLES: dict[str, Shape] = {"points": points}
PROCEDURES: dict[str, Procedure] = {
    **{
        name: partial(_of, name)
        for name in (
            "m1", "m2-released", "m2-minimum", "m3-released", "m3-minimum", "m4-released", "m4-minimum", "m4-held",
        )
    },
    "ranking": ranking,
}  # fmt: skip
