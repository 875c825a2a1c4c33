"""Writes a formula as Python: for NumPy arrays, or for single numbers with `math`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scalinglaws.formulas.expression import Node
from scalinglaws.formulas.infix import ATOM, CHOICE, COMPARISON, LOGIC, InfixWriter

_FUNCTIONS = ("exp", "log", "log10", "log2", "sqrt")
_NUMPY = {**{name: f"np.{name}" for name in (*_FUNCTIONS, "abs")}, "lgamma": "gammaln"}
_MATH = {**{name: f"math.{name}" for name in (*_FUNCTIONS, "lgamma")}, "abs": "abs"}


class _NumPyWriter(InfixWriter):
    def call(self, function: str, arguments: Sequence[str]) -> tuple[str, int]:
        if function in ("min", "max"):
            text = arguments[0]
            for each in arguments[1:]:
                text = f"np.{function}imum({text}, {each})"
            return text, ATOM
        return f"{_NUMPY[function]}({', '.join(arguments)})", ATOM

    def logic(self, operator: str, parts: Sequence[str]) -> tuple[str, int]:
        return (" & " if operator == "and" else " | ").join(parts), COMPARISON - 1

    def choice(self, condition: Node, then: Node, otherwise: Node) -> tuple[str, int]:
        return f"np.where({', '.join(self.write(each) for each in (condition, then, otherwise))})", ATOM


class _MathWriter(InfixWriter):
    def power(self, base: Node, exponent: Node) -> tuple[str, int]:
        # math.pow refuses what has no real value, where ** would turn to complex numbers.
        return f"math.pow({self.write(base)}, {self.write(exponent)})", ATOM

    def call(self, function: str, arguments: Sequence[str]) -> tuple[str, int]:
        return f"{_MATH.get(function, function)}({', '.join(arguments)})", ATOM

    def choice(self, condition: Node, then: Node, otherwise: Node) -> tuple[str, int]:
        chosen = f"{self.write(then, CHOICE + 1)} if {self.write(condition, LOGIC - 1)}"
        return f"{chosen} else {self.write(otherwise)}", CHOICE


def function_source(
    name: str,
    arguments: Sequence[str],
    where: Mapping[str, Node],
    result: Node,
    *,
    arrays: bool,
    docstring: str = "",
) -> str:
    """The source of one Python function.

    Args:
        name: the function's name.
        arguments: its parameters, in order.
        where: named sub-expressions, computed first.
        result: what it returns, written out over its index sets; of an equation, left minus right.
        arrays: for NumPy arrays, else for single numbers.
        docstring: its docstring, if any.

    Returns:
        the source, without imports.
    """
    writer = _NumPyWriter() if arrays else _MathWriter()
    lines = [f"def {name}({', '.join(arguments)}):"]
    if docstring:
        lines.append(f'    """{docstring}"""')
    lines += [f"    {symbol} = {writer.write(node)}" for symbol, node in where.items()]
    lines.append(f"    return {writer.write(result)}")
    return "\n".join(lines) + "\n"


def imports_for(source: str) -> str:
    """The import lines that a printed function needs."""
    lines = []
    if "math." in source:
        lines.append("import math")
    if "np." in source:
        lines.append("import numpy as np")
    if "gammaln(" in source:
        lines.append("from scipy.special import gammaln")
    return "\n".join(lines) + "\n\n\n" if lines else ""
