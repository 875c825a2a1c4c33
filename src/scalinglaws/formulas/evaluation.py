"""Compiles a formula once and evaluates it at single points or over whole arrays."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scalinglaws.formulas import expression
from scalinglaws.formulas.expression import Equation, FormulaError, Node, Symbol
from scalinglaws.formulas.python_source import function_source, imports_for

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = float | NDArray[np.float64]
else:
    Values = float


class EvaluationError(ValueError):
    """A law that has no value, or several, where it was asked."""


def in_domain(value: float, domain: str) -> bool:
    """Whether a number is finite and makes sense as a positive, nonnegative, fraction or real quantity."""
    if not math.isfinite(value):
        return False
    return {"positive": value > 0, "nonnegative": value >= 0, "fraction": 0 <= value <= 1}.get(domain, True)


@dataclass(frozen=True)
class Formula:
    """A law's mathematics: its expression, named parts, and for an implicit law its output and bracket."""

    root: Node
    where: Mapping[str, Node] = field(default_factory=dict)
    output: str | None = None
    bracket: tuple[Node, Node] | None = None
    flat_patterns: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        text: str,
        where: Mapping[str, str] | None = None,
        output: str | None = None,
        bracket: Sequence[str] | None = None,
        flat_patterns: Mapping[str, str] | None = None,
    ) -> Formula:
        """Parse every text of a law.

        Raises:
            FormulaError: for anything outside the language.
        """
        ends = tuple(expression.parse(end) for end in bracket) if bracket else None
        return cls(
            root=expression.parse(text),
            where={name: expression.parse(part) for name, part in (where or {}).items()},
            output=output,
            bracket=(ends[0], ends[1]) if ends and len(ends) == 2 else None,
            flat_patterns=dict(flat_patterns or {}),
        )

    @property
    def implicit(self) -> bool:
        """Whether the output is found by solving an equation."""
        return isinstance(self.root, Equation)

    @property
    def nodes(self) -> list[Node]:
        """Every tree of the formula: sub-expressions, the expression itself, bracket ends."""
        return [*self.where.values(), self.root, *(self.bracket or ())]

    @property
    def index_sets(self) -> list[str]:
        """Names of the index sets, in the order of first use."""
        return list(dict.fromkeys(name for node in self.nodes for name in expression.index_sets(node)))

    def indexed_symbols(self) -> dict[str, tuple[str, ...]]:
        """Indexed symbols and the sets each runs over."""
        found: dict[str, tuple[str, ...]] = {}
        for node in self.nodes:
            for name, sets in expression.indexed_symbols(node).items():
                if found.setdefault(name, sets) != sets:
                    raise FormulaError(f"{name} runs over different index sets in different places")
        return found

    def written_out(self, members: Mapping[str, Sequence[str]]) -> Formula:
        """The formula with every sum and product written out, under flat names."""

        def flat(node: Node) -> Node:
            return expression.expand(node, members, self.flat_patterns)

        return Formula(
            root=flat(self.root),
            where={name: flat(node) for name, node in self.where.items()},
            output=self.output,
            bracket=(flat(self.bracket[0]), flat(self.bracket[1])) if self.bracket else None,
        )

    def inlined(self) -> Node:
        """The expression as one tree, named parts put in their places; of a formula that is written out."""
        parts: dict[str, Node] = {}
        for name, node in self.where.items():
            parts[name] = expression.replace_symbols(node, parts)
        return expression.replace_symbols(self.root, parts)

    def symbols_within(self, function: str) -> set[str]:
        """Symbols that stand within calls of a function, those of the named parts that it takes too."""
        calls = (part for node in self.nodes for part in expression.walk(node) if isinstance(part, expression.Call))
        found: set[str] = set()
        nodes: list[Node] = [call for call in calls if call.function == function]
        while nodes:
            for part in expression.walk(nodes.pop()):
                if isinstance(part, expression.Symbol | expression.Indexed) and part.name not in found:
                    found.add(part.name)
                    nodes += [self.where[part.name]] if part.name in self.where else []
        return found

    def free_symbols(self) -> list[str]:
        """Flat names that must be given, in the order of first use; of a formula that is written out."""
        used = dict.fromkeys(name for node in self.nodes for name in expression.symbols(node))
        return [name for name in used if name not in self.where and not (self.implicit and name == self.output)]


def _used_again(where: Mapping[str, Node], root: Node) -> tuple[dict[str, Node], Node]:
    """The named parts that stand in several places; those that stand in one are put there.

    An array that has a name is kept until the end; one without is overwritten by the next operation.
    """
    uses = Counter(
        part.name for node in (*where.values(), root) for part in expression.walk(node) if isinstance(part, Symbol)
    )
    once: dict[str, Node] = {}
    kept: dict[str, Node] = {}
    for name, node in where.items():
        (once if uses[name] == 1 else kept)[name] = expression.replace_symbols(node, once)
    return kept, expression.replace_symbols(root, once)


class Compiled:
    """A formula written out over its index sets and compiled for single numbers and for arrays."""

    def __init__(self, formula: Formula, members: Mapping[str, Sequence[str]] | None = None) -> None:
        self.members = dict(members or {})
        self._indexed = formula.indexed_symbols()
        self._patterns = formula.flat_patterns
        self.formula = formula.written_out(self.members)
        self.arguments = self.formula.free_symbols()
        self._functions: dict[tuple[str, bool], Callable[..., Any]] = {}

    def __getstate__(self) -> dict[str, Any]:
        # Functions are compiled again where the law arrives.
        return {**self.__dict__, "_functions": {}}

    def source(self, name: str = "law", *, arrays: bool = True, docstring: str = "") -> str:
        """Python source of the law, ready to paste; of an implicit law, the residual to solve for zero."""
        arguments = [*self.arguments, self.formula.output] if self.formula.implicit else self.arguments
        body = function_source(
            name,
            [str(each) for each in arguments],
            self.formula.where,
            self.formula.root,
            arrays=arrays,
            docstring=docstring,
        )
        return imports_for(body) + body

    def javascript(self, *, comment: str = "") -> str:
        """An ES module that exports `law(values)`; see `javascript_source.module_source`."""
        from scalinglaws.formulas.javascript_source import module_source  # noqa: PLC0415 - needed by few

        formula = self.formula
        implicit = None
        if formula.implicit:
            if formula.bracket is None or formula.output is None:
                raise EvaluationError("the law is implicit and its record gives no bracket for the output")
            implicit = (formula.output, *formula.bracket)
        arrays = {
            symbol: [self.members[name] for name in sets]
            for symbol, sets in self._indexed.items()
            if all(self.members.get(name) for name in sets)
        }
        return module_source(
            self.arguments,
            formula.where,
            formula.root,
            arrays=arrays,
            flat_patterns=self._patterns,
            implicit=implicit,
            comment=comment,
        )

    def sql(self) -> str:
        """A SQL expression over columns named like the symbols.

        Raises:
            NotInSql: when SQL cannot say it.
        """
        from scalinglaws.formulas.sql_source import sql_expression  # noqa: PLC0415 - needed by few

        return sql_expression(self.formula.inlined())

    def __call__(self, values: Mapping[str, Any]) -> Any:
        """Evaluate at the given values of every argument.

        Single numbers give a float; arrays broadcast against one another and give an array.

        Raises:
            EvaluationError: when a single point has no finite value, or an implicit law no solution or several.
        """
        arguments = [values[name] for name in self.arguments]
        if all(isinstance(each, float | int) for each in arguments):
            if self.formula.implicit:
                return float(self._solve(arguments))
            return self._number([float(each) for each in arguments])
        import numpy as np  # noqa: PLC0415 - single numbers do without it

        # Single numbers stay as they are: an array of no dimensions would cost a pass more in places.
        given = [each if isinstance(each, float | int) else np.asarray(each, dtype=np.float64) for each in arguments]
        if self.formula.implicit:
            return self._solve(given)
        with np.errstate(all="ignore"):
            result = self.function("value", arrays=True)(*given)
        shape = np.broadcast_shapes(*(np.shape(each) for each in given))
        return np.broadcast_to(result, shape).copy() if np.shape(result) != shape else result

    def _number(self, arguments: list[float]) -> float:
        try:
            result = float(self.function("value", arrays=False)(*arguments))
        except (ArithmeticError, ValueError):
            # At the edges (a power that overflows and is then inverted) IEEE arithmetic has the right limit.
            import numpy as np  # noqa: PLC0415

            with np.errstate(all="ignore"):
                result = float(self.function("value", arrays=True)(*(np.float64(each) for each in arguments)))
        if not math.isfinite(result):
            given = ", ".join(f"{name}={value:.6g}" for name, value in zip(self.arguments, arguments, strict=True))
            raise EvaluationError(f"the law has no finite value at {given}")
        return result

    def function(self, part: str, *, arrays: bool) -> Callable[..., Any]:
        """One compiled part: `value` (of an implicit law, the residual), `lower` or `upper` end of the bracket."""
        if (part, arrays) not in self._functions:
            node = self.formula.root
            arguments = list(self.arguments)
            if part != "value":
                assert self.formula.bracket is not None
                node = self.formula.bracket[part == "upper"]
            elif self.formula.implicit:
                arguments.append(str(self.formula.output))
            where, node = _used_again(self.formula.where, node)
            source = function_source(part, arguments, where, node, arrays=arrays)
            space: dict[str, Any] = {"__builtins__": {"min": min, "max": max, "abs": abs}, "math": math}
            if arrays:
                import numpy as np  # noqa: PLC0415

                space["np"] = np
                if "gammaln(" in source:
                    from scipy.special import gammaln  # noqa: PLC0415

                    space["gammaln"] = gammaln
            # The source is our own printer's, made from a tree that holds nothing but whitelisted nodes.
            exec(compile(source, f"<{part} of a law>", "exec"), space)  # noqa: S102
            self._functions[part, arrays] = space[part]
        return self._functions[part, arrays]

    def _solve(self, arguments: Sequence[Any]) -> Any:
        import numpy as np  # noqa: PLC0415

        from scalinglaws.formulas.roots import NoRoot, SeveralRoots, find_root  # noqa: PLC0415

        if self.formula.bracket is None or self.formula.output is None:
            raise EvaluationError("the law is implicit and its record gives no bracket for the output")
        given = [np.asarray(each, dtype=np.float64) for each in arguments]
        shape = np.broadcast_shapes(*(each.shape for each in given))
        flat = [np.broadcast_to(each, shape).ravel() for each in given]
        count = int(np.prod(shape))
        residual = self.function("value", arrays=True)

        def left_minus_right(points: Any, index: Any) -> Any:
            return np.broadcast_to(residual(*(each[index] for each in flat), points), points.shape)

        with np.errstate(all="ignore"):
            lower, upper = (
                np.broadcast_to(np.asarray(self.function(end, arrays=True)(*flat), dtype=np.float64), count)
                for end in ("lower", "upper")
            )
        try:
            roots = find_root(left_minus_right, lower, upper, self.formula.output)
        except (NoRoot, SeveralRoots) as error:
            raise EvaluationError(str(error)) from error
        return roots.reshape(shape)
