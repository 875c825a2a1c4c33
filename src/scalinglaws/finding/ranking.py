"""Finds entries of the catalog by words and filters, best first, in the built database."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from scalinglaws.database.access import MAX_ROWS, Reader
from scalinglaws.database.full_text import FULL_TEXT
from scalinglaws.database.spelling import fold
from scalinglaws.finding.filters import Conditions
from scalinglaws.finding.query import KINDS, Search, looked_up, match, parse
from scalinglaws.finding.signatures import Values, fittings

#: Words of a snippet.
_SNIPPET_WORDS = 16


def search(connection: Reader, text: str, limit: int = 20) -> list[dict[str, Any]]:
    """Entries that hold all the words and pass all filters, best first; of the last word a beginning is enough.

    First comes what the whole text names: an id, an alias, a title. Then the better match. Filters alone list papers,
    then laws and the rest, by id; with `given:` or `want:` first the laws whose signature fits best.

    Args:
        connection: the database.
        text: words and filters; see `query.parse`.
        limit: at most so many, and never more than `access.MAX_ROWS`.

    Returns:
        dictionaries with kind, id, title and a snippet.

    Raises:
        QueryError: where the text cannot be read, or names an unknown field or value; with the nearest ones.
    """
    parsed = parse(text)
    with connection.together():
        return _search(connection, parsed, max(0, min(limit, MAX_ROWS)))


def _search(connection: Reader, parsed: Search, limit: int) -> list[dict[str, Any]]:
    index = FULL_TEXT[connection.dialect]
    conditions = Conditions(connection)
    where = conditions.entry(parsed.filters)
    synonyms = conditions.synonyms(sorted(looked_up(parsed)))
    wanted, excluded = index.expressions(match(parsed, synonyms))
    names = [form for name in parsed.names for form in (name, *synonyms.get(name, ()))]
    if wanted:
        return _described(
            connection, _matches(conditions, names, index.without(wanted, excluded), where, limit), wanted
        )
    if excluded:
        matches = index.matches.format(query=conditions.values.add(excluded))
        where.append(f"e.number NOT IN (SELECT {index.number} FROM search WHERE {matches})")  # noqa: S608 - values are bound
    return _described(connection, _listed(conditions, where, limit), wanted)


def _matches(conditions: Conditions, names: list[str], expression: str, where: list[str], limit: int) -> list[int]:
    """Numbers of the entries that match, best first: what has one of the names, then by how well they match."""
    values, index = conditions.values, FULL_TEXT[conditions.connection.dialect]
    query = values.add(expression)
    filters = "".join(f" AND {each}" for each in where)
    rows = conditions.connection.rows(
        "SELECT number FROM ("  # noqa: S608 - values are bound
        "SELECT e.number, e.kind, e.id, e.weight, (SELECT min(n.rank) FROM entry_name n WHERE n.entry = e.number "
        f"AND n.name IN {values.add_all(names)}) AS named, {index.score.format(query=query)} * e.weight AS score "
        f"FROM {index.joined} WHERE {index.matches.format(query=query)}{filters}) found "
        # Of several that have the same name the best known.
        "ORDER BY coalesce(named, 9), CASE WHEN named IS NOT NULL THEN -weight END, score, kind, id "
        f"LIMIT {values.add(limit)}",
        values,
    )
    return [int(row[0]) for row in rows]


def _listed(conditions: Conditions, where: list[str], limit: int) -> list[int]:
    """Numbers of the entries that pass the filters, when no words are asked for."""
    kinds = " ".join(f"WHEN '{kind}' THEN {number}" for number, kind in enumerate(KINDS))
    condition, signature = " AND ".join(where), conditions.signature
    rows = conditions.connection.rows(
        f"SELECT e.number, e.id FROM entry e WHERE {condition} "  # noqa: S608 - values are bound
        f"ORDER BY CASE e.kind {kinds} END, e.id" + ("" if signature else f" LIMIT {conditions.values.add(limit)}"),
        conditions.values,
    )
    if signature is not None:
        laws = f"SELECT e.id FROM entry e WHERE e.kind = 'law' AND {condition}"  # noqa: S608
        ways = fittings(conditions.connection, signature, laws, conditions.values)
        order = {way.law: number for number, way in enumerate(ways)}
        rows.sort(key=lambda row: order.get(row[1], len(order)))
    return [int(row[0]) for row in rows[:limit]]


def _described(connection: Reader, numbers: list[int], wanted: str) -> list[dict[str, Any]]:
    """What is told of entries: snippets are made for these alone, for they take longer than to find them."""
    values, index = Values(), FULL_TEXT[connection.dialect]
    listed = ", ".join(map(str, numbers)) or "NULL"
    if wanted:
        query = values.add(wanted)
        statement = (
            f"SELECT {index.number}, kind, id, title, {index.snippet.format(query=query)} FROM search "  # noqa: S608
            f"WHERE {index.matches.format(query=query)} AND {index.number} IN ({listed})"
        )
    else:
        statement = f"SELECT number, kind, id, title, text FROM entry WHERE number IN ({listed})"  # noqa: S608
    rows = {row[0]: row[1:] for row in connection.rows(statement, values)}
    found = [dict(zip(("kind", "id", "title", "snippet"), rows[number], strict=True)) for number in numbers]
    if not wanted:
        for each in found:
            words = each["snippet"].split()
            each["snippet"] = " ".join(words[:_SNIPPET_WORDS]) + (" ..." if len(words) > _SNIPPET_WORDS else "")
    return found


def nearest_words(connection: Reader, text: str) -> str | None:
    """The search with each word that no name or title holds replaced by the nearest that one does; none if none is.

    Args:
        connection: the database.
        text: a search that found nothing.
    """
    rows = connection.rows("SELECT names, title, symbols, words FROM entry")
    known = {word for row in rows for part in row if part for word in fold(part).split()}
    words = {word for group in parse(text).groups for term in group for word in term.folded.split()}
    near = {word: get_close_matches(word, known, n=1, cutoff=0.75) for word in words - known}
    close = {word: found[0] for word, found in near.items() if found}
    changed = " ".join(close.get(fold(word), word) for word in text.split())
    return changed if close else None
