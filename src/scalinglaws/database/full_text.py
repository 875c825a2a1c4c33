"""How the databases find words: SQLite by FTS5, PostgreSQL by its text search, each with the SQL around an expression.

Every word stands in quotes and holds letters, digits and underscores alone: no text can become syntax.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scalinglaws.database.spelling import NO_WORD, indexed
from scalinglaws.finding.query import Match, Phrase


@dataclass(frozen=True)
class FullText:
    """What a search asks of the table `search`; in SQL, `{query}` stands for the placeholder of an expression.

    Attributes:
        joined: it and the table `entry`, the index first: it alone knows how well an entry matches.
        number: its column with the number of the entry.
        matches: the condition that an entry matches.
        score: how well it matches, the lowest best.
        snippet: some words of the text about those found.
        phrase: a phrase as an expression.
        both: what joins expressions that must hold all.
        either: what joins those of which one must.
        but: what stands between what must hold and what must not.
    """

    joined: str
    number: str
    matches: str
    score: str
    snippet: str
    phrase: Callable[[Phrase], str]
    both: str
    either: str
    but: str

    def expressions(self, found: Match) -> tuple[str, str]:
        """What is looked for and what is left out, each as an expression, empty if there is none."""
        alternatives = (
            self.either.join(f"({self.both.join(map(self.phrase, each))})" for each in clause)
            for clause in found.clauses
        )
        return self.both.join(f"({each})" for each in alternatives), self.either.join(map(self.phrase, found.excluded))

    def without(self, wanted: str, excluded: str) -> str:
        """An expression for what is looked for and does not hold what is left out."""
        return f"({wanted}){self.but}({excluded})" if excluded else wanted


def _fts5_phrase(term: Phrase) -> str:
    text = f'"{" ".join(term.words)}"'
    # The whole word as well, so that it counts for more than a beginning.
    return f"({text} OR {text}*)" if term.open else text


def _tsquery_phrase(term: Phrase) -> str:
    text = " <-> ".join(f"'{word}'" for word in indexed(" ".join(term.words)).split() or [NO_WORD])
    return f"({text} | {text}:*)" if term.open else f"({text})"


#: By the dialect of a reader.
FULL_TEXT = {
    "sqlite": FullText(
        joined="search CROSS JOIN entry e ON e.number = search.rowid",
        number="rowid",
        matches="search MATCH {query}",
        # By columns: kind, id (neither indexed), names, title, symbols, words, text.
        score="bm25(search, 0, 0, 20.0, 8.0, 6.0, 4.0, 1.0)",
        snippet="snippet(search, 6, '', '', ' ... ', 16)",
        phrase=_fts5_phrase,
        both=" AND ",
        either=" OR ",
        but=" NOT ",
    ),
    "postgresql": FullText(
        joined="search JOIN entry e ON e.number = search.number",
        number="number",
        matches="search.lexemes @@ to_tsquery('words', {query})",
        # Weights of text, words and symbols, title, names. Each word counts by itself, as in SQLite: of words joined by
        # & the rank is their nearness.
        score="-ts_rank('{{0.1, 0.4, 0.6, 1}}', search.lexemes, "
        "to_tsquery('words', replace({query}, ' & ', ' | ')), 1)",
        snippet="ts_headline('words', text, to_tsquery('words', {query}), "
        '\'StartSel="", StopSel="", MinWords=8, MaxWords=16\')',
        phrase=_tsquery_phrase,
        both=" & ",
        either=" | ",
        but=" & !",
    ),
}
