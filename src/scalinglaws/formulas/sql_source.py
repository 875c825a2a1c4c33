"""Writes a formula as a SQL expression over columns named like its symbols, for SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Sequence

from scalinglaws.formulas.expression import Equation, Node, Symbol, symbols
from scalinglaws.formulas.infix import ATOM, PRODUCT, InfixWriter

_FUNCTIONS = {"exp": "exp", "log": "ln", "sqrt": "sqrt", "abs": "abs"}
_BASES = {"log10": "10.0", "log2": "2.0"}


class NotInSql(ValueError):
    """SQL has no expression for this formula; the message says why."""


class _Writer(InfixWriter):
    def number(self, value: float) -> str:
        # A point keeps integers from dividing as integers.
        return repr(float(value))

    def symbol(self, name: str) -> str:
        # Quotes keep PostgreSQL from folding N and n into one.
        return f'"{name}"'

    def power(self, base: Node, exponent: Node) -> tuple[str, int]:
        return f"power({self.write(base)}, {self.write(exponent)})", ATOM

    def quotient(self, left: Node, right: Node) -> tuple[str, int]:
        top = self.write(left, PRODUCT)
        if isinstance(left, Symbol):
            top = f"1.0*{top}"
        return f"{top}/{self.write(right, PRODUCT + 1)}", PRODUCT

    def call(self, function: str, arguments: Sequence[str]) -> tuple[str, int]:
        if function in _BASES:
            return f"ln({arguments[0]})/ln({_BASES[function]})", PRODUCT
        if function in ("min", "max"):
            operator = "<" if function == "min" else ">"
            text = arguments[0]
            for each in arguments[1:]:
                text = f"CASE WHEN {text} {operator} {each} THEN {text} ELSE {each} END"
            return text, ATOM
        if function not in _FUNCTIONS:
            raise NotInSql(f"SQL has no {function}")
        return f"{_FUNCTIONS[function]}({', '.join(arguments)})", ATOM

    def comparison(self, operator: str, left: str, right: str) -> str:
        return f"{left} { {'==': '=', '!=': '<>'}.get(operator, operator) } {right}"

    def logic(self, operator: str, parts: Sequence[str]) -> tuple[str, int]:
        return f" {operator.upper()} ".join(parts), 3

    def choice(self, condition: Node, then: Node, otherwise: Node) -> tuple[str, int]:
        chosen = f"CASE WHEN {self.write(condition)} THEN {self.write(then)} ELSE {self.write(otherwise)} END"
        return chosen, ATOM


def sql_expression(root: Node) -> str:
    """The formula as one SQL expression.

    Args:
        root: the expression, written out over its index sets, with its named parts put in their places.

    Returns:
        the expression, without a statement around it.

    Raises:
        NotInSql: for an implicit law, a function that SQL lacks, or symbols that differ in case alone.
    """
    if isinstance(root, Equation):
        raise NotInSql("the law is implicit: SQL cannot solve an equation")
    folded: dict[str, str] = {}
    for name in symbols(root):
        if folded.setdefault(name.lower(), name) != name:
            raise NotInSql(f"{folded[name.lower()]} and {name} differ in case alone, and columns must differ in more")
    return _Writer().write(root)
