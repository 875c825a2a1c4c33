"""A law compiled with its derivatives by the coefficients, for many sets of coefficients at once.

What depends on the data alone is computed once; what value, slopes and curvatures share is computed once a step.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scalinglaws.formulas.calculus import NotDifferentiable, derivative
from scalinglaws.formulas.evaluation import Compiled, Formula
from scalinglaws.formulas.expression import Call, Choice, Comparison, Logic, Node, Number, Symbol, symbols
from scalinglaws.formulas.python_source import function_source

Array = NDArray[np.float64]
#: Beyond so many coefficients the curvatures cost more than they save.
MOST_CURVATURES = 8
#: The bracket of an implicit law is entered by this share of its width and halved so often.
_NUDGE = 1e-15
_HALVINGS = 60


class _Sharing:
    """Finds what several formulas have in common and names it, so that it is computed once."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.numbers: dict[Any, int] = {}
        self.nodes: list[tuple[Node, tuple[int, ...]]] = []
        self.seen: dict[int, int] = {}
        self.alive: list[Node] = []

    def number(self, node: Node) -> int:
        """One number for all parts that are alike."""
        if id(node) in self.seen:
            return self.seen[id(node)]
        parts = tuple(self.number(each) for each in _parts(node))
        label = (type(node).__name__, _label(node), parts)
        if label not in self.numbers:
            self.numbers[label] = len(self.nodes)
            self.nodes.append((node, parts))
        self.seen[id(node)] = self.numbers[label]
        self.alive.append(node)
        return self.numbers[label]

    def written(
        self, roots: Sequence[int], chosen: Iterable[int]
    ) -> tuple[dict[str, Node], list[Node], dict[int, str]]:
        """The chosen parts by name in the order of need, and the roots over them."""
        names = {number: f"{self.prefix}{number}" for number in sorted(set(chosen))}
        built: dict[int, Node] = {}
        assignments: dict[str, Node] = {}
        for number, (node, parts) in enumerate(self.nodes):
            made = _rebuilt(node, [built[part] for part in parts])
            if number in names:
                assignments[names[number]] = made
                made = Symbol(names[number])
            built[number] = made
        return assignments, [built[root] for root in roots], names


def _parts(node: Node) -> list[Node]:
    if isinstance(node, Symbol | Number):
        return []
    if isinstance(node, Call):
        return list(node.arguments)
    if isinstance(node, Logic):
        return list(node.parts)
    return [getattr(node, each.name) for each in dataclasses.fields(node) if each.name not in ("operator", "function")]


def _label(node: Node) -> Any:
    if isinstance(node, Symbol):
        return node.name
    if isinstance(node, Number):
        return node.value
    return getattr(node, "operator", None) or getattr(node, "function", None)


def _rebuilt(node: Node, parts: list[Node]) -> Node:
    if isinstance(node, Symbol | Number):
        return node
    if isinstance(node, Call):
        return Call(node.function, tuple(parts))
    if isinstance(node, Logic):
        return Logic(node.operator, tuple(parts))
    names = [each.name for each in dataclasses.fields(node) if each.name not in ("operator", "function")]
    given: dict[str, Any] = dict(zip(names, parts, strict=True))
    return dataclasses.replace(node, **given)


#: A compiled function and what it takes after the coefficients.
_Function = tuple[Callable[..., tuple[Any, ...]], list[Any]]


class Derivatives:
    """Value, slopes and curvatures of a law in its coefficients.

    Attributes:
        coefficients: names, in the order of the last axis of every array.
        curved: whether curvatures are available.
    """

    def __init__(self, root: Node, coefficients: Sequence[str], data: Mapping[str, Array]) -> None:
        """Compile.

        Args:
            root: the law, written out and in one piece.
            coefficients: what is to be fitted.
            data: values of every other symbol, arrays of n rows or single numbers.

        Raises:
            NotDifferentiable: where the gamma function holds a coefficient.
        """
        self.coefficients = list(coefficients)
        self.data = dict(data)
        self.count = max((np.size(each) for each in data.values()), default=1)
        self._root = root
        self._slopes = [derivative(root, name) for name in self.coefficients]
        self.curved = len(self.coefficients) <= MOST_CURVATURES
        size = len(self.coefficients)
        self.pairs = [(i, j) for i in range(size) for j in range(i + 1)] if self.curved else []

    # Each is compiled when it is first asked for: guesses take values alone.

    @cached_property
    def _value(self) -> _Function:
        return _compiled([self._root], self.coefficients, self.data)

    @cached_property
    def _first(self) -> _Function:
        return _compiled([self._root, *self._slopes], self.coefficients, self.data)

    @cached_property
    def _second(self) -> tuple[_Function, list[bool]]:
        curvatures = [derivative(self._slopes[i], self.coefficients[j]) for i, j in self.pairs]
        flat = [each == Number(0.0) for each in curvatures]
        kept = [each for each, none in zip(curvatures, flat, strict=True) if not none]
        return _compiled([self._root, *self._slopes, *kept], self.coefficients, self.data), flat

    @cached_property
    def _zeros(self) -> bool:
        """Whether some power may have a base of exactly zero: from the data, a clamp or a case."""
        parts = list(_walk(self._root))
        clamped = any(
            isinstance(each, Choice) or (isinstance(each, Call) and each.function in ("min", "max", "abs"))
            for each in parts
        )
        return clamped or any(bool((np.asarray(each) == 0).any()) for each in self._first[1])

    def value(self, sets: Array) -> Array:
        """The law at each row for each of k sets of coefficients, shape (k, n)."""
        function, prepared = self._value
        return self._shaped(function(*_columns(sets), *prepared)[0], len(sets))

    def slopes(self, sets: Array) -> tuple[Array, list[Array]]:
        """Value and slope by each coefficient, each of shape (k, n)."""
        function, prepared = self._first
        value, *slopes = function(*_columns(sets), *prepared)
        return self._shaped(value, len(sets)), [self._limit(each, len(sets)) for each in slopes]

    def curvatures(self, sets: Array) -> tuple[Array, list[Array], list[Array | None]]:
        """Value, slopes, and for each pair of `pairs` the second derivative, none where it is zero."""
        (function, prepared), flat = self._second
        value, *rest = function(*_columns(sets), *prepared)
        k = len(sets)
        slopes = [self._limit(each, k) for each in rest[: len(self.coefficients)]]
        found = iter(rest[len(self.coefficients) :])
        curvatures = [None if none else self._limit(next(found), k) for none in flat]
        return self._shaped(value, k), slopes, curvatures

    def _shaped(self, values: Any, k: int) -> Array:
        return np.broadcast_to(np.asarray(values, dtype=np.float64), (k, self.count))

    def _limit(self, values: Any, k: int) -> Array:
        """A slope, with its limit of zero where a power of zero has the logarithm of zero beside it."""
        slope = self._shaped(values, k)
        if not self._zeros:
            return slope
        # A sum shows at little cost whether there is anything to mend.
        return np.where(np.isnan(slope), 0.0, slope) if np.isnan(slope.sum()) else slope


class ImplicitDerivatives(Derivatives):
    """The same for a law that is an equation for its output: solved for the value, its slopes by implicit change."""

    def __init__(self, compiled: Compiled, coefficients: Sequence[str], data: Mapping[str, Array]) -> None:
        """Compile.

        Args:
            compiled: the law, with the bracket of its output.
            coefficients: what is to be fitted.
            data: values of every other symbol.
        """
        self.coefficients = list(coefficients)
        self.count = max((np.size(each) for each in data.values()), default=1)
        self.curved, self.pairs = False, []
        self._zeros = True
        self.compiled = compiled
        self.data = dict(data)
        root = compiled.formula.inlined()
        output = str(compiled.formula.output)
        by = [derivative(root, name) for name in (output, *self.coefficients)]
        self._changes = [Compiled(Formula(root=each)) for each in by]

    def value(self, sets: Array) -> Array:
        """The root between the ends of the bracket, by halving; not a number where both ends lie on one side."""
        given = {**self.data, **dict(zip(self.coefficients, _columns(sets), strict=True))}
        arguments = [given[name] for name in self.compiled.arguments]
        residual = self.compiled.function("value", arrays=True)
        with np.errstate(all="ignore"):
            low, high = (
                self._shaped(self.compiled.function(end, arrays=True)(*arguments), len(sets))
                for end in ("lower", "upper")
            )
            width = high - low
            low, high = low + _NUDGE * width, high - _NUDGE * width
            sign = np.sign(self._shaped(residual(*arguments, low), len(sets)))
            sound = sign * np.sign(self._shaped(residual(*arguments, high), len(sets))) < 0
            for _ in range(_HALVINGS):
                middle = 0.5 * (low + high)
                below = np.sign(residual(*arguments, middle)) == sign
                low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.where(sound, 0.5 * (low + high), np.nan)

    def slopes(self, sets: Array) -> tuple[Array, list[Array]]:
        """Value and slopes, each of shape (k, n)."""
        value = self.value(sets)
        given = {**self.data, **dict(zip(self.coefficients, _columns(sets), strict=True))}
        given[str(self.compiled.formula.output)] = value
        with np.errstate(all="ignore"):
            across, *along = [
                each.function("value", arrays=True)(*(given[name] for name in each.arguments)) for each in self._changes
            ]
            return value, [self._shaped(-each / across, len(sets)) for each in along]


def _columns(sets: Array) -> list[Array]:
    return [sets[:, column : column + 1] for column in range(sets.shape[1])]


def _compiled(
    roots: Sequence[Node], coefficients: Sequence[str], data: Mapping[str, Array]
) -> tuple[Callable[..., tuple[Any, ...]], list[Any]]:
    """A function of the coefficients that gives every root, and what it takes besides, computed from the data."""
    sharing = _Sharing("s")
    numbers = [sharing.number(root) for root in roots]
    free = set(coefficients)
    constant: list[bool] = []
    uses: Counter[int] = Counter(numbers)
    for node, parts in sharing.nodes:
        constant.append(not (isinstance(node, Symbol) and node.name in free) and all(constant[part] for part in parts))
        uses.update(parts)
    bare = [isinstance(node, Symbol | Number | Comparison | Logic) for node, _ in sharing.nodes]
    hoisted = {
        part
        for number, (_, parts) in enumerate(sharing.nodes)
        if not constant[number]
        for part in parts
        if constant[part] and not bare[part]
    }
    shared = {number for number, count in uses.items() if count > 1 and not constant[number] and not bare[number]}
    # A condition of the data alone stands in place; all other parts by name.
    assignments, results, names = sharing.written(numbers, hoisted | shared)
    first = {names[number]: assignments[names[number]] for number in sorted(hoisted)}
    prepare = _function([Symbol(name) for name in first], [*data], first)
    with np.errstate(all="ignore"):
        prepared = list(prepare(*data.values()))
    own = {name: node for name, node in assignments.items() if name not in first}
    arguments = [*coefficients, *first, *data]
    return _function(results, arguments, own), [*prepared, *data.values()]


def _function(
    results: Sequence[Node], arguments: Sequence[str], assignments: Mapping[str, Node]
) -> Callable[..., tuple[Any, ...]]:
    names = [f"r{number}_" for number in range(len(results))]
    body = {**assignments, **dict(zip(names, results, strict=True))}
    source = function_source("law", list(arguments), body, Number(0.0), arrays=True)
    source = source.rsplit("    return", 1)[0] + f"    return ({' '.join(f'{name},' for name in names)})\n"
    space: dict[str, Any] = {"__builtins__": {}, "np": np}
    if "gammaln(" in source:
        from scipy.special import gammaln  # noqa: PLC0415 - heavy

        space["gammaln"] = gammaln
    # The source is our own printer's, made from a tree that holds nothing but whitelisted nodes.
    exec(compile(source, "<a law with its derivatives>", "exec"), space)  # noqa: S102
    function: Callable[..., tuple[Any, ...]] = space["law"]
    return function


def linear_coefficients(root: Node, coefficients: Sequence[str]) -> list[str]:
    """Coefficients that enter linearly together: none stands in the slope of another.

    Taken in the order given; what is left is not linear, or not together with these.
    """
    found: list[str] = []
    for name in coefficients:
        try:
            slope = derivative(root, name)
        except NotDifferentiable:
            continue
        if any(isinstance(part, Choice) for part in _walk(slope)):
            continue
        inside = set(symbols(slope))
        if inside & {name, *found}:
            continue
        if all(name not in symbols(derivative(root, other)) for other in found):
            found.append(name)
    return found


def _walk(node: Node) -> Iterable[Node]:
    yield node
    for part in _parts(node):
        yield from _walk(part)
