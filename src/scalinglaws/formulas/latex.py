"""Writes a formula as LaTeX, in the order written, with symbols as the field prints them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

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
    walk,
)

_GREEK = (
    r"\alpha \beta \gamma \delta \epsilon \zeta \eta \theta \iota \kappa \lambda \mu \nu \xi \pi \rho \sigma \tau "
    r"\upsilon \phi \chi \psi \omega \Gamma \Delta \Theta \Lambda \Xi \Pi \Sigma \Phi \Psi \Omega"
)
_LETTERS = {
    **{name.removeprefix("\\"): name for name in _GREEK.split()},
    "lam": r"\lambda",
    "eps": r"\epsilon",
    "ell": r"\ell",
}
_ACCENTS = {"hat": r"\hat", "bar": r"\bar", "tilde": r"\tilde"}
_FUNCTIONS = {
    "exp": r"\exp",
    "log": r"\ln",
    "log10": r"\log_{10}",
    "log2": r"\log_{2}",
    "lgamma": r"\ln\Gamma",
}
_FUNCTIONS |= {"min": r"\min", "max": r"\max"}
_COMPARE = {"<": "<", "<=": r"\le", ">": ">", ">=": r"\ge", "==": "=", "!=": r"\ne"}
_SUM, _PRODUCT, _UNARY, _POWER, _ATOM = 1, 2, 3, 4, 5


def symbol_latex(name: str) -> str:
    """A symbol's print form by its spelling: `alpha_N`, `N_c`, `L_inf`, `Ehat`, `R_D_star`, `c1`."""
    head, *subscripts = name.split("_")
    match = re.fullmatch(r"([A-Za-z]+?)(\d+)", head)
    if match:
        head, digits = match.groups()
        subscripts = [digits, *subscripts]
    star = "star" in subscripts
    accents = [_ACCENTS[part] for part in subscripts if part in _ACCENTS]
    subscripts = [part for part in subscripts if part != "star" and part not in _ACCENTS]
    for ending, accent in _ACCENTS.items():
        if head.endswith(ending) and len(head) > len(ending):
            head, accents = head.removesuffix(ending), [accent, *accents]
    text = _letter(head)
    for accent in accents:
        text = f"{accent}{{{text}}}"
    if subscripts:
        text += "_{" + ",".join(_subscript(part) for part in subscripts) + "}"
    return text + "^{*}" if star else text


def _letter(text: str) -> str:
    if text in _LETTERS:
        return _LETTERS[text]
    return text if len(text) == 1 else rf"\mathrm{{{text}}}"


def _subscript(text: str) -> str:
    if text == "inf":
        return r"\infty"
    return text if text.isdigit() else _letter(text)


def formula_latex(
    root: Node,
    output: str,
    arguments: Sequence[str],
    where: Mapping[str, Node],
    printed: Mapping[str, str] | None = None,
) -> str:
    """The whole law: `L(N, D) = ...`, with named sub-expressions on lines of their own.

    Args:
        root: the expression; of an implicit law, an equation that stands as it is.
        output: symbol of the output.
        arguments: symbols of the variables, shown in brackets after the output.
        where: named sub-expressions.
        printed: print forms of symbols whose derived form is wrong.

    Returns:
        LaTeX for display mathematics, without delimiters.
    """
    writer = _Writer(printed or {})
    lines = []
    if isinstance(root, Equation):
        lines.append((writer.write(root.left), writer.write(root.right)))
    else:
        shown = ", ".join(writer.symbol(name) for name in arguments)
        left = writer.symbol(output)
        # A stated print form stands as it is: it may show its arguments in its own way.
        left = f"{left}({shown})" if shown and output not in writer.printed else left
        if isinstance(root, Binary) and root.operator == "**" and root.left == Number(10) and _takes_log10(root.right):
            # A law of decimal logarithms is published as one: log10 L = a log10 N + b.
            lines.append((rf"\log_{{10}} {left}", writer.write(root.right)))
        else:
            lines.append((left, writer.write(root)))
    lines += [(writer.symbol(name), writer.write(node)) for name, node in where.items()]
    if len(lines) == 1:
        return f"{lines[0][0]} = {lines[0][1]}"
    body = r" \\[1.1em] ".join(f"{left} &= {right}" for left, right in lines)
    return rf"\begin{{aligned}} {body} \end{{aligned}}"


def node_latex(node: Node, printed: Mapping[str, str] | None = None) -> str:
    """One expression as LaTeX, without delimiters."""
    return _Writer(printed or {}).write(node)


class _Writer:
    def __init__(self, printed: Mapping[str, str]) -> None:
        self.printed = printed

    def symbol(self, name: str) -> str:
        return self.printed.get(name) or symbol_latex(name)

    def write(self, node: Node, above: int = 0, *, small: bool = False) -> str:
        """Print a node; `above` is the level its surroundings need, `small` asks for exponent style."""
        text, level = self.part(node, small=small)
        return _bracketed(text) if level < above else text

    def part(self, node: Node, *, small: bool) -> tuple[str, int]:
        match node:
            case Number(value):
                return _number(value)
            case Symbol(name):
                return self.symbol(name), _ATOM
            case Indexed(name, indices):
                return self.indexed(name, indices), _ATOM
            case Negative(operand):
                return "-" + self.write(operand, _PRODUCT, small=small), _UNARY
            case Binary("**", base, exponent):
                return self.power(base, exponent), _POWER
            case Binary("/", left, right):
                return self.quotient(left, right, small=small)
            case Binary("*", left, right):
                return self.product(left, right, small=small), _PRODUCT
            case Binary(operator, left, right):
                first = self.write(left, _SUM, small=small)
                second = self.write(right, _PRODUCT, small=small)
                if second.startswith("-"):
                    second = _bracketed(second)
                return f"{first} {operator} {second}", _SUM
            case Call("sqrt", (argument,)):
                return rf"\sqrt{{{self.write(argument)}}}", _ATOM
            case Call("abs", (argument,)):
                return rf"\left|{self.write(argument)}\right|", _ATOM
            case Call(function, arguments):
                inside = ",\\, ".join(self.write(each) for each in arguments)
                return _FUNCTIONS[function] + _bracketed(inside), _POWER
            case Comparison(operator, left, right):
                return f"{self.write(left)} {_COMPARE[operator]} {self.write(right)}", 0
            case Logic(operator, parts):
                return rf" \text{{ {operator} }} ".join(self.write(each) for each in parts), 0
            case Choice():
                return self.cases(node), _ATOM
            case Reduction(kind, element, bindings):
                bounds = ",\\, ".join(rf"{_letter(index)} \in {_set(members)}" for index, members in bindings)
                sign = r"\sum" if kind == "sum" else r"\prod"
                return rf"{sign}_{{{bounds}}} {self.write(element, _PRODUCT)}", _PRODUCT
            case Equation(left, right):
                return f"{self.write(left)} = {self.write(right)}", 0

    def indexed(self, name: str, indices: tuple[str, ...]) -> str:
        base = self.symbol(name)
        shown = ",".join(_letter(index) if not index.isdigit() else index for index in indices)
        if len(indices) > 1 and all(len(index) == 1 for index in indices):
            shown = shown.replace(",", "")
        if "_" not in base:
            return f"{base}_{{{shown}}}"
        own = re.fullmatch(r"([^_^]+)_\{([^{}]+)\}", base)
        # A subscript of the symbol's own shares the place with the index: N_{1,j}.
        return f"{own[1]}_{{{own[2]},{shown}}}" if own else f"{{{base}}}_{{{shown}}}"

    def power(self, base: Node, exponent: Node) -> str:
        above = self.write(exponent, small=True)
        below = self.write(base, _ATOM)
        if isinstance(base, Symbol | Indexed) and "^" in below:
            below = _bracketed(below)
        return f"{below}^{{{above}}}"

    def quotient(self, left: Node, right: Node, *, small: bool) -> tuple[str, int]:
        if small and _is_simple(left) and _is_simple(right):
            return (
                f"{self.write(left, _PRODUCT, small=True)}/{self.write(right, _POWER, small=True)}",
                _PRODUCT,
            )
        if isinstance(left, Negative):
            # The sign of a fraction stands before it.
            return rf"-\frac{{{self.write(left.operand)}}}{{{self.write(right)}}}", _UNARY
        return rf"\frac{{{self.write(left)}}}{{{self.write(right)}}}", _POWER

    def product(self, left: Node, right: Node, *, small: bool) -> str:
        first = self.write(left, _PRODUCT, small=small)
        second = self.write(right, _PRODUCT, small=small)
        if second.startswith("-"):
            second = _bracketed(second)
        if isinstance(left, Reduction):
            first = _bracketed(first)
        if second[0].isdigit():
            return rf"{first} \cdot {second}"
        # A thin space, before brackets too: a(b + c) would read as a function of b + c.
        return rf"{first}\,{second}"

    def cases(self, node: Choice) -> str:
        rows = []
        rest: Node = node
        while isinstance(rest, Choice):
            rows.append(rf"{self.write(rest.then)} & \text{{if }} {self.write(rest.condition)}")
            rest = rest.otherwise
        rows.append(rf"{self.write(rest)} & \text{{otherwise}}")
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"


def _bracketed(text: str) -> str:
    """Brackets, stretched only around what is tall."""
    tall = any(mark in text for mark in (r"\frac", r"\sum", r"\prod", "^", r"\begin", r"\left"))
    return rf"\left({text}\right)" if tall else f"({text})"


def _number(value: float) -> tuple[str, int]:
    if value == int(value) and abs(value) < 1e4:
        return str(int(value)), _ATOM
    mantissa, _, exponent = f"{value:.15g}".partition("e")
    if exponent:
        power = f"10^{{{int(exponent)}}}"
        return (power, _POWER) if mantissa == "1" else (rf"{mantissa} \cdot {power}", _PRODUCT)
    text = f"{value:.15g}"
    zeros = len(text) - len(text.rstrip("0"))
    return (f"10^{{{zeros}}}", _POWER) if text == "1" + "0" * zeros else (text, _ATOM)


def _set(name: str) -> str:
    return rf"\mathrm{{{name.replace('_', ' ')}}}"


def _takes_log10(node: Node) -> bool:
    return any(isinstance(each, Call) and each.function == "log10" for each in walk(node))


def _is_simple(node: Node) -> bool:
    match node:
        case Symbol() | Number() | Indexed():
            return True
        case Binary("*", left, right):
            return _is_simple(left) and _is_simple(right)
        case Negative(operand):
            return _is_simple(operand)
        case _:
            return False
