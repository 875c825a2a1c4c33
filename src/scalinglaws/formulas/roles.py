"""What a coefficient does in a formula, read off its tree: the exponent of a variable, or a term by itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from scalinglaws.formulas.evaluation import Formula
from scalinglaws.formulas.expression import Binary, Equation, Indexed, Negative, Node, Reduction, Symbol, walk


@dataclass(frozen=True)
class Role:
    """What a coefficient does.

    Attributes:
        exponent_of: the variable that stands to the power of it, in a term of the formula.
        exponent_sign: 1 where that variable stands to the power of it, -1 where to the power of its negative.
        term_sign: 1 where it is a term of the formula by itself, as an irreducible loss is, -1 where it is taken away.
    """

    exponent_of: str | None = None
    exponent_sign: int | None = None
    term_sign: int | None = None


NO_ROLE = Role()


def coefficient_roles(formula: Formula, coefficients: Collection[str], variables: Collection[str]) -> dict[str, Role]:
    """The role of each coefficient that has one.

    A coefficient is the exponent of a variable where the formula, as a sum of products, has a power of it alone, or of
    its negative, whose base is a product with that variable as a factor: `A/N**alpha`, `(N_c/N)**alpha`. An exponent
    over a sum, within another function or power, of no variable or of several, is none. Nor has an implicit law any.

    Args:
        formula: the law's mathematics.
        coefficients: its coefficients.
        variables: its variables.
    """
    root = formula.inlined()
    if isinstance(root, Equation):
        return {}
    found: dict[str, set[tuple[str, int]]] = {}
    for base, exponent, way in _powers(root):
        name, own = _signed(exponent)
        factors = [(each.name, way * own * side) for each, side in _factors(base) if isinstance(each, Symbol | Indexed)]
        of = [(each, sign) for each, sign in factors if each in variables and _uses(base, each) == 1]
        if name in coefficients and len(of) == 1:
            found.setdefault(name, set()).update(of)
    terms = {each.name: sign for each, sign in _terms(root) if isinstance(each, Symbol)}
    roles = {}
    for name in coefficients:
        exponents = found.get(name, set())
        # The exponent of two variables, or of one both ways, is that of neither.
        variable, sign = exponents.pop() if len(exponents) == 1 else (None, None)
        roles[name] = Role(variable, sign, terms.get(name))
    return {name: role for name, role in roles.items() if role != NO_ROLE}


def _uses(node: Node, name: str) -> int:
    return sum(isinstance(part, Symbol | Indexed) and part.name == name for part in walk(node))


def _signed(exponent: Node) -> tuple[str, int]:
    """The symbol that an exponent is alone, and its sign; an empty name for any other."""
    match exponent:
        case Negative(Symbol(name) | Indexed(name, _)):
            return name, -1
        case Symbol(name) | Indexed(name, _):
            return name, 1
    return "", 0


def _terms(node: Node, sign: int = 1) -> Iterator[tuple[Node, int]]:
    match node:
        case Binary("+" | "-" as operator, left, right):
            yield from _terms(left, sign)
            yield from _terms(right, sign if operator == "+" else -sign)
        case Negative(operand):
            yield from _terms(operand, -sign)
        case _:
            yield node, sign


def _factors(node: Node) -> Iterator[tuple[Node, int]]:
    """The factors of a product, each with 1, or -1 where it divides."""
    match node:
        case Binary("*" | "/" as operator, left, right):
            yield from _factors(left)
            way = 1 if operator == "*" else -1
            yield from ((each, way * own) for each, own in _factors(right))
        case Negative(operand):
            yield from _factors(operand)
        case _:
            yield node, 1


def _powers(node: Node, sign: int = 1) -> Iterator[tuple[Node, Node, int]]:
    """Base, exponent and sign of each power that is a factor of a term; -1 where it divides."""
    match node:
        # What divides by a sum is no sum of products.
        case Binary("+" | "-", left, right) if sign > 0:
            yield from _powers(left)
            yield from _powers(right)
        case Binary("*", left, right):
            yield from _powers(left, sign)
            yield from _powers(right, sign)
        case Binary("/", left, right):
            yield from _powers(left, sign)
            yield from _powers(right, -sign)
        case Negative(operand):
            yield from _powers(operand, sign)
        case Binary("**", base, exponent):
            yield base, exponent, sign
        case Reduction(kind, element, _) if sign > 0 or kind == "prod":
            yield from _powers(element, sign)
