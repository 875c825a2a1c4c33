"""Reads the files that others publish: tables, logs and notebooks as columns of text, by name.

Every reader takes the bytes of a file and gives its columns in their order, all of one length. What it cannot read it
refuses with a `DataFormatError` that names the line; what the columns mean stands in the dataset's record.
"""

from __future__ import annotations

import ast
import csv
import gzip
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

Columns = dict[str, list[str]]

#: Marks in the run names of Muennighoff et al. that say nothing of size or tokens.
_MARKS = ("op2", "seed1", "seed2", "seed3", "seed4", "opt1", "opt", "c4", "v2")


class DataFormatError(ValueError):
    """A file that is not what its record says; the message names the line."""


def _by_column(names: Sequence[str], rows: Iterable[Sequence[str]]) -> Columns:
    columns: Columns = {name: [] for name in names}
    for row in rows:
        for name, value in zip(names, row, strict=True):
            columns[name].append(value)
    return columns


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataFormatError(f"it is no text in UTF-8 (byte {error.start})") from None


def read_csv(content: bytes) -> Columns:
    """Comma-separated values under a line of names."""
    reader = csv.reader(io.StringIO(_text(content), newline=""))
    names = next(reader, [])
    if len(set(names)) != len(names) or not names:
        raise DataFormatError("line 1 does not name every column once")
    rows = []
    for row in reader:
        if len(row) != len(names):
            raise DataFormatError(f"line {reader.line_num} has {len(row)} values for {len(names)} columns")
        rows.append(row)
    return _by_column(names, rows)


def read_csv_gz(content: bytes) -> Columns:
    """`read_csv` of what gzip holds."""
    try:
        return read_csv(gzip.decompress(content))
    except (OSError, EOFError) as error:
        raise DataFormatError(f"gzip cannot read it: {error}") from None


def _json(content: bytes) -> Any:
    try:
        return json.loads(_text(content))
    except ValueError as error:
        raise DataFormatError(f"it is no JSON: {error}") from None


def read_json_columns(content: bytes) -> Columns:
    """Columns as pandas writes them: an object of columns, each an object of values by row."""
    document = _json(content)
    if not isinstance(document, dict) or not all(isinstance(each, dict) for each in document.values()):
        raise DataFormatError("it is no JSON object of columns")
    rows = list(next(iter(document.values()), {}))
    if any(list(each) != rows for each in document.values()):
        raise DataFormatError("its columns differ in their rows")
    return {name: [_written(each[row]) for row in rows] for name, each in document.items()}


def read_json_pairs(content: bytes) -> Columns:
    """An object of names and numbers, as the columns `name` and `value`."""
    document = _json(content)
    if not isinstance(document, dict):
        raise DataFormatError("it is no JSON object")
    return _by_column(("name", "value"), [(name, _written(value)) for name, value in document.items()])


def _written(value: Any) -> str:
    return "" if value is None else str(value)


def read_lines(content: bytes) -> Columns:
    """One value a line, as the column `line`; empty lines are passed over."""
    return {"line": [line.strip() for line in _text(content).splitlines() if line.strip()]}


_CHECKPOINT = re.compile(r"(?P<run>[^/-]+)-(?P<ratio>[0-9.]+(?:-[0-9.]+)*)/+(?P<step>[^/]+)$")
_VALIDATION = re.compile(r"\.valid\.(?P<domain>[^/]+)\.bin$")


def read_checkpoint_log(content: bytes) -> Columns:
    """Losses by checkpoint, as Ye et al. log them: `run-ratio/step`, the validation file and the loss, tabs between.

    Checkpoints that are no step (the last one, saved by name) are left out, a line that stands twice counts once, and
    the rows come by run, proportions, domain and step.

    Returns:
        the columns `run`, `ratio` (proportions of the training domains, joined by `-`), `domain`, `step` and `loss`.
    """
    found: dict[tuple[str, str, str, int], str] = {}
    for number, line in enumerate(_text(content).splitlines(), start=1):
        if not line.strip():
            continue
        parts = line.split("\t")
        checkpoint = _CHECKPOINT.search(parts[0])
        validation = _VALIDATION.search(parts[1]) if len(parts) == 3 else None
        if checkpoint is None or validation is None:
            raise DataFormatError(f"line {number} is no checkpoint, validation file and loss: {line[:60]}")
        if checkpoint["step"].isdigit():
            key = (checkpoint["run"], checkpoint["ratio"], validation["domain"], int(checkpoint["step"]))
            if found.setdefault(key, parts[2].strip()) != parts[2].strip():
                raise DataFormatError(f"line {number} gives another loss for {' '.join(map(str, key))}")
    rows = [(run, ratio, domain, str(step), loss) for (run, ratio, domain, step), loss in sorted(found.items())]
    return _by_column(("run", "ratio", "domain", "step", "loss"), rows)


def read_run_notebook(content: bytes) -> Columns:
    """The runs of Muennighoff et al., from the dict literals in the cells of their notebook.

    The first cell with losses holds every run, the second those of the published fit. Runs without a loss, and those
    on deduplicated data, are left out, as the notebook does.

    Returns:
        the columns `name`, `params`, `tokens`, `unique_tokens`, `val_loss` and `in_default_fit` (1 or 0).
    """
    document = _json(content)
    cells = document.get("cells", []) if isinstance(document, dict) else []
    tables = [
        found
        for cell in cells
        if cell.get("cell_type") == "code" and "NAMES_TO_VAL_LOSSES" in (source := "".join(cell["source"]))
        for found in [dict(_literals(source))]
        if found.keys() >= {"NAMES_TO_VAL_LOSSES", "TOKENS_MAP", "PARAMS_MAP"}
    ]
    if len(tables) < 2:
        raise DataFormatError("it has no two cells with NAMES_TO_VAL_LOSSES, TOKENS_MAP and PARAMS_MAP")
    runs, published = tables[0], tables[1]["NAMES_TO_VAL_LOSSES"]
    rows = []
    for name, loss in runs["NAMES_TO_VAL_LOSSES"].items():
        if loss and not name.endswith("dedup"):
            params, tokens, unique = _decode(name, runs["PARAMS_MAP"], runs["TOKENS_MAP"])
            rows.append((name, str(params), str(tokens), str(unique), str(loss), str(int(bool(published.get(name))))))
    return _by_column(("name", "params", "tokens", "unique_tokens", "val_loss", "in_default_fit"), rows)


def _literals(source: str) -> Iterator[tuple[str, dict[str, float]]]:
    """The dict literals that a cell assigns, by name; nothing of it is run."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, ast.literal_eval(node.value)


def _decode(name: str, params: Mapping[str, float], tokens: Mapping[str, float]) -> tuple[float, float, float]:
    """Parameters, tokens and unique tokens that a run's name spells, such as `2b855b1b25` (2.8B, 55B, 1.25B)."""
    plain = name
    for mark in _MARKS:
        plain = plain.replace(mark, "")
    start = next((end for end in range(2, len(plain)) if plain[:end] in params), None)
    if start is None:
        raise DataFormatError(f"the run '{name}' begins with no known size")
    # The unique tokens are the last amount: one letter, and digits after it only where the amount has decimals.
    end = -4 if plain[-1] in "bm" or plain[-2] not in "bm" else -3
    while any(plain[end:].count(letter) > 1 for letter in "bm"):
        end += 1
    amounts = [_tokens(part, name, tokens) for part in (plain[start:end], plain[end:])]
    return params[plain[:start]], amounts[0], amounts[1]


def _tokens(text: str, name: str, known: Mapping[str, float]) -> float:
    try:
        billions = known[text] if text in known else float(text.replace("b", ".").strip("."))
    except ValueError:
        raise DataFormatError(f"the run '{name}' spells no amount of tokens in '{text}'") from None
    return billions * 1e9


#: The reader of each format that the catalog reads.
READERS: Mapping[str, Callable[[bytes], Columns]] = {
    "csv": read_csv,
    "csv.gz": read_csv_gz,
    "json-columns": read_json_columns,
    "json-pairs": read_json_pairs,
    "lines": read_lines,
    "checkpoint-log": read_checkpoint_log,
    "run-notebook": read_run_notebook,
}
