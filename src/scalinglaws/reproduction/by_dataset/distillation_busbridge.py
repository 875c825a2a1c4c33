"""The law behind the curves of Figure 1 of Busbridge et al., with sizes and tokens known only about."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scalinglaws import library
from scalinglaws.datasets import Dataset
from scalinglaws.fitting.diagnostics import AGREEMENT
from scalinglaws.formulas.calculus import derivative
from scalinglaws.formulas.evaluation import Compiled, Formula
from scalinglaws.reproduction.tidy import Procedure

Array = NDArray[np.float64]
#: Sizes are printed to so many digits; tokens are read from colours, and may be off by so large a logarithm.
SIZE_DIGITS = 3
TOKENS_OFF = 0.1
#: The curves are read to 1e-5 nats.
_UNIT = 1e-5
#: Constants that redraw every point of the curves so closely, in nats, are theirs.
CLOSE = 1e-3


@dataclass(frozen=True)
class End:
    """Where a search ended.

    Attributes:
        coefficients: the values there.
        residual: of each point, in nats.
        moves: logarithms by which the tokens of the curves moved.
        condition: of the slopes, all scaled alike.
    """

    coefficients: dict[str, float]
    residual: Array
    moves: Array
    condition: float

    @property
    def objective(self) -> float:
        """The sum of squares."""
        return float((self.residual**2).sum())


class Curves:
    """The points of the curves, and the law with its slopes in the coefficients, the sizes and the tokens."""

    def __init__(self, table: Mapping[str, Any], law: Compiled, free: list[str], fixed: Mapping[str, float]) -> None:
        self.free, self.fixed = free, dict(fixed)
        self.teacher, self.student = table["LT"], table["LS_curve"]
        pairs = np.stack([table["NS"], table["DS_from_colour"]], axis=1)
        curves, self.curve = np.unique(pairs, axis=0, return_inverse=True)
        self.curve = self.curve.ravel()
        self.sizes, place = np.unique(curves[:, 0], return_inverse=True)
        self.size = place[self.curve]
        self.tokens = curves[:, 1]
        self.rounding = np.array([10 ** (math.floor(math.log10(each)) + 1 - SIZE_DIGITS) / 2 for each in self.sizes])
        root = law.formula.inlined()
        self.law = law
        self.slopes = {name: Compiled(Formula(root=derivative(root, name))) for name in (*free, "N_S", "D_S")}

    def _symbols(self, logs: Array, about: Array) -> dict[str, Any]:
        count = len(self.sizes)
        return {
            **self.fixed,
            **dict(zip(self.free, np.exp(logs), strict=True)),
            "L_T": self.teacher,
            "N_S": (self.sizes + self.rounding * about[:count])[self.size],
            "D_S": (self.tokens * np.exp(about[count:]))[self.curve],
        }

    def _slope(self, name: str, symbols: Mapping[str, Any]) -> Array:
        compiled = self.slopes[name]
        found = np.asarray(compiled({each: symbols[each] for each in compiled.arguments}), dtype=np.float64)
        whole: Array = np.broadcast_to(found, self.student.shape)
        return whole

    def fitted(self, start: Mapping[str, float], *, held: bool) -> End:
        """Least squares from a start over sizes and tokens and, unless they are held, the coefficients."""
        from scipy.optimize import least_squares  # noqa: PLC0415 - heavy

        logs = np.log([start[name] for name in self.free])
        moved = 0 if held else len(logs)
        reach = np.concatenate([np.ones(len(self.sizes)), np.full(len(self.tokens), TOKENS_OFF)])
        bound = np.concatenate([np.full(moved, np.inf), reach])
        rows = np.arange(len(self.student))

        def parts(point: Array) -> dict[str, Any]:
            return self._symbols(logs if held else point[:moved], point[moved:])

        def residual(point: Array) -> Array:
            symbols = parts(point)
            found = self.law({name: symbols[name] for name in self.law.arguments})
            gap: Array = (np.asarray(found, dtype=np.float64) - self.student) / _UNIT
            return gap

        def slopes(point: Array) -> Array:
            symbols = parts(point)
            found = np.zeros((len(rows), len(point)))
            for column, name in enumerate(self.free[:moved]):
                found[:, column] = self._slope(name, symbols) * symbols[name]
            found[rows, moved + self.size] = self._slope("N_S", symbols) * self.rounding[self.size]
            found[rows, moved + len(self.sizes) + self.curve] = self._slope("D_S", symbols) * symbols["D_S"]
            return found / _UNIT

        begin = np.concatenate([logs[:moved], np.zeros(len(reach))])
        with np.errstate(all="ignore"):
            done = least_squares(
                residual, begin, slopes, bounds=(-bound, bound), x_scale="jac", max_nfev=2000,
                xtol=1e-12, ftol=1e-12, gtol=1e-12,
            )  # fmt: skip
        ends = np.exp(logs if held else done.x[:moved])
        singular = np.linalg.svd(done.jac / np.linalg.norm(done.jac, axis=0), compute_uv=False)
        return End(
            coefficients=dict(zip(self.free, ends.tolist(), strict=True)),
            residual=done.fun * _UNIT,
            moves=done.x[moved + len(self.sizes) :],
            condition=float((singular[0] / singular[-1]) ** 2),
        )


def curves(dataset: Dataset, case: Mapping[str, Any]) -> dict[str, Any]:
    """The coefficients that redraw the curves, sizes and tokens being free within what is known of them.

    The search begins at each of the published sets. Each is then held while sizes and tokens find their best places: it
    is reproduced where it redraws every point to `CLOSE`, else not. The verdict on the case is that the values are new,
    since the paper's own table of them was not seen.
    """
    law = library.law(case["law"])
    held = library.law(case["fixed_from"]).choose()
    assert held is not None
    compiled = law.compiled()
    free = [name for name in compiled.arguments if law.variable(name) is None and name not in held["values"]]
    table = dataset.table(case["table"])
    drawn = Curves(table, compiled, free, held["values"])
    published = {}
    for name in case["against"]:
        chosen = law.choose(name)
        assert chosen is not None
        published[name] = chosen
    ends = [drawn.fitted(chosen["values"], held=False) for chosen in published.values()]
    best = min(ends, key=lambda each: each.objective)
    heights = [each.objective / best.objective - 1 for each in ends]
    others = [each for each in heights if each > AGREEMENT]
    against = {}
    for name, chosen in published.items():
        told = _told(drawn, drawn.fitted(chosen["values"], held=True))
        against[name] = {
            **told,
            "fit": chosen["id"],
            "ratio": told["objective"] / best.objective,
            "inside": {},
            "differs": {each: chosen["values"][each] / best.coefficients[each] - 1 for each in free},
            "verdict": "reproduced" if told["largest"] <= CLOSE else "not-reproduced",
        }
    return {
        "n": len(drawn.student),
        "dropped": {},
        "coefficients": {**held["values"], **best.coefficients},
        "intervals": {},
        **_told(drawn, best),
        "starts": {"count": len(ends), "agreeing": len(ends) - len(others), "spread": max(others, default=0.0)},
        "condition": best.condition,
        "flat_directions": [],
        "at_bounds": [],
        "warnings": [],
        "tokens_moved": {"low": float(np.expm1(best.moves.min())), "high": float(np.expm1(best.moves.max()))},
        "published": against,
        "verdict": "new-values",
    }


def _told(drawn: Curves, end: End) -> dict[str, float]:
    return {
        "objective": end.objective,
        "r2": 1 - end.objective / float(((drawn.student - drawn.student.mean()) ** 2).sum()),
        "rmse_log": float(np.sqrt(np.mean(np.log1p(end.residual / drawn.student) ** 2))),
        "rmse": math.sqrt(end.objective / len(end.residual)),
        "largest": float(np.abs(end.residual).max()),
    }


PROCEDURES: dict[str, Procedure] = {"curves": curves}
