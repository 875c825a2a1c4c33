"""Where a coefficient can make sense, read off the formula and the sizes of the columns.

What stands in an exponent is of order one; what multiplies a column inside an exponential, or beside a known term of
a sum, has the size that makes its term matter; what is added to a column is a place along it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scalinglaws.formulas.evaluation import Compiled, Formula
from scalinglaws.formulas.expression import Binary, Call, Negative, Node, Number, Symbol, replace_symbols, symbols, walk

Array = NDArray[np.float64]
EXPONENT = (0.03, 2.0)
#: Around the size at which a term matters: of a factor, of a divisor, and of a term beside a known one.
_FACTOR = (1e-2, 1e2)
_DIVISOR = (3e-3, 1e1)
_BESIDE = (1e-3, 1e3)


@dataclass(frozen=True)
class Span:
    """The values a coefficient is tried at.

    Attributes:
        low, high: sizes, evenly by the logarithm; evenly as they are where `low` is not positive.
        signed: whether half of them are negative.
        place: ends of a column along which the coefficient may lie; half of the values are spread there.
    """

    low: float
    high: float
    signed: bool = False
    place: tuple[float, float] | None = None

    def values(self, shares: Array) -> Array:
        """The values at so many shares of the way, from 0 to 1."""
        if self.place is not None:
            low, high = self.place
            along = low + (high - low) * np.minimum(2 * shares, 1.0)
            return np.where(shares < 0.5, along, self._sizes(np.maximum(2 * shares - 1, 0.0)))
        return self._sizes(shares)

    def _sizes(self, shares: Array) -> Array:
        if self.low <= 0:
            return self.low + (self.high - self.low) * shares
        if not self.signed:
            return np.asarray(self.low * (self.high / self.low) ** shares)
        turned = np.abs(2 * shares - 1)
        return np.asarray(np.where(shares < 0.5, -1.0, 1.0) * self.low * (self.high / self.low) ** turned)


def spans(
    root: Node,
    coefficients: Sequence[str],
    data: Mapping[str, Array],
    output: Array,
    *,
    positive: Sequence[str] = (),
    bounds: Mapping[str, tuple[float, float]] | None = None,
) -> dict[str, Span]:
    """The span of each coefficient.

    Args:
        root: the law, written out and in one piece.
        coefficients: what is to be fitted.
        data: every other symbol.
        output: what the law is to give.
        positive: coefficients that must be positive.
        bounds: allowed values of a coefficient.
    """
    free = set(coefficients)
    role = roles(root, coefficients, data)
    inner = _inner(root, free, data)
    places = _places(root, free, data)
    found = {}
    for name in coefficients:
        signed = name not in positive
        ends = (bounds or {}).get(name)
        if ends and all(math.isfinite(end) for end in ends):
            low, high = ends
            found[name] = Span(max(low, high * 1e-6), high) if low >= 0 else Span(low, high)
        elif role[name] == "exponent":
            found[name] = Span(*EXPONENT)
        elif name in places and signed:
            reach = max(abs(end) for end in places[name])
            found[name] = Span(reach * 1e-2, reach * 1e2, signed=True, place=places[name])
        elif name in inner:
            low, high, alone = inner[name]
            found[name] = Span(low, high, signed=signed and alone)
        else:
            found[name] = _weight(root, name, role[name], data, output, signed=signed)
        if ends and not all(math.isfinite(end) for end in ends):
            found[name] = _within(found[name], ends)
    return found


def _within(span: Span, ends: tuple[float, float]) -> Span:
    """A span cut to bounds of which one is open."""
    low = ends[0]
    if low < 0:
        return span
    return Span(max(span.low, low), max(span.high, 10 * low)) if span.low > 0 else Span(low, max(span.high, 10 * low))


def _weight(root: Node, name: str, role: str, data: Mapping[str, Array], output: Array, *, signed: bool) -> Span:
    near = [data[other] for other in _neighbours(root, name) if other in data]
    sizes = [abs(float(end)) for each in near for end in (np.min(each), np.max(each)) if end]
    if role == "scale" and sizes:
        return Span(min(sizes) * 1e-3, max(sizes) * 1e7)
    size = float(np.median(np.abs(output))) or 1.0
    if sizes and role == "factor":
        # Of a power with an unknown exponent between none and one.
        return Span(size * 1e-2, size * 1e1 * max(1.0, *sizes), signed=signed)
    if sizes:
        return Span(min(sizes) * 1e-2, max(sizes) * 1e2, signed=signed)
    return Span(size * 1e-3, size * 1e3, signed=signed)


def roles(root: Node, coefficients: Sequence[str], data: Mapping[str, Array]) -> dict[str, str]:
    """What each coefficient does: `exponent`, `scale`, `factor` or `weight`.

    A scale divides a variable under a power, or is divided by it; a factor multiplies a power.

    Args:
        root: the law, written out and in one piece.
        coefficients: what is to be fitted.
        data: the variables.
    """
    found = dict.fromkeys(coefficients, "weight")
    for node in walk(root):
        match node:
            case Binary("*" | "/", Symbol(name), Binary("**", _, exponent)) if name in found and set(
                symbols(exponent)
            ) & set(coefficients):
                found[name] = "factor"
            case Binary("/", left, right) if isinstance(left, Symbol) or isinstance(right, Symbol):
                for one, other in ((left, right), (right, left)):
                    if isinstance(one, Symbol) and one.name in found and set(symbols(other)) & set(data):
                        found[one.name] = "scale" if _under_power(root, node) else found[one.name]
    for node in walk(root):
        match node:
            case Binary("**", _, exponent):
                for name in symbols(exponent):
                    if name in found:
                        found[name] = "exponent"
    return found


def _under_power(root: Node, part: Node) -> bool:
    """Whether a quotient stands inside the base of a power, as in (N_c/N)**alpha."""
    return any(
        isinstance(node, Binary)
        and node.operator == "**"
        and not isinstance(node.right, Number)
        and any(inner is part for inner in walk(node.left))
        for node in walk(root)
    )


def _neighbours(root: Node, name: str) -> set[str]:
    """Symbols that a coefficient is added to, multiplied with or divided by."""
    found: set[str] = set()
    for node in walk(root):
        if isinstance(node, Binary) and node.operator in "+-*/":
            sides = [set(symbols(node.left)), set(symbols(node.right))]
            for one, side in zip((node.left, node.right), reversed(sides), strict=True):
                if isinstance(one, Symbol) and one.name == name:
                    found |= side
    return found


def _places(root: Node, free: set[str], data: Mapping[str, Array]) -> dict[str, tuple[float, float]]:
    """Coefficients that are added to a column or taken from it, with the ends between which they meet it."""
    found: dict[str, tuple[float, float]] = {}
    for node in walk(root):
        if not isinstance(node, Binary) or node.operator not in ("+", "-"):
            continue
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if not isinstance(one, Symbol) or one.name not in free:
                continue
            column = _value(other, free, data) if set(symbols(other)) & set(data) else None
            if column is None or not np.isfinite(column).all():
                continue
            ends = (float(np.min(column)), float(np.max(column)))
            if any(ends):
                found[one.name] = ends if node.operator == "-" else (-ends[1], -ends[0])
    return found


def _inner(root: Node, free: set[str], data: Mapping[str, Array]) -> dict[str, tuple[float, float, bool]]:
    """Sizes of coefficients inside exponentials and beside known terms of sums; whether the sign matters."""
    found: dict[str, tuple[float, float, bool]] = {}
    known_terms: list[tuple[float, list[Node], tuple[float, float]]] = []
    for node in walk(root):
        if isinstance(node, Binary) and node.operator in ("+", "-"):
            terms = list(_terms(node))
            sizes = [_largest(_value(each, free, data)) for each in terms if not set(symbols(each)) & free]
            if any(sizes):
                known_terms.append((max(sizes), terms, _BESIDE))
    exponentials = [node for node in walk(root) if isinstance(node, Call) and node.function == "exp"]
    # What stands in an exponential is told by it.
    for size, terms, reach in [
        *known_terms,
        *((1.0, list(_terms(each.arguments[0])), _FACTOR) for each in exponentials),
    ]:
        for term in terms:
            factors = list(_factors(term, 1.0))
            for node, power in factors:
                if isinstance(node, Symbol) and node.name in free:
                    found[node.name] = _sized(node, power, factors, size, reach, free, data)
    return found


def _sized(
    own: Node,
    power: float,
    factors: Sequence[tuple[Node, float]],
    size: float,
    reach: tuple[float, float],
    free: set[str],
    data: Mapping[str, Array],
) -> tuple[float, float, bool]:
    small = large = 1.0
    for node, exponent in factors:
        if node is own or (isinstance(node, Symbol) and node.name in free):
            continue
        ends = sorted(each**exponent for each in _sizes(node, free, data))
        small, large = small * ends[0], large * ends[-1]
    reach = _DIVISOR if power < 0 else reach
    middles = sorted((size / each) ** (1 / power) for each in (small, large))
    return middles[0] * reach[0], middles[1] * reach[1], abs(power) == 1 and power > 0


def _sizes(node: Node, free: set[str], data: Mapping[str, Array]) -> tuple[float, float]:
    """A smaller and a larger size of a factor: of a column its largest, of a sum also its range; one if not known."""
    if not set(symbols(node)) & free:
        size = _largest(_value(node, free, data))
        return (size, size) if size else (1.0, 1.0)
    if isinstance(node, Binary) and node.operator in ("+", "-"):
        zero: dict[str, Node] = {name: Number(0.0) for name in free}
        column = _value(replace_symbols(node, zero), free, data)
        size = _largest(column)
        width = float(np.ptp(column)) if column is not None else 0.0
        return (min(width, size) or size or 1.0, size or 1.0)
    return (1.0, 1.0)


def _largest(column: Array | None) -> float:
    if column is None:
        return 0.0
    finite = np.abs(column[np.isfinite(column)])
    return float(finite.max()) if finite.size else 0.0


def _value(node: Node, free: set[str], data: Mapping[str, Array]) -> Array | None:
    """What a part without coefficients is; none where it holds one."""
    names = symbols(node)
    if set(names) & free or not set(names) <= set(data):
        return None
    given: dict[str, Any] = {name: np.asarray(data[name], dtype=np.float64) for name in names}
    with np.errstate(all="ignore"):
        if not names:
            return np.atleast_1d(np.asarray(Compiled(Formula(root=node)).function("value", arrays=True)()))
        return np.atleast_1d(np.asarray(Compiled(Formula(root=node))(given), dtype=np.float64))


def _terms(node: Node) -> Iterator[Node]:
    match node:
        case Binary("+" | "-", left, right):
            yield from _terms(left)
            yield from _terms(right)
        case Negative(operand):
            yield from _terms(operand)
        case _:
            yield node


def _factors(node: Node, power: float) -> Iterator[tuple[Node, float]]:
    match node:
        case Negative(operand):
            yield from _factors(operand, power)
        case Binary("*", left, right):
            yield from _factors(left, power)
            yield from _factors(right, power)
        case Binary("/", left, right):
            yield from _factors(left, power)
            yield from _factors(right, -power)
        case Binary("**", base, Number(value)) if value:
            yield from _factors(base, power * value)
        case Binary("**", base, Negative(Number(value))) if value:
            yield from _factors(base, -power * value)
        case _:
            yield node, power
