"""Whether the terms of a constraint measure the same, so that parameters are not added to tokens."""

from __future__ import annotations

from collections.abc import Mapping

from scalinglaws.formulas.expression import Binary, Call, Equation, Negative, Node, Number, Symbol

#: What a formula measures: exponents by quantity; none where a symbol's unit is not known.
Dimension = dict[str, float] | None

#: Compute is counted per parameter and token, which makes 6*N*D a number of FLOP.
_COMPUTE = {"parameters": 1.0, "tokens": 1.0}
_PURE = frozenset({"dimensionless", "fraction", "experts", "layers", "epochs"})


class DimensionError(ValueError):
    """Terms that measure different things are added or equated; the message names both."""


def dimension(node: Node, quantities: Mapping[str, str]) -> Dimension:
    """What a formula measures.

    Args:
        node: the formula.
        quantities: the quantity of each symbol whose unit is known.

    Raises:
        DimensionError: when it adds, compares or equates what does not measure the same.
    """
    if isinstance(node, Number):
        return {}
    if isinstance(node, Symbol):
        return _of_quantity(quantities.get(node.name))
    if isinstance(node, Negative):
        return dimension(node.operand, quantities)
    if isinstance(node, Equation):
        return _same(node.left, node.right, quantities, "equated")
    if isinstance(node, Binary):
        return _binary(node, quantities)
    if isinstance(node, Call):
        inside = [dimension(each, quantities) for each in node.arguments]
        if node.function in ("min", "max", "abs"):
            return next((each for each in inside if each), inside[0])
        return _power(inside[0], 0.5) if node.function == "sqrt" else {}
    return None


def _of_quantity(quantity: str | None) -> Dimension:
    if quantity in (None, "any"):
        return None
    if quantity in ("FLOP", "PF-day"):
        return dict(_COMPUTE)
    return {} if quantity in _PURE else {str(quantity): 1.0}


def _binary(node: Binary, quantities: Mapping[str, str]) -> Dimension:
    if node.operator in "+-":
        return _same(node.left, node.right, quantities, "added")
    left, right = dimension(node.left, quantities), dimension(node.right, quantities)
    if node.operator == "**":
        return _power(left, node.right.value) if isinstance(node.right, Number) else None
    if left is None or right is None:
        return None
    sign = 1.0 if node.operator == "*" else -1.0
    joined = {name: left.get(name, 0.0) + sign * right.get(name, 0.0) for name in {*left, *right}}
    return {name: exponent for name, exponent in joined.items() if exponent}


def _power(base: Dimension, exponent: float) -> Dimension:
    return None if base is None else {name: each * exponent for name, each in base.items() if each * exponent}


def _same(left: Node, right: Node, quantities: Mapping[str, str], how: str) -> Dimension:
    one, other = dimension(left, quantities), dimension(right, quantities)
    # A bare number may stand for any amount, as in N = 70e9.
    if one and other and one != other:
        raise DimensionError(
            f"{_text(one)} and {_text(other)} are {how} in the constraint, and do not measure the same; "
            "give each a factor of its own, such as a price, or multiply them, as in 6*N*D = C"
        )
    return one or other


def _text(measured: Mapping[str, float]) -> str:
    if measured == _COMPUTE:
        return "compute (parameters times tokens)"
    return " times ".join(
        name if exponent == 1 else f"{name} to the power of {exponent:g}" for name, exponent in sorted(measured.items())
    )
