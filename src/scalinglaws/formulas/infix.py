"""Writes a formula as infix text with the fewest parentheses that keep the order of operations as written."""

from __future__ import annotations

from collections.abc import Sequence

from scalinglaws.formulas.expression import (
    Binary,
    Call,
    Choice,
    Comparison,
    Equation,
    Indexed,
    Logic,
    Negative,
    Node,
    Number,
    Reduction,
    Symbol,
)

#: How tightly a printed part binds; one that binds less than its surroundings ask for is put in parentheses.
CHOICE, LOGIC, COMPARISON, SUM, PRODUCT, UNARY, POWER, ATOM = 0, 2, 4, 5, 6, 7, 8, 9
_LEVELS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT}


class InfixWriter:
    """The part of a printer that every infix language shares; each language says the rest."""

    def write(self, node: Node, above: int = CHOICE) -> str:
        """Print a node; `above` is how tightly its surroundings bind."""
        text, level = self.part(node)
        return f"({text})" if level < above else text

    def part(self, node: Node) -> tuple[str, int]:
        """A node's text and how tightly it binds."""
        match node:
            case Number(value):
                return self.number(value), ATOM
            case Symbol(name):
                return self.symbol(name), ATOM
            case Negative(operand):
                return "-" + self.write(operand, UNARY), UNARY
            case Binary("**", left, right):
                return self.power(left, right)
            case Binary("/", left, right):
                return self.quotient(left, right)
            case Binary(operator, left, right):
                level = _LEVELS[operator]
                gap = " " if level == SUM else ""
                # Floating-point sums do not associate: a right operand of the same level keeps its parentheses.
                return f"{self.write(left, level)}{gap}{operator}{gap}{self.write(right, level + 1)}", level
            case Call(function, arguments):
                return self.call(function, [self.write(each) for each in arguments])
            case Comparison(operator, left, right):
                return self.comparison(operator, self.write(left, SUM), self.write(right, SUM)), COMPARISON
            case Logic(operator, parts):
                return self.logic(operator, [f"({self.write(each)})" for each in parts])
            case Choice(condition, then, otherwise):
                return self.choice(condition, then, otherwise)
            case Equation(left, right):
                return f"{self.write(left, SUM)} - {self.write(right, SUM + 1)}", SUM
            case Indexed() | Reduction():
                raise ValueError("write the formula out over its index sets first")

    def number(self, value: float) -> str:
        """A literal as one writes it: `6`, `0.5`, `1e+20`."""
        return str(int(value)) if value == int(value) and abs(value) < 1e16 else repr(value)

    def symbol(self, name: str) -> str:
        """A symbol."""
        return name

    def power(self, base: Node, exponent: Node) -> tuple[str, int]:
        """A power."""
        return f"{self.write(base, ATOM)}**{self.write(exponent, UNARY)}", POWER

    def quotient(self, left: Node, right: Node) -> tuple[str, int]:
        """A quotient."""
        return f"{self.write(left, PRODUCT)}/{self.write(right, PRODUCT + 1)}", PRODUCT

    def call(self, function: str, arguments: Sequence[str]) -> tuple[str, int]:
        """A call of one of the language's functions."""
        raise NotImplementedError

    def comparison(self, operator: str, left: str, right: str) -> str:
        """A comparison."""
        return f"{left} {operator} {right}"

    def logic(self, operator: str, parts: Sequence[str]) -> tuple[str, int]:
        """Conditions joined by `and` or `or`, each in parentheses."""
        return f" {operator} ".join(parts), LOGIC

    def choice(self, condition: Node, then: Node, otherwise: Node) -> tuple[str, int]:
        """One of two expressions."""
        raise NotImplementedError
