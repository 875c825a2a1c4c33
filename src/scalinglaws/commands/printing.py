"""What several commands print alike: JSON, rows, wrapped text, warnings."""

from __future__ import annotations

import json
import os
import sys
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scalinglaws.commands import DONE, NO_ANSWER
from scalinglaws.database.row_display import one_line, text_lines

if TYPE_CHECKING:
    from scalinglaws.database.access import Rows

#: Text for a terminal is wrapped at this column.
WIDTH = 100


def print_json(value: Any) -> None:
    """Print one JSON document."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def bold(text: str) -> str:
    """The text in bold, if a person reads it on a terminal."""
    return f"\033[1m{text}\033[0m" if sys.stdout.isatty() and "NO_COLOR" not in os.environ else text


def wrap(text: str, indent: str = "  ", first: str | None = None) -> str:
    """The text in lines of at most `WIDTH` columns.

    Args:
        text: one paragraph.
        indent: what every line begins with.
        first: what the first line begins with, if something else.
    """
    start = indent if first is None else first
    return textwrap.fill(text, width=WIDTH, initial_indent=start, subsequent_indent=indent)


def bullet(text: str) -> str:
    """The text as one entry of a list."""
    return wrap(text, "    ", "  - ")


def plural(count: int, noun: str) -> str:
    """Such as `1 law` or `2 laws`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def unit_text(unit: Mapping[str, Any] | None) -> str:
    """The unit of a document in words; empty if it has none."""
    from scalinglaws.units import Unit  # noqa: PLC0415

    return str(Unit.of(unit)) if unit else ""


def warn(warnings: Sequence[str]) -> None:
    """Print warnings to standard error, one a line."""
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)


def remark(text: str) -> None:
    """Print to standard error what is no part of the answer."""
    print(f"scalinglaws: {text}", file=sys.stderr)


def found_any(rows: Sequence[Any], noun: str) -> int:
    """The exit status of a list, which says so if it is empty."""
    if rows:
        return DONE
    remark(f"no {noun} fits these filters")
    return NO_ANSWER


def print_rows(rows: Rows, style: str) -> None:
    """Print rows.

    Args:
        rows: what a query gave.
        style: table, csv, json or markdown.
    """
    if style == "json":
        print_json(list(rows))
    elif style == "csv":
        import csv  # noqa: PLC0415

        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(rows.columns)
        writer.writerows(rows.rows)
    elif style == "markdown":
        print("| " + " | ".join(rows.columns) + " |")
        print("|" + " --- |" * len(rows.columns))
        for row in rows.rows:
            print("| " + " | ".join(one_line(value).replace("|", "\\|") for value in row) + " |")
    else:
        head, *lines = text_lines(rows.columns, rows.rows)
        print("\n".join([bold(head), *lines]))
