"""Filters of a search as plain SQL conditions that SQLite and PostgreSQL both understand, values bound by name."""

from __future__ import annotations

from collections.abc import Sequence

from scalinglaws.database.access import QueryError, Reader
from scalinglaws.database.spelling import fold
from scalinglaws.finding.query import Filter
from scalinglaws.finding.signatures import Signature, Values, signature_of
from scalinglaws.ladder import RUNGS
from scalinglaws.vocabulary import nearest

#: What it takes to have something; `{paper}` and `{law}` stand for the ids of a paper and a law.
_HAS = {
    "code": "EXISTS (SELECT 1 FROM code c WHERE c.paper = {paper} AND (c.training IN ('released', 'partial') "
    "OR c.analysis IN ('released', 'partial')))",
    "data": "(EXISTS (SELECT 1 FROM code c WHERE c.paper = {paper} AND c.data IN ('released', 'partial')) "
    "OR EXISTS (SELECT 1 FROM dataset_paper d WHERE d.paper = {paper}))",
    "interval": "EXISTS (SELECT 1 FROM fit f JOIN fit_value v ON v.fit = f.id WHERE f.law = {law} "
    "AND (v.low IS NOT NULL OR v.standard_error IS NOT NULL))",
    "reproduction": "EXISTS (SELECT 1 FROM reproduction r WHERE r.law = {law})",
}


#: How many choices a message lists.
_FEW = 30


def _is_of_law(each: Filter) -> bool:
    return each.field in ("rung", "given", "want") or (each.field == "has" and "{law}" in _HAS[each.value])


class Conditions:
    """Makes conditions from what a user asks for, and keeps the values of their parameters."""

    def __init__(self, connection: Reader) -> None:
        self.connection = connection
        self.values = Values()
        #: What laws are asked to take and give, once `entry` has read it.
        self.signature: Signature | None = None

    def topic(self, name: str, paper: str) -> str:
        """That a paper is of a topic, or of one beneath it.

        Args:
            name: id or title of the topic.
            paper: the column that holds the paper's key.

        Raises:
            QueryError: for an unknown topic; the message names the nearest.
        """
        return (
            f"EXISTS (SELECT 1 FROM paper_topic t WHERE t.paper = {paper} "  # noqa: S608 - values are bound
            f"AND {self._within('t.topic', self._known('topic', name))})"
        )

    def question(self, name: str, paper: str) -> str:
        """That a paper bears on a research question; else as `topic`."""
        found = self.values.add(self._known("question", name))
        return f"EXISTS (SELECT 1 FROM paper_question q WHERE q.paper = {paper} AND q.question = {found})"  # noqa: S608

    def has(self, name: str, paper: str, law: str) -> str:
        """That a paper or law has something; see `query.HAS`."""
        return _HAS[name].format(paper=paper, law=law)

    def entry(self, filters: Sequence[Filter]) -> list[str]:
        """Conditions on an entry `e` of the table `entry`.

        What is said of laws (rung, interval, reproduction, given, want) holds for a law, and for a paper with one law
        for which all of it holds.

        Raises:
            QueryError: for a value that is unknown; the message names the nearest.
        """
        of_laws = [each for each in filters if _is_of_law(each) and not each.excluded]
        found = [self._of_law(of_laws)] if of_laws else []
        for each in filters:
            if each not in of_laws:
                condition = self._of_law([each]) if _is_of_law(each) else self._of_entry(each)
                found.append(f"NOT coalesce({condition}, FALSE)" if each.excluded else condition)
        return found

    def _of_law(self, filters: Sequence[Filter]) -> str:
        """That an entry is a law, or a paper with one, for which all of these hold."""
        conditions = []
        for each in filters:
            if each.field == "rung" and each.span is not None:
                low, high = each.span
                names = list(RUNGS)[max(low or 0, 0) : len(RUNGS) if high is None else high + 1]
                conditions.append(f"l.rung IN {self.values.add_all(names)}" if names else "FALSE")
            elif each.field == "has":
                conditions.append(self.has(each.value, "l.paper", "l.id"))
        given = [name for each in filters if each.field == "given" for name in each.value.split(",") if name.strip()]
        want = next((each.value for each in filters if each.field == "want"), None)
        signature = signature_of(self.connection, given, want) if given or want is not None else None
        excluded = any(each.excluded for each in filters)
        if signature is not None and not excluded:
            self.signature = signature

        def some(column: str, *, fewer: bool) -> str:
            signed = [signature.holds(self.values, fewer=fewer)] if signature is not None else []
            return f"EXISTS (SELECT 1 FROM law l WHERE {column} = e.id AND {' AND '.join([*conditions, *signed])})"  # noqa: S608

        law, paper = some("l.id", fewer=not excluded), some("l.paper", fewer=False)
        return f"CASE e.kind WHEN 'law' THEN {law} WHEN 'paper' THEN {paper} ELSE FALSE END"

    def _of_entry(self, each: Filter) -> str:
        value = each.value
        if each.field == "kind":
            return f"e.kind = {self.values.add(value)}"
        if each.field == "year" and each.span is not None:
            low, high = each.span
            bounds = [f"e.year >= {self.values.add(low)}"] if low is not None else []
            return " AND ".join([*bounds, *([f"e.year <= {self.values.add(high)}"] if high is not None else [])])
        if each.field == "has":
            return self.has(value, "e.paper", "e.id")
        if each.field == "topic":
            own = self._within("e.id", self._known("topic", value))
            return f"((e.kind = 'topic' AND {own}) OR {self.topic(value, 'e.paper')})"
        if each.field == "question":
            own = self.values.add(self._known("question", value))
            return f"((e.kind = 'question' AND e.id = {own}) OR {self.question(value, 'e.paper')})"
        if each.field == "modality":
            found = self.values.add(self._known("modality", value))
            return f"EXISTS (SELECT 1 FROM paper_modality m WHERE m.paper = e.paper AND m.modality = {found})"  # noqa: S608
        if each.field == "basis":
            return self._basis(self.values.add(value))
        return self._from(self._paper(value) if each.field == "paper" else self._author(value))

    def _within(self, column: str, topic: str) -> str:
        return f"({column} = {self.values.add(topic)} OR {column} LIKE {self.values.add(f'{topic}.%')})"

    @staticmethod
    def _basis(value: str) -> str:
        """That an entry's form, values or statement has a basis; a paper's laws count for it."""
        return (
            f"(EXISTS (SELECT 1 FROM claim c WHERE c.id = e.id AND c.basis = {value}) "  # noqa: S608
            f"OR EXISTS (SELECT 1 FROM law l WHERE (l.id = e.id OR l.paper = e.id) AND (l.basis = {value} "
            "OR EXISTS (SELECT 1 FROM fit f JOIN fit_value v ON v.fit = f.id "
            f"WHERE f.law = l.id AND v.basis = {value}))))"
        )

    def _from(self, papers: str) -> str:
        """That an entry is of some papers, or has values or rows from them."""
        return (
            f"(e.paper IN ({papers}) OR EXISTS (SELECT 1 FROM fit f WHERE f.law = e.id "  # noqa: S608
            f"AND f.source_paper IN ({papers})) OR EXISTS (SELECT 1 FROM dataset_paper d WHERE d.dataset = e.id "
            f"AND d.paper IN ({papers})))"
        )

    def _paper(self, name: str) -> str:
        named = self.connection.rows(
            "SELECT e.id FROM entry_name n JOIN entry e ON e.number = n.entry "
            "WHERE n.name = ? AND e.kind = 'paper' ORDER BY n.rank, e.id LIMIT 1",
            (fold(name),),
        )
        return f"{self.values.add(named[0][0] if named else self._known('paper', name))}"

    def _author(self, name: str) -> str:
        """Papers of the authors with this family name; else of those with these names anywhere."""
        wanted = set(fold(name).split())
        authors = self.connection.rows("SELECT id, name FROM author ORDER BY id")
        families = [fold(text.split(",")[0]) for _, text in authors]
        found = [row[0] for row, family in zip(authors, families, strict=True) if wanted <= set(family.split())]
        found = found or [number for number, text in authors if wanted <= set(fold(text).split())]
        if not found:
            raise QueryError(f"no author '{name}'; {nearest(fold(name), set(families)) or 'write a family name'}")
        return f"SELECT a.paper FROM paper_author a WHERE a.author IN {self.values.add_all(found)}"  # noqa: S608

    def _known(self, table: str, name: str) -> str:
        """The id that a user means, by id, title or a synonym of these.

        Raises:
            QueryError: if there is none; the message names the nearest.
        """
        key = "key" if table == "paper" else "id"
        rows = self.connection.rows(f"SELECT {key}, title FROM {table} ORDER BY 1")  # noqa: S608
        meant = {fold(text): str(row[0]) for row in rows for text in reversed(row)}
        folded = fold(name)
        for form in (folded, *self.synonyms([folded]).get(folded, ())):
            if form in meant:
                return meant[form]
        known = [str(row[0]) for row in rows]
        close = nearest(name, known)
        listed = f"there are {', '.join(known)}" if len(known) <= _FEW else ""
        raise QueryError("; ".join(part for part in (f"no {table} '{name}'", close, listed) if part))

    def synonyms(self, forms: Sequence[str]) -> dict[str, list[str]]:
        """Other ways to say each of some words, by those that have any."""
        if not forms:
            return {}
        values = Values()
        rows = self.connection.rows(
            "SELECT DISTINCT s.form, o.form FROM synonym s JOIN synonym o ON o.meaning = s.meaning "  # noqa: S608
            f"WHERE s.form IN {values.add_all(forms)} AND o.form <> s.form ORDER BY 1, 2",
            values,
        )
        found: dict[str, list[str]] = {}
        for form, other in rows:
            found.setdefault(form, []).append(other)
        return found
