"""Writes the site's pages: plain Markdown from Jinja2 templates, the catalog's documents and its named queries."""

from __future__ import annotations

import json
import os
import posixpath
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from scalinglaws.amounts import size
from scalinglaws.catalog import Catalog
from scalinglaws.comparison import Comparison, compare
from scalinglaws.database import access
from scalinglaws.database.documents import (
    accounting_document,
    dataset_document,
    fit_values,
    law_document,
    paper_document,
    reproduction_document,
    unit_text,
)
from scalinglaws.database.named_queries import read_queries
from scalinglaws.database.schema import read_schema
from scalinglaws.exports.export import Exported
from scalinglaws.exports.tables import FORMATS
from scalinglaws.formulas.latex import node_latex, symbol_latex
from scalinglaws.ladder import RUNGS
from scalinglaws.library import Law
from scalinglaws.pages import (
    budget,
    calculators,
    citation,
    console,
    explanations,
    figures,
    flops,
    llms,
    mathematics,
    reproductions,
)
from scalinglaws.pages.front_matter import front_matter
from scalinglaws.units import ASSUMPTIONS
from scalinglaws.vocabulary import (
    BASIS,
    CODE_STATES,
    CONFIDENCE,
    CONVENTIONS,
    DATA_FORMATS,
    DIRECTIONS,
    UNREAD_FORMATS,
    VERDICTS,
    VOCABULARIES,
)

_MARKDOWN = re.compile(r"([\\`*_\[\]#])")


def escape_markdown(text: str) -> Markup:
    """Text as it must stand in Markdown to be shown as it is, on one line."""
    plain = escape(re.sub(r"\s+", " ", text), quote=False)
    plain = _MARKDOWN.sub(r"\\\1", plain).replace("|", "&#124;").replace("$", "&#36;")
    return Markup(plain)  # noqa: S704 - escaped just above


def _finalize(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str) and not isinstance(value, Markup):
        return escape_markdown(value)
    return value


def number(value: float | None) -> str:
    """A number as a reader wants it: all its digits, thousands apart, powers of ten for the very large and small."""
    if value is None:
        return ""
    text = repr(float(value))
    mantissa, _, exponent = text.partition("e")
    if not exponent and abs(value) >= 1e6:
        mantissa, _, exponent = f"{value:.15e}".partition("e")
        mantissa = mantissa.rstrip("0").rstrip(".")
    if exponent:
        power = str(int(exponent)).replace("-", "\N{MINUS SIGN}")
        mantissa = mantissa.removesuffix(".0")
        head = "" if mantissa == "1" else f"{mantissa} \N{MULTIPLICATION SIGN} "
        return f"{head}10^{power}^".replace("-", "\N{MINUS SIGN}")
    return text.removesuffix(".0").replace("-", "\N{MINUS SIGN}")


def number_markup(value: float | None) -> Markup:
    """`number` with powers as superscripts."""
    html = re.sub(r"\^(.*?)\^", r"<sup>\1</sup>", number(value))
    return Markup(f'<span class="number">{html}</span>')  # noqa: S704 - digits, signs and our own tags


def plain_number(value: float) -> Markup:
    """A number as one types it: `7e10`, `0.35`."""
    text = f"{value:.15e}" if abs(value) >= 1e6 or 0 < abs(value) < 1e-4 else repr(float(value))
    mantissa, _, exponent = text.partition("e")
    mantissa = (mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa) or "0"
    return Markup(f"{mantissa}e{int(exponent)}" if exponent else mantissa)  # noqa: S704 - digits only


def digits(value: float | None, count: int = 6) -> Markup:
    """A number to so many digits, as `number_markup` shows it; nothing where there is none."""
    return Markup("") if value is None else number_markup(float(f"{value:.{count}g}"))


def nested(value: Any, depth: int = 0) -> Markup:
    """Results of a procedure as a nested list in Markdown, numbers to five digits."""
    if isinstance(value, Mapping):
        lines = []
        for name, each in value.items():
            label = f"{'    ' * depth}- {escape_markdown(str(name).replace('_', ' '))}"
            inside = nested(each, depth + 1)
            lines.append(f"{label}\n{inside}" if isinstance(each, Mapping) else f"{label}: {inside}")
        return Markup("\n".join(lines))  # noqa: S704 - escaped part by part
    if isinstance(value, list):
        return Markup(", ").join(nested(each, depth) for each in value)
    if isinstance(value, float):
        return digits(value, 5)
    return escape_markdown("not stated" if value is None else str(value))


def given_first(name: str) -> str:
    """`Hoffmann, Jordan` as `Jordan Hoffmann`."""
    family, comma, given = name.partition(", ")
    return f"{given} {family}" if comma else name


class Site:
    """One build of the pages: everything that templates may ask for."""

    def __init__(self, catalog: Catalog, database_path: Path, exported: Exported, source: Path, docs: Path) -> None:
        self.catalog = catalog
        self.exported = exported
        self.source = source
        self.docs = docs
        self.connection = access.open_database(database_path)
        self.info: dict[str, str] = dict(self.connection.execute("SELECT key, value FROM info"))
        self.database_path = database_path
        self.laws = {law.id: law_document(catalog, law) for law in catalog.laws()}
        self.papers = {key: paper_document(catalog, paper) for key, paper in catalog.papers.items()}
        self.datasets = {name: dataset_document(catalog, each) for name, each in catalog.datasets.items()}
        self.queries = read_queries(catalog.queries)
        self.accounting = accounting_document(catalog)
        self.calculators, self.without_calculator = calculators.all_calculators(self.laws, self.papers)
        self.charts: dict[str, dict[str, Any]] = {}
        self.budget: dict[str, Any] = {}
        self.reproductions = {
            name: reproduction_document(catalog, record) for name, record in catalog.reproductions.items()
        }
        self.pictures: dict[tuple[str, str, str], dict[str, Any]] = {}
        self.environment = Environment(
            loader=FileSystemLoader([source / "templates", source / "pages"]),
            undefined=StrictUndefined,
            autoescape=True,
            finalize=_finalize,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self.environment.filters |= {
            **flops.FILTERS,
            "tex": lambda text: Markup(f"${text}$"),  # noqa: S704 - our own LaTeX
            "display": lambda text: Markup(f"$$\n{text}\n$$"),  # noqa: S704
            "number": number_markup,
            "plain_number": plain_number,
            "digits": digits,
            "given_first": given_first,
            "fit_name": lambda place: place.partition(":")[0],
            "sentence": lambda text: text[:1].upper() + text[1:],
            "unit": unit_text,
            "symbol": symbol_latex,
            "html": console.html_text,
            "raw": Markup,  # for code, where nothing is markup
            "json": lambda value: Markup(json.dumps(value, ensure_ascii=False)),  # noqa: S704
        }
        self.environment.globals |= {
            "catalog": catalog,
            "papers": self.papers,
            "laws": self.laws,
            "datasets": self.datasets,
            "data_formats": DATA_FORMATS,
            "unread_formats": UNREAD_FORMATS,
            "taxonomy": catalog.taxonomy,
            "questions": catalog.questions.questions,
            "references": catalog.references,
            "bases": BASIS,
            "confidences": CONFIDENCE,
            "conventions": CONVENTIONS,
            "code_states": CODE_STATES,
            "directions": DIRECTIONS,
            "rungs": RUNGS,
            "code_lists": {**VOCABULARIES, "rung": RUNGS},
            "citation": self.citation,
            "number_id": citation.number_id,
            "short_hash": citation.short_hash,
            "linked_data": self.linked_data,
            "info": self.info,
            "exported": self.exported,
            "table_formats": FORMATS,
            "size": size,
            "rows": self.rows,
            "queries": self.queries,
            "schema": read_schema(self.connection),
            "codes": console.codes(self.connection),
            "children": self.children,
            "papers_of": self.papers_of,
            "laws_of": self.laws_of,
            "derived": self.derived,
            "formula_source": self.formula_source,
            "budget": self.budget,
            "charts": self.charts,
            "pictures": self.pictures,
            "reproductions": self.reproductions,
            "verdicts": VERDICTS,
            "fit_values": self.fit_values,
            "nested": nested,
            "further": reproductions.further,
            "comparison": self.comparison,
            "assumptions": ASSUMPTIONS,
            "accounting": self.accounting,
            "calculators": self.calculators,
            "without_calculator": self.without_calculator,
            "unstated": [
                name
                for name, each in self.laws.items()
                if each["coefficients"] and all(fit["not_stated"] for fit in each["fits"])
            ],
            "expression_latex": expression_latex,
        }

    def rows(self, name: str) -> access.Rows:
        """The rows of a named query."""
        return access.run_query(self.connection, self.queries[name].statement)

    def children(self, parent: str | None) -> list[str]:
        """Topics directly beneath one, or the first level."""
        return [name for name, topic in self.catalog.taxonomy.topics.items() if topic.parent == parent]

    def papers_of(self, topic: str) -> list[str]:
        """Keys of the papers that carry a topic or one beneath it, as main or further."""

        def within(name: str) -> bool:
            return name == topic or name.startswith(f"{topic}.")

        papers = self.catalog.papers.items()
        return [key for key, record in papers if any(within(each.topic) for each in record.topics)]

    def laws_of(self, keys: Sequence[str]) -> list[str]:
        """Ids of the laws of some papers, in the papers' order."""
        return [law for key in keys for law in self.papers[key]["laws"]]

    def derived(self, law_id: str) -> list[str]:
        """Laws that follow a law."""
        return [name for name, each in self.laws.items() if each["follows"] == law_id]

    def formula_source(self, law_id: str, language: str) -> str:
        """The law in a language, or nothing where the language cannot say it or its index sets are open."""
        try:
            return Law(self.laws[law_id]).source(language)
        except ValueError:
            return ""

    @cached_property
    def figures(self) -> dict[str, figures.Figure]:
        """Every figure, drawn once however many pages show it."""
        return figures.all_figures(self.rows)

    def fit_values(self, fit: str) -> dict[str, float]:
        """The coefficients of a fit, by its id."""
        law, _, slug = fit.rpartition("/")
        return fit_values(self.laws[law], slug)

    def comparison(
        self, laws: list[str], inputs: dict[str, Any], conventions: dict[str, str] | None = None
    ) -> Comparison:
        """The same inputs through several laws and fits, as the database of this build has them."""
        return compare(laws, conventions=conventions, path=self.database_path, **inputs)

    def explored(self) -> str:
        """What the page Explore searches, as JSON: the tables of the queries named for it."""
        answers = {name: self.rows(f"explore-{name}") for name in ("papers", "laws", "values")}
        tables = {name: {"columns": each.columns, "rows": each.rows} for name, each in answers.items()}
        return json.dumps(tables, ensure_ascii=False, separators=(",", ":"))

    def citation(self, fit: Mapping[str, Any], kind: str) -> str:
        """How to cite the values of a fit, or with `kind` report a message about an error in them."""
        edition = self.info["edition"]
        text = citation.report if kind == "report" else citation.citation
        return text(fit, self.catalog.label(fit["source"]["paper"]), edition)

    def linked_data(self, kind: str, description: str = "") -> Markup:
        """A schema.org description, of the `site` or of the `dataset` with its files, as a script element."""
        info, files = self.info, self.exported.files
        text = citation.website(info, description) if kind == "site" else citation.dataset(info, files)
        return Markup(f'<script type="application/ld+json">\n{text}\n</script>')  # noqa: S704 - escaped there

    def addresses(self, titles: Mapping[str, str]) -> str:
        """Every address with its title, and the old ids of laws, as JSON for the page of missing addresses."""
        found = [
            {"at": f"{address.removesuffix('.md').removesuffix('index').rstrip('/')}/".lstrip("/"), "title": title}
            for address, title in titles.items()
        ]
        known = {each["at"]: each["title"] for each in found}
        for alias, target in self.catalog.aliases().items():
            to = f"laws/{target}/"
            found.append({"at": f"laws/{alias}/", "title": known[to], "to": to})
        return json.dumps(found, ensure_ascii=False, separators=(",", ":"))

    def write(self) -> list[Path]:
        """Write every page and asset; returns the pages."""
        self.copy_assets()
        counts = flops.counts_module(self.accounting)
        (self.docs / "assets" / "flops-counts.mjs").write_text(counts, encoding="utf-8")
        descriptions = calculators.write_calculators(self.calculators, self.docs / "assets" / "laws")
        calculators.write_index(self.calculators, self.docs / "assets")
        (self.docs / "assets" / "explore.json").write_text(self.explored(), encoding="utf-8")
        (self.docs / "assets" / "queries.json").write_text(console.queries_json(self.queries), encoding="utf-8")
        refits = reproductions.picture_items(self.reproductions, self.docs / "assets" / "laws")
        one_budget = self.docs / "assets" / "budget.json"
        one_budget.write_text(json.dumps(budget.description(self.laws), ensure_ascii=False), encoding="utf-8")
        items = [{"budget": str(one_budget)}, *descriptions, *refits.values()]
        drawn = calculators.draw(items, self.source / "render_charts.mjs", self.source / "assets")
        self.budget |= drawn[0]
        end = 1 + len(descriptions)
        self.charts.update(zip(self.calculators, drawn[1:end], strict=True))
        self.pictures.update(zip(refits, drawn[end:], strict=True))
        no_prose = [each.title for each in self.catalog.references.values()]
        no_prose += [each.title for each in self.catalog.survey.tables.values()]
        terms = explanations.explained_terms(self.catalog.glossary, no_prose)
        (self.docs / "assets" / "terms.json").write_text(json.dumps(terms, ensure_ascii=False), encoding="utf-8")
        pages, titles = [], {}
        for template, address, values in self.pages():
            path = self.docs / address
            path.parent.mkdir(parents=True, exist_ok=True)
            text = self.render(template, address, values)
            path.write_text(text, encoding="utf-8")
            pages.append(path)
            titles[address] = front_matter(text).get("title", "")
        (self.docs / "assets" / "addresses.json").write_text(self.addresses(titles), encoding="utf-8")
        (self.docs / "llms.txt").write_text(llms.index(self.docs, pages, self.info), encoding="utf-8")
        (self.docs / "llms-full.txt").write_text(llms.full(self.info, self.papers, self.laws), encoding="utf-8")
        return pages

    def render(self, template: str, address: str, values: Mapping[str, Any]) -> str:
        """One page as Markdown; `link` in its template gives addresses relative to it."""

        def link(target: str) -> Markup:
            return Markup(posixpath.relpath(target, posixpath.dirname(address) or "."))  # noqa: S704

        def law_link(law_id: str) -> Markup:
            return link(f"laws/{law_id}.md")

        def paper_link(key: str) -> Markup:
            return link(f"papers/{key}.md")

        def asset(path: str) -> Markup:
            # In HTML of our own MkDocs rewrites nothing: what counts is where the built page lies.
            built = address.removesuffix(".md").removesuffix("index")
            return Markup(posixpath.relpath(f"assets/{path}", built.rstrip("/") or "."))  # noqa: S704

        def figure(name: str) -> Markup:
            drawn = self.figures[name]
            return figures.figure_markup(drawn, self.queries[drawn.query], number_markup, f"{asset('../sql')}/")

        of_the_page: dict[str, Any] = {
            "link": link,
            "asset": asset,
            "law_link": law_link,
            "paper_link": paper_link,
            "address": address,
            "figure": figure,
            "figures": self.figures,
        }
        text = self.environment.get_template(template).render(**of_the_page, **values)
        text = re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
        # A link reference shows nothing; where it stands, terms are explained in place.
        glossary = "" if address == "glossary.md" else f"\n[{explanations.REFERENCE}]: {link('glossary.md')}\n"
        return text + glossary

    def pages(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Template, address and values of every page."""
        for page in sorted((self.source / "pages").glob("**/*.md")):
            name = page.relative_to(self.source / "pages").as_posix()
            yield name, name, {}
        for key, paper in self.papers.items():
            yield "paper.md.jinja", f"papers/{key}.md", {"paper": paper, "record": self.catalog.papers[key]}
        for law_id, law in self.laws.items():
            yield "law.md.jinja", f"laws/{law_id}.md", {"law": law, "paper": self.papers[law["paper"]]}
        for name, dataset in self.datasets.items():
            yield "dataset.md.jinja", f"datasets/{name}.md", {"dataset": dataset}
        for number, table in self.catalog.survey.tables.items():
            yield "survey_table.md.jinja", f"survey/table-{number}.md", {"number": number, "table": table}
        for name, topic in self.catalog.taxonomy.topics.items():
            yield "topic.md.jinja", f"topics/{name}.md", {"name": name, "topic": topic}
        for name, reproduction in self.reproductions.items():
            yield "reproduction.md.jinja", f"reproducibility/{name}.md", {"reproduction": reproduction}
        for name, question in self.catalog.questions.questions.items():
            yield "question.md.jinja", f"questions/{name.lower()}.md", {"name": name, "question": question}

    def copy_assets(self) -> None:
        """Stylesheets, scripts, fonts and the files to download."""
        shutil.copytree(self.source / "assets", self.docs / "assets", dirs_exist_ok=True)
        katex = self.source / "node_modules" / "katex" / "dist"
        target = self.docs / "assets" / "katex"
        (target / "fonts").mkdir(parents=True, exist_ok=True)
        for font in sorted((katex / "fonts").glob("*.woff2")):
            shutil.copyfile(font, target / "fonts" / font.name)
        # Only woff2 is shipped: every browser that the site supports reads it.
        css = (katex / "katex.min.css").read_text(encoding="utf-8")
        css = re.sub(r",url\([^)]*\.(?:woff|ttf)\) format\(\"(?:woff|truetype)\"\)", "", css)
        (target / "katex.min.css").write_text(css, encoding="utf-8")
        console.write_sqlite(self.source, self.docs / "assets" / "sqlite")
        shutil.copytree(self.exported.folder, self.docs / "downloads", copy_function=_link_or_copy)


def _link_or_copy(source: str, target: str) -> None:
    """One more name for a file that nobody changes; a copy where the file system has no such names."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def expression_latex(text: str) -> str:
    """An expression of the formula language as LaTeX."""
    from scalinglaws.formulas.expression import parse  # noqa: PLC0415

    return node_latex(parse(text))


def write_site_sources(
    catalog: Catalog, database_path: Path, exported: Exported, source: Path, docs: Path, cache: Path
) -> int:
    """Write pages and assets for MkDocs, with every formula rendered.

    Args:
        catalog: the checked catalog.
        database_path: the database built from it.
        exported: the files to download, exported from that.
        source: the folder with templates, hand-written pages, assets and front-end packages.
        docs: where the pages go; what was there is replaced once all is written.
        cache: file of rendered formulas.

    Returns:
        the number of pages.

    Raises:
        MathematicsError: for a formula that KaTeX refuses.
    """
    fresh = docs.with_name(f".{docs.name}.unfinished")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        pages = Site(catalog, database_path, exported, source, fresh).write()
        formulas = {each for page in pages for each in mathematics.formulas_in(page.read_text(encoding="utf-8"))}
        mathematics.render(formulas, source / "render_math.mjs", cache)
        shutil.rmtree(docs, ignore_errors=True)
        fresh.replace(docs)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return len(pages)
