"""What the SQL console needs: SQLite for the browser, and what it shows beside its field besides the tables."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from html import escape
from pathlib import Path

from markupsafe import Markup

from scalinglaws.database.named_queries import NamedQuery
from scalinglaws.pages.mathematics import node_command

#: Parts of `doc` that explain tables and columns; the others explain codes.
_STRUCTURE = ("table", "view", "column")


class ConsoleError(RuntimeError):
    """SQLite's module for the browser could not be written; the message is node's."""


def write_sqlite(source: Path, target: Path) -> None:
    """SQLite for the browser: its program as it is, and its module minified, which is a third of the original.

    Args:
        source: the folder with `minify.mjs` and the front-end packages.
        target: the folder for both; it is made.

    Raises:
        ConsoleError: when node fails.
        MathematicsError: if there is no node.
    """
    package = source / "node_modules" / "@sqlite.org" / "sqlite-wasm" / "dist"
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(package / "sqlite3.wasm", target / "sqlite3.wasm")
    call = [node_command(), str(source / "minify.mjs"), str(package / "index.mjs"), str(target / "index.mjs")]
    done = subprocess.run(call, capture_output=True, text=True, check=False, encoding="utf-8")  # noqa: S603
    if done.returncode:
        raise ConsoleError(f"SQLite for the browser could not be minified: {done.stderr.strip()}")


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
