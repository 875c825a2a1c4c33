"""Terms explained in place: a Markdown extension that links the first occurrence of each to the glossary.

A page asks for it by a link reference of the name `glossary` (`[glossary]: ../glossary.md`), which says where the
glossary is and shows nothing; so the extension needs to know neither the page nor the builder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from scalinglaws.records.models import Glossary

#: After inline patterns (20), so that links and code are elements; before the builder resolves links (0).
_PRIORITY = 15
#: The name of the link reference.
REFERENCE = "glossary"
#: What is no prose.
_SKIPPED = frozenset("h1 h2 h3 h4 h5 h6 a code pre th button label summary script style svg math abbr".split())  # noqa: SIM905 - a list of words reads better
#: Classes of what is no prose either: badges, ids and places.
_SKIPPED_CLASSES = frozenset({"trail", "badge", "number", "term-entry", "admonition-title"})


def explained_terms(glossary: Glossary, titles: Iterable[str] = ()) -> dict[str, Any]:
    """What the extension needs: each spelling with its term's id, each explained term's definition, and titles.

    Args:
        glossary: the terms.
        titles: of works and tables, in which nothing is explained: a title is no prose.
    """
    terms = {name: each for name, each in glossary.terms.items() if each.explained}
    return {
        "spellings": {text: name for name, each in terms.items() for text in (each.term, *each.also)},
        "definitions": {name: f"{each.term}: {each.definition}" for name, each in terms.items()},
        "titles": sorted(titles),
    }


def pattern(spellings: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds any spelling as a whole word, the longest first, however its words are set apart."""
    by_start: dict[str, list[str]] = {}
    for text in sorted(spellings, key=lambda text: (-len(text), text)):
        start, rest = re.escape(text[0].lower()), re.sub(r"\\ |\\-", r"[\\s-]", re.escape(text[1:]))
        # A short form in capitals is found as it stands only: "SAE", but not "sae".
        by_start.setdefault(start, []).append(f"(?-i:(?<={text[0]}){rest})" if text.isupper() else rest)
    # Grouped by first letter, so that most words are passed over at once.
    groups = "|".join(f"{start}(?:{'|'.join(rests)})" for start, rests in sorted(by_start.items()))
    return re.compile(rf"(?<![\w@/.-])(?:{groups})(?![\w@/-])", re.I)


def _plain(text: str) -> str:
    return re.sub(r"[\s-]+", " ", text).casefold()


class _Explainer(Treeprocessor):
    def __init__(self, md: Markdown, extension: ExplainedTerms) -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, root: Element) -> None:
        assert self.md is not None
        address = self.md.references.get(REFERENCE)
        if address is None:
            return
        self.address = address[0]
        self.seen: set[str] = set()
        self.visit(root)

    def visit(self, element: Element) -> None:
        if element.tag in _SKIPPED or not _SKIPPED_CLASSES.isdisjoint(element.get("class", "").split()):
            return
        children = list(element)
        added = 0
        if element.text:
            before, links = self.split(element.text)
            if links:
                element.text = before
                for place, link in enumerate(links):
                    element.insert(place, link)
                added = len(links)
        for place, child in enumerate(children):
            # The first cell of a row names what the row is about, and is no prose.
            if element.tag != "tr" or place > 0:
                self.visit(child)
            if child.tail:
                before, links = self.split(child.tail)
                if links:
                    child.tail = before
                    for number, link in enumerate(links, start=1):
                        element.insert(place + added + number, link)
                    added += len(links)

    def split(self, text: str) -> tuple[str, list[Element]]:
        """The text before the first term that is new, and a link for each new one with the text after it."""
        before, end = text, 0
        links: list[Element] = []
        for match in self.extension.found(text):
            name = self.extension.spellings.get(_plain(match[0]))
            # A title is found as a whole, and what it holds with it.
            if name is None or name in self.seen:
                continue
            self.seen.add(name)
            if links:
                links[-1].tail = text[end : match.start()]
            else:
                before = text[: match.start()]
            title = self.extension.definitions[name]
            link = Element("a", {"class": "term", "href": f"{self.address}#{name}", "title": title})
            link.text = match[0]
            links.append(link)
            end = match.end()
        if links:
            links[-1].tail = text[end:]
        return before, links


class ExplainedTerms(Extension):
    """Links the first occurrence of each term in a page's prose to its entry, with the definition as title.

    A link and no tooltip of our own: it is reached by the keyboard, by touch and by screen readers alike.

    Config:
        terms: the JSON file with what `explained_terms` gives.
    """

    def __init__(self, **options: Any) -> None:
        self.config = {"terms": ["build/docs/assets/terms.json", "JSON file of terms and definitions"]}
        super().__init__(**options)
        self.spellings: dict[str, str] = {}
        self.definitions: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's own name
        """Register the tree processor."""
        md.treeprocessors.register(_Explainer(md, self), "explained_terms", _PRIORITY)

    def found(self, text: str) -> Iterable[re.Match[str]]:
        """Every occurrence of a term in a text, and every title."""
        if self._pattern is None:
            terms = json.loads(Path(self.getConfig("terms")).read_text(encoding="utf-8"))
            self.spellings = {_plain(spelling): name for spelling, name in terms["spellings"].items()}
            self.definitions = terms["definitions"]
            self._pattern = pattern([*terms["spellings"], *terms["titles"]])
        return self._pattern.finditer(text)


def makeExtension(**options: Any) -> ExplainedTerms:  # noqa: N802 - Python-Markdown's own name
    """The extension, as Python-Markdown asks for it."""
    return ExplainedTerms(**options)
