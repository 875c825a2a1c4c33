"""The formula language: infix text, parsed by a whitelist into a small tree and never evaluated as Python.

A formula names variables and coefficients, uses `+ - * / **`, the functions in `FUNCTIONS`, a conditional
`a if N < N_c else b`, and sums or products over index sets, `sum(t[j]*r[j] for j in domains)`. An equation
`left = right` states a law that is implicit in its output.
"""

from __future__ import annotations

import ast
import keyword
import math
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

#: Functions of a formula and how many arguments each takes; `min` and `max` take two or more.
FUNCTIONS: Mapping[str, int] = {
    "exp": 1,
    "log": 1,
    "log10": 1,
    "log2": 1,
    "sqrt": 1,
    "abs": 1,
    "min": 2,
    "max": 2,
    "lgamma": 1,
}
REDUCTIONS = ("sum", "prod")
#: Names that no symbol may bear: they mean something in the language or in the languages it is printed in.
RESERVED = frozenset({*FUNCTIONS, *REDUCTIONS, *keyword.kwlist, "math", "np", "gammaln", "pow", "nan", "inf"})

MAX_CHARACTERS = 4000
MAX_NODES = 2000
MAX_DEPTH = 60
MAX_EXPANDED_NODES = 200_000

_ALLOWED = re.compile(r"[A-Za-z0-9_+\-*/().,\[\]<>=!\s]*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_COMPARE = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}


class FormulaError(ValueError):
    """A text that is no formula: what is wrong, where in the text, and what to write instead."""

    def __init__(self, message: str, text: str = "", column: int | None = None) -> None:
        self.message = message
        self.text = text
        self.column = column
        where = f" at character {column + 1} of '{text}'" if column is not None and len(text) <= 200 else ""
        super().__init__(message + where)


@dataclass(frozen=True, slots=True)
class Number:
    """A literal: structural numbers only, since fitted ones are coefficients."""

    value: float


@dataclass(frozen=True, slots=True)
class Symbol:
    """A variable, coefficient, constant or named sub-expression."""

    name: str


@dataclass(frozen=True, slots=True)
class Indexed:
    """One member of an indexed symbol, `t[j]` or `t[i, j]`."""

    name: str
    indices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Negative:
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """`left operator right`; the operator is one of `+ - * / **`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """`function(arguments)`."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left operator right`, inside a condition."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic:
    """Conditions joined by `and` or `or`."""

    operator: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """`then if condition else otherwise`."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Reduction:
    """A sum or product of `element` over every combination of the bound indices."""

    kind: str
    element: Node
    bindings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Equation:
    """`left = right`, solved for the output."""

    left: Node
    right: Node


Node = Number | Symbol | Indexed | Negative | Binary | Call | Comparison | Logic | Choice | Reduction | Equation


def parse(text: str) -> Node:
    """Parse a formula.

    Args:
        text: infix text such as `E + A/N**alpha + B/D**beta`, or an equation `left = right`.

    Returns:
        the tree, in the order written.

    Raises:
        FormulaError: for anything outside the language.
    """
    if len(text) > MAX_CHARACTERS:
        raise FormulaError(f"the formula has {len(text)} characters; at most {MAX_CHARACTERS} are read")
    if not text.strip():
        raise FormulaError("the formula is empty")
    legal = _ALLOWED.match(text)
    if legal is None or legal.end() != len(text):
        column = legal.end() if legal else 0
        hint = {"^": "; write ** for a power", "{": "; write plain infix, not LaTeX"}.get(text[column], "")
        if text[column] == "\\":
            hint = "; write plain infix, not LaTeX"
        elif not text[column].isascii():
            hint = "; spell symbols in ASCII, as in alpha"
        raise FormulaError(f"the character {text[column]!r} is not part of the language{hint}", text, column)
    sides = re.split(r"(?<![<>=!])=(?!=)", text)
    if len(sides) > 2:
        raise FormulaError("a formula holds at most one '='", text)
    nodes = [_Reader(side).read() for side in sides]
    return nodes[0] if len(nodes) == 1 else Equation(nodes[0], nodes[1])


class _Reader:
    """Turns Python's syntax tree into ours, refusing every node that is not named here."""

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        self.count = 0

    def read(self) -> Node:
        if not self.text:
            raise FormulaError("one side of the equation is empty")
        text = " ".join(self.text.split())
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                tree = ast.parse(text, mode="eval")
        except SyntaxError as error:
            column = max((error.offset or 1) - 1, 0)
            raise FormulaError(f"cannot be read: {error.msg}", text, column) from None
        except (ValueError, RecursionError, MemoryError, Warning):
            raise FormulaError("cannot be read: it nests too deeply or is malformed", text) from None
        self.text = text
        return self.node(tree.body, 0, frozenset())

    def refuse(self, message: str, at: ast.AST) -> FormulaError:
        return FormulaError(message, self.text, getattr(at, "col_offset", None))

    def node(self, at: ast.AST, depth: int, bound: frozenset[str]) -> Node:
        self.count += 1
        if self.count > MAX_NODES or depth > MAX_DEPTH:
            raise FormulaError(
                f"the formula is too large: at most {MAX_NODES} terms, nested {MAX_DEPTH} deep; "
                "name parts of it under `where`"
            )
        depth += 1
        match at:
            case ast.Constant(value=value):
                return self.number(value, at)
            case ast.Name(id=name):
                if name in bound:
                    raise self.refuse(f"the index {name} stands only in brackets, as in r[{name}]", at)
                return Symbol(self.name(name, at))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Negative(self.node(operand, depth, bound))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.node(operand, depth, bound)
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _BINARY:
                return Binary(_BINARY[type(operator)], self.node(left, depth, bound), self.node(right, depth, bound))
            case ast.IfExp(test=test, body=body, orelse=otherwise):
                return Choice(
                    self.condition(test, depth, bound),
                    self.node(body, depth, bound),
                    self.node(otherwise, depth, bound),
                )
            case ast.Subscript(value=ast.Name(id=name), slice=index):
                return Indexed(self.name(name, at), self.indices(index))
            case ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]):
                return self.call(function, arguments, at, depth, bound)
            case ast.Compare() | ast.BoolOp():
                raise self.refuse("a comparison stands only in a condition: a if N < N_c else b", at)
            case ast.BinOp():
                raise self.refuse("the operators are + - * / and **", at)
            case ast.Tuple():
                raise self.refuse("a comma stands only between a function's arguments", at)
            case _:
                raise self.refuse(f"{type(at).__name__} is not part of the language", at)

    def condition(self, at: ast.AST, depth: int, bound: frozenset[str]) -> Node:
        match at:
            case ast.Compare(left=left, ops=operators, comparators=rights):
                operands = [self.node(part, depth + 1, bound) for part in (left, *rights)]
                parts: list[Node] = []
                for index, operator in enumerate(operators):
                    if type(operator) not in _COMPARE:
                        raise self.refuse("a condition compares with < <= > >= == or !=", at)
                    parts.append(Comparison(_COMPARE[type(operator)], operands[index], operands[index + 1]))
                return parts[0] if len(parts) == 1 else Logic("and", tuple(parts))
            case ast.BoolOp(op=operator, values=values):
                if depth > MAX_DEPTH:
                    raise FormulaError(f"the formula is too large: nested over {MAX_DEPTH} deep")
                word = "and" if isinstance(operator, ast.And) else "or"
                return Logic(word, tuple(self.condition(value, depth + 1, bound) for value in values))
            case _:
                raise self.refuse("a condition is a comparison, such as N < N_c", at)

    def call(self, function: str, arguments: list[ast.expr], at: ast.AST, depth: int, bound: frozenset[str]) -> Node:
        if function in REDUCTIONS:
            if len(arguments) != 1 or not isinstance(arguments[0], ast.GeneratorExp):
                raise self.refuse(f"write {function} as {function}(t[j]*r[j] for j in domains)", at)
            return self.reduction(function, arguments[0], depth, bound)
        if function not in FUNCTIONS:
            known = ", ".join([*FUNCTIONS, *REDUCTIONS])
            raise self.refuse(f"'{function}' is no function of the language ({known})", at)
        wanted = FUNCTIONS[function]
        if len(arguments) < wanted or (len(arguments) > wanted and wanted == 1):
            many = "two or more arguments" if wanted > 1 else "one argument"
            raise self.refuse(f"{function} takes {many}, not {len(arguments)}", at)
        return Call(function, tuple(self.node(argument, depth, bound) for argument in arguments))

    def reduction(self, kind: str, at: ast.GeneratorExp, depth: int, bound: frozenset[str]) -> Node:
        bindings = []
        for generator in at.generators:
            match generator:
                case ast.comprehension(target=ast.Name(id=index), iter=ast.Name(id=members), ifs=[], is_async=0):
                    if index in bound:
                        raise self.refuse(f"the index {index} is bound twice", at)
                    bound |= {self.name(index, at)}
                    bindings.append((index, self.name(members, at)))
                case _:
                    raise self.refuse(f"write {kind} as {kind}(t[j]*r[j] for j in domains)", at)
        return Reduction(kind, self.node(at.elt, depth, bound), tuple(bindings))

    def indices(self, at: ast.expr) -> tuple[str, ...]:
        parts = at.elts if isinstance(at, ast.Tuple) else [at]
        names = []
        for part in parts:
            match part:
                case ast.Name(id=name):
                    names.append(self.name(name, part))
                case ast.Constant(value=int(value)) if not isinstance(value, bool) and value >= 0:
                    names.append(str(value))
                case _:
                    raise self.refuse("an index is a name or a whole number, as in t[j] or t[i, j]", at)
        if not names:
            raise self.refuse("an index is a name or a whole number, as in t[j] or t[i, j]", at)
        return tuple(names)

    def name(self, name: str, at: ast.AST) -> str:
        if not _NAME.fullmatch(name) or "__" in name:
            raise self.refuse(f"'{name}' is no symbol: begin with a letter, then letters, digits, single _", at)
        if name in RESERVED:
            raise self.refuse(f"'{name}' is reserved and cannot be a symbol", at)
        return name

    def number(self, value: object, at: ast.AST) -> Number:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.refuse("only plain numbers are literals", at)
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise self.refuse("the number is too large", at)
        return Number(number)


def is_symbol(name: str) -> bool:
    """Whether a variable, coefficient, constant or sub-expression may bear this name."""
    return bool(_NAME.fullmatch(name)) and "__" not in name and name not in RESERVED


def walk(node: Node) -> Iterator[Node]:
    """The node and everything beneath it, in the order written."""
    yield node
    for child in _children(node):
        yield from walk(child)


def _children(node: Node) -> Iterator[Node]:
    match node:
        case Choice(condition, then, otherwise):
            yield from (then, condition, otherwise)
        case Number() | Symbol() | Indexed():
            return
        case _:
            for field in fields(node):
                value = getattr(node, field.name)
                if isinstance(value, tuple):
                    yield from (part for part in value if not isinstance(part, str | tuple))
                elif not isinstance(value, str):
                    yield value


def symbols(node: Node) -> list[str]:
    """Plain symbols in the order of first use."""
    return list(dict.fromkeys(part.name for part in walk(node) if isinstance(part, Symbol)))


def indexed_symbols(node: Node) -> dict[str, tuple[str, ...]]:
    """Indexed symbols with the index sets over which each runs; a set is '' where the index is fixed.

    Raises:
        FormulaError: when one symbol runs over different sets, or an index is not bound.
    """
    found: dict[str, tuple[str, ...]] = {}

    def visit(part: Node, bound: Mapping[str, str]) -> None:
        if isinstance(part, Reduction):
            bound = {**bound, **dict(part.bindings)}
        elif isinstance(part, Indexed):
            sets = tuple("" if index.isdigit() else bound.get(index, "?") for index in part.indices)
            if "?" in sets:
                free = part.indices[sets.index("?")]
                raise FormulaError(f"the index {free} of {part.name} is not bound by a sum or product")
            known = found.get(part.name)
            if known is None or "" in known:
                found[part.name] = sets
            elif len(known) != len(sets) or any(b not in ("", a) for a, b in zip(known, sets, strict=True)):
                raise FormulaError(f"{part.name} runs over different index sets in different places")
        for child in _children(part):
            visit(child, bound)

    visit(node, {})
    return found


def index_sets(node: Node) -> list[str]:
    """Names of the index sets, in the order of first use."""
    reductions = (part for part in walk(node) if isinstance(part, Reduction))
    return list(dict.fromkeys(name for part in reductions for _, name in part.bindings))


def literals(node: Node) -> list[float]:
    """Every number written in the formula."""
    return [part.value for part in walk(node) if isinstance(part, Number)]


def is_structural(value: float) -> bool:
    """Whether a literal may stand in a formula: a half, a small whole number, or a power of ten.

    Anything else is either fitted, and a coefficient, or a definition, and a constant with a source.
    """
    if value == 0.5:
        return True
    if value != int(value):
        return False
    whole = int(value)
    return abs(whole) <= 1000 or bool(re.fullmatch(r"10+", str(whole)))


def flat_name(name: str, members: Sequence[str], pattern: str | None = None) -> str:
    """The flat name of one member of an indexed symbol: `t_academic`, `c1`, `t_a_b`.

    Numbers follow the name directly, words after an underscore; `pattern`, such as `{name}_{0}`, says otherwise.
    """
    if pattern is not None:
        return pattern.format(*members, name=name)
    if len(members) == 1 and members[0].isdigit():
        return name + members[0]
    return "_".join((name, *members))


def expand(node: Node, members: Mapping[str, Sequence[str]], patterns: Mapping[str, str] | None = None) -> Node:
    """Write out every sum and product over the given index sets, with flat names for indexed symbols.

    Args:
        node: the formula.
        members: the members of each index set.
        patterns: for indexed symbols whose flat names are not spelt by the rule of `flat_name`.

    Raises:
        FormulaError: when a set has no members given, or the result would be unreasonably large.
    """
    patterns = patterns or {}
    budget = [MAX_EXPANDED_NODES]

    def write(part: Node, values: Mapping[str, str]) -> Node:
        budget[0] -= 1
        if budget[0] < 0:
            raise FormulaError("the index sets are too large to write the formula out")
        match part:
            case Number() | Symbol():
                return part
            case Indexed(name, indices):
                chosen = [values.get(index, index) for index in indices]
                return Symbol(flat_name(name, chosen, patterns.get(name)))
            case Negative(operand):
                return Negative(write(operand, values))
            case Binary(operator, left, right):
                return Binary(operator, write(left, values), write(right, values))
            case Call(function, arguments):
                return Call(function, tuple(write(argument, values) for argument in arguments))
            case Comparison(operator, left, right):
                return Comparison(operator, write(left, values), write(right, values))
            case Logic(operator, parts):
                return Logic(operator, tuple(write(each, values) for each in parts))
            case Choice(condition, then, otherwise):
                return Choice(write(condition, values), write(then, values), write(otherwise, values))
            case Equation(left, right):
                return Equation(write(left, values), write(right, values))
            case Reduction(kind, element, bindings):
                terms = [write(element, chosen) for chosen in _combinations(bindings, members, values)]
                if not terms:
                    return Number(0.0 if kind == "sum" else 1.0)
                operator = "+" if kind == "sum" else "*"
                total = terms[0]
                for term in terms[1:]:
                    total = Binary(operator, total, term)
                return total

    return write(node, {})


def replace_symbols(node: Node, replacements: Mapping[str, Node]) -> Node:
    """Put expressions in the places of plain symbols; of a formula that is written out."""

    def write(part: Node) -> Node:
        return replace_symbols(part, replacements)

    match node:
        case Symbol(name):
            return replacements.get(name, node)
        case Negative(operand):
            return Negative(write(operand))
        case Binary(operator, left, right):
            return Binary(operator, write(left), write(right))
        case Call(function, arguments):
            return Call(function, tuple(write(each) for each in arguments))
        case Comparison(operator, left, right):
            return Comparison(operator, write(left), write(right))
        case Logic(operator, parts):
            return Logic(operator, tuple(write(each) for each in parts))
        case Choice(condition, then, otherwise):
            return Choice(write(condition), write(then), write(otherwise))
        case Equation(left, right):
            return Equation(write(left), write(right))
        case _:
            return node


def _combinations(
    bindings: tuple[tuple[str, str], ...], members: Mapping[str, Sequence[str]], values: Mapping[str, str]
) -> Iterator[Mapping[str, str]]:
    if not bindings:
        yield values
        return
    index, name = bindings[0]
    if name not in members:
        raise FormulaError(f"the index set {name} has no members: give them with the fit or the input")
    for member in members[name]:
        yield from _combinations(bindings[1:], members, {**values, index: member})
