"""What the SQL console shows beside its field, besides the tables: codes and named queries."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from html import escape

from markupsafe import Markup

from scalinglaws.named_queries import NamedQuery

#: Parts of `doc` that explain tables and columns; the others explain codes.
_STRUCTURE = ("table", "view", "column")


def html_text(text: str) -> Markup:
    """Text as it must stand in HTML of our own inside a Markdown page, where a dollar would begin a formula."""
    return Markup(escape(text).replace("$", "&#36;"))  # noqa: S704 - escaped just here


def codes(connection: sqlite3.Connection) -> dict[str, list[tuple[str, str]]]:
    """What each code means, by what it is a code of.

    Args:
        connection: an open database of the catalog.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    for kind, name, meaning in connection.execute("SELECT kind, name, meaning FROM doc ORDER BY kind, name"):
        if kind not in _STRUCTURE:
            found.setdefault(kind, []).append((name, meaning))
    return found


def queries_json(queries: Mapping[str, NamedQuery]) -> str:
    """The named queries as the page reads them, by name; defaults stand in the SQL, where a reader changes them."""
    table = {
        name: {"title": each.title, "answers": each.answers, "sql": each.statement, "formerly": each.formerly}
        for name, each in queries.items()
    }
    return json.dumps(table, ensure_ascii=False)
