"""Finds entries of the catalog by words and filters, best first, in the built database."""

from __future__ import annotations

import sqlite3
from difflib import get_close_matches
from typing import Any

from scalinglaws.database import MAX_ROWS, QueryError
from scalinglaws.search_filters import Conditions
from scalinglaws.search_query import KINDS, fts5, looked_up, match, parse
from scalinglaws.search_text import fold
from scalinglaws.signatures import fittings

#: How much a word counts by where it stands: kind, id (neither indexed), names, title, symbols, words, text.
_COLUMNS = "0, 0, 20.0, 8.0, 6.0, 4.0, 1.0"
#: Column and words of a snippet.
_SNIPPET = "6, '', '', ' ... ', 16"
_SNIPPET_WORDS = 16


def search(connection: sqlite3.Connection, text: str, limit: int = 20) -> list[dict[str, Any]]:
    """Entries that hold all the words and pass all filters, best first; of the last word a beginning is enough.

    First comes what the whole text names: an id, an alias, a title. Then the better match. Filters alone list papers,
    then laws and the rest, by id; with `given:` or `want:` first the laws whose signature fits best.

    Args:
        connection: the database.
        text: words and filters; see `search_query.parse`.
        limit: at most so many, and never more than `database.MAX_ROWS`.

    Returns:
        dictionaries with kind, id, title and a snippet.

    Raises:
        QueryError: where the text cannot be read, or names an unknown field or value; with the nearest ones.
    """
    parsed, limit = parse(text), max(0, min(limit, MAX_ROWS))
    conditions = Conditions(connection)
    where = conditions.entry(parsed.filters)
    synonyms = conditions.synonyms(sorted(looked_up(parsed)))
    wanted, excluded = fts5(match(parsed, synonyms))
    names = [form for name in parsed.names for form in (name, *synonyms.get(name, ()))]
    values = conditions.values
    if excluded and not wanted:
        left_out = f"SELECT rowid FROM search WHERE search MATCH {values.add(excluded)}"  # noqa: S608 - values are bound
        where.append(f"e.number NOT IN ({left_out})")
    expression = f"({wanted}) NOT ({excluded})" if excluded else wanted
    try:
        found = _matches(conditions, names, expression, where, limit) if wanted else _listed(conditions, where, limit)
        return _described(connection, found, wanted)
    except sqlite3.Error as error:
        raise QueryError(f"the search cannot be run: {error}") from error


def _matches(conditions: Conditions, names: list[str], expression: str, where: list[str], limit: int) -> list[int]:
    """Numbers of the entries that match, best first: what has one of the names, then by how well they match."""
    values = conditions.values
    filters = "".join(f" AND {each}" for each in where)
    # The index is asked first whatever the filters: it alone knows how well an entry matches.
    rows = conditions.connection.execute(
        "SELECT e.number, (SELECT min(n.rank) FROM entry_name n WHERE n.entry = e.number "  # noqa: S608 - values are bound
        f"AND n.name IN {values.add_all(names)}) AS named "
        "FROM search CROSS JOIN entry e ON e.number = search.rowid "
        f"WHERE search MATCH {values.add(expression)}{filters} "
        # Of several that have the same name the best known.
        "ORDER BY coalesce(named, 9), CASE WHEN named IS NOT NULL THEN -e.weight END, "
        f"bm25(search, {_COLUMNS}) * e.weight, e.kind, e.id LIMIT {values.add(limit)}",
        values,
    )
    return [int(row[0]) for row in rows]


def _listed(conditions: Conditions, where: list[str], limit: int) -> list[int]:
    """Numbers of the entries that pass the filters, when no words are asked for."""
    kinds = " ".join(f"WHEN '{kind}' THEN {number}" for number, kind in enumerate(KINDS))
    condition, signature = " AND ".join(where), conditions.signature
    rows = conditions.connection.execute(
        f"SELECT e.number, e.id FROM entry e WHERE {condition} "  # noqa: S608 - values are bound
        f"ORDER BY CASE e.kind {kinds} END, e.id" + ("" if signature else f" LIMIT {conditions.values.add(limit)}"),
        conditions.values,
    ).fetchall()
    if signature is not None:
        laws = f"SELECT e.id FROM entry e WHERE e.kind = 'law' AND {condition}"  # noqa: S608
        ways = fittings(conditions.connection, signature, laws, conditions.values)
        order = {way.law: number for number, way in enumerate(ways)}
        rows.sort(key=lambda row: order.get(row[1], len(order)))
    return [int(row[0]) for row in rows[:limit]]


def _described(connection: sqlite3.Connection, numbers: list[int], wanted: str) -> list[dict[str, Any]]:
    """What is told of entries: snippets are made for these alone, for they take longer than to find them."""
    listed = ", ".join(map(str, numbers))
    if wanted:
        statement = (
            f"SELECT rowid, kind, id, title, snippet(search, {_SNIPPET}) FROM search "  # noqa: S608
            f"WHERE search MATCH ? AND rowid IN ({listed})"
        )
    else:
        statement = f"SELECT number, kind, id, title, text FROM entry WHERE number IN ({listed})"  # noqa: S608
    rows = {row[0]: row[1:] for row in connection.execute(statement, (wanted,) if wanted else ())}
    found = [dict(zip(("kind", "id", "title", "snippet"), rows[number], strict=True)) for number in numbers]
    if not wanted:
        for each in found:
            words = each["snippet"].split()
            each["snippet"] = " ".join(words[:_SNIPPET_WORDS]) + (" ..." if len(words) > _SNIPPET_WORDS else "")
    return found


def nearest_words(connection: sqlite3.Connection, text: str) -> str | None:
    """The search with each word that no name or title holds replaced by the nearest that one does; none if none is.

    Args:
        connection: the database.
        text: a search that found nothing.
    """
    rows = connection.execute("SELECT names, title, symbols, words FROM entry")
    known = {word for row in rows for part in row if part for word in fold(part).split()}
    words = {word for group in parse(text).groups for term in group for word in term.folded.split()}
    near = {word: get_close_matches(word, known, n=1, cutoff=0.75) for word in words - known}
    close = {word: found[0] for word, found in near.items() if found}
    changed = " ".join(close.get(fold(word), word) for word in text.split())
    return changed if close else None
