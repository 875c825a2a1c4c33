"""Differentiates formulas and turns them round: what solving and optimising rest on."""

from __future__ import annotations

from scalinglaws.formulas.expression import (
    Binary,
    Call,
    Choice,
    Comparison,
    Equation,
    Negative,
    Node,
    Number,
    Symbol,
    walk,
)

_ZERO, _ONE = Number(0.0), Number(1.0)


class NotDifferentiable(ValueError):
    """The formula holds something whose derivative is no formula of the language."""


class NotInvertible(ValueError):
    """The symbol stands in more than one place, or inside something that has no inverse."""


def occurrences(node: Node, symbol: str) -> int:
    """In how many places a symbol stands."""
    return sum(isinstance(part, Symbol) and part.name == symbol for part in walk(node))


def _sum(left: Node, right: Node) -> Node:
    if left == _ZERO:
        return right
    return left if right == _ZERO else Binary("+", left, right)


def _difference(left: Node, right: Node) -> Node:
    if right == _ZERO:
        return left
    return Negative(right) if left == _ZERO else Binary("-", left, right)


def _product(left: Node, right: Node) -> Node:
    if _ZERO in (left, right):
        return _ZERO
    if left == _ONE:
        return right
    return left if right == _ONE else Binary("*", left, right)


def _quotient(left: Node, right: Node) -> Node:
    return _ZERO if left == _ZERO else Binary("/", left, right)


def derivative(node: Node, symbol: str) -> Node:
    """The derivative of a formula that is written out over its index sets.

    Args:
        node: the formula; cases keep their conditions, and a kink takes the slope of one side.
        symbol: the symbol to differentiate by.

    Raises:
        NotDifferentiable: where the gamma function holds the symbol.
    """
    match node:
        case Symbol(name):
            return _ONE if name == symbol else _ZERO
        case Number():
            return _ZERO
        case Negative(operand):
            inner = derivative(operand, symbol)
            return _ZERO if inner == _ZERO else Negative(inner)
        case Binary("+", left, right):
            return _sum(derivative(left, symbol), derivative(right, symbol))
        case Binary("-", left, right):
            return _difference(derivative(left, symbol), derivative(right, symbol))
        case Binary("*", left, right):
            return _sum(_product(derivative(left, symbol), right), _product(left, derivative(right, symbol)))
        case Binary("/", left, right):
            top = derivative(left, symbol)
            bottom = derivative(right, symbol)
            return _difference(_quotient(top, right), _quotient(_product(left, bottom), Binary("*", right, right)))
        case Binary("**", base, exponent):
            return _power_derivative(base, exponent, symbol)
        case Call(function, arguments):
            return _call_derivative(function, arguments, symbol)
        case Choice(condition, then, otherwise):
            first, second = derivative(then, symbol), derivative(otherwise, symbol)
            return first if first == second else Choice(condition, first, second)
        case Equation(left, right):
            return _difference(derivative(left, symbol), derivative(right, symbol))
        case _:
            raise NotDifferentiable("write the formula out over its index sets first")


def _power_derivative(base: Node, exponent: Node, symbol: str) -> Node:
    below, above = derivative(base, symbol), derivative(exponent, symbol)
    by_base = _product(_product(exponent, Binary("**", base, Binary("-", exponent, _ONE))), below)
    by_exponent = _product(_product(Binary("**", base, exponent), Call("log", (base,))), above)
    return _sum(_ZERO if below == _ZERO else by_base, _ZERO if above == _ZERO else by_exponent)


def _call_derivative(function: str, arguments: tuple[Node, ...], symbol: str) -> Node:
    inner = [derivative(each, symbol) for each in arguments]
    if all(each == _ZERO for each in inner):
        return _ZERO
    if function in ("min", "max"):
        operator = "<=" if function == "min" else ">="
        value, slope = arguments[0], inner[0]
        for other, other_slope in zip(arguments[1:], inner[1:], strict=True):
            condition = Comparison(operator, value, other)
            value, slope = Choice(condition, value, other), Choice(condition, slope, other_slope)
        return slope
    (argument,), (slope,) = arguments, inner
    match function:
        case "exp":
            return _product(Call("exp", (argument,)), slope)
        case "log":
            return _quotient(slope, argument)
        case "log10":
            return _quotient(slope, Binary("*", argument, Call("log", (Number(10.0),))))
        case "log2":
            return _quotient(slope, Binary("*", argument, Call("log", (Number(2.0),))))
        case "sqrt":
            return _quotient(slope, Binary("*", Number(2.0), Call("sqrt", (argument,))))
        case "abs":
            return Choice(Comparison("<", argument, _ZERO), Negative(slope), slope)
    raise NotDifferentiable(f"the derivative of {function} is no formula of the language")


def isolate(left: Node, symbol: str, right: Node) -> Node:
    """The symbol in terms of the rest of an equation `left = right`, by undoing one step after another.

    Where a step has two answers (a root, an absolute value, a clamp) it takes the one for positive quantities inside
    the clamp, so whoever uses the result must put it into the equation again.

    Args:
        left: the side that holds the symbol, in exactly one place.
        symbol: what to solve for.
        right: the other side.

    Raises:
        NotInvertible: when the symbol stands in several places, in a case, or in a function without inverse.
    """
    if occurrences(left, symbol) + occurrences(right, symbol) != 1:
        raise NotInvertible(f"{symbol} stands in several places, or in none")
    if occurrences(left, symbol) == 0:
        left, right = right, left
    while not isinstance(left, Symbol):
        left, right = _undo(left, symbol, right)
    return right


def _undo(node: Node, symbol: str, target: Node) -> tuple[Node, Node]:
    """One step down towards the symbol: the part that holds it, and what that part must equal."""
    match node:
        case Negative(operand):
            return operand, Negative(target)
        case Binary(operator, left, right):
            if occurrences(left, symbol):
                return left, _undo_left(operator, target, right)
            return right, _undo_right(operator, target, left)
        case Call("min" | "max", arguments):
            return next(each for each in arguments if occurrences(each, symbol)), target
        case Call("exp", (argument,)):
            return argument, Call("log", (target,))
        case Call("log", (argument,)):
            return argument, Call("exp", (target,))
        case Call("log10", (argument,)):
            return argument, Binary("**", Number(10.0), target)
        case Call("log2", (argument,)):
            return argument, Binary("**", Number(2.0), target)
        case Call("sqrt", (argument,)):
            return argument, Binary("*", target, target)
        case Call("abs", (argument,)):
            return argument, target
    raise NotInvertible(f"{symbol} cannot be isolated")


def _undo_left(operator: str, target: Node, right: Node) -> Node:
    """What x must be for `x operator right` to equal the target."""
    match operator:
        case "+":
            return Binary("-", target, right)
        case "-":
            return Binary("+", target, right)
        case "*":
            return Binary("/", target, right)
        case "/":
            return Binary("*", target, right)
        case _:
            return Binary("**", target, Binary("/", _ONE, right))


def _undo_right(operator: str, target: Node, left: Node) -> Node:
    """What x must be for `left operator x` to equal the target."""
    match operator:
        case "+":
            return Binary("-", target, left)
        case "-":
            return Binary("-", left, target)
        case "*":
            return Binary("/", target, left)
        case "/":
            return Binary("/", left, target)
        case _:
            return Binary("/", Call("log", (target,)), Call("log", (left,)))
