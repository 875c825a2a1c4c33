"""A table of runs: read from wherever it is, its columns given to symbols, and every row that is left out named."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scalinglaws.fitting.conditions import ConditionError, as_numbers, rows_that
from scalinglaws.formulas.evaluation import Compiled, EvaluationError, Formula
from scalinglaws.formulas.expression import Equation, FormulaError, Symbol, parse, symbols

Array = NDArray[np.float64]
#: How many row numbers a message lists.
_SHOWN = 8


class TableError(ValueError):
    """A table that cannot be read or lacks what was asked of it; the message names it."""


@dataclass(frozen=True)
class Dropped:
    """Rows that take no part, and why; rows are counted from 1, without the head."""

    reason: str
    rows: tuple[int, ...]

    def __str__(self) -> str:
        more = f" and {len(self.rows) - _SHOWN} more" if len(self.rows) > _SHOWN else ""
        listed = ", ".join(str(each) for each in self.rows[:_SHOWN])
        return f"{_rows(len(self.rows))} left out ({self.reason}): {listed}{more}"


@dataclass(frozen=True)
class Runs:
    """The rows a law is fitted to.

    Attributes:
        data: each variable by symbol, n numbers.
        output: the output, n numbers.
        weights: of each row.
        held_out: which of the rows are only predicted.
        dropped: what was left out, and why.
        rows: the row number of each in the table.
        warnings: of duplicated rows and constant variables.
    """

    data: dict[str, Array]
    output: Array
    weights: Array
    held_out: NDArray[np.bool_]
    dropped: list[Dropped]
    rows: NDArray[np.intp]
    warnings: list[str] = field(default_factory=list)


def read_columns(source: Any) -> dict[str, Any]:
    """The columns of a table by name, each an array of numbers or of texts.

    Args:
        source: a path to a CSV or Parquet file, a mapping of columns, or a data frame.

    Raises:
        TableError: for a file that is missing, empty or malformed.
    """
    if isinstance(source, str | Path):
        path = Path(source)
        if not path.is_file():
            raise TableError(f"there is no file {path}")
        columns = _read_parquet(path) if path.suffix == ".parquet" else _read_csv(path)
    elif isinstance(source, Mapping):
        columns = {str(name): _listed(name, values) for name, values in source.items()}
    elif hasattr(source, "columns") and hasattr(source, "__getitem__"):
        _check_head("the table", [str(name) for name in source.columns])
        columns = {str(name): _listed(name, source[name]) for name in source.columns}
    else:
        raise TableError(f"a table is a CSV or Parquet file, a mapping or a data frame, not {type(source).__name__}")
    if not columns:
        raise TableError("the table has no columns")
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        raise TableError(f"the columns differ in length: {lengths}")
    if not next(iter(lengths.values())):
        raise TableError("the table has no rows")
    return {name: _typed(values) for name, values in columns.items()}


def _listed(name: Any, values: Any) -> list[Any]:
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise TableError(f"the column '{name}' is {values!r}, not a list of values")
    return list(values)


def _check_head(where: object, head: Sequence[str]) -> None:
    twice = sorted({name for name in head if head.count(name) > 1})
    if twice:
        raise TableError(f"{where} names the column {', '.join(twice)} twice")


def _read_csv(path: Path) -> dict[str, list[Any]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except (UnicodeDecodeError, csv.Error) as error:
        raise TableError(f"{path} is no CSV in UTF-8: {error}") from None
    rows = [row for row in rows if row]
    if not rows:
        raise TableError(f"{path} is empty")
    head = [name.strip() for name in rows[0]]
    _check_head(path, head)
    if len(head) == 1 and any(mark in head[0] for mark in ";\t"):
        raise TableError(f"{path} seems to be divided by semicolons or tabs; write commas between the columns")
    uneven = [number for number, row in enumerate(rows[1:], start=1) if len(row) != len(head)]
    if uneven:
        raise TableError(f"{path} has {len(head)} columns, but row {uneven[0]} has {len(rows[uneven[0]])} cells")
    return {name: [row[column] for row in rows[1:]] for column, name in enumerate(head) if name}


def _read_parquet(path: Path) -> dict[str, list[Any]]:
    try:
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError:
        raise TableError("a Parquet file needs the package pyarrow; install it, or give a CSV file") from None
    try:
        table = parquet.read_table(path)
    except (OSError, ValueError) as error:
        raise TableError(f"{path} is no Parquet file: {error}") from None
    return {name: table.column(name).to_pylist() for name in table.column_names}


def _typed(values: Sequence[Any]) -> Any:
    """Numbers as floats, not-a-number where a cell is empty; else texts."""
    numbers = []
    for value in values:
        if value is None or (isinstance(value, str) and not value.strip()):
            numbers.append(math.nan)
            continue
        try:
            numbers.append(float(value))
        except OverflowError:
            numbers.append(math.inf)
        except (TypeError, ValueError):
            return np.array([str(each) for each in values], dtype=object)
    return np.array(numbers)


def runs(
    source: Any,
    variables: Sequence[str],
    output: str,
    *,
    mapping: Mapping[str, str] | None = None,
    lets: Mapping[str, str] | None = None,
    where: Sequence[str] = (),
    holdout: str | None = None,
    drop_highest: int = 0,
    weights: str | None = None,
    on_log: bool = True,
) -> Runs:
    """The rows to fit, with every variable by symbol.

    Args:
        source: see `read_columns`.
        variables: symbols the law takes.
        output: symbol it gives.
        mapping: column of a symbol, where it is not called like it.
        lets: symbols as expressions over other symbols, such as `{"D": "C/(6*N)"}`.
        where: conditions that a row must meet.
        holdout: condition of the rows that are only predicted.
        drop_highest: leave out rows whose output is at least the so-and-so-highest.
        weights: column of weights.
        on_log: whether the output must be positive.

    Raises:
        TableError: naming what is missing or malformed.
    """
    columns = read_columns(source)
    count = len(next(iter(columns.values())))
    known = _known(columns, mapping or {}, lets or {}, [*variables, output])
    everything = {**columns, **known}
    dropped: list[Dropped] = []
    keep = np.ones(count, dtype=bool)

    def leave_out(reason: str, bad: Any) -> None:
        rows = np.flatnonzero(keep & bad)
        if len(rows):
            dropped.append(Dropped(reason, tuple(int(each) + 1 for each in rows)))
            keep[rows] = False

    try:
        for condition in where:
            leave_out(f"not {condition}", ~rows_that(condition, everything, count))
        held_out = rows_that(holdout, everything, count) if holdout else np.zeros(count, dtype=bool)
    except ConditionError as error:
        raise TableError(str(error)) from None
    for symbol in [*variables, output]:
        leave_out(f"{symbol} is no number", ~np.isfinite(known[symbol]))
    if on_log:
        leave_out(f"{output} is zero or negative, and has no logarithm", known[output] <= 0)
    if drop_highest < 0:
        raise TableError(f"the number of highest rows to drop is not negative, as {drop_highest} is")
    if drop_highest:
        kept = np.sort(known[output][keep])
        if drop_highest >= len(kept):
            raise TableError(f"dropping the {drop_highest} highest would leave no rows of {len(kept)}")
        leave_out(f"among the {drop_highest} highest {output}", known[output] >= kept[-drop_highest])
    row_weights = np.ones(count)
    if weights is not None:
        row_weights = _column(columns, weights, "weights")
        leave_out(f"the weight {weights} is no positive number", ~(row_weights > 0))
    if not keep.any():
        raise TableError("no rows are left: " + "; ".join(str(each) for each in dropped))
    rows = np.flatnonzero(keep) + 1
    return Runs(
        data={symbol: known[symbol][keep] for symbol in variables},
        output=known[output][keep],
        weights=row_weights[keep],
        held_out=held_out[keep],
        dropped=dropped,
        rows=rows,
        warnings=_oddities({symbol: known[symbol][keep] for symbol in [*variables, output]}, output, rows),
    )


def _known(
    columns: Mapping[str, Any], mapping: Mapping[str, str], lets: Mapping[str, str], wanted: Sequence[str]
) -> dict[str, Array]:
    """Every symbol that is mapped, let, or a column of its own name."""
    known: dict[str, Array] = {}
    for symbol, column in mapping.items():
        known[symbol] = _column(columns, column, symbol)
    for symbol, text in lets.items():
        known[symbol] = _let(symbol, text, columns, known)
    for symbol in wanted:
        if symbol not in known:
            if symbol not in columns:
                raise TableError(
                    f"no column is given for {symbol}; map one, as in {symbol}={next(iter(columns))}, "
                    f"or let {symbol} be an expression. The table has {', '.join(columns)}"
                )
            known[symbol] = _column(columns, symbol, symbol)
    return known


def _column(columns: Mapping[str, Any], name: str, symbol: str) -> Array:
    if name not in columns:
        close = get_close_matches(name, list(columns), n=3, cutoff=0.4)
        hint = f"did you mean {' or '.join(close)}?" if close else f"the table has {', '.join(columns)}"
        raise TableError(f"{symbol} is mapped to the column '{name}', which is not there; {hint}")
    values = columns[name]
    if values.dtype.kind != "O":
        return np.asarray(values, dtype=np.float64)
    numbers: Array = as_numbers(values)
    if not np.isfinite(numbers).any():
        raise TableError(f"{symbol} is mapped to the column '{name}', which holds no numbers but '{values[0]}'")
    return numbers


def _let(symbol: str, text: str, columns: Mapping[str, Any], known: Mapping[str, Array]) -> Array:
    try:
        node = parse(text)
        if isinstance(node, Equation):
            raise FormulaError(f"write an expression such as C/(6*N), not an equation, for {symbol}")
        missing = [name for name in symbols(node) if name not in known and name not in columns]
        if missing:
            raise TableError(
                f"{symbol} = {text}: there is no symbol or column {missing[0]}; the table has {', '.join(columns)}"
            )
        values = {name: known[name] if name in known else _column(columns, name, name) for name in symbols(node)}
        if isinstance(node, Symbol):
            return np.array(values[node.name])
        found = Compiled(Formula(root=node))(values)
    except (FormulaError, EvaluationError) as error:
        raise TableError(f"{symbol} = {text}: {error}") from None
    return np.broadcast_to(np.asarray(found, dtype=np.float64), (len(next(iter(columns.values()))),)).copy()


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def _oddities(values: Mapping[str, Array], output: str, numbers: NDArray[np.intp]) -> list[str]:
    warnings = []
    matrix = np.column_stack(list(values.values()))
    _, first, counts = np.unique(matrix, axis=0, return_index=True, return_counts=True)
    again = int((counts - 1).sum())
    if again:
        warnings.append(
            f"{_rows(again)} repeated, such as row {int(numbers[first[counts > 1].min()])}: each counts every time"
        )
    for name, column in values.items():
        if name != output and len(column) > 1 and np.ptp(column) == 0:
            warnings.append(f"{name} is {column[0]:g} in every row: nothing can be learned of what depends on it")
    return warnings
