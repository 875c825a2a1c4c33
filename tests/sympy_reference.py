"""SymPy's own evaluation of a formula: the independent check, always with explicit values, never from text."""

from __future__ import annotations

from typing import Any

import sympy

from scalinglaws.formulas.expression import Binary, Call, Choice, Comparison, Negative, Node, Number, Symbol


def sympy_value(node: Node, values: dict[str, float]) -> sympy.Expr:
    """The value of a node that is written out, at the given values."""
    match node:
        case Number(value):
            return sympy.Float(value, 30)
        case Symbol(name):
            return sympy.Float(values[name], 30)
        case Negative(operand):
            return -sympy_value(operand, values)
        case Binary(operator, left, right):
            first, second = sympy_value(left, values), sympy_value(right, values)
            table = {"+": first + second, "-": first - second, "*": first * second}
            if operator in table:
                return table[operator]
            return first / second if operator == "/" else first**second
        case Call(function, arguments):
            inner = [sympy_value(each, values) for each in arguments]
            functions: dict[str, Any] = {
                "exp": sympy.exp, "log": sympy.log, "sqrt": sympy.sqrt, "abs": sympy.Abs, "min": sympy.Min,
                "max": sympy.Max, "log10": lambda y: sympy.log(y, 10), "log2": lambda y: sympy.log(y, 2),
                "lgamma": sympy.loggamma,
            }  # fmt: skip
            return functions[function](*inner)
        case Choice(Comparison("<", left, right), then, otherwise):
            smaller = sympy_value(left, values) < sympy_value(right, values)
            return sympy_value(then if smaller else otherwise, values)
    raise AssertionError(node)
