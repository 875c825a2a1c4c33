"""What a search finds, as rows: the entries, the names that mean one of them, and words that mean the same."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scalinglaws.catalog import Catalog
from scalinglaws.database import tables
from scalinglaws.database.spelling import fold
from scalinglaws.database.tables import Table
from scalinglaws.records.resolution import ResolvedLaw

Row = dict[str, Any]

#: How much a match counts by the kind of what it finds; the short text of a claim would come before its law otherwise.
_WEIGHTS: Mapping[str, float] = {"paper": 1.2, "law": 1.0, "topic": 0.9, "question": 0.8, "dataset": 0.8}
_OTHER_WEIGHT = 0.6
#: Ranks of names, best first.
ID, ALIAS, TITLE, FIT, TERM, SYMBOL = 1, 2, 3, 4, 5, 6


def entry_rows(catalog: Catalog) -> Iterator[tuple[type[Table], Row]]:
    """Every entry with its names, and every synonym."""
    links = _links(catalog)
    described = [*_papers(catalog), *_laws(catalog), *_others(catalog)]
    for number, (row, names) in enumerate(described, start=1):
        paper = row["paper"]
        weight = _WEIGHTS.get(row["kind"], _OTHER_WEIGHT) * (1 + math.log2(1 + links[row["id"]]) / 10)
        year = catalog.references[paper].year if paper else None
        yield tables.Entry, {"number": number, **row, "year": year, "weight": round(weight, 6)}
        ranks: dict[str, int] = {}
        for rank, name in sorted((rank, fold(name)) for rank, name in names):
            ranks.setdefault(name, rank)
        for name, rank in ranks.items():
            if name:
                yield tables.EntryName, {"name": name, "entry": number, "rank": rank}
    yield from _synonyms(catalog)


def entry(
    kind: str,
    name: str,
    names: Iterable[str],
    title: str | None,
    words: Iterable[str],
    text: Iterable[str],
    **others: Any,
) -> Row:
    """One entry's row, less what depends on the rest of the catalog.

    Args:
        kind: what it is.
        name: its id.
        names: ids, aliases and other names.
        title: its title; a claim has none.
        words: authors and other words that it goes by.
        text: what is said of it, in parts.
        others: `paper` and `symbols`, where it has them.
    """
    # Ids are split as well, so that the words of a slug are found.
    names = list(names)
    parts = [part for each in names for part in re.split(r"[/._-]+", each) if part]
    return {
        "kind": kind,
        "id": name,
        "paper": None,
        "symbols": None,
        **others,
        "names": " ".join(dict.fromkeys([*names, *parts])) or None,
        "title": title,
        "words": " ".join(dict.fromkeys(words)) or None,
        "text": " ".join(part for part in text if part),
    }


Described = Iterator[tuple[Row, list[tuple[int, str]]]]


def _papers(catalog: Catalog) -> Described:
    for key, paper in catalog.papers.items():
        reference = catalog.references[key]
        other = [name for name in (reference.eprint, reference.doi) if name]
        names = [key, *paper.aliases, catalog.label(key), *other]
        topics = [catalog.taxonomy.topics[each.topic].title for each in paper.topics]
        words = [*reference.authors, *paper.datasets, *paper.architectures, *(each.topic for each in paper.topics)]
        terms = _terms(catalog, "papers", key)
        text = [paper.insight, paper.applicability, *(each.text for each in paper.caveats)]
        ranked = [(ID, key), *((ALIAS, name) for name in [*paper.aliases, *other])]
        ranked += [(TITLE, reference.title), (TITLE, catalog.label(key)), *((TERM, name) for name in terms)]
        yield entry("paper", key, names, reference.title, [*words, *topics, *terms], text, paper=key), ranked
        for claim in paper.claims:
            row = entry(
                "claim", f"{key}/{claim.id}", [], None, [key], [claim.statement, claim.evidence or ""], paper=key
            )
            yield row, [(ID, row["id"])]


def _laws(catalog: Catalog) -> Described:
    full = catalog.aliases()
    for law in catalog.laws():
        record, paper = law.record, catalog.papers[law.paper]
        groups: list[Mapping[str, Any]] = [record.variables, law.coefficients]
        symbols = [record.output.symbol, *record.variables, *law.coefficients]
        symbols += [symbol for fit in law.fits for symbol in fit.record.values]
        fits, terms = _fit_names(law), _terms(catalog, "laws", law.id)
        words = [*paper.aliases, *catalog.references[law.paper].authors, *fits, *terms]
        meanings = [each.meaning for group in groups for each in group.values()]
        text = [record.summary, record.output.meaning, *meanings, *record.notes]
        aliases = [name for name, target in full.items() if target == law.id]
        ranked = [(ID, law.id), *((ALIAS, name) for name in aliases), (TITLE, record.name)]
        for rank, others in ((FIT, fits), (TERM, terms), (SYMBOL, symbols)):
            ranked += [(rank, name) for name in others]
        row = entry("law", law.id, [law.id, *aliases], record.name, words, text, paper=law.paper)
        yield {**row, "symbols": " ".join(dict.fromkeys(symbols))}, ranked


def _fit_names(law: ResolvedLaw) -> list[str]:
    """Ids of a law's own fits, and the other papers that they come from."""
    own = [fit for fit in law.fits if fit.law == law.id]
    papers = [fit.record.source.paper for fit in own if fit.record.source.paper not in (None, law.paper)]
    return [*(fit.id for fit in own), *(paper for paper in dict.fromkeys(papers) if paper)]


def _others(catalog: Catalog) -> Described:
    for name, dataset in catalog.datasets.items():
        words = [*dataset.papers, *(each.repository for each in dataset.files)]
        text = [dataset.summary, *(each.meaning for each in dataset.columns)]
        row = entry("dataset", name, [name], dataset.title, words, text, paper=dataset.papers[0])
        # Where a paper is known by the same word, that is meant.
        yield row, [(ALIAS, name), (TITLE, dataset.title)]
    for name, question in catalog.questions.questions.items():
        row = entry("question", name, [name], question.title, [], [question.asks, question.guideline or ""])
        yield row, [(ID, name), (TITLE, question.title)]
    for name, topic in catalog.taxonomy.topics.items():
        terms = _terms(catalog, "topics", name)
        text = [topic.description, *(each.text for each in topic.synthesis)]
        ranked = [(ID, name), (TITLE, topic.title), *((TERM, term) for term in terms)]
        yield entry("topic", name, [name], topic.title, terms, text), ranked
    for kind, entries in (("criticism", catalog.discussion.criticisms), ("direction", catalog.discussion.directions)):
        for name, each in entries.items():
            row = entry(kind, name, [name], each.title, each.papers, [each.statement, each.comment or ""])
            yield row, [(ID, name), (TITLE, each.title)]


def _terms(catalog: Catalog, kind: str, name: str) -> list[str]:
    """Every spelling of the glossary's terms that point to a paper, law or topic."""
    return [
        spelling
        for term in catalog.glossary.terms.values()
        if name in getattr(term, kind)
        for spelling in (term.term, *term.also)
    ]


def _links(catalog: Catalog) -> Counter[str]:
    """How often other records point to each paper and law."""
    questions, topics = catalog.questions.questions.values(), catalog.taxonomy.topics.values()
    discussed = [*catalog.discussion.criticisms.values(), *catalog.discussion.directions.values()]
    statements = [each for topic in topics for each in topic.synthesis]
    statements += [each for question in questions for each in (*question.known, *question.conflicts)]
    pointing: list[Any] = [*catalog.glossary.terms.values(), *catalog.datasets.values(), *discussed, *statements]
    papers = [name for each in pointing for name in each.papers]
    laws = [catalog.law_id("", name) for each in pointing for name in each.laws]
    laws += [catalog.law_id("", name) for question in questions for name in question.evidence]
    for key, paper in catalog.papers.items():
        laws += [catalog.law_id(key, name) for claim in paper.claims for name in claim.laws]
    laws += [fit.law for law in catalog.laws() for fit in law.fits if fit.law == law.id]
    return Counter(name for name in (*papers, *laws) if name)


def _synonyms(catalog: Catalog) -> Iterator[tuple[type[Table], Row]]:
    groups = {name: [term.term, *term.also] for name, term in catalog.glossary.terms.items()}
    groups |= {f"synonyms of {forms[0]}": forms for forms in catalog.glossary.synonyms}
    for meaning, forms in groups.items():
        folded = dict.fromkeys(map(fold, forms))
        for form in folded if len(folded) > 1 else ():
            yield tables.Synonym, {"form": form, "meaning": meaning}
