"""What Datasette shows over the database: titles, meanings, facets, and the named queries to run by a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scalinglaws.database.named_queries import NamedQuery, QueryParameter, literal
from scalinglaws.database.schema import Table
from scalinglaws.exports.metadata import DESCRIPTION, LICENCE_URL, pretty, titled

#: Columns whose values are counted beside a table, where it has them.
_FACETS = {
    "kind", "rung", "basis", "confidence", "verdict", "aspect", "quantity", "convention", "year", "category",
    "modality", "complete", "stated", "recorded", "redistributable",
}  # fmt: skip
#: Columns that say what a row is, best first.
_LABELS = ("label", "title", "name", "term")
_SORTS = {"paper": {"sort_desc": "year"}, "topic": {"sort": "position"}}
#: As INTEGER, SQLite would read 1e11 as 1.
_SQL_TYPES = {int: "NUMERIC", float: "REAL"}


def datasette_metadata(info: Mapping[str, str], tables: Sequence[Table], queries: Mapping[str, NamedQuery]) -> bytes:
    """The metadata of `datasette catalog.sqlite -m datasette.json`.

    Args:
        info: the `info` table.
        tables: of the database, views among them.
        queries: the named queries, which become canned ones.
    """
    licence = {"license": info["licence"], "license_url": LICENCE_URL}
    about = {"title": info["title"], "description": DESCRIPTION, **licence, "source": info["citation"]}
    return pretty(
        {
            **about,
            "databases": {
                "catalog": {
                    **about,
                    "tables": {each.name: _table(each) for each in tables},
                    "queries": {name: _query(each) for name, each in queries.items()},
                }
            },
        }
    )


def _table(table: Table) -> dict[str, Any]:
    names = [each.name for each in table.columns]
    label = next((each for each in _LABELS if each in names), None)
    facets = [each for each in names if each in _FACETS and each not in table.key]
    return {
        "title": titled(table.name),
        "description": table.meaning,
        "columns": {each.name: each.meaning for each in table.columns if each.meaning},
        **({"label_column": label} if label else {}),
        **({"facets": facets} if facets else {}),
        **_SORTS.get(table.name, {}),
    }


def _query(query: NamedQuery) -> dict[str, Any]:
    takes = "; ".join(str(each) for each in query.parameters)
    return {
        "title": query.title,
        "description": f"{query.answers} Takes {takes}." if takes else query.answers,
        "sql": query.written(_placeholder),
        **({"params": list(query.defaults)} if query.parameters else {}),
    }


def _placeholder(parameter: QueryParameter) -> str:
    # Datasette knows no defaults: what is not given, or left empty in its form, comes as an empty text.
    given = f"coalesce(nullif(:{parameter.name}, ''), {literal(parameter.default)})"
    kind = _SQL_TYPES.get(type(parameter.default))
    return f"CAST({given} AS {kind})" if kind else given
