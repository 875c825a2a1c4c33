"""Which rows of a table a condition means: comparisons joined by and/or, read by a whitelist, never run as Python."""

from __future__ import annotations

import ast
import math
import re
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Columns = Mapping[str, Any]
_BACKQUOTED = re.compile(r"`([^`]+)`")
_MARK = "column_"
_LONGEST = 2000
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
}
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: a**b,
}


class ConditionError(ValueError):
    """A condition that cannot be read, or names what the table does not have."""


def rows_that(condition: str, columns: Columns, count: int) -> Any:
    """Which rows meet a condition.

    Args:
        condition: such as `C >= 1e21 and router_type == "Dense"`; a name that holds spaces stands in backquotes.
        columns: symbols and columns by name, each of `count` values, numbers or texts.
        count: the number of rows.

    Returns:
        an array of booleans.

    Raises:
        ConditionError: for anything but comparisons joined by `and`, `or` and `not`, or an unknown name.
    """
    names: list[str] = []

    def mark(match: re.Match[str]) -> str:
        names.append(match[1])
        return f"{_MARK}{len(names) - 1}_"

    text = _BACKQUOTED.sub(mark, condition)
    if len(text) > _LONGEST:
        raise ConditionError(f"the condition is {len(text)} characters long; at most {_LONGEST} are read")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.strip(), mode="eval").body
        spelt = {f"{_MARK}{number}_": name for number, name in enumerate(names)}
        with np.errstate(all="ignore"):
            found = _Condition(condition, columns, spelt).truth(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        if isinstance(error, ConditionError):
            raise
        raise ConditionError(f"the condition '{condition}' cannot be read; write one such as C >= 1e21") from None
    return np.broadcast_to(np.asarray(found, dtype=bool), (count,))


class _Condition:
    def __init__(self, text: str, columns: Columns, spelt: Mapping[str, str]) -> None:
        self.text = text
        self.columns = columns
        self.spelt = spelt

    def truth(self, node: ast.expr) -> Any:
        match node:
            case ast.BoolOp(op=operator, values=values):
                parts = [self.truth(each) for each in values]
                join = np.logical_and if isinstance(operator, ast.And) else np.logical_or
                result = parts[0]
                for part in parts[1:]:
                    result = join(result, part)
                return result
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return np.logical_not(self.truth(operand))
            case ast.Compare(left=left, ops=operators, comparators=rights):
                return self.comparison(left, operators, rights)
        raise ConditionError(f"the condition '{self.text}' holds something that is no comparison; write C >= 1e21")

    def comparison(self, left: ast.expr, operators: list[ast.cmpop], rights: list[ast.expr]) -> Any:
        operands = [self.value(each) for each in (left, *rights)]
        result: Any = True
        for number, operator in enumerate(operators):
            if type(operator) not in _COMPARISONS:
                raise ConditionError(f"the condition '{self.text}' compares with < <= > >= == or != only")
            one, other = operands[number], operands[number + 1]
            if _is_text(one) != _is_text(other):
                one, other = self._numbers(one), self._numbers(other)
            result = np.logical_and(result, _COMPARISONS[type(operator)](one, other))
        return result

    def _numbers(self, value: Any) -> Any:
        """A column of texts as numbers, where some of them are; not a number where one is none."""
        if not _is_text(value):
            return value
        numbers = as_numbers(value) if isinstance(value, np.ndarray) else None
        if numbers is None or not np.isfinite(numbers).any():
            raise ConditionError(f"the condition '{self.text}' compares a text with a number")
        return numbers

    def value(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=bool()):
                pass
            case ast.Constant(value=str() as value):
                return value
            case ast.Constant(value=int() | float() as value):
                # As a float: powers of whole numbers would have no end.
                return np.float64(as_number(value))
            case ast.Name(id=name):
                name = self.spelt.get(name, name)
                if name not in self.columns:
                    raise ConditionError(
                        f"the condition '{self.text}' names {name}, which is neither a symbol nor a column; "
                        f"there are {', '.join(self.columns)}"
                    )
                return self.columns[name]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self._numbers(self.value(operand))
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _ARITHMETIC:
                return _ARITHMETIC[type(operator)](self._numbers(self.value(left)), self._numbers(self.value(right)))
        raise ConditionError(f"the condition '{self.text}' holds something that is no number, text or name")


def as_number(value: Any) -> float:
    """A cell as a number; not a number where it is none, infinite where it is too large."""
    try:
        return float(value)
    except OverflowError:
        return math.inf
    except (TypeError, ValueError):
        return math.nan


def as_numbers(values: Any) -> Any:
    """Cells as numbers, see `as_number`."""
    return np.array([as_number(each) for each in values], dtype=np.float64)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, np.ndarray) and value.dtype.kind in "UO")
