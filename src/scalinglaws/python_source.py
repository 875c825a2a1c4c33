"""Writes a formula as Python: for NumPy arrays, or for single numbers with `math`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scalinglaws.expression import (
    Binary,
    Call,
    Choice,
    Comparison,
    Equation,
    Indexed,
    Logic,
    Negative,
    Number,
    Reduction,
    Symbol,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scalinglaws.expression import Node

_POWER, _UNARY, _ATOM = 8, 7, 9
_PRECEDENCE = {"+": 5, "-": 5, "*": 6, "/": 6, "**": _POWER}
_NUMPY = {
    "lgamma": "gammaln",
    **{name: f"np.{name}" for name in ("exp", "log", "log10", "log2", "sqrt", "abs")},
}
_MATH = {name: f"math.{name}" for name in ("exp", "log", "log10", "log2", "sqrt", "lgamma")} | {"abs": "abs"}


class _Writer:
    """Infix text with the fewest parentheses that keep the order of operations as written."""

    def __init__(self, *, arrays: bool) -> None:
        self.arrays = arrays

    def write(self, node: Node, above: int = 0) -> str:
        text, precedence = self.part(node)
        return f"({text})" if precedence < above else text

    def part(self, node: Node) -> tuple[str, int]:
        match node:
            case Number(value):
                return number_text(value), _ATOM
            case Symbol(name):
                return name, _ATOM
            case Negative(operand):
                return "-" + self.write(operand, _UNARY), _UNARY
            case Binary("**", left, right) if not self.arrays:
                # math.pow refuses what has no real value, where ** would turn to complex numbers.
                return f"math.pow({self.write(left)}, {self.write(right)})", _ATOM
            case Binary("**", left, right):
                return f"{self.write(left, _ATOM)}**{self.write(right, _UNARY)}", _POWER
            case Binary(operator, left, right):
                level = _PRECEDENCE[operator]
                gap = " " if level == 5 else ""
                # Floating-point sums do not associate: a right operand of the same level keeps its parentheses.
                return f"{self.write(left, level)}{gap}{operator}{gap}{self.write(right, level + 1)}", level
            case Call("min" | "max" as function, arguments):
                return self.extremum(function, [self.write(each) for each in arguments]), _ATOM
            case Call(function, arguments):
                name = (_NUMPY if self.arrays else _MATH)[function]
                return f"{name}({', '.join(self.write(each) for each in arguments)})", _ATOM
            case Comparison(operator, left, right):
                return f"{self.write(left, 5)} {operator} {self.write(right, 5)}", 4
            case Logic(operator, parts) if self.arrays:
                joint = " & " if operator == "and" else " | "
                return joint.join(f"({self.write(each)})" for each in parts), 3
            case Logic(operator, parts):
                return f" {operator} ".join(f"({self.write(each)})" for each in parts), 2
            case Choice(condition, then, otherwise) if self.arrays:
                inside = ", ".join(self.write(each) for each in (condition, then, otherwise))
                return f"np.where({inside})", _ATOM
            case Choice(condition, then, otherwise):
                return f"{self.write(then, 1)} if {self.write(condition, 1)} else {self.write(otherwise)}", 0
            case Equation(left, right):
                return f"{self.write(left, 5)} - {self.write(right, 6)}", 5
            case Indexed() | Reduction():
                raise ValueError("write the formula out over its index sets first")

    def extremum(self, function: str, arguments: list[str]) -> str:
        if not self.arrays:
            return f"{function}({', '.join(arguments)})"
        text = arguments[0]
        for each in arguments[1:]:
            text = f"np.{function}imum({text}, {each})"
        return text


def number_text(value: float) -> str:
    """A literal as one writes it: `6`, `0.5`, `1e+20`."""
    return str(int(value)) if value == int(value) and abs(value) < 1e16 else repr(value)


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
    writer = _Writer(arrays=arrays)
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
