"""The site for language models: `llms.txt`, every page in a line (https://llmstxt.org), and `llms-full.txt`, every law.

Addresses are relative to the file, so that they hold wherever the site lies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scalinglaws.amounts import size
from scalinglaws.database.documents import unit_text
from scalinglaws.pages.citation import short_hash
from scalinglaws.pages.front_matter import front_matter
from scalinglaws.vocabulary import BASIS, CONFIDENCE

#: Headings by the folder that the pages lie in; the empty one is the root. What a reader in haste may skip comes last.
_SECTIONS = {
    "": "Start here",
    "questions": "Research questions",
    "papers": "Papers",
    "laws": "Laws",
    "datasets": "Public data behind the laws",
    "reproducibility": "Reproductions",
}
#: The name that the convention gives to it.
_SKIPPED = "Optional"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def preface(info: Mapping[str, str]) -> str:
    """What to know before using any number: what is in, and how to pass numbers on.

    Args:
        info: the `info` table.
    """
    bases = "; ".join(f"{name}: {meaning}" for name, meaning in BASIS.items())
    confidences = "; ".join(f"{name}: {meaning}" for name, meaning in CONFIDENCE.items())
    return f"""# {info["title"]}

> Neural scaling laws as formulas that can be run, with a source, a basis and a confidence for every number. It \
follows one survey, {info["survey"]}: {info["papers"]} papers and {info["laws"]} laws, edition {info["edition"]}, \
licence {info["licence"]}. What is not in it is not thereby untrue.

- Basis says what was seen. {bases}
- Confidence. {confidences}
- Give no recalled number as verified; say so where a law is used outside its fitted range, or a fit is disputed; \
where a law has several fits, say which one was used.
- Cite a number by the id of its fit, such as hoffmann2022/parametric/besiroglu2024, with the paper it comes from.
- Assistants can ask directly: `scalinglaws mcp` serves the same by the Model Context Protocol.
"""


def index(docs: Path, pages: list[Path], info: Mapping[str, str]) -> str:
    """The text of `llms.txt`.

    Args:
        docs: the folder of the generated site, with the files to download in place.
        pages: the pages in it, in Markdown.
        info: the `info` table.
    """
    sections: dict[str, list[str]] = {heading: [] for heading in [*_SECTIONS.values(), "Files", _SKIPPED]}
    for path in pages:
        place = path.relative_to(docs)
        address = place.with_suffix("").as_posix().removesuffix("index").rstrip("/")
        said = front_matter(path.read_text(encoding="utf-8"))
        title = said["title"].replace("[", "(").replace("]", ")")
        line = f"- [{title}]({f'{address}/' if address else './'}): {_one_line(said['description'])}"
        folder = place.parts[0] if len(place.parts) > 1 and place.stem != "index" else ""
        sections[_SECTIONS.get(folder, _SKIPPED)].append(line)
    sections["Files"] = [
        "- [llms-full.txt](llms-full.txt): every law with its formula, symbols, fits and sources, as plain text",
        *(
            f"- [{path.name}](downloads/{path.name}): {size(path.stat().st_size)}"
            for path in sorted((docs / "downloads").iterdir())
            if path.is_file() and path.suffix != ".md"
        ),
    ]
    parts = ["\n".join([f"## {heading}", "", *lines, ""]) for heading, lines in sections.items() if lines]
    return "\n".join([preface(info), *parts])


def full(info: Mapping[str, str], papers: Mapping[str, Any], laws: Mapping[str, Any]) -> str:
    """The text of `llms-full.txt`.

    Args:
        info: the `info` table.
        papers: the papers' documents by key.
        laws: the laws' documents by id.
    """
    lines = [preface(info)]
    for key, paper in papers.items():
        lines += [f"## {paper['label']}: {paper['title']} ({key})", "", _one_line(paper["insight"]), ""]
        for law in paper["laws"]:
            lines += [*_law(laws[law]), ""]
    return "\n".join(lines)


def _law(law: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {law['id']}: {law['name']}"
    yield _one_line(law["summary"])
    if law["expression"]:
        yield f"formula: {'' if law['implicit'] else law['output']['symbol'] + ' = '}{law['expression']}"
    yield from (f"where {name} = {part}" for name, part in law["where"].items())
    yield from (f"step {number}: {_one_line(step)}" for number, step in enumerate(law["steps"], start=1))
    yield f"gives {law['output']['symbol']}: {law['output']['meaning']} [{unit_text(law['output']['unit'])}]"
    for each in law["variables"]:
        fitted = ", fitted from {:g} to {:g}".format(*each["fitted_range"]) if each["fitted_range"] else ""
        yield f"variable {each['symbol']}: {each['meaning']} [{unit_text(each['unit'])}]{fitted}"
    yield from (f"coefficient {each['symbol']}: {each['meaning']}" for each in law["coefficients"])
    yield from (f"constant {each['symbol']} = {each['value']!r}: {each['meaning']}" for each in law["constants"])
    yield f"source: {_source(law['source'])}; backed as far as: {law['rung']}"
    if law["follows"]:
        yield f"fits: those of {law['follows']}"
        return
    for fit in law["fits"]:
        yield from _fit(fit)


def _fit(fit: Mapping[str, Any]) -> Iterator[str]:
    values = [f"{name} = {value!r}{_spread(fit, name)}" for name, value in fit["values"].items()]
    values += [f"{name} not stated" for name in fit["not_stated"]]
    marked = f" (values sha256:{short_hash(fit)})" if fit["values"] else ""
    yield f"fit {fit['id']}{marked}, {_one_line(fit['setting'])}: {', '.join(values)}; source: {_source(fit['source'])}"
    apart: dict[str, list[str]] = {}
    for name, source in fit["sources"].items():
        if name not in fit["taken"]:
            apart.setdefault(_source(source), []).append(name)
    yield from (f"  {', '.join(names)} from {source}" for source, names in apart.items())
    yield from (f"  disputed by {each['paper']}: {_one_line(each['reason'])}" for each in fit["disputed_by"])
    if fit["superseded_by"]:
        yield f"  replaced by {fit['superseded_by']}"


def _spread(fit: Mapping[str, Any], name: str) -> str:
    interval, error = fit["intervals"].get(name), fit["standard_errors"].get(name)
    if interval:
        level = f" at {interval['level']:.0%}" if interval["level"] else ""
        return f" ({interval['low']:g} to {interval['high']:g}{level})"
    return f" (standard error {error:g})" if error else ""


def _source(source: Mapping[str, Any]) -> str:
    via = f", via {source['via']}" if source["via"] else ""
    return f"{source['paper']}, {source['where']}{via} [{source['basis']}, confidence {source['confidence']}]"
