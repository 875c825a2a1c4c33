"""Where a search begins: many guesses from the data, with the coefficients that enter linearly solved for in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scalinglaws.fitting.derivatives import Derivatives, linear_coefficients
from scalinglaws.fitting.spans import spans
from scalinglaws.formulas.calculus import derivative, occurrences
from scalinglaws.formulas.expression import Binary, Call, Node, Number, Symbol, replace_symbols, symbols

Array = NDArray[np.float64]
#: Guesses for the coefficients that enter non-linearly.
GUESSES = 3000
#: Beyond so many linear coefficients their signs are not tried out one by one.
_MOST_SIGNED = 4
_LITTLE = 1e-6
#: Starts differ by at least so much in some coefficient.
_APART = 0.1
#: Values of each of two exponents: finer grids begin in the same valleys.
_FINEST = 18


def guesses(
    root: Node,
    coefficients: Sequence[str],
    data: Mapping[str, Array],
    output: Array,
    weights: Array,
    *,
    positive: Sequence[str],
    on_log: bool,
    count: int = GUESSES,
    seed: int = 0,
    bounds: Mapping[str, tuple[float, float]] | None = None,
) -> list[Array]:
    """Sets of coefficients that lie near some minimum, each of shape (m, p); those that make no sense are left out.

    One array for every form of the law in which some coefficients enter linearly.

    Args:
        root: the law, written out and in one piece.
        coefficients: what is to be fitted, in the order of the columns.
        data: every other symbol.
        output: what the law is to give.
        weights: of the rows.
        positive: coefficients that must be positive.
        on_log: whether residuals are relative.
        count: how many guesses.
        seed: of the random ones.
        bounds: allowed values of a coefficient.
    """
    scale = weights / output**2 if on_log else weights
    forms = [_Form(root, output, scale)]
    if (output > 0).all():
        forms += _logarithm_of(root, coefficients, output, weights if on_log else weights * output**2)
    forms += _multiplied_out(root, coefficients, output, scale)
    found: list[Array] = []
    least = 0
    with np.errstate(all="ignore"):
        for form in forms:
            names = [form.renamed.get(name, name) for name in coefficients]
            linear = linear_coefficients(form.root, names)
            # Another form is of use where it leaves fewer coefficients to guess.
            if len(linear) < least:
                continue
            least = least or len(linear) + 1
            must = [name for name in positive if name not in form.renamed]
            inside = {name: ends for name, ends in (bounds or {}).items() if name not in form.renamed}
            curved = [name for name in names if name not in linear]
            known = {**data, **form.known}
            drawn = _drawn(root, curved, data, output, count, seed, must, inside)
            sets = np.empty((len(drawn), len(names)))
            sets[:, [names.index(name) for name in curved]] = drawn
            if linear:
                solved = _solved(form.root, linear, curved, drawn, known, form.output, form.scale, must)
                sets[:, [names.index(name) for name in linear]] = solved
            for name, other in form.renamed.items():
                sets[:, coefficients.index(name)] = np.exp(sets[:, names.index(other)])
            found.append(sets[np.isfinite(sets).all(1)])
    return found


@dataclass(frozen=True)
class _Form:
    """The law in a form in which some coefficients enter linearly.

    Attributes:
        root: what is to give `output`.
        output: of each row.
        scale: what a squared difference weighs.
        known: symbols besides the data.
        renamed: coefficients whose logarithm takes their place, by the name of that.
    """

    root: Node
    output: Array
    scale: Array
    known: dict[str, Array] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)


def _multiplied_out(root: Node, coefficients: Sequence[str], output: Array, scale: Array) -> list[_Form]:
    """A quotient top/bottom = y as top - y*bottom = 0: a rational function's coefficients are all linear there."""
    match root:
        case Binary("/", top, bottom) if set(symbols(bottom)) & set(coefficients):
            name = "output_"
            form = Binary("-", top, Binary("*", Symbol(name), bottom))
            zero = np.zeros_like(output)
            known = {name: output}
            # Rows with a large output have a large bottom or weigh too much: once as they are, once relative.
            relative = scale / np.maximum(output**2, 1e-30 * np.max(output**2, initial=1e-300))
            return [_Form(form, zero, scale, known), _Form(form, zero, relative, known)]
    return []


def _logarithm_of(root: Node, coefficients: Sequence[str], output: Array, weights: Array) -> list[_Form]:
    """A product of powers and exponentials by its logarithm, where exponents and rates are linear."""
    renamed: dict[str, str] = {}

    def log(node: Node) -> Node:
        match node:
            case Binary("*", left, right):
                return Binary("+", log(left), log(right))
            case Binary("/", left, right):
                return Binary("-", log(left), log(right))
            case Binary("**", base, exponent):
                return Binary("*", exponent, log(base))
            case Call("exp", (argument,)):
                return argument
            case Symbol(name) if name in coefficients and occurrences(root, name) == 1:
                renamed[name] = f"log_{name}_"
                return Symbol(renamed[name])
        return Call("log", (node,))

    form = log(root)
    return [_Form(form, np.log(output), weights, {}, renamed)] if not isinstance(form, Call) else []


def scattered(
    root: Node,
    coefficients: Sequence[str],
    data: Mapping[str, Array],
    output: Array,
    count: int,
    seed: int,
    *,
    positive: Sequence[str],
    bounds: Mapping[str, tuple[float, float]],
    regular: bool,
) -> Array:
    """Sets of coefficients over the ranges in which they make sense, none solved for: at random or on a grid."""
    return _drawn(root, coefficients, data, output, count, seed, positive, bounds, regular=regular)


def multiplies_data(root: Node, name: str, data: Mapping[str, Array]) -> bool:
    """Whether a coefficient weighs the data, as a factor does and an offset does not."""
    return bool(set(symbols(derivative(root, name))) & set(data))


def _drawn(
    root: Node,
    curved: Sequence[str],
    data: Mapping[str, Array],
    output: Array,
    count: int,
    seed: int,
    positive: Sequence[str],
    bounds: Mapping[str, tuple[float, float]],
    *,
    regular: bool | None = None,
) -> Array:
    """Values of some coefficients: a grid for up to two, or where it is asked for, else at random."""
    if not curved:
        return np.empty((1, 0))
    span = spans(root, curved, data, output, positive=positive, bounds=bounds)
    if regular or (regular is None and len(curved) <= 2):
        side = max(round(count ** (1 / len(curved))), 2) if len(curved) > 1 else min(count, 200)
        if regular is None:
            side = min(side, _FINEST if len(curved) > 1 else side)
        axes = [np.linspace(0, 1, side)] * len(curved)
        shares = np.stack([each.ravel() for each in np.meshgrid(*axes, indexing="ij")], axis=1)
    else:
        shares = np.random.default_rng(seed).random((count, len(curved)))
    return np.stack([span[name].values(shares[:, column]) for column, name in enumerate(curved)], axis=1)


def _solved(
    root: Node,
    linear: Sequence[str],
    curved: Sequence[str],
    drawn: Array,
    data: Mapping[str, Array],
    output: Array,
    scale: Array,
    positive: Sequence[str],
) -> Array:
    """The best linear coefficients for each guess of the others, by weighted least squares, shape (m, l).

    Those that must be positive are: a combination that would make one negative leaves it out (and then gives it a
    trifle, so that a search by logarithm can begin).
    """
    zero: dict[str, Node] = {name: Number(0.0) for name in linear}
    offset = Derivatives(replace_symbols(root, zero), curved, data).value(drawn)
    bases = [Derivatives(replace_symbols(derivative(root, name), zero), curved, data).value(drawn) for name in linear]
    with np.errstate(all="ignore"):
        stacked = np.stack(bases, axis=1)
        gap = output - offset
        normal = (stacked * scale) @ stacked.transpose(0, 2, 1)
        target = (stacked * scale * gap[:, None, :]).sum(2)
        total = (gap * gap * scale).sum(1)
    count, size = target.shape
    must = [number for number, name in enumerate(linear) if name in positive]
    free = [number for number in range(size) if number not in must]
    subsets: list[tuple[int, ...]] = [tuple(range(size))]
    if len(must) <= _MOST_SIGNED:
        subsets += [tuple(sorted([*free, *kept])) for many in range(len(must)) for kept in combinations(must, many)]
    best = np.full(count, np.inf)
    answer = np.full((count, size), np.nan)
    for subset in subsets:
        if not subset:
            continue
        solved = _normal_solution(normal, target, subset)
        cost = total - 2 * (solved * target).sum(1) + np.einsum("ki,kij,kj->k", solved, normal, solved)
        allowed = np.isfinite(cost) & (solved[:, [each for each in must if each in subset]] > 0).all(1)
        better = allowed & (cost < best)
        best[better] = cost[better]
        answer[better] = solved[better]
    trifle = np.maximum(np.nanmax(np.abs(answer), axis=1, initial=0.0, where=np.isfinite(answer)), 1e-12) * _LITTLE
    for number in must:
        answer[:, number] = np.where(answer[:, number] > 0, answer[:, number], trifle)
    answer[~np.isfinite(best)] = np.nan
    return answer


def _normal_solution(normal: Array, target: Array, subset: tuple[int, ...]) -> Array:
    """Solutions of the normal equations in some of the unknowns, the others zero."""
    chosen = np.array(subset)
    small = normal[:, chosen[:, None], chosen[None, :]]
    right = target[:, chosen]
    diagonal = np.sqrt(np.maximum(np.einsum("kii->ki", small), 1e-300))
    scaled = small / diagonal[:, :, None] / diagonal[:, None, :]
    bad = ~np.isfinite(scaled).all((1, 2)) | ~np.isfinite(right).all(1)
    scaled = np.where(bad[:, None, None], np.eye(len(subset)), scaled)
    scaled = scaled + 1e-13 * np.eye(len(subset))
    found = np.linalg.solve(scaled, np.where(bad[:, None], 0.0, right / diagonal)[:, :, None])[:, :, 0] / diagonal
    whole = np.zeros_like(target)
    whole[:, chosen] = found
    whole[bad] = np.nan
    return whole


def best_of(sets: Any, heights: Array, keep: int) -> Any:
    """The lowest few, no two of them nearly alike."""
    order = np.argsort(heights)
    kept: list[int] = []
    for number in order:
        if len(kept) == keep or not np.isfinite(heights[number]):
            break
        close = any(np.allclose(sets[number], sets[other], rtol=_APART, atol=0) for other in kept)
        if not close:
            kept.append(int(number))
    return sets[kept]
