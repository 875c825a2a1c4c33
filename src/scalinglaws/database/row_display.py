"""How rows of a query are shown: as text for a terminal, as HTML for a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

_WIDEST = 60


def text_lines(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """The rows in lines, head first, each column as wide as its widest cell; long cells are cut.

    Args:
        columns: their names.
        rows: the values, in the order of the columns.
    """
    cells = [list(columns), *([one_line(value) for value in row] for row in rows)]
    widths = [min(max(len(row[index]) for row in cells), _WIDEST) for index in range(len(columns))]
    return [
        "  ".join(_clip(value, width).ljust(width) for value, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]


def one_line(value: Any) -> str:
    """A value on one line; nothing for none."""
    return "" if value is None else " ".join(str(value).split())


def _clip(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."


def html_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """The rows as an HTML table in which nothing of theirs is markup or a formula.

    Args:
        columns: their names.
        rows: the values, in the order of the columns.
    """
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "".join("<tr>" + "".join(f"<td>{escape(one_line(value))}</td>" for value in row) + "</tr>\n" for row in rows)
    # By this class notebooks know that dollars in it are no formulas.
    return f'<table class="tex2jax_ignore">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>'
